"""Filters, favourites and the order of the library, in the catalogue."""

from __future__ import annotations

import calendar
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog_places import PlaceStore
from photofinder.library.catalog_rows import integers
from photofinder.library.filters import KINDS, Facets, Filters, Period, bits_of
from photofinder.library.photo_columns import ENDING, FAVORITE, PLACED, PhotoColumns, asks_columns, in_days
from photofinder.library.schema import Database

SHOWN = "missing_since IS NULL AND error IS NULL"
"""Condition on ``photo``: it is there (or its drive is away) and can be read."""

_OF_KINDS = "SELECT photo_id FROM look WHERE kinds != 0 AND kinds & ? != 0"
_DAY_S = 86_400
_COLUMNS = (
    # one pass over the table; whole numbers, because SQLite would round 1.02 * height differently from how it is said
    "SELECT group_concat(id), group_concat(moment), group_concat(folder_id), group_concat(char(48"
    " + CASE WHEN width * 50 > height * 51 THEN 1 WHEN height * 50 > width * 51 THEN 2 WHEN width > 0 THEN 3 ELSE 0 END"
    f" + {FAVORITE} * (favorite != 0) + {PLACED} * (lat IS NOT NULL AND lon IS NOT NULL)), ''),"
    " group_concat(replace(ifnull(camera, ''), char(10), ' '), char(10)),"
    f" CAST(group_concat(substr(CAST(x'{'20' * ENDING}' || rel_path AS BLOB), -{ENDING}), '') AS BLOB)"
    f" FROM (SELECT * FROM photo NOT INDEXED WHERE {SHOWN} ORDER BY id)"
)


@dataclass(frozen=True, slots=True, eq=False)
class LibraryRows:
    """Photos in order: ids ``(n,)`` int64 and moments ``(n,)`` int64, seconds since 1970 on the wall clock."""

    ids: NDArray[np.int64]
    moments: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.ids)


