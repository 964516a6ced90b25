"""What the program is doing when the disk fails: each story with the state before it and what must hold after it."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from photofinder.library.filters import Filters
from photofinder.library.schema import migration
from photofinder.paths import DataPaths, data_paths
from photofinder.searches import SavedSearch, Searches, load_searches, save_searches
from photofinder.settings import Settings, load_settings, save_settings
from tests.conftest import write_photo
from tests.library.old_catalogs import catalogue_of
from tests.reliability.shim import Program

PHOTOS = 10


@dataclass(frozen=True)
class Place:
    """The folders of a try. ``photos`` is what is analysed; ``state`` is all that is the program's."""

    base: Path
    before: Path = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", self.base / "antes")

    @property
    def photos(self) -> Path:
        """What the person has."""
        return self.base / "Fotos de Ñandú"

    @property
    def state(self) -> Path:
        """What is ours."""
        return self.base / "estado"

    @property
    def paths(self) -> DataPaths:
        """The files in ``state``."""
        return data_paths(self.state)

    @property
    def index(self) -> list[str]:
        """The command that analyses the photos."""
        return ["index", str(self.photos), "--json"]

    def keep(self) -> None:
        """Remember photos and state as they are now: every try begins with them."""
        shutil.rmtree(self.before, ignore_errors=True)
        for folder in (self.photos, self.state):
            if folder.exists():
                shutil.copytree(folder, self.before / folder.name, symlinks=True)

    def reset(self) -> None:
        """Photos and state as ``keep`` found them."""
        for folder in (self.photos, self.state):
            for gone in (folder, away(folder)):
                shutil.rmtree(gone, ignore_errors=True)
            if (self.before / folder.name).exists():
                shutil.copytree(self.before / folder.name, folder, symlinks=True)

    def put_back(self) -> None:
        """What was taken away is there again; what was made in its place goes."""
        for folder in (self.photos, self.state):
            if away(folder).exists():
                shutil.rmtree(folder, ignore_errors=True)
                away(folder).rename(folder)


def away(folder: Path) -> Path:
    """Where a folder is while it is away."""
    return folder.with_name(folder.name + " (lejos)")


@dataclass(frozen=True)
class Story:
    """``prepare`` makes the state before; ``run`` is done under faults; ``check`` returns what is wrong after it.

    ``again``: it is repeated without faults before the check, and ``images`` photos are what both may show the network
    without a batch being done twice.
    """

    name: str
    about: str
    prepare: Callable[[Place, Program], None]
    run: Callable[[Place], list[str] | str]
    check: Callable[[Place], list[str]]
    again: bool = True
    images: int = 0


def fill(folder: Path, first: int = 0, count: int = PHOTOS) -> None:
    """Generated photos, no two alike."""
    for seed in range(first, first + count):
        write_photo(folder / ("2019" if seed % 2 else "2021") / f"IMG_{seed:04}.jpg", size=(96, 64), seed=seed)


def _nothing_known(place: Place, program: Program) -> None:
    fill(place.photos)


def _library_that_changed(place: Place, program: Program) -> None:
    fill(place.photos)
    assert program.run(place.index)["code"] == 0
    with closing(sqlite3.connect(place.paths.catalog)) as connection:
        connection.execute("UPDATE photo SET favorite = 1 WHERE id % 2")
        connection.commit()
    fill(place.photos, PHOTOS, 5)
    write_photo(place.photos / "2021" / "IMG_0000.jpg", size=(96, 64), seed=100)
    (place.photos / "2019" / "IMG_0001.jpg").unlink()
    (place.photos / "2019" / "IMG_0003.jpg").rename(place.photos / "2021" / "con otro nombre.jpg")
    shutil.copy(place.photos / "2019" / "IMG_0005.jpg", place.photos / "copia.jpg")
    (place.photos / "rota.jpg").write_bytes(b"no es una foto")


