"""Data sets of PyTorch and Hugging Face, whose samples are made one by one. Neither library is imported."""
