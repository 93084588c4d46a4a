"""The network to try things with."""

import numpy as np
import pytest

from deepview_lab.base import peek_first_batch, pipeline
from deepview_lab.exceptions import UnknownNameError
from deepview_lab.samples import StubImageDataset
from deepview_lab.tensorflow import load_tf_model_from_memory
from deepview_lab.tensorflow.samples import get_simple_cnn_model


def test_it_can_be_read():
    model = load_tf_model_from_memory(get_simple_cnn_model())
    chain = pipeline(StubImageDataset(2, 32, 32, 3), model(["conv3_relu", "classes"]))
    fields = peek_first_batch(chain, 2).fields
    assert fields["conv3_relu"].shape == (2, 16, 16, 192)
    assert np.allclose(fields["classes"].sum(axis=1), 1, atol=1e-5)


def test_settings_change_it():
    model = get_simple_cnn_model({"network_input": (16, 16, 1), "num_classes": 4, "batch_norm": None, "drop_out": 0.25})
    assert (model.input_shape, model.output_shape) == ((None, 16, 16, 1), (None, 4))
    kinds = [type(layer).__name__ for layer in model.layers]
    assert "BatchNormalization" not in kinds
    assert {layer.rate for layer in model.layers if type(layer).__name__ == "Dropout"} == {0.25}


def test_a_slip_in_a_setting_is_named():
    with pytest.raises(UnknownNameError, match=r"Unknown setting 'classes'"):
        get_simple_cnn_model({"classes": 4})
