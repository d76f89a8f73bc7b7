"""Tables of the Glue catalog as streams of Arrow batches that the engine can scan."""
