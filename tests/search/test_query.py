"""Whatever is typed becomes a phrase that can be embedded, or nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofinder.search.query import MAX_CHARACTERS, clean_text


@pytest.mark.parametrize(
    ("typed", "understood"),
    [
        ("", ""),
        (" \t\n\r ", ""),
        ("\x00\x07", ""),
        ("perro\nen\tla   playa ", "perro en la playa"),
        ("nin\u0303o", "niño"),
        ("ca\u00adsa\u200b \ufeffblanca", "casa blanca"),
        ("\u202eperro", "perro"),
        ("a\udcffb", "ab"),
        ("👩\u200d👧 feliz", "👩\u200d👧 feliz"),
        ("собака 犬 كلب", "собака 犬 كلب"),
    ],
)
def test_what_is_typed_is_cleaned(typed: str, understood: str) -> None:
    assert clean_text(typed) == understood


def test_a_page_of_text_is_cut() -> None:
    assert len(clean_text("palabra " * 5_000)) <= MAX_CHARACTERS
    assert len(clean_text("x" * 1_000_000)) == MAX_CHARACTERS


@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_string_is_accepted_and_cleaning_twice_changes_nothing(typed: str) -> None:
    once = clean_text(typed)
    assert clean_text(once) == once
    assert once == once.strip()
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once)
    once.encode("utf-8")
