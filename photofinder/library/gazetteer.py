"""From coordinates to country, region, province and town, without any network.

The data are those of ``resources/places`` (GeoNames, CC BY 4.0; ``training/write_places.py`` makes them): 170,000
towns, each with the region it belongs to. A photo is where the nearest town is, as the crow flies on the globe, so the
poles and the antimeridian are nothing special. Within some kilometres of a border that may be the neighbour's side.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from photofinder.library.places import Level, Located, NamedPlace
from photofinder.paths import resource

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

EDITION = 1
"""Of the data: photos that were located with another one are located again."""
PLACES = resource("places")
TOWN_KM = 30.0
"""Farther from the nearest town a photo is in a region, but in no town."""
REGION_KM = 80.0
"""Farther from the nearest town a photo is nowhere: on the open sea, in a desert, on an ice sheet."""
NEAR_KM = 60.0
"""A city so far away is remembered as what the photo was taken near to."""
_CITY_PEOPLE = 100_000
_EARTH_KM = 6371.0
_FloatArray = NDArray[np.float64]


def unit_vectors(lat: NDArray[Any], lon: NDArray[Any]) -> _FloatArray:
    """Degrees ``(n,)`` to points ``(n, 3)`` on a globe of radius 1, float64."""
    phi, theta = np.radians(lat.astype(np.float64)), np.radians(lon.astype(np.float64))
    return np.stack([np.cos(phi) * np.cos(theta), np.cos(phi) * np.sin(theta), np.sin(phi)], axis=1)


def distances_km(lat: _FloatArray, lon: _FloatArray, to_lat: float, to_lon: float) -> _FloatArray:
    """Kilometres ``(n,)`` as the crow flies from each point to one."""
    there = unit_vectors(np.array([to_lat]), np.array([to_lon]))
    return _arc_km(np.linalg.norm(unit_vectors(lat, lon) - there, axis=1))


def packed_texts(name: str, texts: Sequence[str]) -> dict[str, NDArray[Any]]:
    """Texts as two arrays for an npz file, without objects: their bytes in a row, and how many each has."""
    encoded = [text.encode() for text in texts]
    return {
        name: np.frombuffer(b"".join(encoded), dtype=np.uint8),
        f"{name}_length": np.array([len(text) for text in encoded], dtype=np.uint16),
    }


class _Texts:
    """Texts of an npz file, decoded one by one when they are needed."""

    def __init__(self, file: Any, name: str) -> None:
        self._bytes: bytes = file[name].tobytes()
        self._ends = np.cumsum(file[f"{name}_length"], dtype=np.int64)

    def __getitem__(self, place: int) -> str:
        start = int(self._ends[place - 1]) if place else 0
        return self._bytes[start : int(self._ends[place])].decode()


class Gazetteer:
    """Towns with coordinates. Takes a quarter of a second to open: only what locates photos does."""

    def __init__(self, folder: Path) -> None:
        """Use ``open``."""
        from scipy.spatial import cKDTree

        with np.load(folder / "towns.npz", allow_pickle=False) as file:
            self._ids, self._lat, self._lon = file["ids"], file["lat"], file["lon"]
            self._region, self._province, self._city = file["region"], file["province"], file["city"]
            self._country, people = file["country"], file["people"]
            self._names, self._spanish, self._also = (_Texts(file, name) for name in ("names", "spanish", "also"))
        areas = json.loads((folder / "areas.json").read_text(encoding="utf-8"))
        self.edition = int(areas["edition"])
        self._countries = [_area("c", code, Level.COUNTRY, names) for code, names in areas["countries"].items()]
        self._regions = [_area("r", code, Level.REGION, names) for code, names in areas["regions"].items()]
        self._provinces = [_area("p", code, Level.PROVINCE, names) for code, names in areas["provinces"].items()]
        vectors = unit_vectors(self._lat, self._lon)
        self._tree: cKDTree = cKDTree(vectors)
        self._cities = np.flatnonzero((people >= _CITY_PEOPLE) & (self._city < 0))
        self._city_tree: cKDTree = cKDTree(vectors[self._cities])
        self._chain = lru_cache(maxsize=4096)(self._chain_of)

    @classmethod
    def open(cls, folder: Path = PLACES) -> Self:
        """Read the towns that ship with the program, or those of another folder."""
        return cls(folder)

    def __len__(self) -> int:
        return len(self._ids)

    def locate(self, lat: Sequence[float], lon: Sequence[float]) -> list[Located]:
        """Where each pair of degrees is; nowhere for what is no place on Earth, NaN included."""
        degrees = np.array([lat, lon], dtype=np.float64).reshape(2, -1)
        # written so that NaN fails; longitudes beyond 180 are how some devices say the western hemisphere
        sound = (np.abs(degrees[0]) <= 90.0) & (np.abs(degrees[1]) <= 360.0)
        vectors = unit_vectors(*np.where(sound, degrees, 0.0))
        chords, towns = self._tree.query(vectors)
        city_chords, cities = self._city_tree.query(vectors)
        found = []
        for ok, km, town, city_km, city in zip(
            sound.tolist(),
            _arc_km(chords).tolist(),
            towns.tolist(),
            _arc_km(city_chords).tolist(),
            self._cities[cities].tolist(),
            strict=True,
        ):
            chain = self._chain(town, km <= TOWN_KM) if ok and km <= REGION_KM else ()
            near = (self._chain(city, True),) if chain and city_km <= NEAR_KM else ()
            found.append(Located(chain, near))
        return found

    def _chain_of(self, town: int, with_town: bool) -> tuple[NamedPlace, ...]:
        """The places that a town lies in, from the country down to itself, or without it."""
        chain = [self._countries[self._country[town]]]
        if self._region[town] >= 0:
            chain.append(self._regions[self._region[town]])
        if self._province[town] >= 0:
            chain.append(self._provinces[self._province[town]])
        if with_town:
            city = int(self._city[town])
            if city >= 0:
                chain.append(self._town(city, Level.TOWN))
            chain.append(self._town(town, Level.DISTRICT if city >= 0 else Level.TOWN))
        return tuple(chain)

    def _town(self, place: int, level: Level) -> NamedPlace:
        name = self._names[place]
        return NamedPlace(
            f"{'t' if level is Level.TOWN else 'd'}{self._ids[place]}",
            level,
            self._spanish[place] or name,
            name,
            tuple(filter(None, self._also[place].split("|"))),
            round(float(self._lat[place]), 5),
            round(float(self._lon[place]), 5),
        )


def _area(letter: str, code: str, level: Level, names: Sequence[Any]) -> NamedPlace:
    spanish, english, also = names
    return NamedPlace(f"{letter}{code}", level, spanish, english, tuple(also))


def _arc_km(chords: _FloatArray) -> _FloatArray:
    return np.asarray(2.0 * _EARTH_KM * np.arcsin(np.clip(chords / 2.0, 0.0, 1.0)))
