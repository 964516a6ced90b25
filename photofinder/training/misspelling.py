"""The slips people make when they type Spanish in a hurry, so that training has seen them."""

from __future__ import annotations

import numpy as np

_SOUNDS_LIKE = (
    ("v", "b"), ("b", "v"), ("z", "s"), ("s", "z"), ("ce", "se"), ("ci", "si"), ("ll", "y"), ("y", "ll"),
    ("h", ""), ("ge", "je"), ("gi", "ji"), ("qu", "k"), ("x", "s"), ("rr", "r"), ("mb", "nb"), ("ñ", "n"),
)  # fmt: skip
_SHORTEST = 4


def misspell(text: str, rng: np.random.Generator) -> str | None:
    """``text`` with one slip in one of its longer words, or None when it has none."""
    words = text.split()
    long = [index for index, word in enumerate(words) if len(word) >= _SHORTEST]
    if not long:
        return None
    chosen = long[rng.integers(len(long))]
    words[chosen] = _slip(words[chosen], rng)
    return " ".join(words)


def _slip(word: str, rng: np.random.Generator) -> str:
    alike = [(old, new) for old, new in _SOUNDS_LIKE if old in word]
    if alike and rng.random() < 0.5:
        old, new = alike[rng.integers(len(alike))]
        return word.replace(old, new, 1)
    at = int(rng.integers(1, len(word) - 1))
    kind = rng.integers(3)
    if kind == 0:
        return word[:at] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
