"""The dataset report: settings, columns, result."""
