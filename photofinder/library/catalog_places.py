"""Places in the catalogue: which photo was taken where, and what is known of each place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_rows import integers
from photofinder.library.catalog_vectors import VectorStore
from photofinder.library.filters import Filters, Near
from photofinder.library.gazetteer import EDITION, distances_km
from photofinder.library.places import Area, Level, Located, NamedPlace, Places, keys_of, kilometres_in_degrees
from photofinder.library.schema import Database

_TAKEN_IN = "SELECT photo_id FROM photo_area WHERE area_id IN (SELECT value FROM json_each(?))"


class Position(NamedTuple):
    """A photo and its degrees."""

    photo_id: int
    lat: float
    lon: float


class PlaceStore(VectorStore):
    """The part of the catalogue that knows where photos were taken."""

    def __init__(self, database: Database, *, writer: bool) -> None:
        """See ``Catalog.open``."""
        super().__init__(database, writer=writer)
        self._places: tuple[int, Places] | None = None

    def unlocated(self, limit: int) -> list[Position]:
        """Photos with coordinates whose place was not looked up yet, or with older data; at most ``limit``."""
        rows = self._database.rows(
            "SELECT id, lat, lon FROM photo WHERE lat IS NOT NULL AND lon IS NOT NULL AND NOT EXISTS"
            " (SELECT 1 FROM photo_area WHERE photo_id = photo.id AND edition = ?) LIMIT ?",
            [EDITION, limit],
        )
        return [Position(*row) for row in rows]

    def put_places(self, photo_ids: Sequence[int], located: Sequence[Located]) -> None:
        """Record where photos were taken; those that are not known any more, or moved meanwhile, are left out."""
        with self._database.transaction():
            known: dict[str, int] = dict(self._database.rows("SELECT code, id FROM area"))
            rows = []
            for photo_id, one in zip(photo_ids, located, strict=True):
                for chain in one.near:
                    self._area_id(chain, known)
                rows.append((self._area_id(one.chain, known), EDITION, photo_id))
            self._database.many(
                "INSERT OR REPLACE INTO photo_area (photo_id, area_id, edition)"
                " SELECT id, ?, ? FROM photo WHERE id = ?",
                rows,
            )

    def _area_id(self, chain: Sequence[NamedPlace], known: dict[str, int]) -> int | None:
        """The row of the smallest place of ``chain``, which is written with those around it when it is new."""
        parent: int | None = None
        for place in chain:
            area_id = known.get(place.code)
            if area_id is None:
                area_id = self._database.insert(
                    "INSERT INTO area (code, level, parent, es, en, keys, lat, lon) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    [
                        place.code, int(place.level), parent, place.es, place.en, "|".join(keys_of(place)),
                        place.lat, place.lon,
                    ],
                )  # fmt: skip
                known[place.code] = area_id
            parent = area_id
        return parent

    def known_places(self) -> Places:
        """All places of photos, and the large towns near them, with how many photos to show each has.

        Read again when anything was committed, through this connection or another.
        """
        version = self._database.version()
        if self._places is None or self._places[0] != version:
            self._places = (version, self._read_places())
        return self._places[1]

    def _read_places(self) -> Places:
        located = "SELECT area_id, count(*) FROM photo_area WHERE area_id IS NOT NULL GROUP BY area_id"
        hidden = (
            "SELECT +area_id, count(*) FROM photo JOIN photo_area ON photo_id = photo.id"
            " WHERE (missing_since IS NOT NULL OR error IS NOT NULL) AND +area_id IS NOT NULL GROUP BY +area_id"
        )  # few, and found by an index of their own: with the signs SQLite uses it, else it reads every photo
        counted: dict[int, int] = dict(self._database.rows(located))
        for area_id, count in self._database.rows(hidden):
            counted[area_id] -= count
        rows = self._database.rows("SELECT id, code, level, parent, es, en, keys, lat, lon FROM area ORDER BY level")
        photos = {row[0]: counted.get(row[0], 0) for row in rows}
        for row in reversed(rows):  # the smallest first
            if row[3] in photos:
                photos[row[3]] += photos[row[0]]
        return Places.of(
            Area(area_id, code, Level(level), parent, es, en, tuple(keys.split("|")), lat, lon, photos[area_id])
            for area_id, code, level, parent, es, en, keys, lat, lon in rows
        )

    def place_words(self, photo_ids: Iterable[int], spanish: bool = True) -> dict[int, str]:
        """«Sevilla, Andalucía, España» of those photos whose place is known."""
        rows = self._database.rows(
            "SELECT photo_id, area_id FROM photo_area WHERE area_id IS NOT NULL"
            " AND photo_id IN (SELECT value FROM json_each(?))",
            [json.dumps([int(photo_id) for photo_id in photo_ids])],
        )
        known = self.known_places() if rows else Places()
        return {photo_id: known.words(known.areas[area_id], spanish) for photo_id, area_id in rows}

    def _wanted_places(self, filters: Filters) -> tuple[str, list[object]] | None:
        """The condition on ``photo`` for the places that are asked for, with its parameters."""
        if not (filters.places or filters.near):
            return None
        any_of = [f"id IN ({_TAKEN_IN})"]
        parameters: list[object] = [self._areas(filters.places)]
        if filters.near:
            any_of.append("id IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(sorted({one for near in filters.near for one in self._near(near)})))
        return f"({' OR '.join(any_of)})", parameters

    def _in_places(self, names: Iterable[str]) -> NDArray[np.int64]:
        """Photos that were taken in any of these places, shown or not."""
        ((listed,),) = self._database.rows(f"SELECT group_concat(photo_id) FROM ({_TAKEN_IN})", [self._areas(names)])
        return integers(listed)

    def _areas(self, names: Iterable[str]) -> str:
        """All areas in the places of these names, as JSON."""
        known = self.known_places()
        return json.dumps(sorted(known.within(area for name in names for area in known.named(name))))

    def _near(self, near: Near) -> list[int]:
        """Photos at most so many kilometres from a point, as the crow flies."""
        margin = kilometres_in_degrees(near.km)
        rows = self._database.rows(
            "SELECT id, lat, lon FROM photo WHERE lat BETWEEN ? AND ? AND lon IS NOT NULL",
            [near.lat - margin, near.lat + margin],
        )
        if not rows:
            return []
        found = np.array(rows, dtype=np.float64)
        distance = distances_km(found[:, 1], found[:, 2], near.lat, near.lon)
        return [int(photo_id) for photo_id in found[distance <= near.km, 0]]
