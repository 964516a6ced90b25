"""float16 rows give the products that float32 rows give."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photofinder.search import half
from photofinder.search.half import BLOCK, half_product, widened, without_subnormals


@given(arrays(np.float32, (3, 7), elements=st.floats(-60_000, 60_000, width=32)))
def test_every_normal_number_reads_as_itself(rows: np.ndarray) -> None:
    stored = without_subnormals(rows.astype(np.float16))
    out = np.empty(3, dtype=np.float32)
    for column in range(7):
        picks_one = np.eye(7, dtype=np.float32)[column]
        half_product(stored, picks_one, out)
        np.testing.assert_array_equal(out, stored[:, column].astype(np.float32))


@pytest.mark.parametrize("cores", [1, 2, 3, 64])
@pytest.mark.parametrize("count", [0, 1, 2, BLOCK // 48 - 1, BLOCK // 48, BLOCK // 48 + 1, BLOCK // 16 + 5])
def test_any_number_of_rows(count: int, cores: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where several cores share them, as they do when there are many."""
    monkeypatch.setattr(half, "SHARED_FROM", 0)
    monkeypatch.setattr(half, "usable_cores", lambda: cores)
    rng = np.random.default_rng(count)
    rows = without_subnormals(rng.standard_normal((count, 48)).astype(np.float16))
    vector = rng.standard_normal(48, dtype=np.float32)
    out = np.empty(count, dtype=np.float32)
    half_product(rows, vector, out)
    np.testing.assert_allclose(out, rows.astype(np.float32) @ vector, rtol=0, atol=1e-4)


def test_nothing_that_float16_cannot_hold_is_left() -> None:
    rows = np.asarray([[1e-7, -1e-5, 6.2e-5, np.nan, np.inf, -np.inf, -0.0, 0.5]], dtype=np.float16)
    stored = without_subnormals(rows)
    np.testing.assert_allclose(stored[0].astype(np.float32), [0, 0, 6.2e-5, 0, 0, 0, 0, 0.5], atol=1e-7)


def test_every_float16_widens_to_itself() -> None:
    every = np.arange(2**16, dtype=np.uint16).view(np.float16)
    finite = np.isfinite(every)
    np.testing.assert_array_equal(widened(every)[finite], every[finite].astype(np.float32))
    assert (np.abs(widened(every)[~finite]) > 65_504).all()
