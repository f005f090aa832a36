"""What the slips of five introductory articles come to when they are run: numbers for the exercises."""
