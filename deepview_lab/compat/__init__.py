"""DeepView's and DNIKit's notebooks as they stand: ``import deepview_lab.compat`` first.

From then on ``deepview``, ``deepview_tensorflow``, ``dnikit``, ``dnikit_tensorflow`` and their public modules import
from here: the same objects under other names, not copies. What does not exist here yet raises an ImportError that says
so, and tells what does.

Examples
--------
>>> import deepview_lab.compat
>>> from deepview.base import Batch
>>> Batch is deepview_lab.base.Batch
True
"""

from __future__ import annotations

from deepview_lab.compat.finder import claim
from deepview_lab.compat.standin import NotAvailableError, NotAvailableModuleError

__all__ = ["NotAvailableError", "NotAvailableModuleError", "install"]


def install(*, force: bool = False) -> None:
    """Make DeepView's and DNIKit's names import from here. Importing this package has done so, without ``force``.

    Parameters
    ----------
    force : bool
        Also when DeepView or DNIKit is installed, which is otherwise left alone. Call it before anything of them is
        imported: objects made earlier stay theirs, and are of no use here.

    Warns
    -----
    DeepViewWarning
        when DeepView or DNIKit is installed and not forced aside.
    """
    claim(force=force, stacklevel=3)


claim(force=False, stacklevel=3)
