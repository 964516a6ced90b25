"""Measures «the same object» on generated pairs, beside the deep features of a pack.

``python -m photofinder.training.objects --data CORPUS`` makes, from validation photos and a seed:

- parts: 5 to 40 % of a photo, turned, resized, lit differently, compressed again, must find their photo;
- logos: drawn ones, each pasted in perspective into two photos, of which one must find the other;
- both again in collages of 1600 x 1200, since the corpus photos are small.

It prints the share of targets in the first 1, 5 and 10 of the gallery for either method, and how many points right and
wrong photos share. What is kept and compared is what the program keeps and compares.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofinder.model.keypoints import (
    MOST_POINTS,
    POINT,
    SIDE,
    Vocabulary,
    asked_features,
    load_vocabulary,
    local_features,
)
from photofinder.model.pack import load_pack
from photofinder.search.calibration import similar_weights
from photofinder.search.object_lists import ObjectLists, idf
from photofinder.search.objects import CANDIDATES, compare
from photofinder.training.data import Box, Corpus
from photofinder.training.object_scenes import changed_part, collage, logo, pasted

Pixels = NDArray[np.uint8]

_AT = (1, 5, 10)
_POINTS = (5, 6, 8, 10)
_NEVER = 10**9
_IN_A_COLLAGE = 12


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """``gallery``: photos as the program would look at them; each of ``asked`` must find the ``target`` beside it.

    ``own``: the photo of the gallery that the object was marked on, left out of its own answer; -1 for none.
    ``marked``: the photos that carry a logo, whichever; logos share shapes and the letters of one font.
    """

    name: str
    gallery: list[Pixels]
    asked: list[tuple[Pixels, int, int]]
    marked: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Ranks of the targets, from 0; points of the targets, of the best wrong photos and of the best of those that carry
    no logo; CPU seconds a search.
    """

    ranks: NDArray[np.int64]
    right: NDArray[np.int64]
    wrong: NDArray[np.int64]
    bare: NDArray[np.int64]
    seconds: float


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; 0."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.training.objects", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, help="another vocabulary.npz than the bundled one")
    parser.add_argument("--points", type=int, default=MOST_POINTS, help="kept of a photo")
    parser.add_argument("--asked", type=int, default=150, help="searches of each kind")
    parser.add_argument("--others", type=int, default=800, help="further validation photos in the small galleries")
    parser.add_argument("--large", type=int, default=120, help="collages")
    parser.add_argument("--tasks", nargs="*", default=["parts", "logos", "large-parts", "large-logos"])
    parser.add_argument("--no-deep", action="store_true", help="without the pack's features, which take longest")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    vocabulary = load_vocabulary(options.vocabulary)
    print(f"vocabulary {vocabulary.name}, {len(vocabulary)} words, {options.points} points, seed {options.seed}")
    makers = Makers(Corpus(options.data), options.asked, options.others, options.large, options.seed)
    for name in options.tasks:
        task = makers.task(name)
        measured = by_points(task, vocabulary, options.points)
        print(f"{name}: gallery {len(task.gallery)}, searches {len(task.asked)}")
        print(f"  local  {_shares(measured.ranks)}  {1000 * measured.seconds:.0f} ms CPU a search")
        told = [("target", measured.right), ("best wrong photo", measured.wrong)]
        for what, points in told + ([("best photo without any logo", measured.bare)] if task.marked else []):
            print(f"    {what} has at least", ", ".join(f"{n}: {100 * np.mean(points >= n):.1f} %" for n in _POINTS))
        if not options.no_deep:
            print(f"  deep   {_shares(by_features(task))}", flush=True)
    return 0


def _shares(ranks: NDArray[np.int64]) -> str:
    return " / ".join(f"{100 * np.mean(ranks < k):.1f}" for k in _AT) + " % in the first 1 / 5 / 10"


