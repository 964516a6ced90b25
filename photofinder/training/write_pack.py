"""Write a pack from a trained network, a trained joint space and its calibration.

    python -m photofinder.training.write_pack --network RUN/visual/visual.safetensors --joint RUN/joint \
        --features RUN/features --data CORPUS --name es-laptop --out resources/models/es-laptop --card card.json

The head of the network is the one trained with the joint space. Convolutions and linear layers are stored as
float16, batch norms as float32 (their variances leave float16's range), the text table as int8 with a scale a row.
Packs on official weights are written by ``training.train``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from photofinder.model.int8 import RANGES
from photofinder.model.pack import (
    CAPTION_FILE,
    FINGERPRINT,
    FORMAT,
    FORMAT_OF_HEADS,
    HEADS_FILE,
    VISUAL_FILE,
)
from photofinder.model.preparation import InputShapes
from photofinder.model.querybank import QUERYBANK
from photofinder.model.trunk import fold_batch_norms
from photofinder.model.visual import PhotoHead
from photofinder.training.calibrate import calibrate
from photofinder.training.data import Corpus
from photofinder.training.features import SHAPES, load_trunk, parse_shapes
from photofinder.training.int8_ranges import measure_ranges, rounded
from photofinder.training.joint_weights import JointWeights
from photofinder.training.lexicon import CARD
from photofinder.training.manifest import write_manifest
from photofinder.training.saved_joint import load_joint


def pack_visual(network: Path, head: dict[str, Tensor]) -> dict[str, Tensor]:
    """``trunk.*`` of the network and ``head.*`` of the joint space, in the types that ship."""
    tensors = {f"trunk.{k}": v for k, v in load_trunk(network).state_dict().items()}
    tensors |= {f"head.{k}": v for k, v in head.items()}
    return {
        name: (value.half() if value.ndim > 1 else value).contiguous()
        for name, value in tensors.items()
        if not name.endswith("num_batches_tracked")
    }


def pack_heads(head: dict[str, Tensor], fingerprint: NDArray[np.float16]) -> dict[str, Tensor]:
    """What a pack on official weights holds of the network: ``head.*``, and the fingerprint of the weights below."""
    tensors = {f"head.{k}": (v.half() if v.ndim > 1 else v).contiguous() for k, v in head.items()}
    return {**tensors, FINGERPRINT: torch.from_numpy(fingerprint)}


def pack_caption(joint: JointWeights, levels: int = 127) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of ``caption.npz``; numbers of the table are rounded to ``levels`` steps on either side of 0."""
    tower = joint.tower
    table = tower["table.weight"].numpy()
    scales = np.abs(table).max(1) / levels + 1e-8
    half = np.float16
    return {
        "keys": joint.keys.numpy().astype(np.uint32),
        "table": np.rint(table / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "norm": np.stack([tower["norm.weight"].numpy(), tower["norm.bias"].numpy()]).astype(np.float32),
        "hidden_weight": tower["hidden.weight"].numpy().astype(half),
        "hidden_bias": tower["hidden.bias"].numpy().astype(np.float32),
        "output_weight": tower["output.weight"].numpy().astype(half),
        "output_bias": tower["output.bias"].numpy().astype(np.float32),
        "vocabulary": np.frombuffer(joint.words.encode("utf-8"), dtype=np.uint8),
        **({} if joint.lexicon is None else joint.lexicon.arrays()),
    }


@dataclass(frozen=True, slots=True)
class VisualPart:
    """The visual side of a pack: its file, and what the manifest says of it.

    ``official`` is the manifest's ``backbone``: which official weights the heads stand on; None for a whole network.
    """

    tensors: dict[str, Tensor]
    input: dict[str, Any]
    official: dict[str, Any] | None = None


def write_pack(
    out: Path, name: str, visual: VisualPart, caption: dict[str, np.ndarray[Any, Any]],
    calibration: dict[str, Any], card: dict[str, Any], compress: bool = False,
) -> None:  # fmt: skip
    """Write the weights, then the manifest with their checksums. ``compress``: deflate the text table."""
    out.mkdir(parents=True, exist_ok=True)
    visual_file = VISUAL_FILE if visual.official is None else HEADS_FILE
    save_file(visual.tensors, out / visual_file)
    (out / visual_file).chmod(0o644)  # safetensors writes files that only their owner can read
    (np.savez_compressed if compress else np.savez)(out / CAPTION_FILE, **caption)  # type: ignore[arg-type]
    head = {name[5:]: value for name, value in visual.tensors.items() if name.startswith("head.")}
    manifest = {
        "format": FORMAT if visual.official is None else FORMAT_OF_HEADS,
        "name": name,
        "feature_dim": head["mean"].shape[0],
        "embedding_dim": PhotoHead.from_weights(head).embedding_dim,
        "input": visual.input,
        **({} if visual.official is None else {"backbone": visual.official}),
        "files": {file: _checksum(out / file) for file in (visual_file, CAPTION_FILE)},
        QUERYBANK: len(head.get("bank", ())),
        **calibration,
        "card": card,
    }
    write_manifest(out, manifest)


def _checksum(file: Path) -> dict[str, Any]:
    data = file.read_bytes()
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def _lexicon_card(joint: Path) -> dict[str, Any]:
    file = joint / CARD
    return {"lexicon": json.loads(file.read_text(encoding="utf-8"))} if file.exists() else {}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--joint", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--card", type=Path, required=True, help="JSON object: data, recipe, commands, figures")
    parser.add_argument("--name", default="es-laptop")
    parser.add_argument("--shapes", default=",".join(f"{w}x{h}" for w, h in SHAPES))
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.data)
    joint = load_joint(options.joint).with_bank(corpus)
    shapes = parse_shapes(options.shapes)
    trunk = load_trunk(options.network).eval()
    own = {"widths": list(trunk.widths), "depths": list(trunk.depths)}
    fold_batch_norms(trunk)
    ranges = rounded(measure_ranges(corpus, trunk, InputShapes(tuple(shapes))))
    write_pack(
        options.out,
        options.name,
        VisualPart(pack_visual(options.network, joint.head), {"shapes": [list(shape) for shape in shapes], **own}),
        pack_caption(joint),
        {**calibrate(corpus, options.features, joint), RANGES: ranges},
        json.loads(options.card.read_text(encoding="utf-8")) | _lexicon_card(options.joint),
    )
    print(f"{options.out}: {sum(f.stat().st_size for f in options.out.iterdir()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
