"""The columns of any table of layers, and back: for analyses without a codec of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from deepview_lab.analysis.contract import LayerTable
from deepview_lab.report.file.arrays import arrays_of, column_of
from deepview_lab.report.file.damage import damaged

if TYPE_CHECKING:
    import pyarrow as pa

    from deepview_lab.report.file.archive import ReportFile

__all__ = ["KeptLayerTable", "is_layer_table", "layer_table_from", "layer_table_tables"]

# Any: columns of all dtypes.


@dataclass(frozen=True, eq=False)
class KeptLayerTable:
    """A table of layers that was read from a file.

    Attributes
    ----------
    samples : int
        Samples seen.
    table : mapping of str to numpy.ndarray
        Its columns; ``layer`` names the rows.
    """

    samples: int
    table: Mapping[str, NDArray[Any]]

    @property
    def layers(self) -> tuple[str, ...]:
        """Names of the rows."""
        return tuple(map(str, self.table["layer"]))

    def columns(self) -> Mapping[str, NDArray[Any]]:
        """Return the columns by name."""
        return self.table


def is_layer_table(result: object) -> TypeGuard[LayerTable]:
    """Return whether a result is a table with a row per layer."""
    return callable(getattr(result, "columns", None)) and all(hasattr(result, name) for name in ("layers", "samples"))


def layer_table_tables(result: LayerTable) -> Mapping[str, pa.Table]:
    """Return ``layers``: the columns of the table, with the names of its rows as ``layer``."""
    import pyarrow as pa  # noqa: PLC0415 - slow to load

    columns = {"layer": np.array(result.layers, dtype=object), **result.columns()}
    return {"layers": pa.table({name: column_of(values) for name, values in columns.items()})}


def layer_table_from(file: ReportFile, name: str, samples: int) -> KeptLayerTable:
    """Return the table of layers that :func:`layer_table_tables` made a table of.

    Raises
    ------
    ReportFileError
        when its rows have no names.
    """
    columns = arrays_of(file.table(f"{name}.layers"))
    if "layer" not in columns or columns["layer"].dtype.kind != "U":
        raise damaged(file.path, f"the layers of {name} have no names")
    return KeptLayerTable(samples, columns)
