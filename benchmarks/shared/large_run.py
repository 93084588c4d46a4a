"""Messages of a run of many layers, from the package's own snapshots of synthetic responses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from deepview_lab.analysis.iua.snapshot import IUASnapshot, LayerInactivityRow
from deepview_lab.analysis.pfa.snapshot import LayerSpectrumRow, PFASnapshot, Spectrum
from deepview_lab.numerics import Moments
from deepview_lab.transport.delivery.channel import Envelope
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import encode_columns

RUN = "r1"
SAMPLES = 4096
KINDS = ("Conv2D", "ReLU", "MaxPooling2D", "Dense")


class LargeRun:
    """A run of ``layers`` layers of ``units`` units each."""

    def __init__(self, layers: int, units: int, *, pfa: bool = True) -> None:
        self.names = [f"stage{i // 20}/block_{i // 4 % 5}/layer_{i}" for i in range(layers)]
        self.units = units
        self.pfa = pfa
        self._rng = np.random.default_rng(0)
        self._spectrum = self._made_spectrum() if pfa else None

    def _made_spectrum(self) -> Spectrum:
        moments = Moments(self.units)
        moments.add(self._rng.normal(size=(2 * self.units, self.units)) * np.geomspace(1, 1e-3, self.units))
        return Spectrum.of(moments, 1e-8)

    def beginning(self) -> list[Envelope]:
        """Return the messages before the first snapshot."""
        layers = [
            messages.LayerInfo(
                name=name,
                kind="unknown",
                type=KINDS[i % len(KINDS)],
                shape=[None, 14, 14, self.units],
                units=self.units,
            )
            for i, name in enumerate(self.names)
        ]
        return [
            Envelope(messages.Hello(version="0", session="s", runs=[RUN])),
            self.state(0),
            Envelope(messages.Layers(run=RUN, layers=layers)),
        ]

    def state(self, batches: int, status: messages.RunStatus = "running") -> Envelope:
        """Return how far the run is."""
        kinds = ("iua", "pfa") if self.pfa else ("iua",)
        return Envelope(
            messages.RunState(
                run=RUN,
                name="large",
                status=status,
                introspections=[messages.Introspection(name=kind, analysis=kind) for kind in kinds],
                batch_size=64,
                batches=batches,
                total_batches=1000,
                samples=64 * batches,
                total_samples=64_000,
                rate=212.0,
                eta=100.0,
                elapsed=10.0,
                created=1.7e9,
                errors=[],
            )
        )

    def snapshots(self) -> list[Envelope]:
        """Return one snapshot of each introspector; each call has other numbers."""
        tables = [("iua", self._iua())] + ([("pfa", self._pfa())] if self.pfa else [])
        return [
            Envelope(
                messages.Snapshot(run=RUN, introspector=kind, analysis=kind, samples=SAMPLES, final=False),
                (encode_columns(table.columns()),),
            )
            for kind, table in tables
        ]

    def detail(self, layer: str) -> Envelope:
        """Return the details of a layer."""
        parts, buffers = [], []
        for kind, table in [("iua", self._iua())] + ([("pfa", self._pfa())] if self.pfa else []):
            columns = table.detail(layer)
            assert columns is not None
            parts.append(messages.DetailPart(introspector=kind, analysis=kind, samples=SAMPLES))
            buffers.append(encode_columns(columns))
        return Envelope(messages.LayerDetail(run=RUN, layer=layer, parts=parts), tuple(buffers))

    def _iua(self) -> IUASnapshot:
        rows = []
        for name in self.names:
            totals = self._rng.integers(0, SAMPLES, self.units)
            totals[self._rng.random(self.units) < 0.01] = SAMPLES
            share = float(totals.mean() / SAMPLES)
            rows.append(LayerInactivityRow(name, SAMPLES, 0, self.units, share * self.units, 0.06 * self.units, totals))
        return IUASnapshot(SAMPLES, tuple(rows))

    def _pfa(self) -> PFASnapshot:
        assert self._spectrum is not None
        rows = []
        for name in self.names:
            keep = int(self._rng.integers(1, self.units))
            spectrum = replace(self._spectrum, keep=keep, kl=float(self._rng.random()))
            rows.append(LayerSpectrumRow(name, SAMPLES, 0, self.units, spectrum, ""))
        return PFASnapshot(SAMPLES, tuple(rows))
