"""The IUA and PFA lines of DeepView's documentation run as they stand."""

import pytest

from tests.compat.python import run
from tests.tensorflow.models import functional

# The imports are DeepView's; only the data set and the layer names are ours.
SCRIPT = """
import sys
import deepview_lab.compat
import numpy as np

from FAMILY_tensorflow import load_tf_model_from_path
from FAMILY.base import pipeline
from FAMILY.introspectors import IUA, PFA
from FAMILY.processors import ImageResizer, Pooler
from FAMILY.samples import StubProducer

images = np.random.default_rng(0).random((90, 12, 10, 3), dtype=np.float32)
model = load_tf_model_from_path(sys.argv[1])
response_infos = model.response_infos
assert response_infos["stem"].shape == (None, 6, 6, 4)
assert response_infos() == response_infos
input_layers = model.input_layers
input_layer_names = list(input_layers.keys())
assert input_layer_names == ["pixels"], input_layer_names

response_producer = pipeline(
    StubProducer({"images": images}),
    ImageResizer(pixel_format=ImageResizer.Format.HWC, size=(8, 8)),
    model(requested_responses=["stem", "depthwise"]),
    Pooler(dim=(1, 2), method=Pooler.Method.MAX),
)

iua_result = IUA.introspect(response_producer, batch_size=64)  # introspect!
print(IUA.show(iua_result))
pfa_result = PFA.introspect(response_producer, batch_size=64)
print(PFA.show(pfa_result))
print(PFA.show([pfa_result.get_recipe(), pfa_result.get_recipe(strategy=PFA.Strategy.Energy(0.9))]))
"""


@pytest.mark.parametrize("family", ["deepview", "dnikit"])
def test_the_seed_s_lines_run(family, tmp_path):
    path = tmp_path / "model.keras"
    functional().save(path)
    printed = run(SCRIPT.replace("FAMILY", family), arguments=[path])
    for column in ("mean inactive", "std inactive", "recommended count", "units to keep", "recipe"):
        assert column in printed
