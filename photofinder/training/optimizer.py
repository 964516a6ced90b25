"""AdamW, and for the convolutions of a trunk Muon (Jordan et al. 2024): steps that are as long in every direction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn


class Optimizer:
    """Takes the steps of a module in training; its rates are AdamW's, which Muon's steps match in size."""

    def __init__(self, module: nn.Module, kernels: Sequence[nn.Parameter], weight_decay: float) -> None:
        """``kernels`` ``(o, i, h, w)`` of the module, channels last in memory, are Muon's, all else AdamW's."""
        own = {id(kernel) for kernel in kernels}
        rest = [parameter for parameter in module.parameters() if id(parameter) not in own]
        self._module = module
        self._kernels = list(kernels)
        self._matrices = [nn.Parameter(_as_matrix(kernel)) for kernel in kernels]
        if any(m.data_ptr() != k.data_ptr() for m, k in zip(self._matrices, self._kernels, strict=True)):
            raise ValueError("kernels are not channels last")
        self._rules: dict[str, torch.optim.Optimizer] = {
            "adamw": torch.optim.AdamW(
                [
                    {"params": [p for p in rest if p.ndim > 1], "weight_decay": weight_decay},
                    {"params": [p for p in rest if p.ndim <= 1], "weight_decay": 0.0},
                ]
            ),
            "muon": torch.optim.Muon(self._matrices, weight_decay=weight_decay, adjust_lr_fn="match_rms_adamw"),
        }

    def step(self, loss: Tensor, rate: float, longest: float) -> None:
        """One step down the slope of ``loss``, whose gradient is cut to the length ``longest``."""
        self._module.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(self._module.parameters(), longest)
        for matrix, kernel in zip(self._matrices, self._kernels, strict=True):
            matrix.grad = None if kernel.grad is None else _as_matrix(kernel.grad)
        for rule in self._rules.values():
            for group in rule.param_groups:
                group["lr"] = rate
            rule.step()

    def forget_what_rests(self) -> None:
        """Drop what is remembered of parameters without gradients."""
        for matrix, kernel in zip(self._matrices, self._kernels, strict=True):
            matrix.requires_grad_(kernel.requires_grad)
        for rule in self._rules.values():
            for parameter in [p for p in rule.state if not p.requires_grad]:
                del rule.state[parameter]

    def tensors(self) -> dict[str, Tensor]:
        """What is remembered, to be saved: ``rule.index.what``."""
        return {
            f"{name}.{index}.{what}": value
            for name, rule in self._rules.items()
            for index, state in rule.state_dict()["state"].items()
            for what, value in state.items()
        }

    def load(self, tensors: Mapping[str, Tensor]) -> None:
        """Take up what ``tensors`` gave; other entries are left alone."""
        states: dict[str, dict[int, dict[str, Tensor]]] = {name: {} for name in self._rules}
        for key, value in tensors.items():
            name, *rest = key.split(".")
            if name in states:
                states[name].setdefault(int(rest[0]), {})[rest[1]] = value
        for name, rule in self._rules.items():
            rule.load_state_dict({"state": states[name], "param_groups": rule.state_dict()["param_groups"]})


def _as_matrix(kernel: Tensor) -> Tensor:
    """``(o, h * w * i)``, in the same memory where channels are last."""
    return kernel.detach().permute(0, 2, 3, 1).flatten(1)
