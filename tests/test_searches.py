"""What is remembered of searches."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from photofinder.errors import DataFolderUnwritable
from photofinder.library.filters import Filters, Near, Orientation, Period
from photofinder.searches import HISTORY, SavedSearch, Searches, forget_damaged, load_searches, save_searches

EVERYTHING = Filters(
    periods=(Period(date(2019, 1, 1), date.max), Period(date.min, date(2021, 12, 31))),
    month_days=((12, 20, 1, 6),),
    folder_ids=(3, 4),
    path_contains=("viajes",),
    name_contains=("IMG",),
    cameras=("Ñandú 5",),
    orientation=Orientation.PORTRAIT,
    types=("jpg", "png"),
    favorites=True,
    has_place=False,
    places=("Córdoba, Argentina",),
    near=(Near("Cusco", -13.5, -71.97, 30.0),),
    not_places=("Perú",),
)


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "datos" / "searches.json"
    kept = (
        Searches()
        .remembering("perro en la playa")
        .remembering("  la   abuela ")
        .saving(SavedSearch("Velas", "soplando velas", Filters()))
        .saving(SavedSearch("abuelos", "", EVERYTHING))
        .saving(SavedSearch("sin lugar", "", Filters(has_place=False)))
    )
    save_searches(path, kept)
    assert load_searches(path) == kept
    assert kept.history == ("la abuela", "perro en la playa")
    assert [one.name for one in kept.saved] == ["abuelos", "sin lugar", "Velas"]


def test_the_newest_is_first_and_once() -> None:
    kept = Searches()
    for text in ("perro", "gato", "perro", "", "x" * 3000):
        kept = kept.remembering(text)
    assert kept.history == ("perro", "gato")
    assert kept.remembering("perro grande").history == ("perro grande", "gato"), "the same, typed further"
    for number in range(HISTORY + 5):
        kept = kept.remembering(f"{number} fotos")
    assert len(kept.history) == HISTORY
    assert kept.saving(SavedSearch("a", "b", Filters())).without_history().saved


def test_names_are_changed_and_taken_away() -> None:
    kept = Searches().saving(SavedSearch("a", "uno", Filters())).saving(SavedSearch("b", "dos", Filters()))
    assert [one.name for one in kept.renamed("a", "c").saved] == ["b", "c"]
    assert kept.renamed("a", "b") == kept, "no search is lost to another's name"
    assert kept.renamed("nadie", "c") == kept
    assert kept.removed("a").named("a") is None
    assert kept.saving(SavedSearch("a", "tres", Filters())).named("a") == SavedSearch("a", "tres", Filters())


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[]", b"{", b"[" * 100_000])
def test_a_damaged_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "searches.json"
    path.write_bytes(content)
    assert load_searches(path) == Searches()
    assert (tmp_path / "searches.json.damaged").read_bytes() == content


def test_the_copy_takes_the_place_of_a_damaged_file_and_forgets_with_it(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    kept = Searches(("flor", "mar"), (SavedSearch("Una", "mar", Filters()),))
    save_searches(path, kept)
    path.write_bytes(path.read_bytes()[:20])
    assert load_searches(path) == kept
    assert load_searches(path) == kept, "the copy stands in its place now"
    (tmp_path / "searches.json.copy").write_bytes(b"{")
    path.write_bytes(b"[")
    assert load_searches(path) == Searches(), "both are damaged"
    assert len(list(tmp_path.glob("searches.json.damaged*"))) == 2
    save_searches(path, kept)
    save_searches(path, kept.without_history())
    forget_damaged(path)
    assert [file.name for file in tmp_path.iterdir() if b"flor" in file.read_bytes()] == []
    path.unlink()
    assert load_searches(path) == Searches(), "whoever deletes it wants none"


def test_what_a_newer_version_wrote_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "searches.json"
    stored = {
        "history": ["perro", 7, None],
        "saved": [
            {"name": "bien", "text": "x", "filters": {"stars": 5}},
            {"name": "mal", "text": "x", "filters": {"orientation": "round"}},
            {"text": "sin nombre"},
            9,
        ],
        "else": 1,
    }
    path.write_text(json.dumps(stored))
    kept = load_searches(path)
    assert kept.history == ("perro",)
    assert [one.name for one in kept.saved] == ["bien"]
    save_searches(path, kept.remembering("gato").removed("bien"))
    assert json.loads(path.read_text())["saved"] == stored["saved"][1:], "they are kept for that one"
    assert load_searches(path).history == ("gato", "perro")
    assert load_searches(tmp_path / "none.json") == Searches()
    assert load_searches(tmp_path) == Searches(), "a folder in its place"


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "datos").touch()
    with pytest.raises(DataFolderUnwritable):
        save_searches(tmp_path / "datos" / "searches.json", Searches())
