"""Libraries of any size with generated vectors, in a real catalogue, made once and used again.

A photo's embedding is a mixture of two phrases that the pack knows, and noise, so that photos lie about phrases as real
ones do: in clusters of all sizes, cosines with a phrase up to about 0.5. Its feature has no negative numbers, like the
pooled output of a CNN, and comes from a few random ones, so that photos have neighbours as real ones do. The files are
a few small photos under many names (hard links), all there and unchanged, so that the program finds nothing to do.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photofinder.bench.photos import draw_photo, jpeg_bytes
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_rows import Details
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths, data_paths
from photofinder.search.engine import SearchEngine

FORMAT = 3
"""Grows when libraries are generated otherwise, so that old ones are not used any more."""

Tell = Callable[[str, str], None]
"""Says what goes on, in Spanish and in English."""

_CHUNK = 5_000
_PER_FOLDER = 500
_FILES = 64
_PHRASES = 3_000
_WORDS = 2_000
_TRAITS = 18
"""Numbers that a feature is made of. Of 39,710 features made so the nearest other one has a cosine of 0.85, any other
0.39 +- 0.12, and the neighbourhoods 17 dimensions; of the 39,710 photos of the corpus 0.86, 0.40 +- 0.11, 17 (maximum
likelihood of 20 neighbours' distances, Levina and Bickel 2004; medians of 400 photos)."""
_FIRST_DAY_S = 1_262_304_000  # 2010-01-01
_SPAN_S = 15 * 365 * 86_400
_CAMERAS = ("Canon EOS 80D", "Google Pixel 7", "Apple iPhone 13", "SONY ILCE-6400", None)
_MARKER = "made.json"
_PICTURES = 6_000
"""Photos whose thumbnail in the cache is as large as the program makes it: the newest, which a window shows first."""
_SMALL_PICTURES = 100_000
"""The next ones have a small one: an analysis leaves a thumbnail of every photo, but a generated library has to fit
a disk. Still older ones have none, and are decoded when looked at."""
_SMALL = (264, 198)


@dataclass(frozen=True, slots=True)
class _Facts:
    """What decoding would have told."""

    width: int | None
    height: int | None
    taken_at: str | None
    camera: str | None
    lat: float | None
    lon: float | None


def generated_library(work: Path, photos: int, pack: Pack, tell: Tell, *, seed: int = 0) -> DataPaths:
    """The state folders of a library of ``photos`` generated photos under ``work``, made unless it is there.

    Raises OSError and PhotoFinderError when the disk does not let it be made.
    """
    name = f"library-{photos}-{pack.fingerprint[:8]}-{FORMAT}"
    state = work / name
    marker = state / _MARKER
    if not marker.is_file():
        tell(
            f"preparando una biblioteca de {photos} fotos en {state}", f"making a library of {photos} photos in {state}"
        )
        shutil.rmtree(state, ignore_errors=True)
        _make(state, work / f"photos-of-{name}", photos, pack, seed)
        marker.write_text(json.dumps({"photos": photos, "pack": pack.fingerprint}), encoding="utf-8")
    return data_paths(state)


def with_neighbors(paths: DataPaths, pack: Pack, tell: Tell) -> None:
    """Build what the program derives after an analysis: vectors as they are mapped, and for large libraries annoy."""
    tell("preparando el índice de vecinos", "building the index of neighbours")
    with Catalog.open(paths.catalog) as catalog:
        SearchEngine(catalog, pack, paths.neighbors).update_neighbors()


def vectors(photos: int, pack: Pack, seed: int) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """Features ``(n, feature_dim)`` and embeddings ``(n, embedding_dim)``, float32 unit, in chunks; always the same."""
    rng = np.random.default_rng(seed)
    phrases = _phrase_vectors(pack, rng)
    traits = rng.standard_normal((_TRAITS, pack.feature_dim), dtype=np.float32) / np.float32(np.sqrt(_TRAITS))
    for start in range(0, photos, _CHUNK):
        count = min(_CHUNK, photos - start)
        first, second = rng.integers(0, len(phrases), (2, count))
        noise = rng.standard_normal((count, pack.embedding_dim), dtype=np.float32)
        noise *= np.float32(0.7 / np.sqrt(pack.embedding_dim))
        embeddings = np.float32(0.5) * phrases[first] + np.float32(0.3) * phrases[second] + noise
        features = rng.standard_normal((count, _TRAITS), dtype=np.float32) @ traits
        features += np.float32(0.1) * rng.standard_normal(features.shape, dtype=np.float32)
        np.maximum(features + np.float32(0.2), 0, out=features)
        yield _unit(features), _unit(embeddings)


def _phrase_vectors(pack: Pack, rng: np.random.Generator) -> NDArray[np.float32]:
    regressor = CaptionRegressor(pack)
    words = regressor.vocabulary[:_WORDS]
    found = []
    for one, other in rng.integers(0, len(words), (_PHRASES, 2)):
        vector = regressor(f"{words[one]} {words[other]}").vector
        if vector is not None:
            found.append(vector)
    return np.stack(found)


def _make(state: Path, root: Path, photos: int, pack: Pack, seed: int) -> None:
    paths = data_paths(state)
    originals = _originals(root.with_name("originals"), seed)
    root.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed + 1)
    facts = {original: (original.stat().st_size, original.stat().st_mtime_ns) for original in originals}
    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
    ):
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        folder = catalog.add_folder(root)
        start = 0
        for features, embeddings in vectors(photos, pack, seed):
            with catalog.transaction():
                ids = []
                for number in range(start, start + len(features)):
                    original = originals[number % len(originals)]
                    rel_path = f"{number // _PER_FOLDER:05d}/IMG_{number:07d}.jpg"
                    if number % _PER_FOLDER == 0:
                        (root / rel_path).parent.mkdir(exist_ok=True)
                    _link(original, root / rel_path)
                    size, mtime_ns = facts[original]
                    ids.append(
                        catalog.add_or_update_photo(
                            folder.id, rel_path, size, mtime_ns, content_hash=f"{number:032x}", info=_facts(number, rng)
                        )
                    )
                catalog.put_vectors(ids, "feature", features)
                catalog.put_vectors(ids, "embedding", embeddings)
            start += len(features)
        newest = catalog.all_photo_ids()[:_SMALL_PICTURES]
        large = {original.stat().st_mtime_ns: original.read_bytes() for original in originals}
        small = {mtime_ns: _smaller(picture) for mtime_ns, picture in large.items()}
        for start in range(0, len(newest), _PICTURES):
            pictures = small if start else large
            photos_here = catalog.photos(newest[start : start + _PICTURES]).values()
            thumbnails.put_many((photo.id, photo.mtime_ns, pictures[photo.mtime_ns]) for photo in photos_here)


