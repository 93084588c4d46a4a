"""The examples of DeepView's documentation in one script: python deepview_documentation.py MODEL.keras

The first import is all that is ours. CIFAR-10 and the weights of MobileNet are downloaded when they are needed first.
"""

import sys

import deepview_lab.compat  # noqa: F401

from deepview_tensorflow import TFDatasetExamples, TFModelExamples, load_tf_model_from_path
from deepview.base import pipeline
from deepview.introspectors import IUA, PFA, Familiarity
from deepview.processors import ImageResizer, Cacher, Pooler

# Load data, model, and set up batch pipeline
cifar10 = TFDatasetExamples.CIFAR10()
mobilenet = TFModelExamples.MobileNet()
response_producer = pipeline(
    cifar10,
    ImageResizer(pixel_format=ImageResizer.Format.HWC, size=(224, 224)),
    mobilenet(requested_responses=["conv_pw_13"]),
    Pooler(dim=(1, 2), method=Pooler.Method.MAX),
    # Cache responses from MobileNet inference
    Cacher(),
)

model = load_tf_model_from_path(sys.argv[1])
response_infos = model.response_infos
input_layers = model.input_layers
input_layer_names = list(input_layers.keys())

iua_result = IUA.introspect(response_producer, batch_size=64)
IUA.show(iua_result)
pfa_result = PFA.introspect(response_producer, batch_size=64)
PFA.show(pfa_result)
familiarity = Familiarity.introspect(response_producer)
