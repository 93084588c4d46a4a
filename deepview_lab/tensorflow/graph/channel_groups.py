"""Which layers of a Keras network share their channels, and how many parameters go with these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import prod
from typing import Any, Final

from deepview_lab.base import ResponseInfo
from deepview_lab.base.response import ChannelGroup
from deepview_lab.tensorflow.graph.calls import Found, has_graph

__all__ = ["with_groups"]

_PASSING: Final = frozenset(
    "Activation ReLU LeakyReLU PReLU ELU Softmax Dropout AlphaDropout GaussianDropout GaussianNoise SpatialDropout1D "  # noqa: SIM905 - shorter
    "SpatialDropout2D SpatialDropout3D BatchNormalization LayerNormalization GroupNormalization ActivityRegularization "
    "MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalMaxPooling1D "
    "GlobalMaxPooling2D GlobalMaxPooling3D GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
    "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D UpSampling1D UpSampling2D UpSampling3D "
    "Identity Rescaling Relu Relu6 Sigmoid Tanh Elu Silu Gelu HardSwish HardSigmoid Softplus".split()
)
_JOINING: Final = frozenset({"Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Divide", "TrueDivide"})
_MAKING: Final = frozenset(
    {"Dense", "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose"}
)
_DEPTHWISE: Final = frozenset({"DepthwiseConv1D", "DepthwiseConv2D"})
_RESHAPING: Final = frozenset({"Flatten", "Reshape", "Permute"})
_KNOWN: Final = _PASSING | _JOINING | _MAKING | _DEPTHWISE | _RESHAPING


def with_groups(known: Iterable[Found], infos: Mapping[str, ResponseInfo]) -> dict[str, ResponseInfo]:
    """Return the infos with their groups of channels, as far as the graph tells.

    Parameters
    ----------
    known : iterable of Found
        All that the graph gives, in its order.
    infos : mapping of str to ResponseInfo
        What is known of them.

    Notes
    -----
    A layer with a kernel makes channels. Batch norm, activations, pooling, dropout and depthwise convolutions pass them
    on; sums and products join those of their inputs, which need equal widths. Inputs have no group, nor have layers of
    other kinds (attention, recurrent layers, concatenations): what reads them is counted as it is.
    """
    groups = _Groups()
    found = list(known)  # an id is only that tensor's while the tensor lives
    for item in found:
        groups.follow(item)
    tensors: dict[str, Any] = {}
    for item in found:
        tensors.setdefault(item.name, item.tensor)
    return {name: replace(info, group=groups.of(tensors[name], info)) for name, info in infos.items()}


class _Groups:
    """Groups of channels while the network is followed; joined ones have one root."""

    def __init__(self) -> None:
        self._roots: list[int] = []
        self._names: list[str] = []
        self._units: list[int | None] = []
        self._of: dict[int, int | None] = {}  # of the tensor's channels
        self._read: dict[int, int | None] = {}  # of what a kernel reads there: Flatten and Reshape keep it
        self._made: dict[int, tuple[int | None, int | None]] = {}  # of layers: read and made in their first call
        self._own: Counter[int] = Counter()
        self._links: Counter[tuple[int | None, int | None]] = Counter()

    def follow(self, item: Found) -> None:
        """Take in a tensor; its sources were taken in before."""
        read = [self._read.get(id(source)) for source in item.sources]
        given = [self._of.get(id(source)) for source in item.sources]
        made = None if item.layer is None else self._made_by(item, given, read)
        self._of[id(item.tensor)] = made
        same = item.layer is not None and _class_of(item.layer) in _RESHAPING | _PASSING and len(read) == 1
        self._read[id(item.tensor)] = read[0] if same else made

    def of(self, tensor: Any, info: ResponseInfo) -> ChannelGroup | None:
        """Return the group of a tensor, with the parameters of the whole network that go with it."""
        index = self._of.get(id(tensor))
        if index is None or (root := self._root(index)) is None or self._units[root] != info.units:
            return None
        own = sum(count for other, count in self._own.items() if self._root(other) == root)
        links: Counter[str] = Counter()
        for pair, count in self._links.items():
            ends = [None if end is None else self._root(end) for end in pair]
            if root in ends:
                other = ends[1] if ends[0] == root else ends[0]
                links["" if other is None else self._names[other]] += count
        return ChannelGroup(self._names[root], own, tuple(sorted(links.items())))

    def _made_by(self, item: Found, given: list[int | None], read: list[int | None]) -> int | None:
        layer, kind = item.layer, _class_of(item.layer)
        [one] = given if len(given) == 1 else [None]
        if has_graph(layer):
            return one  # a model within: what its last layer gave
        if kind in _JOINING:
            known = [index for index in given if index is not None]
            return self._joined(known) if known and len(known) == len(given) else None
        if kind in _PASSING or (kind in _DEPTHWISE and getattr(layer, "depth_multiplier", 1) == 1):
            self._count(layer, one, one)
            return one
        if kind in _MAKING:
            [source] = read if len(read) == 1 else [None]
            return self._count(layer, source, self._new(item))
        return None

    def _count(self, layer: Any, source: int | None, made: int | None) -> int | None:
        """Count the parameters of a layer once; the channels of a shared layer are the same in each call."""
        before = self._made.setdefault(id(layer), (source, made))
        if before != (source, made):
            for one, other in zip(before, (source, made), strict=True):
                if one is not None and other is not None:
                    self._join(one, other)
            return made
        kernel = getattr(layer, "kernel", None) if _class_of(layer) in _MAKING else None
        size = 0 if kernel is None else prod(kernel.shape)
        if size:
            self._links[source if getattr(layer, "groups", 1) == 1 else None, made] += size
        if made is not None:
            self._own[made] += int(layer.count_params() if hasattr(layer, "count_params") else 0) - size
        return made

    def _new(self, item: Found) -> int:
        index = len(self._roots)
        self._roots.append(index)
        self._names.append(item.name or item.layer.name)
        self._units.append(_units_of(item))
        return index

    def _joined(self, given: list[int]) -> int | None:
        widths = {self._units[self._root(index)] for index in given}
        if len(widths) > 1:
            return None
        for other in given[1:]:
            self._join(given[0], other)
        return given[0]

    def _join(self, one: int, other: int) -> None:
        first, second = sorted((self._root(one), self._root(other)))
        self._roots[second] = first

    def _root(self, index: int) -> int:
        while self._roots[index] != index:
            index = self._roots[index]
        return index


def _units_of(item: Found) -> int | None:
    layer = item.layer
    units = getattr(layer, "filters", None) or getattr(layer, "units", None)
    return None if units is None else int(units)


def _class_of(layer: Any) -> str:
    """Return the name of the nearest class of Keras that says what a layer does; its own where none does."""
    for ancestor in type(layer).__mro__:
        if ancestor.__module__.partition(".")[0] == "keras" and ancestor.__name__ in _KNOWN:
            return ancestor.__name__
    return type(layer).__name__
