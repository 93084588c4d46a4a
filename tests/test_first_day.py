"""Mistakes of the first day: each error says what was expected, what came, and what to write."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import deepview_lab
from deepview_lab import exceptions
from deepview_lab.base import Batch, multi_introspect, pipeline
from deepview_lab.exceptions import DeepViewException, MetadataError, NotAProducerError, NotAStageError, NotFieldsError
from deepview_lab.introspectors import IUA, PFA, LabelProblems
from deepview_lab.processors import FieldRenamer
from deepview_lab.samples import StubProducer

X = np.zeros((6, 2), np.float32)
P = StubProducer({"x": X})


class ReadableModel:
    """As much of a model as tells it from a producer: it can be called with one argument."""

    def __init__(self):
        self.response_infos = {}

    def __call__(self, requested_responses=None):
        return requested_responses


class Table(pd.DataFrame):
    """A table of a user's own kind."""


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (ReadableModel(), r"it is a model\. .* pipeline\(producer, model\(requested_responses=\['layer'\]\)\)"),
        ([X, X], r"it is a list\. Write np\.asarray\(samples\), or np\.stack\(samples\)"),
        ((X, X, X), r"it is a tuple\. Pass one array of samples, or a pair of arrays: data and labels"),
        ({"x": "y"}, r"it is a dict\. Pass a dict of field names to arrays"),
        (pd.Series([1]), r"it is an object of pandas\. Write a function that takes a batch size"),
        (FieldRenamer({"a": "b"}), r"it is a stage\. A stage follows the data: pipeline\(producer, stage\)"),
        ("producer", r"it is text\. Pass the object itself, without quotes"),
        (None, r"it cannot be called\. Wrap arrays as StubProducer"),
    ],
)
def test_what_is_no_producer_is_told_how_it_becomes_one(given, says):
    uses = (
        lambda: IUA.introspect(given),
        lambda: PFA.introspect(given),
        lambda: deepview_lab.start(given, IUA.spec()),
        lambda: multi_introspect(IUA.introspect, producer=given),
    )
    for use in uses:
        with pytest.raises(NotAProducerError, match=says):
            use()


@pytest.mark.parametrize("given", [X, {"x": X}, Table({"a": [0.0], "b": [1.0]}), (X, np.zeros(6, int))])
def test_arrays_tables_and_pairs_are_producers_as_they_are(given):
    assert IUA.introspect(given).samples == len(
        given["x"] if isinstance(given, dict) else deepview_lab.as_producer(given)
    )


def test_a_model_that_is_not_called_is_told_how_to_call_it():
    with pytest.raises(NotAStageError, match=r"Stage 2 .* is a model\. Write model\(requested_responses=\['layer'\]\)"):
        pipeline(P, FieldRenamer({"x": "y"}), ReadableModel())


def test_a_keras_model_is_a_stage_as_it_is_and_no_producer():
    keras = pytest.importorskip("keras", reason="without Keras there is no model of it")
    model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(3, "relu", name="a"), keras.layers.Dense(2)])

    assert list(pipeline(P, model).responses) == ["a"]
    with pytest.raises(NotAProducerError, match=r"it is a Keras model\. .*pipeline\(producer, model\)"):
        IUA.introspect(model)


def test_a_path_in_place_of_a_model_and_a_model_in_place_of_a_path_are_told_apart():
    pytest.importorskip("keras", reason="without Keras nothing is loaded")
    from deepview_lab.demo import load_model
    from deepview_lab.tensorflow import load_tf_model_from_memory, load_tf_model_from_path

    with pytest.raises(DeepViewException, match=r"but got a path\. Write load_tf_model_from_path\('a\.keras'\)"):
        load_tf_model_from_memory("a.keras")
    with pytest.raises(DeepViewException, match=r"the model that it returned before\. Use that one"):
        load_tf_model_from_memory(load_model())
    with pytest.raises(
        DeepViewException, match=r"path of a file or folder, .* load_tf_model_from_memory\(model=model\)"
    ):
        load_tf_model_from_path(load_model())


