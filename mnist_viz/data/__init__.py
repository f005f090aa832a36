"""The digits: read from the repository, split by a constant, found by an address, described in numbers."""
