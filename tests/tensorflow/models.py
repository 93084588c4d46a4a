"""Small Keras models for the tests."""

import keras
from keras import layers


def functional(name="small"):
    """Return a CNN with layers of many classes and an input of an unusual name."""
    keras.utils.set_random_seed(7)
    pixels = keras.Input((8, 8, 3), name="pixels")
    x = layers.Conv2D(4, 3, activation="relu", name="stem")(pixels)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ReLU(6.0, name="clipped")(x)
    x = layers.DepthwiseConv2D(3, name="depthwise")(x)
    x = layers.Activation("tanh", name="squashed")(x)
    x = layers.MaxPooling2D(2, name="pool")(x)
    x = layers.Dropout(0.5, name="drop")(x)
    x = layers.GlobalAveragePooling2D(name="average")(x)
    outputs = layers.Dense(5, activation="softmax", name="head")(x)
    return keras.Model(pixels, outputs, name=name)


def sequential(*, built=True):
    """Return a Sequential model that starts with an Input, or one that has never been called."""
    keras.utils.set_random_seed(7)
    parts = [
        layers.Flatten(name="flat"),
        layers.Dense(6, activation="relu", name="hidden"),
        layers.Dense(2, name="out"),
    ]
    return keras.Sequential([keras.Input((4, 4, 1), name="tiles"), *parts] if built else parts, name="stack")


def two_inputs():
    """Return a model of two inputs with a shared layer."""
    keras.utils.set_random_seed(7)
    left, right = keras.Input((3,), name="left"), keras.Input((3,), name="right")
    shared = layers.Dense(2, name="shared")
    return keras.Model(
        {"left": left, "right": right}, layers.Subtract(name="difference")([shared(left), shared(right)])
    )


def with_states():
    """Return a model with a layer of several outputs."""
    keras.utils.set_random_seed(7)
    steps = keras.Input((5, 2), name="steps")
    sequence, hidden, cell = layers.LSTM(3, return_sequences=True, return_state=True, name="memory")(steps)
    pooled = layers.GlobalMaxPooling1D(name="pooled")(sequence)
    return keras.Model(steps, layers.Concatenate(name="all")([pooled, hidden, cell]))


class Subclassed(keras.Model):
    """A model without a graph."""

    def __init__(self):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, inputs):
        return self.dense(inputs)
