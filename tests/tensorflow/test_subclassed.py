"""Models without a graph: what their layers give is recorded, and nothing of them changes."""

from concurrent.futures import ThreadPoolExecutor

import keras
import numpy as np
import pytest
from keras import layers

from deepview_lab.base import LayerKind, peek_first_batch, pipeline
from deepview_lab.base.networks.naming import Names
from deepview_lab.exceptions import DeepViewException
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import load_tf_model_from_memory
from deepview_lab.tensorflow.inference.recording import recorded

from .models import Tagger, tagger

SEQUENCES = np.random.default_rng(5).standard_normal((3, 5, 4), np.float32)
BLOCK = ("attention", "drop", "norm")
MIX = ("dense", "relu")
INNER = [
    *(f"first/{name}" for name in BLOCK),
    "first",
    *(f"second/{name}" for name in BLOCK),
    "second",
    *(f"mix/{name}" for name in MIX),
    "mix",
    *(f"mix#2/{name}" for name in MIX),
    "mix#2",
    "head",
]


def responses(model, values, requested=None):
    stage = load_tf_model_from_memory(model=model)(requested)
    return dict(peek_first_batch(pipeline(StubProducer({"x": values}), stage), len(values)).fields)


def close(got, wanted):
    np.testing.assert_allclose(got, np.asarray(wanted), rtol=1e-5, atol=1e-6)


def state(model):
    every = model._flatten_layers()
    return (
        [{name: id(value) for name, value in vars(layer).items()} for layer in every],
        [(layer.trainable, layer.built, len(layer._inbound_nodes)) for layer in every],
        [variable.numpy().tolist() for variable in model.variables],
        [id(loss) for loss in model.losses],
    )


def test_inner_layers_have_paths_to_any_depth_but_not_within_keras_own_layers():
    infos = load_tf_model_from_memory(model=tagger()).response_infos
    assert list(infos) == ["inputs", *INNER, "tagger/features", "tagger/tags"]
    assert infos["first/attention"].layer.kind is LayerKind.ATTENTION
    assert infos["first/attention"].shape == (None, 5, 4)
    assert infos["inputs"].layer.kind is LayerKind.PLACEHOLDER
    assert infos["tagger/tags"].layer.typename == "Tagger"


def test_responses_are_those_of_the_parts_run_by_hand_in_inference_mode():
    model = tagger()
    got = responses(model, SEQUENCES)
    first, second = model.blocks
    close(got["first/attention"], first.attention(SEQUENCES, SEQUENCES))
    assert np.array_equal(got["first/drop"], got["first/attention"])
    close(got["first"], first(SEQUENCES, training=False))
    close(got["second"], second(first(SEQUENCES, training=False), training=False))
    close(got["mix#2"], model.mix(model.mix(got["second"])))
    close(got["mix/dense"], model.mix.layers[0](got["second"]))
    wanted = model(SEQUENCES, training=False)
    close(got["tagger/tags"], wanted["tags"])
    close(got["tagger/features"], wanted["features"])


@pytest.mark.parametrize("samples", [1, 2])
def test_any_batch_size_gives_the_same(samples):
    close(responses(tagger(), SEQUENCES[:samples])["head"], responses(tagger(), SEQUENCES)["head"][:samples])


def test_nothing_of_the_model_changes():
    model = tagger()
    before = state(model)
    assert before[3], "the regularizer left a loss, which must stay"
    responses(model, SEQUENCES)
    assert state(model) == before


def test_nothing_of_the_model_changes_after_an_error():
    model = tagger()
    broken = RuntimeError("broken on purpose")

    def fail(*_, **__):
        raise broken

    vars(model.head)["call"] = fail
    before = state(model)
    with pytest.raises(DeepViewException, match=r"could not be called on the shapes alone .*broken on purpose"):
        load_tf_model_from_memory(model=model)
    assert state(model) == before


def test_other_threads_use_the_model_meanwhile_and_are_not_recorded():
    model = tagger()
    wanted = np.asarray(model.head(SEQUENCES))
    found = []
    with ThreadPoolExecutor(1) as other, recorded(model, "", Names(), found.append):
        close(other.submit(model.head, SEQUENCES).result(), wanted)
        assert found == []
        close(model.head(SEQUENCES), wanted)
    assert [item.name for item in found] == ["head"]
    model.head(SEQUENCES)
    assert len(found) == 1


def test_threads_that_introspect_one_model_agree():
    model = tagger()
    before = state(model)
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(lambda _: responses(model, SEQUENCES, ["mix", "head"]), range(4))
    assert all(np.array_equal(other[name], first[name]) for other in others for name in first)
    assert state(model) == before


