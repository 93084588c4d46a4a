"""PyTorch models, and PyTorch's data sets. Importing this package does not import PyTorch."""

from deepview_lab.torch.loading import load_torch_model, load_torch_weights

__all__ = ["load_torch_model", "load_torch_weights"]
