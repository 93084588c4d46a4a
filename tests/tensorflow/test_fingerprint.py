"""Models are told apart by what they compute, not by how they were loaded."""

from __future__ import annotations

import keras
import numpy as np

from deepview_lab.base.fingerprint import model_fingerprint
from deepview_lab.tensorflow import load_tf_model_from_memory, load_tf_model_from_path


def network(units=3):
    keras.utils.set_random_seed(1)
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(units, name="dense")])


def test_a_model_and_its_file_are_one_and_trained_weights_are_another(tmp_path):
    net = network()
    net.save(tmp_path / "net.keras")
    model = load_tf_model_from_memory(model=net)
    first = model_fingerprint(model)
    assert first == model_fingerprint(load_tf_model_from_path(tmp_path / "net.keras"))
    net.layers[-1].set_weights([np.ones((4, 3)), np.zeros(3)])
    trained = model_fingerprint(model)
    assert trained["weights"] != first["weights"]
    assert trained["architecture"] == first["architecture"]
    assert model_fingerprint(load_tf_model_from_memory(model=network(5)))["architecture"] != first["architecture"]


def test_the_weights_of_a_saved_model_count(tmp_path):
    net = network()
    net.export(tmp_path / "saved", verbose=False)
    first = model_fingerprint(load_tf_model_from_path(tmp_path / "saved"))
    assert first == model_fingerprint(load_tf_model_from_path(tmp_path / "saved"))
    net.layers[-1].set_weights([np.ones((4, 3)), np.zeros(3)])
    net.export(tmp_path / "trained", verbose=False)
    assert model_fingerprint(load_tf_model_from_path(tmp_path / "trained"))["weights"] != first["weights"]
