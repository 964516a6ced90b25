"""The mean of the weights of several networks, or of several joint spaces ("model soup", Wortsman et al. 2022).

    python -m photofinder.training.model_soup --out RUN/soup/visual.safetensors \
        --networks RUN/live/visual.safetensors resources/models/es-laptop/visual.safetensors --shares 0.7 0.3
    python -m photofinder.training.model_soup --out RUN/joint --joints RUN/joint1 RUN/joint2 RUN/joint3

All must come from one ancestor: then the mean is often better than each, and costs nothing at run time. Running means
and variances of batch norms are averaged as weights are: measured anew on training photos they were worse. Blocks that
one has and its ancestor has not are the ancestor's, too, and add nothing there.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from photofinder.model.trunk import depths_of
from photofinder.model.visual import PhotoNetwork
from photofinder.training.caption import EMBEDDING_DIM
from photofinder.training.joint_weights import JointWeights, read_joint_weights, trained_only, write_joint_weights
from photofinder.training.student import WIDTHS, deepened


def mean_network(networks: Sequence[Path], shares: Sequence[float]) -> PhotoNetwork:
    """``shares``, which sum to 1, of the weights of ``networks`` (a pack's ``visual.safetensors``, too)."""
    every = [trained_only(load_file(path)) for path in networks]
    deepest = max(every, key=lambda weights: sum(depths_of(weights)))
    mean = _mean([deepened(weights, deepest, 0) for weights in every], shares)
    network = PhotoNetwork(WIDTHS, depths_of(deepest), EMBEDDING_DIM)
    counters = {name for name in network.state_dict() if name.endswith("num_batches_tracked")}
    missing = set(network.load_state_dict(mean, strict=False).missing_keys)
    if missing - counters:
        raise ValueError(f"none of the networks has {sorted(missing - counters)}")
    return network.eval()


def mean_joint(joints: Sequence[Path], shares: Sequence[float]) -> JointWeights:
    """``shares`` of the weights of joint spaces with the same vocabulary. Raises ValueError where it is not."""
    every = [read_joint_weights(path).as_trained() for path in joints]
    if any(not torch.equal(joint.keys, every[0].keys) for joint in every):
        raise ValueError("these joint spaces have different vocabularies")
    return replace(
        every[0],
        head=_mean([joint.head for joint in every], shares),
        tower=_mean([joint.tower for joint in every], shares),
    )


def _mean(every: Sequence[dict[str, Tensor]], shares: Sequence[float]) -> dict[str, Tensor]:
    """Of what all have."""
    common = set.intersection(*(set(weights) for weights in every))
    return {
        name: torch.stack([share * weights[name].float() for weights, share in zip(every, shares, strict=True)]).sum(0)
        for name in sorted(common)
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    kinds = parser.add_mutually_exclusive_group(required=True)
    kinds.add_argument("--networks", type=Path, nargs="+", metavar="FILE")
    kinds.add_argument("--joints", type=Path, nargs="+", metavar="FOLDER")
    parser.add_argument("--shares", type=float, nargs="+", help="of each; the same of all if not given")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    members = options.networks or options.joints
    shares = options.shares or [1 / len(members)] * len(members)
    if len(shares) != len(members) or abs(sum(shares) - 1) > 1e-6:
        parser.error("--shares: one for each, 1 in all")
    if options.joints:
        write_joint_weights(mean_joint(members, shares), options.out)
        return 0
    network = mean_network(members, shares)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: value.contiguous() for name, value in network.state_dict().items()}, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
