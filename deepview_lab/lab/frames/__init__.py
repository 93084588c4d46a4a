"""Tables of the user's own, shown on the dataset page without a run."""
