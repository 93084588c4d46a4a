"""What travels between kernel and canvas: messages and Arrow tables."""
