"""Running Keras models and reading inner responses."""
