"""Lists of layers and of runs as DataFrames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from deepview_lab.base import ResponseInfo
from deepview_lab.engine import RunView
from deepview_lab.visible_text import visible_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["layers_table", "runs_table"]


def layers_table(responses: Mapping[str, ResponseInfo]) -> pd.DataFrame:
    """Return one row per response: layer, kind, type, shape, units."""
    import pandas as pd  # noqa: PLC0415 - half a second that only tables need

    return pd.DataFrame(
        [
            {
                "layer": visible_text(info.name),
                "kind": info.layer.kind.name.lower(),
                "type": visible_text(info.layer.typename),
                "shape": " x ".join("?" if dim is None else str(dim) for dim in info.shape[1:]),
                "units": info.units,
            }
            for info in responses.values()
        ],
        columns=["layer", "kind", "type", "shape", "units"],
    )


def runs_table(runs: Sequence[RunView]) -> pd.DataFrame:
    """Return one row per run: id, name, status, samples, total, samples per second, seconds."""
    import pandas as pd  # noqa: PLC0415

    columns = ["name", "status", "samples", "total", "samples/s", "seconds"]
    rows = {
        run.id: [
            visible_text(run.name),
            run.status,
            run.progress.samples,
            run.progress.total,
            run.progress.rate and round(run.progress.rate, 1),
            round(run.progress.elapsed, 1),
        ]
        for run in runs
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("run")
