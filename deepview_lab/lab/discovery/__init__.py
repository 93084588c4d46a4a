"""What in the user's namespace a run may use."""
