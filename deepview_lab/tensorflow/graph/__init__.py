"""The graph of a Keras model: calls, kinds and unit axes of its layers."""
