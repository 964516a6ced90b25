"""A graphics processor (CUDA, or MPS on a Mac) for the network, where there is one, it agrees and it is faster.

Needs torch, and one that was built for it. What the CPU said stays at hand: a graphics processor may run out of memory
at any moment, because other programs use it, too.
"""

from __future__ import annotations

import copy
import logging
import time

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photofinder.model.precision import LEAST_AGREEMENT, PixelTrunk, least_seconds
from photofinder.model.trunk import channels_last, normalise

_log = logging.getLogger(__name__)


def accelerator() -> torch.device | None:
    """The graphics processor that this torch can use here."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps") if torch.backends.mps.is_available() else None


class AcceleratedTrunk:
    """A trunk in float16 on another device, and from its first failure on the one that is ``instead`` of it."""

    def __init__(self, trunk: nn.Module, device: torch.device, instead: PixelTrunk) -> None:
        self._device = device
        self._trunk: nn.Module | None = copy.deepcopy(trunk).to(device, torch.float16)
        channels_last(self._trunk)
        self._instead = instead

    @property
    def kind(self) -> str:
        """``"float16 (cuda)"`` or ``"float16 (mps)"``, or the kind of what took its place."""
        return self._instead.kind if self._trunk is None else f"float16 ({self._device.type})"

    def __call__(self, pixels: Tensor) -> Tensor:
        """``(n, h, w, 3)`` uint8 sRGB to raw features ``(n, feature_dim)`` float32, on the CPU."""
        if self._trunk is not None:
            try:
                features: Tensor = self._trunk(normalise(pixels.to(self._device)).half())
                return features.float().cpu()
            except RuntimeError as error:  # its memory is full, its driver went
                _log.warning("the network goes on without %s: %s", self._device, error)
                self._trunk = None
        return self._instead(pixels)


def on_accelerator(trunk: nn.Module, pixels: Tensor, on_cpu: PixelTrunk) -> PixelTrunk:
    """``trunk`` on the graphics processor, where that says the same of ``pixels`` as ``on_cpu`` and says it sooner.

    By the clock: what other work takes from the CPU is what the graphics processor spares.
    """
    device = accelerator()
    if device is None:
        return on_cpu
    try:
        quick = AcceleratedTrunk(trunk, device, on_cpu)
    except RuntimeError as error:
        _log.warning("no network on %s: %s", device, error)
        return on_cpu
    agreement = F.cosine_similarity(quick(pixels), on_cpu(pixels)).mean().item()
    seconds = least_seconds(lambda: quick(pixels), time.perf_counter)
    sooner = seconds < least_seconds(lambda: on_cpu(pixels), time.perf_counter)
    _log.info("%s: agreement %.4f, sooner: %s", quick.kind, agreement, sooner)
    return quick if agreement >= LEAST_AGREEMENT and sooner else on_cpu
