"""A pipeline chains stages behind a producer, can be read, and says which stage is wrong."""

import numpy as np
import pytest

from deepview_lab.base import Batch, PipelineStage, peek_first_batch, pipeline
from deepview_lab.exceptions import DeepViewException, EmptyProducerError, NotAProducerError, NotAStageError
from deepview_lab.processors import FieldRenamer, Pooler, Processor
from deepview_lab.samples import StubProducer


def numbers(size=5):
    return StubProducer({"x": np.arange(float(size))})


def values(producer, batch_size=2):
    return [batch.fields["x"].tolist() for batch in producer(batch_size)]


double, increment = Processor(lambda x: x * 2), Processor(lambda x: x + 1)


def test_stages_apply_in_their_order():
    assert values(pipeline(numbers(3), double, increment)) == [[1, 3], [5]]
    assert values(pipeline(numbers(3), increment, double)) == [[2, 4], [6]]


def test_a_list_of_stages_counts_as_its_members():
    chain = pipeline(numbers(3), [double, increment], double)
    assert chain.stages == (double, increment, double)
    assert values(chain) == [[2, 6], [10]]


def test_a_pipeline_restarts_at_every_call():
    chain = pipeline(numbers(3), double)
    assert values(chain) == values(chain)


def test_a_pipeline_of_a_pipeline_unfolds():
    source = numbers(3)
    chain = pipeline(pipeline(source, double), increment)
    assert chain.source is source
    assert chain.stages == (double, increment)
    assert values(chain) == [[1, 3], [5]]


def test_nothing_is_computed_before_a_batch_is_asked_for():
    seen = []
    chain = pipeline(numbers(4), Processor(lambda x: seen.append(len(x)) or x))
    batches = iter(chain(2))
    assert seen == []
    next(batches)
    assert seen == [2]


def test_the_length_is_that_of_the_source():
    assert len(pipeline(numbers(5), double)) == 5


def test_a_source_without_length_says_so():
    def endless(batch_size):
        yield Batch({"x": np.zeros(batch_size)})

    chain = pipeline(endless, double)
    assert chain
    with pytest.raises(TypeError, match=r"does not say how many samples"):
        len(chain)


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        (len, r"Stage 2 .* type builtin_function_or_method.*Processor\(function\)"),
        (FieldRenamer, r"Stage 2 .* the class FieldRenamer\. Make one: FieldRenamer\(\.\.\.\)"),
        (None, "Stage 2 .* type NoneType"),
    ],
)
def test_a_wrong_stage_is_named(stage, says):
    with pytest.raises(NotAStageError, match=says) as caught:
        pipeline(numbers(), double, stage, increment)
    assert isinstance(caught.value, TypeError)


def test_a_wrong_stage_within_a_list_is_counted_through():
    with pytest.raises(NotAStageError, match=r"Stage 3"):
        pipeline(numbers(), double, [increment, "no"])


@pytest.mark.parametrize("thing", [3, [np.zeros((4, 2))], StubProducer, double])
def test_a_thing_that_is_no_producer_is_named(thing):
    with pytest.raises(NotAProducerError, match=f"{type(thing).__name__}.*yields Batch objects|yields Batch objects"):
        pipeline(thing, double)


def test_a_producer_of_arrays_is_told_to_yield_batches():
    with pytest.raises(NotAProducerError, match=r"<lambda> is not: it yielded something of type ndarray"):
        list(pipeline(lambda _: [np.zeros(2)], double)(2))


def test_a_producer_of_nothing_iterable_is_named():
    with pytest.raises(NotAProducerError, match=r"it returned something of type int"):
        peek_first_batch(lambda batch_size: batch_size)


def test_peek_gives_the_first_batch():
    assert peek_first_batch(numbers(5), 3).fields["x"].tolist() == [0, 1, 2]
    assert peek_first_batch(numbers(5)).batch_size == 1


def test_peek_at_an_empty_producer_says_what_to_check():
    def nothing(_):
        return iter(())

    with pytest.raises(EmptyProducerError, match=r"yielded no batch.*used-up generator"):
        peek_first_batch(nothing)


def test_a_batch_size_below_one_is_refused():
    with pytest.raises(ValueError, match=r"batch_size must be at least 1, but is 0"):
        peek_first_batch(lambda _: [], 0)


def test_a_stage_that_says_nothing_of_itself_is_an_error_with_its_name():
    class Silent(PipelineStage):
        pass

    with pytest.raises(NotImplementedError, match=r"Silent must override"):
        pipeline(numbers(), Silent())


def test_a_stage_may_see_the_whole_stream():
    class Twice(PipelineStage):
        def _pipeline(self, producer):
            return lambda batch_size: [*producer(batch_size), *producer(batch_size)]

    assert values(pipeline(numbers(2), Twice(), double)) == [[0, 2], [0, 2]]


def test_a_stage_logs_under_its_class():
    assert double.logger.name == "deepview_lab.processors.processor.Processor"


def test_a_stage_that_fails_tells_which_field():
    with pytest.raises(ValueError, match=r"Pooler: field 'x' has shape \(2,\)"):
        list(pipeline(numbers(), Pooler(dim=1, method=Pooler.Method.MAX))(2))


def test_without_a_model_no_responses_are_known():
    assert pipeline(numbers(), double).responses == {}


def test_the_repr_shows_the_chain():
    assert repr(pipeline(numbers(), double)) == "pipeline(StubProducer -> Processor)"


def test_errors_of_the_project_are_deepview_exceptions():
    assert issubclass(NotAStageError, DeepViewException)
    assert issubclass(NotAProducerError, DeepViewException)
