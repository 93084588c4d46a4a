"""A module that stands in for one of DeepView's or DNIKit's."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from types import ModuleType
from typing import Any

from deepview_lab import __version__
from deepview_lab.compat.counterparts import Counterpart
from deepview_lab.exceptions import DeepViewException

__all__ = ["NotAvailableError", "NotAvailableModuleError", "StandIn"]


class NotAvailableError(DeepViewException, ImportError):
    """A public name of DeepView or DNIKit that does not exist here, or not yet."""

    def __init__(self, module: str, name: str, existing: list[str]) -> None:
        super().__init__(
            f"{name} of {module} is not available in DeepView Lab {__version__}. What {module} has: "
            f"{', '.join(existing)}. Import only these, or see docs/porting.md."
        )
        self.name = module


class NotAvailableModuleError(DeepViewException, ModuleNotFoundError):
    """A public module of DeepView or DNIKit that does not exist here, or not yet."""

    def __init__(self, module: str, existing: list[str]) -> None:
        super().__init__(
            f"The module {module} is not available in DeepView Lab {__version__}. Available: {', '.join(existing)}. "
            "See docs/porting.md."
        )
        self.name = module


class StandIn(ModuleType):
    """Gives the objects of the counterpart, which is imported when the first of them is asked for."""

    def __init__(self, name: str, counterpart: Counterpart) -> None:
        super().__init__(name, f"Stands in for {name}; see {counterpart.target}.")
        self.__counterpart = counterpart

    def __getattr__(self, name: str) -> Any:  # Any: what a module holds
        if name == "__version__":
            return __version__
        if name == "__all__":
            return self.__existing()
        if name.startswith("__"):  # tools look for those in every module; that must not import anything
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        ours = self.__counterpart.renamed.get(name, name)
        target = import_module(self.__counterpart.target)
        if ours in target.__all__:
            return getattr(target, ours)
        existing = self.__existing()
        if name in self.__counterpart.names:
            raise NotAvailableError(self.__name__, name, existing)
        near = get_close_matches(name, existing, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}.{hint}")

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *self.__existing()})

    def __existing(self) -> list[str]:
        counterpart = self.__counterpart
        public = set(import_module(counterpart.target).__all__)
        return sorted(public | {name for name, ours in counterpart.renamed.items() if ours in public})
