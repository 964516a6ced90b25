"""Write a pack from a trained network, a trained joint space and its calibration.

    python -m photofinder.training.write_pack --network RUN/visual/visual.safetensors --joint RUN/joint \
        --features RUN/features --data CORPUS --name es-laptop --out resources/models/es-laptop --card card.json

The head of the network is the one trained with the joint space. Convolutions and linear layers are stored as
float16, batch norms as float32 (their variances leave float16's range), the text table as int8 with a scale a row.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import load_file, save_file
from torch import Tensor

from photofinder.model.pack import CAPTION_FILE, FORMAT, MANIFEST, VISUAL_FILE
from photofinder.training.calibrate import calibrate
from photofinder.training.data import Corpus
from photofinder.training.features import SHAPES, load_trunk, parse_shapes


def pack_visual(network: Path, head: dict[str, Tensor]) -> dict[str, Tensor]:
    """``trunk.*`` of the network and ``head.*`` of the joint space, in the types that ship."""
    tensors = {f"trunk.{k}": v for k, v in load_trunk(network).state_dict().items()}
    tensors |= {f"head.{k}": v for k, v in head.items()}
    return {
        name: (value.half() if value.ndim > 1 else value).contiguous()
        for name, value in tensors.items()
        if not name.endswith("num_batches_tracked")
    }


def pack_caption(tower: dict[str, Tensor], keys: Tensor, vocabulary: str) -> dict[str, np.ndarray[Any, Any]]:
    """The arrays of ``caption.npz``."""
    table = tower["table.weight"].numpy()
    scales = np.abs(table).max(1) / 127 + 1e-8
    half = np.float16
    return {
        "keys": keys.numpy().astype(np.uint32),
        "table": np.rint(table / scales[:, None]).astype(np.int8),
        "scales": scales.astype(np.float32),
        "norm": np.stack([tower["norm.weight"].numpy(), tower["norm.bias"].numpy()]).astype(np.float32),
        "hidden_weight": tower["hidden.weight"].numpy().astype(half),
        "hidden_bias": tower["hidden.bias"].numpy().astype(np.float32),
        "output_weight": tower["output.weight"].numpy().astype(half),
        "output_bias": tower["output.bias"].numpy().astype(np.float32),
        "vocabulary": np.frombuffer(vocabulary.encode("utf-8"), dtype=np.uint8),
    }


def write_pack(
    out: Path, name: str, visual: dict[str, Tensor], caption: dict[str, np.ndarray[Any, Any]],
    shapes: tuple[tuple[int, int], ...], calibration: dict[str, Any], card: dict[str, Any],
) -> None:  # fmt: skip
    """Write the weights, then the manifest with their checksums."""
    out.mkdir(parents=True, exist_ok=True)
    save_file(visual, out / VISUAL_FILE)
    (out / VISUAL_FILE).chmod(0o644)  # safetensors writes files that only their owner can read
    np.savez(out / CAPTION_FILE, **caption)  # type: ignore[arg-type]
    files = {}
    for file in (VISUAL_FILE, CAPTION_FILE):
        data = (out / file).read_bytes()
        files[file] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    manifest = {
        "format": FORMAT,
        "name": name,
        "feature_dim": visual["head.mean"].shape[0],
        "embedding_dim": visual["head.output.weight"].shape[0],
        "input": {
            "shapes": [list(shape) for shape in shapes],
            "widths": [64, 128, 256, 512],
            "depths": [2, 2, 2, 2],
            "hidden": visual["head.hidden.weight"].shape[0],
        },
        "files": files,
        **calibration,
        "card": card,
    }
    (out / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


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
    weights = load_file(options.joint / "joint.safetensors")
    head = {k[5:]: v for k, v in weights.items() if k.startswith("head.")}
    tower = {k[6:]: v for k, v in weights.items() if k.startswith("tower.")}
    vocabulary = (options.joint / "vocabulary.txt").read_text(encoding="utf-8")
    write_pack(
        options.out,
        options.name,
        pack_visual(options.network, head),
        pack_caption(tower, weights["keys"], vocabulary),
        parse_shapes(options.shapes),
        calibrate(Corpus(options.data), options.features, options.joint),
        json.loads(options.card.read_text(encoding="utf-8")),
    )
    print(f"{options.out}: {sum(f.stat().st_size for f in options.out.iterdir()) / 1e6:.1f} MB")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
