"""Searches that the person made and those kept under a name, as JSON: read tolerantly, written atomically."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

from photofinder.library.filters import Filters, Near, Orientation, Period
from photofinder.settings import read_object, write_whole

HISTORY = 200
"""Searches that are remembered, the newest first."""
SAVED = 500
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """Words and filters under a name; photos are not kept, their files may go."""

    name: str
    text: str
    filters: Filters


@dataclass(frozen=True, slots=True)
class Searches:
    """Everything that is kept; each change is a new one. ``saved``: in alphabetical order, names differ.

    ``foreign``: saved searches that this version does not understand, as JSON; they are kept for the one that does.
    """

    history: tuple[str, ...] = ()
    saved: tuple[SavedSearch, ...] = ()
    foreign: tuple[str, ...] = ()

    def remembering(self, text: str) -> Searches:
        """With this search as the newest; what was only its beginning goes."""
        text = " ".join(text.split())
        if not text or len(text) > _LONGEST:
            return self
        rest = [old for old in self.history if old != text]
        if rest and text.startswith(rest[0]):  # the same search, further typed
            rest = rest[1:]
        return replace(self, history=(text, *rest)[:HISTORY])

    def without_history(self) -> Searches:
        """Nothing remembered; what has a name stays."""
        return replace(self, history=())

    def saving(self, search: SavedSearch) -> Searches:
        """With this one; it takes the place of one with the same name."""
        kept = [old for old in self.saved if old.name != search.name]
        return replace(self, saved=tuple(sorted([*kept, search][:SAVED], key=lambda one: one.name.casefold())))

    def renamed(self, old: str, new: str) -> Searches:
        """The search ``old`` is called ``new``; nothing changes when there is none, or one of that name already."""
        found = self.named(old)
        return self if found is None or self.named(new) else self.removed(old).saving(replace(found, name=new))

    def removed(self, name: str) -> Searches:
        """Without the search of this name."""
        return replace(self, saved=tuple(one for one in self.saved if one.name != name))

    def named(self, name: str) -> SavedSearch | None:
        """The search of this name."""
        return next((one for one in self.saved if one.name == name), None)


def load_searches(path: Path) -> Searches:
    """What ``path`` holds; nothing when there is no file or it cannot be opened.

    A damaged one is set aside, and its copy counts.
    """
    stored = read_object(path)
    history = [text for text in _list(stored, "history") if isinstance(text, str) and 0 < len(text) <= _LONGEST]
    searches = Searches(tuple(dict.fromkeys(history))[:HISTORY])
    foreign = []
    for one in _list(stored, "saved"):
        try:
            name, words = str(one["name"]), str(one["text"])
            searches = searches.saving(SavedSearch(name, words, _filters(one.get("filters", {}))))
        except (ValueError, TypeError, LookupError, OverflowError, AttributeError):  # one that a newer version wrote
            foreign.append(json.dumps(one))
    return replace(searches, foreign=tuple(foreign[:SAVED]))


def save_searches(path: Path, searches: Searches) -> None:
    """Write all; the file holds either the old or the new ones. Raises DiskFull or DataFolderUnwritable."""
    saved: list[Any] = [{"name": one.name, "text": one.text, "filters": _data(one.filters)} for one in searches.saved]
    saved += [json.loads(one) for one in searches.foreign]
    text = json.dumps({"history": searches.history, "saved": saved}, indent=1)
    write_whole(path, text + "\n")


def forget_damaged(path: Path) -> None:
    """Delete what was set aside of ``path`` when it was damaged: it remembers what the person wants forgotten."""
    for file in path.parent.glob(f"{path.name}.damaged*"):
        with contextlib.suppress(OSError):  # it stays where it cannot be deleted
            file.unlink()


def _list(stored: Mapping[str, Any], key: str) -> list[Any]:
    value = stored.get(key, [])
    return value if isinstance(value, list) else []


def _data(filters: Filters) -> dict[str, Any]:
    """The filters that are given, as JSON can hold them."""
    data: dict[str, Any] = {}
    for field in fields(filters):
        value = getattr(filters, field.name)
        if (value in ((), None, False) and value is not False) or (value is False and field.name != "has_place"):
            continue
        data[field.name] = value
    if filters.near:
        data["near"] = [[near.name, near.lat, near.lon, near.km] for near in filters.near]
    if filters.periods:
        data["periods"] = [[period.start.isoformat(), period.end.isoformat()] for period in filters.periods]
    return data


def _filters(data: Mapping[str, Any]) -> Filters:
    """Raises ValueError, TypeError or KeyError for what is no set of filters."""
    orientation = data.get("orientation")
    has_place = data.get("has_place")
    return Filters(
        periods=tuple(
            Period(date.fromisoformat(start), date.fromisoformat(end)) for start, end in data.get("periods", ())
        ),
        month_days=tuple((int(a), int(b), int(c), int(d)) for a, b, c, d in data.get("month_days", ())),
        folder_ids=tuple(int(folder_id) for folder_id in data.get("folder_ids", ())),
        path_contains=tuple(str(part) for part in data.get("path_contains", ())),
        name_contains=tuple(str(part) for part in data.get("name_contains", ())),
        cameras=tuple(str(camera) for camera in data.get("cameras", ())),
        orientation=None if orientation is None else Orientation(orientation),
        types=tuple(str(kind) for kind in data.get("types", ())),
        favorites=data.get("favorites") is True,
        has_place=has_place if isinstance(has_place, bool) else None,
        kinds=tuple(str(kind) for kind in data.get("kinds", ())),
        not_kinds=tuple(str(kind) for kind in data.get("not_kinds", ())),
        places=tuple(str(place) for place in data.get("places", ())),
        near=tuple(Near(str(name), float(lat), float(lon), float(km)) for name, lat, lon, km in data.get("near", ())),
        not_places=tuple(str(place) for place in data.get("not_places", ())),
    )
