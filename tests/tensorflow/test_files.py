"""Models come from files without running code from them; what cannot be loaded says why and what to do."""

import json
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest
from keras import layers

from deepview_lab.base import peek_first_batch, pipeline
from deepview_lab.exceptions import ModelFileError
from deepview_lab.samples import StubImageDataset
from deepview_lab.tensorflow import load_tf_model_from_memory, load_tf_model_from_path

from .models import functional, sequential

IMAGES = StubImageDataset(3, image_width=8, image_height=8)


@pytest.fixture
def saved(tmp_path):
    def save(model, name):
        path = tmp_path / name
        file = tmp_path / ("file.keras" if path.suffix.lower() == ".keras" else "file.h5")
        model.save(file)
        return file.rename(path)

    return save


@pytest.mark.parametrize("name", ["model.keras", "model.h5", "model.hdf5", "model.hdf", "model.he5", "model.KERAS"])
def test_a_saved_model_gives_the_same_responses(saved, name):
    model = functional()
    path = saved(model, name)
    here, loaded = (
        peek_first_batch(pipeline(IMAGES, ours()), 3).fields
        for ours in (load_tf_model_from_memory(model=model), load_tf_model_from_path(path))
    )
    assert list(here) == list(loaded)
    assert all(np.array_equal(here[response], loaded[response]) for response in here)


def test_a_path_may_be_a_string_and_a_model_may_be_sequential(saved):
    model = load_tf_model_from_path(str(saved(sequential(), "stack.keras")))
    assert model.name == "stack"
    assert list(model.response_infos) == ["tiles", "flat", "hidden", "out"]


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(ModelFileError, match=r"There is no model file .*nope\.keras\. Check the path"):
        load_tf_model_from_path(tmp_path / "nope.keras")


def test_an_unknown_suffix_says_what_is_supported(tmp_path):
    path = tmp_path / "model.pb"
    path.write_bytes(b"graph")
    with pytest.raises(
        ModelFileError, match=r"ends in '\.pb'\. Supported are .*\.keras.*model\.save\('model\.keras'\)"
    ):
        load_tf_model_from_path(path)


@pytest.mark.parametrize("suffix", [".keras", ".h5", ".hdf5"])
@pytest.mark.parametrize("content", [b"", b"not a model at all", b"PK\x03\x04 cut short"])
def test_a_broken_file_is_named(tmp_path, suffix, content):
    path = tmp_path / f"broken{suffix}"
    path.write_bytes(content)
    with pytest.raises(ModelFileError, match=rf"broken\{suffix} is broken or no Keras model"):
        load_tf_model_from_path(path)


def test_a_truncated_file_is_named(saved):
    path = saved(functional(), "model.keras")
    path.write_bytes(path.read_bytes()[:2000])
    with pytest.raises(ModelFileError, match=r"is broken or no Keras model"):
        load_tf_model_from_path(path)


def test_a_file_without_weights_says_what_keras_said(saved, tmp_path):
    path = tmp_path / "hollow.keras"
    with zipfile.ZipFile(saved(functional(), "model.keras")) as whole, zipfile.ZipFile(path, "w") as hollow:
        for name in ("config.json", "metadata.json"):
            hollow.writestr(name, whole.read(name))
    with pytest.raises(ModelFileError, match=r"Keras could not load .*hollow\.keras"):
        load_tf_model_from_path(path)


def test_a_file_of_weights_only_says_how_to_use_it(tmp_path):
    path = tmp_path / "only.weights.h5"
    functional().save_weights(path)
    with pytest.raises(ModelFileError, match=r"perhaps only weights.*load_weights.*load_tf_model_from_memory"):
        load_tf_model_from_path(path)


@pytest.mark.parametrize("name", ["code.keras", "code.h5", "code.hdf"])
def test_lambda_layers_are_refused_before_keras_sees_them(saved, name, monkeypatch):
    inputs = keras.Input((3,))
    path = saved(keras.Model(inputs, layers.Lambda(lambda x: x * 2)(inputs)), name)
    monkeypatch.setattr(keras.models, "load_model", lambda *_, **__: pytest.fail("the file reached Keras"))
    with pytest.raises(ModelFileError, match=r"Lambda layer with code, which is never run.*registered layer"):
        load_tf_model_from_path(path)


def test_lambdas_as_keras_2_wrote_them_are_refused_too(tmp_path):
    path = tmp_path / "old.h5"
    layer = {"class_name": "Lambda", "config": {"function": ["4wEA", None, None], "function_type": "lambda"}}
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": [layer]})
    with pytest.raises(ModelFileError, match=r"Lambda layer with code"):
        load_tf_model_from_path(path)


def test_a_layer_that_keras_does_not_know_says_how_to_register_it(saved):
    class Own(layers.Layer):
        def call(self, inputs):
            return inputs

    inputs = keras.Input((3,))
    path = saved(keras.Model(inputs, Own()(inputs)), "own.keras")
    with pytest.raises(ModelFileError, match=r"Keras could not load .*register_keras_serializable"):
        load_tf_model_from_path(path)


def test_importing_the_package_imports_no_tensorflow():
    code = "import sys, deepview_lab.tensorflow; print({'tensorflow', 'keras', 'h5py'} & set(sys.modules))"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output.strip() == "set()"


def test_without_tensorflow_the_extra_is_named(tmp_path):
    path = tmp_path / "model.keras"
    path.write_bytes(b"")
    code = (
        "import sys\nsys.modules['tensorflow'] = None\n"
        "from deepview_lab.exceptions import MissingExtraError\n"
        "from deepview_lab.tensorflow import load_tf_model_from_memory, load_tf_model_from_path\n"
        "for load, argument in ((load_tf_model_from_memory, 3), (load_tf_model_from_path, sys.argv[1])):\n"
        "    try:\n        load(argument)\n    except MissingExtraError as error:\n        print(error)\n"
    )
    output = subprocess.run([sys.executable, "-c", code, path], capture_output=True, text=True, check=True).stdout
    assert output.count("needs TensorFlow, which is not installed. Run: pip install 'deepview_lab[tensorflow]'") == 2


def test_another_backend_says_how_to_change_it(monkeypatch):
    monkeypatch.setattr(keras.backend, "backend", lambda: "torch")
    with pytest.raises(RuntimeError, match=r"runs on torch. Set KERAS_BACKEND=tensorflow"):
        load_tf_model_from_memory(model=functional())
