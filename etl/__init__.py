"""Jobs: one directory each, all of the same shape."""
