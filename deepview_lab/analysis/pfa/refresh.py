"""Which spectra a live table computes anew within its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from deepview_lab.analysis.contract import Budget
from deepview_lab.analysis.pfa.snapshot import Spectrum
from deepview_lab.numerics import Moments

__all__ = ["refreshed"]

# A spectrum is due when this many times the samples it was made of are there; below that it hardly changes.
_DUE = 1.1
# What the first spectrum of all is thought to cost, in seconds: a part for each, and a part that grows with units^3.
_FIRST_COST = 1e-4
_FIRST_COST_CUBIC = 1.5e-10


def refreshed(
    ready: Mapping[str, Moments], known: Mapping[str, Spectrum], budget: Budget, fresh: Callable[[str], Spectrum]
) -> dict[str, Spectrum]:
    """Return the spectrum of each layer for which there is one.

    The oldest come first. Those that are due go before those that only have grown a little, and the latter must not use
    up the time that a due one did not find: an engine that saves unused time for the next table serves all layers.

    Parameters
    ----------
    ready : mapping of str to Moments
        Layers that have enough samples.
    known : mapping of str to Spectrum
        Spectra of the table before.
    budget : Budget
        Time to spend. Costs are estimated from earlier ones.
    fresh : callable
        Computes the spectrum of a layer of that name, of all its samples.
    """
    spectra = {name: known[name] for name in ready if name in known}

    def age(name: str) -> int:
        return spectra[name].samples if name in spectra else 0

    outdated = sorted((name for name in ready if age(name) < ready[name].count), key=lambda name: (age(name), name))
    due = [name for name in outdated if ready[name].count >= _DUE * age(name)]
    postponed = False
    for name in [*due, *(name for name in outdated if name not in due)]:
        if name not in due and postponed:
            break
        if not budget.has(_estimate(name, ready[name].units, spectra)):
            postponed = True
            continue
        start = budget.now
        spectrum = fresh(name)
        spectra[name] = spectrum.costing(budget.now - start)
    return spectra


def _estimate(name: str, units: int, spectra: Mapping[str, Spectrum]) -> float:
    """Return what the spectrum of a layer will cost in seconds, judged by itself or by the widest one so far."""
    own = spectra.get(name)
    if own is not None:
        return own.seconds
    if not spectra:
        return _FIRST_COST + _FIRST_COST_CUBIC * units**3
    widest = max(spectra.values(), key=lambda spectrum: spectrum.units)
    return widest.seconds * max(units / widest.units, 1.0) ** 3
