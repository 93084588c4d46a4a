"""Groups of channels travel with the layers, into the file and back, and into the message."""

from __future__ import annotations

import numpy as np
import pytest

from deepview_lab.base import Layer, ResponseInfo
from deepview_lab.base.response import ChannelGroup
from deepview_lab.report.report import _info
from deepview_lab.report.saving import layers_table
from deepview_lab.transport.wire import messages
from deepview_lab.transport.wire.describe import layer_infos

GROUP = ChannelGroup("conv", 24, (("", 216), ("dense", 40)))
INFOS = {
    "conv": ResponseInfo("conv", np.dtype("f4"), (None, 4, 8), Layer("conv"), group=GROUP),
    "given": ResponseInfo("given", np.dtype("f4"), (None, 3), Layer("given")),
}


def test_a_file_gives_the_groups_back_and_files_of_earlier_versions_have_none():
    table = layers_table(INFOS)
    assert {row["layer"]: _info(row) for row in table.to_pylist()} == INFOS
    older = table.drop_columns(["group", "group_parameters", "linked", "linked_parameters"])
    assert [_info(row).group for row in older.to_pylist()] == [None, None]


@pytest.mark.parametrize(
    "changed",
    [{"linked": ["a"]}, {"group_parameters": -1}, {"group_parameters": None}, {"linked_parameters": [2**60, 1]}],
)
def test_impossible_numbers_of_parameters_are_refused(changed):
    row = layers_table(INFOS).to_pylist()[0] | changed
    with pytest.raises(ValueError, match="'conv' has a group of channels with impossible numbers"):
        _info(row)


def test_the_message_has_the_group():
    conv, given = layer_infos(INFOS)
    links = [messages.ChannelLink(group="", parameters=216), messages.ChannelLink(group="dense", parameters=40)]
    assert conv.group == messages.ChannelGroup(name="conv", parameters=24, links=links)
    assert given.group is None
