"""A trunk of ours in 8-bit integers: weights a scale a channel, maps a scale each. Needs torch, on the CPU.

The convolutions are oneDNN's, called as PyTorch's own compiler calls them (``torch.ops.onednn``), on plain tensors of
bytes: the older ``torch.ao.quantization`` and its quantised types are being removed. Which numbers a map may hold was
measured on training photos and stands in the pack's manifest (``training.int8_ranges``).
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from photofinder.model.trunk import MEAN, STD, ResidualBlock, Trunk

RANGES = "int8_ranges"
"""Entry of a pack's manifest: the name of a map to the least and the largest number it held."""
STEM, MIDDLE, SHORTCUT = "stem", ".middle", ".shortcut"
"""Names of maps: after the first convolution, between the two of a block (``"layer1.0.middle"``), and beside them."""

Ranges = Mapping[str, tuple[float, float]]

_log = logging.getLogger(__name__)

LEVELS = 255
_LARGEST_WEIGHT = 127
_EDGE = 3
"""Pixels that the first convolution, 7 x 7, needs around the picture."""


def names_of_maps(trunk: Trunk) -> list[str]:
    """The maps whose ranges must be known."""
    names = [STEM]
    for name, block in trunk.blocks():
        names += [name + MIDDLE, name] + ([name + SHORTCUT] if block.downsample is not None else [])
    return names


def read_ranges(manifest: Mapping[str, Any], trunk: Trunk) -> Ranges | None:
    """What a manifest says for this trunk; None when it says nothing. Raises ValueError for nonsense."""
    if RANGES not in manifest:
        return None
    try:
        ranges = {name: (float(low), float(high)) for name, (low, high) in manifest[RANGES].items()}
    except (AttributeError, TypeError) as error:
        raise ValueError(f"{RANGES}: {error}") from error
    wanted = names_of_maps(trunk)
    if set(ranges) != set(wanted) or not all(low <= 0 < high < float("inf") for low, high in ranges.values()):
        raise ValueError(f"{RANGES} do not fit the network")
    return ranges


@dataclass(frozen=True, slots=True)
class Levels:
    """Which numbers bytes stand for: ``scale * (byte - zero)``."""

    scale: float
    zero: int

    @classmethod
    def between(cls, low: float, high: float) -> Levels:
        """Those of a map that holds numbers from ``low``, at most 0, to ``high``."""
        scale = (high - low) / LEVELS
        return cls(scale, round(-low / scale))


_PIXELS = Levels(1.0, 0)


class Int8Trunk:
    """Runs a float32 trunk, whose batch norms are folded already, in int8."""

    kind = "int8"

    def __init__(self, trunk: Trunk, ranges: Ranges) -> None:
        """Raises RuntimeError or AttributeError where torch has no such convolutions."""
        levels = {name: Levels.between(low, high) for name, (low, high) in ranges.items()}
        self._mean = torch.tensor(MEAN).mul(LEVELS).round().to(torch.uint8)
        self._stem = _Convolution(_on_pixels(trunk.conv1), _PIXELS, levels[STEM], relu=True)
        self._blocks: list[_Block] = []
        before = levels[STEM]
        for name, block in trunk.blocks():
            self._blocks.append(_Block(block, before, levels[name + MIDDLE], levels[name], levels.get(name + SHORTCUT)))
            before = levels[name]
        self._last = before

    def __call__(self, pixels: Tensor) -> Tensor:
        """``(n, h, w, 3)`` uint8 sRGB to raw features ``(n, feature_dim)`` float32."""
        count, height, width, channels = pixels.shape
        framed = pixels.new_empty((count, height + 2 * _EDGE, width + 2 * _EDGE, channels))
        for frame in (framed[:, :_EDGE], framed[:, -_EDGE:], framed[:, :, :_EDGE], framed[:, :, -_EDGE:]):
            frame.copy_(self._mean)  # what is around a picture is 0 once it is normalised
        framed[:, _EDGE:-_EDGE, _EDGE:-_EDGE] = pixels
        # aten's max_pool2d refuses maps of bytes with more than 255 places
        x = torch.ops.quantized.max_pool2d(
            self._stem(framed.permute(0, 3, 1, 2)), [3, 3], [2, 2], [1, 1], [1, 1], False
        )
        for block in self._blocks:
            x = block(x)
        features: Tensor = x.float().mean((2, 3)) * self._last.scale
        return features


