"""A damaged catalogue on the command line: one sentence, and the command is done all the same."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from photofinder.cli.commands import main
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_salvage import Rescued
from photofinder.library.filters import Filters
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.rescue import rescued_sentence
from photofinder.searches import SavedSearch, Searches, load_searches, save_searches
from tests.ui.conftest import catalogue_without_network


def test_a_search_recovers_the_catalogue_says_so_once_and_answers(
    photo_folder: Path, paths: DataPaths, pack: Pack, capsys: pytest.CaptureFixture[str]
) -> None:
    catalogue_without_network(photo_folder, paths, pack)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        ((root,),) = catalog._database.rows("SELECT rootpage FROM sqlite_schema WHERE name = 'folder'")
    data = bytearray(paths.catalog.read_bytes())
    data[(root - 1) * 4096 : root * 4096] = bytes(4096)
    paths.catalog.write_bytes(data)
    assert main(["search", "flor", "--json", "--language", "es"]) == 0
    said = capsys.readouterr()
    assert said.err.startswith("El catálogo estaba dañado y se ha apartado como «catalog-damaged-")
    assert len(said.err.strip().splitlines()) == 1 or "Todavía no hay fotos" in said.err
    assert isinstance(json.loads(said.out), list)
    assert [path.read_bytes() for path in paths.data.glob("catalog-damaged-*.sqlite")] == [bytes(data)]
    assert main(["search", "flor", "--json", "--language", "es"]) == 0
    assert "dañado" not in capsys.readouterr().err


def test_a_file_of_another_program_is_left_alone(paths: DataPaths, capsys: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    paths.data.mkdir(parents=True)
    connection = sqlite3.connect(paths.catalog)
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.close()
    before = paths.catalog.read_bytes()
    assert main(["search", "flor", "--language", "es"]) == 1
    assert "no es de PhotoFinder; dale otro nombre" in capsys.readouterr().err
    assert paths.catalog.read_bytes() == before
    assert [path.name for path in paths.data.iterdir()] == ["catalog.sqlite"]


def test_damaged_settings_and_searches_are_set_aside_and_said_in_one_sentence(
    paths: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text('{"thumbnail_side": 1', encoding="utf-8")
    save_searches(paths.searches, Searches(("flor",), (SavedSearch("Una", "mar", Filters()),)))
    paths.searches.write_text("{", encoding="utf-8")
    assert main(["pack", "list", "--language", "es"]) == 0
    assert capsys.readouterr().err == (
        "Los ajustes estaban dañados y se han apartado como «settings.json.damaged», y puedes elegirlos otra vez; "
        "las búsquedas recordadas estaban dañadas y se han apartado como «searches.json.damaged», y siguen las de la "
        "copia.\n"
    )
    assert "is damaged" in paths.log.read_text(encoding="utf-8")
    assert paths.settings.with_name("settings.json.damaged").read_text() == '{"thumbnail_side": 1'
    assert paths.searches.with_name("searches.json.damaged").read_text() == "{"
    assert load_searches(paths.searches).named("Una") is not None
    assert main(["pack", "list", "--language", "en"]) == 0
    assert capsys.readouterr().err == "", "it is said once"
    for _ in range(2):
        paths.searches.write_text("[", encoding="utf-8")
        assert main(["pack", "list", "--language", "en"]) == 0
    assert capsys.readouterr().err.splitlines() == [
        f"The searches that were kept were damaged and were set aside as “searches.json.damaged-{number}”, and another"
        " list is begun."
        for number in (2, 3)
    ], "the copy took the place of the first, and nothing is overwritten"


@pytest.mark.parametrize("aside", [Path("/d/catalog-damaged-2026-03-09.sqlite"), None])
@pytest.mark.parametrize(("photos", "analysed"), [(0, 0), (1, 1), (1240, 1200)])
@pytest.mark.parametrize("copy_of", [date(2026, 3, 1), None])
def test_what_is_said_is_one_sentence(aside: Path | None, photos: int, analysed: int, copy_of: date | None) -> None:
    for language, name in (("es", "catálogo"), ("en", "catalogue")):
        text = rescued_sentence(Rescued(aside, photos, analysed, copy_of), language)
        assert name in text and text.endswith(".") and ". " not in text
        assert ("2026" in text) == (aside is not None or copy_of is not None)
