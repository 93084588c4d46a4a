"""One pass for several introspectors, however they read. Nothing here may hang: every test ends after a minute."""

from __future__ import annotations

import contextvars
import signal
import subprocess
import sys
import threading
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from deepview_lab.base import Layer, PipelineStage, ResponseInfo, multi_introspect, pipeline
from deepview_lab.engine import runs
from deepview_lab.exceptions import DeepViewException
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.processors import Pooler
from deepview_lab.samples import StubProducer
from deepview_lab.testing import producer_of
from tests.engine.passes import MAPS, Numbers, everything, first_batch, nothing

pytestmark = pytest.mark.timeout(60)


def test_iua_and_pfa_equal_runs_of_their_own():
    made = []

    def producer(batch_size):
        made.append(batch_size)
        return producer_of(MAPS)(batch_size)

    pooled = partial(PFA.introspect, pool="average")
    iua, pfa = multi_introspect(IUA.introspect, pooled, producer=producer)
    assert made == [32]
    assert isinstance(iua, IUA)
    assert isinstance(pfa, PFA)
    assert IUA.show(iua).equals(IUA.show(IUA.introspect(producer_of(MAPS))))
    alone = pooled(producer_of(MAPS))
    np.testing.assert_array_equal(pfa.covariances["conv"].covariances, alone.covariances["conv"].covariances)
    assert [run.status for run in runs()[-3:]] == ["done"] * 3


@pytest.mark.parametrize("readers", [1, 2, 5, 17])
def test_results_come_in_order_and_batches_are_shared(readers):
    numbers = Numbers(30)

    def reader(position):
        return lambda producer: (position, list(producer(10)))

    results = multi_introspect(*map(reader, range(readers)), producer=numbers)
    assert [position for position, _ in results] == list(range(readers))
    for batches in zip(*(batches for _, batches in results), strict=True):
        assert len({id(batch) for batch in batches}) == 1
    assert (numbers.calls, numbers.made) == (1, 3)


@pytest.mark.parametrize("early", [first_batch, nothing])
@pytest.mark.parametrize("position", [0, 1, 2])
def test_who_returns_early_does_not_hold_up_the_others(early, position):
    introspectors = [everything, everything]
    introspectors.insert(position, early)
    results = list(multi_introspect(*introspectors, producer=Numbers(1000)))
    assert results.pop(position) in ("nothing", list(range(10)))
    assert [len(result) for result in results] == [100, 100]


def test_a_producer_without_end_ends_when_everybody_has_returned():
    numbers = Numbers()
    assert multi_introspect(first_batch, first_batch, producer=numbers) == (list(range(10)),) * 2
    assert numbers.made <= 4


def test_a_producer_that_nobody_reads_is_not_called():
    numbers = Numbers()
    assert multi_introspect(nothing, nothing, producer=numbers) == ("nothing", "nothing")
    assert numbers.calls == 0


def test_who_gives_up_reading_may_wait_for_the_others():
    finished = threading.Event()

    def patient(producer):
        first_batch(producer)
        return finished.wait(300)

    def setter(producer):
        batches = everything(producer)
        finished.set()
        return len(batches)

    assert multi_introspect(patient, setter, producer=Numbers(1000)) == (True, 100)


def test_nobody_runs_far_ahead():
    numbers = Numbers(500)
    ahead = threading.Event()

    def fast(producer):
        for position, _ in enumerate(producer(10), start=1):
            if position == 3:
                ahead.set()

    def slow(producer):
        distances = []
        for position, _ in enumerate(producer(10), start=1):
            assert ahead.wait(300)
            distances.append(numbers.made - position)
        return max(distances)

    _, furthest = multi_introspect(fast, slow, producer=numbers)
    assert furthest == 2


def test_layers_and_length_pass_through():
    info = ResponseInfo(name="conv", dtype=np.dtype("f4"), shape=(None, 3, 3, 5), layer=Layer("conv"))

    class Knows(PipelineStage):
        def _pipeline(self, producer):
            return producer

        def describe(self, responses):
            return {"conv": info}

    def look(producer):
        pooled = pipeline(producer, Pooler(dim=(1, 2), method=Pooler.Method.MAX))
        assert repr(producer).startswith("pipeline(StubProducer -> ")
        return len(producer), producer.responses, pooled.responses["conv"].shape, len(list(pooled(32)))

    (found,) = multi_introspect(look, producer=pipeline(StubProducer({"conv": MAPS["conv"]}), Knows()))
    assert found == (70, {"conv": info}, (None, 5), 3)
    with pytest.raises(DeepViewException, match="does not say how many samples"):
        multi_introspect(len, producer=Numbers(10))


def test_passes_nest():
    inner = partial(multi_introspect, everything, first_batch)
    found = multi_introspect(lambda producer: inner(producer=producer), everything, producer=Numbers(30))
    batches = [list(range(first, first + 10)) for first in (0, 10, 20)]
    assert found == ((batches, batches[0]), batches)


def test_introspectors_work_in_the_caller_s_context_on_threads_of_their_own():
    variable = contextvars.ContextVar("variable")
    variable.set("here")
    produced_on = []

    def producer(batch_size):
        produced_on.append(threading.current_thread())
        yield from Numbers(10)(batch_size)

    def look(producer):
        everything(producer)
        return variable.get(), threading.current_thread().name

    found = multi_introspect(look, look, producer=producer)
    assert found == (("here", "deepview-introspector-1"), ("here", "deepview-introspector-2"))
    assert produced_on == [threading.current_thread()]


SCRIPT = """
import signal, threading
from deepview_lab.base import multi_introspect
from deepview_lab.engine import runs
from deepview_lab.introspectors import IUA
from tests.engine.passes import Numbers

signal.alarm(300)
stuck = threading.Event()

def tell(producer):
    for position, _ in enumerate(producer(32)):
        print("batch", flush=True)
        if {stuck} and position == 3:
            stuck.wait()

try:
    multi_introspect(tell, IUA.introspect, producer=Numbers())
except KeyboardInterrupt:
    try:
        runs()[-1].wait(300)
    except RuntimeError:
        pass
    print("interrupted", runs()[-1].status, len(runs()[-1].results), flush=True)
"""


@pytest.mark.parametrize("stuck", [False, True])
def test_control_c_ends_the_pass_even_when_an_introspector_is_stuck(stuck):
    root = Path(__file__).parents[2]
    code = SCRIPT.replace("{stuck}", str(stuck))
    with subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(4):
            assert process.stdout.readline() == "batch\n"
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
        assert process.wait(300) == 0
    assert rest.splitlines()[-1].startswith("interrupted failed"), rest


def test_the_vocabulary_does_not_load_the_engine():
    code = "import sys, deepview_lab.base; sys.exit('deepview_lab.engine' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