def _old_catalogue(place: Place, program: Program) -> None:
    fill(place.photos)
    place.paths.data.mkdir(parents=True)
    catalogue_of(1, place.paths.catalog)


def _choices(place: Place, program: Program) -> None:
    save_settings(place.paths.settings, Settings(thumbnail_side=111))
    save_searches(place.paths.searches, Searches(("vieja",)))


def rows(path: Path, sql: str) -> list[tuple[object, ...]]:
    """What a query finds."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def analysed(place: Place, root: Path) -> list[str]:
    """What is wrong with the photos of ``root``: each is shown once, with both vectors; what is gone is not."""
    wrong = []
    on_disk = {os.fsencode(path.relative_to(root).as_posix()) for path in root.rglob("*.jpg")}
    found = rows(
        place.paths.catalog,
        "SELECT rel_path, missing_since IS NOT NULL, error, (SELECT count(*) FROM vector WHERE photo_id = photo.id)"
        f" FROM photo WHERE folder_id = (SELECT id FROM folder WHERE path = CAST('{root}' AS BLOB))",
    )
    shown = [str(rel) for rel, missing, _, _ in found if not missing]
    if sorted(shown) != sorted(map(str, on_disk)):
        wrong.append(f"photos: {shown}, not {sorted(on_disk)}")
    for rel, missing, error, vectors in found:
        if not missing and vectors != (0 if error else 2):
            wrong.append(f"{rel!r} has {vectors} vectors, error {error}")
    return wrong


def _all_analysed(place: Place) -> list[str]:
    return analysed(place, place.photos)


def _changed_library(place: Place) -> list[str]:
    wrong = analysed(place, place.photos)
    favourites = rows(place.paths.catalog, "SELECT id FROM photo WHERE favorite ORDER BY id")
    if favourites != [(1,), (3,), (5,), (7,), (9,)]:
        wrong.append(f"favourites: {favourites}")
    ids = rows(place.paths.catalog, "SELECT count(*) FROM photo WHERE id <= 10")
    if ids != [(PHOTOS,)]:
        wrong.append(f"{ids} of the photos that were known")
    return wrong


def _upgraded(place: Place) -> list[str]:
    wrong = analysed(place, place.photos)
    if rows(place.paths.catalog, "PRAGMA user_version") != [(migration.newest,)]:
        wrong.append("not upgraded")
    old = rows(place.paths.catalog, "SELECT id, missing_since FROM photo WHERE folder_id IN (2, 5) ORDER BY id")
    if old != [(3, None), (4, None), (9, None)]:
        wrong.append(f"photos of the folders that are away: {old}")
    if rows(place.paths.catalog, "SELECT count(*) FROM vector WHERE photo_id IN (3, 4)") != [(4,)]:
        wrong.append("vectors of the folders that are away")
    return wrong


def _old_or_new_choices(place: Place) -> list[str]:
    wrong = []
    if (side := load_settings(place.paths.settings).thumbnail_side) not in (111, 222):
        wrong.append(f"thumbnail_side {side}")
    searches = load_searches(place.paths.searches)
    if searches not in (
        Searches(("vieja",)),
        Searches(("nueva", "vieja"), (SavedSearch("Una", "mar", Filters()),)),
    ):
        wrong.append(f"{searches}")
    return wrong


STORIES = (
    Story(
        "first",
        "the first analysis, of ten photos",
        _nothing_known,
        lambda place: place.index,
        _all_analysed,
        images=PHOTOS,
    ),
    Story(
        "later",
        "new, changed, deleted, moved, copied and broken photos in a known folder",
        _library_that_changed,
        lambda place: place.index,
        _changed_library,
        images=6,
    ),
    Story(
        "upgrade",
        "a catalogue of version 1 is upgraded and a folder added",
        _old_catalogue,
        lambda place: place.index,
        _upgraded,
        images=PHOTOS,
    ),
    Story(
        "choices",
        "settings and searches are kept",
        _choices,
        lambda place: "keep_choices",
        _old_or_new_choices,
        again=False,
    ),
)
