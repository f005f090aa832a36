"""Elements of our own in the browser: the figure and the digit grid, each a Python file beside its JavaScript."""
