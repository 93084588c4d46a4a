"""The report file: manifest, tables, and the checks before they are read."""
