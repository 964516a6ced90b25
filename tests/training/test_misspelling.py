from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from photofinder.training.misspelling import misspell


def test_one_longer_word_gets_one_slip() -> None:
    rng = np.random.default_rng(0)
    seen = {misspell("una vaca", rng) for _ in range(200)}
    assert "una baca" in seen
    assert "una vcaa" in seen
    assert all(text is not None and text.startswith("una ") for text in seen)


def test_short_words_are_left_alone() -> None:
    assert misspell("a la de", np.random.default_rng(0)) is None


@given(st.text(max_size=60), st.integers(0, 2**32 - 1))
def test_any_text_is_taken(text: str, seed: int) -> None:
    misspell(text, np.random.default_rng(seed))
