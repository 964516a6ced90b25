"""Where photos were taken, from the EXIF of their files to the answer of a search and of the command line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from photofinder.indexing import Placed, index_folders
from photofinder.indexing.locate import Locator
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.gazetteer import Gazetteer
from photofinder.model.pack import Pack
from photofinder.search.engine import SearchEngine
from photofinder.search.parts import PartKind
from photofinder.search.query import Query
from tests.cli.test_commands import answer
from tests.conftest import write_photo

_GPS = 0x8825
_PHOTOS = {
    "sevilla": ("N", (37, 23, 10), "W", (5, 59, 33)),
    "cusco": ("S", (13, 31, 0), "W", (71, 58, 44)),
    "kioto": ("N", (34, 58, 1.5), "E", (135, 46, 22)),
    "sidney": ("S", (33, 51, 24), "E", (151, 12, 55)),
    "sin fijar": ("N", (0, 0, 0), "E", (0, 0, 0)),
    "absurda": ("N", (191, 0, 0), "W", (5, 59, 33)),
    "rota": ("N", (IFDRational(0, 0), 0, 0), "W", (5, 59, 33)),
    "mar": ("N", (40, 0, 0), "W", (40, 0, 0)),
    "polo": ("S", (90, 0, 0), "E", (0, 0, 0)),
    "taveuni": ("S", (16, 48, 0), "W", (179, 58, 0)),
}


def gps_photo(path: Path, seed: int, gps: tuple[str, tuple[float, ...], str, tuple[float, ...]]) -> Path:
    exif = Image.Exif()
    exif.get_ifd(_GPS).update({1: gps[0], 2: gps[1], 3: gps[2], 4: gps[3]})
    return write_photo(path, seed=seed, size=(160, 120), exif=exif)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """Photos of everywhere, analysed, and what the command said about it."""
    root = tmp_path_factory.mktemp("lugares")
    for seed, (name, gps) in enumerate(_PHOTOS.items()):
        gps_photo(root / "fotos" / f"{name}.jpg", seed, gps)
    write_photo(root / "fotos" / "nada.jpg", seed=99, size=(160, 120))
    summary = answer("index", root / "fotos", "--data-dir", root / "datos")
    return root / "datos", summary


@pytest.fixture
def engine(library: tuple[Path, dict[str, int]], pack: Pack) -> Iterator[SearchEngine]:
    with Catalog.open(library[0] / "data" / "catalog.sqlite") as catalog:
        yield SearchEngine(catalog, pack)


def stems(engine: SearchEngine, text: str) -> set[str]:
    return {hit.path.stem for hit in engine.search(Query(text)).hits}


def test_photos_say_where_they_were_taken(library: tuple[Path, dict[str, int]]) -> None:
    data, summary = library
    assert (summary["analysed"], summary["placed"]) == (len(_PHOTOS) + 1, 5)
    hits = answer("search", "lugar:sí", "--data-dir", data, "--language", "es")
    assert {Path(hit["path"]).stem: hit["place"] for hit in hits} == {
        "sevilla": "Sevilla, Andalucía, España",
        "cusco": "Cusco, Perú",
        "kioto": "Kioto, Japón",
        "sidney": "Sydney, Nueva Gales del Sur, Australia",
        "taveuni": "Northern, Fiyi",
        "mar": None,
        "polo": None,
    }
    (only,) = answer("search", "--place", "japon", "--data-dir", data, "--language", "en")
    assert only["place"] == "Kyoto, Japan"


def test_a_search_names_a_place(engine: SearchEngine) -> None:
    assert stems(engine, "playa en Sevilla") == {"sevilla"}
    assert stems(engine, "en Perú o Japón") == {"cusco", "kioto"}
    assert stems(engine, "cerca de Cuzco") == {"cusco"}
    assert stems(engine, "lugar:Alemania") == set()
    assert stems(engine, "que no sea en Perú") == {*_PHOTOS, "nada"} - {"cusco"}
    assert len(stems(engine, "niños en la playa")) == len(_PHOTOS) + 1


def test_photos_analysed_before_are_looked_up_in_batches_and_the_run_can_stop(
    library: tuple[Path, dict[str, int]], pack: Pack, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = library
    monkeypatch.setattr("photofinder.indexing.locate.BATCH", 3)
    with Catalog.open(data / "data" / "catalog.sqlite", writer=True) as catalog:
        catalog._database.rows("DELETE FROM photo_area")
        found = Locator(catalog).waiting()
        next(found)
        found.close()
        assert len(catalog.unlocated(100)) == 4, "what was committed stays"
        events = index_folders(catalog, [folder.path for folder in catalog.folders()], pack, decoder=decoder)
        assert [type(event) for event in events].count(Placed) == 2
        assert catalog.unlocated(100) == []


def test_without_a_readable_gazetteer_photos_only_lack_their_place(
    library: tuple[Path, dict[str, int]], tmp_path: Path
) -> None:
    data, _ = library

    def broken() -> Gazetteer:
        (tmp_path / "towns.npz").write_bytes(b"PK nothing")
        return Gazetteer.open(tmp_path)

    with Catalog.open(data / "data" / "catalog.sqlite", writer=True) as catalog:
        known = catalog.photos(catalog.searchable_ids()).values()
        sevilla = next(photo.id for photo in known if photo.path.stem == "sevilla")
        catalog._database.rows("DELETE FROM photo_area WHERE photo_id = ?", [sevilla])
        assert list(Locator(catalog, broken).waiting()) == []
        assert list(Locator(catalog).waiting()) == [1]


def test_the_engine_tells_the_part_that_is_a_place(engine: SearchEngine) -> None:
    result = engine.search(Query("perro en el Perú"))
    assert [(part.kind, part.text) for part in result.parts] == [
        (PartKind.WORDS, "perro"), (PartKind.PLACE, "en el Perú"),
    ]  # fmt: skip
    assert result.filters.places == ("Perú",)
    assert [hit.path.stem for hit in result.hits] == ["cusco"]
