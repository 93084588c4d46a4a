"""The finder that makes DeepView's and DNIKit's names importable."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType

from deepview_lab.compat.counterparts import COUNTERPARTS, FAMILIES
from deepview_lab.compat.standin import NotAvailableModuleError, StandIn
from deepview_lab.exceptions import DeepViewWarning

__all__ = ["claim"]


class _Finder(MetaPathFinder, Loader):
    """Finds stand-ins for the modules of the packages that it has claimed."""

    def __init__(self) -> None:
        self.claimed: set[str] = set()

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 - the form of a finder
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        """Return how to make the stand-in; None for modules that are not ours.

        Raises
        ------
        NotAvailableModuleError
            (a ModuleNotFoundError) for a public module that does not exist here yet.
        """
        counterpart = COUNTERPARTS.get(fullname)
        if counterpart is None or fullname.partition(".")[0] not in self.claimed:
            return None
        if find_spec(counterpart.target) is None:
            raise NotAvailableModuleError(fullname, self._available(fullname))
        return ModuleSpec(fullname, self, origin=counterpart.target, is_package=True)

    def create_module(self, spec: ModuleSpec) -> StandIn:
        """Return the stand-in."""
        return StandIn(spec.name, COUNTERPARTS[spec.name])

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: a stand-in is complete."""

    def _available(self, fullname: str) -> list[str]:
        """Return the modules that can be imported, of the family of ``fullname``."""
        family = next(roots for roots in FAMILIES.values() if fullname.partition(".")[0] in roots)
        return sorted(
            name
            for name, counterpart in COUNTERPARTS.items()
            if name.partition(".")[0] in family and find_spec(counterpart.target) is not None
        )


_finder = _Finder()


def claim(*, force: bool, stacklevel: int) -> None:
    """Serve every family of packages of which nothing is installed; with ``force`` also the others.

    A family is claimed or left as a whole, because objects of the one are of no use to the other.
    """
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)
    for family, roots in FAMILIES.items():
        installed = sorted(root for root in roots - _finder.claimed if _is_installed(root))
        if installed and not force:
            warnings.warn(
                f"{family} is installed, so {' and '.join(installed)} stay what they are. To import DeepView Lab under "
                "its names all the same, call deepview_lab.compat.install(force=True) first.",
                DeepViewWarning,
                stacklevel=stacklevel,
            )
            continue
        for name in list(sys.modules):
            if name.partition(".")[0] in installed:
                del sys.modules[name]
        _finder.claimed |= roots


def _is_installed(root: str) -> bool:
    """Return whether a package can be imported from elsewhere; a folder that happens to have its name is none."""
    if root in sys.modules:
        return True
    specs = (finder.find_spec(root, None) for finder in sys.meta_path if finder is not _finder)
    return any(spec is not None and spec.loader is not None for spec in specs)
