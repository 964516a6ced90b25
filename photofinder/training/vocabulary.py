"""Trains the vocabulary of visual words that «the same object» uses.

``python -m photofinder.training.vocabulary --data CORPUS --out FOLDER`` takes local descriptors of training photos,
groups them with scikit-learn's MiniBatchKMeans, and writes ``vocabulary.npz`` (plain arrays) with a card that says how.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import photofinder
from photofinder.model.keypoints import VOCABULARY_FILE, Vocabulary, local_features
from photofinder.training.data import Corpus

SETS = ("coco", "sport_photos", "imagenet", "miniplaces", "har")
"""Everyday photos of the corpus whose short side is 128 pixels or more."""
_POINTS = 250
_BITS = 64


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.training.vocabulary", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--words", type=int, default=4096)
    parser.add_argument("--photos", type=int, default=3000)
    parser.add_argument("--a-photo", type=int, default=130, help="descriptors taken of one photo")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    started = time.monotonic()
    rng = np.random.default_rng(options.seed)
    descriptors = training_descriptors(Corpus(options.data), options.photos, options.a_photo, rng)
    print(f"{len(descriptors)} descriptors, {time.monotonic() - started:.0f} s", flush=True)
    centres = cluster(descriptors, options.words, options.epochs, options.seed)
    vocabulary = Vocabulary.of(centres, projection(rng))
    write(options.out, vocabulary, {
        "photos": options.photos, "sets": list(SETS), "descriptors": len(descriptors), "words": options.words,
        "epochs": options.epochs, "seed": options.seed,
        "command": f"python -m photofinder.training.vocabulary --data CORPUS --out {options.out.as_posix()}"
        f" --words {options.words} --photos {options.photos} --a-photo {options.a_photo} --epochs {options.epochs}"
        f" --seed {options.seed}",
    })  # fmt: skip
    print(f"{options.out}: {vocabulary.name}, {time.monotonic() - started:.0f} s")
    return 0


def training_descriptors(corpus: Corpus, photos: int, a_photo: int, rng: np.random.Generator) -> NDArray[np.uint8]:
    """``(n, 128)`` uint8: descriptors of training photos drawn by chance, at most ``a_photo`` of each."""
    numbers = [photo.number for photo in corpus.part("train", SETS)]
    taken = []
    for number in rng.choice(numbers, min(photos, len(numbers)), replace=False):
        found = local_features(np.asarray(corpus.image(int(number))), _POINTS).descriptors
        taken.append(found if len(found) <= a_photo else found[rng.choice(len(found), a_photo, replace=False)])
    return np.concatenate(taken)


def cluster(descriptors: NDArray[np.uint8], words: int, epochs: int, seed: int) -> NDArray[np.uint8]:
    """``(words, 128)`` uint8: the centres of the descriptors, by mini-batches (Sculley 2010)."""
    from sklearn.cluster import MiniBatchKMeans

    shuffled = descriptors[np.random.default_rng(seed).permutation(len(descriptors))].astype(np.float32)
    means = MiniBatchKMeans(
        words, init="random", n_init=1, init_size=2 * words, batch_size=max(4096, words // 2), max_iter=epochs,
        max_no_improvement=None, reassignment_ratio=0.002, compute_labels=False, random_state=seed,
    ).fit(shuffled)  # fmt: skip
    return np.asarray(np.rint(means.cluster_centers_).clip(0, 255), dtype=np.uint8)


def projection(rng: np.random.Generator) -> NDArray[np.float32]:
    """``(64, 128)``: orthonormal rows by chance, whose signs are the signature of a descriptor in its cell."""
    square, _ = np.linalg.qr(rng.normal(size=(128, 128)))
    return np.asarray(square[:_BITS], dtype=np.float16).astype(np.float32)


def write(folder: Path, vocabulary: Vocabulary, card: dict[str, object]) -> None:
    """Write arrays and card."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / VOCABULARY_FILE
    np.savez(path, centres=vocabulary.centres, projection=vocabulary.projection.astype(np.float16))
    described: dict[str, object] = {
        "what": "visual words (RootSIFT centres) for «the same object»; trained by photofinder.training.vocabulary",
        "name": vocabulary.name,
        "licence": "Apache-2.0, as the program; holds no photo and none can be had back from it",
        "program": photofinder.__version__,
        "files": {VOCABULARY_FILE: {"bytes": path.stat().st_size, "sha256": _sha256(path)}},
    }
    text = json.dumps(described | card, indent=2, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
