"""Principal filter analysis: settings, accumulator, snapshot, result, recipes."""
