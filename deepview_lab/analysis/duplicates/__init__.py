"""Duplicates: settings, thresholds, sets, result."""
