"""The graph of a Keras model: calls, names, kinds and unit axes of its layers."""
