"""Messages between kernel and canvas, their Arrow tables, and the channel that carries them."""
