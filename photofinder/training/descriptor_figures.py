"""How well features find photos of the same kind, by each distance, and how fast descriptors are computed.

    python -m photofinder.training.descriptor_figures CORPUS [--weights FOLDER]

prints, for the features of the bundled pack, for the corpus' teacher networks if it has them, and for each descriptor
whose weights are in FOLDER (converted, as ``photofinder descriptors get`` leaves them in ``weights`` of the data
folder), the mean average precision and the share of right ones among the first 1, 5 and 10: each labelled validation
photo asks for the other ones of its set, and those of its own class are right.

    python -m photofinder.training.descriptor_figures CORPUS --crops 300 [--weights FOLDER]

prints for the same features how often a part of a captioned validation photo (10 to 40 % of it, relit and compressed
again) has its photo as the first, among the first 5 and the first 10 of all captioned validation photos.

    python -m photofinder.training.descriptor_figures --speed NAME [--photos 32]

prints loading time, photos a second and memory of one descriptor, with generated weights where the true ones are not
at hand: they compute as long.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import torch
from numpy.typing import NDArray
from PIL import Image, ImageEnhance
from safetensors.numpy import save_file

from photofinder.model.descriptors import DISTANCES, Descriptor, all_descriptors, find_descriptor
from photofinder.model.official_weights import is_kept
from photofinder.model.pack import load_pack
from photofinder.model.torchvision_backbones import BackboneTrunk, generated_picture
from photofinder.model.torchvision_descriptors import DescriptorNetwork, prepared
from photofinder.model.visual import VisualNetwork
from photofinder.training.data import Corpus, CorpusPhoto, Uint8Array, random_box
from photofinder.training.teachers import load_teacher_module
from photofinder.training.variants import recompressed

FloatArray = NDArray[np.float32]
_BATCH = 16
_SEED = 17
_TEACHER_SIDE = 192
_FIRST = (1, 5, 10)


def main(arguments: list[str] | None = None) -> int:
    """The command; 0."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--crops", type=int, default=0)
    parser.add_argument("--speed", metavar="NAME")
    parser.add_argument("--photos", type=int, default=32)
    options = parser.parse_args(arguments)
    if options.speed:
        print(speed(find_descriptor(options.speed), options.photos))
        return 0
    corpus = Corpus(options.corpus)
    if options.crops:
        _print_crops(corpus, options.crops, options.weights)
        return 0
    photos = [photo for photo in corpus.part("val") if photo.label]
    sets = np.asarray([photo.set for photo in photos])
    labels = np.asarray([photo.label for photo in photos])
    comparable = (sets[:, None] == sets[None, :]) & ~np.eye(len(photos), dtype=bool)
    right = comparable & (labels[:, None] == labels[None, :])
    print(f"{int(right.any(1).sum())} searches, {right.sum() / right.any(1).sum():.1f} right each")
    print(f"{'features':<24} {'distance':<8}   mAP " + " ".join(f" P@{first:<2}" for first in _FIRST))
    for name, vectors in features(corpus, _decoded(corpus, photos), options.weights):
        for distance in DISTANCES:
            figures = " ".join(f"{100 * figure:5.1f}" for figure in retrieval(vectors, distance, comparable, right))
            print(f"{name:<24} {distance:<8} {figures}", flush=True)
    return 0


def _print_crops(corpus: Corpus, crops: int, weights: Path | None) -> None:
    photos = corpus.gallery()
    rng = np.random.default_rng(_SEED)
    asked = rng.choice(len(photos), min(crops, len(photos)), replace=False)
    pictures = _decoded(corpus, photos)
    pictures += [_part(Image.fromarray(pictures[row]), rng) for row in asked]
    print(f"{len(asked)} parts of {len(photos)} photos")
    print(f"{'features':<24} {'distance':<8} " + " ".join(f" R@{first:<2}" for first in _FIRST))
    for name, vectors in features(corpus, pictures, weights):
        for distance in DISTANCES:
            ranks = crop_ranks(vectors[: len(photos)], vectors[len(photos) :], asked, distance)
            figures = " ".join(f"{100 * float((ranks <= first).mean()):5.1f}" for first in _FIRST)
            print(f"{name:<24} {distance:<8} {figures}", flush=True)


def crop_ranks(gallery: FloatArray, parts: FloatArray, asked: NDArray[np.int64], distance: str) -> NDArray[np.int64]:
    """Where the photo of each part comes out, from 1: ``gallery`` ``(n, dim)``, ``parts`` ``(m, dim)``, ``asked`` (m,)
    rows of the gallery. What is as near counts as nearer.
    """
    ranks = []
    for part, row in zip(parts, asked.tolist(), strict=True):
        far = _distances(gallery, part, distance)
        ranks.append(int((far <= far[row]).sum()))
    return np.array(ranks)


