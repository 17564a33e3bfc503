"""Files that people write -> domain objects, with errors that name file and line."""