@pytest.mark.parametrize("given", [X, [1, 2], "images", Table({"a": [1]}), 3])
@pytest.mark.parametrize("maker", [StubProducer, Batch, Batch.Builder])
def test_fields_without_names_are_told_to_have_one(maker, given):
    says = rf"{maker.__name__} needs a mapping .* of type {type(given).__name__}\. Write .*\(\{{'\w+': "
    with pytest.raises(NotFieldsError, match=says) as caught:
        maker(given)
    assert isinstance(caught.value, TypeError)


LABELS = Batch.StdKeys.LABELS


@pytest.mark.parametrize(
    ("metadata", "says"),
    [
        ({"labels": [0] * 6}, r"got 'labels'\. For labels write \{Batch\.StdKeys\.LABELS: \{'label': labels\}\}"),
        ({LABELS: [0] * 6}, r"Batch\.StdKeys\.LABELS needs a mapping .*got a list\. Write .*\{'label': values\}"),
        ({LABELS: np.zeros(6)}, r"Batch\.StdKeys\.LABELS needs a mapping .*got a ndarray"),
        ({Batch.StdKeys.IDENTIFIER: {"id": range(6)}}, r"Batch\.StdKeys\.IDENTIFIER needs one sequence, .*got a dict"),
        (np.zeros(6), r"metadata as a mapping .*got a ndarray\. For labels write"),
    ],
)
def test_metadata_of_the_wrong_form_is_refused_where_it_is_given(metadata, says):
    with pytest.raises(MetadataError, match=says) as caught:
        StubProducer({"x": X}, metadata)
    assert isinstance(caught.value, TypeError)

    if isinstance(metadata, dict):
        builder = Batch.Builder({"x": X})
        [(key, value)] = metadata.items()
        with pytest.raises(MetadataError, match=says):
            builder.metadata[key] = value


def test_labels_of_the_right_form_reach_the_analysis():
    x = np.random.default_rng(0).normal(size=(40, 3))
    problems = LabelProblems.introspect(StubProducer({"x": x}, {LABELS: {"label": [0, 1] * 20}}))
    assert problems is not None


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("iua", r"got the text 'iua'\. Write IUA\.spec\(\), without quotes"),
        ("familiarty", r"Write Familiarity\.spec\(\)"),
        ("zzz", r"got the text 'zzz'\. Write IUA\.spec\(\)"),
        (IUA, r"got the class IUA\. Write IUA\.spec\(\)"),
        (PFA, r"got the class PFA\. Write PFA\.spec\(\)"),
        (3, r"got an object of type int\. Write IUA\.spec\(\)"),
    ],
)
def test_what_is_no_spec_is_told_how_to_make_one(spec, says):
    with pytest.raises(exceptions.NotASpecError, match=says):
        deepview_lab.start(P, spec)


def test_names_in_messages_are_those_that_a_user_imports():
    batch = StubProducer({"x": X}, {LABELS: {"label": range(6)}})(6).__next__()
    with pytest.raises(
        exceptions.UnknownNameError, match=r"'Batch\.StdKeys\.PATH'. .*Batch\.StdKeys\.LABELS"
    ) as caught:
        batch.metadata[Batch.StdKeys.PATH]
    assert "deepview.base" not in str(caught.value)
    with pytest.raises(exceptions.BatchSizeError, match=r"metadata Batch\.StdKeys\.LABELS\['label'\] has 5"):
        StubProducer({"x": X}, {LABELS: {"label": range(5)}})
    assert repr(batch.metadata) == "Metadata(Batch.StdKeys.LABELS)"


def test_the_introspectors_that_a_message_may_name_are_those_that_there_are():
    from deepview_lab import introspectors

    assert [name for name in exceptions._INTROSPECTORS if not hasattr(getattr(introspectors, name), "spec")] == []
    there = {name for name in introspectors.__all__ if hasattr(getattr(introspectors, name), "spec")}
    assert there == set(exceptions._INTROSPECTORS)


