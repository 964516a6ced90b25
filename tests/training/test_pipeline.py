"""From a corpus to a pack that answers: every step's command on a small generated corpus."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import load_pack
from photofinder.model.querybank import SHARPNESS, phrase_vectors
from photofinder.model.visual import PhotoHead, PhotoNetwork, VisualNetwork
from photofinder.training import caption, evaluate
from photofinder.training.course_recipe import evaluate_course_recipe
from photofinder.training.data import Corpus
from photofinder.training.evaluate import (
    PLAIN_QUERIES,
    linear_probe,
    plain_query_precision,
    retrieval_through_the_program,
    word_figures,
)
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.saved_joint import load_joint
from tests.training.conftest import TINY_JOINT


def test_the_pack_tells_colours_apart(run: Path, corpus: Corpus) -> None:
    pack = load_pack(run / "pack")
    network, regressor = VisualNetwork(pack), CaptionRegressor(pack)
    photos = network([np.asarray(corpus.image(n)) for n in range(3)]).embeddings
    for index, colour in enumerate(["rojo", "verde", "azul"]):
        vector = regressor(f"cuadro {colour}").vector
        assert vector is not None
        assert (photos @ vector).argmax() == index
    assert pack.name == "tiny"
    assert set(pack.manifest["calibration"]) == {"text", "photo"}
    assert sum(pack.manifest["similar"].values()) == pytest.approx(1)


def test_the_numpy_regressor_agrees_with_the_tower_it_was_trained_as(run: Path) -> None:
    texts = ["cuadro rojo en la pared", "azul", "lienzo verde"]
    expected = phrase_vectors(load_joint(run / "corrected").asking_side()(texts))
    regressor = CaptionRegressor(load_pack(run / "pack"))
    for text, vector in zip(texts, expected, strict=True):
        ours = regressor(text).vector
        assert ours is not None
        assert float(ours @ vector) > 0.999


def test_a_joint_space_can_go_on_from_a_pack_alone(run: Path, corpus: Corpus) -> None:
    joint, shipped = load_joint(run / "joint"), load_joint(run / "pack")
    texts = ["cuadro rojo en la pared", "azul", "lienzo verde"]
    assert (joint.texts(texts) * shipped.texts(texts)).sum(1).min() > 0.999
    assert shipped.words == joint.words
    network = str(run / "pack" / "visual.safetensors")
    begin = ["--start-joint", str(run / "pack"), "--start-network", network]
    own = ["--data", str(corpus.folder), "--features", str(run / "features"), "--out", str(run / "again")]
    assert caption.main([*own, *begin, *TINY_JOINT]) == 0
    assert set(load_joint(run / "again").head) == set(shipped.as_trained().head)


def test_the_pack_takes_off_what_a_photo_has_in_common_with_all_captions(run: Path, corpus: Corpus) -> None:
    pack, joint = load_pack(run / "pack"), load_joint(run / "corrected").with_bank(corpus)
    raw, photo = caption.load_cached_features(run / "features")
    plain = PhotoHead.from_weights({name: value for name, value in joint.head.items() if name != "bank"})
    first = torch.from_numpy(np.asarray(raw[:3], dtype=np.float32))
    with torch.inference_mode():
        embeddings = plain(first).numpy()
    usual = np.log(np.exp(embeddings @ joint.head["bank"].numpy().T).mean(1)) / SHARPNESS
    np.testing.assert_allclose(joint.head["bank"].norm(dim=1).numpy(), SHARPNESS, rtol=1e-5)
    expected = (embeddings @ joint.asking_side()(["cuadro rojo"])[0] - usual) / 2
    network, regressor = VisualNetwork(pack), CaptionRegressor(pack)
    vector = regressor("cuadro rojo").vector
    assert vector is not None
    shown = network([np.asarray(corpus.image(int(number))) for number in photo[:3]])
    np.testing.assert_allclose(shown.embeddings @ vector, expected, atol=0.02)
    assert pack.manifest["querybank"] == len(joint.head["bank"]) == len(corpus.training_captions())
    assert pack.embedding_dim == len(embeddings[0]) + 2


def test_a_stopped_training_goes_on_where_it_was(run: Path) -> None:
    notes = [json.loads(line) for line in (run / "visual" / "log.jsonl").read_text().splitlines()]
    assert [note["step"] for note in notes if "recipe" in note] == [3, 5]
    PhotoNetwork((64, 128, 256, 512), (2, 2, 2, 2), 256).load_state_dict(
        load_file(run / "visual" / "visual.safetensors")
    )


def test_the_course_recipe_runs_on_the_same_features(run: Path, corpus: Corpus) -> None:
    figures = evaluate_course_recipe(corpus, *caption.load_cached_features(run / "targets"))
    assert figures.queries == 2 * figures.photos
    assert 0 <= figures.recall_at_1 <= figures.recall_at_10 <= 1


def test_a_pack_is_measured_through_the_program(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    figures = retrieval_through_the_program(corpus, folder, load_pack(run / "pack"))
    assert figures["photos"] == len(corpus.part("val", ["coco"]))
    assert figures["queries"] == 2 * figures["photos"]
    assert figures["recall_at_10"] > 2 * 10 / figures["photos"]


@pytest.mark.parametrize(
    ("query", "said", "right"),
    [
        ("bicicleta", "una bici en la nieve", True),
        ("bicicleta", "motociclistas en fila", False),
        ("perro", "dos perritos dormidos", True),
        ("perro", "dos perritos calientes", False),
        ("tren", "trenes en la estación", True),
        ("tren", "parquímetro junto a una chica con trenzas", False),
        ("comida", "la cena", True),
        ("comida", "escena de una casa abandonada", False),
    ],
)
def test_captions_that_say_something_else_are_not_right_for_a_plain_search(query: str, said: str, right: bool) -> None:
    assert bool(re.search(PLAIN_QUERIES[query], said)) == right


def test_a_plain_search_that_nothing_teaches_is_an_error(run: Path, corpus: Corpus) -> None:
    pack = load_pack(run / "pack")
    with pytest.raises(ValueError, match="perro"):
        plain_query_precision(corpus, pack, pack_vectors(corpus, pack, corpus.gallery()))


def test_words_for_one_thing_are_measured(run: Path, corpus: Corpus) -> None:
    pack = load_pack(run / "pack")
    figures = word_figures(corpus, pack, pack_vectors(corpus, pack, corpus.gallery()))
    assert figures.searches == 3  # rojo, verde, azul; no caption says «morado»
    assert 1 / 3 < figures.average_precision <= 1
    assert figures.precision_at_10 <= 0.8  # of 8 photos of each colour


def test_a_linear_probe_names_colours(run: Path, corpus: Corpus) -> None:
    features, photo = caption.load_cached_features(run / "targets")
    assert linear_probe(corpus, features, photo, "paints") == 1.0


def test_measuring_cached_features_needs_them(corpus: Corpus, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        evaluate.main(["--data", str(corpus.folder), "--recipe", "tfidf-mlp"])
    assert "--features" in capsys.readouterr().err
