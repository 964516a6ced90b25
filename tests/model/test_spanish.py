from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofinder.model import spanish


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("Niños", "ninos"), ("PERRO", "perro"), ("camión", "camion"), ("ＰＬＡＹＡ", "playa"), ("pingüino", "pinguino")],
)
def test_fold_takes_off_case_and_accents(typed: str, folded: str) -> None:
    assert spanish.fold(typed) == folded


def test_words_keeps_the_order_and_drops_punctuation() -> None:
    assert spanish.words("¿Niños, jugando… en la playa?") == ["Niños", "jugando", "en", "la", "playa"]


def test_decomposed_accents_are_one_word() -> None:
    assert spanish.words("nin\u0303os") == ["niños"]


@pytest.mark.parametrize(
    "family",
    [
        ("perro", "perros", "perra", "perrito", "perritas"),
        ("nino", "ninos", "nina", "ninito", "ninas"),
        ("jugar", "jugando", "jugaban"),
        ("luz", "luces"),
        ("playa", "playas", "playita"),
        ("flor", "flores"),
    ],
)
def test_one_stem_for_the_forms_of_a_word(family: tuple[str, ...]) -> None:
    assert len({spanish.stem(word) for word in family}) == 1


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("mesa", "meza"), ("vaca", "baca"), ("hola", "ola"), ("playa", "plalla"), ("queso", "keso"), ("gente", "jente"),
     ("perro", "perrro")],
)  # fmt: skip
def test_usual_misspellings_sound_alike(right: str, wrong: str) -> None:
    assert spanish.sound(right) == spanish.sound(wrong)


@pytest.mark.parametrize(("one", "other"), [("casa", "cama"), ("pero", "perro"), ("mano", "mono"), ("pata", "bata")])
def test_different_words_sound_different(one: str, other: str) -> None:
    assert spanish.sound(one) != spanish.sound(other)


def test_pairs_skip_function_words() -> None:
    assert spanish.pair_features(["ninos", "en", "la", "playa"]) == [
        f"b{spanish.stem('ninos')} {spanish.stem('playa')}"
    ]


@given(st.text(max_size=200))
def test_any_text_gives_features_without_error(text: str) -> None:
    for word in spanish.words(text):
        folded = spanish.fold(word)
        assert len(spanish.word_features(folded)) == 3
        assert all(feature.startswith("g") for feature in spanish.gram_features(folded))
