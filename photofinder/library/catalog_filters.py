"""Filters, favourites and the order of the library, in the catalogue."""

from __future__ import annotations

import calendar
import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_places import PlaceStore
from photofinder.library.catalog_rows import integers
from photofinder.library.filters import TYPES, Facets, Filters, Orientation, Period, bits_of, plain, type_of

SHOWN = "missing_since IS NULL AND error IS NULL"
"""Condition on ``photo``: it is there (or its drive is away) and can be read."""

_FORMS = {
    # whole numbers: SQLite would round 1.02 * height differently from how it is said
    Orientation.LANDSCAPE: "width * 50 > height * 51",
    Orientation.PORTRAIT: "height * 50 > width * 51",
    Orientation.SQUARE: "width * 50 <= height * 51 AND height * 50 <= width * 51",
}
_DAY_S = 86_400
_CHUNK = 8192


@dataclass(frozen=True, slots=True, eq=False)
class LibraryRows:
    """Photos in order: ids ``(n,)`` int64 and moments ``(n,)`` int64, seconds since 1970 on the wall clock."""

    ids: NDArray[np.int64]
    moments: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


class FilteredStore(PlaceStore):
    """The part of the catalogue that knows which photos fulfil what is asked besides their content."""

    def filtered_ids(self, filters: Filters) -> NDArray[np.int64]:
        """Ids, ascending, of the photos that may be shown now and pass ``filters``; analysed yet or not."""
        ids = self.library_rows(filters).ids.copy()
        ids.sort()
        return ids

    def library_rows(self, filters: Filters | None = None, newest_first: bool = True) -> LibraryRows:
        """The photos to show that pass ``filters``, by when they were taken (or else the file's time), then by id."""
        filters = filters or Filters()
        condition, parameters = self._condition(filters)
        if filters.path_contains or filters.name_contains:
            ids, moments = self._rows_by_path(condition, parameters, self._path_test(filters))
        else:
            ((listed, when),) = self._database.rows(
                f"SELECT group_concat(id), group_concat(moment) FROM photo WHERE {condition}", parameters
            )
            ids, moments = integers(listed), integers(when)
        order = np.lexsort((ids, moments))
        if newest_first:
            order = order[::-1]
        return LibraryRows(ids[order], moments[order])

    def _rows_by_path(
        self, condition: str, parameters: list[Any], passes: _PathTest
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and moments, in any order, of the photos that fulfil the condition and whose path passes."""
        found = [np.empty((0, 2), dtype=np.int64)]
        for rows in self._database.chunks(
            f"SELECT id, moment, folder_id, rel_path FROM photo WHERE {condition}", parameters, _CHUNK
        ):
            passing = [row[:2] for row in rows if passes(row[2], os.fsdecode(row[3]))]
            found.append(np.array(passing, dtype=np.int64).reshape(-1, 2))
        both = np.concatenate(found)
        return both[:, 0], both[:, 1]

    def favorites(self) -> set[int]:
        """The ids of all favourites, also of those that are not shown now."""
        return {photo_id for (photo_id,) in self._database.rows("SELECT id FROM photo WHERE favorite")}

    def set_favorite(self, ids: Iterable[int], favorite: bool) -> None:
        """Mark photos as favourites, or no longer. Ids that are not known are ignored."""
        self._database.rows(
            "UPDATE photo SET favorite = ? WHERE id IN (SELECT value FROM json_each(?))",
            [int(favorite), json.dumps([int(photo_id) for photo_id in ids])],
        )

    def facets(self) -> Facets:
        """What the photos that are shown can be filtered by."""
        rows = self._database.rows
        cameras = rows(
            f"SELECT camera, count(*) FROM photo WHERE {SHOWN} AND camera > '' GROUP BY camera ORDER BY 2 DESC, 1"
        )
        years = rows(
            f"SELECT CAST(strftime('%Y', moment, 'unixepoch') AS INTEGER), count(*) FROM photo WHERE {SHOWN}"
            " GROUP BY 1 ORDER BY 1 DESC"
        )
        types: Counter[str] = Counter()
        for ending, count in rows(f"SELECT substr(rel_path, -5), count(*) FROM photo WHERE {SHOWN} GROUP BY 1"):
            if (kind := type_of(os.fsdecode(ending))) is not None:
                types[kind] += count
        ((photos, favorites, placed, *forms),) = rows(
            "SELECT count(*), coalesce(sum(favorite), 0), "
            "count(CASE WHEN lat IS NOT NULL AND lon IS NOT NULL THEN 1 END), "
            + ", ".join(f"count(CASE WHEN {form} THEN 1 END)" for form in _FORMS.values())
            + f" FROM photo WHERE {SHOWN}"
        )
        return Facets(
            photos=photos,
            cameras=tuple((camera, count) for camera, count in cameras),
            types=tuple(sorted(types.items(), key=lambda one: (-one[1], one[0]))),
            years=tuple((year, count) for year, count in years if year is not None),
            orientations=tuple((form, count) for form, count in zip(_FORMS, forms, strict=True) if count),
            favorites=favorites,
            with_place=placed,
        )

    def _condition(self, filters: Filters) -> tuple[str, list[Any]]:
        """What SQL can tell, with its parameters; the paths are left to ``_path_test``."""
        all_of = [SHOWN]
        parameters: list[Any] = []
        when: list[str] = []
        for period in filters.periods:
            when.append("moment BETWEEN ? AND ?")
            parameters += _moments(period)
        if filters.periods:
            all_of.append(f"({' OR '.join(when)})")
        if filters.month_days:
            day = "CAST(strftime('%m%d', moment, 'unixepoch') AS INTEGER)"
            stretches = []
            for month, first, last_month, last in filters.month_days:
                start, end = month * 100 + first, last_month * 100 + last
                stretches.append(f"({day} >= ? {'AND' if start <= end else 'OR'} {day} <= ?)")
                parameters += [start, end]
            all_of.append(f"({' OR '.join(stretches)})")
        if filters.folder_ids:
            all_of.append("folder_id IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(filters.folder_ids))
        if filters.cameras:
            all_of.append("camera IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(self._cameras_like(filters.cameras)))
        if filters.types:
            endings = sorted({ending for kind in filters.types for ending in TYPES.get(kind, ())})
            # SQLite's LIKE ignores the letter case of ASCII, and of a name that is no text it compares the bytes
            likes = ["CAST(rel_path AS TEXT) LIKE ?"] * len(endings) or ["0"]
            all_of.append(f"({' OR '.join(likes)})")
            parameters += [f"%{ending}" for ending in endings]
        if filters.orientation is not None:
            all_of.append(_FORMS[filters.orientation])
        for kinds, membership in ((filters.kinds, "IN"), (filters.not_kinds, "NOT IN")):
            if kinds:
                all_of.append(f"id {membership} (SELECT photo_id FROM look WHERE kinds != 0 AND kinds & ?)")
                parameters.append(bits_of(kinds))
        if filters.favorites:
            all_of.append("favorite")
        if filters.has_place is not None:
            all_of.append(
                "lat IS NOT NULL AND lon IS NOT NULL" if filters.has_place else "(lat IS NULL OR lon IS NULL)"
            )
        conditions, values = self._place_condition(filters)
        return " AND ".join([*all_of, *conditions]), [*parameters, *values]

    def _cameras_like(self, wanted: tuple[str, ...]) -> list[str]:
        needles = [plain(name) for name in wanted]
        known = self._database.rows("SELECT DISTINCT camera FROM photo WHERE camera IS NOT NULL")
        return [camera for (camera,) in known if any(needle in plain(camera) for needle in needles)]

    def _path_test(self, filters: Filters) -> _PathTest:
        roots = self._database.rows("SELECT id, path FROM folder") if filters.path_contains else []
        names = {root: Path(os.fsdecode(path)).name for root, path in roots}
        return _PathTest(names, filters.path_contains, filters.name_contains)


class _PathTest:
    """Whether a photo lies in a folder that is asked for. Photos share folders: each is read once."""

    def __init__(self, roots: dict[int, str], folders: tuple[str, ...], names: tuple[str, ...]) -> None:
        self._roots = roots
        self._folders = [plain(part).strip("/") for part in folders]
        self._names = [plain(part) for part in names]
        self._seen: dict[tuple[int, str], bool] = {}

    def __call__(self, root: int, rel_path: str) -> bool:
        folder, _, name = rel_path.rpartition("/")
        if self._names:
            read = plain(name)
            if not all(part in read for part in self._names):
                return False
        if not self._folders:
            return True
        key = (root, folder)
        if key not in self._seen:
            path = plain(f"{self._roots.get(root, '')}/{folder}")
            self._seen[key] = all(part in path for part in self._folders)
        return self._seen[key]


def _moments(period: Period) -> tuple[int, int]:
    """First and last second of a period; the first after the last for one without days."""
    if period.end < period.start:
        return 1, 0
    return _midnight(period.start), _midnight(period.end) + _DAY_S - 1


def _midnight(day: date) -> int:
    return calendar.timegm(day.timetuple())
