"""Responses of Keras models: which there are, what is known of them, and what comes out."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from keras import layers

from deepview_lab.base import Batch, LayerKind, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException, UnknownNameError
from deepview_lab.samples import StubImageDataset, StubProducer
from deepview_lab.tensorflow import load_tf_model_from_memory
from deepview_lab.tensorflow.graph.kinds import kind_of_layer

from .models import functional, sequential, two_inputs, with_states

IMAGES = StubImageDataset(7, image_width=8, image_height=8)


def gather(producer, name, batch_size):
    return np.concatenate([batch.fields[name] for batch in producer(batch_size)])


def pixels():
    return gather(IMAGES, "images", 7)


def test_responses_come_in_network_order_under_the_layers_names():
    model = functional()
    infos = load_tf_model_from_memory(model=model).response_infos
    assert list(infos) == [layer.name for layer in model.layers]
    assert {name: (info.shape, info.layer.kind, info.layer.typename) for name, info in infos.items()} == {
        "pixels": ((None, 8, 8, 3), LayerKind.PLACEHOLDER, "InputLayer"),
        "stem": ((None, 6, 6, 4), LayerKind.CONV_2D, "Conv2D"),
        "norm": ((None, 6, 6, 4), LayerKind.BATCH_NORM, "BatchNormalization"),
        "clipped": ((None, 6, 6, 4), LayerKind.RELU6, "ReLU"),
        "depthwise": ((None, 4, 4, 4), LayerKind.CONV_2D, "DepthwiseConv2D"),
        "squashed": ((None, 4, 4, 4), LayerKind.TANH, "Activation"),
        "pool": ((None, 2, 2, 4), LayerKind.MAX_POOLING_2D, "MaxPooling2D"),
        "drop": ((None, 2, 2, 4), LayerKind.DROPOUT, "Dropout"),
        "average": ((None, 4), LayerKind.AVERAGE_POOLING_2D, "GlobalAveragePooling2D"),
        "head": ((None, 5), LayerKind.DENSE, "Dense"),
    }
    assert all(info.dtype == np.float32 and info.unit_axis == -1 for info in infos.values())


def test_the_input_may_have_any_name():
    model = load_tf_model_from_memory(functional())
    assert list(model.input_layers) == ["pixels"]
    assert model.name == "small"


def test_all_responses_are_those_of_the_layers_in_inference_mode():
    model = functional()
    batch = peek_first_batch(pipeline(IMAGES, load_tf_model_from_memory(model=model)()), 7)
    x = pixels()
    for layer in model.layers:
        x = np.asarray(layer(x, training=False)) if not isinstance(layer, layers.InputLayer) else x
        np.testing.assert_allclose(batch.fields[layer.name], x, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("batch_size", [1, 3, 7])
def test_any_batch_size_gives_the_same_responses_and_keeps_its_axis(batch_size):
    stage = load_tf_model_from_memory(model=functional())(["stem", "head"])
    for name, shape in (("stem", (7, 6, 6, 4)), ("head", (7, 5))):
        got, whole = gather(pipeline(IMAGES, stage), name, batch_size), gather(pipeline(IMAGES, stage), name, 7)
        assert got.shape == shape
        np.testing.assert_allclose(got, whole, rtol=1e-5, atol=1e-6)


def test_an_empty_batch_gives_empty_responses():
    stage = load_tf_model_from_memory(model=functional())("stem")
    chain = pipeline(lambda _: [Batch({"pixels": np.zeros((0, 8, 8, 3), np.float32)})], stage)
    assert peek_first_batch(chain).fields["stem"].shape == (0, 6, 6, 4)


def test_each_set_of_responses_is_traced_once_whatever_the_batch_sizes():
    model = load_tf_model_from_memory(model=functional())
    for requested in (["stem", "head"], ["head", "stem"], ["stem"]):
        for batch_size in (3, 4, 1):
            list(pipeline(IMAGES, model(requested))(batch_size))
    functions = model._details._functions
    assert set(functions) == {frozenset({"stem", "head"}), frozenset({"stem"})}
    assert [function.experimental_get_tracing_count() for function in functions.values()] == [1, 1]


def test_worker_threads_trace_once_and_agree():
    model = load_tf_model_from_memory(model=functional())

    def head(_):
        return gather(pipeline(IMAGES, model("head")), "head", 3)

    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(head, range(8))
    assert all(np.array_equal(other, first) for other in others)
    (function,) = model._details._functions.values()
    assert function.experimental_get_tracing_count() == 1


def test_the_users_model_stays_as_it_was():
    model = functional()
    model.compile(optimizer="adam", loss="mse")
    model.get_layer("stem").trainable = False

    def state():
        return (
            model.name,
            model.trainable,
            [(layer.name, layer.trainable, len(layer._inbound_nodes)) for layer in model.layers],
            id(model.optimizer),
            [variable.numpy().tolist() for variable in model.variables],
            model.get_config(),
        )

    before = state()
    list(pipeline(IMAGES, load_tf_model_from_memory(model=model)())(3))
    assert state() == before


def test_names_of_models_made_later_are_not_shifted():
    def automatic_name(*, introspected):
        keras.backend.clear_session()
        ours = load_tf_model_from_memory(model=functional())
        if introspected:
            list(pipeline(IMAGES, ours("stem"))(7))
        inputs = keras.Input((2,))
        return keras.Model(inputs, layers.Dense(2)(inputs)).name

    assert automatic_name(introspected=True) == automatic_name(introspected=False)


def test_weights_that_change_later_show_in_the_responses():
    model = functional()
    chain = pipeline(IMAGES, load_tf_model_from_memory(model=model)("head"))
    before = gather(chain, "head", 7)
    model.get_layer("head").kernel.assign_add(np.ones((4, 5)) * np.arange(5))
    after = gather(chain, "head", 7)
    assert not np.allclose(before, after)
    np.testing.assert_allclose(after, model.predict_on_batch(pixels()), rtol=1e-5)


def test_the_weights_are_those_of_the_model_as_they_are_now():
    network = functional()
    details = load_tf_model_from_memory(network)._details
    for _ in range(2):
        pairs = zip(details.weights(), network.get_weights(), strict=True)
        assert all(np.array_equal(ours, theirs) for ours, theirs in pairs)
        network.set_weights([weight + 1 for weight in network.get_weights()])


def test_a_sequential_model_shows_its_input_too():
    model = sequential()
    ours = load_tf_model_from_memory(model=model)
    assert list(ours.response_infos) == ["tiles", "flat", "hidden", "out"]
    x = np.random.default_rng(0).random((3, 4, 4, 1), np.float32)
    fields = peek_first_batch(pipeline(StubProducer({"x": x}), ours(["out"])), 3).fields
    np.testing.assert_allclose(fields["out"], model.predict_on_batch(x), rtol=1e-5)


def test_a_sequential_model_that_was_called_once_takes_other_batch_sizes():
    model = sequential(built=False)
    model(np.zeros((4, 4, 4, 1), np.float32))
    chain = pipeline(StubImageDataset(5, 4, 4, 1), load_tf_model_from_memory(model=model)("hidden"))
    assert gather(chain, "hidden", 2).shape == (5, 6)


def test_an_unbuilt_sequential_model_says_what_to_do():
    with pytest.raises(DeepViewException, match=r"'stack' is not built.*Call it once.*keras\.Input\(shape=\.\.\.\)"):
        load_tf_model_from_memory(model=sequential(built=False))


def test_no_model_and_no_keras_model_are_refused():
    with pytest.raises(ValueError, match=r"needs a Keras model"):
        load_tf_model_from_memory()
    with pytest.raises(DeepViewException, match=r"needs a keras.Model, but got a path. Write load_tf_model_from_path"):
        load_tf_model_from_memory(model="model.keras")


def test_several_inputs_are_fed_by_name():
    model = two_inputs()
    ours = load_tf_model_from_memory(model=model)
    left, right = np.eye(3, dtype=np.float32), np.ones((3, 3), np.float32)
    fields = {"right": right, "left": left}
    batch = peek_first_batch(pipeline(StubProducer(fields), ours(["difference", "shared"])), 3)
    expected = model.predict_on_batch({"left": left, "right": right})
    np.testing.assert_allclose(batch.fields["difference"], expected, atol=1e-6)
    np.testing.assert_allclose(batch.fields["shared"], np.asarray(model.get_layer("shared")(left)), atol=1e-6)


def test_a_missing_input_is_named():
    chain = pipeline(StubProducer({"left": np.zeros((2, 3))}), load_tf_model_from_memory(model=two_inputs())("shared"))
    with pytest.raises(DeepViewException, match=r"needs the inputs 'left', 'right'"):
        peek_first_batch(chain)


def test_outputs_of_one_layer_are_numbered():
    model = with_states()
    ours = load_tf_model_from_memory(model=model)
    assert list(ours.response_infos) == ["steps", "memory/0", "memory/1", "memory/2", "pooled", "all"]
    assert ours.response_infos["memory/0"].shape == (None, 5, 3)
    assert ours.response_infos["memory/1"].layer.kind is LayerKind.LSTM
    x = np.random.default_rng(0).random((2, 5, 2), np.float32)
    fields = peek_first_batch(pipeline(StubProducer({"x": x}), ours(["memory/0", "memory/1"])), 2).fields
    np.testing.assert_allclose(fields["memory/0"][:, -1], fields["memory/1"], atol=1e-6)


def test_a_layer_that_is_used_elsewhere_shows_its_call_in_this_model():
    shared = layers.Dense(2, name="shared")
    shared(keras.Input((3,)))
    inputs = keras.Input((3,), name="mine")
    ours = load_tf_model_from_memory(model=keras.Model(inputs, shared(inputs)))
    x = np.eye(3, dtype=np.float32)
    fields = peek_first_batch(pipeline(StubProducer({"x": x}), ours("shared")), 3).fields
    np.testing.assert_allclose(fields["shared"], np.asarray(shared(x)), atol=1e-6)


def test_channels_first_layers_count_units_on_axis_1():
    inputs = keras.Input((3, 8, 8))
    x = layers.Conv2D(4, 3, data_format="channels_first", name="conv")(inputs)
    x = layers.ReLU(name="relu")(x)
    x = layers.GlobalAveragePooling2D(data_format="channels_first", name="average")(x)
    infos = load_tf_model_from_memory(model=keras.Model(inputs, layers.Dense(2, name="head")(x))).response_infos
    assert {name: (infos[name].unit_axis, infos[name].units) for name in ("conv", "relu", "average", "head")} == {
        "conv": (1, 4),
        "relu": (1, 4),
        "average": (-1, 4),
        "head": (-1, 2),
    }


def test_a_changed_shape_midway_says_both_shapes():
    def growing(_):
        yield Batch({"pixels": np.zeros((2, 8, 8, 3), np.float32)})
        yield Batch({"pixels": np.zeros((2, 9, 9, 3), np.float32)})

    chain = pipeline(growing, load_tf_model_from_memory(model=functional())("stem"))
    with pytest.raises(DeepViewException, match=r"'pixels' needs samples of shape \(8, 8, 3\), but .* \(9, 9, 3\)"):
        list(chain(2))


def test_an_unknown_input_of_the_details_is_named():
    details = load_tf_model_from_memory(model=functional())._details
    with pytest.raises(UnknownNameError, match=r"Unknown input 'pixel'. Did you mean 'pixels'"):
        details.run({"pixel": pixels()}, ("stem",))
    with pytest.raises(UnknownNameError, match=r"Unknown field for the input 'pixels'"):
        details.run({}, ("stem",))


@pytest.mark.parametrize("dtype", [np.uint8, np.float64, np.float16])
def test_arrays_of_another_dtype_are_converted(dtype):
    stage = load_tf_model_from_memory(model=functional())("stem")
    images = (pixels() * 10).astype(dtype)
    got = peek_first_batch(pipeline(StubProducer({"x": images}), stage), 7).fields["stem"]
    want = peek_first_batch(pipeline(StubProducer({"x": images.astype(np.float32)}), stage), 7).fields["stem"]
    assert np.array_equal(got, want)


def test_bfloat16_responses_come_as_float32():
    inputs = keras.Input((3,))
    model = keras.Model(inputs, layers.Dense(2, dtype="mixed_bfloat16", name="head")(inputs))
    ours = load_tf_model_from_memory(model=model)
    got = peek_first_batch(pipeline(StubProducer({"x": np.ones((2, 3))}), ours("head")), 2).fields["head"]
    assert got.dtype == ours.response_infos["head"].dtype == np.float32


class Doubled(layers.Dense):
    """A layer of a user, derived from a Keras layer."""


@pytest.mark.parametrize(
    ("layer", "kind"),
    [
        (Doubled(2), LayerKind.DENSE),
        (layers.TimeDistributed(layers.Conv1D(2, 1)), LayerKind.CONV_1D),
        (layers.Bidirectional(layers.GRU(2)), LayerKind.RNN),
        (layers.GRU(2), LayerKind.GRU),
        (layers.SpatialDropout2D(0.1), LayerKind.DROPOUT_2D),
        (layers.ReLU(), LayerKind.RELU),
        (layers.LeakyReLU(), LayerKind.LEAKY_RELU),
        (layers.Activation("softmax"), LayerKind.SOFTMAX),
        (layers.Activation("gelu"), LayerKind.GELU),
        (layers.Activation("softplus"), LayerKind.UNKNOWN),
        (layers.MultiHeadAttention(2, 2), LayerKind.ATTENTION),
        (layers.Conv3DTranspose(2, 2), LayerKind.CONV_TRANSPOSE_3D),
        (layers.Add(), LayerKind.UNKNOWN),
        (layers.Dense(2, name="conv2d_relu"), LayerKind.DENSE),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_kinds_come_from_the_class_not_the_name(layer, kind):
    assert kind_of_layer(layer) is kind
