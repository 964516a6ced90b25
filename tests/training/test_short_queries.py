"""Short queries are drawn towards their photos, captions stay, and photos need not be analysed anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import load_pack
from photofinder.training import short_queries as training
from photofinder.training.calibrate import PackSpace
from photofinder.training.data import Corpus
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.saved_joint import load_joint
from photofinder.training.short_queries import drawn_towards, short_queries
from photofinder.training.thesaurus import Concept
from photofinder.training.write_pack import pack_caption, write_text_side

CAPTIONS = [
    (1, "un perro en la playa"),
    (1, "perro mojado"),
    (2, "dos perros corren por la playa"),
    (3, "una gata mira el mar"),
]


def test_words_pairs_and_names_have_the_photos_whose_captions_hold_them() -> None:
    concepts = [
        Concept("dog", ("perro", "lomito", "can"), (), ()),
        Concept("beach", ("playa", "costa"), (), ()),
        Concept("coast", ("costa",), (), ()),
    ]
    photos = {query.text: query.photos for query in short_queries(CAPTIONS, concepts, least=2)}
    assert photos["perro"] == photos["perros"] == photos["lomito"] == (1, 2)
    assert photos["perro playa"] == (1, 2)
    assert "gata" not in photos  # of one photo
    assert "en" not in photos
    assert "costa" not in photos  # nobody knows which of two things it means


def test_a_query_goes_as_far_towards_its_photos_as_it_is_told() -> None:
    vectors = np.eye(3, dtype=np.float32)
    own = np.asarray([[0, 0, 1]], dtype=np.float32)
    queries = [training.ShortQuery("perro", (7, 8))]
    row_of = {7: 0, 8: 1, 9: 2}
    assert drawn_towards(own, queries, vectors, row_of, 0) @ [0, 0, 1] == pytest.approx(1)
    towards = np.asarray([0.5, 0.5, 0]) - 1 / 3
    assert drawn_towards(own, queries, vectors, row_of, 1) @ (towards / np.linalg.norm(towards)) == pytest.approx(1)


def test_the_text_side_alone_changes(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    arguments = ["--data", str(corpus.folder), "--pack", str(run / "pack"), "--vectors", str(tmp_path / "vectors")]
    recipe = ["--steps", "60", "--batch", "24", "--learning-rate", "1e-3", "--least", "5"]
    assert training.main([*arguments, "--out", str(tmp_path / "pack"), *recipe]) == 0
    before, after = load_pack(run / "pack"), load_pack(tmp_path / "pack")
    assert after.fingerprint == before.fingerprint
    assert after.manifest["card"]["short_queries"]["steps"] == 60
    photos = corpus.gallery()
    vectors = pack_vectors(corpus, after, photos).embeddings
    mean = vectors.mean(0)
    for colour in ("rojo", "verde", "azul"):
        said = [number for number, text in corpus.captions if colour in text.split()]
        right = np.asarray([photo.number in said for photo in photos])
        towards = vectors[right].mean(0) - mean
        old, new = (CaptionRegressor(pack)(colour).vector for pack in (before, after))
        assert old is not None
        assert new is not None
        assert new @ towards > old @ towards
        caption, held = (CaptionRegressor(pack)(f"cuadro {colour} en la pared").vector for pack in (before, after))
        assert caption is not None
        assert held is not None
        assert caption @ held > 0.97


def test_vectors_that_are_there_are_not_made_again(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    pack = load_pack(run / "pack")
    photos = corpus.gallery()[:4]
    first = training.photo_vectors(corpus, pack, photos, tmp_path)
    made = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    np.testing.assert_array_equal(training.photo_vectors(corpus, pack, photos, tmp_path), first)
    assert {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()} == made
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 1, atol=1e-5)


def test_the_text_table_stays_as_coarse_as_it_was(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    fine, joint = load_pack(run / "pack"), load_joint(run / "pack")
    assert training.table_levels(fine) == 127
    coarse = pack_caption(joint.tower, joint.keys, joint.words, levels=22)
    write_text_side(tmp_path / "coarse", fine, coarse, {}, {}, {})
    assert training.table_levels(load_pack(tmp_path / "coarse")) == 22


def test_a_finished_pack_sees_whole_photos(run: Path, corpus: Corpus) -> None:
    space = PackSpace(corpus, load_pack(run / "pack"), load_joint(run / "pack"))
    with pytest.raises(ValueError, match="whole"):
        space.views(corpus.gallery()[:1], which=1)
    assert space.texts(["rojo"]).shape == (1, load_pack(run / "pack").embedding_dim)
