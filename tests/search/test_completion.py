"""The words that are offered while one is typed."""

from __future__ import annotations

import pytest

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.completion import Vocabulary, filters_starting, word_before


def test_the_most_frequent_words_that_begin_so() -> None:
    words = Vocabulary(["perro", "playa", "perros", "Perú", "de", "niño", "niñas"])
    assert words.starting("per") == ("perro", "perros", "Perú")
    assert words.starting("PERR") == ("perro", "perros")
    assert words.starting("perro") == ("perros",), "not the word itself"
    assert words.starting("nin") == words.starting("niñ") == ("niño", "niñas")
    assert words.starting("p") == words.starting("") == words.starting("xyz") == ()
    assert words.starting("per", limit=1) == ("perro",)


@pytest.mark.parametrize(
    ("text", "cursor", "word"),
    [
        ("un per", 6, "per"),
        ("un per en", 6, "per"),
        ("un perro", 6, ""),
        ("tipo:pn", 7, ""),
        ("", 0, ""),
        ("niñ", 3, "niñ"),
        ("2019", 4, ""),
    ],
)
def test_the_word_at_the_cursor(text: str, cursor: int, word: str) -> None:
    assert word_before(text, cursor) == word


def test_the_shipped_words(pack: Pack) -> None:
    words = Vocabulary(CaptionRegressor(pack).vocabulary)
    assert "perro" in words.starting("perr")
    assert "playa" in words.starting("pla")


def test_filters_are_offered_key_first() -> None:
    assert filters_starting("ti") == ("tipo:",)
    assert filters_starting("tipo:p") == ("tipo:png",)
    assert set(filters_starting("orient")) == {"orientación:"}
    assert filters_starting("Orientacion:v") == ("orientación:vertical",)
    assert filters_starting("fav") == ("favoritas",)
    assert filters_starting("t") == filters_starting("perro") == ()
