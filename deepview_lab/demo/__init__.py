"""A small trained network and its data, with something to find: dead units, and a layer that is far too wide.

How the findings came about is told in :mod:`deepview_lab.demo.network`. The text table of ``make demo`` is
``python -m deepview_lab.demo``.
"""

from deepview_lab.demo.data import load_data
from deepview_lab.demo.source import RESPONSES, load_model, pipeline

__all__ = ["RESPONSES", "load_data", "load_model", "pipeline"]
