"""Measure how duplicates are found: on generated versions of validation photos, and how time and memory grow.

    python -m photofinder.training.duplicates --data CORPUS [--photos 150]     precision, recall, purity; JSON
    python -m photofinder.training.duplicates --scale 100000                   seconds and memory, generated photos
    python -m photofinder.training.duplicates --data CORPUS --real har,sport_photos --sheet GROUPS.png     real ones

Of ``--photos`` captioned validation photos every version of ``variants.VARIANTS`` is made; they lie among all other
validation photos of 128 pixels and more, whose classes bring photos that are alike without being versions. Real ones
are looked for among all photos of some sets; the picture shows the groups, so that a person can judge them.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofinder.albums.alike import Alike, Described, Pairs, alike_pairs
from photofinder.albums.duplicates import grouped
from photofinder.albums.hashes import distance, hashes_of
from photofinder.library.look import TINY_SIDE
from photofinder.library.looks import look_at
from photofinder.model.pack import load_pack
from photofinder.model.visual import VisualNetwork
from photofinder.progress import follow
from photofinder.training.data import Corpus
from photofinder.training.variants import VARIANTS

FloatArray = NDArray[np.float32]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
_BATCH = 64
_SEED = 5
_ACROSS, _CELL, _MOST_DRAWN = 14, 96, 200
_SETS = ("coco", "miniplaces", "sports100", "sports10", "caltech101", "weather", "clothing")


def found_pairs(described: Described) -> Alike:
    """What the program finds."""
    return follow(alike_pairs(described), "es", silent=True)


def describe(images: Generator[Image.Image, None, None]) -> Described:
    """As the catalogue would know them, with no date and no camera."""
    network = VisualNetwork(load_pack())
    features: list[FloatArray] = []
    tinies = []
    batch: list[NDArray[np.uint8]] = []

    def embed() -> None:
        if batch:
            features.append(network(batch).features)
            batch.clear()

    for image in images:
        pixels = np.ascontiguousarray(np.asarray(image))
        tinies.append(look_at(pixels).tiny)
        batch.append(pixels)
        if len(batch) == _BATCH:
            embed()
    embed()
    count = len(tinies)
    return Described(
        np.concatenate(features).astype(np.float16),
        np.stack(tinies),
        np.arange(count),
        np.zeros(count, dtype=np.bool_),
        np.zeros(count, dtype=np.int64),
    )


def measure(corpus: Corpus, photos: int) -> dict[str, object]:
    """Pairs and groups found among versions and other photos, beside the hash alone and the vectors alone."""
    gallery = corpus.part("val", _SETS)
    rng = np.random.default_rng(_SEED)
    captioned = [place for place, photo in enumerate(gallery) if photo.set == "coco"]
    bases = np.sort(rng.choice(captioned, min(photos, len(captioned)), replace=False))
    names = list(VARIANTS)

    def images() -> Generator[Image.Image, None, None]:
        for photo in gallery:
            yield corpus.image(photo.number)
        for base in bases.tolist():
            image = corpus.image(gallery[base].number)
            for name in names:
                yield VARIANTS[name](image, rng)

    described = describe(images())
    source = np.concatenate([np.arange(len(gallery)), np.repeat(bases, len(names))])
    version = np.concatenate([np.full(len(gallery), -1), np.tile(np.arange(len(names)), len(bases))])
    one, other = np.triu_indices(len(source), 1)
    is_same = source[one] == source[other]
    with_original = is_same & ((version[one] < 0) | (version[other] < 0))
    which = np.maximum(version[one], version[other])
    alike = found_pairs(described)
    groups = grouped(alike, len(source))
    found = np.isin(_numbered(one, other), _in_groups(groups))
    direct = np.isin(_numbered(one, other), _numbered(alike.same.first, alike.same.second))
    fine, _ = hashes_of(described.tinies)
    close = 256 - np.concatenate([distance(fine[a], fine[b]) for a, b in _chunks(one, other)])
    cosines = np.concatenate(
        [np.vecdot(described.features[a].astype(np.float32), described.features[b]) for a, b in _chunks(one, other)]
    )
    report: dict[str, object] = {
        "photos": len(source),
        "pairs of one picture": int(is_same.sum()),
        "pairs of different ones": int((~is_same).sum()),
        "groups": _judged(found, is_same),
        "pairs alone": _judged(direct, is_same),
        "hash alone, best threshold": _at_best(close, is_same),
        "vectors alone, best threshold": _at_best(cosines, is_same),
        "group purity": _purity(groups, source),
        "pairs of different ones that were found": [
            (gallery[source[one[place]]].number, gallery[source[other[place]]].number)
            for place in np.flatnonzero(found & ~is_same)[:20]
        ],
    }
    report["recall by version, with the original"] = {
        name: {
            "groups": round(float(found[with_original & (which == number)].mean()), 3),
            "hash": _recall(close, is_same, with_original & (which == number)),
            "vectors": _recall(cosines, is_same, with_original & (which == number)),
        }
        for number, name in enumerate(names)
    }
    return report


def find_real(corpus: Corpus, sets: Sequence[str], sheet: Path | None) -> dict[str, object]:
    """The groups among all photos of ``sets``, the largest first; ``sheet``: a PNG with a row a group."""
    photos = [photo for photo in corpus.photos if photo.set in sets]
    described = describe(corpus.image(photo.number) for photo in photos)
    alike = found_pairs(described)
    groups = [members for members, _ in grouped(alike, len(photos))]
    groups.sort(key=lambda members: (-len(members), members))
    same_file = [len({corpus.encoded(photos[row].number) for row in members}) == 1 for members in groups]
    if sheet is not None:
        _draw_groups(corpus, [[photos[row].number for row in members] for members in groups]).save(sheet)
    return {
        "photos": len(photos),
        "groups": len(groups),
        "photos in groups": sum(len(members) for members in groups),
        "groups of the very same file": sum(same_file),
        "by set": {name: sum(photos[members[0]].set == name for members in groups) for name in sets},
        "numbers": [[photos[row].number for row in members] for members in groups],
    }


def _draw_groups(corpus: Corpus, groups: Sequence[Sequence[int]]) -> Image.Image:
    """Rows of groups, ``_ACROSS`` photos wide, a red line between two groups; at most ``_MOST_DRAWN`` groups."""
    sheet = Image.new("RGB", (_ACROSS * (_CELL + 4), 10_000), "white")
    left = top = 0
    for members in groups[:_MOST_DRAWN]:
        wide = min(len(members), _ACROSS)
        if left + wide > _ACROSS:
            left, top = 0, top + _CELL + 8
        for place, number in enumerate(members[:_ACROSS]):
            image = corpus.image(number)
            image.thumbnail((_CELL, _CELL))
            sheet.paste(image, ((left + place) * (_CELL + 4), top))
        left += wide
        sheet.paste((220, 0, 0), (left * (_CELL + 4) - 3, top, left * (_CELL + 4), top + _CELL))
    return sheet.crop((0, 0, sheet.width, top + _CELL))


def _chunks(one: IntArray, other: IntArray) -> Generator[tuple[IntArray, IntArray], None, None]:
    for start in range(0, len(one), 65536):
        yield one[start : start + 65536], other[start : start + 65536]


def _numbered(first: IntArray, second: IntArray) -> IntArray:
    return first.astype(np.int64) << 32 | second


def _in_groups(groups: Sequence[tuple[list[int], bool]]) -> IntArray:
    pairs = [
        _numbered(np.asarray(members)[one], np.asarray(members)[other])
        for members, _ in groups
        for one, other in [np.triu_indices(len(members), 1)]
    ]
    return np.concatenate(pairs) if pairs else np.empty(0, dtype=np.int64)


def _judged(found: BoolArray, is_same: BoolArray) -> dict[str, float]:
    right = int((found & is_same).sum())
    return {
        "precision": round(right / max(1, int(found.sum())), 4),
        "recall": round(right / max(1, int(is_same.sum())), 4),
        "wrong pairs": int((found & ~is_same).sum()),
    }


def _at_best(score: NDArray[np.float32] | IntArray, is_same: BoolArray) -> dict[str, float]:
    """Precision and recall at the threshold with the best F1, which is chosen on these very pairs."""
    threshold = _best_threshold(score, is_same)
    return _judged(np.asarray(score >= threshold), is_same) | {"threshold": round(float(threshold), 3)}


def _best_threshold(score: NDArray[np.float32] | IntArray, is_same: BoolArray) -> float:
    order = np.argsort(-np.asarray(score, dtype=np.float64), kind="stable")
    right = np.cumsum(is_same[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + is_same.sum())
    return float(np.asarray(score, dtype=np.float64)[order[int(np.argmax(f1))]])


def _recall(score: NDArray[np.float32] | IntArray, is_same: BoolArray, some: BoolArray) -> float:
    return round(float((score[some] >= _best_threshold(score, is_same)).mean()), 3)


def _purity(groups: Sequence[tuple[list[int], bool]], source: IntArray) -> float:
    """Share of the photos in groups that show the picture most of their group shows."""
    most = [int(np.unique(source[members], return_counts=True)[1].max()) for members, _ in groups]
    return round(sum(most) / max(1, sum(len(members) for members, _ in groups)), 4)


def measure_scale(count: int) -> dict[str, object]:
    """Seconds and peak memory for ``count`` generated photos, one in twenty of which is a version of the one before.

    Vectors lie in clusters of clusters with cosines like those of real photos; pictures are random low frequencies.
    """
    rng = np.random.default_rng(_SEED)
    features = _generated_features(rng, count)
    tinies = _generated_tinies(rng, count)
    copies = np.arange(1, count, 20)
    noise = rng.standard_normal((len(copies), features.shape[1])).astype(np.float32) * 0.006
    changed = features[copies - 1].astype(np.float32) + noise
    features[copies] = changed / np.linalg.norm(changed, axis=1, keepdims=True)
    shifted = np.clip(tinies[copies - 1].astype(np.int16) + rng.integers(-4, 5, (len(copies), 32, 32)), 0, 255)
    tinies[copies] = shifted.astype(np.uint8)
    described = Described(
        features,
        tinies,
        np.sort(rng.integers(0, 10**9, count)),
        np.ones(count, dtype=np.bool_),
        rng.integers(0, 4, count),
    )
    forget_peak()
    before = peak_mb()
    started, used = time.monotonic(), time.process_time()
    alike = found_pairs(described)
    groups = grouped(alike, count)
    planted = _numbered(copies - 1, copies)
    return {
        "photos": count,
        "seconds": round(time.monotonic() - started, 1),
        "processor seconds": round(time.process_time() - used, 1),
        "peak memory beyond the photos, MB": round(peak_mb() - before),
        "vectors and pictures, MB": round((features.nbytes + tinies.nbytes) / 2**20),
        "planted pairs found": round(float(np.isin(planted, _in_groups(groups)).mean()), 4),
        "pairs that were not planted": _wrong(alike.same, planted),
    }


def forget_peak() -> None:
    """Let the kernel measure the peak of memory from now on (Linux)."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_mb() -> float:
    """The most memory this process held since ``forget_peak`` (Linux)."""
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def _wrong(same: Pairs, planted: IntArray) -> int:
    return int((~np.isin(_numbered(same.first, same.second), planted)).sum())


