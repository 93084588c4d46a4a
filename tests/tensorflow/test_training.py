"""The user goes on with a model as if it had never been introspected: calls, losses, training, eager or not."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers
from keras.src.backend.common import global_state

from deepview_lab.base import pipeline
from deepview_lab.engine import start
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import load_tf_model_from_memory

from .models import Tagger

SEQUENCES = np.random.default_rng(5).standard_normal((24, 5, 4), np.float32)
TAGS = np.random.default_rng(6).standard_normal((24, 5, 3), np.float32)


def graph():
    """Return a functional model with losses of its own, a frozen layer, dropout and moving averages."""
    keras.utils.set_random_seed(7)
    steps = keras.Input((5, 4), name="steps")
    x = layers.Conv1D(6, 3, padding="same", activation="relu", kernel_regularizer="l2", name="conv")(steps)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.Dropout(0.5, name="drop")(x)
    x = layers.Dense(3, activity_regularizer="l2", name="mixed")(x)
    model = keras.Model(steps, {"tags": layers.Dense(3, name="head")(x)}, name="graph")
    model.get_layer("mixed").trainable = False
    return model


def subclassed():
    """Return a built subclassed model that counts its calls and has a loss of its own."""
    keras.utils.set_random_seed(7)
    model = Tagger()
    model(np.zeros((1, 5, 4), np.float32))
    model.blocks[0].trainable = False
    return model


MODELS = pytest.mark.parametrize("make", [graph, subclassed])


def responses(model):
    return pipeline(StubProducer({"x": SEQUENCES}), load_tf_model_from_memory(model=model)())


def introspect(model):
    return start(responses(model), IUA.spec(), PFA.spec(pool="average"), batch_size=10).wait(120)


def introspect_here(model):
    """Introspect on this thread: Keras keeps the context of calls by thread."""
    IUA.introspect(responses(model), batch_size=10)


def trained(model, *, epochs):
    """Train a model, which it may have been before, and return the losses of the epochs."""
    history = model.fit(SEQUENCES, {"tags": TAGS}, batch_size=8, epochs=epochs, shuffle=False, verbose=0).history
    return history["loss"]


def ready(make, *, run_eagerly=False):
    model = make()
    model.compile(optimizer="adam", loss={"tags": "mse"}, run_eagerly=run_eagerly)
    return model


def state(model):
    """Return what training has changed: weights, counts, seeds, moving averages, the optimizer's moments."""
    return [variable.numpy() for variable in [*model.variables, *model.optimizer.variables]]


def flags(model):
    return [(layer.name, layer.trainable) for layer in model._flatten_layers()]


@pytest.mark.parametrize(("make", "run_eagerly"), [(graph, False), (subclassed, False), (subclassed, True)])
def test_training_goes_on_as_if_there_had_been_no_introspection(make, run_eagerly):
    untouched, introspected = (ready(make, run_eagerly=run_eagerly) for _ in range(2))
    for model in (untouched, introspected):
        trained(model, epochs=1)
    before = flags(introspected)
    introspect(introspected)
    assert flags(introspected) == before
    assert introspected.run_eagerly == run_eagerly
    assert introspected.optimizer.iterations == 3
    expected, found = (trained(model, epochs=2) for model in (untouched, introspected))
    assert expected[0] != expected[1]
    assert found == pytest.approx(expected, rel=1e-5)
    for here, there in zip(state(introspected), state(untouched), strict=True):
        np.testing.assert_allclose(here, there, rtol=1e-4, atol=1e-6)


@MODELS
def test_calls_have_the_losses_that_they_had_before(make):
    model = make()
    model(SEQUENCES, training=False)
    before = [loss.numpy() for loss in model.losses]
    introspect_here(model)
    for _ in range(3):
        model(SEQUENCES, training=False)
    assert [loss.numpy() for loss in model.losses] == pytest.approx(before)
    assert global_state.get_global_attribute("current_call_ctx") is None


def test_an_error_while_layers_are_called_leaves_the_losses_of_later_calls_alone(monkeypatch):
    model = graph()
    model(SEQUENCES)
    count = len(model.losses)
    monkeypatch.setattr(layers.BatchNormalization, "call", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        introspect_here(model)
    monkeypatch.undo()
    for _ in range(3):
        model(SEQUENCES)
    assert len(model.losses) == count


@pytest.mark.parametrize(("make", "eager"), [(subclassed, "model"), (subclassed, "everything"), (graph, "everything")])
def test_models_that_run_eagerly_give_the_responses_of_graphs(make, eager):
    graphs = introspect(ready(make))
    model = ready(make, run_eagerly=eager == "model")
    tf.config.run_functions_eagerly(eager == "everything")
    try:
        found = introspect(model)
    finally:
        tf.config.run_functions_eagerly(False)
    assert list(found["iua"].results) == list(graphs["iua"].results)
    for name, layer in graphs["iua"].results.items():
        np.testing.assert_array_equal(found["iua"].results[name].counts, layer.counts)
        covariances = (run["pfa"].covariances[name].covariances for run in (found, graphs))
        np.testing.assert_allclose(*covariances, rtol=1e-4, atol=1e-7)
