"""A run as one HTML page that needs neither a kernel, nor a server, nor the internet."""

from deepview_lab.report.page.public_run import PublicRun
from deepview_lab.report.page.saving import contents_of, save_page

__all__ = ["PublicRun", "contents_of", "save_page"]
