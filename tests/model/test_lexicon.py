"""What photos say of words corrects the text side: phrases are sharpened, known words drawn to their photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from photofinder.errors import PackDamaged
from photofinder.model.caption import CaptionRegressor
from photofinder.model.lexicon import SHARE, Lexicon, feature_keys
from photofinder.model.pack import CAPTION_FILE, Pack
from photofinder.training.joint_weights import read_joint_weights

DIMENSIONS = 4


def lexicon_of(**vectors: list[float]) -> Lexicon:
    """The precision of photos that differ most in their first number; ``vectors`` by stem."""
    keys = feature_keys(vectors)
    order = np.argsort(keys)
    rows = np.asarray(list(vectors.values()), dtype=np.float16).reshape(len(vectors), DIMENSIONS)
    precision = np.diag([0.1, 1, 1, 1]).astype(np.float32)
    same = np.eye(DIMENSIONS, dtype=np.float32)
    return Lexicon(same, np.zeros(DIMENSIONS, dtype=np.float32), precision, keys[order], rows[order])


def test_what_most_photos_differ_in_counts_less() -> None:
    phrase = np.full((1, DIMENSIONS), 0.5, dtype=np.float32)
    sharper = lexicon_of().phrases(phrase)
    assert np.linalg.norm(sharper) == pytest.approx(1)
    assert sharper[0, 0] < 0.5 < sharper[0, 1] == sharper[0, 3]
    beside = np.asarray([0.05, 0.5, 0.5, 0.5]) / np.linalg.norm([0.05, 0.5, 0.5, 0.5])
    wanted = phrase[0] + SHARE * beside
    np.testing.assert_allclose(sharper[0], wanted / np.linalg.norm(wanted), rtol=1e-5)


def test_the_usual_phrase_is_taken_off_first() -> None:
    lexicon = lexicon_of()
    moved = replace(lexicon, usual=np.asarray([0, 0.6, 0, 0], dtype=np.float32))
    phrase = np.asarray([[0, 0.8, 0.6, 0]], dtype=np.float32)
    assert moved.phrases(phrase)[0, 1] < lexicon.phrases(phrase)[0, 1]


def test_phrases_follow_photos_into_their_space() -> None:
    turned = np.roll(np.eye(DIMENSIONS, dtype=np.float32), 1, axis=1)
    lexicon = lexicon_of(perr=[0, 0, 0, 0.5])
    own = np.eye(DIMENSIONS, dtype=np.float32)[1:2]
    np.testing.assert_allclose(replace(lexicon, projection=turned).phrases(own), lexicon.phrases(own @ turned))
    drawn = replace(lexicon, projection=turned).words(["perro"], own)
    np.testing.assert_allclose(drawn, [[0, 0, np.sqrt(0.5), np.sqrt(0.5)]], atol=1e-6)


def test_a_word_goes_as_far_to_its_photos_as_its_vector_is_long() -> None:
    lexicon = lexicon_of(perr=[0, 0.75, 0, 0], play=[0, 0, 0.25, 0])
    own = np.tile(np.asarray([[0, 0, 0, 1]], dtype=np.float32), (4, 1))
    taught = lexicon.words(["perros", "playa", "gato", "perrito"], own)
    np.testing.assert_allclose(np.linalg.norm(taught, axis=1), 1, rtol=1e-6)
    assert taught[0, 1] / taught[0, 3] == pytest.approx(0.75 / 0.25)
    assert taught[1, 2] / taught[1, 3] == pytest.approx(0.25 / 0.75)
    np.testing.assert_array_equal(taught[2], own[2])
    np.testing.assert_array_equal(taught[3], taught[0])


def test_a_lexicon_without_words_leaves_them() -> None:
    own = np.eye(DIMENSIONS, dtype=np.float32)
    lexicon = lexicon_of()
    np.testing.assert_array_equal(lexicon.words(["a", "b", "c", "d"], own), lexicon.phrases(own))


def test_it_comes_back_from_its_arrays() -> None:
    lexicon = lexicon_of(perr=[0, 0.75, 0, 0], play=[0, 0, 0.25, 0])
    read = Lexicon.read(lexicon.arrays())
    assert read is not None
    own = np.eye(DIMENSIONS, dtype=np.float32)[:2]
    np.testing.assert_allclose(read.words(["perro", "playa"], own), lexicon.words(["perro", "playa"], own), atol=1e-3)
    np.testing.assert_allclose(read.phrases(own), lexicon.phrases(own), atol=1e-3)
    assert Lexicon.read({"usual": lexicon.usual}) is None


def with_lexicon(pack: Pack, folder: Path, lexicon: dict[str, np.ndarray]) -> Pack:
    """The text side of ``pack`` with other arrays of a lexicon than its own."""
    with np.load(pack.folder / CAPTION_FILE) as caption:
        arrays = {name: caption[name] for name in caption.files if name not in lexicon_of().arrays()}
    folder.mkdir()
    np.savez(folder / CAPTION_FILE, **arrays, **lexicon)
    return replace(pack, folder=folder)


def test_the_regressor_asks_the_lexicon(tmp_path: Path, pack: Pack) -> None:
    size = len(read_joint_weights(pack.folder).tower["output.bias"])
    target = np.eye(1, size, dtype=np.float16)
    same = np.eye(size, dtype=np.float32)
    lexicon = Lexicon(same, np.zeros(size, dtype=np.float32), same, feature_keys(["perr"]), target / 2)
    plain = CaptionRegressor(with_lexicon(pack, tmp_path / "plain", {}))
    taught = CaptionRegressor(with_lexicon(pack, tmp_path / "taught", lexicon.arrays()))

    def first(regressor: CaptionRegressor, phrase: str) -> float:
        vector = regressor(phrase).vector
        assert vector is not None
        return float(vector[0])

    assert first(taught, "perro") > first(plain, "perro") + 0.2
    assert first(taught, "un perro") == first(taught, "perro")
    gain = first(taught, "perro en la playa") - first(plain, "perro en la playa")
    assert 0 < gain < first(taught, "perro") - first(plain, "perro")
    assert first(taught, "gato en la mesa") == pytest.approx(first(plain, "gato en la mesa"), abs=1e-6)


def test_half_a_lexicon_is_a_damaged_pack(tmp_path: Path, pack: Pack) -> None:
    arrays = lexicon_of(perr=[0, 0.75, 0, 0]).arrays()
    del arrays["precision"]
    with pytest.raises(PackDamaged):
        CaptionRegressor(with_lexicon(pack, tmp_path / "half", arrays))
