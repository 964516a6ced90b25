"""The weights of a joint space, as ``training.caption`` wrote them or as they ship in a pack.

Going on from a pack needs nothing of the run that made it: its text table is rounded to 255 steps, which training
soon forgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from photofinder.model.lexicon import Lexicon
from photofinder.model.pack import CAPTION_FILE, HEADS_FILE, MANIFEST, VISUAL_FILE
from photofinder.model.visual import AFTER_TRAINING


@dataclass(frozen=True, slots=True)
class JointWeights:
    """State dicts of both sides, the keys of the text table's rows, and the known words (one a line).

    ``lexicon``: what photos say of words, where that was worked out.
    """

    head: dict[str, Tensor]
    tower: dict[str, Tensor]
    keys: Tensor
    words: str
    lexicon: Lexicon | None = None

    def as_trained(self) -> Self:
        """Without what photos say afterwards (``training.lexicon``), which every joint space has of its own."""
        return replace(self, head=trained_only(self.head), lexicon=None)


def trained_head(network: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The head of a network's file, or of a pack's, as it was trained; float32, empty when there is none."""
    return {name: value.float() for name, value in trained_only(_part(network, "head.")).items()}


def trained_only(weights: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Those of a head, or of a network with ``head.*``, but for what is worked out after the training."""
    return {name: value for name, value in weights.items() if name.removeprefix("head.") not in AFTER_TRAINING}


def read_joint_weights(folder: Path) -> JointWeights:
    """``joint.safetensors`` and ``vocabulary.txt`` of a training run, or the files of a pack; all float32."""
    if (folder / MANIFEST).exists():
        return _of_pack(folder)
    weights = load_file(folder / "joint.safetensors")
    words = (folder / "vocabulary.txt").read_text(encoding="utf-8")
    lexicon = Lexicon.read({name: value.numpy() for name, value in _part(weights, "lexicon.").items()})
    return JointWeights(_part(weights, "head."), _part(weights, "tower."), weights["keys"], words, lexicon)


def write_joint_weights(joint: JointWeights, folder: Path) -> None:
    """``joint.safetensors`` (head.*, tower.*, lexicon.*, keys) and ``vocabulary.txt``, to be read by the above."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"head.{name}": value.cpu().contiguous() for name, value in joint.head.items()}
    tensors |= {f"tower.{name}": value.cpu().contiguous() for name, value in joint.tower.items()}
    if joint.lexicon is not None:
        tensors |= {f"lexicon.{name}": torch.from_numpy(array) for name, array in joint.lexicon.arrays().items()}
    save_file({**tensors, "keys": joint.keys}, folder / "joint.safetensors")
    (folder / "vocabulary.txt").write_text(joint.words, encoding="utf-8")


def _of_pack(folder: Path) -> JointWeights:
    """Without the bank of phrases, which belongs to the text side as it shipped."""
    visual = next(folder / name for name in (VISUAL_FILE, HEADS_FILE) if (folder / name).exists())
    head = {name: value.float() for name, value in _part(load_file(visual), "head.").items() if name != "bank"}
    with np.load(folder / CAPTION_FILE, allow_pickle=False) as caption:
        arrays = {name: caption[name] for name in caption.files}
    floats = {
        "table.weight": arrays["table"] * arrays["scales"][:, None],
        "norm.weight": arrays["norm"][0],
        "norm.bias": arrays["norm"][1],
        **{
            f"{layer}.{kind}": arrays[f"{layer}_{kind}"]
            for layer in ("hidden", "output")
            for kind in ("weight", "bias")
        },
    }
    tower = {name: torch.from_numpy(np.array(value, dtype=np.float32)) for name, value in floats.items()}
    return JointWeights(
        head,
        tower,
        torch.from_numpy(arrays["keys"].astype(np.int64)),
        arrays["vocabulary"].tobytes().decode("utf-8"),
        Lexicon.read(arrays),
    )


def _part(weights: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}
