"""Opening a report file, with results that are the introspectors' own."""

from __future__ import annotations

from deepview_lab.analysis.faces import faces
from deepview_lab.report import Report, read_report
from deepview_lab.typing import PathOrStr

__all__ = ["open_report"]


def open_report(path: PathOrStr) -> Report:
    """Open a ``.dvreport`` file. It is checked first; nothing in it is run.

    As the last expression of a cell it is shown as the run that it was, with its tables, details and recipes.

    Parameters
    ----------
    path : Path or str
        What ``run.save`` has written.

    Returns
    -------
    Report
        ``report.iua`` and ``report.pfa`` are what the run's were, for ``IUA.show`` and ``pfa.get_recipe`` too;
        ``report.results`` has them by name, ``report.file`` the manifest and the tables.

    Raises
    ------
    FileNotFoundError
        when there is no file.
    ReportFileError
        (a ValueError) when it is no report, of a newer version, or damaged.

    Examples
    --------
    >>> import deepview_lab, numpy as np, tempfile
    >>> from deepview_lab.introspectors import IUA
    >>> from deepview_lab.samples import StubProducer
    >>> run = deepview_lab.start(StubProducer({"relu": np.array([[0.0, 1.0], [0.0, 2.0]])}), IUA.spec(), name="audit")
    >>> results = run.wait()
    >>> path = run.save(tempfile.mkdtemp() + "/audit.dvreport")
    >>> deepview_lab.open_report(path).iua.results["relu"].dead_units
    array([0])
    """
    return Report(read_report(path), {kind: face.from_file for kind, face in faces().items()})
