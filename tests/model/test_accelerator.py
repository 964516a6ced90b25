"""A graphics processor for the network. The CPU stands for one here: tests have no other device."""

from __future__ import annotations

import pytest
import torch

from photofinder.model import accelerator
from photofinder.model.accelerator import AcceleratedTrunk, on_accelerator
from photofinder.model.precision import FloatTrunk
from photofinder.model.trunk import Trunk, fold_batch_norms

CPU = torch.device("cpu")


@pytest.fixture
def trunk() -> Trunk:
    torch.manual_seed(0)
    made = Trunk((8, 16), (1, 1)).eval()
    fold_batch_norms(made)
    return made


@pytest.fixture
def pixels() -> torch.Tensor:
    return torch.randint(256, (3, 32, 48, 3), dtype=torch.uint8, generator=torch.Generator().manual_seed(1))


@pytest.fixture
def graphics(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accelerator, "accelerator", lambda: CPU)


def slow(trunk: Trunk) -> FloatTrunk:
    class Slow(FloatTrunk):
        def __call__(self, pixels: torch.Tensor) -> torch.Tensor:
            for _ in range(200):
                super().__call__(pixels)
            return super().__call__(pixels)

    return Slow(trunk)


def test_without_one_the_cpu_goes_on(trunk: Trunk, pixels: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    on_cpu = FloatTrunk(trunk)
    assert on_accelerator(trunk, pixels, on_cpu) is on_cpu


@pytest.mark.usefixtures("graphics")
@torch.inference_mode()
def test_one_that_agrees_and_is_sooner_is_used(trunk: Trunk, pixels: torch.Tensor) -> None:
    chosen = on_accelerator(trunk, pixels, slow(trunk))
    assert chosen.kind == "float16 (cpu)"
    torch.testing.assert_close(chosen(pixels), FloatTrunk(trunk)(pixels), atol=0.02, rtol=0.02)


@pytest.mark.usefixtures("graphics")
@torch.inference_mode()
def test_one_that_is_later_is_not_used(trunk: Trunk, pixels: torch.Tensor, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = iter((2.0, 1.0))
    monkeypatch.setattr(accelerator, "least_seconds", lambda run, clock: next(seconds))
    on_cpu = FloatTrunk(trunk)
    assert on_accelerator(trunk, pixels, on_cpu) is on_cpu


@pytest.mark.usefixtures("graphics")
@torch.inference_mode()
def test_one_that_says_something_else_is_not_used(trunk: Trunk, pixels: torch.Tensor) -> None:
    for parameter in trunk.parameters():
        parameter.data *= 1e5  # more than float16 holds
    on_cpu = slow(trunk)
    assert on_accelerator(trunk, pixels, on_cpu) is on_cpu


@torch.inference_mode()
def test_from_its_first_failure_on_the_cpu_takes_over(trunk: Trunk, pixels: torch.Tensor) -> None:
    asked = []

    class OutOfMemory(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = torch.nn.Parameter(torch.zeros(1))

        def forward(self, batch: torch.Tensor) -> torch.Tensor:
            asked.append(len(batch))
            raise torch.OutOfMemoryError("no memory left")

    on_cpu = FloatTrunk(trunk)
    run = AcceleratedTrunk(OutOfMemory(), CPU, on_cpu)
    torch.testing.assert_close(run(pixels), on_cpu(pixels))
    torch.testing.assert_close(run(pixels), on_cpu(pixels))
    assert asked == [3]
    assert run.kind == "float32"
