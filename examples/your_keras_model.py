"""Look inside your own Keras model: python your_keras_model.py

Replace `my_model` and `my_images` by yours. The rest stays as it is. Needs: pip install 'deepview_lab[tensorflow]'
"""

import keras
import numpy as np
from keras import layers

import deepview_lab
from deepview_lab.base import pipeline
from deepview_lab.introspectors import IUA, PFA
from deepview_lab.samples import StubProducer
from deepview_lab.tensorflow import load_tf_model_from_memory


def my_model() -> keras.Model:
    """A small CNN. Any Functional or Sequential model will do, or load_tf_model_from_path("model.keras")."""
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((32, 32, 3)),
            layers.Conv2D(16, 3, name="conv1"),
            layers.ReLU(name="relu1"),
            layers.MaxPooling2D(4, name="pool1"),
            layers.Conv2D(32, 3, name="conv2"),
            layers.ReLU(name="relu2"),
            layers.GlobalAveragePooling2D(name="average"),
            layers.Dense(10, name="classes"),
        ]
    )


def my_images() -> np.ndarray:
    """500 images of a coloured square on noise: samples x height x width x channels."""
    rng = np.random.default_rng(0)
    images = rng.normal(0, 0.1, (500, 32, 32, 3)).astype("float32")
    for image in images:
        top, left = rng.integers(0, 24, 2)
        image[top : top + 8, left : left + 8] += rng.uniform(0, 1, 3)
    return images


model = load_tf_model_from_memory(model=my_model())
print("Layers:", ", ".join(f"{name} {info.shape[1:]}" for name, info in model.response_infos.items()))

producer = pipeline(
    StubProducer({"images": my_images()}),
    model(requested_responses=["conv1", "relu1", "conv2", "relu2", "classes"]),
)

# One pass for both. PFA wants one value per unit: pool="average" makes it of each feature map.
results = deepview_lab.start(producer, IUA.spec(), PFA.spec(pool="average"), batch_size=64).wait()

print("\nInactive values, per layer:")
print(IUA.show(results["iua"], details=True).to_string(index=False))
print("\nUnits to keep, per layer:")
print(PFA.show(results["pfa"].get_recipe(), exclude_columns=["units to keep"]).to_string(index=False))
