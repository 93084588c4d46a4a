"""Several introspectors over one pass of a producer."""
