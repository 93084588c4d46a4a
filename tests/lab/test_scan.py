"""What the scan finds in a namespace, and what it leaves alone."""

from __future__ import annotations

import sys
import types
from collections import Counter

import numpy as np
import pytest

from deepview_lab.base import Batch, Model, PipelineStage, pipeline
from deepview_lab.engine import start
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.processors import FieldRemover, MeanStdNormalizer
from deepview_lab.samples import StubProducer
from tests.engine.test_plan import Doubling


def stub(samples=12):
    return StubProducer({"x": np.zeros((samples, 4))})


def scan(hidden=None, **namespace):
    return Scanner(lambda: namespace, lambda: hidden or {}).scan()


def found(**namespace):
    return {source.name: source for source in scan(**namespace).sources}


def roles(**namespace):
    return {name: source.role for name, source in found(**namespace).items()}


def layers(value, *, fresh=True):
    return Scanner(lambda: {"it": value}).layers("it", fresh=fresh)


# What can be used


def test_models_pipelines_and_producers_are_found_with_type_and_size_in_the_order_of_their_definition():
    images, net = stub(), Model(Doubling(), name="doubling")
    scaled = pipeline(images, MeanStdNormalizer(mean=0, std=1))
    whole = pipeline(scaled, net("double"), FieldRemover(fields="y"))
    sources = scan(whole=whole, net=net, images=images, scaled=scaled, bare=pipeline(images)).sources
    assert [(s.name, s.role, s.type, s.size, s.ends_in_model) for s in sources] == [
        ("whole", "pipeline", "MeanStdNormalizer › doubling › FieldRemover", 12, True),  # noqa: RUF001
        ("net", "model", "doubling", None, False),
        ("images", "producer", "StubProducer", 12, False),
        ("scaled", "pipeline", "MeanStdNormalizer", 12, False),
        ("bare", "pipeline", "StubProducer", 12, False),
    ]


def test_a_keras_model_is_told_by_its_type_and_has_the_size_that_its_deepview_model_knows():
    keras = pytest.importorskip("keras")
    from deepview_lab.tensorflow import load_tf_model_from_memory

    inputs = keras.Input((4,))
    functional = keras.Model(inputs, keras.layers.Dense(3, name="dense")(inputs))

    class Own(keras.Model):
        pass

    sources = found(f=functional, s=keras.Sequential(), o=Own(), loaded=load_tf_model_from_memory(model=functional))
    assert {name: (s.role, s.type, s.size) for name, s in sources.items()} == {
        "f": ("framework_model", "Functional · Keras", None),
        "s": ("framework_model", "Sequential · Keras", None),
        "o": ("framework_model", "Own · Keras", None),
        "loaded": ("model", f"{functional.name} · Keras", 15),
    }
    assert "framework_model" not in roles(layer=keras.layers.Dense(3), loss=keras.losses.MeanSquaredError()).values()


def one(batch_size):
    yield Batch({"x": np.zeros(batch_size)})


class Callable:
    def __call__(self, batch_size, shuffle=False):
        return iter(())


class Inherits(Callable):
    pass


@pytest.mark.parametrize(
    "value",
    [one, lambda n: iter(()), lambda n, seed=0: iter(()), lambda n, *, seed=0: iter(()), Callable(), Inherits()],
    ids=["generator function", "lambda", "default", "keyword with default", "object", "inherited call"],
)
def test_what_takes_one_argument_is_a_candidate(value):
    assert roles(value=value) == {"value": "candidate"}


async def asynchronous(batch_size):
    return batch_size


async def asynchronous_generator(batch_size):
    yield batch_size


class TakesTwo:
    def __call__(self, first, second):
        return None


class CallIsAProperty:
    @property
    def __call__(self):
        raise AssertionError("the property was read")


class CallOnlyOnTheObject:
    def __init__(self):
        self.__call__ = lambda n: iter(())


class Stage(PipelineStage):
    pass


@pytest.mark.parametrize(
    "value",
    [
        lambda: None,
        lambda a, b: None,
        lambda *args: None,
        lambda **options: None,
        lambda n, *, needed: None,
        asynchronous,
        asynchronous_generator,
        TakesTwo(),
        CallIsAProperty(),
        CallOnlyOnTheObject(),
        Callable,
        StubProducer,
        Stage(),
        one(3),
        len,
        np.sin,
        np,
        [stub()],
        pipeline,
        start,
        IUA,
        IUA.spec(),
        PFA.spec(pool="average"),
        Model(Doubling()).response_infos,
        Model(Doubling())("double"),
        3,
        "text",
    ],
    ids=lambda value: str(value)[:30].partition(" at 0x")[0],
)
def test_what_only_looks_like_a_producer_is_not_listed(value):
    assert roles(value=value) == {}


def test_private_unnameable_and_the_shells_own_names_are_not_listed():
    digits = stub()
    namespace = {"_": digits, "_3": digits, "a b": digits, "class": digits, "ﬁne": digits, 7: digits, "In": digits}
    assert Scanner(lambda: namespace, lambda: {"In": digits}).scan().sources == []
    assert [s.name for s in Scanner(lambda: {"In": stub()}, lambda: {"In": digits}).scan().sources] == ["In"]
    assert roles(größe=digits) == {"größe": "producer"}


def test_many_functions_are_listed_up_to_a_hundred():
    functions = {f"f{n}": (lambda batch_size: iter(())) for n in range(150)}
    assert len(found(**functions, digits=stub())) == 101


# What is left alone


