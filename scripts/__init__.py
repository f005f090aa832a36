"""Commands that make what is shipped: the trained runs and the screenshots."""
