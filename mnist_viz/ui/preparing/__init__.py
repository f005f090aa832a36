"""The prepare page's views: the steps, the splits, the labels, a batch, with or without a step, other features."""
