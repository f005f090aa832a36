"""Elements of our own in the browser (figure, digit grid, pad), each a Python file beside its JavaScript."""
