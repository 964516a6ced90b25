"""Cache what a trained trunk says of every photo, prepared as the program prepares it, and of random crops.

    python -m photofinder.training.features --data CORPUS --network RUN/visual/visual.safetensors --out RUN/features

(with ``--backbone NAME``: any classification network of torchvision, with the weights of ``--network``, and with
``--inception`` the corpus's second teacher beside it)
writes ``features.npy`` (n, feature_dim) float16 raw pooled features and ``photo.npy`` (n,) int32; the first row of a
photo is the whole photo, then its mirror image and random crops (of a validation photo one crop, to be found by).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file

from photofinder.model.int8 import Int8Trunk, int8_trunk
from photofinder.model.official_weights import read_arrays
from photofinder.model.precision import PixelTrunk, fastest
from photofinder.model.preparation import InputShapes, cover
from photofinder.model.torchvision_backbones import BackboneTrunk
from photofinder.model.trunk import Trunk, channels_last, depths_of, fold_batch_norms
from photofinder.training.data import WHOLE, Box, Corpus, Uint8Array, random_box
from photofinder.training.inception import Inception, TwoTeachers
from photofinder.training.int8_ranges import measure_ranges

AnyTrunk = Trunk | BackboneTrunk | TwoTeachers
SHAPES = ((288, 288), (320, 240), (240, 320), (352, 240), (240, 352))
"""Widths and heights the shipped network works on; about the same number of pixels each."""


@dataclass(frozen=True, slots=True)
class View:
    """One look at a photo: a crop (or ``WHOLE``), brought to ``shape`` by covering it, perhaps mirrored."""

    photo: int
    box: Box
    shape: tuple[int, int]
    mirrored: bool


def plan_views(corpus: Corpus, shapes: InputShapes, crops: int, seed: int) -> list[View]:
    """Whole views of all photos first; then one crop of each validation photo, mirror image and crops of the others."""
    rng = np.random.default_rng(seed)
    whole, more = [], []
    for photo in corpus.photos:
        width, height = corpus.image(photo.number).size
        whole.append(View(photo.number, WHOLE, shapes.nearest(width, height), False))
        validation = photo.part == "val"
        if crops and not validation:
            more.append(View(photo.number, WHOLE, shapes.nearest(width, height), True))
        for _ in range(1 if validation else crops - 1):
            box = random_box(rng, width, height, 0.4)
            crop_width, crop_height = (box[2] - box[0]) * width, (box[3] - box[1]) * height
            more.append(
                View(photo.number, box, shapes.nearest(round(crop_width), round(crop_height)), rng.random() < 0.5)
            )
    return whole + more


def look(corpus: Corpus, view: View) -> Uint8Array:
    """Decode, cut and prepare a view: ``(height, width, 3)`` uint8."""
    image = corpus.image(view.photo)
    if view.box != WHOLE:
        width, height = image.size
        left, top, right, bottom = view.box
        image = image.crop((round(left * width), round(top * height), round(right * width), round(bottom * height)))
    pixels = cover(image, *view.shape)
    return pixels[:, ::-1] if view.mirrored else pixels


def batches_of_one_shape(views: list[View], size: int) -> Iterator[list[int]]:
    """Positions of views, at most ``size`` together, all of one shape."""
    waiting: dict[tuple[int, int], list[int]] = {}
    for position, view in enumerate(views):
        group = waiting.setdefault(view.shape, [])
        group.append(position)
        if len(group) == size:
            yield waiting.pop(view.shape)
    yield from waiting.values()


def cache_features(
    corpus: Corpus, trunk: AnyTrunk, views: list[View], device: str = "cpu", batch: int = 64
) -> np.ndarray[tuple[int, int], np.dtype[np.float16]]:
    """Raw features of all views, ``(n, feature_dim)`` float16, of a trunk whose batch norms are folded.

    In the kind of numbers in which they take least time, as in the program.
    """
    trunk = trunk.eval().to(device)
    channels_last(trunk)
    run: PixelTrunk | None = None

    def in_int8() -> Int8Trunk | None:
        if not isinstance(trunk, Trunk) or device != "cpu":
            return None
        shapes = InputShapes(tuple({view.shape for view in views}))
        return int8_trunk(trunk, measure_ranges(corpus, trunk, shapes))

    features = np.empty((len(views), trunk.feature_dim), dtype=np.float16)
    done, started = 0, time.monotonic()
    groups = list(batches_of_one_shape(views, batch))
    with ThreadPoolExecutor(2) as decode, ThreadPoolExecutor(1) as ahead:

        def load(group: list[int]) -> Uint8Array:
            return np.stack(list(decode.map(lambda p: look(corpus, views[p]), group)))

        pending = ahead.submit(load, groups[0])
        for index, group in enumerate(groups):
            pixels = pending.result()
            if index + 1 < len(groups):
                pending = ahead.submit(load, groups[index + 1])
            with torch.inference_mode():
                batch_of_pixels = torch.from_numpy(pixels).to(device)
                run = run or fastest(trunk, batch_of_pixels, in_int8)
                features[group] = run(batch_of_pixels).cpu().numpy()
            done += len(group)
            if index % 100 == 99:
                rate = done / (time.monotonic() - started)
                print(f"{done}/{len(views)} views, {rate:.0f}/s", file=sys.stderr, flush=True)
    return features


def load_backbone(name: str, path: Path) -> BackboneTrunk:
    """A torchvision network with weights from a ``.pth`` or ``.safetensors``, ready to run.

    Raises UnknownBackbone, WeightsDoNotFit or WeightsRejected.
    """
    trunk = BackboneTrunk(name)
    trunk.load_arrays(read_arrays(path))
    trunk.fold()
    return trunk


def load_trunk(path: Path) -> Trunk:
    """The trunk of a ``visual.safetensors``, or a bare trunk with torchvision's names."""
    weights = load_file(path)
    prefix = "trunk." if any(name.startswith("trunk.") for name in weights) else ""
    trunk = Trunk(depths=depths_of(weights))
    trunk.load_state_dict({k.removeprefix(prefix): v.float() for k, v in weights.items() if k.startswith(prefix)})
    return trunk


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--network", type=Path, required=True)
    parser.add_argument("--backbone", help="a classification network of torchvision instead of our own")
    parser.add_argument("--inception", action="store_true", help="what the corpus's Inception v3 says beside it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--shapes", default=",".join(f"{w}x{h}" for w, h in SHAPES))
    parser.add_argument("--crops", type=int, default=2, help="further views of each training photo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.data)
    shapes = InputShapes(parse_shapes(options.shapes))
    views = plan_views(corpus, shapes, options.crops, options.seed)
    trunk = _trunk(options)
    save_features(options.out, cache_features(corpus, trunk, views, options.device), views)
    return 0


def _trunk(options: argparse.Namespace) -> AnyTrunk:
    if options.backbone is None:
        own = load_trunk(options.network)
        fold_batch_norms(own.eval())
        return own
    official = load_backbone(options.backbone, options.network)
    return TwoTeachers(official, Inception(options.data, options.device)) if options.inception else official


def save_features(folder: Path, features: np.ndarray[tuple[int, int], np.dtype[np.float16]], views: list[View]) -> None:
    """Write ``features.npy``, then ``photo.npy``: a folder that has the latter is complete."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "features.npy", features)
    np.save(folder / "photo.npy", np.asarray([view.photo for view in views], dtype=np.int32))


def parse_shapes(text: str) -> tuple[tuple[int, int], ...]:
    """``"160x160,184x136"`` to pairs of width and height."""
    pairs = (part.split("x") for part in text.split(","))
    return tuple((int(width), int(height)) for width, height in pairs)


if __name__ == "__main__":
    raise SystemExit(main())
