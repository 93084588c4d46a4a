"""Familiarity: settings, distributions, result."""
