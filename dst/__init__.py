"""The library that ships with every job. Standard library only, plus what Glue and Lambda have installed."""
