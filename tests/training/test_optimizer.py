from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from photofinder.model.trunk import channels_last
from photofinder.training.optimizer import Optimizer


def network() -> nn.Sequential:
    torch.manual_seed(5)
    made = nn.Sequential(nn.Conv2d(4, 8, 3), nn.ReLU(), nn.Conv2d(8, 6, 3), nn.Flatten(), nn.Linear(6 * 16, 3))
    channels_last(made)
    return made


def kernels(module: nn.Sequential) -> list[nn.Parameter]:
    return [p for p in module.parameters() if p.ndim == 4]


def loss(module: nn.Sequential, seed: int = 0) -> Tensor:
    images = torch.randn(32, 4, 8, 8, generator=torch.Generator().manual_seed(seed))
    return (module(images) - images[:, :3].mean((2, 3))).square().mean()


def test_it_learns() -> None:
    module = network()
    optimizer = Optimizer(module, kernels(module), 0.01)
    before = loss(module).item()
    for _ in range(60):
        optimizer.step(loss(module), 3e-3, 5.0)
    assert loss(module).item() < 0.2 * before


def test_a_step_of_a_kernel_is_as_long_in_every_direction() -> None:
    module = network()
    optimizer = Optimizer(module, kernels(module), 0.0)
    before = [kernel.detach().clone() for kernel in kernels(module)]
    optimizer.step(loss(module), 1e-2, 5.0)
    for kernel, old in zip(kernels(module), before, strict=True):
        lengths = torch.linalg.svdvals((kernel.detach() - old).flatten(1))
        assert lengths.min() > 0.4 * lengths.max()


def test_it_goes_on_as_if_it_had_not_stopped() -> None:
    module = network()
    optimizer = Optimizer(module, kernels(module), 0.01)
    for _ in range(3):
        optimizer.step(loss(module), 1e-2, 5.0)
    twin = copy.deepcopy(module)
    other = Optimizer(twin, kernels(twin), 0.01)
    saved = {name: value.clone() for name, value in optimizer.tensors().items()}
    other.load({**saved, "student.0.weight": torch.zeros(1)})
    for one, stepping in ((module, optimizer), (twin, other)):
        stepping.step(loss(one, 1), 1e-2, 5.0)
    for left, right in zip(module.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(left, right)


def test_what_rests_stays_and_is_forgotten() -> None:
    module = network()
    optimizer = Optimizer(module, kernels(module), 0.01)
    optimizer.step(loss(module), 1e-2, 5.0)
    remembered = set(optimizer.tensors())
    module[2].requires_grad_(False)
    optimizer.forget_what_rests()
    assert set(optimizer.tensors()) < remembered
    before = copy.deepcopy(module)
    optimizer.step(loss(module), 1e-2, 5.0)
    assert torch.equal(module[2].weight, before[2].weight)
    assert not torch.equal(module[0].weight, before[0].weight)


def test_kernels_must_lie_channels_last() -> None:
    module = nn.Sequential(nn.Conv2d(4, 8, 3))
    with pytest.raises(ValueError, match="channels last"):
        Optimizer(module, kernels(module), 0.0)
