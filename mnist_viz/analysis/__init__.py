"""Models and tensors in, arrays and sentences out: what a network does, and why."""
