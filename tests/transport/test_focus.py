"""A client that opens a layer or chooses a strategy is told the numbers of the full spectra, newest wins."""

from __future__ import annotations

import threading

import msgspec
import numpy as np
import pytest

from deepview_lab.analysis.pfa.recommendation import keep_counts
from deepview_lab.base import Batch
from deepview_lab.engine import registry, start
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.transport.feeds.hub import Hub
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.arrow import decode_columns

from .fake_client import FakeClient

SAMPLES, BATCH = 256, 32
STRATEGIES = {"kl": lambda _: PFA.Strategy.KL(), "energy": PFA.Strategy.Energy, "size": PFA.Strategy.Size}


class Responses:
    """Three layers; the numbers of one are always 0. The gate, if any, holds the last batch."""

    def __init__(self, gate=None):
        self.gate = gate

    def __len__(self):
        return SAMPLES

    def __call__(self, batch_size):
        rng = np.random.default_rng(7)
        mix = rng.normal(size=(48, 48)) * np.linspace(0.01, 2, 48)
        for index in range(SAMPLES // batch_size):
            if self.gate is not None and index == SAMPLES // batch_size - 1:
                assert self.gate.wait(300)
            relu = np.maximum(rng.normal(size=(batch_size, 8)), 0)
            relu[:, 3] = 0
            yield Batch({"relu": relu, "mixed": rng.normal(size=(batch_size, 48)) @ mix, "zero": np.zeros((32, 5))})


def ended():
    run = start(Responses(), IUA.spec(), PFA.spec(), batch_size=BATCH)
    run.wait(300)
    return run


def focus(hub, run, layer=None, strategy="kl", value=0.0, *, client="c1"):
    message = messages.Focus(client=client, run=run.id, layer=layer, strategy=strategy, value=value)
    hub.control(msgspec.to_builtins(message))


def received(client, kind):
    return [(message, columns) for message, columns in client.received if isinstance(message, kind)]


def test_the_open_layer_is_told_with_all_its_units_and_its_full_spectrum(hub, client):
    run = ended()
    focus(hub, run, "relu")
    client.wait_for(messages.LayerDetail)
    ((message, (iua, pfa)),) = received(client, messages.LayerDetail)
    assert (message.run, message.layer) == (run.id, "relu")
    assert [(part.introspector, part.samples) for part in message.parts] == [("iua", SAMPLES), ("pfa", SAMPLES)]
    result = run.results["iua"].results["relu"]
    np.testing.assert_array_equal(iua["share"], result.unit_share)
    assert np.flatnonzero(iua["share"] == 1).tolist() == result.dead_units.tolist() == [3]
    spectrum = run.results["pfa"].covariances["relu"].eigenvalues
    np.testing.assert_array_equal(pfa["eigenvalue"], spectrum)
    np.testing.assert_allclose(pfa["energy"], np.cumsum(spectrum) / spectrum.sum())


def test_of_a_run_that_nobody_saw_the_spectra_are_computed_when_it_is_opened():
    run = ended()
    hub, late = Hub(registry, version="1", session="s"), FakeClient("late")
    hub.connect("late", late.send)
    ages = {"iua": None, "pfa": [0, 0, 0]}
    for message, (columns,) in received(late, messages.Snapshot):
        if message.run == run.id:
            age = columns["age"].tolist() if "age" in columns else None
            assert (message.final, age) == (message.introspector == "iua", ages.pop(message.introspector))
    assert not ages
    focus(hub, run, client="late")
    late.wait_for(messages.Snapshot, len(late.of(messages.Snapshot)) + 1)
    last, (columns,) = received(late, messages.Snapshot)[-1]
    assert (last.run, last.introspector, last.final) == (run.id, "pfa", True)
    assert columns["age"].tolist() == [SAMPLES] * 3
    told = len(late.received)
    focus(hub, run, "relu", client="late")
    late.wait_for(messages.LayerDetail)
    assert len(late.received) == told + 1  # nothing was left to complete
    hub.close()


def test_a_run_whose_hub_has_no_client_computes_no_spectrum_to_be_shown(hub, client):
    hub.disconnect(client.name)
    assert not ended().is_whole("pfa")
    hub.connect(client.name, client.send)
    assert ended().is_whole("pfa")


@pytest.mark.parametrize("strategy", ["energy", "size"])
@pytest.mark.parametrize("value", [0.0, 0.3, 0.5, 0.8, 0.95, 0.999, 1.0])
def test_the_recommended_counts_are_those_of_get_recipe(hub, client, strategy, value):
    run = ended()
    focus(hub, run, strategy=strategy, value=value)
    client.wait_for(messages.Recommendation)
    ((message, (columns,)),) = received(client, messages.Recommendation)
    assert (message.introspector, message.strategy, message.value) == ("pfa", strategy, value)
    recipe = run.results["pfa"].get_recipe(strategy=STRATEGIES[strategy](value))
    told = dict(zip(columns["layer"].tolist(), columns["keep"].tolist(), strict=True))
    assert told == {name: layer.recommended_output_count for name, layer in recipe.items()}


def test_the_default_recommendation_is_that_of_the_table():
    run = ended()
    spectra = {name: spectrum.eigenvalues for name, spectrum in run.snapshot("pfa").spectra().items()}
    columns = run.snapshot("pfa").columns()
    shown = dict(zip(columns["layer"].tolist(), columns["keep"].tolist(), strict=True))
    assert keep_counts(spectra, "kl", 0.0) == shown
    assert keep_counts({}, "size", 0.5) == {}
    with pytest.raises(ValueError, match="from 0 to 1"):
        keep_counts(spectra, "energy", 1.5)


def test_details_follow_the_run_and_stop_when_the_layer_is_closed(hub, client):
    gate = threading.Event()
    run = start(Responses(gate), IUA.spec(), PFA.spec(), batch_size=BATCH)
    client.wait_for(messages.Snapshot)
    focus(hub, run, "mixed", "energy", 0.9)
    client.wait_for(messages.LayerDetail)
    client.wait_for(messages.Recommendation)
    hub.control(client.ack())
    gate.set()
    run.wait(300)
    hub.control(client.ack())
    while received(client, messages.LayerDetail)[-1][0].parts[0].samples < SAMPLES:
        client.wait_for(messages.LayerDetail, len(client.of(messages.LayerDetail)) + 1)
    focus(hub, run)
    told = len(client.of(messages.LayerDetail))
    other = FakeClient("other")
    hub.connect(other.name, other.send)
    focus(hub, run, "relu", client="other")
    other.wait_for(messages.LayerDetail)
    hub.control(msgspec.to_builtins(messages.Resync(client=client.name)))
    assert len(client.of(messages.LayerDetail)) == told
    assert len(other.of(messages.LayerDetail)) == 1


def test_of_layers_opened_one_after_the_other_a_slow_client_is_told_the_last(hub, client):
    run = ended()
    focus(hub, run, "relu")
    client.wait_for(messages.LayerDetail)
    focus(hub, run, "zero")
    focus(hub, run, "mixed")
    hub.control(client.ack())
    last = client.wait_for(messages.LayerDetail, 2)[-1]
    while last.layer != "mixed":
        hub.control(client.ack())
        last = client.wait_for(messages.LayerDetail, len(client.of(messages.LayerDetail)) + 1)[-1]


def test_a_resync_tells_what_is_open_again(hub, client):
    run = ended()
    focus(hub, run, "relu", "size", 0.5)
    client.wait_for(messages.LayerDetail)
    client.wait_for(messages.Recommendation)
    hub.control(msgspec.to_builtins(messages.Resync(client=client.name)))
    client.wait_for(messages.LayerDetail, 2)
    client.wait_for(messages.Recommendation, 2)


@pytest.mark.parametrize(("layer", "parts"), [("zero", ["iua", "pfa"]), ("no such layer", [])])
def test_a_layer_without_numbers_is_told_without_them(hub, client, layer, parts):
    focus(hub, ended(), layer)
    (message,) = client.wait_for(messages.LayerDetail)
    assert [part.introspector for part in message.parts] == parts


@pytest.mark.parametrize("value", [-0.1, 1.1, float("nan"), None, "0.5"])
def test_a_value_that_is_no_share_is_refused(hub, client, caplog, value):
    run = ended()
    hub.control(
        {"kind": "focus", "v": 1, "client": "c1", "run": run.id, "layer": None, "strategy": "energy"} | {"value": value}
    )
    assert "Ignored a control message" in caplog.text
    assert client.of(messages.Recommendation) == []


def test_small_details_are_kept_in_the_notebook_and_large_ones_are_not(hub, monkeypatch):
    run = ended()
    saved = [envelope for envelope in hub.saved(run).envelopes if isinstance(envelope.message, messages.LayerDetail)]
    assert [envelope.message.layer for envelope in saved] == ["relu", "mixed", "zero"]
    assert decode_columns(saved[0].buffers[0])["share"][3] == 1
    monkeypatch.setattr("deepview_lab.transport.feeds.focus._MOST_DETAIL_BYTES", 1000)
    small = hub.saved(run)
    assert not [envelope for envelope in small.envelopes if isinstance(envelope.message, messages.LayerDetail)]
    assert small.left_out == ["details"]
