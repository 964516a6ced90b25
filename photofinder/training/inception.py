"""Inception v3 up to its block mixed_9, the second teacher: it comes with the corpus, and never ships."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from photofinder.model.torchvision_backbones import BackboneTrunk
from photofinder.model.trunk import MEAN, STD
from photofinder.training.clipped_convolution import has_fused_kernels
from photofinder.training.teachers import load_teacher_module

FEATURE_DIM = 1280


class Inception(nn.Module):
    """Asks ``InceptionMixed9`` of ``teacher/teacher.py`` in bfloat16, on the CPU with ReLU as part of convolutions."""

    def __init__(self, corpus: Path, device: str = "cpu") -> None:
        """``corpus``: its folder. Raises FileNotFoundError where it brings no teachers."""
        super().__init__()
        network = load_teacher_module(corpus).InceptionMixed9(device, torch.bfloat16)
        if has_fused_kernels(device):
            network.conv = lambda *what: _convolution(network.weights, *what)
        self._network = network
        self._mean, self._std = (torch.tensor(one, device=device)[:, None, None] for one in (MEAN, STD))

    def forward(self, images: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)``, of 96 pixels or more, to pooled features ``(n, FEATURE_DIM)`` float32."""
        colours = 2 * (images.float() * self._std + self._mean) - 1
        maps: Tensor = self._network(colours.bfloat16().contiguous(memory_format=torch.channels_last))
        return maps.float().mean((2, 3))


class TwoTeachers(nn.Module):
    """A network on official weights and Inception, one after the other in one feature."""

    def __init__(self, first: BackboneTrunk, second: Inception) -> None:
        super().__init__()
        self.first, self.second = first, second
        self.feature_dim = first.feature_dim + FEATURE_DIM

    def forward(self, images: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)`` to ``(n, feature_dim)`` float32."""
        return torch.cat([self.first(images).float(), self.second(images)], dim=1)


def _convolution(weights: dict[str, Any], x: Tensor, name: str, stride: int = 1, pad: bool = True) -> Tensor:
    """``InceptionMixed9.conv``: a ReLU after a convolution, in one kernel of oneDNN."""
    weight, bias = weights[name + ".weight"], weights[name + ".bias"]
    padding = [side // 2 for side in weight.shape[2:]] if pad else [0, 0]
    y: Tensor = torch.ops.mkldnn._convolution_pointwise(
        x, weight, bias, padding, [stride] * 2, [1, 1], 1, "relu", [], ""
    )
    return y
