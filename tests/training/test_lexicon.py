"""The lexicon: words are drawn to what tells their photos from others; photos need not be analysed anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofinder.model import spanish
from photofinder.model.caption import CaptionRegressor
from photofinder.model.lexicon import Lexicon, feature_keys
from photofinder.model.pack import load_pack
from photofinder.training import lexicon as training
from photofinder.training.data import Corpus
from photofinder.training.joint_weights import read_joint_weights
from photofinder.training.lexicon import LexiconOptions, Photos, learn_lexicon
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.saved_joint import load_joint
from photofinder.training.texts import FloatArray
from photofinder.training.thesaurus import Concept

DOGS, OTHERS = 40, 120


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
    return learn_lexicon(captions, concepts or [], photos, np.zeros(4, dtype=np.float32), recipe)


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
    lexicon = learnt([*said, (0, "jirafa")], doubt=10)
    lengths = {word: of_word(lexicon, word) for word in ("perro", "gato", "jirafa")}
    assert np.linalg.norm(lengths["perro"]) == pytest.approx(0.5 * 40 / 50, rel=2e-3)  # type: ignore[arg-type]
    assert np.linalg.norm(lengths["gato"]) == pytest.approx(0.5 * 10 / 20, rel=2e-3)  # type: ignore[arg-type]
    assert lengths["jirafa"] is None


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


def test_the_text_side_alone_changes_and_training_asks_as_the_program_does(
    run: Path, corpus: Corpus, tmp_path: Path
) -> None:
    arguments = ["--data", str(corpus.folder), "--pack", str(run / "pack"), "--vectors", str(tmp_path / "vectors")]
    assert training.main([*arguments, "--out", str(tmp_path / "pack"), "--least", "3"]) == 0
    before, after = load_pack(run / "pack"), load_pack(tmp_path / "pack")
    assert after.fingerprint == before.fingerprint
    assert after.manifest["card"]["lexicon"]["least"] == 3
    assert after.manifest["card"]["lexicon"]["words"] > 3
    photos = corpus.gallery()
    vectors = pack_vectors(corpus, after, photos).embeddings
    mean = vectors.mean(0)
    for colour in ("rojo", "verde", "azul"):
        said = [number for number, text in corpus.captions if colour in text.split()]
        towards = vectors[np.asarray([photo.number in said for photo in photos])].mean(0) - mean
        old, new = (CaptionRegressor(pack)(colour).vector for pack in (before, after))
        assert old is not None
        assert new is not None
        assert new @ towards > old @ towards
    phrases = ["rojo", "un cuadro rojo", "cuadro azul en la pared"]
    asked = load_joint(tmp_path / "pack").asking_side()(phrases)
    for phrase, vector in zip(phrases, asked, strict=True):
        said_by_program = CaptionRegressor(after)(phrase).vector
        assert said_by_program is not None
        own = said_by_program[: len(vector)]
        assert own @ vector / np.linalg.norm(own) == pytest.approx(1, abs=1e-3)


def test_short_queries_begin_without_a_lexicon(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    from photofinder.training import short_queries

    arguments = ["--data", str(corpus.folder), "--vectors", str(tmp_path / "vectors")]
    with_words, without = tmp_path / "with", tmp_path / "without"
    training.main([*arguments, "--pack", str(run / "pack"), "--out", str(with_words), "--least", "3"])
    short_queries.main([*arguments, "--pack", str(with_words), "--out", str(without), "--steps", "2", "--batch", "8",
                        "--least", "5"])  # fmt: skip
    assert read_joint_weights(with_words).lexicon is not None
    assert read_joint_weights(without).lexicon is None