def test_weights_that_change_later_show_in_the_responses():
    model = tagger()
    chain = pipeline(StubProducer({"x": SEQUENCES}), load_tf_model_from_memory(model=model)("head"))
    before = peek_first_batch(chain, 3).fields["head"]
    model.head.bias.assign_add([1.0, 2.0, 3.0])
    close(peek_first_batch(chain, 3).fields["head"], before + np.array([1, 2, 3]))


def test_subclassed_layers_and_models_within_a_graph_are_opened_too():
    model = tagger()
    x = keras.Input((5, 4), name="sequences")
    graph = keras.Model(x, layers.Dense(1, name="end")(model(x)["features"]))
    got = responses(graph, SEQUENCES)
    assert list(got) == ["sequences", *(f"tagger/{name}" for name in INNER), "tagger/0", "tagger/1", "end"]
    close(got["tagger/mix"], responses(model, SEQUENCES)["mix"])
    close(got["end"], graph.predict_on_batch(SEQUENCES))


def test_a_model_of_nested_inputs_is_fed_by_the_names_of_its_structure():
    class Pair(keras.Model):
        def __init__(self):
            super().__init__(name="pair")
            self.dense = layers.Dense(2, name="dense")

        def call(self, inputs):
            return self.dense(inputs["left"]) - self.dense(inputs["right"][0])

    model = Pair()
    left, right = SEQUENCES[:, 0], SEQUENCES[:, 1]
    model({"left": left, "right": [right]})
    ours = load_tf_model_from_memory(model=model)
    assert list(ours.input_layers) == ["left", "right/0"]
    fields = peek_first_batch(pipeline(StubProducer({"left": left, "right/0": right}), ours()), 3).fields
    assert list(fields) == ["left", "right/0", "dense", "dense#2", "pair"]
    close(fields["dense#2"], model.dense(right))
    close(fields["pair"], model.dense(left) - model.dense(right))


def test_a_graph_whose_call_is_overridden_is_called():
    class Doubling(keras.Model):
        def call(self, inputs, training=None, mask=None):
            return 2 * super().call(inputs, training=training, mask=mask)

    x = keras.Input((4,))
    model = Doubling(x, layers.Dense(2, name="dense")(x), name="doubling")
    got = responses(model, SEQUENCES[:, 0])
    close(got["dense"], model.get_layer("dense")(SEQUENCES[:, 0]))
    close(got["doubling"], model(SEQUENCES[:, 0]))


def test_recurrent_layers_and_what_follows_can_be_read_but_not_what_runs_in_a_loop():
    class Recurrent(keras.Model):
        def __init__(self):
            super().__init__(name="recurrent")
            self.memory = layers.LSTM(3, return_sequences=True, name="memory")
            self.each = layers.TimeDistributed(layers.Dense(2, name="within"), name="each")
            self.pool = layers.GlobalMaxPooling1D(name="pool")

        def call(self, inputs):
            return self.pool(self.each(self.memory(inputs)))

    model = Recurrent()
    wanted = model(SEQUENCES)
    got = responses(model, SEQUENCES)
    assert list(got) == ["inputs", "memory", "each", "pool", "recurrent"]
    close(got["memory"], model.memory(SEQUENCES))
    close(got["recurrent"], wanted)


def test_layers_in_a_branch_cannot_be_read_but_what_comes_of_it_can():
    class Choosing(keras.Model):
        def __init__(self):
            super().__init__(name="choosing")
            self.start, self.yes, self.no = (layers.Dense(2, name=name) for name in ("start", "yes", "no"))

        def build(self, input_shape):
            self.start.build(input_shape)
            self.yes.build((None, 2))
            self.no.build((None, 2))

        def call(self, inputs):
            x = self.start(inputs)
            return keras.ops.cond(keras.ops.max(inputs) > 0, lambda: self.yes(x), lambda: self.no(x))

    model = Choosing()
    values = SEQUENCES[:, 0]
    model(values)
    got = responses(model, values)
    assert list(got) == ["inputs", "start", "choosing"]
    close(got["choosing"], model.yes(model.start(values)))


def test_an_unbuilt_model_says_what_to_do():
    with pytest.raises(DeepViewException, match=r"'tagger' \(Tagger\).*has not been built.*Call it once on a batch"):
        load_tf_model_from_memory(model=Tagger())


def test_a_model_that_looks_at_values_says_why_it_cannot_be_read():
    class Looking(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = layers.Dense(2)
            self.dense.build((None, 4))

        def call(self, inputs):
            return self.dense(inputs) if float(keras.ops.max(inputs)) > 0 else inputs

    model = Looking()
    model.built = True
    model._build_shapes_dict = {"input_shape": (3, 4)}
    with pytest.raises(DeepViewException, match=r"on the shapes alone.*may depend on values in Python.*wrap it"):
        load_tf_model_from_memory(model=model)