def int8_trunk(trunk: Trunk, ranges: Ranges) -> Int8Trunk | None:
    """``trunk`` in int8, or None where this torch or processor cannot run it."""
    try:
        made = Int8Trunk(trunk, ranges)
        made(torch.zeros((1, 32, 32, 3), dtype=torch.uint8))
    except (RuntimeError, AttributeError) as error:  # no oneDNN, or of another version
        _log.info("no int8 here: %s", error)
        return None
    return made


class _Convolution:
    """One convolution of bytes to bytes."""

    def __init__(self, layer: nn.Conv2d, before: Levels, after: Levels, *, relu: bool) -> None:
        weight, bias = layer.weight.detach().float(), layer.bias
        self._scales = weight.abs().amax((1, 2, 3)).clamp_min(1e-12) / _LARGEST_WEIGHT
        rounded = round_keeping_sums(weight / self._scales[:, None, None, None]).to(torch.int8)
        self._zeros = torch.zeros(len(weight), dtype=torch.int32)
        self._bias = torch.zeros(len(weight)) if bias is None else bias.detach().float()
        self._shape = (list(layer.stride), list(layer.padding), [1, 1], 1)
        self._before, self._after, self._relu = before, after, relu
        self._weight = torch.ops.onednn.qconv_prepack(
            rounded, self._scales, before.scale, before.zero, *self._shape, None
        )

    def __call__(self, x: Tensor) -> Tensor:
        y: Tensor = torch.ops.onednn.qconv2d_pointwise(
            *self._inputs(x), self._bias, *self._shape, *self._outputs(), "relu" if self._relu else "none", [], ""
        )
        return y

    def added_to(self, shortcut: Tensor, levels: Levels, x: Tensor) -> Tensor:
        """``relu(shortcut + convolution)``; what is in ``shortcut`` may be overwritten."""
        y: Tensor = torch.ops.onednn.qconv2d_pointwise.binary(
            *self._inputs(x), shortcut, self._bias, *self._shape, *self._outputs(), levels.scale, levels.zero,
            "sum", 1.0, "relu", [], "",
        )  # fmt: skip
        return y

    def _inputs(self, x: Tensor) -> tuple[Any, ...]:
        return x, self._before.scale, self._before.zero, self._weight, self._scales, self._zeros

    def _outputs(self) -> tuple[Any, ...]:
        return self._after.scale, self._after.zero, torch.uint8


class _Block:
    """A residual block."""

    def __init__(
        self, block: ResidualBlock, before: Levels, middle: Levels, after: Levels, shortcut: Levels | None
    ) -> None:
        self._first = _Convolution(block.conv1, before, middle, relu=True)
        self._second = _Convolution(block.conv2, middle, after, relu=True)
        self._shortcut: _Convolution | None = None
        if isinstance(block.downsample, nn.Conv2d) and shortcut is not None:
            self._shortcut = _Convolution(block.downsample, before, shortcut, relu=False)
        self._beside = shortcut or before

    def __call__(self, x: Tensor) -> Tensor:
        beside = x if self._shortcut is None else self._shortcut(x)
        return self._second.added_to(beside, self._beside, self._first(x))


def round_keeping_sums(kernels: Tensor) -> Tensor:
    """``(o, i, h, w)`` to whole numbers: each up or down, and the sum of each h x w kernel to the nearest.

    What rounding adds to a kernel's sum answers to plain areas, which are most of a photo: rounded one by one, the
    kernels of the first convolution, which look for edges, were most of what int8 changed (docs/MODEL.md).
    """
    flat = kernels.flatten(2)
    below = flat.floor()
    upwards = flat.sum(2, keepdim=True).round() - below.sum(2, keepdim=True)
    nearest_first = (flat - below).argsort(2, descending=True)
    place = torch.arange(flat.shape[2]).expand_as(nearest_first)
    steps = torch.empty_like(below).scatter_(2, nearest_first, (place < upwards).to(below.dtype))
    return (below + steps).clamp(-_LARGEST_WEIGHT, _LARGEST_WEIGHT).view_as(kernels)


def _on_pixels(layer: nn.Conv2d) -> nn.Conv2d:
    """The first convolution for bytes as they are, framed already: the normalisation goes into its weights."""
    mean, std = torch.tensor(MEAN) * LEVELS, torch.tensor(STD) * LEVELS
    made = nn.Conv2d(layer.in_channels, layer.out_channels, layer.kernel_size, layer.stride)  # type: ignore[arg-type]
    with torch.no_grad():
        weight = layer.weight / std[:, None, None]
        made.weight.copy_(weight)
        assert made.bias is not None and layer.bias is not None
        made.bias.copy_(layer.bias - (weight * mean[:, None, None]).sum((1, 2, 3)))
    return made
