"""Filters as conditions that PostgreSQL decides by itself: none of the photos has to come here first.

An embedded catalogue keeps columns of its photos in memory for that (``photo_columns``), which tens of millions would
not fit in. What both let through is compared in ``tests/library/test_filters.py``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from photofinder.library.filters import TYPES, Filters, Orientation, bits_of, plain

_FORMS = {
    Orientation.LANDSCAPE: "width * 50 > height * 51",
    Orientation.PORTRAIT: "height * 50 > width * 51",
    Orientation.SQUARE: "width * 50 <= height * 51 AND height * 50 <= width * 51",
}
_DAY = "CAST(to_char(to_timestamp(moment) AT TIME ZONE 'UTC', 'MMDD') AS integer)"
_IN_LIST = "IN (SELECT value FROM json_each(?))"

Condition = tuple[str, list[Any]]


def column_conditions(filters: Filters, cameras_like: Callable[[Sequence[str]], list[str]]) -> list[Condition]:
    """What is asked of the columns of ``photo``, but for times, places and names of folders and files.

    ``cameras_like``: the cameras whose names contain one of the folded words.
    """
    found: list[Condition] = []
    if filters.month_days:
        stretches, parameters = [], []
        for month, first, last_month, last in filters.month_days:
            start, end = month * 100 + first, last_month * 100 + last
            stretches.append(f"({_DAY} >= ? {'AND' if start <= end else 'OR'} {_DAY} <= ?)")
            parameters += [start, end]
        found.append((f"({' OR '.join(stretches)})", parameters))
    if filters.folder_ids:
        found.append((f"folder_id {_IN_LIST}", [json.dumps(filters.folder_ids)]))
    if filters.cameras:
        known = cameras_like([plain(name) for name in filters.cameras])
        found.append(("camera = ANY(?)", [known]))
    if filters.types:
        endings = sorted({ending for kind in filters.types for ending in TYPES.get(kind, ())})
        # of a name that is no text the bytes are compared
        likes = " OR ".join(["encode(rel_path, 'escape') ILIKE ?"] * len(endings))
        found.append((f"({likes or 'false'})", [f"%{ending}" for ending in endings]))
    if filters.orientation is not None:
        found.append((_FORMS[filters.orientation], []))
    if filters.not_kinds:
        not_of = "id NOT IN (SELECT photo_id FROM look WHERE kinds != 0 AND kinds & ? != 0)"
        found.append((not_of, [bits_of(filters.not_kinds)]))
    if filters.has_place is not None:
        placed = "lat IS NOT NULL AND lon IS NOT NULL" if filters.has_place else "(lat IS NULL OR lon IS NULL)"
        found.append((placed, []))
    return found


class PathTest:
    """Whether the words for a folder and a name occur in a path. Photos share folders: each is read once."""

    def __init__(self, roots: dict[int, str], filters: Filters) -> None:
        """``roots``: what each is called."""
        self._roots = roots
        self._folders = [plain(part).strip("/") for part in filters.path_contains]
        self._names = [plain(part) for part in filters.name_contains]
        self._seen: dict[tuple[int, str], bool] = {}

    def __call__(self, root: int, rel_path: str) -> bool:
        """Whether all words of ``filters`` occur in the path of a photo in ``root``."""
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
