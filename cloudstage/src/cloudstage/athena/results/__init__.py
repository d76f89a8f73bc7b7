"""Results: their types, their text, the files they are kept in and the pages they are read in."""
