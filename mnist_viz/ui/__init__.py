"""What pages are made of: the frame and its link, caches, parts that several pages show, rooms for the larger pages."""
