"""The public faces of the analyses: each ties settings to the engine and results to figures."""

from deepview_lab.introspectors.iua import IUA
from deepview_lab.introspectors.pfa import PFA

__all__ = ["IUA", "PFA"]
