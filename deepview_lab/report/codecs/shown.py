"""Results that come from a file as the tables that a canvas shows: the last ones that the run itself told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from deepview_lab.analysis.contract import Table
from deepview_lab.analysis.findings import Findings, ShowsFindings
from deepview_lab.analysis.iua.result import IUAResults, LayerInactivity
from deepview_lab.analysis.iua.snapshot import IUASnapshot, LayerInactivityRow
from deepview_lab.analysis.pfa.result import PFAResults
from deepview_lab.analysis.pfa.snapshot import LayerSpectrumRow, PFASnapshot, Spectrum
from deepview_lab.base import ResponseInfo

__all__ = ["findings_shown", "iua_shown", "kept_shown", "pfa_shown"]

Responses = Mapping[str, ResponseInfo]


def iua_shown(result: IUAResults, responses: Responses) -> IUASnapshot:
    """Return a row of each response, and of each layer that is none of them."""
    names = dict.fromkeys([*responses, *result.results])
    return IUASnapshot(result.samples, tuple(_inactivity(name, result, responses) for name in names))


def _inactivity(name: str, result: IUAResults, responses: Responses) -> LayerInactivityRow:
    if name not in result.results:
        return LayerInactivityRow.unstarted(name, responses[name].units)
    layer = result.results[name]
    return LayerInactivityRow(
        layer=name,
        samples=layer.samples,
        nonfinite=layer.nonfinite,
        values=layer.counts.size,
        mean=layer.mean_inactive,
        std=layer.std_inactive,
        unit_totals=_totals(layer),
        all_below=layer.all_below,
    )


def _totals(layer: LayerInactivity) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    positions = tuple(axis for axis in range(layer.counts.ndim) if axis != layer.unit_axis)
    return np.atleast_1d(layer.counts.sum(axis=positions, dtype=np.int64))


def pfa_shown(result: PFAResults, responses: Responses) -> PFASnapshot:
    """Return a row of each response, and of each layer that is none of them."""
    names = dict.fromkeys([*responses, *result.covariances, *result.failed_responses])
    return PFASnapshot(result.samples, tuple(_spectrum(name, result, responses) for name in names))


def _spectrum(name: str, result: PFAResults, responses: Responses) -> LayerSpectrumRow:
    layer = result.covariances.get(name)
    if layer is not None:
        units = layer.original_output_count
        spectrum = Spectrum.known(layer.eigenvalues, len(layer.inactive_units), layer.samples)
        return LayerSpectrumRow(name, layer.samples, layer.nonfinite, units, spectrum, "")
    units = (responses[name].units or 0) if name in responses else 0
    # Of a layer that failed a file has the reason only: with fewer samples than units they were too few for it.
    few = name in result.failed_responses and 0 < result.samples < units
    refusal = "" if few else result.notes.get(name, "")
    return LayerSpectrumRow(name, result.samples if few else 0, 0, units, None, refusal)


def findings_shown(result: ShowsFindings, _: Responses) -> Findings:
    """Return the table of findings of a result that has one."""
    return result.findings()


def kept_shown(result: Table, _: Responses) -> Table:
    """Return the table that was kept."""
    return result
