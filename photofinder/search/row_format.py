"""How rows of numbers are kept in half the memory of float32, and products with them at nearly its speed.

``FIXED_POINT`` is for unit vectors: NumPy turns an int16 into a float32 in one pass, and the largest number of a row
becomes 32,767, so that none of a unit row is wrong by more than 2^-16; float16 is wrong by as much at 0.06, the usual
size of one of 258. ``HALF`` keeps float16 numbers of any size as they are, exactly, and takes three passes; NumPy's own
conversion is eleven times slower. A million numbers on one core, with the product: 149 us, and 269.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.cores import usable_cores

BLOCK = 2**18
"""Numbers widened at a time: 1 MB, which stays in the cache of a core."""

SHARED_FROM = 2**25
"""From so many numbers on, all cores take part in a product."""
_MOST_THREADS = 4  # not measured beyond two, and memory is read no faster by many

_LARGEST = 32_767
_HALF_SCALE = np.float32(2.0**112)
_KEPT_BITS = np.array(0x8FFFE000, dtype=np.uint32).view(np.int32)[()]


class RowFormat(Protocol):
    """One way to keep rows: numbers of two bytes, and a scale a row that they are to be multiplied by."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Of the numbers as they are kept, little-endian."""

    def encode(self, rows: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[np.float32]]:
        """``rows`` ``(n, d)``, within the range of float16, as they are kept, and their scales ``(n,)`` > 0."""

    def widen(self, rows: NDArray[Any], out: NDArray[np.float32]) -> None:
        """Kept ``rows`` into ``out``, both ``(n, d)`` and C-contiguous; what is there then lacks the scales."""


class _FixedPoint:
    dtype = np.dtype("<i2")

    def encode(self, rows: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[np.float32]]:
        scales = np.abs(rows).max(axis=1, initial=0) / np.float32(_LARGEST)
        scales[scales == 0] = 1
        return np.rint(rows / scales[:, None]).astype(self.dtype), scales

    def widen(self, rows: NDArray[Any], out: NDArray[np.float32]) -> None:
        np.copyto(out, rows)


class _Half:
    """A float16 has its sign, 5 bits of exponent and 10 of mantissa; shifted to the places of a float32 they read as
    the number times 2^-112, for every number but infinities, NaN (which no table holds) and subnormals (below 6.1e-5).
    Those would read right, too, but as subnormal float32, on which some processors take a hundred times longer: they
    are kept as zero.
    """

    dtype = np.dtype("<f2")

    def encode(self, rows: NDArray[np.float32]) -> tuple[NDArray[Any], NDArray[np.float32]]:
        kept = np.where(np.abs(rows) < np.finfo(np.float16).smallest_normal, np.float32(0), rows).astype(self.dtype)
        return kept, np.full(len(rows), _HALF_SCALE)

    def widen(self, rows: NDArray[Any], out: NDArray[np.float32]) -> None:
        bits = out.view(np.int32)
        np.copyto(bits, rows.view("<i2"))  # with its sign, which the shift brings to the top
        np.left_shift(bits, 13, out=bits)
        np.bitwise_and(bits, _KEPT_BITS, out=bits)


FIXED_POINT: RowFormat = _FixedPoint()
HALF: RowFormat = _Half()


def widened(rows: NDArray[Any]) -> NDArray[np.float32]:
    """``rows`` float16, any shape, as float32; infinities and NaN become numbers above 65,504 in size."""
    wide = np.empty(rows.shape, dtype=np.float32)
    HALF.widen(rows, wide)
    wide *= _HALF_SCALE
    return wide


def product(form: RowFormat, rows: NDArray[Any], vector: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Kept ``rows`` ``(n, d)``, C-contiguous, times ``vector`` ``(d,)`` into ``out`` ``(n,)``, without the scales.

    One thread and two on two cores, in milliseconds: a million float16 rows of 258 72 to 95 and 37 to 55.
    """
    threads = min(usable_cores(), _MOST_THREADS) if rows.size >= SHARED_FROM else 1
    # by this thread: glibc keeps what another one lets go for that one, and each of these is a new one
    wide = np.empty((threads, min(_at_once(rows.shape[1]), len(rows)), rows.shape[1]), dtype=np.float32)
    if threads == 1:
        _product(form, rows, vector, out, wide[0])
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="product") as pool:
        parts = zip(np.array_split(rows, threads), np.array_split(out, threads), wide, strict=True)
        for done in [pool.submit(_product, form, part, vector, own, room) for part, own, room in parts]:
            done.result()


def _at_once(dim: int) -> int:
    """How many rows of ``dim`` numbers are widened at a time."""
    return max(1, BLOCK // max(1, dim))


def _product(
    form: RowFormat,
    rows: NDArray[Any],
    vector: NDArray[np.float32],
    out: NDArray[np.float32],
    wide: NDArray[np.float32],
) -> None:
    """In this thread alone, by ``vecdot``; ``wide`` is room for a block.

    ``dot`` shares each block among all cores, and where they are busy, as while photos are analysed, its threads wait
    for one another: 100,000 x 256 float32 then take 114 ms, not 6 (medians, two busy cores).
    """
    count = _at_once(rows.shape[1])
    for start in range(0, len(rows), count):
        part = rows[start : start + count]
        block = wide[: len(part)]
        form.widen(part, block)
        np.vecdot(block, vector, out=out[start : start + count])