def trap():
    """Return an object that notices whatever is done with it or with its class."""

    class Meta(type):
        def __getattribute__(cls, name):
            raise AssertionError(f"read {name} of the class")

        def __eq__(cls, other):
            raise AssertionError("compared the class")

        __hash__ = None

    class Trap(metaclass=Meta):
        def __getattribute__(self, name):
            raise AssertionError(f"read {name}")

        def __len__(self):
            raise AssertionError("took the length")

        def __bool__(self):
            raise AssertionError("took the truth")

        def __eq__(self, other):
            raise AssertionError("compared")

        __hash__ = None

        def __call__(self, batch_size):
            raise AssertionError("called")

    return object.__new__(Trap)


def test_no_attribute_of_a_stranger_is_read_and_nothing_is_called():
    stranger = trap()
    behind = pipeline(lambda n: iter(()))
    behind.source = stranger
    sources = found(stranger=stranger, behind=behind, run=stranger, IUA=stranger)
    assert {name: (s.role, s.size) for name, s in sources.items()} == {
        "stranger": ("candidate", None),
        "behind": ("pipeline", None),
        "run": ("candidate", None),
        "IUA": ("candidate", None),
    }


def test_a_class_that_says_it_is_ours_is_a_stranger():
    liar = type("StubProducer", (), {"__module__": "deepview_lab.samples.arrays", "__call__": lambda self, n: None})
    assert roles(liar=liar()) == {}
    odd = type("Odd", (), {"__module__": property(lambda self: 1 / 0), "__call__": lambda self, n: None})
    assert roles(odd=odd()) == {"odd": "candidate"}


def test_names_may_be_added_while_the_scan_looks():
    namespace = {f"n{n}": n for n in range(100)}
    scanner = Scanner(lambda: namespace, lambda: namespace.update({f"m{len(namespace)}": stub()}) or {})
    assert scanner.scan().sources == []
    assert len(scanner.scan().sources) == 1


def test_the_scan_takes_a_few_calls_a_name_however_many_there_are():
    kinds = [lambda n: n, str, lambda n: types.ModuleType("m"), lambda n: stub(), lambda n: one, lambda n: Callable()]

    def calls(names):
        namespace = {f"name_{n}": kinds[n % len(kinds)](n) for n in range(names)}
        scanner = Scanner(lambda: namespace)
        counted = Counter()
        before = sys.getprofile()
        sys.setprofile(lambda frame, event, arg: counted.update([event]))
        try:
            scanner.scan()
        finally:
            sys.setprofile(before)
        return counted["call"] + counted["c_call"]

    few, many = calls(1200), calls(2400)
    assert few < 80 * 1200
    assert many < 2.1 * few


# Names that code must not bind


def test_deepviews_own_names_are_taken_when_they_hold_something_else():
    assert scan(IUA=IUA, pipeline=pipeline, PFA=3, FieldRemover=FieldRemover, run="mine").taken == ["PFA", "run"]
    run = start(stub(), IUA.spec())
    run.wait(300)
    assert scan(run=run).taken == []


# Layers


def test_the_layers_of_a_model_and_of_a_pipeline_that_ends_in_one():
    net = Model(Doubling())
    for value in (net, pipeline(stub(), net("double"))):
        told = layers(value)
        assert (told.problem, [(layer.name, layer.shape) for layer in told.layers]) == (
            None,
            [("double", [None, 4, 4, 3])],
        )
    assert layers(stub()).layers == []
    assert Scanner(dict).layers("gone", fresh=True).layers == []


def test_the_activations_are_what_a_run_looks_at_when_no_layer_is_chosen():
    keras = pytest.importorskip("keras")
    dense = keras.layers.Dense
    net = keras.Sequential([keras.Input((4,)), dense(8, "relu", name="a"), dense(6, "tanh", name="b"), dense(2)])
    assert layers(net).usual == ["a", "b"]
    assert layers(Model(Doubling())).usual == ["double"]


def test_a_stage_that_cannot_describe_itself_is_a_problem_in_words():
    class Broken(PipelineStage):
        def _get_batch_processor(self):
            return lambda batch: batch

        def describe(self, responses):
            raise KeyError("nothing known")

    told = layers(pipeline(stub(), Model(Doubling())("double"), Broken()))
    assert (told.layers, told.problem) == ([], "KeyError: 'nothing known'")


def test_keras_models_have_layers_and_words_when_they_cannot_be_read():
    keras = pytest.importorskip("keras")
    dense = keras.Sequential([keras.layers.Dense(3, name="dense")])
    scanner = Scanner(lambda: {"it": dense})
    assert "is not built" in scanner.layers("it", fresh=True).problem
    dense.build((None, 4))
    told = scanner.layers("it", fresh=False)
    assert (told.problem, told.layers[-1].name) == (None, "dense")


def test_a_model_of_the_users_own_is_traced_when_asked_for_and_not_after_each_cell():
    keras = pytest.importorskip("keras")
    calls = []

    class Own(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = keras.layers.Dense(3, name="dense")

        def call(self, inputs):
            calls.append(1)
            return self.dense(inputs)

    namespace = {"it": Own()}
    namespace["it"](np.zeros((2, 4), "float32"))
    calls.clear()
    scanner = Scanner(lambda: namespace)
    told = scanner.layers("it", fresh=True)
    assert "dense" in [layer.name for layer in told.layers]
    once = len(calls)
    assert scanner.layers("it", fresh=False) == told
    assert len(calls) == once
    namespace["it"] = Own()
    assert scanner.layers("it", fresh=False).problem is not None, "another model is read anew"
