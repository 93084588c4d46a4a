"""Groups of channels: which layers share them, and that their parameters are those of the whole network."""

from __future__ import annotations

import pytest

from deepview_lab.base import Layer, ResponseInfo
from deepview_lab.base.response import ChannelGroup

keras = pytest.importorskip("keras")


def groups_of(model):
    from deepview_lab.tensorflow import load_tf_model_from_memory

    infos = load_tf_model_from_memory(model=model).response_infos
    return {name: info.group for name, info in infos.items()}


def counted(groups):
    """Parameters of all groups, and of kernels between them, each once."""
    found = {group.name: group for group in groups.values() if group is not None}
    pairs = {frozenset({name, other}): count for name, group in found.items() for other, count in group.links if other}
    outside = sum(count for group in found.values() for other, count in group.links if not other)
    return sum(group.parameters for group in found.values()) + sum(pairs.values()) + outside


def test_layers_that_pass_channels_on_are_of_the_group_of_the_layer_that_makes_them():
    layers = keras.layers
    given = keras.Input((8, 8, 3), name="given")
    x = layers.Conv2D(8, 3, padding="same", name="make")(given)
    x = layers.ReLU(name="relu")(layers.BatchNormalization(name="norm")(x))
    y = layers.DepthwiseConv2D(3, padding="same", name="depth")(x)
    y = layers.Conv2D(8, 1, name="project", use_bias=False)(layers.MaxPooling2D(1, name="pool")(y))
    z = layers.Dropout(0.1, name="drop")(layers.Flatten(name="flat")(layers.Add(name="sum")([x, y])))
    model = keras.Model(given, layers.Dense(2, name="head")(layers.Concatenate(name="both")([z, z])))

    groups = groups_of(model)
    assert {name: group and group.name for name, group in groups.items()} == {
        "given": None,
        **dict.fromkeys(("make", "norm", "relu", "depth", "pool", "project", "sum"), "make"),
        **dict.fromkeys(("flat", "drop", "both")),
        "head": "head",
    }
    own = 8 + 4 * 8 + 9 * 8 + 8  # bias, batch norm, depthwise kernel and bias
    assert groups["make"] == ChannelGroup("make", own, (("", 9 * 3 * 8), ("make", 8 * 8)))
    assert groups["head"] == ChannelGroup("head", 2, (("", 2 * 512 * 2),))


@pytest.mark.parametrize("name", ["MobileNetV2", "ResNet50"])
def test_groups_hold_every_parameter_of_a_known_network_once(name):
    model = getattr(keras.applications, name)(weights=None, input_shape=(64, 64, 3), classes=10)
    groups = groups_of(model)
    assert counted(groups) == model.count_params()
    # What only pads the input passes on channels that nobody prunes.
    given = {model.inputs[0]._keras_history.operation.name, "conv1_pad"}
    assert {name for name, group in groups.items() if group is None} <= given


def test_a_shared_layer_is_counted_once_and_makes_one_group():
    shared = keras.layers.Dense(4, name="shared")
    first, second = keras.Input((4,)), keras.Input((4,))
    model = keras.Model([first, second], keras.layers.Add(name="sum")([shared(first), shared(second)]))
    groups = {name: group for name, group in groups_of(model).items() if group is not None}
    assert set(groups.values()) == {ChannelGroup("shared", 4, (("", 16),))}


def test_another_number_of_units_is_of_no_known_group():
    info = ResponseInfo("a", None, (None, 4, 8), Layer("a"), group=ChannelGroup("a"))
    assert info.with_shape((None, 8), -1).group == ChannelGroup("a")
    assert info.with_shape((None, 32), -1).group is None
