"""Models within models, shared layers, several inputs and outputs: names, and values as running the part by hand."""

import keras
import numpy as np
import pytest
from keras import layers

from deepview_lab.base import LayerKind, peek_first_batch, pipeline
from deepview_lab.base.networks.naming import Names
from deepview_lab.exceptions import DeepViewException
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import load_tf_model_from_memory

from .models import functional, several_heads, two_inputs, two_towers

RANDOM = np.random.default_rng(3)
TILES = {name: RANDOM.standard_normal((5, 6, 6, 2), np.float32) for name in ("left", "right")}


def responses(model, fields, requested=None):
    stage = load_tf_model_from_memory(model=model)(requested)
    return dict(peek_first_batch(pipeline(StubProducer(fields), stage), len(next(iter(fields.values())))).fields)


def by_hand(part, *inputs):
    return part.predict_on_batch(inputs[0] if len(inputs) == 1 else list(inputs))


def close(got, wanted):
    np.testing.assert_allclose(got, np.asarray(wanted), rtol=1e-5, atol=1e-6)


def test_layers_of_inner_models_have_paths_and_each_call_its_own_name():
    infos = load_tf_model_from_memory(model=two_towers()).response_infos
    tower = ["block/conv", "block/norm", "block", "pool", "code"]
    assert list(infos) == [
        *("left", "right"),
        *(f"tower/{name}" for name in tower),
        "tower",
        *(f"tower#2/{name}" for name in tower),
        "tower#2",
        *("difference", "same"),
    ]
    assert infos["tower/block/conv"].layer.kind is infos["tower#2/block/conv"].layer.kind is LayerKind.CONV_2D
    assert infos["tower/block"].layer.typename == "Functional"
    assert infos["tower/block"].shape == (None, 4, 4, 3)


def test_responses_of_inner_layers_are_those_of_the_parts_run_by_hand():
    model = two_towers()
    got = responses(model, TILES)
    tower = model.get_layer("tower")
    block = tower.get_layer("block")
    conv = keras.Model(block.inputs, block.get_layer("conv").output)
    for call, side in (("tower", "left"), ("tower#2", "right")):
        close(got[f"{call}/block/conv"], by_hand(conv, TILES[side]))
        close(got[f"{call}/block"], by_hand(block, TILES[side]))
        close(got[f"{call}/pool"], by_hand(block, TILES[side]).max((1, 2)))
        close(got[call], by_hand(tower, TILES[side]))
        assert np.array_equal(got[f"{call}/code"], got[call])
    close(got["same"], by_hand(model, TILES["left"], TILES["right"]))


def test_a_response_is_the_same_whether_asked_for_alone_or_with_all():
    model = two_towers()
    everything = responses(model, TILES)
    for name, values in everything.items():
        close(responses(model, TILES, [name])[name], values)


def test_only_what_is_needed_is_run():
    class Unwilling(layers.Layer):
        def call(self, inputs):
            if not isinstance(inputs, keras.KerasTensor) and refusing:
                raise RuntimeError("nobody asked for me")
            return inputs

    refusing = False
    x = keras.Input((3,), name="x")
    inner = keras.Model(x, Unwilling(name="unwilling")(layers.Dense(2, name="before")(x)), name="inner")
    model = keras.Model(x, layers.Dense(1, name="after")(inner(x)))
    refusing = True
    ones = {"x": np.ones((2, 3), np.float32)}
    close(responses(model, ones, ["inner/before"])["inner/before"], inner.get_layer("before")(ones["x"]))
    with pytest.raises(RuntimeError, match="nobody asked for me"):
        responses(model, ones, ["inner"])


def test_further_calls_of_a_shared_layer_are_responses_of_their_own():
    model = two_inputs()
    fields = {"left": np.eye(3, dtype=np.float32), "right": RANDOM.random((3, 3), np.float32)}
    got = responses(model, fields)
    assert list(got) == ["left", "right", "shared", "shared#2", "difference"]
    close(got["shared"], model.get_layer("shared")(fields["left"]))
    close(got["shared#2"], model.get_layer("shared")(fields["right"]))


def test_calls_of_a_shared_layer_in_a_row_are_counted_along_the_network():
    x = keras.Input((3,), name="x")
    step = layers.Dense(3, activation="tanh", name="step")
    model = keras.Model(x, layers.ReLU(name="end")(step(layers.ReLU(name="between")(step(x)))))
    fields = {"x": RANDOM.standard_normal((4, 3), np.float32)}
    got = responses(model, fields)
    assert list(got) == ["x", "step", "between", "step#2", "end"]
    close(got["step#2"], step(np.maximum(step(fields["x"]), 0)))


def test_several_inputs_and_outputs_of_inner_models_and_sums_as_outputs():
    model = several_heads()
    fields = {"first": RANDOM.random((4, 3), np.float32), "second": RANDOM.random((4, 2), np.float32)}
    got = responses(model, fields)
    total = model.outputs[1]._keras_history.operation.name  # add, add_1, ...
    assert set(got) == {
        *("first", "second", "heads/joined", "heads/box", "heads/class", "heads/boxes", "heads/classes", total),
    }
    heads = model.get_layer("heads")
    wanted = heads.predict_on_batch([fields["first"], fields["second"]])
    close(got["heads/joined"], np.concatenate([fields["first"], fields["second"]], axis=1))
    close(got["heads/boxes"], wanted["boxes"])
    close(got["heads/classes"], wanted["classes"])
    close(got[total], wanted["boxes"] + 1)
    assert load_tf_model_from_memory(model=model).response_infos[total].layer.typename == "Add"


