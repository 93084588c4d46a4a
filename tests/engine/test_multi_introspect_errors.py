"""Errors in one pass for several introspectors. Nothing here may hang: every test ends after a minute."""

from __future__ import annotations

import threading
from functools import partial

import pytest

from deepview_lab.base import multi_introspect
from deepview_lab.exceptions import DeepViewException, EmptyProducerError, NotAProducerError, UnpooledResponseError
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.testing import producer_of
from tests.engine.passes import MAPS, Numbers, everything, first_batch

pytestmark = pytest.mark.timeout(60)


def test_an_error_of_one_reaches_the_caller_and_stops_the_others():
    stopped = threading.Event()
    seen = []

    def broken(producer):
        first_batch(producer)
        raise ZeroDivisionError("on purpose")

    def endless(producer):
        try:
            everything(producer)
        except DeepViewException as error:
            seen.append(error.message)
            stopped.set()
        return "caught, and of no use"

    with pytest.raises(DeepViewException, match=r"introspector 2 .*broken\) failed: on purpose") as caught:
        multi_introspect(endless, broken, endless, producer=Numbers())
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert stopped.wait(300)
    assert "on purpose" in seen[0]


def test_an_error_of_one_does_not_wait_for_one_that_is_busy():
    release = threading.Event()

    def busy(producer):
        first_batch(producer)
        return release.wait(300)

    def broken(producer):
        raise ZeroDivisionError

    with pytest.raises(DeepViewException, match=r"broken\) failed$"):
        multi_introspect(busy, broken, producer=Numbers())
    release.set()


def test_pfa_refuses_and_iua_s_run_says_why_it_stopped():
    with pytest.raises(DeepViewException, match=r"introspector 2 \(PFA\.introspect\).*pool='average'") as caught:
        multi_introspect(IUA.introspect, PFA.introspect, producer=producer_of(MAPS))
    assert isinstance(caught.value.__cause__, UnpooledResponseError)


def test_different_batch_sizes_are_a_value_error_within():
    numbers = Numbers(100)
    with pytest.raises(DeepViewException, match=r"everything\) asked for 10, introspector 2 .*asked for 20") as caught:
        multi_introspect(everything, partial(everything, batch_size=20), producer=numbers)
    assert isinstance(caught.value.__cause__, ValueError)
    assert numbers.calls == 0


def test_the_same_batch_size_may_be_any():
    numbers = Numbers(100)
    sized = partial(everything, batch_size=25)
    assert [len(result) for result in multi_introspect(sized, sized, producer=numbers)] == [4, 4]
    with pytest.raises(DeepViewException, match="batch_size must be at least 1"):
        multi_introspect(partial(everything, batch_size=0), producer=numbers)


def test_an_error_of_the_producer_reaches_the_caller():
    def broken(batch_size):
        yield from Numbers(20)(batch_size)
        raise OSError("disk")

    with pytest.raises(DeepViewException, match="because the producer failed: disk") as caught:
        multi_introspect(everything, first_batch, producer=broken)
    assert isinstance(caught.value.__cause__, OSError)


def test_a_producer_of_nothing_is_what_the_introspectors_say_it_is():
    with pytest.raises(DeepViewException, match="yielded no batch") as caught:
        multi_introspect(IUA.introspect, producer=lambda batch_size: iter(()))
    assert isinstance(caught.value.__cause__, EmptyProducerError)


@pytest.mark.parametrize("producer", [5, Numbers, None])
def test_what_is_no_producer_is_told(producer):
    with pytest.raises(NotAProducerError):
        multi_introspect(everything, producer=producer)
    with pytest.raises(DeepViewException, match="it returned something of type int"):
        multi_introspect(everything, producer=lambda batch_size: 5)


def test_no_introspector_is_told():
    with pytest.raises(DeepViewException, match="pass at least one introspector"):
        multi_introspect(producer=Numbers(10))


@pytest.mark.parametrize(("given", "came"), [(IUA, "the class IUA"), (IUA.spec(), "_Spec"), ("iua", "str")])
def test_what_is_no_introspector_is_told(given, came):
    with pytest.raises(DeepViewException, match=rf"such as IUA\.introspect, but got {came}"):
        multi_introspect(given, producer=Numbers(10))


def test_reading_twice_is_told():
    def twice(producer):
        return everything(producer), everything(producer)

    with pytest.raises(DeepViewException, match="read its producer twice"):
        multi_introspect(everything, twice, producer=Numbers(100))


def test_a_producer_kept_beyond_the_pass_is_told():
    kept = []
    multi_introspect(kept.append, producer=Numbers(10))
    with pytest.raises(DeepViewException, match="has ended"):
        kept[0](10)


def test_an_exit_within_an_introspector_is_raised_as_it_is():
    def leave(producer):
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        multi_introspect(everything, leave, producer=Numbers())
