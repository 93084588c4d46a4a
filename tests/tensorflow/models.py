"""Small Keras models for the tests."""

import keras
import numpy as np
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


def two_towers():
    """Return a model with models in it, two deep and one of them shared: towers of a block each, compared."""
    keras.utils.set_random_seed(7)
    pixels = keras.Input((6, 6, 2), name="pixels")
    x = layers.Conv2D(3, 3, activation="relu", name="conv")(pixels)
    block = keras.Model(pixels, layers.BatchNormalization(name="norm")(x), name="block")
    tower = keras.Sequential(
        [keras.Input((6, 6, 2)), block, layers.GlobalMaxPooling2D(name="pool"), layers.Dense(4, name="code")],
        name="tower",
    )
    left, right = keras.Input((6, 6, 2), name="left"), keras.Input((6, 6, 2), name="right")
    difference = layers.Subtract(name="difference")([tower(left), tower(right)])
    return keras.Model([left, right], layers.Dense(1, name="same")(difference), name="towers")


def several_heads():
    """Return a model with a model of two inputs and a dict of outputs in it, and a sum of tensors as an output."""
    keras.utils.set_random_seed(7)
    a, b = keras.Input((3,), name="a"), keras.Input((2,), name="b")
    x = layers.Concatenate(name="joined")([a, b])
    outputs = {"boxes": layers.Dense(4, name="box")(x), "classes": layers.Dense(2, name="class")(x)}
    heads = keras.Model([a, b], outputs, name="heads")
    first, second = keras.Input((3,), name="first"), keras.Input((2,), name="second")
    found = heads([first, second])
    return keras.Model({"first": first, "second": second}, [found["classes"], found["boxes"] + 1.0], name="detector")


class Attend(layers.Layer):
    """A layer of a user with layers in it."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.attention = layers.MultiHeadAttention(2, 2, name="attention")
        self.drop = layers.Dropout(0.5, name="drop")
        self.norm = layers.LayerNormalization(name="norm")

    def call(self, inputs):
        return self.norm(inputs + self.drop(self.attention(inputs, inputs)))


class Tagger(keras.Model):
    """A subclassed model: a list of layers, a shared model, a dict of outputs, a counter, training on by default."""

    def __init__(self, name="tagger"):
        super().__init__(name=name)
        self.blocks = [Attend(name="first"), Attend(name="second")]
        self.mix = keras.Sequential([layers.Dense(4, name="dense"), layers.ReLU(name="relu")], name="mix")
        self.head = layers.Dense(3, activity_regularizer="l2", name="head")
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False, name="calls")

    def call(self, inputs, training=True):
        self.calls.assign_add(1.0)
        x = inputs
        for block in self.blocks:
            x = block(x)
        x = self.mix(self.mix(x))
        return {"tags": self.head(x), "features": x * 2}


def tagger():
    """Return a built subclassed model for samples of shape (5, 4)."""
    keras.utils.set_random_seed(7)
    model = Tagger()
    model(np.zeros((1, 5, 4), np.float32))
    return model
