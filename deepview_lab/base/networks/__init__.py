"""What the readers of networks of all frameworks share."""
