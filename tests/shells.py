"""IPython shells that tests make, use and leave."""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import contextmanager

from IPython.core.interactiveshell import InteractiveShell


@contextmanager
def interactive_shell() -> Iterator[InteractiveShell]:
    """Make the shell of this process a new one, and remove it at the end.

    IPython keeps each shell until the process exits and then clears all of them: a minute for the whole suite.
    """
    InteractiveShell.clear_instance()
    shell = InteractiveShell.instance()
    try:
        yield shell
    finally:
        InteractiveShell.clear_instance()
        atexit.unregister(shell.atexit_operations)