def test_masks_pass_through_inner_models():
    words = keras.Input((6,), dtype="int32", name="words")
    embedded = layers.Embedding(9, 4, mask_zero=True, name="vectors")(words)
    embedder = keras.Model(words, layers.Dense(4, name="mixed")(embedded), name="embedder")
    text = keras.Input((6,), dtype="int32", name="text")
    model = keras.Model(text, layers.LSTM(3, name="memory")(embedder(text)))
    fields = {"text": np.array([[1, 2, 0, 0, 0, 0], [3, 4, 5, 6, 7, 8]], np.int32)}
    close(responses(model, fields)["memory"], by_hand(model, fields["text"]))


def test_a_mask_outlives_an_inner_model_as_it_does_in_keras():
    class Reader(layers.Layer):
        def __init__(self):
            super().__init__(name="reader")
            self.supports_masking = True
            self.memory = layers.LSTM(3, name="memory")

        def call(self, inputs):  # the mask comes with the tensor, not as an argument
            return self.memory(inputs)

    vectors = keras.Input((6, 4), name="vectors")
    doubler = keras.Model(vectors, vectors * 2, name="doubler")  # arithmetic alone would lose the mask
    doubler.supports_masking = True
    text = keras.Input((6,), dtype="int32", name="text")
    embedded = layers.Embedding(9, 4, mask_zero=True, name="embedded")(text)
    model = keras.Model(text, Reader()(doubler(embedded)))
    fields = {"text": np.array([[1, 2, 0, 0, 0, 0], [3, 4, 5, 6, 7, 8]], np.int32)}
    close(responses(model, fields)["reader/memory"], by_hand(model, fields["text"]))


def test_a_mask_that_is_passed_explicitly_reaches_the_inner_layers():
    steps = keras.Input((6, 4), name="steps")
    inner = keras.Model(steps, layers.LSTM(3, name="memory")(steps), name="inner")
    inner.supports_masking = True
    x, present = keras.Input((6, 4), name="x"), keras.Input((6,), dtype="bool", name="present")
    model = keras.Model([x, present], inner(x, mask=present))
    fields = {
        "x": RANDOM.random((2, 6, 4), np.float32),
        "present": np.array([[True, True, False, False, False, False], [True] * 6]),
    }
    got = responses(model, fields)
    close(got["inner/memory"], by_hand(model, fields["x"], fields["present"]))
    assert not np.allclose(got["inner/memory"], by_hand(inner, fields["x"]))


def test_branches_come_in_the_order_of_keras_summary():
    x = keras.Input((3,), name="x")
    ends = [layers.Dense(2, name=f"{side}2")(layers.Dense(2, name=f"{side}1")(x)) for side in "ab"]
    model = keras.Model(x, layers.Add(name="joined")(ends))
    names = list(load_tf_model_from_memory(model=model).response_infos)
    assert names == [layer.name for layer in model.layers] == ["x", "a1", "b1", "a2", "b2", "joined"]


def test_mixed_precision_stays_mixed():
    keras.utils.set_random_seed(7)
    x = keras.Input((3,), name="x")
    inner = keras.Sequential([keras.Input((3,)), layers.Dense(4, dtype="mixed_float16", name="half")], name="inner")
    model = keras.Model(x, layers.Dense(2, name="full")(inner(x)))
    fields = {"x": RANDOM.random((3, 3), np.float32)}
    got = responses(model, fields)
    assert {name: values.dtype.name for name, values in got.items()} == {
        "x": "float32",
        "inner/half": "float16",
        "inner": "float16",
        "full": "float32",
    }
    close(got["full"], by_hand(model, fields["x"]))


def test_channels_first_holds_within_inner_models():
    x = keras.Input((3, 8, 8))
    maps = keras.Input((4, 6, 6))
    inner = keras.Model(maps, layers.ReLU(name="relu")(maps), name="inner")
    y = inner(layers.Conv2D(4, 3, data_format="channels_first", name="conv")(x))
    infos = load_tf_model_from_memory(model=keras.Model(x, layers.Dropout(0.1, name="end")(y))).response_infos
    assert [infos[name].unit_axis for name in ("conv", "inner/relu", "inner", "end")] == [1, 1, 1, 1]


def test_reading_a_nested_model_changes_nothing_of_it():
    backbone = functional("backbone")
    backbone.get_layer("head").activity_regularizer = keras.regularizers.L2(0.1)
    images = keras.Input((8, 8, 3), name="images")
    model = keras.Model(images, layers.Dense(2, name="top")(backbone(images)))
    model.compile(optimizer="adam", loss="mse")
    model(np.ones((2, 8, 8, 3), np.float32))
    every = model._flatten_layers()

    def state():
        return (
            [(layer.name, layer.trainable, len(layer._inbound_nodes), len(layer._outbound_nodes)) for layer in every],
            [{name: id(value) for name, value in vars(layer).items()} for layer in every],
            [variable.numpy().tolist() for variable in model.variables],
            [id(loss) for loss in model.losses],
            model.get_config(),
        )

    before = state()
    assert len(before[3]) == 1
    responses(model, {"images": RANDOM.random((3, 8, 8, 3), np.float32)})
    assert state() == before


def test_a_response_without_a_row_per_sample_says_so():
    x = keras.Input((4,), name="x")
    model = keras.Model(x, keras.ops.reshape(layers.Dense(4, name="dense")(x), (-1, 2)))
    with pytest.raises(DeepViewException, match=r"'reshape' has shape \(6, 2\) for a batch of 3 samples"):
        responses(model, {"x": np.ones((3, 4), np.float32)})


def test_names_are_given_once():
    names = Names(["taken"])
    assert [names.claim(name) for name in ("a", "a", "taken", "a#2", "a")] == ["a", "a#2", "taken#2", "a#2#2", "a#3"]