def test_recognising_a_thing_imports_no_library():
    code = (
        "import sys; from deepview_lab.base.remedies import instead_of_producer;"
        "instead_of_producer(3); print([m for m in ('keras', 'tensorflow', 'pandas', 'torch') if m in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip() == "[]"


COUNTED = IUA.spec(per_sample=False)
ENERGY = r"Write strategy=PFA\.Strategy\.Energy\(0\.95\)"


@pytest.mark.parametrize(
    ("use", "says"),
    [
        (lambda: deepview_lab.open_report(3), r"A path must be a str .* but got 3\. Write .*'audit\.dvreport'"),
        (lambda: deepview_lab.open_report(None), r"A path must be .* but got None"),
        (lambda: deepview_lab.open_report(X), r"but got an object of type ndarray"),
        (
            lambda: deepview_lab.start(P, COUNTED, batch_size="x"),
            r"^batch_size must be a whole number of at least 1, but got 'x'\. Write batch_size=32\.$",
        ),
        (lambda: deepview_lab.start(P, COUNTED, batch_size=1.5), r"^batch_size .* but got 1\.5\. Write"),
        (lambda: deepview_lab.start(P, COUNTED, batch_size=None), r"^batch_size .* but got None\. Write"),
        (lambda: IUA.introspect(P, batch_size="x"), r"^batch_size .* but got 'x'\. Write"),
        (lambda: deepview_lab.start(P, COUNTED, total="x"), r"^total .* at least 0, .* Write total="),
        (lambda: deepview_lab.start(P, COUNTED, until_stable="x"), r"^until_stable .* Write until_stable=2"),
        (lambda: deepview_lab.start(P, COUNTED, checkpoint=3), r"path must be .* got 3\. Write .*checkpoints/"),
        (lambda: P("x"), r"^batch_size .* but got 'x'\. Write batch_size=32"),
        (lambda: IUA.spec(atol="x"), r"^atol must be a finite number .* but got 'x'\. Write atol="),
        (lambda: PFA.spec(max_units="x"), r"^max_units must be a whole number .* Write max_units="),
        (lambda: PFA.spec(epsilon_inactive=None), r"^epsilon_inactive must be a finite number .* but got None"),
        (lambda: PFA.Strategy.Energy("x"), r"^energy_threshold must be a share from 0 to 1, .* Write 0\.95"),
        (lambda: PFA.introspect(P).get_recipe(strategy="KL"), rf"^strategy must be .* got 'KL'\. {ENERGY}"),
        (lambda: PFA.introspect(P).get_recipe(unit_strategy=3), r"^unit_strategy .* Write .*UnitStrategy\.L1Max\(\)"),
        (lambda: PFA.show(3), r"PFA\.show takes .* but got 3\. Write PFA\.show\(run\.wait\(\)\['pfa'\]\)"),
        (lambda: FieldRenamer("x"), r"of FieldRenamer must be a mapping .* got 'x'\. Write FieldRenamer\(\{"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named_with_what_to_write(use, says):
    with pytest.raises(exceptions.OptionTypeError, match=says) as caught:
        use()
    assert isinstance(caught.value, TypeError)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"batch_size": 0}, r"^batch_size must be at least 1, but is 0\. Write batch_size=32"),
        ({"until_stable": 0}, r"^until_stable must be at least 1, but is 0"),
        ({"total": -1}, r"^total must be at least 0, but is -1"),
    ],
)
def test_a_number_that_is_too_small_is_refused_before_the_run(options, says):
    before = len(deepview_lab.runs())
    with pytest.raises(exceptions.OptionError, match=says) as caught:
        deepview_lab.start(P, COUNTED, **options)
    assert isinstance(caught.value, ValueError)
    assert len(deepview_lab.runs()) == before


def test_a_model_of_no_kind_is_told_without_the_package_of_plain_types():
    with pytest.raises(DeepViewException, match=r"got an object of type int\. Write as_model\(model\)"):
        deepview_lab.as_model(3)


def test_whole_numbers_of_numpy_are_numbers():
    assert IUA.introspect(P, batch_size=np.int64(3)).samples == 6
