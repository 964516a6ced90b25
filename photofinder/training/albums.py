"""How well albums find their photos, beside nearest neighbours, with and without views, with and without the library.

    python -m photofinder.training.albums --data CORPUS [--work FOLDER] [--draws 2]
    python -m photofinder.training.albums --data CORPUS --classes          of each album, as the program learns it
    python -m photofinder.training.albums --data CORPUS --calibrate        probabilities (``album_calibration.py``)

Two kinds of albums. Everyday photos: the captioned validation photos of ``coco``, an album for each concept of
``training.wishes`` that its captions name; examples and library were never seen by the network. Narrow classes: the
labelled validation photos, with examples from the training photos of the class (validation has too few). Everything
is drawn with fixed seeds. What the network says of the photos and their views is kept under ``--work``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.albums import classifier
from photofinder.albums.classifier import FloatArray, Lesson, average_precision
from photofinder.albums.engine import LIBRARY_SAMPLE
from photofinder.albums.likelihood import likelihoods
from photofinder.albums.views import views_of
from photofinder.model.pack import Pack, load_pack
from photofinder.model.visual import VisualNetwork
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.wishes import CONCEPTS

COUNTS = (1, 2, 5, 20)
_CLASSES = {"miniplaces": 20, "tiny_imagenet": 12, "caltech101": 5, "clothing": 10, "sports100": 4}
_POOL = 24
_EVERYDAY = 514
_LEFT = 4
"""An album is measured when at least so many of its photos are left to be found."""


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """``views[i]`` ``(views, d)`` of photo ``i``; ``gallery``: the photos to search among.

    ``albums``: by set and name, which photos may be examples, and which of the gallery are right.
    """

    views: tuple[FloatArray, ...]
    gallery: NDArray[np.int64]
    albums: dict[tuple[str, str], tuple[NDArray[np.int64], NDArray[np.int64]]]


def vectors(
    corpus: Corpus, pack: Pack, photos: Sequence[tuple[CorpusPhoto, bool]], work: Path
) -> dict[int, FloatArray]:
    """Feature and embedding side by side of each photo and (where True) of its views, kept in ``work``."""
    file = work / f"album-views-{pack.fingerprint[:16]}.npz"
    known: dict[int, FloatArray] = {}
    if file.is_file():
        with np.load(file) as kept:
            numbers, rows = kept["photo"], kept["vectors"].astype(np.float32)
        starts = np.flatnonzero(np.diff(numbers, prepend=-1))
        known = dict(zip(numbers[starts].tolist(), np.split(rows, starts[1:]), strict=True))
    network = VisualNetwork(pack, threads=1)
    missing = [(photo, viewed) for photo, viewed in photos if len(known.get(photo.number, ())) < 1 + viewed]
    for done, (photo, viewed) in enumerate(missing):
        pixels = np.asarray(corpus.image(photo.number))
        found = network([pixels, *(views_of(pixels) if viewed else [])])
        both = np.concatenate([found.features, found.embeddings], axis=1)
        known[photo.number] = both / np.linalg.norm(both, axis=1, keepdims=True)
        if done % 200 == 199:
            print(f"{done + 1}/{len(missing)}", file=sys.stderr, flush=True)
    work.mkdir(parents=True, exist_ok=True)
    numbers = np.concatenate([np.full(len(rows), number) for number, rows in known.items()])
    np.savez(file, photo=numbers, vectors=np.concatenate(list(known.values())).astype(np.float16))
    return known


def everyday(corpus: Corpus, part: str) -> tuple[list[CorpusPhoto], dict[str, NDArray[np.bool_]]]:
    """Captioned photos of a part, at most as many as validation has, and which of them show each concept."""
    said: dict[int, str] = defaultdict(str)
    for number, text in corpus.captions:
        said[number] += f" | {text.lower()}"
    photos = [photo for photo in corpus.part(part, ["coco"]) if photo.number in said][:_EVERYDAY]
    return photos, {
        name: np.asarray([bool(re.search(pattern, said[photo.number])) for photo in photos])
        for name, pattern in CONCEPTS.items()
    }


def narrow(corpus: Corpus, part: str) -> tuple[list[CorpusPhoto], dict[tuple[str, str], list[CorpusPhoto]]]:
    """Labelled photos of a part, as many of each class as validation has, and training photos of some classes to take
    examples from, which are none of those.
    """
    rng = np.random.default_rng(0)
    by_class: dict[tuple[str, str], list[CorpusPhoto]] = defaultdict(list)
    for photo in corpus.part("train", _CLASSES):
        by_class[photo.set, photo.label].append(photo)
    unseen = [photo for photo in corpus.part("val") if photo.label]
    held = Counter((photo.set, photo.label) for photo in unseen)
    gallery = unseen if part == "val" else [one for key, count in held.items() for one in by_class[key][-count:]]
    given = {photo.number for photo in gallery}
    chosen = {}
    for name, most in _CLASSES.items():
        able = [key for key in sorted(by_class) if key[0] == name and len(by_class[key]) >= 20 and held[key] > 1]
        for place in sorted(rng.permutation(len(able))[:most]):
            pool = by_class[able[place]]
            examples = [pool[index] for index in rng.permutation(len(pool)) if pool[index].number not in given]
            chosen[able[place]] = examples[:_POOL]
    return gallery, chosen


def corpus_albums(
    corpus: Corpus, pack: Pack, work: Path, part: str = "val", *, viewed: bool = True
) -> dict[str, Shown]:
    """Both kinds of albums; ``viewed``: with the views of photos that may be examples."""
    photos, shows = everyday(corpus, part)
    gallery, pools = narrow(corpus, part)
    examples = [photo for pool in pools.values() for photo in pool]
    wanted = [(one, viewed) for one in (*photos, *examples)]
    known = vectors(corpus, pack, [*wanted, *((one, False) for one in gallery)], work)
    everyday_albums = {("coco", name): (np.flatnonzero(right),) * 2 for name, right in shows.items() if right.sum() > 7}
    labels = np.asarray([f"{photo.set}/{photo.label}" for photo in gallery])
    place = {photo.number: len(gallery) + index for index, photo in enumerate(examples)}
    narrow_albums = {
        key: (np.asarray([place[photo.number] for photo in pool]), np.flatnonzero(labels == "/".join(key)))
        for key, pool in pools.items()
    }
    return {
        "everyday": Shown(tuple(known[one.number] for one in photos), np.arange(len(photos)), everyday_albums),
        "narrow": Shown(
            tuple(known[one.number] for one in [*gallery, *examples]), np.arange(len(gallery)), narrow_albums
        ),
    }


def measure(shown: Shown, count: int, draws: int, how: str, *, by_class: bool = False) -> dict[str, list[float]]:
    """Average precision of each album and draw, by set or by album. ``how``: nearest, svm, views, mirror or alone (no
    library).
    """
    own = np.stack([views[0] for views in shown.views])
    found: dict[str, list[float]] = defaultdict(list)
    for number, ((group, name), (able, right)) in enumerate(shown.albums.items()):
        for draw in range(draws):
            rng = np.random.default_rng([draw, count, number])
            examples = rng.permutation(able)[:count]
            left = np.setdiff1d(shown.gallery, examples)
            wanted = np.isin(left, right)
            if len(examples) < count or (able is right and wanted.sum() < _LEFT):
                continue
            library = own[rng.permutation(left)[:LIBRARY_SAMPLE]]
            used = {"views": None, "mirror": 2}.get(how, 1)
            yes = tuple(shown.views[one][:used] for one in examples)
            lesson = Lesson(yes, np.empty((0, own.shape[1]), np.float32), library)
            scores = own[left] @ _direction(lesson, how)
            found[f"{group}/{name}" if by_class else group].append(
                average_precision(scores[wanted].astype(float), scores[~wanted].astype(float))
            )
    return found


def _direction(lesson: Lesson, how: str) -> FloatArray:
    if how == "alone":
        mean: FloatArray = np.concatenate(lesson.yes).mean(0)
        return mean
    return classifier.nearest(lesson) if how == "nearest" else classifier.separating(lesson)


def reliability(shown: Shown, count: int) -> list[tuple[float, int, float]]:
    """Of photos given about some chance: its lower bound, how many, and the share that was right."""
    own = np.stack([views[0] for views in shown.views])
    chances, rights = [], []
    for number, (able, right) in enumerate(shown.albums.values()):
        rng = np.random.default_rng([9, count, number])
        examples = rng.permutation(able)[:count]
        left = np.setdiff1d(shown.gallery, examples)
        if len(examples) < count or (able is right and np.isin(left, right).sum() < _LEFT):
            continue
        library = own[rng.permutation(left)[:LIBRARY_SAMPLE]]
        yes = tuple(shown.views[one][:1] for one in examples)
        learnt = classifier.learn(Lesson(yes, np.empty((0, own.shape[1]), np.float32), library))
        chances.append(likelihoods(learnt, own[left] @ learnt.direction))
        rights.append(np.isin(left, right))
    chance, right_ones = np.concatenate(chances), np.concatenate(rights)
    bins = [(low, (chance >= low) & (chance < high)) for low, high in ((0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1.1))]
    return [
        (low, int(inside.sum()), round(float(right_ones[inside].mean()), 2)) for low, inside in bins if inside.any()
    ]


def _print_classes(shown: Shown, draws: int) -> None:
    """A line for each album: its average precision in % with 1, 2, 5 and 20 photos, where there are so many."""
    learnt = [
        measure(shown, count, draws, "nearest" if count < classifier.LEAST_FOR_SVM else "svm", by_class=True)
        for count in COUNTS
    ]
    for name in dict.fromkeys(name for found in learnt for name in found):
        told = [f"{100 * float(np.mean(found[name])):5.1f}" if name in found else "    -" for found in learnt]
        print(" ".join(told), name, flush=True)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("album-views"))
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--classes", action="store_true")
    options = parser.parse_args(arguments)
    pack = load_pack()
    if options.calibrate:
        from photofinder.training.album_calibration import calibrate

        calibrate(Corpus(options.data), pack, options.work, options.draws)
        return 0
    if options.classes:
        for shown in corpus_albums(Corpus(options.data), pack, options.work, viewed=False).values():
            _print_classes(shown, options.draws)
        return 0
    for kind, shown in corpus_albums(Corpus(options.data), pack, options.work).items():
        for count in COUNTS:
            for how in ("nearest", "alone", "svm", "mirror", "views"):
                found = measure(shown, count, options.draws, how)
                everything = [one for values in found.values() for one in values]
                line = {
                    "albums": kind, "examples": count, "how": how, "draws": len(everything),
                    "AP": round(100 * float(np.mean(everything)), 1), "sd": round(100 * float(np.std(everything)), 1),
                    "by set": {name: round(100 * float(np.mean(values)), 1) for name, values in found.items()},
                }  # fmt: skip
                print(json.dumps(line), flush=True)
            print(json.dumps({"albums": kind, "examples": count, "reliability": reliability(shown, count)}), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
