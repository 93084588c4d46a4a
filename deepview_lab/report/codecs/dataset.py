"""Dataset reports as tables, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from deepview_lab.analysis.dataset.columns import ColumnKind, ColumnMeaning
from deepview_lab.analysis.dataset.result import DatasetResults
from deepview_lab.exceptions import ReportFileError
from deepview_lab.report.file.arrays import arrays_of, column_of
from deepview_lab.report.file.damage import damaged

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["dataset_from", "dataset_tables"]

_TYPES = {
    **dict.fromkeys(("column", "kind", "response", "dimension"), "string"),
    "axis": "int32",
    "labels": "list<string>",
}
_ADDED = {"reduced_to": "int32"}


def dataset_tables(result: DatasetResults) -> Mapping[str, pa.Table]:
    """Return ``samples``, one row per sample; ``columns``, what each column means; ``summary``, one row."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    samples = pa.table({name: column_of(values) for name, values in result.columns.items()})
    meanings = [
        {
            "column": name,
            "kind": meaning.kind,
            "response": meaning.response,
            # Dimensions are of any type; their text is what a file can keep.
            "dimension": None if meaning.dimension is None else str(meaning.dimension),
            "axis": meaning.axis,
            "reduced_to": meaning.reduced_to,
            "labels": list(result.split_labels.get(name, ())),
        }
        for name, meaning in result.meanings.items()
    ]
    schema = pa.schema(
        [
            *((name, pa.string()) for name in ("column", "kind", "response", "dimension")),
            ("axis", pa.int32()),
            ("labels", pa.list_(pa.string())),
            ("reduced_to", pa.int32()),
        ]
    )
    columns = pa.Table.from_pylist(meanings, schema)
    return {"samples": samples, "columns": columns, "summary": pa.table({"text": [result.summary]})}


def dataset_from(file: ReportFile, name: str, samples: int) -> DatasetResults:  # noqa: ARG001 - the table has them
    """Return the report that :func:`dataset_tables` made tables of.

    Raises
    ------
    ReportFileError
        when the tables do not fit each other.
    """
    table = file.table(f"{name}.samples")
    rows = file.rows(f"{name}.columns", _TYPES, added=_ADDED, nullable=("response", "dimension", "axis", *_ADDED))
    told = [row["column"] for row in rows]
    if told != table.column_names or "id" not in told:
        raise damaged(file.path, f"the samples of {name} have other columns than it says")
    columns = arrays_of(table)
    labels = {row["column"]: tuple(row["labels"]) for row in rows if row["labels"]}
    for column, values in columns.items():
        if values.ndim > 1 and values.shape[1] != len(labels.get(column, ())):
            raise damaged(file.path, f"column {column!r} has not as many scores as labels")
    summary = [row["text"] for row in file.rows(f"{name}.summary", {"text": "string"})]
    meanings = {row["column"]: _meaning(row, file) for row in rows}
    return DatasetResults(columns, meanings, labels, " ".join(summary))


def _meaning(row: Mapping[str, Any], file: ReportFile) -> ColumnMeaning:
    if row["kind"] not in get_args(ColumnKind):
        raise ReportFileError(f"{file.path} has a column of the unknown kind {str(row['kind'])[:40]!r}.")
    return ColumnMeaning(row["kind"], row["response"], row["dimension"], row["axis"], row["reduced_to"])
