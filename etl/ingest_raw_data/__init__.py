"""Reads raw signal files and commits them to the table observations."""
