"""The command ``deepview-lab``: what can be done with report files from a terminal."""

from deepview_lab.cli.commands import main

__all__ = ["main"]
