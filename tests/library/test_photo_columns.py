"""Filters told from columns in memory: the same answer as asking each photo by itself."""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest

from photofinder.library.catalog import Catalog, Photo
from photofinder.library.filters import Filters, Orientation, Period, plain, type_of
from photofinder.library.images import PhotoInfo
from photofinder.library.photo_columns import ENDING, PhotoColumns

FOLDERS = ("", "Viajes/Cádiz 2019/", "viajes/Lima/", "Casa/año nuevo/", "caf\udce9/", "viajes/")
NAMES = ("IMG_{}.jpg", "Ñandú {}.JPEG", "foto{}.heic", "p{}.Png", "{}.webp", "sin ending {}")
CAMERAS = (None, "Google Pixel 3", "CANON EOS 80D", "Cámara\nrara", "")
Value = TypeVar("Value")
SIZES = ((None, None), (4000, 3000), (3000, 4000), (2000, 2010), (1, 1))


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalog]:
    drawn = random.Random(4)
    base = tmp_path_factory.mktemp("columns")
    with Catalog.open(base / "catalog.sqlite", writer=True) as catalog:
        roots = [base / "Mis fotos", base / "Disco de Ana"]
        for root in roots:
            root.mkdir()
        ids = [catalog.add_folder(root).id for root in roots]
        with catalog.transaction():
            for number in range(300):
                width, height = drawn.choice(SIZES)
                day = f"{drawn.randint(1950, 2024)}-{drawn.randint(1, 12):02d}-{drawn.randint(1, 28):02d}T23:59:59"
                photo_id = catalog.add_or_update_photo(
                    drawn.choice(ids), drawn.choice(FOLDERS) + drawn.choice(NAMES).format(number), 10, 20,
                    content_hash=str(number),
                    info=PhotoInfo(
                        width=width or 0, height=height or 0, taken_at=day, camera=drawn.choice(CAMERAS),
                        lat=drawn.choice((None, 36.5)), lon=-6.3,
                    ),
                )  # fmt: skip
                if drawn.random() < 0.1:
                    catalog.mark_missing([photo_id])
                if drawn.random() < 0.3:
                    catalog.set_favorite([photo_id], True)
        yield catalog


def passes(photo: Photo, root: str, filters: Filters) -> bool:
    """The definition in ``Filters``, of one photo."""
    taken = datetime.fromisoformat(str(photo.taken_at)).date()
    folder = plain(f"{root}/{photo.rel_path.rpartition('/')[0]}")
    width, height = photo.width or 0, photo.height or 0
    form = {
        Orientation.LANDSCAPE: width * 50 > height * 51,
        Orientation.PORTRAIT: height * 50 > width * 51,
        Orientation.SQUARE: width > 0 and width * 50 <= height * 51 and height * 50 <= width * 51,
    }
    camera = plain(photo.camera or "")
    told = (
        not filters.periods or any(period.start <= taken <= period.end for period in filters.periods),
        not filters.folder_ids or photo.folder_id in filters.folder_ids,
        all(plain(part).strip("/") in folder for part in filters.path_contains),
        all(plain(part) in plain(photo.path.name) for part in filters.name_contains),
        not filters.cameras or (camera != "" and any(plain(name) in camera for name in filters.cameras)),
        filters.orientation is None or form[filters.orientation],
        not filters.types or type_of(photo.rel_path) in filters.types,
        not filters.favorites or photo.favorite,
        filters.has_place is None or filters.has_place == (photo.lat is not None),
        not filters.month_days
        or any(
            (month, first) <= (taken.month, taken.day) <= (last_month, last)
            if (month, first) <= (last_month, last)
            else (taken.month, taken.day) >= (month, first) or (taken.month, taken.day) <= (last_month, last)
            for month, first, last_month, last in filters.month_days
        ),
    )
    return all(told)


