"""The nearest vectors: exactly, or by annoy over a built part with an exact tail.

annoy is a derived thing. It lives under ``<data>/neighbors/<revision>/`` as ``index.ann``, ``ids.npy`` and
``manifest.json`` (sizes, sha256, dimension, pack), is built in a temporary folder and renamed, and is
verified when it is opened: annoy itself accepts truncated files and NaN in silence. On any doubt there is no
index, the search is exact, and the next ``build`` makes a new one; nothing here is ever an error for the
person.

annoy's angular distance is ``sqrt(2 - 2 cos)``. It is converted in this file and nowhere else.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import logging
import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.search.vectors import FloatArray, IntArray, VectorTable

TREES = 100
MIN_SEARCH_K = 400_000
SEARCH_K_PER_RESULT = 250
"""Phrases lie apart from photos in the joint space, and that asks much more of annoy than photos among photos. Measured
with 100 phrases over a million vectors of the pack's dimension, generated as ``bench.library`` does; of the ten best of
the exact product, in milliseconds of a core: of 100 trees 150,000 inspected nodes find 99.2 % in 22, 250,000 99.7 % in
34, 300,000 99.8 % in 41, 400,000 99.9 % in 50; of 50 trees 400,000 find 99.6 % in 54. Of larger libraries the
same nodes are a smaller share; the recall was not measured there."""
MIN_VECTORS_PER_SEARCH_K = 5
"""An inspected node costs about five rows of an exact product on two cores; with fewer rows exact is faster."""
MIN_VECTORS = MIN_SEARCH_K * MIN_VECTORS_PER_SEARCH_K
"""Below this an index would never be asked."""

_FORMAT = 1
_INDEX = "index.ann"
_IDS = "ids.npy"
_MANIFEST = "manifest.json"
_TEMPORARY = "building-"
_SAMPLE = 64
_BLOCK = 8192
_SAMPLED_ONE_IN = 64
_ABANDONED_S = 6 * 3600
_log = logging.getLogger(__name__)


def best(scores: FloatArray, ids: IntArray, limit: int) -> NDArray[np.intp]:
    """Positions of the ``limit`` highest scores, best first, equal scores by photo id.

    Scores count as equal when they agree to six decimals: rows with the same vector may differ in the last
    bit by their place in the matrix, and the order must not depend on that. Scores of ``-inf`` are never
    returned.
    """
    if len(scores) == 0 or limit <= 0:
        return np.empty(0, dtype=np.intp)
    candidates = _not_below(scores, _sampled_floor(scores, limit))
    if limit < len(candidates):
        candidates = candidates[_not_below(scores[candidates], _highest(scores[candidates], limit))]
    candidates = candidates[np.isfinite(scores[candidates])]
    rounded = np.round(scores[candidates].astype(np.float64), 6)
    order = np.lexsort((ids[candidates], -rounded))[:limit]
    return candidates[order]


def _not_below(scores: FloatArray, floor: np.float32) -> NDArray[np.intp]:
    return np.flatnonzero(scores >= floor - np.float32(2e-6))


def _highest(scores: FloatArray, rank: int) -> np.float32:
    """The ``rank``-th highest score."""
    place = len(scores) - rank
    return np.float32(np.partition(scores, place)[place])


def _sampled_floor(scores: FloatArray, limit: int) -> np.float32:
    """A score that at least ``limit`` reach and few others, if one in 64 tells of such a one; else -inf.

    The best 200 of a million are found in 0.6 ms by it, in 6.3 without.
    """
    sample = scores[::_SAMPLED_ONE_IN]
    rank = limit // _SAMPLED_ONE_IN * 2 + 32
    if rank < len(sample):
        floor = _highest(sample, rank)
        if np.count_nonzero(scores >= floor) >= limit:
            return floor
    return np.float32(-np.inf)


@dataclass(frozen=True, slots=True)
class Nearest:
    """Rows that annoy proposes for a vector, with their cosines; approximate, to be scored again exactly."""

    rows: IntArray
    cosines: FloatArray


class Neighbors:
    """An opened annoy index over the part of a ``VectorTable`` that existed when it was built."""

    def __init__(self, index: Any, ids: IntArray, revision: int) -> None:
        self._index = index
        self._ids = ids
        self.revision = revision

    def __len__(self) -> int:
        return len(self._ids)

    def is_worth_it(self, limit: int, rows: int) -> bool:
        """Whether annoy is expected to beat an exact search for ``limit`` results among ``rows``."""
        return rows >= MIN_VECTORS and search_k(limit) * MIN_VECTORS_PER_SEARCH_K <= rows

    def tail(self, table: VectorTable) -> IntArray:
        """Rows of ``table`` newer than the index; annoy never proposes them."""
        return np.flatnonzero(table.revisions > self.revision)

    def nearest(self, vector: FloatArray, limit: int, table: VectorTable) -> Nearest:
        """Those of the ``limit`` nearest of the built part that still hold the vector they were built with."""
        places, distances = self._index.get_nns_by_vector(
            vector, limit, search_k=search_k(limit), include_distances=True
        )
        rows = table.rows_of(self._ids[np.asarray(places, dtype=np.int64)])
        cosines = 1.0 - np.square(np.asarray(distances, dtype=np.float32)) / 2.0
        # a row embedded again since then belongs to the tail
        current = (rows >= 0) & (table.revisions[rows] <= self.revision)
        return Nearest(rows[current], cosines[current].astype(np.float32))

    def covers(self, table: VectorTable) -> bool:
        """Whether the index speaks of this table: no old row is missing from it, and its vectors are the
        same.

        A catalogue that was deleted and made anew counts its revisions and ids from 1 again.
        """
        old = np.flatnonzero((table.revisions <= self.revision) & table.usable)
        if len(old) == 0 or not np.isin(table.ids[old], self._ids, assume_unique=True).all():
            return False
        sample = old[np.linspace(0, len(old) - 1, min(_SAMPLE, len(old))).astype(np.int64)]
        order = np.argsort(self._ids, kind="stable")
        places = order[np.searchsorted(self._ids[order], table.ids[sample])]
        stored = np.asarray([self._index.get_item_vector(int(place)) for place in places], dtype=np.float32)
        return bool(np.allclose(stored, table.take(sample), atol=1e-5))

    def is_stale(self, table: VectorTable) -> bool:
        """Whether so much is new or gone since the build that building again pays."""
        new = len(self.tail(table))
        kept = len(table) - new
        return new > max(10_000, len(self) // 5) or kept < len(self) * 4 // 5


def search_k(limit: int) -> int:
    """How many nodes annoy inspects for ``limit`` results."""
    return max(MIN_SEARCH_K, SEARCH_K_PER_RESULT * limit)


def path_is_safe(folder: Path, *, windows: bool = os.name == "nt") -> bool:
    """Whether annoy can be given this path: it takes UTF-8 bytes, which Windows reads in another encoding."""
    name = str(folder)
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return name.isascii() or not windows


def open_newest(directory: Path, pack_fingerprint: str, table: VectorTable) -> Neighbors | None:
    """The newest verified index under ``directory`` that covers ``table``; None on any doubt."""
    if not path_is_safe(directory) or not _has_annoy():
        return None
    for folder in _revision_folders(directory):
        try:
            found = _open(folder, pack_fingerprint, table.dim)
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("neighbours in %r are not usable: %s", str(folder), error)
            continue
        if found.covers(table):
            return found
        _log.warning("neighbours in %r are of another catalogue", str(folder))
    return None


def build(directory: Path, pack_fingerprint: str, table: VectorTable) -> bool:
    """Build and save an index of the whole table, and delete older ones. Returns whether there is one now.

    Takes about 0.25 ms of one core and 2.2 KB of disk a vector (258-d, 100 trees). A full disk, a folder that
    cannot be written or a path annoy cannot take leave no trace and no error.
    """
    rows = np.flatnonzero(table.usable)
    if len(rows) == 0 or not path_is_safe(directory) or not _has_annoy():
        return False
    temporary: Path | None = None
    try:
        directory.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=_TEMPORARY, dir=directory))
        _write(temporary, pack_fingerprint, table, rows)
        target = directory / str(table.last_revision)
        _remove(target)
        temporary.rename(target)
    except (OSError, MemoryError) as error:
        _log.warning("neighbours could not be built: %s", error)
        if temporary is not None:
            _remove(temporary)
        return False
    _remove_older(directory, target)
    return True


def _remove_older(directory: Path, current: Path) -> None:
    try:
        for folder in directory.iterdir():
            if folder != current and (_is_revision(folder) or _is_abandoned(folder)):
                _remove(folder)
    except OSError as error:
        _log.warning("old neighbours stay: %s", error)


def _has_annoy() -> bool:
    """annoy has almost no wheels: where it could not be compiled, searching goes on exactly."""
    return importlib.util.find_spec("annoy") is not None


def _write(folder: Path, pack_fingerprint: str, table: VectorTable, rows: IntArray) -> None:
    from annoy import AnnoyIndex

    index = AnnoyIndex(table.dim, "angular")
    index.set_seed(1)  # the same trees on every machine with as many cores
    for start in range(0, len(rows), _BLOCK):
        for place, vector in enumerate(table.take(rows[start : start + _BLOCK]), start):
            index.add_item(place, vector)
    index.build(TREES)
    index.save(str(folder / _INDEX))
    index.unload()
    np.save(folder / _IDS, table.ids[rows], allow_pickle=False)
    manifest = {
        "format": _FORMAT,
        "pack": pack_fingerprint,
        "kind": table.kind,
        "dim": table.dim,
        "count": len(rows),
        "trees": TREES,
        "revision": table.last_revision,
        "files": {name: _measure(folder / name) for name in (_INDEX, _IDS)},
    }
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _open(folder: Path, pack_fingerprint: str, dim: int) -> Neighbors:
    """Raises OSError, ValueError, KeyError or TypeError on anything that is not as ``_write`` left it."""
    manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    expected = {"format": _FORMAT, "pack": pack_fingerprint, "dim": dim, "revision": int(folder.name)}
    for key, value in expected.items():
        if manifest[key] != value:
            raise ValueError(f"{key} is {manifest[key]!r}, not {value!r}")
    for name in (_INDEX, _IDS):
        if (folder / name).stat().st_size != manifest["files"][name]["bytes"]:
            raise ValueError(f"{name} has another size")
        if _measure(folder / name) != manifest["files"][name]:
            raise ValueError(f"{name} does not match its checksum")
    ids = np.load(folder / _IDS, allow_pickle=False)
    from annoy import AnnoyIndex

    index = AnnoyIndex(dim, "angular")
    index.load(str(folder / _INDEX))
    if ids.dtype != np.int64 or ids.ndim != 1 or not index.get_n_items() == len(ids) == manifest["count"] > 0:
        raise ValueError("ids and vectors differ in number")
    return Neighbors(index, ids, manifest["revision"])


def _revision_folders(directory: Path) -> list[Path]:
    try:
        folders = [folder for folder in directory.iterdir() if _is_revision(folder)]
    except OSError:
        return []
    return sorted(folders, key=lambda folder: int(folder.name), reverse=True)


def _is_revision(folder: Path) -> bool:
    return folder.name.isascii() and folder.name.isdigit()


def _is_abandoned(folder: Path) -> bool:
    """Whether a build was cut short there; a fresh one may belong to another process that is at it now."""
    return folder.name.startswith(_TEMPORARY) and time.time() - folder.stat().st_mtime > _ABANDONED_S


def _measure(path: Path) -> dict[str, int | str]:
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": digest}


def _remove(folder: Path) -> None:
    """Delete a derived folder; one that is in use (Windows) is left for the next build."""
    shutil.rmtree(folder, ignore_errors=True)
