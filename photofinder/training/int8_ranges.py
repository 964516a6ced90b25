"""Measure on training photos which numbers the maps of a trunk hold, so that it can run in int8.

    python -m photofinder.training.int8_ranges --data CORPUS --pack resources/models/es-laptop

writes them into the manifest of a pack that holds its whole network; ``write_pack`` does the same for a new one. The
fingerprint stays: vectors computed in int8 and in float32 are compared with one another (docs/MODEL.md).
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from photofinder.model.int8 import LEVELS, MIDDLE, RANGES, SHORTCUT, STEM, Levels, Ranges
from photofinder.model.pack import MANIFEST, read_pack
from photofinder.model.preparation import InputShapes, group_by_shape
from photofinder.model.trunk import Trunk, normalise
from photofinder.model.visual import VisualNetwork
from photofinder.training.data import Corpus
from photofinder.training.manifest import write_manifest

_PHOTOS = 384
"""Captioned training photos, drawn at random."""
_AT_ONCE = 8
_SAMPLES = 20_000
"""Numbers that are kept of a map, of each batch."""
_SHARES = np.linspace(0.15, 1.0, 35)
_DIGITS = 4


def measure_ranges(corpus: Corpus, trunk: Trunk, shapes: InputShapes, photos: int = _PHOTOS) -> Ranges:
    """What ``ranges_of`` says of photos of the corpus; the trunk is in float32 and its batch norms are folded."""
    captioned = sorted({number for number, _ in corpus.captions if corpus.photos[number].part == "train"})
    chosen = np.random.default_rng(0).permutation(captioned)[:photos]
    groups = group_by_shape([np.asarray(corpus.image(int(number))) for number in chosen], shapes)
    return ranges_of(
        trunk,
        (
            torch.from_numpy(pixels[start : start + _AT_ONCE])
            for _, pixels in groups.values()
            for start in range(0, len(pixels), _AT_ONCE)
        ),
    )


def ranges_of(trunk: Trunk, batches: Iterable[Tensor]) -> Ranges:
    """For each map the range that rounds its numbers best, of batches ``(n, h, w, 3)`` uint8, at least one.

    A range of all numbers would spend most steps on a few large ones: recall@5 was 0.6 points lower (docs/MODEL.md).
    """
    samples: dict[str, list[Tensor]] = {}

    def see(name: str, values: Tensor) -> Tensor:
        flat = values.flatten()
        samples.setdefault(name, []).append(flat[:: max(1, len(flat) // _SAMPLES) | 1].clone())  # odd: of all channels
        return values

    with torch.inference_mode():
        for pixels in batches:
            x = see(STEM, F.relu(trunk.conv1(normalise(pixels))))
            x = F.max_pool2d(x, 3, 2, 1)
            for name, block in trunk.blocks():
                beside = x if block.downsample is None else see(name + SHORTCUT, block.downsample(x))
                middle = see(name + MIDDLE, F.relu(block.conv1(x)))
                x = see(name, F.relu(block.conv2(middle) + beside))
        return {name: _best_range(torch.cat(values)) for name, values in samples.items()}


def _best_range(values: Tensor) -> tuple[float, float]:
    """The part of the numbers' range with the least mean square of what rounding and cutting change."""
    low, high = min(0.0, float(values.min())), max(float(values.max()), 1e-6)

    def error(share: float) -> float:
        tried = Levels.between(share * low, share * high)
        kept = ((values / tried.scale).round() + tried.zero).clamp(0, LEVELS)
        return float(((kept - tried.zero) * tried.scale - values).square().mean())

    best = float(min(_SHARES, key=error))
    return best * low, best * high


def rounded(ranges: Ranges) -> dict[str, list[float]]:
    """As a manifest holds them."""
    return {name: [float(f"{number:.{_DIGITS}g}") for number in pair] for name, pair in ranges.items()}


def put_into(folder: Path, ranges: Mapping[str, Sequence[float]]) -> None:
    """Write them into the manifest of a pack, and seal it again. Raises OSError."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    write_manifest(folder, {**manifest, RANGES: ranges})


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pack", type=Path, required=True)
    options = parser.parse_args(arguments)
    network = VisualNetwork(read_pack(options.pack))
    if not isinstance(network.trunk, Trunk):
        parser.error("this pack stands on the weights of others, which do not run in int8")
    ranges = rounded(measure_ranges(Corpus(options.data), network.trunk, network.shapes))
    put_into(options.pack, ranges)
    print(json.dumps(ranges))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
