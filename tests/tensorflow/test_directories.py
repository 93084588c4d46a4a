"""An architecture and its weights in one directory."""

import json
import shutil

import keras
import numpy as np
import pytest
from keras import layers

from deepview_lab.base import peek_first_batch, pipeline
from deepview_lab.exceptions import ModelFileError
from deepview_lab.samples import StubImageDataset
from deepview_lab.tensorflow import load_tf_model_from_memory, load_tf_model_from_path

from .models import functional

IMAGES = StubImageDataset(3, image_width=8, image_height=8)


@pytest.fixture
def pair(tmp_path):
    """Save a model as two files; the weights under any name, in the format of Keras 3 or of whole models."""

    def save(model, weights="model.weights.h5", *, whole=False):
        (tmp_path / "model.json").write_text(model.to_json())
        if whole:
            model.save(tmp_path.parent / "whole.h5")
            shutil.move(tmp_path.parent / "whole.h5", tmp_path / weights)
        else:
            model.save_weights(tmp_path / "saved.weights.h5")
            (tmp_path / "saved.weights.h5").rename(tmp_path / weights)
        return tmp_path

    return save


def fields(ours):
    return peek_first_batch(pipeline(IMAGES, ours()), 3).fields


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("weights", ["model.weights.h5", "w.h5", "w.hdf5", "w.hdf", "w.he5", "W.H5"])
def test_architecture_and_weights_give_the_same_responses(pair, weights, whole):
    model = functional()
    got = fields(load_tf_model_from_path(pair(model, weights, whole=whole)))
    wanted = fields(load_tf_model_from_memory(model=model))
    assert list(got) == list(wanted)
    assert all(np.array_equal(got[name], wanted[name]) for name in wanted)


def test_an_architecture_as_keras_2_wrote_it_is_read(tmp_path):
    node = [[["x", 0, 0, {}]]]
    config = {
        "name": "old",
        "layers": [
            {
                "class_name": "InputLayer",
                "name": "x",
                "inbound_nodes": [],
                "config": {"batch_input_shape": [None, 3], "dtype": "float32", "sparse": False, "name": "x"},
            },
            {"class_name": "Dense", "name": "d", "inbound_nodes": node, "config": {"name": "d", "units": 2}},
        ],
        "input_layers": [["x", 0, 0]],
        "output_layers": [["d", 0, 0]],
    }
    (tmp_path / "old.json").write_text(json.dumps({"class_name": "Model", "config": config, "keras_version": "2.0.5"}))
    x = keras.Input((3,), name="x")
    keras.Model(x, layers.Dense(2, name="d")(x), name="old").save(tmp_path / "old.h5")
    assert list(load_tf_model_from_path(tmp_path).response_infos) == ["x", "d"]


def test_a_directory_of_neither_kind_says_what_is_needed_and_what_is_there(pair):
    with pytest.raises(ModelFileError, match=r"exactly one architecture .*one weights.*of those it has: none"):
        load_tf_model_from_path(pair(functional()).parent)
    folder = pair(functional())
    shutil.copy(folder / "model.weights.h5", folder / "other.h5")
    with pytest.raises(ModelFileError, match=r"of those it has: model\.json, model\.weights\.h5, other\.h5\."):
        load_tf_model_from_path(folder)


@pytest.mark.parametrize("name", ["model.yml", "model.yaml"])
def test_yaml_is_refused_with_the_reason(tmp_path, name):
    (tmp_path / name).write_text("class_name: Model")
    (tmp_path / "w.h5").write_bytes(b"")
    with pytest.raises(ModelFileError, match=rf"as YAML \({name}\), which Keras 3 cannot read.*model\.to_json"):
        load_tf_model_from_path(tmp_path)


def test_lambda_layers_are_refused_before_keras_sees_them(pair, monkeypatch):
    x = keras.Input((3,))
    folder = pair(keras.Model(x, layers.Lambda(lambda x: x * 2)(layers.Dense(3)(x))))
    monkeypatch.setattr(keras.models, "model_from_json", lambda *_, **__: pytest.fail("the file reached Keras"))
    with pytest.raises(ModelFileError, match=r"Lambda layer with code, which is never run"):
        load_tf_model_from_path(folder)


def test_broken_parts_are_named(pair):
    folder = pair(functional())
    (folder / "model.weights.h5").write_bytes(b"no weights")
    with pytest.raises(ModelFileError, match=r"model\.weights\.h5 is broken or no HDF5 file"):
        load_tf_model_from_path(folder)
    for text, reason in (("{", "is broken or no Keras model"), ("[]", "describes a list"), ("3", "describes a int")):
        (folder / "model.json").write_text(text)
        with pytest.raises(ModelFileError, match=rf"model\.json.*{reason}|{reason}.*model\.json"):
            load_tf_model_from_path(folder)
    (folder / "model.json").write_text(json.dumps(keras.saving.serialize_keras_object(layers.Dense(2))))
    with pytest.raises(ModelFileError, match=r"describes a Dense, not a Keras model"):
        load_tf_model_from_path(folder)


def test_weights_of_another_model_are_named(pair, tmp_path):
    folder = pair(functional())
    x = keras.Input((3,))
    (folder / "model.json").write_text(keras.Model(x, layers.Dense(2, name="stem")(x)).to_json())
    with pytest.raises(ModelFileError, match=r"Keras could not load .*model\.weights\.h5"):
        load_tf_model_from_path(folder)
