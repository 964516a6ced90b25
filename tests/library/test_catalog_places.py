"""Places in the catalogue: looked up once, filtered by, told of a photo."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.errors import FailureReason
from photofinder.library import catalog_places
from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters, Near
from photofinder.library.gazetteer import Gazetteer
from photofinder.library.images import PhotoInfo
from photofinder.library.places import Level

WHERE = {
    "giralda.jpg": (37.3861, -5.9926),
    "triana.jpg": (37.3843, -6.0036),
    "ronda.jpg": (36.7407, -5.1663),
    "pisac.jpg": (-13.4222, -71.8464),
    "lima.jpg": (-12.0464, -77.0300),
    "cordoba.jpg": (37.8845, -4.7796),
    "otra cordoba.jpg": (-31.4167, -64.1833),
    "mar.jpg": (40.0, -40.0),
    "nada.jpg": None,
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def info(place: tuple[float, float] | None) -> PhotoInfo:
    lat, lon = place or (None, None)
    return PhotoInfo(width=40, height=30, taken_at=None, camera=None, lat=lat, lon=lon)


def locate(catalog: Catalog, gazetteer: Gazetteer) -> int:
    waiting = catalog.unlocated(1000)
    located = gazetteer.locate([one.lat for one in waiting], [one.lon for one in waiting])
    catalog.put_places([one.photo_id for one in waiting], located)
    return len(waiting)


@pytest.fixture
def catalog(tmp_path: Path, gazetteer: Gazetteer) -> Iterator[Catalog]:
    with Catalog.open(tmp_path / "c.sqlite", writer=True) as catalog:
        (tmp_path / "fotos").mkdir()
        folder = catalog.add_folder(tmp_path / "fotos")
        for name, place in WHERE.items():
            catalog.add_or_update_photo(folder.id, name, 10, 20, content_hash=name, info=info(place))
        assert locate(catalog, gazetteer) == len(WHERE) - 1
        yield catalog


def names(catalog: Catalog, filters: Filters) -> set[str]:
    ids = catalog.filtered_ids(filters).tolist()
    return {photo.path.stem for photo in catalog.photos(ids).values()}


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(places=("Sevilla",)), {"giralda", "triana"}),
        (Filters(places=("SEVILLA",)), {"giralda", "triana"}),
        (Filters(places=("Andalucia",)), {"giralda", "triana", "ronda", "cordoba"}),
        (Filters(places=("Andalusia",)), {"giralda", "triana", "ronda", "cordoba"}),
        (Filters(places=("Málaga",)), {"ronda"}),  # its province
        (Filters(places=("España",)), {"giralda", "triana", "ronda", "cordoba"}),
        (Filters(places=("Perú",)), {"pisac", "lima"}),
        (Filters(places=("Cuzco",)), {"pisac"}),
        (Filters(places=("Sevilla", "Lima")), {"giralda", "triana", "lima"}),
        (Filters(places=("Córdoba",)), {"cordoba", "otra cordoba"}),
        (Filters(places=("Córdoba, Argentina",)), {"otra cordoba"}),
        (Filters(places=("cordoba (espana)",)), {"cordoba"}),
        (Filters(places=("Atlántida",)), set()),
        (Filters(not_places=("España", "Perú")), {"otra cordoba", "mar", "nada"}),
        (Filters(places=("España",), not_places=("Sevilla",)), {"ronda", "cordoba"}),
        (Filters(near=(Near("Cusco", -13.53188, -71.96701, 30.0),)), {"pisac"}),
        (Filters(near=(Near("Cusco", -13.53188, -71.96701, 10.0),)), set()),
        (Filters(near=(Near("Cusco", -13.53188, -71.96701, 30.0),), places=("Lima",)), {"pisac", "lima"}),
        (Filters(places=("Sevilla",), has_place=False), set()),
    ],
)
def test_photos_are_filtered_by_place(catalog: Catalog, filters: Filters, expected: set[str]) -> None:
    assert names(catalog, filters) == expected


def test_near_goes_over_the_antimeridian_and_the_pole(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.sqlite", writer=True) as catalog:
        (tmp_path / "fotos").mkdir()
        folder = catalog.add_folder(tmp_path / "fotos")
        for name, place in {
            "a": (-17.0, 179.95),
            "b": (-17.0, -179.95),
            "c": (89.9, 10.0),
            "d": (89.9, -170.0),
        }.items():
            catalog.add_or_update_photo(folder.id, f"{name}.jpg", 1, 1, info=info(place))
        assert names(catalog, Filters(near=(Near("Taveuni", -17.0, 180.0, 20.0),))) == {"a", "b"}
        assert names(catalog, Filters(near=(Near("el polo", 90.0, 0.0, 20.0),))) == {"c", "d"}


def test_the_places_of_the_library_are_counted_with_what_lies_in_them(catalog: Catalog) -> None:
    places = catalog.known_places()
    counted = {(area.es, area.level): area.photos for area in places.areas.values()}
    assert counted["España", Level.COUNTRY] == 4
    assert counted["Andalucía", Level.REGION] == 4
    assert counted["Sevilla", Level.TOWN] == 2
    assert counted["Cusco", Level.REGION] == 1
    assert counted["Cusco", Level.TOWN] == 0, "worth naming, but no photo is from there"
    (ronda,) = [photo for photo in catalog.photos(catalog.searchable_ids()).values() if photo.path.stem == "ronda"]
    assert ronda.area_id is not None
    assert places.words(places.areas[ronda.area_id]) == "Ronda, Málaga, Andalucía, España"
    assert catalog.place_words([ronda.id], spanish=False) == {ronda.id: "Ronda, Málaga, Andalusia, Spain"}
    assert len(catalog.place_words(range(1, 100))) == len(WHERE) - 2


def test_photos_that_are_not_shown_are_not_counted(catalog: Catalog) -> None:
    ids = {photo.path.stem: photo.id for photo in catalog.photos(catalog.searchable_ids()).values()}
    catalog.mark_missing([ids["giralda"]])
    catalog.set_error(ids["triana"], FailureReason.DAMAGED)
    counted = {area.code: area.photos for area in catalog.known_places().areas.values() if area.es == "España"}
    assert counted == {"cES": 2}
    catalog.mark_found([ids["giralda"]])
    assert names(catalog, Filters(places=("Sevilla",))) == {"giralda"}


def test_a_photo_is_looked_up_again_only_when_it_was_somewhere_else(catalog: Catalog, gazetteer: Gazetteer) -> None:
    folder = catalog.folders()[0]
    catalog.add_or_update_photo(
        folder.id, "giralda.jpg", 10, 21, content_hash="giralda.jpg", info=info(WHERE["giralda.jpg"])
    )
    assert catalog.unlocated(10) == []
    catalog.add_or_update_photo(folder.id, "giralda.jpg", 10, 22, content_hash="x", info=info(WHERE["lima.jpg"]))
    assert [place.lat for place in catalog.unlocated(10)] == [-12.0464]
    assert names(catalog, Filters(places=("Sevilla",))) == {"triana"}
    locate(catalog, gazetteer)
    assert names(catalog, Filters(places=("Lima",))) == {"giralda", "lima"}
    catalog.add_or_update_photo(folder.id, "giralda.jpg", 10, 23, content_hash="y", info=info(None))
    assert catalog.unlocated(10) == []
    assert names(catalog, Filters(places=("Lima",))) == {"lima"}


def test_photos_of_an_older_edition_are_looked_up_again(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog_places, "EDITION", 999)
    assert len(catalog.unlocated(100)) == len(WHERE) - 1
    assert len(catalog.unlocated(3)) == 3


def test_a_removed_photo_takes_its_place_along(catalog: Catalog, gazetteer: Gazetteer) -> None:
    ids = catalog.searchable_ids().tolist()
    catalog.remove_folder(catalog.folders()[0].id)
    catalog.put_places(ids, gazetteer.locate([37.0] * len(ids), [-6.0] * len(ids)))
    assert catalog.place_words(ids) == {}
    assert all(area.photos == 0 for area in catalog.known_places().areas.values())
