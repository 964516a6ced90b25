"""The trunk of our own networks, a ResNet (He et al. 2016), and what is done with pixels before. Needs torch."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from photofinder.model.preparation import Uint8Array

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Per-channel statistics of ImageNet photos in [0, 1], the usual normalisation of torchvision's networks."""


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions around a shortcut."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1: nn.Module = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2: nn.Module = nn.BatchNorm2d(outputs)
        self.downsample: nn.Module | None = None
        if stride != 1 or inputs != outputs:
            self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        """``(n, inputs, h, w)`` to ``(n, outputs, h / stride, w / stride)``."""
        y = F.relu(self.bn1(self.conv1(x)), inplace=True)
        y = self.bn2(self.conv2(y))
        return F.relu(y + (x if self.downsample is None else self.downsample(x)), inplace=True)


class Trunk(nn.Module):
    """ResNet without its classifier; state-dict names are torchvision's."""

    def __init__(self, widths: Sequence[int] = (64, 128, 256, 512), depths: Sequence[int] = (2, 2, 2, 2)) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, widths[0], 7, 2, 3, bias=False)
        self.bn1: nn.Module = nn.BatchNorm2d(widths[0])
        inputs = widths[0]
        for stage, (outputs, depth) in enumerate(zip(widths, depths, strict=True)):
            blocks = []
            for index in range(depth):
                blocks.append(ResidualBlock(inputs, outputs, 2 if index == 0 and stage > 0 else 1))
                inputs = outputs
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.widths, self.depths = tuple(widths), tuple(depths)
        self.stages = len(widths)
        self.feature_dim = inputs

    def blocks(self) -> Iterator[tuple[str, ResidualBlock]]:
        """The residual blocks in order, each with its name (``"layer1.0"``)."""
        for stage in range(self.stages):
            for index, block in enumerate(self.get_submodule(f"layer{stage + 1}").children()):
                if isinstance(block, ResidualBlock):
                    yield f"layer{stage + 1}.{index}", block

    def stage_maps(self, images: Tensor) -> Iterator[Tensor]:
        """Normalised ``(n, 3, h, w)`` to the feature map of each stage, the first of h / 4 x w / 4 places."""
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(images)), inplace=True), 3, 2, 1)
        for stage in range(self.stages):
            x = self.get_submodule(f"layer{stage + 1}")(x)
            yield x

    def spatial(self, images: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)`` to the last feature map ``(n, feature_dim, h / 32, w / 32)``."""
        return deque(self.stage_maps(images), maxlen=1)[0]

    def forward(self, images: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)`` to the pooled feature ``(n, feature_dim)``."""
        return self.spatial(images).mean((2, 3))


def block_of(name: str) -> tuple[int, int] | None:
    """Stage, from 1, and place in it, from 0, of the block that a tensor of a trunk, or of a network, belongs to."""
    found = re.search(r"\blayer(\d+)\.(\d+)\.", name)
    return found and (int(found[1]), int(found[2]))


def depths_of(names: Iterable[str]) -> tuple[int, ...]:
    """How many blocks each stage has in a trunk whose tensors, or those of a network around it, have these names."""
    blocks = {block for name in names if (block := block_of(name))}
    counts = Counter(stage for stage, _ in blocks)
    return tuple(counts[stage] for stage in sorted(counts))


def channels_last(module: nn.Module) -> None:
    """Keep convolution weights in channels-last memory, which the CPU and tensor cores prefer."""
    module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def normalise(pixels: Tensor) -> Tensor:
    """``(n, h, w, 3)`` uint8 to normalised ``(n, 3, h, w)`` float32 in channels-last memory."""
    mean = torch.tensor(MEAN, device=pixels.device) * 255
    std = torch.tensor(STD, device=pixels.device) * 255
    return ((pixels.float() - mean) / std).permute(0, 3, 1, 2)


def cover_by_torch(image: Uint8Array, width: int, height: int) -> Uint8Array:
    """``preparation.cover`` of ``(h, w, 3)`` uint8, cut at whole pixels: the same filter in a quarter of the time."""
    image = np.require(image, requirements=["C", "W"])  # torch warns of arrays that may not be written
    h, w = image.shape[:2]
    scale = min(w / width, h / height)
    across, down = max(1, round(width * scale)), max(1, round(height * scale))
    left, top = (w - across) // 2, (h - down) // 2
    pixels = torch.from_numpy(image[top : top + down, left : left + across]).permute(2, 0, 1)[None]
    found = F.interpolate(pixels, (height, width), mode="bilinear", antialias=True)[0].permute(1, 2, 0)
    return np.asarray(found.numpy(), dtype=np.uint8)


def fold_batch_norms(module: nn.Module) -> None:
    """Fold each batch norm into the convolution before it: the same arithmetic in fewer passes."""
    if isinstance(module, ResidualBlock | Trunk):
        for conv, norm in (("conv1", "bn1"), ("conv2", "bn2")):
            if hasattr(module, conv):
                setattr(module, conv, fuse_conv_bn_eval(getattr(module, conv), getattr(module, norm)))
                setattr(module, norm, nn.Identity())
    if isinstance(module, ResidualBlock) and isinstance(module.downsample, nn.Sequential):
        conv_layer, norm_layer = module.downsample
        module.downsample = fuse_conv_bn_eval(conv_layer, norm_layer)  # type: ignore[arg-type, type-var]
    for child in module.children():
        fold_batch_norms(child)
