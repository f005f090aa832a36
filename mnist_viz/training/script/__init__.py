"""A run as a program of its own: one file for torch and numpy that trains the same, for who wants to read it all."""