def drawn_filters(drawn: random.Random) -> Filters:
    def maybe(value: Value, otherwise: Value) -> Value:
        return value if drawn.random() < 0.25 else otherwise

    start = date(drawn.randint(1950, 2024), drawn.randint(1, 12), 1)
    return Filters(
        periods=maybe((Period(start, date(start.year + drawn.randint(0, 40), 6, 30)),), ()),
        month_days=maybe((drawn.choice(((12, 20, 1, 6), (2, 1, 9, 28))),), ()),
        folder_ids=maybe((drawn.choice((1, 2, 9)),), ()),
        path_contains=maybe((drawn.choice(("VIAJES", "cadiz", "fotos", "disco\\viajes", "caf")),), ()),
        name_contains=maybe((drawn.choice(("1", "nandu", ".jpg", "IMG_1")),), ()),
        cameras=maybe((drawn.choice(("pixel", "canon", "camara", "leica", "")),), ()),
        orientation=maybe(drawn.choice(list(Orientation)), None),
        types=maybe((drawn.choice(("jpg", "png", "heic", "docx")), "webp"), ()),
        favorites=maybe(True, False),
        has_place=maybe(drawn.choice((True, False)), None),
    )


def test_every_mixture_of_filters_lets_through_what_its_definition_says(catalog: Catalog) -> None:
    drawn = random.Random(7)
    roots = {folder.id: folder.path.name for folder in catalog.folders()}
    photos = catalog.photos(catalog.all_photo_ids()).values()
    assert len(photos) > 200
    found = 0
    for _ in range(400):
        filters = drawn_filters(drawn)
        expected = sorted(photo.id for photo in photos if passes(photo, roots[photo.folder_id], filters))
        assert catalog.filtered_ids(filters).tolist() == expected, filters
        found += bool(expected)
    assert found > 150  # not only filters that nothing passes


def test_another_connection_s_change_is_seen(tmp_path: Path) -> None:
    (tmp_path / "f").mkdir()
    jpegs, filters = Filters(types=("jpg",), name_contains=("a",)), Filters(path_contains=("viajes",))
    with (
        Catalog.open(tmp_path / "catalog.sqlite", writer=True) as writer,
        Catalog.open(tmp_path / "catalog.sqlite") as reader,
    ):
        folder = writer.add_folder(tmp_path / "f")
        first = writer.add_or_update_photo(folder.id, "viajes/a.jpg", 1, 2, content_hash="x")
        assert reader.filtered_ids(jpegs).tolist() == reader.filtered_ids(filters).tolist() == [first]
        second = writer.add_or_update_photo(folder.id, "viajes/ba.jpg", 1, 2, content_hash="y")
        assert reader.filtered_ids(jpegs).tolist() == reader.filtered_ids(filters).tolist() == [first, second]
        writer.set_favorite([second], True)
        assert reader.filtered_ids(Filters(types=("jpg",), favorites=True)).tolist() == [second]
        assert reader.facets().favorites == 1


def test_paths_that_were_committed_meanwhile_do_not_shift_the_others() -> None:
    ids = np.array([3, 5, 9], dtype=np.int64)
    later = np.array([3, 4, 9, 11], dtype=np.int64)
    columns = PhotoColumns.of(
        (ids, ids, np.ones(3, dtype=np.int64)), "111", "\n\n", b"a.jpg" * 3,
        lambda: (later, b"x/a.jpg\0x/new.jpg\0y/c.jpg\0z/d.jpg"),
    )  # fmt: skip
    assert len(columns.type_of) == 3
    assert columns.passing(Filters(path_contains=("y",)), dict).tolist() == [False, False, True]
    assert columns.passing(Filters(path_contains=("x",)), dict).tolist() == [True, False, False]
    assert columns.passing(Filters(name_contains=(".jpg",)), dict).tolist() == [True, False, True]
    assert columns.passing(Filters(name_contains=("new",)), dict).tolist() == [False] * 3


def test_no_photos_are_no_error() -> None:
    none = np.empty(0, dtype=np.int64)
    columns = PhotoColumns.of((none, none, none), None, None, None, lambda: (none, b""))
    for filters in (Filters(path_contains=("a",)), Filters(name_contains=("a",)), Filters(cameras=("a",))):
        assert columns.passing(filters, dict).tolist() == []
    assert columns.facets({}).photos == 0


def test_an_ending_is_as_long_as_the_longest_type() -> None:
    assert type_of("x.jpeg"[-ENDING:]) == "jpg"
    moment = calendar.timegm((2019, 8, 12, 0, 0, 0))
    one = np.array([1], dtype=np.int64)
    columns = PhotoColumns.of((one, np.array([moment]), one), "7", "Pixel", b".JPEG", lambda: (one, b"x.JPEG"))
    assert columns.facets({"dark": 0, "odd": 1}).kinds == (("odd", 1),)
    assert columns.facets({}).years == ((2019, 1),)
