"""The example of DeepView's documentation runs as it stands: data, network, cache, and three introspectors.

What cannot be downloaded is stood in for: the photographs of CIFAR-10, and the weights of MobileNet.
"""

from pathlib import Path

import deepview_lab.demo
from tests.compat.python import ROOT, run

EXAMPLE = ROOT / "examples" / "deepview_documentation.py"
MODEL = Path(deepview_lab.demo.__file__).with_name("mnist_cnn.keras")

STAND_INS = """
import runpy
import sys
import tempfile
from collections import deque
import keras
import numpy as np
from deepview_lab.exceptions import DeepViewWarning

tempfile.tempdir = sys.argv.pop(1)
warnings.simplefilter("ignore", DeepViewWarning)  # PFA's, that there are fewer samples than units
rng = np.random.default_rng(0)
labels = rng.integers(0, 10, (300, 1), dtype=np.uint8)
photos = (rng.integers(0, 200, (10, 32, 32, 3))[labels[:, 0]] + rng.integers(0, 55, (300, 32, 32, 3))).astype(np.uint8)
keras.datasets.cifar10.load_data = lambda: ((photos[:240], labels[:240]), (photos[240:], labels[240:]))

build = keras.applications.MobileNet
def mobilenet(**options):
    network = build(**options | {"weights": None})
    for layer in network.layers:  # as He et al. scale them; with Keras' own scale hardly anything passes 27 layers
        for kernel in layer.trainable_weights:
            if kernel.path.endswith("kernel"):
                inputs = np.prod(kernel.shape[:2 if isinstance(layer, keras.layers.DepthwiseConv2D) else -1])
                kernel.assign(rng.normal(0, np.sqrt(2 / inputs), kernel.shape))
    return network
keras.applications.MobileNet = mobilenet

passed = deque()  # a cache does not look into it, so that it is no other pipeline after each batch
preprocess = keras.applications.mobilenet.preprocess_input
keras.applications.mobilenet.preprocess_input = lambda x: passed.append(len(x)) or preprocess(x)
"""

CHECKS = """
example = sys.argv.pop(1)
found = runpy.run_path(example, run_name="__main__")
layer = "conv_pw_13"

assert sum(passed) == 300, passed  # one pass of MobileNet serves all three introspectors
assert found["response_infos"]["conv1"].shape == (None, 26, 26, 16)
assert found["response_infos"]() == found["response_infos"]
assert found["input_layer_names"] == ["images"]

from deepview.base import Batch, peek_first_batch, pipeline
inactive = found["iua_result"].results[layer]
assert len(inactive.inactive) == 300 and inactive.mean_inactive < 1024, inactive.mean_inactive
assert list(found["pfa_result"].failed_responses) == [layer]  # 1,024 units, 300 samples

familiarity = found["familiarity"]
batch = peek_first_batch(pipeline(found["response_producer"], familiarity), 300)
assert batch.metadata[Batch.StdKeys.IDENTIFIER] == tuple(range(300))
scores = [result.score for result in batch.metadata[familiarity.meta_key][layer]]
assert len(scores) == 300 and np.isfinite(scores).all()
"""


def test_the_example_runs_as_it_stands(tmp_path):
    run(STAND_INS + CHECKS, arguments=[tmp_path, EXAMPLE, MODEL])
