"""Label problems: settings, evidence, result."""