class FilteredStore(PlaceStore):
    """The part of the catalogue that knows which photos fulfil what is asked besides their content."""

    def __init__(self, database: Database, *, writer: bool) -> None:
        """See ``Catalog.open``."""
        super().__init__(database, writer=writer)
        self._read_columns: tuple[int, PhotoColumns] | None = None

    def filtered_ids(self, filters: Filters) -> NDArray[np.int64]:
        """Ids, ascending, of the photos that may be shown now and pass ``filters``; analysed yet or not."""
        ids = self.library_rows(filters).ids.copy()
        ids.sort()
        return ids

    def library_rows(self, filters: Filters | None = None, newest_first: bool = True) -> LibraryRows:
        """The photos to show that pass ``filters``, by when they were taken (or else the file's time), then by id.

        What has an index is asked of SQLite; the rest of columns that are read once (``photo_columns.py``): after a
        change that costs 0.1 s for 100,000 photos, and then a millisecond or two.
        """
        filters = filters or Filters()
        columns = self._columns() if asks_columns(filters) else self._current_columns()
        if columns is not None and not _is_indexed(filters):
            ids, moments = columns.ids, columns.moments
        else:
            condition, parameters = self._condition(filters)
            ((listed, when),) = self._database.rows(
                f"SELECT group_concat(id), group_concat(moment) FROM photo WHERE {condition}", parameters
            )
            ids, moments = integers(listed), integers(when)
        kept = np.ones(len(ids), dtype=np.bool_)
        if columns is not None and asks_columns(filters):
            passing = columns.ids[columns.passing(filters, self._root_names)]
            kept &= np.isin(ids, passing, assume_unique=True)
        if filters.month_days:
            kept &= in_days(moments, filters.month_days)
        for denied in self._denied(filters):
            kept &= np.isin(ids, denied, assume_unique=True, invert=True)
        ids, moments = ids[kept], moments[kept]
        order = np.lexsort((ids, moments))
        if newest_first:
            order = order[::-1]
        return LibraryRows(ids[order], moments[order])

    def _current_columns(self) -> PhotoColumns | None:
        """The columns, when they are as the catalogue is now."""
        known = self._read_columns
        return known[1] if known is not None and known[0] == self._database.version() else None

    def _columns(self) -> PhotoColumns:
        """Read again when anything was committed, through this connection or another."""
        columns = self._current_columns()
        if columns is None:
            version = self._database.version()
            ((ids, moments, roots, marks, cameras, endings),) = self._database.rows(_COLUMNS)
            numbers = integers(ids), integers(moments), integers(roots)
            columns = PhotoColumns.of(numbers, marks, cameras, endings, self._paths)
            self._read_columns = (version, columns)
        return columns

    def _paths(self) -> tuple[NDArray[np.int64], bytes]:
        """Ids, ascending, of the photos that are shown, and their paths with a zero between them."""
        ((ids, paths),) = self._database.rows(
            "SELECT group_concat(id), CAST(group_concat(rel_path, char(0)) AS BLOB)"
            f" FROM (SELECT id, rel_path FROM photo NOT INDEXED WHERE {SHOWN} ORDER BY id)"
        )
        return integers(ids), paths or b""

    def _root_names(self) -> dict[int, str]:
        return {root: Path(os.fsdecode(path)).name for root, path in self._database.rows("SELECT id, path FROM folder")}

    def favorites(self) -> set[int]:
        """The ids of all favourites, also of those that are not shown now."""
        return {photo_id for (photo_id,) in self._database.rows("SELECT id FROM photo WHERE favorite")}

    def set_favorite(self, ids: Iterable[int], favorite: bool) -> None:
        """Mark photos as favourites, or no longer. Ids that are not known are ignored."""
        self._database.rows(
            "UPDATE photo SET favorite = ? WHERE id IN (SELECT value FROM json_each(?))",
            [bool(favorite), json.dumps([int(photo_id) for photo_id in ids])],
        )

    def facets(self) -> Facets:
        """What the photos that are shown can be filtered by."""
        columns = self._columns()
        kinds = self._database.rows(
            "SELECT kinds, count(*) FROM look JOIN photo ON photo.id = photo_id"
            f" WHERE kinds != 0 AND {SHOWN} GROUP BY kinds"
        )
        return columns.facets({kind: sum(count for bits, count in kinds if bits & bit) for kind, bit in KINDS.items()})

    def _condition(self, filters: Filters) -> tuple[str, list[Any]]:
        """What an index can tell, with its parameters."""
        all_of = [SHOWN]
        parameters: list[Any] = []
        if filters.periods:
            all_of.append(f"({' OR '.join(['moment BETWEEN ? AND ?'] * len(filters.periods))})")
            parameters += [moment for period in filters.periods for moment in _moments(period)]
        if filters.kinds:
            all_of.append(f"id IN ({_OF_KINDS})")
            parameters.append(bits_of(filters.kinds))
        if filters.favorites:
            all_of.append("id IN (SELECT id FROM photo WHERE favorite)")
        if (wanted := self._wanted_places(filters)) is not None:
            all_of.append(wanted[0])
            parameters += wanted[1]
        return " AND ".join(all_of), parameters

    def _denied(self, filters: Filters) -> Iterator[NDArray[np.int64]]:
        """Photos that may not be among those that pass: few ids are told apart sooner here than in SQL."""
        if filters.not_kinds:
            ((denied,),) = self._database.rows(
                f"SELECT group_concat(photo_id) FROM ({_OF_KINDS})", [bits_of(filters.not_kinds)]
            )
            yield integers(denied)
        if filters.not_places:
            yield self._in_places(filters.not_places)


def _is_indexed(filters: Filters) -> bool:
    """Whether something is asked that ``_condition`` tells."""
    return bool(filters.periods or filters.kinds or filters.favorites or filters.places or filters.near)


def _moments(period: Period) -> tuple[int, int]:
    """First and last second of a period; the first after the last for one without days."""
    if period.end < period.start:
        return 1, 0
    return _midnight(period.start), _midnight(period.end) + _DAY_S - 1


def _midnight(day: date) -> int:
    return calendar.timegm(day.timetuple())
