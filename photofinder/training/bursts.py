"""Measure how bursts are found, and whether the sharpest photo is suggested: on bursts made of single photos.

    python -m photofinder.training.bursts --data CORPUS [--bursts 120]     validation photos, what ships; JSON
    python -m photofinder.training.bursts --data CORPUS --tune             training photos, other limits, too

A burst is two to six frames of one photo, 1 to 10 seconds apart: the hand moves (a window of 80 to 97 % of the area
wanders, turned by up to 2 degrees), something in the scene moves (an ellipse of the photo is carried across it), the
light changes a little, noise and compression differ. One frame is sharp, the others are out of focus or shaken by 0.8
pixels and more. In the same seconds the same camera takes two other photos: any one, and the one most like the burst
that there is.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from photofinder.albums import alike
from photofinder.albums.alike import Described
from photofinder.albums.best import GroupKind, best_first
from photofinder.albums.duplicates import grouped
from photofinder.library.catalog import Photo
from photofinder.training.data import Corpus
from photofinder.training.duplicates import describe, found_pairs
from photofinder.training.odd_examples import blurred
from photofinder.training.variants import recompressed

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

MOST_FRAMES = 6
LONGEST_GAP_S = 10
_APART_S = 600
_SHORT_SIDE = 176
_SETS = ("coco", "imagenet", "sport_photos")
_SEED = 23
_SECONDS = (3, 10)
_NEVER = 2.0
_CORRELATIONS = (0.7, 0.75, 0.8, 0.85, _NEVER)
_TOLD = ("precision", "recall", "bursts found whole and alone")
_COSINES = (0.0, 0.4, 0.6)


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """``n`` photos as a camera took them: ``images``; ``burst`` (n,) which burst each belongs to, -1 for none;
    ``moments`` (n,) seconds; ``blur`` (n,) pixels, 0 for the sharp ones.
    """

    images: tuple[Image.Image, ...]
    burst: IntArray
    moments: IntArray
    blur: NDArray[np.float64]


def frames(image: Image.Image, rng: np.random.Generator) -> list[tuple[Image.Image, float]]:
    """The frames of a burst and by how many pixels each is blurred; exactly one by none."""
    count = int(rng.integers(2, MOST_FRAMES + 1))
    sharp = int(rng.integers(count))
    share = float(rng.uniform(0.8, 0.97)) ** 0.5
    place = rng.uniform(0, 1, 2)
    moving = _Moving(image, rng)
    found = []
    for number in range(count):
        place = np.clip(place + rng.normal(0, 0.25, 2), 0, 1)
        scene = moving.at(number / max(1, count - 1)).rotate(rng.uniform(-2, 2), Image.Resampling.BICUBIC)
        width, height = round(scene.width * share), round(scene.height * share)
        left, top = (place * (scene.width - width, scene.height - height)).astype(int).tolist()
        frame = scene.crop((left, top, left + width, top + height))
        frame = ImageEnhance.Brightness(frame).enhance(rng.uniform(0.88, 1.14))
        strength = 0.0 if number == sharp else float(rng.uniform(0.8, 3.0))
        if strength:
            frame = blurred(frame, rng, strength)
        found.append((recompressed(frame, int(rng.integers(80, 96))), strength))
    return found


class _Moving:
    """A photo across which an ellipse of it is carried."""

    def __init__(self, image: Image.Image, rng: np.random.Generator) -> None:
        self._image = image
        sides = (rng.uniform(0.15, 0.35, 2) * image.size).astype(int) + 1
        start, self._end = (rng.uniform(0, 1, 2) * (np.array(image.size) - sides) for _ in range(2))
        self._start = start
        self._mask = Image.new("L", tuple(sides.tolist()))
        ImageDraw.Draw(self._mask).ellipse((2, 2, *(sides - 3).tolist()), fill=255)
        self._mask = self._mask.filter(ImageFilter.GaussianBlur(1.5))
        left, top = (int(one) for one in start)
        self._part = image.crop((left, top, left + int(sides[0]), top + int(sides[1])))

    def at(self, share: float) -> Image.Image:
        """With the ellipse at this share of its way."""
        shown = self._image.copy()
        left, top = (self._start + share * (self._end - self._start)).astype(int).tolist()
        shown.paste(self._part, (left, top), self._mask)
        return shown


def taken(corpus: Corpus, part: str, bursts: int) -> Taken:
    """``bursts`` bursts of photos of ``part``, and two other photos among the frames of each."""
    rng = np.random.default_rng([_SEED, part == "val"])
    photos = corpus.part(part, ("coco",) if part == "val" else _SETS)
    order = rng.permutation(len(photos))[: 4 * bursts]
    some = [corpus.image(photos[place].number) for place in order]
    likeness = describe(image for image in some).features.astype(np.float32)
    images: list[Image.Image] = []
    burst, moments, blur = [], [], []
    for number in range(min(bursts, len(some) // 2)):
        near = likeness[bursts:] @ likeness[number]
        others = [some[bursts + int(near.argmax())], some[bursts + int(rng.integers(len(near)))]]
        shots = frames(some[number], rng)
        when = number * _APART_S + np.cumsum(rng.integers(1, LONGEST_GAP_S + 1, len(shots)))
        between = rng.choice(when, 2) + rng.integers(0, 3, 2)
        images += [image for image, _ in shots] + others
        burst += [number] * len(shots) + [-1, -1]
        moments += [*when.tolist(), *between.tolist()]
        blur += [strength for _, strength in shots] + [0.0, 0.0]
    return Taken(tuple(images), np.array(burst), np.array(moments), np.array(blur))


def judged(made: Taken, described: Described) -> dict[str, object]:
    """Pairs of one burst, found by the groups that the program makes; and what it suggests to keep."""
    groups = grouped(found_pairs(described), len(made.burst))
    group_of = np.full(len(made.burst), -1)
    for number, (members, _) in enumerate(groups):
        group_of[members] = number
    one, other = np.triu_indices(len(made.burst), 1)
    near = np.abs(made.moments[one] - made.moments[other]) < _APART_S / 2
    one, other = one[near], other[near]
    is_one = (made.burst[one] == made.burst[other]) & (made.burst[one] >= 0)
    found = (group_of[one] == group_of[other]) & (group_of[one] >= 0)
    next_one = is_one & (other == one + 1)
    gap = made.moments[other] - made.moments[one]
    whole = [_is_whole(members, made.burst) for members, _ in groups]
    return {
        "bursts": int(made.burst.max()) + 1,
        "photos": len(made.burst),
        "pairs of one burst": int(is_one.sum()),
        "pairs of others in the same seconds": int((~is_one).sum()),
        "precision": _share(is_one[found]),
        "recall": _share(found[is_one]),
        "wrong pairs": int((found & ~is_one).sum()),
        "bursts found whole and alone": round(sum(whole) / (int(made.burst.max()) + 1), 3),
        "recall of neighbours by seconds between them": {
            f"{low}-{high}": _share(found[next_one & (gap >= low) & (gap <= high)])
            for low, high in ((1, 3), (4, 6), (7, 10))
        },
        "the sharp one is suggested": _suggested(made, [members for members, _ in groups]),
    }


def _is_whole(members: Sequence[int], burst: IntArray) -> bool:
    first = int(burst[members[0]])
    return first >= 0 and sorted(members) == np.flatnonzero(burst == first).tolist()


def _share(which: BoolArray) -> float | None:
    return round(float(which.mean()), 4) if len(which) else None


def _suggested(made: Taken, groups: Sequence[Sequence[int]]) -> dict[str, object]:
    """Of groups that hold the sharp frame of one burst and others of it: how often it comes first, by the blur of the
    sharpest of the others.
    """
    from photofinder.training.oddities import measured

    right: list[bool] = []
    second: list[float] = []
    for members in groups:
        own = [row for row in members if made.burst[row] >= 0]
        if (
            len({int(made.burst[row]) for row in own}) != 1
            or not any(made.blur[row] == 0 for row in own)
            or len(own) < 2
        ):
            continue
        photos = [_photo(row, made.images[row], int(made.moments[row])) for row in own]
        measures = dict(zip(own, measured([made.images[row] for row in own]), strict=True))
        best, _ = best_first(GroupKind.BURST, photos, measures)
        right.append(bool(made.blur[best[0].id] == 0))
        second.append(min(float(made.blur[row]) for row in own if made.blur[row] > 0))
    by_chance = [1 / len(group) for group in groups if len(group) > 1]
    marks, blur = np.array(right), np.array(second)
    return {
        "groups": len(right),
        "right": _share(marks),
        "right by chance": round(sum(by_chance) / max(1, len(by_chance)), 3),
        "right where the next sharpest is blurred by": {
            f"{low}-{high} pixels": _share(marks[(blur >= low) & (blur < high)])
            for low, high in ((0.8, 1.2), (1.2, 2.0), (2.0, 3.0))
        },
    }


def _photo(row: int, image: Image.Image, moment: int) -> Photo:
    return Photo(
        row, 1, Path(f"{row}.jpg"), f"{row}.jpg", 200_000, moment, image.width, image.height, "2024-06-01T12:00:00",
        "Pixel 7", None, None, None, None,
    )  # fmt: skip


def _as_camera(described: Described, made: Taken) -> Described:
    count = len(made.burst)
    return replace(
        described, moments=made.moments, timed=np.ones(count, dtype=np.bool_), cameras=np.zeros(count, dtype=np.int64)
    )


def judged_with(made: Taken, described: Described, **limits: float) -> dict[str, object]:
    """The same with other limits of ``albums.alike``."""
    kept = {name: getattr(alike, name) for name in limits}
    try:
        for name, value in limits.items():
            setattr(alike, name, value)
        return judged(made, described)
    finally:
        for name, value in kept.items():
            setattr(alike, name, value)


def tuned(made: Taken, described: Described) -> list[dict[str, object]]:
    """Precision and recall with many limits."""
    lines: list[dict[str, object]] = []
    for seconds, correlation, cosine in itertools.product(_SECONDS, _CORRELATIONS, _COSINES):
        limits = {"BURST_SECONDS": seconds, "BURST_CORRELATION": correlation, "BURST_LEAST_COSINE": cosine}
        line = judged_with(made, described, **limits)
        lines.append(limits | {name: line[name] for name in _TOLD})
    return lines


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--bursts", type=int, default=120)
    parser.add_argument("--tune", action="store_true")
    options = parser.parse_args(arguments)
    made = taken(Corpus(options.data), "train" if options.tune else "val", options.bursts)
    described = _as_camera(describe(image for image in made.images), made)
    if options.tune:
        for line in tuned(made, described):
            print(json.dumps(line), flush=True)
    report = judged(made, described)
    by_vectors = judged_with(made, described, BURST_CORRELATION=_NEVER, QUICK_CORRELATION=-1.0)
    report["by vectors alone, within 3 seconds"] = {name: by_vectors[name] for name in _TOLD}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
