"""Rows of two bytes a number give the products that float32 rows give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photofinder.search import row_format
from photofinder.search.row_format import BLOCK, FIXED_POINT, HALF, RowFormat, product, widened

every_format = pytest.mark.parametrize("form", [FIXED_POINT, HALF], ids=["fixed point", "half"])
some_rows = arrays(np.float32, (3, 7), elements=st.floats(-60_000, 60_000, width=16))


def read_again(form: RowFormat, rows: np.ndarray) -> np.ndarray:
    kept, scales = form.encode(rows)
    assert kept.dtype == form.dtype and kept.dtype.itemsize == 2 and (scales > 0).all()
    wide = np.empty(rows.shape, dtype=np.float32)
    form.widen(kept, wide)
    return wide * scales[:, None]


@given(some_rows)
def test_no_number_of_a_row_is_wrong_by_more_than_half_a_step(rows: np.ndarray) -> None:
    step = np.abs(rows).max(axis=1, keepdims=True) / 32_767
    assert (np.abs(read_again(FIXED_POINT, rows) - rows) <= 0.51 * step).all()


@given(some_rows)
def test_every_normal_float16_is_kept_as_it_is(rows: np.ndarray) -> None:
    expected = np.where(np.abs(rows) < 2**-14, 0, rows)
    np.testing.assert_array_equal(read_again(HALF, rows), expected)


@every_format
@pytest.mark.parametrize("cores", [1, 3])
@pytest.mark.parametrize("count", [0, 1, 2, BLOCK // 48, BLOCK // 48 + 1, BLOCK // 16 + 5])
def test_any_number_of_rows(count: int, cores: int, form: RowFormat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where several cores share them, as they do when there are many."""
    monkeypatch.setattr(row_format, "SHARED_FROM", 0)
    monkeypatch.setattr(row_format, "usable_cores", lambda: cores)
    rng = np.random.default_rng(count)
    rows = rng.standard_normal((count, 48), dtype=np.float32)
    vector = rng.standard_normal(48, dtype=np.float32)
    kept, scales = form.encode(rows)
    out = np.empty(count, dtype=np.float32)
    product(form, kept, vector, out)
    np.testing.assert_allclose(out * scales, rows @ vector, rtol=0, atol=2e-2)


def test_every_float16_widens_to_itself() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = np.isfinite(every)
    np.testing.assert_array_equal(widened(every)[finite], every[finite].astype(np.float32))
    assert (np.abs(widened(every)[~finite]) > 65_504).all()
