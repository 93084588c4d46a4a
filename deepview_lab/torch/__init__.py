"""PyTorch models, and PyTorch's data sets. Importing this package does not import PyTorch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deepview_lab.torch.loading import load_torch_model, load_torch_weights
from deepview_lab.torch.producers import TorchProducer

if TYPE_CHECKING:
    from deepview_lab.torch.datasets import ProducerTorchDataset

__all__ = ["ProducerTorchDataset", "TorchProducer", "load_torch_model", "load_torch_weights"]


def __getattr__(name: str) -> Any:  # Any: what a module holds
    if name == "ProducerTorchDataset":  # derives from a class of PyTorch
        from deepview_lab.torch.datasets import ProducerTorchDataset

        return ProducerTorchDataset
    raise AttributeError(f"module 'deepview_lab.torch' has no attribute {name!r}")
