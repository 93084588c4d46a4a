"""Inactive unit analysis: settings, accumulator, snapshot, result."""
