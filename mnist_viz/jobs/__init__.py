"""Heavy work besides training: one queue, one warm process that does it, and what is known of the maps it makes."""
