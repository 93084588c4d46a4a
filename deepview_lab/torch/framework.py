"""PyTorch as a framework whose models can be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from deepview_lab.base import Model, ResponseInfo
from deepview_lab.base.kinds import derives_from, is_exactly
from deepview_lab.torch.loading import load_torch_model

__all__ = ["TorchFramework"]

# Any: PyTorch need not be installed where types are checked.
_LOSSES: Final = "_Loss"


class TorchFramework:
    """Modules of PyTorch."""

    def recognises(self, value: Any) -> str | None:
        """Return "PyTorch model" of a module, unless it is a loss."""
        known = derives_from(value, "torch", "Module") and not derives_from(value, "torch", _LOSSES)
        return "PyTorch model" if known else None

    def is_own(self, value: Any) -> bool:
        """Return whether PyTorch defines the classes of the module and of all within it."""
        waiting = [value]
        while waiting:
            module = waiting.pop()
            if not is_exactly(module, "torch"):
                return False
            waiting.extend(inner for inner in module._modules.values() if inner is not None)
        return True

    def layers(self, value: Any) -> Mapping[str, ResponseInfo]:
        """Return the responses of a module, see :func:`deepview_lab.torch.load_torch_model`. No number is computed."""
        return self.load(value).response_infos

    def load(self, value: Any, example: Callable[[], Any] | None = None) -> Model:
        """Return the model; of what shape its input is, ``example`` tells when it is called."""
        return load_torch_model(value, None if example is None else example())
