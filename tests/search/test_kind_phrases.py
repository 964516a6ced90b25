"""What phrases say of photos about their kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.calibration import calibration
from photofinder.search.kind_phrases import KindPhrases


def test_the_best_phrase_counts(small_pack: Pack) -> None:
    regressor = CaptionRegressor(small_pack)
    dog, beach = regressor("perro").vector, regressor("playa").vector
    assert dog is not None and beach is not None
    phrases = KindPhrases(small_pack, ("perro", "playa", "xyzzy"))
    photos = np.stack([dog, beach, -dog]).astype(np.float32)
    said = phrases(photos)
    assert said is not None
    best = np.maximum(photos @ dog, photos @ beach).astype(np.float32)
    np.testing.assert_allclose(said, calibration(small_pack, "text").logit(best), rtol=1e-5)
    assert said[2] < min(said[0], said[1])


def test_a_pack_that_knows_or_has_no_word_says_nothing(small_pack: Pack) -> None:
    embeddings = np.eye(3, small_pack.embedding_dim, dtype=np.float32)
    assert KindPhrases(small_pack, ("qwzx",))(embeddings) is None
    assert KindPhrases(replace(small_pack, manifest={}), ("perro",))(embeddings) is None
