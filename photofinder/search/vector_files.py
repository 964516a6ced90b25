"""Files of vectors to be mapped: what a table holds, as it is in memory. Derived, and never an error for anyone.

``<kind>-<revision>.vectors``: one line of JSON padded to 4096 bytes, then of all rows the ids and revisions (int64),
the scales, lengths and products with a fixed vector (float32), then from a multiple of 4096 bytes on the rows
(``row_format``), little-endian (``derived_files``).

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
from photofinder.search.row_format import RowFormat, product

MIN_ROWS = 5_000
"""With fewer rows the catalogue is read as fast."""
STALE_SHARE = 20
"""When more than one row in so many is newer than the file, it is written anew."""

_FORMAT = 2
_ENDING = ".vectors"
_PAGE = 4096
_TOLERANCE = 1e-4
_SAMPLE = 16
_BYTES_BESIDE = 28
"""Of each row, beside the row."""


@dataclass(frozen=True, slots=True, eq=False)
class MappedVectors:
    """What a file holds. ``matrix`` is private to this process: writing to it changes no file.

    ``file``: where ``matrix`` lies.
    """

    matrix: NDArray[Any]
    ids: NDArray[np.int64]
    revisions: NDArray[np.int64]
    scales: NDArray[np.float32]
    lengths: NDArray[np.float32]
    usable: NDArray[np.bool_]
    revision: int
    file: mmap.mmap


def open_newest(
    directory: Path, pack_fingerprint: str, kind: str, dim: int, form: RowFormat, catalog: VectorStore
) -> MappedVectors | None:
    """The newest file of ``kind`` that fits this catalogue; None on any doubt."""
    return _files(directory, kind).newest(
        lambda path: _opened(path, pack_fingerprint, kind, dim, form), lambda found: _fits(found, kind, form, catalog)
    )


def write(
    directory: Path,
    pack_fingerprint: str,
    kind: str,
    form: RowFormat,
    revision: int,
    ids: NDArray[np.int64],
    revisions: NDArray[np.int64],
    blocks: Iterable[tuple[NDArray[Any], NDArray[np.float32], NDArray[np.float32]]],
) -> bool:
    """Write rows (``blocks`` of rows, scales and lengths, in the order of ``ids``); whether it could be done."""

    def fill(path: Path) -> int:
        with open(path, "wb") as file:
            scales, lengths, products, dim = [], [], [], 0
            file.seek(_rows_at(len(ids)))
            for rows, own_scales, own_lengths in blocks:
                dim = rows.shape[1]
                file.write(np.ascontiguousarray(rows).data)
                scales.append(own_scales)
                lengths.append(own_lengths)
                products.append(_products(form, rows, own_scales))
            floats = [np.concatenate(one) for one in (scales, lengths, products)]
            small = b"".join(np.ascontiguousarray(one).tobytes() for one in (ids, revisions, *floats))
            header = {
                "format": _FORMAT, "pack": pack_fingerprint, "kind": kind, "dim": dim, "dtype": form.dtype.str,
                "count": len(ids), "revision": revision, "crc": zlib.crc32(small),
            }  # fmt: skip
            file.seek(0)
            file.write(json.dumps(header).encode().ljust(_PAGE))
            file.write(small)
        return revision

    return _files(directory, kind).write(fill)


def _opened(path: Path, pack_fingerprint: str, kind: str, dim: int, form: RowFormat) -> MappedVectors:
    """Raises OSError, ValueError, KeyError or TypeError on anything that is not as ``write`` left it."""
    with open(path, "rb") as file:
        header = json.loads(file.read(_PAGE))
        expected = {"format": _FORMAT, "pack": pack_fingerprint, "kind": kind, "dim": dim, "dtype": form.dtype.str}
        for key, value in expected.items():
            if header[key] != value:
                raise ValueError(f"{key} is {header[key]!r}, not {value!r}")
        count, revision = header["count"], header["revision"]
        if not isinstance(count, int) or not isinstance(revision, int) or count < 1:
            raise ValueError("count and revision are no numbers")
        if os.fstat(file.fileno()).st_size != _rows_at(count) + count * dim * form.dtype.itemsize:
            raise ValueError("another size")
        small = file.read(count * _BYTES_BESIDE)
        if zlib.crc32(small) != header["crc"]:
            raise ValueError("another checksum")
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
    if hasattr(mmap, "MADV_WILLNEED"):
        mapped.madvise(mmap.MADV_WILLNEED)
    matrix = np.frombuffer(mapped, dtype=form.dtype, count=count * dim, offset=_rows_at(count)).reshape(count, dim)
    numbers = np.frombuffer(small, dtype="<i8", count=2 * count).astype(np.int64)
    scales, lengths, products = np.frombuffer(small, dtype="<f4", offset=16 * count).astype(np.float32).reshape(3, -1)
    # relative for rows that are no unit vectors, whose products are in the hundreds
    if not np.allclose(_products(form, matrix, scales), products, rtol=_TOLERANCE / 10, atol=_TOLERANCE):
        raise ValueError("rows that were changed")
    return MappedVectors(
        matrix,
        numbers[:count].copy(),
        numbers[count:].copy(),
        scales,
        lengths,
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


def _fits(found: MappedVectors, kind: str, form: RowFormat, catalog: VectorStore) -> bool:
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
        form.widen(found.matrix[row], kept := np.empty(found.matrix.shape[1], dtype=np.float32))
        kept *= found.scales[row]
        if stored is None or stored.shape != kept.shape or not np.allclose(stored, kept, atol=2e-3):
            return False
    return True


def _products(form: RowFormat, rows: NDArray[Any], scales: NDArray[np.float32]) -> NDArray[np.float32]:
    """The product of each row with a fixed vector, none of whose numbers is small."""
    signs = np.where(np.arange(rows.shape[1]) * 2_654_435_761 >> 7 & 1, -1, 1)
    probe = (signs * (1.0 + np.arange(rows.shape[1]) % 7 / 7)).astype(np.float32)
    found = np.empty(len(rows), dtype=np.float32)
    product(form, rows, probe, found)
    return found * scales


def _rows_at(count: int) -> int:
    """Where the rows begin: after the header and what stands beside each row, at a whole page."""
    return -(-(_PAGE + _BYTES_BESIDE * count) // _PAGE) * _PAGE


def _files(directory: Path, kind: str) -> DerivedFiles:
    return DerivedFiles(directory, kind, _ENDING)
