"""Results of each analysis as tables, and back."""
