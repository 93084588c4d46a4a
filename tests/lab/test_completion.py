"""Tab behind ``%deepview``: options of each command, their values, and the layers of a producer."""

import re

import numpy as np
import pytest

from deepview_lab.base import PipelineStage, pipeline
from deepview_lab.lab.magics.commands import commands
from deepview_lab.lab.magics.completion import words_for
from deepview_lab.samples import StubProducer
from tests.engine.test_plan import Doubling
from tests.lab.test_magics import complete, magic


@pytest.mark.parametrize("command", ["iua", "pfa", "live", "duplicates", "layers", "runs", "save", "open"])
def test_two_dashes_offer_every_option_that_help_lists(shell, capsys, command):
    assert command in commands()
    magic(shell, f"{command} --help")
    listed = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", capsys.readouterr().out))
    assert "--help" in listed
    assert set(complete(shell, f"%deepview {command} --")) == listed
    assert set(complete(shell, f"%deepview {command} digits --")) == listed


def test_layers_of_the_producer_follow_the_option(shell):
    assert complete(shell, "%deepview iua digits --layers rel") == ["relu"]
    assert complete(shell, "%deepview iua digits --layers ") == ["dense", "relu"]
    assert complete(shell, "%deepview iua digits --layers=de") == ["--layers=dense"]
    assert complete(shell, "%deepview live digits iua --wait --layers rel") == ["relu"]


def test_layers_after_a_comma_are_those_not_yet_there(shell):
    assert complete(shell, "%deepview iua digits --layers relu,") == ["relu,dense"]
    assert complete(shell, "%deepview iua digits --layers relu,d") == ["relu,dense"]
    assert words_for(["iua", "digits", "--layers"], shell.user_ns, "dense,relu,d") == []


def test_before_a_producer_is_named_layers_of_all_are_offered(shell):
    shell.user_ns["other"] = StubProducer({"relu9": np.zeros((3, 2))})
    assert complete(shell, "%deepview iua --layers rel") == ["relu", "relu9"]
    assert "digits" in complete(shell, "%deepview iua --layers relu ")
    assert words_for(["iua", "nothing", "--layers"], shell.user_ns) == []


def test_layers_of_a_pipeline_are_those_of_its_model_and_nothing_is_computed(shell):
    from deepview_lab.base import Model

    def data(batch_size):
        raise AssertionError("data was read")

    shell.user_ns["chain"] = pipeline(data, Model(Doubling())(["double"]))
    assert complete(shell, "%deepview iua chain --layers ") == ["double"]


def test_a_stage_that_fails_to_describe_itself_offers_no_layer(shell):
    class Broken(PipelineStage):
        def describe(self, responses):
            raise RuntimeError("broken")

        def _get_batch_processor(self):
            return lambda batch: batch

    shell.user_ns["broken"] = pipeline(shell.user_ns["digits"], Broken())
    assert words_for(["iua", "broken", "--layers"], shell.user_ns) == []


def test_names_that_the_shell_would_split_are_quoted_and_those_that_cannot_be_typed_are_left_out(shell):
    fields = {name: np.zeros((2, 3)) for name in ("two words", "a,b", "hid\u202eden", "block/conv:0")}
    shell.user_ns["odd"] = StubProducer(fields)
    assert complete(shell, "%deepview iua odd --layers ") == ["'two words'", "block/conv:0"]
    magic(shell, "iua odd --layers block/conv:0,'two words'").wait(300)


def test_choices_follow_their_option_and_numbers_offer_nothing(shell):
    assert complete(shell, "%deepview project digits --method p") == ["pacmap", "pca"]
    assert "digits" in complete(shell, "%deepview iua --batch-size 16 di")
