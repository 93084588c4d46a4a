"""Dimension reduction: settings, strategies, result."""
