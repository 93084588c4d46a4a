"""The results of a run as text: a table of layers, and what is worth knowing in two sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from deepview_lab.base import LayerKind, ResponseInfo
from deepview_lab.introspectors import IUA, PFA

__all__ = ["LayerRow", "findings", "layer_rows", "layer_table"]

_HEAD = ("layer", "kind", "units", "inactive %", "dead", "keep", "KL")
_TEXT_COLUMNS = 2


@dataclass(frozen=True)
class LayerRow:
    """What both introspectors say of one layer.

    Attributes
    ----------
    layer, kind : str
        Its name, and what it does.
    units : int
        Its channels or values.
    inactive : float
        Share (0 to 1) of inactive values, mean over samples.
    dead : int
        Units that were inactive at every position of every sample.
    keep : int or None
        Units to keep by PFA; None when there were too few samples.
    kl : float or None
        Divergence of its spectrum from a flat one, in nats.
    rectified : bool
        Whether its units can be dead at all: it is a ReLU.
    """

    layer: str
    kind: str
    units: int
    inactive: float
    dead: int
    keep: int | None
    kl: float | None
    rectified: bool


def layer_rows(iua: IUA, pfa: PFA, responses: Mapping[str, ResponseInfo]) -> list[LayerRow]:
    """Return one row per layer, in the order of the network."""
    recipe = pfa.get_recipe()
    rows = []
    for name, found in iua.results.items():
        info = responses[name]
        principal = recipe.get(name)
        rows.append(
            LayerRow(
                layer=name,
                kind=info.layer.typename,
                units=len(found.unit_share),
                inactive=found.mean_inactive / found.counts.size,
                dead=len(found.dead_units),
                keep=principal.recommended_output_count if principal else None,
                kl=getattr(principal.diagnostics, "kl_divergence", None) if principal else None,
                rectified=info.layer.kind in (LayerKind.RELU, LayerKind.RELU6),
            )
        )
    return rows


def layer_table(rows: Sequence[LayerRow]) -> str:
    """Return the rows as an aligned text table."""
    cells = [
        _HEAD,
        *(
            (
                row.layer,
                row.kind,
                str(row.units),
                f"{row.inactive:.1%}".rstrip("%"),
                str(row.dead),
                "-" if row.keep is None else str(row.keep),
                "-" if row.kl is None else f"{row.kl:.2f}",
            )
            for row in rows
        ),
    ]
    widths = [max(len(line[column]) for line in cells) for column in range(len(_HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if column < _TEXT_COLUMNS else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def findings(rows: Sequence[LayerRow], samples: int) -> str:
    """Return what was found, in two sentences."""
    return f"{_dead_sentence(rows, samples)} {_width_sentence(rows)}"


def _dead_sentence(rows: Sequence[LayerRow], samples: int) -> str:
    dead = [row for row in rows if row.rectified and row.dead]
    if not dead:
        return f"No ReLU unit stayed at zero for all {samples:,} images."
    listed = ", ".join(f"{row.dead} of {row.units} in {row.layer}" for row in dead)
    return (
        f"{sum(row.dead for row in dead)} units behind a ReLU are dead ({listed}): they stayed at zero for all "
        f"{samples:,} images, so removing them changes no prediction."
    )


def _width_sentence(rows: Sequence[LayerRow]) -> str:
    measured = [(row.units - row.keep, row, row.keep) for row in rows if row.keep is not None]
    if not measured or max(spare for spare, *_ in measured) == 0:
        return "PFA found no layer with units to spare."
    spare, row, keep = max(measured, key=lambda item: item[0])
    return (
        f"The layer with most to spare is {row.layer}: PFA recommends {keep} of its {row.units} units, because the "
        f"others mostly repeat them, so {spare} may go."
    )