def _originals(folder: Path, seed: int) -> list[Path]:
    """Small photos, each with a file time of its own, which the links to it share."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for number in range(_FILES):
        path = folder / f"{number:02d}.jpg"
        if not path.is_file():
            path.write_bytes(jpeg_bytes(draw_photo((512, 384), seed * _FILES + number), quality=80))
        when = _FIRST_DAY_S + number * 86_400
        os.utime(path, (when, when))
        found.append(path)
    return found


def _smaller(picture: bytes) -> bytes:
    with Image.open(BytesIO(picture)) as large:
        return jpeg_bytes(large.resize(_SMALL), quality=30)


def _link(original: Path, path: Path) -> None:
    """Another name of ``original``, or a copy where the disk knows no links."""
    try:
        path.hardlink_to(original)
    except FileExistsError:
        pass  # of a library that was begun before
    except OSError:
        shutil.copy2(original, path)


def _facts(number: int, rng: np.random.Generator) -> Details:
    moment = np.datetime64(_FIRST_DAY_S + int(rng.integers(_SPAN_S)), "s")
    landscape = bool(number % 3)
    has_place = number % 4 == 0
    return _Facts(
        width=4000 if landscape else 3000,
        height=3000 if landscape else 4000,
        taken_at=str(moment),
        camera=_CAMERAS[number % len(_CAMERAS)],
        lat=float(rng.uniform(36, 43)) if has_place else None,
        lon=float(rng.uniform(-9, 3)) if has_place else None,
    )


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows
