"""SavedModels: final outputs, what is inside, and what is refused. No Keras layer is left in them."""

import warnings

import keras
import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.framework.attr_value_pb2 import AttrValue, NameAttrList
from tensorflow.core.framework.function_pb2 import FunctionDef
from tensorflow.core.framework.node_def_pb2 import NodeDef

from deepview_lab.base import LayerKind, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewWarning, ModelFileError
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import load_tf_model_from_path
from deepview_lab.tensorflow.files import saved_model
from deepview_lab.tensorflow.files import saved_model_folder as saved_model_file

from .models import functional, two_inputs, with_states

PIXELS = np.random.default_rng(2).random((5, 8, 8, 3), np.float32)


@pytest.fixture
def exported(tmp_path):
    def export(model):
        model.export(tmp_path / "served", verbose=False)
        return tmp_path / "served"

    return export


def save(module, folder, spec, **functions):
    """Save a tf.Module whose method ``serve`` is the signature."""
    signature = tf.function(module.serve).get_concrete_function(spec)
    tf.saved_model.save(module, str(folder), signatures={"serving_default": signature, **functions})
    return folder


def responses(path, fields, requested=None):
    stage = load_tf_model_from_path(path)(requested)
    return dict(peek_first_batch(pipeline(StubProducer(fields), stage), len(next(iter(fields.values())))).fields)


def close(got, wanted):
    np.testing.assert_allclose(got, np.asarray(wanted), rtol=1e-5, atol=1e-6)


def test_loading_says_once_for_each_folder_that_its_operations_are_run(exported):
    path = exported(functional())
    with pytest.warns(DeepViewWarning, match="served is a SavedModel: TensorFlow runs the operations in it") as caught:
        load_tf_model_from_path(path)
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        load_tf_model_from_path(path / "saved_model.pb")


def test_operations_and_outputs_are_responses_in_the_order_of_the_network(exported):
    model = load_tf_model_from_path(exported(functional()))
    infos = model.response_infos
    assert model.name == "served"
    assert list(model.input_layers) == ["pixels"]
    assert [(info.layer.name.removesuffix("_1"), info.layer.kind.name, info.shape[1:]) for info in infos.values()] == [
        ("pixels", "PLACEHOLDER", (8, 8, 3)),
        ("stem", "CONV_2D", (6, 6, 4)),
        ("stem", "UNKNOWN", (6, 6, 4)),
        ("stem", "RELU", (6, 6, 4)),
        ("norm_1/batchnorm", "UNKNOWN", (6, 6, 4)),
        ("norm_1/batchnorm", "UNKNOWN", (6, 6, 4)),
        ("clipped", "RELU6", (6, 6, 4)),
        ("depthwise", "CONV_2D", (4, 4, 4)),
        ("depthwise", "UNKNOWN", (4, 4, 4)),
        ("squashed", "TANH", (4, 4, 4)),
        ("pool", "MAX_POOLING_2D", (2, 2, 4)),
        ("average", "UNKNOWN", (4,)),
        ("head", "LINEAR", (5,)),
        ("head", "UNKNOWN", (5,)),
        ("head", "SOFTMAX", (5,)),
        ("output_0", "UNKNOWN", (5,)),
    ]
    assert {info.unit_axis for info in infos.values()} == {-1}
    assert infos["stem_1/Relu"].layer.kind is LayerKind.RELU


@pytest.mark.parametrize("samples", [1, 5])
def test_responses_are_those_of_the_layers_that_were_saved(exported, samples):
    model = functional()
    pixels = PIXELS[:samples]
    got = responses(exported(model), {"pixels": pixels})
    names = {"stem": "stem_1/Relu", "norm": "norm_1/batchnorm/add_1", "squashed": "squashed_1/Tanh"}
    wanted = keras.Model(model.inputs, [model.get_layer(name).output for name in names])([pixels], training=False)
    for name, values in zip(names.values(), wanted, strict=True):
        close(got[name], values)
    close(got["output_0"], model(pixels, training=False))
    assert np.array_equal(got["head_1/Softmax"], got["output_0"])
    assert np.array_equal(got["pixels"], pixels)


def test_the_weights_tell_models_apart(exported, tmp_path):
    network = functional()
    details = load_tf_model_from_path(exported(network))._details
    found = sorted(weight.sum().item() for weight in details.weights())
    assert found == sorted(weight.sum().item() for weight in network.get_weights())


def test_the_weights_of_a_graph_without_variables_are_its_constants(tmp_path):
    class Scaling(tf.Module):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def serve(self, x):
            return {"scaled": x * self.factor}

    folders = [
        save(Scaling(factor), tmp_path / str(number), tf.TensorSpec((None, 2), tf.float32, name="x"))
        for number, factor in enumerate((2.0, 2.0, 3.0))
    ]
    values = [list(load_tf_model_from_path(folder)._details.weights()) for folder in folders]
    assert values == [[2.0], [2.0], [3.0]]


def test_the_file_of_a_saved_model_stands_for_its_directory(exported):
    folder = exported(functional())
    assert list(load_tf_model_from_path(folder / "saved_model.pb").response_infos) == list(
        load_tf_model_from_path(folder).response_infos
    )


def test_several_inputs_are_fed_by_name(exported):
    model = two_inputs()
    fields = {name: np.random.default_rng(len(name)).random((4, 3), np.float32) for name in ("right", "left")}
    got = responses(exported(model), fields)
    close(got["output_0"], model(fields))
    assert [name for name in got if name.endswith("MatMul")] == ["shared_1/MatMul", "shared_3/MatMul"]


def test_what_a_loop_gives_can_be_read_but_not_its_inside(exported):
    model = with_states()
    steps = np.random.default_rng(1).random((4, 5, 2), np.float32)
    got = responses(exported(model), {"steps": steps})
    (sequence,) = (name for name in got if name.startswith("memory_1/transpose"))
    close(got[sequence], model.get_layer("memory")(steps)[0])
    close(got["output_0"], model(steps))


def test_channels_first_is_followed_through_the_graph(tmp_path):
    class Net(tf.Module):
        def __init__(self):
            super().__init__()
            self.kernel = tf.Variable(tf.ones((2, 2, 3, 4)), name="kernel")

        def serve(self, x):
            return {"out": tf.nn.relu(tf.nn.conv2d(x, self.kernel, 1, "VALID", data_format="NCHW"), name="act")}

    infos = load_tf_model_from_path(save(Net(), tmp_path / "net", tf.TensorSpec((None, 3, 8, 8)))).response_infos
    assert {name: info.unit_axis for name, info in infos.items()} == {"x": -1, "Conv2D": 1, "act": 1, "out": -1}


def test_a_signature_for_one_batch_size_serves_any(tmp_path):
    class Pairs(tf.Module):
        def serve(self, x):
            return {"sums": tf.reshape(x, (2, 3)) + 1.0, "total": tf.reduce_sum(x, axis=1)}

    path = save(Pairs(), tmp_path / "pairs", tf.TensorSpec((2, 3)))
    x = np.arange(15, dtype=np.float32).reshape(5, 3)
    got = responses(path, {"x": x})
    assert list(got) == ["x", "sums", "total"]
    close(got["sums"], x + 1)
    close(got["total"], x.sum(1))


def test_when_the_graph_cannot_be_taken_apart_the_outputs_remain(exported, monkeypatch):
    from tensorflow.python.framework import convert_to_constants

    def fail(*_, **__):
        raise ValueError("no way in")

    monkeypatch.setattr(convert_to_constants, "convert_variables_to_constants_v2", fail)
    model = functional()
    with pytest.warns(DeepViewWarning, match="Only the inputs and final outputs .*no way in"):
        got = responses(exported(model), {"pixels": PIXELS})
    assert list(got) == ["pixels", "output_0"]
    close(got["output_0"], model(PIXELS, training=False))


def test_slots_of_an_optimizer_that_is_gone_do_not_hinder(exported):
    # Keras 2 saved the optimizer's slots; without Keras 2 TensorFlow fails on them.
    from tensorflow.core.protobuf import saved_model_pb2

    folder = exported(functional())
    file = folder / "saved_model.pb"
    description = saved_model_pb2.SavedModel.FromString(file.read_bytes())
    nodes = description.meta_graphs[0].object_graph_def.nodes
    variables = [index for index, node in enumerate(nodes) if node.HasField("variable")]
    slot = nodes[0].slot_variables.add()
    slot.original_variable_node_id, slot.slot_variable_node_id, slot.slot_name = variables[0], variables[1], "m"
    file.write_bytes(description.SerializeToString())
    with pytest.raises(AttributeError, match="add_slot"):
        tf.saved_model.load(str(folder))
    assert "stem_1/Relu" in load_tf_model_from_path(folder).response_infos


