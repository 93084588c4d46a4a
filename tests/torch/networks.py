"""Small networks, and what they give computed by NumPy in float64."""

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


class Small(nn.Module):
    """Convolution, normalisation, a ReLU in place, a dense layer whose ReLU is a function, a head."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(2, 4, 3)
        self.bn = nn.BatchNorm2d(4)
        self.act = nn.ReLU(inplace=True)
        self.fc = nn.Linear(16, 6)
        self.drop = nn.Dropout(0.5)
        self.head = nn.Linear(6, 3)

    def forward(self, x):
        x = self.act(self.bn(self.conv(x)))
        x = F.relu(self.fc(x.flatten(1)))
        return self.head(self.drop(x))


class Encoder(nn.Module):
    """A small transformer over tokens, with the arguments that those of Hugging Face have."""

    def __init__(self, width=16, hidden=24):
        super().__init__()
        self.embed = nn.Embedding(20, width)
        layers = [nn.TransformerEncoderLayer(width, 4, hidden, dropout=0.1, batch_first=True) for _ in range(2)]
        self.layers = nn.ModuleList(layers)
        self.pooler = nn.Linear(width, width)

    def forward(self, input_ids, attention_mask=None):
        x = self.embed(input_ids)
        padding = None if attention_mask is None else attention_mask == 0
        for layer in self.layers:
            x = layer(x, src_key_padding_mask=padding)
        return {"last_hidden_state": x, "pooler_output": torch.tanh(self.pooler(x[:, 0]))}


def integer_weights(module, seed=0):
    """Give a module small integers as weights, so that float32 computes without rounding."""
    random = np.random.default_rng(seed)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(torch.tensor(random.integers(-2, 3, tuple(parameter.shape)).astype(np.float32)))
    return module


def conv_relu(images, weight, bias):
    """Return maps, channels last, of images with channels last, as Keras would give them."""
    height, width = weight.shape[2:]
    windows = np.lib.stride_tricks.sliding_window_view(images, (height, width), axis=(1, 2))
    maps = np.einsum("nhwcij,ocij->nhwo", windows, weight) + bias
    return np.maximum(maps, 0)
