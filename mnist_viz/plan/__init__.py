"""A network as a plan: a list of layers that is plain data, its sizes by arithmetic, its words. Needs no torch."""
