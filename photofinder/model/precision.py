"""Which numbers a network counts with here: int8, bfloat16 or float32, chosen by a probe. Needs torch.

A photo's vectors hardly differ between them (mean cosine 0.9999, docs/MODEL.md), so that photos analysed in one are
compared with photos analysed in another.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from typing import Protocol

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from photofinder.model.trunk import normalise

_PROBED = 2
"""Photos of a batch that are enough to tell."""
LEAST_AGREEMENT = 0.98
"""Mean cosine that int8 must have with float32, and a graphics processor with the CPU, on the photos of the probe;
usually it is 0.9999. Processors whose
instructions for int8 saturate at 16 bits may be quick and wrong."""


class PixelTrunk(Protocol):
    """A trunk that runs in one kind of numbers."""

    @property
    def kind(self) -> str:
        """``"int8"``, ``"bfloat16"`` or ``"float32"``."""

    def __call__(self, pixels: Tensor) -> Tensor:
        """``(n, h, w, 3)`` uint8 sRGB to raw features ``(n, feature_dim)`` float32."""


class FloatTrunk:
    """A trunk in the type that its parameters have."""

    def __init__(self, trunk: nn.Module) -> None:
        self._run = TrunkRunner(trunk)

    @property
    def kind(self) -> str:
        """``"bfloat16"`` or ``"float32"``."""
        return str(self._run.dtype).removeprefix("torch.")

    def __call__(self, pixels: Tensor) -> Tensor:
        """``(n, h, w, 3)`` uint8 sRGB to raw features ``(n, feature_dim)`` float32."""
        return self._run(normalise(pixels))


class TrunkRunner:
    """Runs a trunk in its own type and gives float32 back."""

    def __init__(self, trunk: nn.Module) -> None:
        self._trunk = trunk
        self.dtype = next(trunk.parameters()).dtype

    def __call__(self, batch: Tensor) -> Tensor:
        """Normalised ``(n, 3, h, w)`` float32 to raw features ``(n, feature_dim)`` float32."""
        features: Tensor = self._trunk(batch.to(self.dtype))
        return features.float()


def fastest(trunk: nn.Module, pixels: Tensor, in_int8: Callable[[], PixelTrunk | None]) -> PixelTrunk:
    """``trunk`` in the kind of numbers that takes least time for a few of ``pixels`` ``(n, h, w, 3)`` uint8.

    ``in_int8`` makes the same trunk in int8, or says None where it cannot be had. Where int8 takes half of float32's
    time bfloat16, which is never better than that, is not tried: the probe costs a second of a core less. Where it
    takes a quarter, float32 is not timed again.
    """
    sample = pixels[:_PROBED]
    exact = FloatTrunk(trunk)
    said: list[Tensor] = []
    exact_seconds = cpu_seconds(lambda: said.append(exact(sample)), times=1)
    quick = in_int8()
    quick_seconds = float("inf")
    if quick is not None and F.cosine_similarity(quick(sample), said[-1]).mean() >= LEAST_AGREEMENT:
        quick_seconds = cpu_seconds(lambda: quick(sample))
        if quick_seconds < 0.25 * exact_seconds:
            return quick
    exact_seconds = cpu_seconds(lambda: exact(sample))
    if quick is not None and quick_seconds < 0.5 * exact_seconds:
        return quick
    half = bfloat16_if_faster(trunk, normalise(sample))
    if quick is None or quick_seconds > 0.8 * exact_seconds:
        return exact if half is None else FloatTrunk(half)
    if half is None or quick_seconds < cpu_seconds(lambda: FloatTrunk(half)(sample)):
        return quick
    return FloatTrunk(half)


def bfloat16_if_faster(trunk: nn.Module, batch: Tensor) -> nn.Module | None:
    """A copy of a float32 trunk in bfloat16, where a probe of a few photos of ``batch`` finds it a fifth faster."""
    half = copy.deepcopy(trunk).to(torch.bfloat16)
    sample = batch[:_PROBED]
    half_seconds = cpu_seconds(lambda: TrunkRunner(half)(sample))
    return half if half_seconds < 0.8 * cpu_seconds(lambda: TrunkRunner(trunk)(sample)) else None


def cpu_seconds(run: Callable[[], object], times: int = 3) -> float:
    """Of all threads. By the clock, beside decoders, float32 won two probes of three by mistake."""
    return least_seconds(run, time.process_time, times)


def least_seconds(run: Callable[[], object], clock: Callable[[], float], times: int = 3) -> float:
    """The least of some times by ``clock``, after one that is not counted."""
    run()
    best = float("inf")
    for _ in range(times):
        started = clock()
        run()
        best = min(best, clock() - started)
    return best
