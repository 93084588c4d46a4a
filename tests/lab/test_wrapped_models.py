"""A model with its preprocessing (``TFModelWrapper``, ``TFModelExamples``) is a model of the panel; its code works."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from deepview_lab.base import Model
from deepview_lab.exceptions import DeepViewException
from deepview_lab.lab.discovery.namespace import find_model, find_producer, models
from deepview_lab.lab.discovery.scan import Scanner
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import TFModelExamples, TFModelWrapper
from tests.engine.test_plan import Doubling

# What js/src/store/launch/code.ts writes for a model of this kind: named layers, and all there are.
CODE = """
import deepview_lab
from deepview_lab.base import pipeline
from deepview_lab.introspectors import IUA

run = deepview_lab.start(
    pipeline(images, wrapped({layers})),
    IUA.spec(),
    batch_size=32,
)
"""


@pytest.fixture(scope="module")
def dense():
    """A layer of which unit 1 is dead for inputs from 0 to 1, and not for those from 0 to 255."""
    keras = pytest.importorskip("keras")
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, "relu", name="dense")], name="small")
    model.layers[0].set_weights([np.eye(2), np.array([0.0, -1.0])])
    return model


@pytest.fixture
def wrapped(dense):
    return TFModelWrapper.from_keras(dense, lambda x: x / 255)


def scanned(**namespace):
    return Scanner(lambda: namespace)


def test_it_is_listed_as_a_model_with_type_and_size_and_its_layers(wrapped):
    scanner = scanned(wrapped=wrapped)
    told = [(s.name, s.role, s.type, s.size, s.ends_in_model) for s in scanner.scan().sources]
    assert told == [("wrapped", "model", "small · Keras", 6, False)]
    layers = scanner.layers("wrapped", fresh=True)
    assert layers.problem is None
    assert [(layer.name, layer.shape) for layer in layers.layers][-1] == ("dense", [None, 2])


def test_a_network_that_keras_offers_is_listed_with_its_parameters(monkeypatch):
    keras = pytest.importorskip("keras")
    small = TFModelExamples.MobileNetV3Small(weights=None)
    (source,) = scanned(net=small).scan().sources
    assert (source.role, source.type) == ("model", "MobileNetV3Small · Keras")
    assert source.size == keras.applications.MobileNetV3Small(weights=None, input_shape=(224, 224, 3)).count_params()


@pytest.mark.parametrize("layers", ['["dense"]', ""])
def test_the_code_of_the_panel_runs_it_with_its_preprocessing(wrapped, layers):
    images = np.random.default_rng(0).uniform(0, 255, size=(64, 2)).astype("float32")
    namespace = {"images": StubProducer({"x": images}), "wrapped": wrapped}
    exec(CODE.format(layers=layers), namespace)
    found = namespace["run"].wait(300)["iua"].results["dense"]
    expected = np.maximum(images / 255 + [0, -1], 0) == 0
    np.testing.assert_array_equal(found.counts, expected.sum(axis=0))
    assert found.dead_units.tolist() == [1]
    assert (images > 1).any(axis=0).all(), "without the preprocessing no unit is dead"


def test_the_magic_finds_its_layers_and_says_that_it_needs_data(wrapped):
    namespace = {"wrapped": wrapped, "_hidden": wrapped, "number": 3}
    assert models(namespace) == {"wrapped": wrapped.model}
    assert find_model(namespace, "wrapped").response_infos["dense"].shape == (None, 2)
    with pytest.raises(DeepViewException, match=r"pipeline\(data, wrapped\('layer'\)\)"):
        find_producer(namespace, "wrapped")


class Stranger:
    def __getattribute__(self, name):
        raise AssertionError(f"read {name}")


def test_what_is_in_a_wrapper_may_be_a_stranger():
    class Own(TFModelWrapper):
        @property
        def model(self):
            raise AssertionError("the property was read")

        @model.setter
        def model(self, value):
            pass

    odd = TFModelWrapper(Stranger(), preprocessing=Stranger(), postprocessing=Stranger())
    ours = TFModelWrapper(Model(Doubling(), name="doubling"), preprocessing=Stranger())
    sources = scanned(odd=odd, own=Own(Model(Doubling())), ours=ours, kind=TFModelWrapper).scan().sources
    assert [(source.name, source.role, source.type) for source in sources] == [("ours", "model", "doubling")]


def test_to_look_for_them_imports_no_tensorflow():
    code = (
        "import sys, deepview_lab.lab.discovery.scan as scan; from deepview_lab.tensorflow import TFModelWrapper;"
        "scan.Scanner(lambda: {'it': TFModelWrapper(None)}).scan();"
        "sys.exit(bool({'tensorflow', 'keras'} & sys.modules.keys()))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
