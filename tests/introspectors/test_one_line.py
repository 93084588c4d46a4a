"""A model and data in one line."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

import deepview_lab
from deepview_lab import as_model, as_producer, introspect
from deepview_lab.base import Model, pipeline
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.introspectors import IUA
from deepview_lab.processors import Processor
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import TFModelWrapper, load_tf_model_from_memory

keras = pytest.importorskip("keras", reason="an extra")

WAIT = 120
RNG = np.random.default_rng(3)
X = RNG.integers(-3, 4, (60, 4)).astype(np.float32)
Y = np.arange(60) % 2
WEIGHTS = RNG.integers(-2, 3, (4, 5)).astype(np.float32)


@pytest.fixture(scope="module")
def net():
    layers = [keras.layers.Dense(5, "relu", use_bias=False, name="hidden"), keras.layers.Dense(2, name="head")]
    model = keras.Sequential([keras.Input((4,)), *layers], name="small")
    model.get_layer("hidden").set_weights([WEIGHTS])
    return model


@pytest.fixture(scope="module")
def cnn():
    return keras.Sequential(
        [
            keras.Input((6, 8, 1)),
            keras.layers.Conv2D(3, 3, name="conv"),
            keras.layers.BatchNormalization(name="norm"),
            keras.layers.ReLU(name="relu"),
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(2, name="head"),
            keras.layers.Softmax(name="answers"),
        ],
        name="cnn",
    )


def test_a_keras_model_and_an_array_give_what_numpy_counts(net):
    run = introspect(net, X, batch_size=16)
    results = run.wait(WAIT)
    hidden = np.maximum(X @ WEIGHTS, 0)
    assert results["iua"].results["hidden"].unit_inactive_count == (hidden == 0).sum(axis=0).tolist()
    np.testing.assert_allclose(results["pfa"].covariances["hidden"].covariances, np.cov(hidden.T), rtol=1e-5)
    assert (list(results), run.name, list(results["iua"].results)) == (["iua", "pfa"], "small", ["hidden"])


def test_labels_bring_a_report_on_the_layer_before_the_head(net):
    run = introspect(net, X, Y, name="mine")
    results = run.wait(WAIT)
    assert (run.name, list(results)) == ("mine", ["iua", "pfa", "report"])
    report = results["report"]
    assert report.responses == ("hidden",)
    assert report.data["label"].tolist() == [str(label) for label in Y] or report.data["label"].tolist() == Y.tolist()


def test_layers_are_those_that_are_asked_for(net):
    results = introspect(net, X, layers="head").wait(WAIT)
    assert list(results["iua"].results) == ["head"]
    with pytest.raises(UnknownNameError, match=r"Unknown response 'hiden'.*'hidden'"):
        introspect(net, X, layers=["hiden"])


def test_activations_are_chosen_rather_than_what_comes_before_them_or_the_head(cnn):
    assert as_model(cnn).activations().requested == ("relu",)
    assert pipeline(np.zeros((2, 6, 8, 1)), cnn).responses.keys() == {"relu"}


def test_grey_pictures_get_their_axis_of_channels_and_that_is_said(cnn):
    grey = RNG.integers(0, 255, (20, 6, 8), dtype=np.uint8)
    run = introspect(cnn, grey)
    expected = IUA.introspect(pipeline(StubProducer({"x": grey[..., None]}), as_model(cnn)("relu")))
    found = run.wait(WAIT)["iua"].results["relu"]
    assert found.unit_inactive_count == expected.results["relu"].unit_inactive_count
    assert "an axis of one channel was added" in run.note
    assert "Pixels are 0 to 255 as they come" in run.note
    first = introspect(cnn, np.zeros((20, 1, 6, 8)))
    assert first.wait(WAIT)["iua"].samples == 20
    assert "channels were moved behind height and width" in first.note


def test_a_folder_of_pictures_is_read_in_the_size_that_the_model_needs(cnn, tmp_path):
    for at in range(30):
        path = tmp_path / ("ab"[at % 2]) / f"{at:02}.png"
        path.parent.mkdir(exist_ok=True)
        Image.new("L", (16 + at, 12), at).save(path)
    run = introspect(cnn, tmp_path)
    report = run.wait(WAIT)["report"]
    assert "resized to 8 x 6 pixels, as the model needs them" in run.note
    assert report.data["id"].tolist()[0] == "a/00.png"
    assert set(report.data["label"]) == {"a", "b"}


def test_preprocessing_is_what_batches_pass_first_and_may_write(net):
    def halved(values):
        values /= 2
        return values

    found = introspect(net, X, preprocessing=halved, layers="hidden").wait(WAIT)["iua"].results["hidden"]
    hidden = np.maximum(X @ WEIGHTS, 0)
    assert found.unit_inactive_count == (hidden == 0).sum(axis=0).tolist()
    wrapped = TFModelWrapper.from_keras(net, halved)
    run = introspect(wrapped, X, layers="hidden")
    assert run.wait(WAIT)["iua"].results["hidden"].unit_inactive_count == found.unit_inactive_count


def test_a_model_becomes_one_in_every_form(net, tmp_path):
    loaded = load_tf_model_from_memory(model=net)
    assert as_model(loaded) is loaded
    assert as_model(TFModelWrapper(loaded)) is loaded
    assert isinstance(as_model(net), Model)
    net.save(tmp_path / "small.keras")
    for path in (tmp_path / "small.keras", str(tmp_path / "small.keras")):
        assert "hidden" in as_model(path).response_infos
        assert introspect(path, X).wait(WAIT)["iua"].samples == 60


@pytest.mark.parametrize(
    ("model", "says"),
    [
        (
            3,
            "A Keras or PyTorch model is needed, or the path of a saved one, but got an object of type",
        ),
        (keras.Model, "got the class .*make an object of it"),
        (keras.layers.Dense(3), "got an object of type keras.Dense"),
        (keras.Sequential([keras.layers.Dense(3)]), "is not built"),
        ("nowhere.keras", "There is no model file nowhere.keras"),
    ],
)
def test_what_is_no_model_is_refused_in_words(model, says):
    with pytest.raises(DeepViewException, match=says):
        introspect(model, X)


def test_data_of_another_shape_is_refused_with_both_shapes(cnn):
    with pytest.raises(DeepViewException, match=r"shape \(5, 5, 1\).* needs \(6, 8, 1\): axis 1 is 5, not 6, axis 2"):
        introspect(cnn, np.zeros((3, 5, 5, 1))).wait(WAIT)


def test_producers_and_pipelines_are_data_too(net):
    chain = pipeline(as_producer(X), Processor(lambda x: x))
    assert introspect(net, chain).wait(WAIT)["iua"].samples == 60
    assert "introspect" in dir(deepview_lab)
