"""Plans: where a pipeline is cut, what is known before data flows."""

from __future__ import annotations

import threading

import numpy as np

from deepview_lab.base import Layer, LayerKind, Model, ModelDetails, PipelineStage, ResponseInfo, pipeline
from deepview_lab.engine import ResponsesKnown, registry, start
from deepview_lab.engine.plan import RunPlan
from deepview_lab.processors import FieldRenamer, Pooler, Processor

from .counting import CountingSpec, Numbers


class Doubling(ModelDetails):
    """A model of one layer that doubles its input, and notes the threads on which it ran."""

    threads: set[str]

    def __init__(self):
        self.threads = set()
        info = ResponseInfo("x", np.dtype(float), (None,), Layer("x", LayerKind.PLACEHOLDER))
        self._inputs = {"x": info}
        self._responses = {"double": ResponseInfo("double", np.dtype(float), (None, 4, 4, 3), Layer("double"))}

    @property
    def responses(self):
        return self._responses

    @property
    def inputs(self):
        return self._inputs

    def run(self, inputs, requested):
        self.threads.add(threading.current_thread().name)
        return {name: np.ones((len(inputs["x"]), 4, 4, 3)) for name in requested}


def test_a_pipeline_is_cut_before_its_model_and_both_halves_give_the_whole():
    details = Doubling()
    seen = set()

    def note(array):
        seen.add(threading.current_thread().name)
        return array

    whole = pipeline(
        Numbers(8), Processor(note), Model(details)("double"), Pooler(dim=(1, 2), method=Pooler.Method.SUM)
    )
    result = start(whole, CountingSpec(), batch_size=3).wait(300)
    assert result["iua"] == {"double": 8 * 3 * 16.0, "samples": 8}
    assert seen == {"deepview-prefetch"}
    assert [name.startswith("deepview-run-") for name in details.threads] == [True]


def test_a_stage_behind_the_model_may_read_twice():
    class Twice(PipelineStage):
        def _pipeline(self, producer):
            return lambda batch_size: [*producer(batch_size), *producer(batch_size)]

    whole = pipeline(Numbers(8), Model(Doubling())("double"), Twice())
    assert start(whole, CountingSpec(), batch_size=3).wait(300)["iua"]["samples"] == 16


def test_layers_are_known_before_the_first_batch_and_as_the_last_stage_leaves_them():
    gate = threading.Event()
    events = []
    known = threading.Event()

    def watch(event):
        events.append(event)
        if isinstance(event, ResponsesKnown):
            known.set()

    unwatch = registry.watch(watch)
    stages = (Model(Doubling())("double"), Pooler(dim=(1, 2), method=Pooler.Method.MAX), FieldRenamer({"double": "d"}))
    run = start(pipeline(Numbers(8, gates={0: gate}), *stages), CountingSpec())
    assert known.wait(300)
    assert run.progress.batches == 0
    assert {name: (info.shape, info.units) for name, info in run.responses.items()} == {"d": ((None, 3), 3)}
    gate.set()
    run.wait(300)
    unwatch()


def test_a_plain_function_is_read_ahead_and_its_layers_come_from_the_first_batch():
    plan = RunPlan.of(Numbers(8))
    assert (plan.behind, plan.responses, plan.total) == ((), {}, 8)
    run = start(Numbers(8), CountingSpec())
    run.wait(300)
    assert {name: info.shape for name, info in run.responses.items()} == {"x": (None,)}
