"""Results as pandas DataFrames, plotly figures and static HTML. The libraries are imported when a figure is made."""

from deepview_lab.figures.findings import findings_frame, findings_html
from deepview_lab.figures.iua import iua_chart, iua_frame
from deepview_lab.figures.pfa import pfa_chart, pfa_frame
from deepview_lab.figures.static_table import layer_table_html

__all__ = ["findings_frame", "findings_html", "iua_chart", "iua_frame", "layer_table_html", "pfa_chart", "pfa_frame"]
