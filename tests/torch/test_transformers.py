"""Transformers: padding counts nowhere."""

import numpy as np
import pytest
import torch

import deepview_lab
from deepview_lab.base import as_model, pipeline
from deepview_lab.introspectors import IUA
from deepview_lab.processors import TokenPooler
from tests.torch.networks import Encoder

RANDOM = np.random.default_rng(3)
LENGTHS = RANDOM.integers(1, 8, 30)
MASK = (np.arange(7) < LENGTHS[:, None]).astype(np.int64)
DATA = {"input_ids": RANDOM.integers(1, 20, (30, 7)) * MASK, "attention_mask": MASK}


def encoder():
    torch.manual_seed(0)
    net = Encoder()
    with torch.no_grad():
        net.layers[1].linear1.weight[5] = 0
        net.layers[1].linear1.bias[5] = -1  # a neuron that no token activates
    return net


def neurons_without_padding(net, layer):
    """Return the neurons of each token, from sequences that were cut before the model saw them."""
    found = []

    def keep(_module, _args, output):
        found.append(torch.relu(output)[0].numpy())

    handle = net.layers[layer].linear1.register_forward_hook(keep)
    with torch.no_grad():
        for row, length in zip(DATA["input_ids"], LENGTHS, strict=True):
            net.eval()(torch.tensor(row[None, :length]))
    handle.remove()
    return np.concatenate(found)


def test_the_dead_neurons_of_a_transformer_in_one_line():
    net = encoder()
    run = deepview_lab.introspect(net, DATA, batch_size=8)
    results = run.wait()
    layers = results["iua"].results
    parts = ["0.self_attn", "0.relu()", "1.self_attn", "1.relu()", "1.linear2"]
    assert list(layers) == [f"layers.{part}" for part in parts]
    neurons = neurons_without_padding(encoder(), 1)
    assert layers["layers.1.relu()"].samples == LENGTHS.sum() == len(neurons)
    np.testing.assert_array_equal(layers["layers.1.relu()"].counts, (neurons == 0).sum(axis=0))
    assert layers["layers.1.relu()"].counts[5] == LENGTHS.sum()
    known = np.cov(neurons.astype(np.float64), rowvar=False)
    np.testing.assert_allclose(results["pfa"].covariances["layers.1.relu()"].covariances, known, rtol=1e-4, atol=1e-5)
    assert "padding is left out, each token counts as a sample" in run.note.lower()


@pytest.mark.parametrize("tokens", ["mean", "first", "last"])
def test_one_vector_for_each_sequence_does_not_depend_on_padding(tokens):
    net = encoder()
    model = as_model(net, example=DATA)
    stage = model(["output/last_hidden_state", "attention_mask"])
    [batch] = pipeline(DATA, stage, TokenPooler(tokens))(30)
    with torch.no_grad():
        for row, length, got in zip(DATA["input_ids"], LENGTHS, batch.fields["output/last_hidden_state"], strict=True):
            states = net.eval()(torch.tensor(row[None, :length]))["last_hidden_state"][0].numpy()
            expected = {"mean": states.mean(0), "first": states[0], "last": states[-1]}[tokens]
            np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_shapes_are_assumed_and_the_mask_is_an_input():
    infos = as_model(encoder()).response_infos
    assert list(infos)[:2] == ["input_ids", "attention_mask"]
    assert infos["layers.1.linear1"].shape == (None, None, 24)
    assert infos["output/pooler_output"].shape == (None, 16)
    stage = as_model(encoder())(["tanh()"])
    assert list(IUA.introspect(pipeline(DATA, stage)).results) == ["tanh()"]
