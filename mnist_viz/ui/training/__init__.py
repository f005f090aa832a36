"""What the train page is made of: the form and the builder, the training that goes on, its curve."""
