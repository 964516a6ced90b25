"""A copy of a generated library with all that finders ask for: places, kinds, favourites, points of objects, an album.

Coordinates become places as they do while photos are analysed. One photo in twenty is of some kind, one in a hundred
is a favourite. Each photo has ``POINTS`` local descriptors with the visual words of drawn photos, in places and with
signatures drawn by chance; ``SHOWING`` photos show one drawn picture besides, smaller and moved. The album has
``ALBUM`` photos that lie about one phrase.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.photos import draw_photo
from photofinder.indexing.locate import Locator
from photofinder.library.catalog import Catalog
from photofinder.library.filters import KINDS
from photofinder.library.look import MEASURES, TINY_SIDE, Look
from photofinder.model.keypoints import POINT, LocalFeatures, Vocabulary, asked_features
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths, data_paths
from photofinder.search.engine import SearchEngine
from photofinder.search.objects import ObjectEngine
from photofinder.search.query import Query

FORMAT = 1
"""Grows when it is made otherwise, so that older ones are not used any more."""
POINTS = 600
SHOWING = 20
ALBUM = 20
ALBUM_NAME = "Playa"

_PHRASE = "una playa"
_DRAWN = 24
_SIZE = (640, 480)
_SHARE = 0.4
"""Of the long side that the shown picture takes."""
_CHUNK = 2_000
_MARKER = "finders.json"


def finder_library(work: Path, photos: int, pack: Pack, vocabulary: Vocabulary, tell: Tell) -> DataPaths:
    """The state folders, made unless they are there. Raises OSError and PhotoFinderError."""
    plain = generated_library(work, photos, pack, tell)
    state = work / f"finders-{photos}-{pack.fingerprint[:8]}-{vocabulary.name[:8]}-{FORMAT}"
    paths = data_paths(state)
    if not (state / _MARKER).is_file():
        tell("añadiendo lugares, clases y objetos", "adding places, kinds and objects")
        shutil.rmtree(state, ignore_errors=True)
        paths.catalog.parent.mkdir(parents=True)
        shutil.copy2(plain.catalog, paths.catalog)
        with_neighbors(paths, pack, tell)
        with Catalog.open(paths.catalog, writer=True) as catalog:
            for _ in Locator(catalog).waiting():
                pass
            _add_kinds(catalog)
            _add_points(catalog, vocabulary)
            ObjectEngine(catalog, vocabulary, paths.neighbors).update_lists()
            found = SearchEngine(catalog, pack, paths.neighbors).rank(Query(_PHRASE), ALBUM).photo_ids
            catalog.mark_photos(catalog.add_album(ALBUM_NAME).id, found.tolist(), belongs=True)
        (state / _MARKER).write_text("{}", encoding="ascii")
    return paths


def shown_object() -> LocalFeatures:
    """The points of what ``SHOWING`` photos show, as a search asks for them."""
    return asked_features(np.asarray(draw_photo(_SIZE, seed=_DRAWN)))


def _add_kinds(catalog: Catalog) -> None:
    rng = np.random.default_rng(2)
    ids = catalog.all_photo_ids()  # a window that was measured on the library may have looked at some
    catalog.set_favorite(ids[::100], True)
    bits = np.array(list(KINDS.values()))
    for start in range(0, len(ids), _CHUNK):
        some = ids[start : start + _CHUNK]
        tinies = rng.integers(0, 256, (len(some), TINY_SIDE, TINY_SIDE)).astype(np.uint8)
        measures = rng.standard_normal((len(some), len(MEASURES)), dtype=np.float32)
        kinds = np.where(rng.random(len(some)) < 0.05, rng.choice(bits, len(some)), 0)
        catalog.put_looks(some, [Look(*one) for one in zip(tinies, measures, strict=True)], kinds.tolist())


def _add_points(catalog: Catalog, vocabulary: Vocabulary) -> None:
    waiting = catalog.waiting_for_points(vocabulary.name)
    showing = {waiting[row].photo_id for row in range(0, len(waiting), max(1, len(waiting) // SHOWING))[:SHOWING]}
    points = _drawn_points(vocabulary)
    shown = vocabulary.points(shown_object())
    for start in range(0, len(waiting), _CHUNK):
        catalog.put_points(
            vocabulary.name,
            [
                (photo.photo_id, photo.content_hash, _kept(next(points), shown if photo.photo_id in showing else None))
                for photo in waiting[start : start + _CHUNK]
            ],
        )


def _drawn_points(vocabulary: Vocabulary) -> Iterator[NDArray[np.void]]:
    """``POINT`` ``(POINTS,)`` of one photo after another, without end."""
    rng = np.random.default_rng(3)
    drawn = [vocabulary.points(asked_features(np.asarray(draw_photo(_SIZE, seed)))) for seed in range(_DRAWN)]
    words = np.concatenate(drawn)["word"]
    while True:
        points = np.zeros(POINTS, dtype=POINT)
        points["word"] = rng.choice(words, POINTS)
        for name in ("x", "y"):
            points[name] = rng.integers(0, 49_000, POINTS)
        for name in ("size", "angle"):
            points[name] = rng.integers(0, 256, POINTS)
        points["signature"] = rng.integers(0, 2**64, POINTS, dtype=np.uint64)
        yield points


def _kept(points: NDArray[np.void], shown: NDArray[np.void] | None) -> bytes:
    """A photo's points as the catalogue keeps them, those of what it shows among them."""
    if shown is not None:
        smaller = shown.copy()
        for name in ("x", "y"):
            smaller[name] = (shown[name] * _SHARE + 12_000).astype(np.uint16)
        smaller["size"] = np.maximum(shown["size"].astype(np.int64) + round(16 * np.log2(_SHARE)), 0)
        points = np.concatenate([points[: max(0, POINTS - len(smaller))], smaller])
    data: bytes = points[np.argsort(points["word"], kind="stable")].tobytes()
    return data
