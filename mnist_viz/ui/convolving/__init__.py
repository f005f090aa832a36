"""The convolution page's views: one window, the whole way through the network, and one training step back."""
