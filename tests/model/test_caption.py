from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photofinder.errors import PackDamaged
from photofinder.model.caption import MAX_WORDS, WORDS_SHARE, CaptionRegressor, content_words, with_words
from photofinder.model.pack import CAPTION_FILE, Pack


@pytest.fixture(scope="module")
def regressor(pack: Pack) -> CaptionRegressor:
    return CaptionRegressor(pack)


def cosine(regressor: CaptionRegressor, one: str, other: str) -> float:
    first, second = regressor(one).vector, regressor(other).vector
    assert first is not None and second is not None
    return float(first @ second)


def test_a_phrase_becomes_a_unit_vector(regressor: CaptionRegressor, pack: Pack) -> None:
    phrase = regressor("niños jugando en la playa")
    assert phrase.vector is not None
    assert phrase.vector.shape == (pack.embedding_dim,)
    assert phrase.vector.dtype == np.float32
    assert np.linalg.norm(phrase.vector) == pytest.approx(1.0, abs=1e-5)
    assert phrase.known == ("niños", "jugando", "en", "la", "playa")
    assert phrase.unknown == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("coche", "carro"), ("coche", "auto"), ("niño", "niñito"), ("perro", "perros"), ("perro", "PERRO"),
     ("perro", "perrro"), ("bicicleta", "bici"), ("niños", "ninos"), ("mesa", "meza"), ("autobús", "colectivo")],
)  # fmt: skip
def test_wordings_of_one_thing_lie_closer_than_other_things(regressor: CaptionRegressor, one: str, other: str) -> None:
    strangers = ["pizza", "montaña nevada", "jirafa", "reloj", "partido de tenis"]
    assert cosine(regressor, one, other) > 0.05 + max(cosine(regressor, one, stranger) for stranger in strangers)


def test_a_phrase_of_several_words_lies_between_itself_and_its_words() -> None:
    phrase, words = np.array([1, 0, 0], dtype=np.float32), np.eye(3, dtype=np.float32)[1:]
    vector = with_words(phrase, words)
    assert np.linalg.norm(vector) == pytest.approx(1)
    assert vector[1] == vector[2] and vector[0] / vector[1] == pytest.approx(2 / WORDS_SHARE)
    np.testing.assert_array_equal(with_words(phrase, words[:0]), phrase)


def test_a_word_said_twice_counts_as_one() -> None:
    assert content_words(["el", "perro", "y", "el", "otro", "perro"]) == ["perro", "otro"]


def test_what_nothing_teaches_changes_no_phrase(regressor: CaptionRegressor) -> None:
    assert cosine(regressor, "playa de noche", "playa zzqxwv de noche") == pytest.approx(1.0, abs=1e-5)


def test_accents_and_case_change_nothing(regressor: CaptionRegressor) -> None:
    assert cosine(regressor, "CAMIÓN en la Montaña", "camion en la montana") == pytest.approx(1.0, abs=1e-5)


def test_a_word_that_nothing_teaches_is_unknown(regressor: CaptionRegressor) -> None:
    phrase = regressor("zzqxwv playa")
    assert phrase.unknown == ("zzqxwv",)
    assert phrase.known == ("playa",)
    assert phrase.vector is not None


@pytest.mark.parametrize("text", ["", "   ", "de la en", "zzqxwv", "海滩上的孩子", "😀😀", "؟؟؟", "!!!"])
def test_nothing_understood_gives_no_vector(regressor: CaptionRegressor, text: str) -> None:
    assert regressor(text).vector is None


def test_one_slip_is_read_as_the_word_it_resembles(regressor: CaptionRegressor) -> None:
    phrase = regressor("bicicltea")
    assert phrase.corrected == {"bicicltea": "bicicleta"}
    assert phrase.unknown == ()


def test_suggestions_are_known_words(regressor: CaptionRegressor) -> None:
    assert "jirafa" in regressor.suggestions("girafaa", 5) or "jirafa" in regressor.suggestions("jirafx", 5)
    assert regressor.suggestions("海滩") == []


def test_each_content_word_has_a_vector_of_its_own(regressor: CaptionRegressor) -> None:
    phrase = regressor("un perro en la playa con un perro y zzzzqk")
    alone = [regressor(word).vector for word in ("perro", "playa")]
    assert alone[0] is not None and alone[1] is not None
    np.testing.assert_allclose(phrase.content, np.stack([alone[0], alone[1]]), atol=1e-5)
    assert len(regressor("el de la").content) == 0


def test_a_very_long_phrase_is_cut(regressor: CaptionRegressor) -> None:
    once, twice = regressor("playa " * MAX_WORDS), regressor("playa " * (50 * MAX_WORDS))
    assert len(twice.known) == MAX_WORDS
    assert once.vector is not None and twice.vector is not None
    np.testing.assert_array_equal(once.vector, twice.vector)


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_no_text_makes_it_fail(regressor: CaptionRegressor, text: str) -> None:
    vector = regressor(text).vector
    assert vector is None or np.isfinite(vector).all()


def test_a_caption_file_that_is_none_is_a_damaged_pack(pack: Pack, tmp_path: Path) -> None:
    (tmp_path / CAPTION_FILE).write_bytes(b"not an archive")
    broken = Pack(tmp_path, pack.name, pack.fingerprint, pack.feature_dim, pack.embedding_dim, pack.manifest)
    with pytest.raises(PackDamaged):
        CaptionRegressor(broken)


def test_phrases_need_no_torch() -> None:
    code = (
        "import sys; from photofinder.model.pack import load_pack; from photofinder.model.caption import "
        "CaptionRegressor; assert CaptionRegressor(load_pack())('playa').vector is not None; "
        "assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