@pytest.mark.parametrize("where", ["signature", "beside", "called"])
def test_operations_that_reach_outside_are_refused_before_tensorflow_sees_them(tmp_path, monkeypatch, where):
    class Leaking(tf.Module):
        def serve(self, x):
            if where == "signature":
                tf.io.write_file(str(tmp_path / "leak"), "x")
            return {"out": self.called(x) if where == "called" else x + 1.0}

        @tf.function
        def called(self, x):
            if where == "called":
                tf.io.write_file(str(tmp_path / "leak"), "x")
            return x + 1.0

        @tf.function(input_signature=[])
        def beside(self):
            if where == "beside":
                tf.io.write_file(str(tmp_path / "leak"), "x")
            return tf.constant(1.0)

    module = Leaking()
    module.beside.get_concrete_function()
    path = save(module, tmp_path / "leaking", tf.TensorSpec((None, 3)))
    monkeypatch.setattr(tf.saved_model, "load", lambda *_, **__: pytest.fail("the file reached TensorFlow"))
    with pytest.raises(ModelFileError, match=r"has the operation WriteFile, which reaches outside"):
        load_tf_model_from_path(path)
    assert not (tmp_path / "leak").exists()


def test_functions_are_followed_however_they_are_called():
    def function(*nodes):
        return FunctionDef(node_def=[NodeDef(op=op, attr=attributes) for op, attributes in nodes])

    one = AttrValue(func=NameAttrList(name="as attribute"))
    several = AttrValue(list=AttrValue.ListValue(func=[NameAttrList(name="in a list")]))
    functions = {
        "start": function(("as operation", {}), ("PartitionedCall", {"f": one}), ("Case", {"branches": several})),
        "as operation": function(("A", {}), ("start", {})),
        "as attribute": function(("B", {})),
        "in a list": function(("C", {})),
        "elsewhere": function(("D", {})),
    }
    found = set(saved_model_file._operations(["start"], functions))
    assert found == {"as operation", "PartitionedCall", "Case", "A", "B", "C", "start"}


@pytest.mark.parametrize("name", ["../../secret", "/etc/secret", "..\\secret", "C:\\secret"])
def test_assets_outside_of_the_directory_are_refused(exported, name):
    from tensorflow.core.protobuf import saved_model_pb2

    folder = exported(functional())
    description = saved_model_pb2.SavedModel.FromString((folder / "saved_model.pb").read_bytes())
    description.meta_graphs[0].asset_file_def.add().filename = name
    (folder / "saved_model.pb").write_bytes(description.SerializeToString())
    with pytest.raises(ModelFileError, match=r"has the asset .*secret', which lies outside"):
        load_tf_model_from_path(folder)


@pytest.mark.parametrize("content", [b"", b"not a model at all"])
def test_a_broken_saved_model_is_named(tmp_path, content):
    (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(ModelFileError, match=r"saved_model.pb is broken|is no SavedModel of TensorFlow 2"):
        load_tf_model_from_path(tmp_path)


def test_a_saved_model_without_weights_says_what_tensorflow_said(exported):
    folder = exported(functional())
    for file in (folder / "variables").iterdir():
        file.unlink()
    with pytest.raises(ModelFileError, match=r"TensorFlow could not load the SavedModel"):
        load_tf_model_from_path(folder)


def test_a_saved_model_without_a_signature_says_so(tmp_path):
    tf.saved_model.save(tf.Module(), str(tmp_path))
    with pytest.raises(ModelFileError, match=r"has no signature 'serving_default', but none at all.*model\.export"):
        load_tf_model_from_path(tmp_path)


def test_each_set_of_responses_is_cut_out_once(exported, monkeypatch):
    details = load_tf_model_from_path(exported(functional()))._details
    assert isinstance(details, saved_model.SavedModelDetails)
    for samples in (3, 1, 5):
        details.run({"pixels": PIXELS[:samples]}, ("stem_1/Relu", "output_0"))
    assert set(details._functions) == {frozenset({"stem_1/Relu", "output_0"})}
