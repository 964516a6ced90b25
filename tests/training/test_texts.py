from __future__ import annotations

import numpy as np
import pytest

from photofinder.model.caption import phrase_features
from photofinder.model.lexicon import feature_keys
from photofinder.model.spanish import fold, words
from photofinder.training.texts import PackedTexts, Vocabulary, build_vocabulary

TEXTS = ["perro en la playa", "perros corriendo por la playa", "gato negro", "perro en la playa", "", "la de el"]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return build_vocabulary(TEXTS, least_grams=1, least_pairs=1)


def test_words_come_most_frequent_first_in_their_usual_spelling(vocabulary: Vocabulary) -> None:
    assert vocabulary.words[:3] == ("la", "playa", "perro")
    assert (np.diff(vocabulary.keys.astype(np.int64)) > 0).all()


def test_rare_grams_and_pairs_are_left_out() -> None:
    few = build_vocabulary(TEXTS, least_grams=3, least_pairs=3)
    assert len(few.keys) < len(build_vocabulary(TEXTS, 1, 1).keys)
    assert "gato" in few.words


def test_a_batch_holds_what_the_run_time_computes(vocabulary: Vocabulary) -> None:
    """Training and ``model.caption`` must agree on every row and weight."""
    packed = PackedTexts(TEXTS, vocabulary)
    batch = packed.batch(np.arange(len(TEXTS)))
    ends = np.append(batch.offsets[1:], len(batch.rows))
    for text, begin, end in zip(TEXTS, batch.offsets, ends, strict=True):
        names, weights = phrase_features([fold(word) for word in words(text)])
        rows = np.searchsorted(vocabulary.keys, feature_keys(names))
        expected: dict[int, float] = {}
        for row, weight in zip(rows.tolist(), weights, strict=True):
            expected[row] = expected.get(row, 0.0) + weight / sum(weights)
        found: dict[int, float] = {}
        for row, weight in zip(batch.rows[begin:end].tolist(), batch.weights[begin:end].tolist(), strict=True):
            found[row] = found.get(row, 0.0) + weight
        assert found == pytest.approx(expected, abs=1e-6)


def test_word_dropout_never_loses_a_whole_text(vocabulary: Vocabulary) -> None:
    packed = PackedTexts(TEXTS[:4], vocabulary)
    rng = np.random.default_rng(0)
    for _ in range(50):
        batch = packed.batch(np.arange(4), rng, word_dropout=0.9, surface_dropout=0.1)
        sums = np.add.reduceat(batch.weights, batch.offsets)
        np.testing.assert_allclose(sums, 1, atol=1e-5)


def test_surface_dropout_keeps_only_grams(vocabulary: Vocabulary) -> None:
    packed = PackedTexts(["gato"], vocabulary)
    whole = packed.batch(np.array([0]))
    bare = packed.batch(np.array([0]), np.random.default_rng(0), surface_dropout=1.0)
    assert len(bare.rows) == len(whole.rows) - 3
