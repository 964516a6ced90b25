"""Places by their names: a country, a region of it, a province, a town, a part of a town."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

from photofinder.library.filters import plain

_BETWEEN = re.compile(r"[\W_]+")
_EARTH_KM = 6371.0


class Level(IntEnum):
    """How large a place is; a place lies in others of smaller levels."""

    COUNTRY = 0
    REGION = 1
    PROVINCE = 2
    TOWN = 3
    DISTRICT = 4


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as the gazetteer knows it.

    ``code``: of GeoNames, with a letter for its level, the same in every edition. ``es``, ``en``: its names.
    ``also``: further names that people type. ``lat``, ``lon``: the middle of a town in degrees, None for anything
    larger.
    """

    code: str
    level: Level
    es: str
    en: str
    also: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Where a photo was taken: ``chain`` from the country down; empty far from any town, on the open sea.

    ``near``: the large towns that are worth naming when somebody asks for what is near them.
    """

    chain: tuple[NamedPlace, ...] = ()
    near: tuple[tuple[NamedPlace, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A place of the catalogue.

    ``parent``: id of the next larger one. ``keys``: its names as ``place_key`` makes them. ``photos``: how many to
    show were taken in it, its parts included; 0 for a town that photos were only taken near.
    """

    id: int
    code: str
    level: Level
    parent: int | None
    es: str
    en: str
    keys: tuple[str, ...]
    lat: float | None
    lon: float | None
    photos: int

    def name(self, spanish: bool) -> str:
        """In the language of the window."""
        return self.es if spanish else self.en


@dataclass(frozen=True)
class Places:
    """The places of a catalogue by id, with their names; small enough to be handed to any thread."""

    areas: Mapping[int, Area] = field(default_factory=dict)

    @classmethod
    def of(cls, areas: Iterable[Area]) -> Places:
        """Of areas in any order."""
        return cls({area.id: area for area in areas})

    def __bool__(self) -> bool:
        return bool(self.areas)

    @cached_property
    def _by_key(self) -> Mapping[str, Sequence[Area]]:
        found: dict[str, list[Area]] = {}
        for area in self.areas.values():
            for key in area.keys:
                found.setdefault(key, []).append(area)
        return found

    @cached_property
    def longest(self) -> int:
        """Words of the longest name."""
        return max((key.count(" ") + 1 for key in self._by_key), default=0)

    @cached_property
    def _children(self) -> Mapping[int, Sequence[int]]:
        found: dict[int, list[int]] = {}
        for area in self.areas.values():
            if area.parent is not None:
                found.setdefault(area.parent, []).append(area.id)
        return found

    def named(self, text: str) -> list[Area]:
        """All with this name; «Córdoba, Argentina» only those that lie in the places that follow."""
        first, *around = (place_key(part) for part in text.replace("(", ",").split(","))
        found = list(self._by_key.get(first, ()))
        wanted = [key for key in around if key]
        return [area for area in found if all(any(key in up.keys for up in self.around(area)) for key in wanted)]

    def with_photos(self, text: str) -> list[Area]:
        """Those so named in which photos were taken."""
        return [area for area in self.named(text) if area.photos]

    def town(self, text: str) -> Area | None:
        """The town so named, with or without photos: of several that with the most of them."""
        towns = [area for area in self.named(text) if area.lat is not None]
        return max(towns, key=lambda area: (area.photos, -area.id), default=None)

    def around(self, area: Area) -> list[Area]:
        """The places that ``area`` lies in, the nearest first."""
        found = []
        while area.parent is not None and area.parent in self.areas:
            area = self.areas[area.parent]
            found.append(area)
        return found

    def within(self, areas: Iterable[Area]) -> set[int]:
        """The ids of these and of all that lie in them."""
        found: set[int] = set()
        waiting = [area.id for area in areas]
        while waiting:
            area_id = waiting.pop()
            if area_id not in found:
                found.add(area_id)
                waiting += self._children.get(area_id, ())
        return found

    def words(self, area: Area, spanish: bool = True) -> str:
        """«Ronda, Málaga, Andalucía, España»: a name that repeats the one before is said once.

        A part of a town is not told: the nearest one is not always the right one.
        """
        chain = [area, *self.around(area)]
        names = [one.name(spanish) for one in chain if one.level < Level.DISTRICT or len(chain) == 1]
        return ", ".join(name for place, name in enumerate(names) if place == 0 or name != names[place - 1])

    def label(self, area: Area, spanish: bool = True) -> str:
        """The shortest words that ``named`` understands as the photos of this one and no others."""
        name = area.name(spanish)
        inside = self.within([area])
        inside |= {up.id for up in self.around(area) if up.photos == area.photos}
        for up in (None, *self.around(area)):
            label = name if up is None else f"{name}, {up.name(spanish)}"
            if all(other.id in inside or not other.photos for other in self.named(label)):
                return label
        return self.words(area, spanish)


def place_key(name: str) -> str:
    """A name as it is compared: no accents, letter case or punctuation, single spaces."""
    return _BETWEEN.sub(" ", plain(name)).strip()


def keys_of(place: NamedPlace) -> tuple[str, ...]:
    """All keys of a place's names; «Donostia / San Sebastián» has both, «Halle (Saale)» is «halle», too."""
    names = [place.es, place.en, *place.also]
    for name in (place.es, place.en):
        names += name.split("/") if "/" in name else []
        names += [name.partition("(")[0]] if "(" in name else []
    return tuple(dict.fromkeys(key for name in names if len(key := place_key(name)) > 1))


def kilometres_in_degrees(km: float) -> float:
    """How many degrees of latitude a distance is."""
    return km / (_EARTH_KM * 3.141592653589793 / 180.0)
