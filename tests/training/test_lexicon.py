"""The lexicon: words are drawn to what tells their photos from others, in a space that both sides have a say in."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from photofinder.model import spanish
from photofinder.model.caption import CaptionRegressor
from photofinder.model.lexicon import Lexicon, feature_keys, unit_rows
from photofinder.model.pack import load_pack
from photofinder.model.querybank import phrase_vectors
from photofinder.training.caption import load_cached_features
from photofinder.training.data import Corpus
from photofinder.training.lexicon import LexiconOptions, Photos, common_projection, learn_lexicon
from photofinder.training.saved_joint import load_joint
from photofinder.training.texts import FloatArray
from photofinder.training.thesaurus import Concept

DOGS, OTHERS = 40, 120
MOST = 0.6


def photos_with_dogs() -> FloatArray:
    """The first are dogs, which is in the second number; what photos differ in most, the first number, says nothing."""
    rng = np.random.default_rng(1)
    vectors = rng.normal(0, 0.1, (DOGS + OTHERS, 4))
    vectors[:, 0] = rng.normal(0, 1, DOGS + OTHERS)
    vectors[:DOGS, 0] += 0.8  # by chance: taken in sunshine
    vectors[:DOGS, 1] += 0.4
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def learnt(captions: list[tuple[int, str]], concepts: list[Concept] | None = None, **options: float) -> Lexicon:
    vectors = photos_with_dogs()
    recipe = LexiconOptions(**options)  # type: ignore[arg-type]
    photos = Photos(vectors, np.ones(len(vectors), dtype=np.float32))
    same = np.eye(4, dtype=np.float32)
    return learn_lexicon(captions, concepts or [], photos, same, np.zeros(4, dtype=np.float32), recipe)


def of_word(lexicon: Lexicon, word: str) -> FloatArray | None:
    rows = np.flatnonzero(lexicon.keys == feature_keys([spanish.stem(word)])[0])
    return lexicon.vectors[rows[0]].astype(np.float32) if len(rows) else None


def test_a_word_is_what_tells_its_photos_from_others_not_their_mean() -> None:
    found = of_word(learnt([(row, "un perro") for row in range(DOGS)]), "perros")
    assert found is not None
    direction = found / np.linalg.norm(found)
    vectors = photos_with_dogs()
    mean = vectors[:DOGS].mean(0) - vectors.mean(0)
    mean /= np.linalg.norm(mean)
    assert abs(direction[0]) < 0.5 * mean[0]
    assert direction[1] > mean[1]


def test_the_more_photos_the_more_a_word_counts() -> None:
    said = [(row, "perro") for row in range(DOGS)] + [(row, "gato") for row in range(DOGS, DOGS + 10)]
    lexicon = learnt([*said, (0, "jirafa")], doubt=10, most=MOST)
    for word, length in (("perro", MOST * 40 / 50), ("gato", MOST * 10 / 20)):
        found = of_word(lexicon, word)
        assert found is not None
        assert np.linalg.norm(found) == pytest.approx(length, rel=2e-3)
    assert of_word(lexicon, "jirafa") is None


def test_other_names_of_a_thing_have_its_photos() -> None:
    concepts = [Concept("dog", ("perro", "lomito"), (), ()), Concept("meat", ("filete",), (), ())]
    lexicon = learnt([(row, "perro") for row in range(DOGS)], concepts)
    dog, other = of_word(lexicon, "perro"), of_word(lexicon, "lomito")
    assert dog is not None
    assert other is not None
    np.testing.assert_allclose(dog, other, rtol=1e-4)
    assert of_word(lexicon, "filete") is None


def test_a_word_with_photos_of_its_own_keeps_to_them() -> None:
    concepts = [Concept("dog", ("perro", "cachorro"), (), ())]
    said = [(row, "perro") for row in range(DOGS)] + [(row, "cachorro") for row in range(DOGS, DOGS + 60)]
    own, shared = (of_word(learnt(said, concepts, kin=kin), "cachorro") for kin in (1.0, 1000.0))
    assert own is not None
    assert shared is not None
    assert own[1] < shared[1]  # what the photos of «perro» have


def test_everyday_photos_count_more() -> None:
    vectors = np.eye(4, dtype=np.float32)
    weights = np.asarray([3, 1, 1, 1], dtype=np.float32)
    apart = Photos(vectors, weights).apart([0, 1])
    np.testing.assert_allclose(apart, np.asarray([0.75, 0.25, 0, 0]) - np.asarray([3, 1, 1, 1]) / 6, atol=1e-6)


def test_the_projection_keeps_what_either_side_has_to_say() -> None:
    """Photos differ in the first and the last of six numbers, phrases in the second of their three."""
    rng = np.random.default_rng(1)
    wide, phrases = np.zeros((50, 6), dtype=np.float32), np.zeros((80, 3), dtype=np.float32)
    wide[:, [0, 5]] = rng.normal(0, 1, (50, 2))
    phrases[:, 1] = rng.normal(0, 1, 80)
    projection = common_projection(wide, np.ones(50, dtype=np.float32), phrases)
    assert projection.shape == (6, 3)
    np.testing.assert_allclose(projection.T @ projection, np.eye(3), atol=1e-5)
    np.testing.assert_allclose(wide @ projection @ projection.T, wide, atol=1e-5)
    np.testing.assert_allclose(phrases @ projection[:3] @ projection[:3].T, phrases, atol=1e-5)


def test_a_corpus_corrects_its_joint_space(run: Path, corpus: Corpus) -> None:
    trained, corrected = load_joint(run / "joint"), load_joint(run / "corrected")
    assert corrected.lexicon is not None
    assert json.loads((run / "corrected" / "lexicon.json").read_text())["words"] == len(corrected.lexicon.keys) > 3
    raw, photo = load_cached_features(run / "features")
    first = [list(photo).index(picture.number) for picture in corpus.gallery()]
    with torch.inference_mode():
        features = torch.from_numpy(np.asarray(raw[first], dtype=np.float32))
        before, after = (joint.photo_head()(features).numpy() for joint in (trained, corrected))
    for colour in ("rojo", "verde", "azul"):
        of_colour = {number for number, text in corpus.captions if colour in text.split()}
        chosen = np.asarray([picture.number in of_colour for picture in corpus.gallery()])
        apart = [
            unit_rows((photos[chosen].mean(0) - photos.mean(0))[None])[0] @ joint.asking_side()([colour])[0]
            for photos, joint in ((before, trained), (after, corrected))
        ]
        assert apart[1] > apart[0]


def test_training_asks_as_the_program_does(run: Path) -> None:
    phrases = ["rojo", "un cuadro rojo", "cuadro azul en la pared"]
    pack = load_pack(run / "pack")
    asked = phrase_vectors(load_joint(run / "pack").asking_side()(phrases))
    for phrase, vector in zip(phrases, asked, strict=True):
        said_by_program = CaptionRegressor(pack)(phrase).vector
        assert said_by_program is not None
        assert said_by_program @ vector == pytest.approx(1, abs=1e-3)


def test_a_later_training_begins_with_what_was_trained(run: Path) -> None:
    corrected = load_joint(run / "pack")
    assert "projection" in corrected.head
    assert corrected.lexicon is not None
    trained = corrected.as_trained()
    assert set(trained.head) == set(load_joint(run / "joint").head)
    assert trained.lexicon is None
