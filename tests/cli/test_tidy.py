"""``photofinder duplicates`` on a catalogue whose photos were analysed before looks were kept."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from photofinder.cli.commands import main
from photofinder.library.catalog import Catalog
from photofinder.library.images import decode
from photofinder.library.scan import content_hash
from photofinder.paths import DataPaths
from tests.conftest import draw_photo, write_photo


@pytest.fixture
def folder(tmp_path: Path, paths: DataPaths) -> Path:
    """Two copies, one of them in a folder of its own; a small version of another photo; and one alone."""
    folder = tmp_path / "Fotos"
    first = write_photo(folder / "Año" / "ñu.jpg", seed=1)
    shutil.copy(first, folder / "copia.jpg")
    write_photo(folder / "flor.jpg", seed=2)
    draw_photo(seed=2).resize((320, 240)).save(folder / "flor2.jpg")
    write_photo(folder / "sola.jpg", seed=3)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        root = catalog.add_folder(folder)
        for path in sorted(folder.rglob("*.jpg")):
            stat, name = path.stat(), path.relative_to(folder).as_posix()
            catalog.add_or_update_photo(
                root.id, name, stat.st_size, stat.st_mtime_ns, content_hash=content_hash(path), info=decode(path).info
            )
    return folder


def test_groups_are_listed_the_one_to_keep_first(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--language", "es"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("2 grupos, 4 fotos. Las que no se proponen guardar ocupan ")
    assert f"Casi iguales: tiene más píxeles\n* {folder / 'flor.jpg'}\n  {folder / 'flor2.jpg'}\n" in said
    assert f"Copias idénticas: son igual de buenas y esta llegó antes\n* {folder / 'Año' / 'ñu.jpg'}\n" in said
    assert (folder / "copia.jpg").exists()


def test_json_and_folders(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--json"]) == 0
    groups = json.loads(capsys.readouterr().out)
    assert {group["kind"] for group in groups} == {"same", "copies"}
    same = next(group for group in groups if group["kind"] == "same")
    assert [Path(photo["path"]).name for photo in same["photos"]] == ["flor.jpg", "flor2.jpg"]
    assert same["reasons"] == ["pixels"]
    assert same["bytes"] == (folder / "flor2.jpg").stat().st_size
    assert main(["duplicates", "--json", "--folder", "año"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(("language", "text"), [("es", "No hay fotos duplicadas"), ("en", "There are no duplicates")])
def test_nothing_to_tidy_is_said(language: str, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["duplicates", "--language", language]) == 0
    assert text in capsys.readouterr().out


def test_photos_of_a_kind_are_listed(folder: Path, paths: DataPaths, capsys: pytest.CaptureFixture[str]) -> None:
    draw_photo(seed=9).point(lambda level: level // 12).save(folder / "noche.jpg")
    with Catalog.open(paths.catalog, writer=True) as catalog:
        stat = (folder / "noche.jpg").stat()
        info = decode(folder / "noche.jpg").info
        catalog.add_or_update_photo(1, "noche.jpg", stat.st_size, stat.st_mtime_ns, content_hash="noche", info=info)
    assert main(["oddities", "--kind", "dark", "--language", "es"]) == 0
    assert capsys.readouterr().out == f"Oscuras: 1 foto\n  {folder / 'noche.jpg'}\n"
    assert main(["oddities", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["screenshot", "document", "blurred", "dark", "odd"]
    assert [Path(photo["path"]).name for photo in found["dark"]] == ["noche.jpg"]
    assert main(["search", "fotos oscuras", "--json"]) == 0
    assert [Path(hit["path"]).name for hit in json.loads(capsys.readouterr().out)] == ["noche.jpg"]


def test_a_kind_that_is_none_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["oddities", "--kind", "feas", "--language", "es"])
    assert ended.value.code == 2