def _generated_features(rng: np.random.Generator, count: int, dim: int = 512) -> NDArray[np.float16]:
    themes = rng.standard_normal((40, dim)).astype(np.float32)
    scenes = themes[rng.integers(40, size=max(40, count // 50))] + rng.standard_normal((max(40, count // 50), dim))
    features = np.empty((count, dim), dtype=np.float16)
    for start in range(0, count, 8192):
        rows = scenes[rng.integers(len(scenes), size=min(8192, count - start))]
        rows = rows + 0.8 * rng.standard_normal(rows.shape)
        features[start : start + 8192] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return features


def _generated_tinies(rng: np.random.Generator, count: int) -> NDArray[np.uint8]:
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(TINY_SIDE), np.fft.fftfreq(TINY_SIDE))) + 1 / TINY_SIDE
    tinies = np.empty((count, TINY_SIDE, TINY_SIDE), dtype=np.uint8)
    for start in range(0, count, 8192):
        waves = np.fft.fft2(rng.standard_normal((min(8192, count - start), TINY_SIDE, TINY_SIDE))) / frequency**1.2
        pictures = np.fft.ifft2(waves).real
        spread = pictures.std(axis=(1, 2), keepdims=True)
        tinies[start : start + 8192] = np.clip(128 + 45 * pictures / spread, 0, 255)
    return tinies


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--photos", type=int, default=150)
    parser.add_argument("--scale", type=int)
    parser.add_argument("--real", metavar="SETS")
    parser.add_argument("--sheet", type=Path)
    options = parser.parse_args(arguments)
    if options.scale is None and options.data is None:
        parser.error("--data or --scale is needed")
    if options.scale is not None:
        report = measure_scale(options.scale)
    elif options.real:
        report = find_real(Corpus(options.data), options.real.split(","), options.sheet)
    else:
        report = measure(Corpus(options.data), options.photos)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
