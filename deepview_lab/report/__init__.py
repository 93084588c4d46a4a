"""Report files: ``.dvreport``, a zip of a manifest and Parquet tables that any Parquet reader opens.

Whoever has tables to keep writes them with :func:`write_report` and reads them with :func:`read_report`.
"""

from deepview_lab.report.file.archive import ReportFile, read_report
from deepview_lab.report.file.manifest import Manifest
from deepview_lab.report.report import Report
from deepview_lab.report.saving import save_run

__all__ = ["Manifest", "Report", "ReportFile", "read_report", "save_run", "write_report"]
from deepview_lab.report.file.writing import write_report
