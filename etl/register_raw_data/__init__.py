"""Records every object that arrives in the raw zone in the table raw_files."""
