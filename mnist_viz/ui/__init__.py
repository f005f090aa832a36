"""What pages are made of: the frame and its link, caches, and the parts that several pages show."""
