"""What makes DeepView live in a notebook: the kernel's session, the canvas widget, the magics."""
