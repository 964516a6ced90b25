"""The words that could be meant by the beginning of one."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from photofinder.library.filters import TYPES
from photofinder.model.spanish import fold, is_function_word

FILTER_WORDS = (
    "fecha:", "carpeta:", "cámara:", "orientación:vertical", "orientación:horizontal", "orientación:cuadrada",
    "clase:captura", "clase:documento", "clase:borrosa", "clase:oscura", "clase:rara",
    "archivo:", "lugar:", "lugar:sí", "lugar:no", "favoritas", *(f"tipo:{kind}" for kind in TYPES),
)  # fmt: skip
"""What the grammar of searches adds to the words."""
SHORTEST = 2
"""Letters from which on words are offered."""


class Vocabulary:
    """Words with their rank; what starts with some letters is found by halving, in microseconds."""

    def __init__(self, words: Iterable[str]) -> None:
        """``words``: in their usual spelling, the most frequent first."""
        ranked = [
            (fold(word), rank, word)
            for rank, word in enumerate(words)
            if len(word) > SHORTEST and not is_function_word(word)
        ]
        ranked.sort()
        self._folded = [folded for folded, _, _ in ranked]
        self._ranks = [rank for _, rank, _ in ranked]
        self._words = [word for _, _, word in ranked]

    def starting(self, beginning: str, limit: int = 8) -> Sequence[str]:
        """The most frequent words that begin so, whatever the accents and letter case; not the word itself."""
        folded = fold(beginning)
        if len(folded) < SHORTEST:
            return ()
        first = bisect_left(self._folded, folded)
        last = bisect_left(self._folded, folded + "\U0010ffff")
        found = [place for place in range(first, last) if self._words[place] != beginning]
        return tuple(self._words[place] for place in sorted(found, key=self._ranks.__getitem__)[:limit])


def word_before(text: str, cursor: int) -> str:
    """The letters from the beginning of the word at ``cursor`` up to it; empty inside a word or a filter."""
    if cursor < len(text) and text[cursor].isalnum():
        return ""
    start = cursor
    while start and (text[start - 1].isalpha() or text[start - 1] in "'’"):
        start -= 1
    return "" if start and text[start - 1] in ":/\\" else text[start:cursor]


def filters_starting(beginning: str) -> Sequence[str]:
    """The exact filters that begin so; of several values of one filter only its key, until the colon is typed."""
    folded = fold(beginning)
    if len(folded) < SHORTEST:
        return ()
    found = [word for word in FILTER_WORDS if _plain(word).startswith(_plain(beginning)) and word != beginning]
    if ":" in beginning:
        return tuple(found)
    keys = [word.partition(":")[0] + ":" if ":" in word else word for word in found]
    return tuple(dict.fromkeys(found[place] if keys.count(key) == 1 else key for place, key in enumerate(keys)))


def _plain(text: str) -> str:
    return ":".join(fold(part) for part in text.split(":"))
