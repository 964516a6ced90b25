"""Which photos pass a filter, in a real catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from photofinder.errors import FailureReason
from photofinder.library.catalog import Catalog
from photofinder.library.filters import TYPES, Facets, Filters, Orientation, Period, plain, type_of
from photofinder.library.images import EXTENSIONS, PhotoInfo
from tests.conftest import BOTH_STORES, OpenCatalog

LANDSCAPE, PORTRAIT, SQUARE = (4000, 3000), (3000, 4000), (2000, 2010)
PHOTOS = {
    "Viajes/Cádiz 2019/playa.JPG": ("2019-08-12T18:30:00", LANDSCAPE, "Google Pixel 3", None),
    "Viajes/Cádiz 2019/noche.jpeg": ("2019-08-31T23:59:59", PORTRAIT, "Google Pixel 3", (36.5, -6.3)),
    "Viajes/Lima/mercado.png": ("2021-12-24T20:00:00", SQUARE, "Canon EOS 80D", (-12.0, -77.0)),
    "Casa/reyes.heic": ("2022-01-06T09:00:00", PORTRAIT, "Apple iPhone 12", None),
    "suelta.webp": ("2016-02-29T00:00:00", LANDSCAPE, None, None),
}


over_both_stores = pytest.mark.parametrize("open_catalog", BOTH_STORES, indirect=True)


@pytest.fixture
def catalog(open_catalog: OpenCatalog, tmp_path: Path) -> Iterator[Catalog]:
    with open_catalog(writer=True) as catalog:
        (tmp_path / "Mis fotos").mkdir()
        folder = catalog.add_folder(tmp_path / "Mis fotos")
        for name, (taken_at, (width, height), camera, place) in PHOTOS.items():
            lat, lon = place or (None, None)
            catalog.add_or_update_photo(
                folder.id, name, 10, 20, content_hash=name,
                info=PhotoInfo(width=width, height=height, taken_at=taken_at, camera=camera, lat=lat, lon=lon),
            )  # fmt: skip
        yield catalog


def names(catalog: Catalog, filters: Filters) -> list[str]:
    """Stems of the photos that pass, newest first; the two ways of asking must agree."""
    rows = catalog.library_rows(filters)
    assert sorted(rows.ids.tolist()) == catalog.filtered_ids(filters).tolist()
    known = catalog.photos(rows.ids)
    return [known[photo_id].path.stem for photo_id in rows.ids.tolist()]


@over_both_stores
def test_nothing_asked_lets_all_through_newest_first(catalog: Catalog) -> None:
    assert not Filters()
    assert names(catalog, Filters()) == ["reyes", "mercado", "noche", "playa", "suelta"]
    assert catalog.library_rows().ids.tolist() == catalog.all_photo_ids()
    assert (catalog.library_rows().moments[:-1] >= catalog.library_rows().moments[1:]).all()
    assert catalog.library_rows(newest_first=False).ids.tolist() == catalog.all_photo_ids(newest_first=False)
    assert catalog.filtered_ids(Filters()).tolist() == catalog.searchable_ids().tolist()


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(periods=(Period(date(2019, 8, 1), date(2019, 8, 31)),)), ["noche", "playa"]),
        (Filters(periods=(Period(date(2019, 8, 13), date(2019, 8, 31)),)), ["noche"]),
        (Filters(periods=(Period(date(2019, 8, 12), date(2019, 8, 12)),)), ["playa"]),
        (Filters(periods=(Period(date(2020, 1, 1), date(2019, 1, 1)),)), []),
        (Filters(periods=(Period(date.min, date(2016, 12, 31)), Period(date(2022, 1, 1), date.max))), [
            "reyes", "suelta"]),
        (Filters(month_days=((12, 20, 1, 6),)), ["reyes", "mercado"]),
        (Filters(month_days=((2, 29, 2, 29), (8, 1, 8, 20))), ["playa", "suelta"]),
        (
            Filters(month_days=((12, 20, 1, 6),), periods=(Period(date(2021, 1, 1), date(2021, 12, 31)),)),
            ["mercado"],
        ),
        (Filters(folder_ids=(1,)), ["reyes", "mercado", "noche", "playa", "suelta"]),
        (Filters(folder_ids=(7,)), []),
        (Filters(path_contains=("viajes",)), ["mercado", "noche", "playa"]),
        (Filters(path_contains=("CADIZ",)), ["noche", "playa"]),
        (Filters(path_contains=("viajes\\lima",)), ["mercado"]),
        (Filters(path_contains=("mis fotos", "casa")), ["reyes"]),
        (Filters(path_contains=("playa",)), []),  # the folder's path, not the file's name
        (Filters(name_contains=("PLAYA.jpg",)), ["playa"]),
        (Filters(cameras=("pixel",)), ["noche", "playa"]),
        (Filters(cameras=("canon", "IPHONE")), ["reyes", "mercado"]),
        (Filters(cameras=("nikon",)), []),
        (Filters(orientation=Orientation.LANDSCAPE), ["playa", "suelta"]),
        (Filters(orientation=Orientation.PORTRAIT), ["reyes", "noche"]),
        (Filters(orientation=Orientation.SQUARE), ["mercado"]),
        (Filters(types=("jpg",)), ["noche", "playa"]),
        (Filters(types=("heic", "png")), ["reyes", "mercado"]),
        (Filters(types=("docx",)), []),
        (Filters(has_place=True), ["mercado", "noche"]),
        (Filters(has_place=False), ["reyes", "playa", "suelta"]),
        (Filters(favorites=True), []),
        (Filters(cameras=("pixel",), orientation=Orientation.PORTRAIT, has_place=True), ["noche"]),
    ],
)  # fmt: skip
@over_both_stores
def test_a_filter_lets_through_what_it_names(catalog: Catalog, filters: Filters, expected: list[str]) -> None:
    assert filters
    assert names(catalog, filters) == expected


@over_both_stores
def test_what_is_not_shown_passes_no_filter(catalog: Catalog) -> None:
    reyes, mercado = catalog.all_photo_ids()[:2]
    catalog.mark_missing([reyes])
    catalog.set_error(mercado, FailureReason.READ_ERROR)
    assert names(catalog, Filters(month_days=((12, 20, 1, 6),))) == []


@over_both_stores
def test_names_that_are_no_text_do_not_disturb(catalog: Catalog) -> None:
    catalog.add_or_update_photo(1, "caf\udce9/\udcff.JPG", 1, 2, content_hash="x")
    assert len(names(catalog, Filters(types=("jpg",)))) == 3
    assert len(names(catalog, Filters(path_contains=("caf",)))) == 1


@over_both_stores
def test_favourites_are_kept_through_a_new_analysis_and_a_move(catalog: Catalog) -> None:
    photo_id = catalog.all_photo_ids()[0]
    catalog.set_favorite([photo_id, 999], True)
    assert catalog.favorites() == {photo_id}
    assert catalog.photos([photo_id])[photo_id].favorite
    catalog.move_photo(photo_id, "otra/reyes.heic")
    catalog.add_or_update_photo(1, "otra/reyes.heic", 11, 21, content_hash="new")
    assert names(catalog, Filters(favorites=True)) == ["reyes"]
    catalog.set_favorite([photo_id], False)
    assert catalog.favorites() == set()
    assert not catalog.photos([photo_id])[photo_id].favorite


def test_what_there_is_to_filter_by(catalog: Catalog) -> None:
    catalog.set_favorite(catalog.all_photo_ids()[:2], True)
    assert catalog.facets() == Facets(
        photos=5,
        cameras=(("Google Pixel 3", 2), ("Apple iPhone 12", 1), ("Canon EOS 80D", 1)),
        types=(("jpg", 2), ("heic", 1), ("png", 1), ("webp", 1)),
        years=((2022, 1), (2021, 1), (2019, 2), (2016, 1)),
        orientations=((Orientation.LANDSCAPE, 2), (Orientation.PORTRAIT, 2), (Orientation.SQUARE, 1)),
        kinds=(),
        favorites=2,
        with_place=2,
    )


def test_an_empty_catalogue_has_nothing_to_filter_by(tmp_path: Path) -> None:
    with Catalog.open(tmp_path / "c.sqlite") as catalog:
        assert catalog.facets() == Facets(0, (), (), (), (), (), 0, 0)
        assert len(catalog.library_rows()) == 0
        assert catalog.filtered_ids(Filters(cameras=("x",), path_contains=("y",))).tolist() == []


def test_every_photo_that_is_looked_into_has_a_type() -> None:
    assert {ending for endings in TYPES.values() for ending in endings} == EXTENSIONS
    assert all(type_of(f"a.b{ending.upper()}") for ending in EXTENSIONS)
    assert type_of("Lima/jpg") is None


@given(st.text(alphabet=st.characters(), max_size=50))
@example("𝑨")
def test_comparing_plainly_twice_changes_nothing(text: str) -> None:
    assert plain(plain(text)) == plain(text)