class Makers:
    """Makes the tasks; the same arguments give the same ones."""

    def __init__(self, corpus: Corpus, asked: int, others: int, large: int, seed: int) -> None:
        self._corpus = corpus
        self._asked = asked
        self._large = large
        self._seed = seed
        self._photos = [photo.number for photo in corpus.part("val", ["coco"])]
        rest = [photo.number for photo in corpus.part("val") if photo.set != "coco"]
        self._others = sorted(np.random.default_rng(seed).permutation(rest)[:others].tolist())

    def task(self, name: str) -> Task:
        """By its name. Raises ``KeyError``."""
        makers: dict[str, Callable[[], Task]] = {
            "parts": lambda: self._parts(name, [self._image(number) for number in self._photos], 224),
            "logos": lambda: self._logos(name, [self._image(number) for number in self._photos]),
            "large-parts": lambda: self._parts(name, self._collages(), 640),
            "large-logos": lambda: self._logos(name, self._collages()),
        }
        return makers[name]()

    def _parts(self, name: str, images: list[Image.Image], side: int) -> Task:
        rng = np.random.default_rng((self._seed, 1))
        chosen = rng.permutation(len(images))[: self._asked]
        asked = [(np.asarray(changed_part(images[target], rng, side)), int(target), -1) for target in chosen]
        return Task(name, [*map(_as_looked_at, images), *self._distractors(name)], asked)

    def _logos(self, name: str, images: list[Image.Image]) -> Task:
        rng = np.random.default_rng((self._seed, 2))
        order = rng.permutation(len(images))
        scenes = list(images)
        asked = []
        for number, (one, other) in enumerate(zip(order[0::2], order[1::2], strict=False)):
            if number == self._asked:
                break
            mark = logo(number)
            scenes[one], box = pasted(images[one], mark, rng)
            scenes[other], _ = pasted(images[other], mark, rng)
            asked.append((_cut(scenes[one], box), int(other), int(one)))
        marked = frozenset(one for _, target, own in asked for one in (target, own))
        return Task(name, [*map(_as_looked_at, scenes), *self._distractors(name)], asked, marked)

    def _distractors(self, name: str) -> list[Pixels]:
        return [] if name.startswith("large") else [np.asarray(self._image(number)) for number in self._others]

    def _collages(self) -> list[Image.Image]:
        rng = np.random.default_rng((self._seed, 3))
        every = rng.permutation([photo.number for photo in self._corpus.part("val")]).tolist()  # each in one collage
        return [
            collage([self._image(number) for number in every[start : start + _IN_A_COLLAGE]], rng)
            for start in range(0, self._large * _IN_A_COLLAGE, _IN_A_COLLAGE)
        ]

    def _image(self, number: int) -> Image.Image:
        return self._corpus.image(number)


def _as_looked_at(image: Image.Image) -> Pixels:
    """As the program's thumbnails are."""
    small = image.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=2.0)
    return np.asarray(small)


def _cut(scene: Image.Image, box: Box) -> Pixels:
    width, height = scene.size
    return np.asarray(
        scene.crop((round(box[0] * width), round(box[1] * height), round(box[2] * width), round(box[3] * height)))
    )


def by_points(task: Task, vocabulary: Vocabulary, most: int) -> Measured:
    """Visual words, then the points of the best one by one, as ``search.objects`` does it."""
    kept = [vocabulary.points(local_features(pixels, most)) for pixels in task.gallery]
    lists = ObjectLists.of(len(vocabulary), range(len(kept)), range(len(kept)), kept)
    weights = idf(len(vocabulary), len(kept), [lists])
    ranks, right, wrong, bare = [], [], [], []
    features = [asked_features(pixels) for pixels, _, _ in task.asked]
    started = time.process_time()
    for found, (_, target, own) in zip(features, task.asked, strict=True):
        asked = vocabulary.asked(found) if len(found) else np.empty(0, dtype=POINT)
        votes = lists.votes(asked, weights)
        if own >= 0:
            votes[own] = 0
        candidates = [int(one) for one in np.argsort(-votes, kind="stable")[:CANDIDATES] if votes[one] > 0]
        points = np.array([compare(asked, kept[one]).points for one in candidates], dtype=np.int64)
        order = [candidates[place] for place in np.argsort(-points, kind="stable")]
        ranks.append(order.index(target) if target in order else _NEVER)
        right.append(int(points[candidates.index(target)]) if target in candidates else 0)
        others = [(one, int(n)) for one, n in zip(candidates, points, strict=True) if one != target]
        wrong.append(max((n for _, n in others), default=0))
        bare.append(max((n for one, n in others if one not in task.marked), default=0))
    seconds = (time.process_time() - started) / max(1, len(task.asked))
    return Measured(np.array(ranks), np.array(right), np.array(wrong), np.array(bare), seconds)


def by_features(task: Task) -> NDArray[np.int64]:
    """Ranks of the targets by the deep features of the bundled pack, as «más como esta» has them."""
    from photofinder.model.visual import VisualNetwork

    pack = load_pack()
    network, weights = VisualNetwork(pack), similar_weights(pack)

    def vectors(images: Sequence[Pixels]) -> NDArray[np.float32]:
        parts = [network(images[start : start + 32]) for start in range(0, len(images), 32)]
        both = [
            np.concatenate([weights.feature**0.5 * part.features, weights.embedding**0.5 * part.embeddings], axis=1)
            for part in parts
        ]
        return np.concatenate(both)

    scores = vectors([pixels for pixels, _, _ in task.asked]) @ vectors(task.gallery).T
    ranks = []
    for row, (_, target, own) in zip(scores, task.asked, strict=True):
        if own >= 0:
            row[own] = -np.inf
        ranks.append(int((row > row[target]).sum()))
    return np.array(ranks)


if __name__ == "__main__":
    sys.exit(main())
