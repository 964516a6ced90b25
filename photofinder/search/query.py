"""What is asked: words, photos from anywhere, photos of the catalogue, or any mixture of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_CHARACTERS = 10_000  # far beyond any search; the caption regressor reads its first 200 words anyway

_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}  # joiners: emoji and several scripts are spelt with them


@dataclass(frozen=True, slots=True, eq=False)
class PhotoVectorsOne:
    """The float32 unit vectors of one photo: ``feature`` (feature_dim,) and ``embedding``
    (embedding_dim,).
    """

    feature: NDArray[np.float32]
    embedding: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Query:
    """One search.

    ``text`` is what was typed, in any state; ``photos`` are photos that need not be in the catalogue;
    ``photo_ids`` are photos of the catalogue, which are left out of their own results.
    """

    text: str = ""
    photos: tuple[PhotoVectorsOne, ...] = ()
    photo_ids: tuple[int, ...] = ()


def clean_text(text: str) -> str:
    """The phrase as it is understood: NFC, no control characters, single spaces, at most 10,000 characters.

    Any string is accepted (lone surrogates of a damaged command line are dropped); the result may be empty.
    """
    composed = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    kept = "".join(_plain(character) for character in composed)
    return " ".join(kept.split())[:MAX_CHARACTERS].rstrip()


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs" or (category == "Cf" and character not in _KEPT_FORMAT_CHARACTERS):
        return ""
    return character
