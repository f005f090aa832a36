"""Spot the error: slips of introductory articles as exercises, whose answers are computed when someone asks."""
