"""Log densities of rows, and what they say about labels."""
