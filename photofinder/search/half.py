"""Products with float16 rows at the speed of memory: NumPy's own conversion to float32 is eleven times slower.

A float16 has its sign, 5 bits of exponent and 10 of mantissa; shifted to the places of a float32 they read as the
number times 2^-112, for every number but infinities, NaN (which tables never hold) and subnormals (below 6.1e-5). Those
would read right, too, but as subnormal float32, on which some processors take a hundred times longer: what is stored
must not have them, ``without_subnormals`` makes them zero.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.cores import usable_cores

BLOCK = 2**20
"""Numbers widened at a time: 4 MB, which stay in the processor's cache. 100,000 x 256: 9.5 ms with 0.25 MB, 7.6
with one, 6.3 with four, 6.8 with sixteen."""

SHARED_FROM = 2**25
"""From so many numbers on, all cores take part. With one thread and with two, in milliseconds: 100,000 x 258 7.5 and
9.6, 200,000 21.8 and 11.5, a million 72 to 95 and 37 to 55; on two busy cores 8.8 and 9.8, 18.4 and 15.5, 77 and 55."""
_MOST_THREADS = 4  # not measured beyond two, and memory is read no faster by many

_BIAS = np.float32(2.0**112)
_KEPT_BITS = np.array(0x8FFFE000, dtype=np.uint32).view(np.int32)[()]


def half_product(rows: NDArray[Any], vector: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """``rows`` ``(n, d)`` (float16, contiguous, without subnormals) times ``vector`` ``(d,)`` into ``out`` ``(n,)``."""
    threads = min(usable_cores(), _MOST_THREADS) if rows.size >= SHARED_FROM else 1
    if threads == 1:
        _product(rows, vector, out)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="product") as pool:
        parts = zip(np.array_split(rows, threads), np.array_split(out, threads), strict=True)
        for done in [pool.submit(_product, part, vector, own) for part, own in parts]:
            done.result()


def _product(rows: NDArray[Any], vector: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """In this thread alone, by ``vecdot``.

    ``dot`` shares each block among all cores, and where they are busy, as while photos are analysed, its threads wait
    for one another: 100,000 x 256 float32 then take 114 ms, not 6 (medians, two busy cores).
    """
    bits = rows.view("<i2")
    count = max(1, BLOCK // max(1, rows.shape[1]))
    wide = np.empty((min(count, len(rows)), rows.shape[1]), dtype=np.int32)
    for start in range(0, len(rows), count):
        part = bits[start : start + count]
        block = wide[: len(part)]
        np.copyto(block, part)  # with its sign, which the shift brings to the top
        np.left_shift(block, 13, out=block)
        np.bitwise_and(block, _KEPT_BITS, out=block)
        np.vecdot(block.view(np.float32), vector, out=out[start : start + count])
    out *= _BIAS


def widened(rows: NDArray[Any]) -> NDArray[np.float32]:
    """``rows`` float16, any shape, as float32; infinities and NaN become numbers above 65,504 in size."""
    bits = rows.view("<i2").astype(np.int32)
    np.left_shift(bits, 13, out=bits)
    np.bitwise_and(bits, _KEPT_BITS, out=bits)
    wide = bits.view(np.float32)
    wide *= _BIAS
    return wide


def without_subnormals(rows: NDArray[Any]) -> NDArray[Any]:
    """A copy of ``rows`` (float16) in which numbers nearer to zero than 6.1e-5, infinities and NaN are zero."""
    exponents = np.bitwise_and(rows.view("<u2"), 0x7C00)
    return np.where((exponents == 0) | (exponents == 0x7C00), rows.dtype.type(0), rows)
