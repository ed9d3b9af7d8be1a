"""Importing a table from the window: its first rows, what its columns are, and the import with its progress. Not for reading tables."""
