"""How a network can scale pixels before its first layer: each way by its word, its numbers in shares of full ink."""

OWN, MEAN_IMAGE = "own", "mean_image"
SCALINGS: dict[str, tuple[float, float]] = {"unit": (0, 1), "standard": (0.1307, 0.3081), "half": (0.5, 0.5)}
"""What is taken from a pixel, and what the rest is divided by; beside a network's own way, and the mean image, which is
learned from digits. 0.1307 and 0.3081 are mean and deviation of all pixels of MNIST's 60,000 training digits: where
others train, or where they are prepared, the result has another mean than 0 and another deviation than 1.
"""
