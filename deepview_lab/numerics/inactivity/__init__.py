"""Counts of values that are (nearly) zero."""
