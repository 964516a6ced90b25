"""Files of vectors to be mapped: what a table holds, as it is in memory. Derived, and never an error for anyone.

``<kind>-<revision>.vectors``: one line of JSON padded to 4096 bytes, then for each row its id and revision (int64), its
length and its product with a fixed vector (float32), then from a multiple of 4096 bytes on the rows, little-endian
(``derived_files``).

A file is used only when its size, its header, the checksum of all but the rows, and the products fit: a bit that was
flipped in the rows shows in the product of its row, unless it is too small to matter to any score. Then some rows are
compared with the catalogue, and rows that the catalogue has lost since then are not used.
"""

from __future__ import annotations

import json
import mmap
import os
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_vectors import VectorStore
from photofinder.search.derived_files import DerivedFiles
from photofinder.search.half import half_product

MIN_ROWS = 5_000
"""With fewer rows the catalogue is read as fast."""
STALE_SHARE = 20
"""When more than one row in so many is newer than the file, it is written anew."""

_FORMAT = 1
_ENDING = ".vectors"
_PAGE = 4096
_TOLERANCE = 1e-4
_SAMPLE = 16


@dataclass(frozen=True, slots=True, eq=False)
class MappedVectors:
    """What a file holds. ``matrix`` is private to this process: writing to it changes no file.

    ``file``: where ``matrix`` lies.
    """

    matrix: NDArray[Any]
    ids: NDArray[np.int64]
    revisions: NDArray[np.int64]
    lengths: NDArray[np.float32]
    usable: NDArray[np.bool_]
    revision: int
    file: mmap.mmap


def open_newest(
    directory: Path, pack_fingerprint: str, kind: str, dim: int, dtype: np.dtype[Any], catalog: VectorStore
) -> MappedVectors | None:
    """The newest file of ``kind`` that fits this catalogue; None on any doubt."""
    return _files(directory, kind).newest(
        lambda path: _opened(path, pack_fingerprint, kind, dim, dtype), lambda found: _fits(found, kind, catalog)
    )


def write(
    directory: Path,
    pack_fingerprint: str,
    kind: str,
    dtype: np.dtype[Any],
    revision: int,
    ids: NDArray[np.int64],
    revisions: NDArray[np.int64],
    blocks: Iterable[tuple[NDArray[Any], NDArray[np.float32]]],
) -> bool:
    """Write rows (``blocks`` of raw rows and their lengths, in the order of ``ids``); whether it could be done."""

    def fill(path: Path) -> int:
        with open(path, "wb") as file:
            lengths, products, dim = [], [], 0
            file.seek(_rows_at(len(ids)))
            for rows, scales in blocks:
                dim = rows.shape[1]
                file.write(np.ascontiguousarray(rows).data)
                lengths.append(scales)
                products.append(_products(rows))
            small = b"".join(
                np.ascontiguousarray(one).tobytes()
                for one in (ids, revisions, np.concatenate(lengths), np.concatenate(products))
            )
            header = {
                "format": _FORMAT, "pack": pack_fingerprint, "kind": kind, "dim": dim, "dtype": dtype.str,
                "count": len(ids), "revision": revision, "crc": zlib.crc32(small),
            }  # fmt: skip
            file.seek(0)
            file.write(json.dumps(header).encode().ljust(_PAGE))
            file.write(small)
        return revision

    return _files(directory, kind).write(fill)


def _opened(path: Path, pack_fingerprint: str, kind: str, dim: int, dtype: np.dtype[Any]) -> MappedVectors:
    """Raises OSError, ValueError, KeyError or TypeError on anything that is not as ``write`` left it."""
    with open(path, "rb") as file:
        header = json.loads(file.read(_PAGE))
        expected = {"format": _FORMAT, "pack": pack_fingerprint, "kind": kind, "dim": dim, "dtype": dtype.str}
        for key, value in expected.items():
            if header[key] != value:
                raise ValueError(f"{key} is {header[key]!r}, not {value!r}")
        count, revision = header["count"], header["revision"]
        if not isinstance(count, int) or not isinstance(revision, int) or count < 1:
            raise ValueError("count and revision are no numbers")
        if os.fstat(file.fileno()).st_size != _rows_at(count) + count * dim * dtype.itemsize:
            raise ValueError("another size")
        small = file.read(count * 24)
        if zlib.crc32(small) != header["crc"]:
            raise ValueError("another checksum")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    if hasattr(mmap, "MADV_WILLNEED"):
        mapped.madvise(mmap.MADV_WILLNEED)
    matrix = np.frombuffer(mapped, dtype=dtype, count=count * dim, offset=_rows_at(count)).reshape(count, dim)
    numbers = np.frombuffer(small, dtype="<i8", count=2 * count).astype(np.int64)
    floats = np.frombuffer(small, dtype="<f4", offset=16 * count).astype(np.float32)
    products = _products(matrix)
    # relative for rows that are no unit vectors, whose products are in the hundreds
    if not np.allclose(products, floats[count:], rtol=_TOLERANCE / 10, atol=_TOLERANCE):
        raise ValueError("rows that were changed")
    return MappedVectors(
        matrix,
        numbers[:count].copy(),
        numbers[count:].copy(),
        floats[:count].copy(),
        np.ones(count, np.bool_),
        revision,
        mapped,
    )


def give_back(file: mmap.mmap) -> None:
    """Let the system have the memory of a mapped file to which nothing was written; it is read again when needed."""
    if hasattr(mmap, "MADV_DONTNEED"):
        file.madvise(mmap.MADV_DONTNEED)


def delete(directory: Path, kind: str) -> None:
    """Delete the files of ``kind``; one that is mapped somewhere may stay, and is not used without its catalogue."""
    _files(directory, kind).delete()


def _fits(found: MappedVectors, kind: str, catalog: VectorStore) -> bool:
    """Whether rows look as they do in this catalogue. Rows that it has lost since then are marked as not usable."""
    held = catalog.count_vectors(kind, found.revision)
    if held < len(found.ids):
        held_revisions = catalog.vector_revisions(kind, found.revision)
        found.usable[:] = np.isin(found.revisions, held_revisions, assume_unique=True)
    if held > np.count_nonzero(found.usable):
        return False
    rows = np.flatnonzero(found.usable)
    for row in rows[np.linspace(0, len(rows) - 1, min(_SAMPLE, len(rows))).astype(np.int64)]:
        stored = catalog.vector(int(found.ids[row]), kind)
        kept = found.matrix[row].astype(np.float32)
        if stored is None or stored.shape != kept.shape or not np.allclose(stored, kept, atol=2e-3):
            return False
    return True


def _products(rows: NDArray[Any]) -> NDArray[np.float32]:
    """The product of each row with a fixed vector, none of whose numbers is small."""
    signs = np.where(np.arange(rows.shape[1]) * 2_654_435_761 >> 7 & 1, -1, 1)
    probe = (signs * (1.0 + np.arange(rows.shape[1]) % 7 / 7)).astype(np.float32)
    found = np.empty(len(rows), dtype=np.float32)
    if rows.dtype.itemsize == 2:
        half_product(rows, probe, found)
    else:
        np.vecdot(rows, probe, out=found)
    return found


def _rows_at(count: int) -> int:
    """Where the rows begin: after the header and 24 bytes a row, at a whole page."""
    return -(-(_PAGE + 24 * count) // _PAGE) * _PAGE


def _files(directory: Path, kind: str) -> DerivedFiles:
    return DerivedFiles(directory, kind, _ENDING)
