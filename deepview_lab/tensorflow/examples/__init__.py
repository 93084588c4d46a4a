"""The networks and data sets that Keras offers."""
