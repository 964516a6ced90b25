"""The file of inverted lists, to be mapped: derived from the catalogue, and never an error for anyone.

``objects-<revision>.lists``: one line of JSON padded to 4096 bytes, then the arrays of ``ObjectLists`` one after
another, each from a multiple of 8 bytes on (``derived_files``). A file is used only when its size, its header and the
checksum of all but the postings fit; a bit flipped in a posting costs one vote of many, since what is found is compared
point by point with the catalogue.
"""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from photofinder.library.catalog import Catalog
from photofinder.model.keypoints import POINT, Vocabulary
from photofinder.search.derived_files import DerivedFiles
from photofinder.search.object_lists import ObjectLists

ENDING = ".lists"
_FORMAT = 1
_PAGE = 4096
_SAMPLE = 12


def open_newest(directory: Path, vocabulary: Vocabulary, catalog: Catalog) -> ObjectLists | None:
    """The newest file of this vocabulary and catalogue; None on any doubt."""
    return _files(directory).newest(
        lambda path: _opened(path, vocabulary), lambda lists: _fits(lists, vocabulary, catalog)
    )


def write(directory: Path, vocabulary: Vocabulary, catalog: Catalog) -> bool:
    """Write the lists of all points in the catalogue, some hundred photos in memory at a time; whether it was done."""
    return _files(directory).write(lambda path: _fill(path, vocabulary, catalog))


def _fill(path: Path, vocabulary: Vocabulary, catalog: Catalog) -> int | None:
    """The newest revision in the file; None when the catalogue changed between its two readings."""
    words = len(vocabulary)
    ids, revisions, sizes, counts = [], [], [], np.zeros(words, dtype=np.int64)
    for chunk in catalog.point_chunks(vocabulary.name):
        for revision, photo_id, data in chunk:
            points = np.frombuffer(data, dtype=POINT)
            ids.append(photo_id)
            revisions.append(revision)
            sizes.append(len(points))
        counts += np.bincount(np.frombuffer(b"".join(row[2] for row in chunk), POINT)["word"], minlength=words)
    if not ids:
        return None
    offsets = np.concatenate([[0], counts.cumsum()]).astype(np.int64)
    small: dict[str, np.ndarray[Any, Any]] = {
        "ids": np.array(ids, dtype=np.int64),
        "revisions": np.array(revisions, dtype=np.int64),
        "sizes": np.array(sizes, dtype=np.uint16),
        "offsets": offsets,
    }
    crc = 0
    for array in small.values():
        crc = zlib.crc32(array.tobytes(), crc)
    header = {
        "format": _FORMAT, "vocabulary": vocabulary.name, "words": words, "photos": len(ids),
        "points": int(offsets[-1]), "crc": crc,
    }  # fmt: skip
    path.write_bytes(json.dumps(header).encode().ljust(_PAGE))
    arrays = _arrays(path, header, "r+")
    for name, array in small.items():
        arrays[name][:] = array
    if not _fill_postings(arrays, offsets[:-1].copy(), revisions, vocabulary, catalog):
        return None
    for mapped in arrays.values():
        mapped.flush()
    return revisions[-1]


def _fill_postings(
    arrays: dict[str, np.memmap[Any, Any]],
    next_free: np.ndarray[Any, np.dtype[np.int64]],
    revisions: list[int],
    vocabulary: Vocabulary,
    catalog: Catalog,
) -> bool:
    place = 0
    for chunk in catalog.point_chunks(vocabulary.name):
        if [row[0] for row in chunk] != revisions[place : place + len(chunk)]:
            return False
        part = ObjectLists.of(
            len(vocabulary),
            [row[1] for row in chunk],
            [row[0] for row in chunk],
            [np.frombuffer(row[2], dtype=POINT) for row in chunk],
        )
        counts = np.diff(part.offsets)
        targets = np.arange(len(part.rows)) + np.repeat(next_free - part.offsets[:-1], counts)
        arrays["rows"][targets] = part.rows + np.uint32(place)
        arrays["signatures"][targets] = part.signatures
        next_free += counts
        place += len(chunk)
    return place == len(revisions)


def _opened(path: Path, vocabulary: Vocabulary) -> ObjectLists:
    with open(path, "rb") as file:
        header = json.loads(file.read(_PAGE))
    if not isinstance(header, dict) or header["format"] != _FORMAT or header["vocabulary"] != vocabulary.name:
        raise ValueError("of another version or vocabulary")
    if header["words"] != len(vocabulary) or path.stat().st_size != _size(header):
        raise ValueError("cut short")
    arrays = _arrays(path, header, "r")
    small = {name: np.array(arrays[name]) for name in ("ids", "revisions", "sizes", "offsets")}
    crc = 0
    for array in small.values():
        crc = zlib.crc32(array.tobytes(), crc)
    if crc != header["crc"]:
        raise ValueError("does not match its checksum")
    return ObjectLists(**small, rows=arrays["rows"], signatures=arrays["signatures"])


def _fits(lists: ObjectLists, vocabulary: Vocabulary, catalog: Catalog) -> bool:
    """Whether some photos have in the lists what they have in the catalogue: numbers alone begin anew with it."""
    chosen = np.linspace(0, len(lists) - 1, _SAMPLE, dtype=np.intp)
    known = catalog.point_revisions(vocabulary.name, lists.ids[chosen].tolist())
    stored = catalog.points_of(vocabulary.name, known)
    for row in chosen.tolist():
        photo_id = int(lists.ids[row])
        if known.get(photo_id) != int(lists.revisions[row]):
            continue  # gone, or taken again since
        points = np.frombuffer(stored[photo_id], dtype=POINT)
        if len(points) != lists.sizes[row]:
            return False
        for word, signature in zip(points["word"][:1].tolist(), points["signature"][:1].tolist(), strict=True):
            there = slice(int(lists.offsets[word]), int(lists.offsets[word + 1]))
            if not ((lists.rows[there] == row) & (lists.signatures[there] == signature)).any():
                return False
    return True


def _arrays(path: Path, header: dict[str, Any], mode: str) -> dict[str, np.memmap[Any, Any]]:
    arrays, start = {}, _PAGE
    for name, dtype, count in _layout(header):
        arrays[name] = np.memmap(path, dtype=dtype, mode=mode, offset=start, shape=(count,))  # type: ignore[call-overload]
        start += _padded(np.dtype(dtype).itemsize * count)
    return arrays


def _layout(header: dict[str, Any]) -> tuple[tuple[str, str, int], ...]:
    photos, points = int(header["photos"]), int(header["points"])
    return (
        ("ids", "<i8", photos),
        ("revisions", "<i8", photos),
        ("sizes", "<u2", photos),
        ("offsets", "<i8", int(header["words"]) + 1),
        ("rows", "<u4", max(points, 1)),  # an empty array cannot be mapped
        ("signatures", "<u8", max(points, 1)),
    )


def _size(header: dict[str, Any]) -> int:
    *before, (_, dtype, count) = _layout(header)
    whole = sum(_padded(np.dtype(kind).itemsize * number) for _, kind, number in before)
    return _PAGE + whole + np.dtype(dtype).itemsize * count


def _padded(size: int) -> int:
    return -(-size // 8) * 8


def _files(directory: Path) -> DerivedFiles:
    return DerivedFiles(directory, "objects", ENDING)
