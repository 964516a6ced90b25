"""The command ``album``, as a script uses it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from photofinder.cli.commands import main
from photofinder.library.catalog import Catalog
from photofinder.messages.albums import quality_sentence
from photofinder.model.pack import Pack
from photofinder.paths import data_paths
from tests.conftest import write_photo

PHOTOS = 120
THEME = 16


@pytest.fixture
def folder(tmp_path: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Analysed photos; the vectors of the first sixteen have something in common."""
    monkeypatch.setenv("PHOTOFINDER_LANGUAGE", "es")
    folder = tmp_path / "Fotos de Ñandú"
    rng = np.random.default_rng(1)
    with Catalog.open(data_paths(None).catalog, writer=True) as catalog:
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        write_photo(folder / "0.jpg", size=(40, 30))
        root = catalog.add_folder(folder)
        with catalog.transaction():
            ids = [
                catalog.add_or_update_photo(root.id, f"{number}.jpg", 10, 20, content_hash=str(number))
                for number in range(PHOTOS)
            ]
            for kind, dim in (("feature", pack.feature_dim), ("embedding", pack.embedding_dim)):
                vectors = rng.standard_normal((PHOTOS, dim))
                vectors[:THEME, :20] += 5
                catalog.put_vectors(ids, kind, vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return folder


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> Any:
    """What the command prints as JSON."""
    capsys.readouterr()
    assert main(["album", *map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def refused(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The sentence with which a command ends."""
    capsys.readouterr()
    assert main(["album", *map(str, arguments)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    return err


def test_an_album_from_its_first_photo_to_its_end(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "list") == []
    assert said(capsys, "create", "Playas")["path"] == "Playas"
    assert said(capsys, "add", "playas", *(folder / f"{n}.jpg" for n in range(6))) == {"path": "Playas", "changed": 6}
    assert said(capsys, "add", "Playas", folder / "30.jpg", "--no")["changed"] == 1
    answer = said(capsys, "suggest", "Playas", "--limit", 4)
    assert (answer["path"], answer["method"]) == ("Playas", "svm")
    assert 0.2 < answer["precision"] <= 1
    found = {Path(one["path"]).name for one in answer["proposals"]}
    assert found <= {f"{n}.jpg" for n in range(6, THEME)}
    assert len(found) >= 2
    assert all(0 < one["probability"] <= 1 and one["album"] == "Playas" for one in answer["proposals"])
    assert said(capsys, "list") == [{"album_id": 1, "path": "Playas", "photos": 6, "own": 6, "no": 1}]
    assert said(capsys, "remove", "Playas", folder / "0.jpg")["changed"] == 1
    assert len(said(capsys, "show", "Playas")["photos"]) == 5
    assert said(capsys, "delete", "Playas") == {"path": "Playas", "albums": 1, "photos": 5}
    assert said(capsys, "list") == []
    assert (folder / "0.jpg").exists()


def test_albums_lie_in_albums(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "create", "Perú")
    assert said(capsys, "create", "Cuzco", "--in", "perú")["path"] == "Perú/Cuzco"
    said(capsys, "add", "Perú/Cuzco", folder / "1.jpg")
    assert [(one["path"], one["photos"], one["own"]) for one in said(capsys, "list")] == [
        ("Perú", 1, 0), ("Perú/Cuzco", 1, 1),
    ]  # fmt: skip
    assert said(capsys, "rename", "Cuzco", "Machu Picchu")["path"] == "Perú/Machu Picchu"
    assert said(capsys, "move", "Machu Picchu")["path"] == "Machu Picchu"
    assert "dentro de sí mismo" not in refused(capsys, "create", "perú")
    assert "dentro de sí mismo" in refused(capsys, "move", "Perú", "--in", "Perú")


def test_what_cannot_be_is_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "Todavía no hay álbumes" in refused(capsys, "suggest", "Playas")
    said(capsys, "create", "Playas")
    assert "«Lagos»" in refused(capsys, "show", "Lagos")
    assert "barra" in refused(capsys, "create", "a/b")
    assert "otra.jpg" in refused(capsys, "add", "Playas", tmp_path / "otra.jpg")
    assert "no está en el catálogo" in refused(capsys, "add", "Playas", folder / "nueva.jpg")
    assert said(capsys, "show", "Playas")["photos"] == []
    for incomplete in (["create"], ["add", "Playas"], ["rename", "Playas"], ["suggest"]):
        assert main(["album", *incomplete]) == 2
        assert "falta" in capsys.readouterr().err


def test_people_read_paths_shares_and_how_good_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["album"])
    assert "Todavía no hay álbumes" in capsys.readouterr().err
    main(["album", "create", "Playas"])
    main(["album", "suggest", "Playas"])
    assert "Añádele unas fotos" in capsys.readouterr().err
    main(["album", "add", "Playas", *(str(folder / f"{n}.jpg") for n in range(6))])
    main(["album", "suggest", "Playas"])
    out, err = capsys.readouterr()
    assert " %  " in out.splitlines()[0]
    assert "Probado con tus propias fotos: acierta en" in err
    main(["album", "delete", "Playas"])
    assert "tus fotos siguen en su sitio" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("photos", "precision", "proposals", "spanish", "english"),
    [
        (0, None, 0, "Añádele", "Add some"),
        (2, None, 5, "propone las más parecidas; con 5 o más", "most alike; with 5 or more"),
        (4, 0.9, 5, "aprende qué tienen en común", "learn what they share"),
        (3, 0.9, 0, "No ve ninguna", "sees none"),
        (9, 0.91, 5, "acierta en unas 9 de cada 10 de las que propone.", "about 9 in 10"),
        (9, 0.99, 5, "acierta en casi todas las que propone.", "nearly all"),
        (9, 0.42, 5, "unas 4 de cada 10 de las que propone. Marca más", "about 4 in 10"),
        (9, 0.04, 0, "acierta en muy pocas de las que propone. Marca más", "very few"),
    ],
)
def test_quality_in_plain_words(
    photos: int, precision: float | None, proposals: int, spanish: str, english: str
) -> None:
    assert spanish in quality_sentence(photos, precision, proposals, "es")
    assert english in quality_sentence(photos, precision, proposals, "en")


def test_views_are_made_once_when_they_are_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(capsys, "create", "Playas")
    said(capsys, "add", "Playas", folder / "0.jpg", folder / "1.jpg", folder / "2.jpg")
    answer = said(capsys, "suggest", "Playas", "--views")
    assert answer["method"] == "svm"
    with Catalog.open(data_paths(None).catalog) as catalog:
        made = [photo_id for photo_id in catalog.all_photo_ids() if catalog.vector(photo_id, "views") is not None]
    assert len(made) == 1, "the other two files are not there"
    assert said(capsys, "suggest", "Playas", "--views") == answer
