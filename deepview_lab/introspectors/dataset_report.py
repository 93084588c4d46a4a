"""DatasetReport: what a data set looks like to a model."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from deepview_lab.analysis.dataset.config import ReportConfig
from deepview_lab.analysis.dataset.result import DatasetResults
from deepview_lab.analysis.dataset.spec import DatasetAccumulator, DatasetSpec
from deepview_lab.analysis.faces import register_face
from deepview_lab.analysis.pooling import Pool
from deepview_lab.analysis.rows import RowsWanted
from deepview_lab.base import Batch, Producer
from deepview_lab.engine import introspect
from deepview_lab.exceptions import DeepViewWarning, ReportFileError
from deepview_lab.report import Manifest, read_report, write_report
from deepview_lab.report.codecs.dataset import dataset_from, dataset_tables
from deepview_lab.typing import OneManyOrNone, PathOrStr, resolve_one_or_many_to_list, resolve_path_or_str

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DatasetReport"]

_FILE = "report.dvreport"
_NAME = "report"


@final
@dataclass(frozen=True, eq=False)
class DatasetReport(DatasetResults):
    """One row per sample: its labels, its set of duplicates, its place on a map, how familiar it is.

    Make one with :meth:`introspect`, or give :meth:`spec` to ``deepview_lab.start`` for a live run, whose parts are
    shown as they are made. The model is passed once.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> from deepview_lab.base import Batch
    >>> from deepview_lab.samples import StubProducer
    >>> responses = np.random.default_rng(0).standard_normal((200, 8))
    >>> responses[70] = responses[7]
    >>> labels = {"label": ["cat", "dog"] * 100}
    >>> producer = StubProducer({"dense": responses}, {Batch.StdKeys.LABELS: labels})
    >>> report = DatasetReport.introspect(producer, config=ReportConfig(projection=None))
    >>> list(report.data)
    ['id', 'label', 'duplicates_dense', 'familiarity_dense', 'splitFamiliarity_dense_byAttr_label']
    >>> report.data.query("duplicates_dense >= 0")["id"].tolist()
    ['7', '70']
    >>> sorted(report.data["splitFamiliarity_dense_byAttr_label"][0])
    ['cat', 'dog']

    It is kept in a file that any Parquet reader opens, and that runs nothing when it is read:

    >>> folder = tempfile.mkdtemp() + "/saved"
    >>> path = report.to_disk(folder)
    >>> DatasetReport.from_disk(folder).data.equals(report.data)
    True
    """

    @staticmethod
    def spec(
        *,
        config: ReportConfig | None = None,
        pool: Pool | str | Enum | None = None,
        layers: OneManyOrNone[str] = None,
    ) -> DatasetSpec:
        """Return settings for ``deepview_lab.start``, whose result is a :class:`DatasetReport`.

        ``layers`` are the responses that it looks at, by default all; ``config`` and ``pool`` are those of
        :meth:`introspect`.
        """
        config = ReportConfig() if config is None else config
        if layers is None:
            return _Spec(config, pool)
        return _SpecOfLayers(config, pool, frozenset(resolve_one_or_many_to_list(layers, str)))

    @staticmethod
    def introspect(
        producer: Producer,
        *,
        config: ReportConfig | None = None,
        batch_size: int = 1024,
        pool: Pool | str | Enum | None = None,
    ) -> DatasetReport:
        """Make a report of the samples that ``producer`` yields.

        Parameters
        ----------
        producer : Producer
            Yields responses, one row per sample [n, units] unless ``pool`` is given; metadata may have identifiers,
            labels and paths (``Batch.StdKeys``). Without identifiers the samples are counted.
        config : ReportConfig, optional
            What it contains.
        batch_size : int
            Samples per batch. It does not change the result.
        pool : None, Pool, 'average' or 'max'
            How to pool feature maps over their positions; None refuses them.

        Returns
        -------
        DatasetReport
            See :attr:`data`.

        Warns
        -----
        DeepViewWarning
            for each part that could not be made, because of the data or because a library is not installed.

        Raises
        ------
        UnpooledResponseError
            when a response has more than two dimensions and no pooling is set.
        """
        result: DatasetReport = introspect(
            producer, DatasetReport.spec(config=config, pool=pool), batch_size=batch_size
        )["report"]
        for name, why in result.parts.failed.items() if result.parts is not None else ():
            warnings.warn(f"The report has no {name}: {why}", DeepViewWarning, stacklevel=2)
        return result

    @cached_property
    def data(self) -> pd.DataFrame:
        """One row per sample in the order of the producer, with DeepView's columns.

        ``splitFamiliarity_R_byAttr_D`` holds a dict of scores by label. What a column means is in :attr:`meanings`.
        """
        import pandas as pd  # noqa: PLC0415 - half a second that only tables need

        return pd.DataFrame({name: self._plain(name) for name in self.columns})

    def _plain(self, name: str) -> Any:
        values = self.columns[name]
        if values.ndim == 1:
            return values
        labels = self.split_labels[name]
        return [dict(zip(labels, scores, strict=True)) for scores in values.tolist()]

    @staticmethod
    def show(report: DatasetReport) -> pd.DataFrame:
        """Return the samples, the rarest first."""
        import pandas as pd  # noqa: PLC0415

        return pd.DataFrame(dict(report.findings().table))

    def save(self, path: PathOrStr) -> Path:
        """Write the report into a ``.dvreport`` file; until it is whole, what was there stays.

        Raises
        ------
        ReportFileError
            (a ValueError) for another suffix.
        NoSpaceError
            (an OSError) when the disk is full.
        """
        manifest = Manifest(
            kind="report",
            name="Dataset report",
            samples=len(self),
            introspectors={_NAME: "report"},
            layers=self.responses,
        )
        return write_report(path, manifest, {f"{_NAME}.{name}": table for name, table in dataset_tables(self).items()})

    def to_disk(self, directory: PathOrStr = "./report_save", *, overwrite: bool = False) -> Path:
        """Write the report into a folder, which is made where it is missing.

        Raises
        ------
        FileExistsError
            when the folder has a report and ``overwrite`` is False.
        """
        path = resolve_path_or_str(directory) / _FILE
        if path.exists() and not overwrite:
            raise FileExistsError(f"{path} exists. Choose another folder, or replace it with overwrite=True.")
        path.parent.mkdir(parents=True, exist_ok=True)
        return self.save(path)

    @staticmethod
    def from_disk(directory: PathOrStr = "./report_save") -> DatasetReport:
        """Read a report: the folder of :meth:`to_disk`, or the file of :meth:`save`.

        Raises
        ------
        FileNotFoundError
            when there is none.
        ReportFileError
            (a ValueError) when it is no report, of a newer version, or damaged.
        """
        path = resolve_path_or_str(directory)
        file = read_report(path / _FILE if path.is_dir() else path)
        name = next((name for name, kind in file.manifest.introspectors.items() if kind == "report"), None)
        if name is None:
            raise ReportFileError(f"{file.path} has no dataset report; it is of a run of {file.manifest.name!r}.")
        return face(dataset_from(file, name, file.manifest.samples or 0))


def face(found: DatasetResults) -> DatasetReport:
    """Return the results in their public form."""
    return DatasetReport(found.columns, found.meanings, found.split_labels, found.summary, found.parts)


class _Spec(DatasetSpec):
    """The same settings; the result is the public face."""

    def present(self, found: DatasetResults) -> DatasetReport:
        """Return the result."""
        return face(found)


@dataclass(frozen=True)
class _SpecOfLayers(_Spec):
    """The same for some responses of those that come."""

    layers: frozenset[str] = frozenset()

    @property
    def rows_wanted(self) -> RowsWanted:
        """One row per sample of these responses."""
        wanted = super().rows_wanted
        return replace(wanted, fields=self.layers if wanted.fields is None else wanted.fields & self.layers)

    def update(self, acc: DatasetAccumulator, batch: Batch) -> DatasetAccumulator:
        """Count the samples of ``batch`` and their labels."""
        acc = super().update(acc, batch)
        acc.fields = {name: None for name in acc.fields if name in self.layers}
        return acc


register_face("report", DatasetReport, module="deepview_lab.introspectors", from_file=face)
