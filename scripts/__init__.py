"""Commands that make what is shipped: the trained run and the screenshots."""
