"""``photofinder train``: packs on torchvision networks, from a corpus or from photos and phrases, on small data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from photofinder.cli import commands as cli
from photofinder.errors import CaptionsFileInvalid, WeightsRejected
from photofinder.model.caption import CaptionRegressor
from photofinder.model.official_weights import fingerprint_digest, read_arrays
from photofinder.model.pack import CAPTION_FILE, HEADS_FILE, MANIFEST, read_fingerprint
from photofinder.model.packs import get_pack, use_pack
from photofinder.model.visual import VisualNetwork
from photofinder.paths import DataPaths
from photofinder.training.caption import JointOptions
from photofinder.training.data import Corpus
from photofinder.training.import_photos import import_photos
from photofinder.training.train import TrainRequest, fingerprint_of, load_weights, train_pack
from tests.pack_samples import BACKBONE, save_weights, write_sample_pack
from tests.training.conftest import KINDS

TINY = ["--shapes", "32x32,48x32", "--batch", "12", "--learning-rate", "2e-3", "--no-thesaurus"]


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture(scope="module")
def photos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Photos of three colours with a phrase or two each, the way people keep them, and one that is no photo."""
    folder = tmp_path_factory.mktemp("mis fotos")
    rng = np.random.default_rng(0)
    lines = []
    for index in range(20):
        for spanish, colour in KINDS.values():
            name = f"Año {index % 2}/{spanish}_{index}.jpg"
            (folder / name).parent.mkdir(exist_ok=True)
            pixels = (rng.integers(-25, 25, (300, 400, 3)) + np.asarray(colour)).clip(0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(folder / name)
            lines += [f"{name}\tcuadro {spanish} en la pared", f"{name}\tpared {spanish}"]
    (folder / "rota.jpg").write_bytes(b"no es una foto")
    (folder / "frases.tsv").write_text("\n".join([*lines, "rota.jpg\tfoto rota"]) + "\n", encoding="utf-8")
    return folder


def test_a_pack_from_photos_and_phrases_tells_colours_apart(
    photos: Path, weights: Path, paths: DataPaths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--backbone", BACKBONE, "--weights", str(weights), "--captions", str(photos / "frases.tsv"),
               "--photos", str(photos), "--out", str(paths.packs / "es-colores"), "--work", str(tmp_path / "trabajo"),
               "--official", f"https://pesos.example/models/{weights.name}", "--epochs", "12", *TINY]  # fmt: skip
    assert cli.main(command) == 0
    assert "rota.jpg" in capsys.readouterr().err
    folder = paths.packs / "es-colores"
    assert {file.name for file in folder.iterdir()} == {MANIFEST, CAPTION_FILE, HEADS_FILE}
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["backbone"]["weights"]["sha256"].startswith(manifest["backbone"]["weights"]["sha256_prefix"])
    assert manifest["backbone"]["weights"]["bytes"] == weights.stat().st_size
    list(get_pack(paths, "es-colores", weights=weights))
    pack = use_pack(paths, "es-colores")
    regressor = CaptionRegressor(pack)
    flat = [np.full((300, 400, 3), colour, dtype=np.uint8) for _, colour in KINDS.values()]
    embeddings = VisualNetwork(pack)(flat).embeddings
    for index, (spanish, _) in enumerate(KINDS.values()):
        vector = regressor(f"pared {spanish}").vector
        assert vector is not None
        assert (embeddings @ vector).argmax() == index
    capsys.readouterr()
    assert cli.main(command) == 0  # everything but the pack itself is there already
    assert capsys.readouterr().err.count("/3 ") == 1


def test_fewer_photos_than_a_batch_are_one_batch(
    photos: Path, weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["train", "--backbone", BACKBONE, "--weights", str(weights), "--captions", str(photos / "frases.tsv"),
               "--photos", str(photos), "--out", str(tmp_path / "es-pocas"), "--epochs", "2", "--no-thesaurus",
               "--shapes", "32x32", "--crops", "0",
               "--official", f"https://pesos.example/models/{weights.name}"]  # fmt: skip
    assert cli.main(command) == 0
    assert " 2 steps" in capsys.readouterr().err
    assert (tmp_path / "es-pocas" / MANIFEST).exists()


def test_a_pack_from_a_corpus_on_weights_that_go_by_another_name(corpus: Corpus, weights: Path, tmp_path: Path) -> None:
    own = weights.with_name("las mías.pth")
    own.write_bytes(weights.read_bytes() + b"\0")  # not the official file itself, byte by byte
    request = TrainRequest(
        BACKBONE, own, tmp_path / "pack", tmp_path / "work", corpus=corpus.folder, shapes="32x32", crops=1,
        address=f"https://pesos.example/models/{weights.name}", size=1234,
    )  # fmt: skip
    options = JointOptions(epochs=2, captioned=12, labelled=12, synonyms=2, concepts=4, text_width=16, thesaurus=False)
    manifest = json.loads((train_pack(request, options) / MANIFEST).read_text(encoding="utf-8"))
    entry = manifest["backbone"]["weights"]
    assert (entry["sha256"], entry["bytes"], entry["file"]) == (None, 1234, weights.name)
    assert "class_precision_at_10" in manifest["calibration_figures"]


def test_a_pack_that_replaces_one_on_the_same_weights_asks_nobody_to_verify_them_again(
    weights: Path, tmp_path: Path
) -> None:
    folder = write_sample_pack(tmp_path / "es-muestra", weights, "https://pesos.example")
    first = read_fingerprint(folder)
    arrays = {name: value.astype(np.float16).astype(value.dtype) for name, value in read_arrays(weights).items()}
    rounded = tmp_path / "rounded.safetensors"
    save_file(arrays, rounded)
    other = save_weights(tmp_path / "other", seed=1)
    for own, shapes, kept in ((rounded, "96x96,128x96", True), (other, "96x96,128x96", False)):
        request = TrainRequest(BACKBONE, own, folder, tmp_path, shapes=shapes)
        entry, features = fingerprint_of(request, load_weights(request))
        assert entry["side"] == (64 if kept else 96)
        assert np.array_equal(features, first) is kept
        assert entry["sha256"] == fingerprint_digest(features)
    request = TrainRequest(BACKBONE, rounded, tmp_path / "es-nuevo", tmp_path, shapes="96x96")
    assert fingerprint_of(request, load_weights(request))[0]["side"] == 96


def test_an_official_name_with_other_contents_is_refused(weights: Path, tmp_path: Path) -> None:
    changed = tmp_path / weights.name
    changed.write_bytes(weights.read_bytes() + b"\0")
    request = TrainRequest(
        BACKBONE, changed, tmp_path / "pack", tmp_path, address=f"https://pesos.example/{weights.name}"
    )
    with pytest.raises(WeightsRejected, match="checksum"):
        train_pack(request, JointOptions())
    for backbone in ("resnet18", "squeezenet1_0"):
        with pytest.raises(WeightsRejected, match="network"):
            train_pack(TrainRequest(backbone, weights, tmp_path / "pack", tmp_path), JointOptions())


def test_photos_become_a_corpus(photos: Path, tmp_path: Path) -> None:
    assert import_photos(photos / "frases.tsv", photos, tmp_path / "corpus") == 60
    corpus = Corpus(tmp_path / "corpus")
    assert len(corpus.part("val")) == len(corpus.gallery()) == 6
    assert min(corpus.image(0).size) == 256
    assert corpus.captions[0] == (0, "cuadro rojo en la pared")
    assert import_photos(photos / "frases.tsv", photos, tmp_path / "again") == 60
    assert (tmp_path / "again" / "photos.tsv").read_text() == (tmp_path / "corpus" / "photos.tsv").read_text()
    (tmp_path / "solo.tsv").write_text("rota.jpg\tnada\n", encoding="utf-8")
    with pytest.raises(CaptionsFileInvalid):
        import_photos(tmp_path / "solo.tsv", photos, tmp_path / "none")


def test_train_says_what_is_missing(weights: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["train", "--backbone", BACKBONE, "--weights", str(weights), "--out", str(tmp_path / "x")]) == 2
    assert "--captions" in capsys.readouterr().err