def _part(image: Image.Image, rng: np.random.Generator) -> Uint8Array:
    left, top, right, bottom = random_box(rng, *image.size, smallest=0.1, largest=0.4)
    cut = image.crop(
        (int(left * image.width), int(top * image.height), int(right * image.width), int(bottom * image.height))
    )
    lit = ImageEnhance.Brightness(cut).enhance(float(rng.uniform(0.8, 1.2)))
    return np.asarray(recompressed(lit, int(rng.integers(50, 90))))


def features(corpus: Corpus, pictures: list[Uint8Array], weights: Path | None) -> Iterator[tuple[str, FloatArray]]:
    """The name of each kind of features and, for every picture, its numbers ``(pictures, dim)``."""
    bundled = VisualNetwork(load_pack())
    yield "bundled pack, feature", _in_batches(pictures, lambda some: bundled(some).features)
    if (corpus.folder / "teacher" / "teacher.py").exists():
        yield from _teachers(corpus, pictures)
    for one in all_descriptors():
        if weights is not None and is_kept(one.official, weights):
            yield one.name, _in_batches(pictures, DescriptorNetwork(one, one.official.converted(weights)))


def _decoded(corpus: Corpus, photos: list[CorpusPhoto]) -> list[Uint8Array]:
    return [np.asarray(corpus.image(photo.number)) for photo in photos]


def retrieval(
    vectors: FloatArray, distance: str, comparable: NDArray[np.bool_], right: NDArray[np.bool_]
) -> tuple[float, ...]:
    """Mean average precision and precision among the first of ``_FIRST``, over the rows with something right.

    ``comparable`` and ``right`` ``(n, n)``: which photos a row is compared with, and which of them it asks for.
    """
    precisions, firsts = [], []
    for row in np.flatnonzero(right.any(1)):
        others = np.flatnonzero(comparable[row])
        order = others[np.argsort(_distances(vectors[others], vectors[row], distance), kind="stable")]
        hits = right[row, order]
        found = np.cumsum(hits)
        precisions.append(float((found / np.arange(1, len(hits) + 1))[hits].mean()))
        firsts.append([float(hits[:first].mean()) for first in _FIRST])
    return (float(np.mean(precisions)), *np.mean(firsts, axis=0).tolist())


def speed(one: Descriptor, photos: int) -> str:
    """Seconds to load, photos a second in batches of 16, type and memory, with generated weights."""
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "generated.safetensors"
        save_file(BackboneTrunk(one.backbone).arrays(), weights)
        started = time.perf_counter()
        network = DescriptorNetwork(one, weights)
        loaded = time.perf_counter() - started
        pictures = [generated_picture(384, seed) for seed in range(_BATCH)]
        network(pictures)  # chooses the number type, and touches the weights
        started, done = time.perf_counter(), 0
        while done < photos:
            done += len(network(pictures))
        rate = done / (time.perf_counter() - started)
        held = psutil.Process().memory_info().rss
    kind = next(network._trunk.parameters()).dtype
    ran = f"{kind}, {torch.get_num_threads()} threads"
    return f"{one.name}: loaded in {loaded:.1f} s, {rate:.1f} photos/s, {ran}, the process holds {held / 1e6:.0f} MB"


def _teachers(corpus: Corpus, pictures: list[Uint8Array]) -> Iterator[tuple[str, FloatArray]]:
    """The two networks that the corpus brings to measure with: not the descriptors, but of their kind."""
    module = load_teacher_module(corpus.folder)
    mobilenet, inception = module.load_mobilenet(), module.InceptionMixed9(dtype=torch.float32)
    square = Descriptor("", "", "", "", 0, "-", 0, _TEACHER_SIDE, _TEACHER_SIDE)

    def both(some: list[Uint8Array]) -> FloatArray:
        pixels = np.stack([prepared(picture, square) for picture in some])
        images = torch.from_numpy(pixels).permute(0, 3, 1, 2).float() / 255
        return np.asarray(module.teacher_features(images, mobilenet, inception).numpy(), dtype=np.float32)

    vectors = _in_batches(pictures, both)
    yield "MobileNetV2, pooled", vectors[:, :1280]
    yield "Inception v3, mixed_9", vectors[:, 1280:]


def _in_batches(pictures: list[Uint8Array], network: Callable[[list[Uint8Array]], FloatArray]) -> FloatArray:
    return np.concatenate([network(pictures[at : at + _BATCH]) for at in range(0, len(pictures), _BATCH)])


def _distances(vectors: FloatArray, one: FloatArray, distance: str) -> FloatArray:
    if distance == "l1":
        return np.asarray(np.abs(vectors - one).sum(1))
    if distance == "l2":
        return np.asarray(np.linalg.norm(vectors - one, axis=1))
    lengths = np.linalg.norm(vectors, axis=1) * np.linalg.norm(one)
    return np.asarray(1 - vectors @ one / np.maximum(lengths, 1e-9))


if __name__ == "__main__":
    sys.exit(main())
