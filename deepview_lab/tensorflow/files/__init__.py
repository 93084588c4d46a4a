"""Keras models and SavedModels from files."""
