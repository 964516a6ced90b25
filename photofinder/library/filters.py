"""What photos must be like besides their content: when, where, which camera, which form. All exact, none guessed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

TYPES: Mapping[str, tuple[str, ...]] = {
    "jpg": (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"),
    "png": (".png",),
    "heic": (".heic", ".heif", ".hif"),
    "webp": (".webp",),
    "avif": (".avif",),
    "tiff": (".tif", ".tiff"),
    "gif": (".gif",),
    "bmp": (".bmp",),
}
"""Families of file names: what people call a kind of file, and how its names end (lower case)."""


KINDS: Mapping[str, int] = {"screenshot": 1, "document": 2, "blurred": 4, "dark": 8, "odd": 16}
"""What pixels and vectors say a photo is; each with its bit in the catalogue."""


class Orientation(StrEnum):
    """The form of a photo, as it is shown; sides that differ by less than 2 % make a square."""

    LANDSCAPE = "landscape"
    PORTRAIT = "portrait"
    SQUARE = "square"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole days of the wall clock, both ends included; none when ``end`` is before ``start``."""

    start: date
    end: date


@dataclass(frozen=True, slots=True, order=True)
class Near:
    """The surroundings of a point: its name as people call it, degrees, kilometres."""

    name: str
    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Filters:
    """Everything that is given must hold; nothing given lets every photo through.

    ``periods``: in any of them. ``month_days``: in any of these stretches of any year, (month, day, month, day), both
    ends included; one that ends before it begins goes over New Year. ``folder_ids``: in any of these roots.
    ``path_contains``: each occurs in the path of the photo's folder, which begins with the name of its root.
    ``name_contains``: each occurs in the file's name. ``cameras``: any occurs in the camera's name. Letter case and
    accents do not count in these three. ``types``: any of these keys of ``TYPES``. ``has_place``: None for both.
    ``kinds``: any of these keys of ``KINDS``; ``not_kinds``: none of these.
    ``places``: taken in any of these, ``near``: or near any of those; ``not_places``: in none of these. A place is a
    name in any usual spelling, of a country, region, province, town or part of one; «Córdoba, Argentina» is the one in
    the other.
    """

    periods: tuple[Period, ...] = ()
    month_days: tuple[tuple[int, int, int, int], ...] = ()
    folder_ids: tuple[int, ...] = ()
    path_contains: tuple[str, ...] = ()
    name_contains: tuple[str, ...] = ()
    cameras: tuple[str, ...] = ()
    orientation: Orientation | None = None
    types: tuple[str, ...] = ()
    favorites: bool = False
    has_place: bool | None = None
    kinds: tuple[str, ...] = ()
    not_kinds: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    near: tuple[Near, ...] = ()
    not_places: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return self != Filters()


@dataclass(frozen=True, slots=True)
class Facets:
    """What the photos that are shown can be filtered by, each with how many there are, the most first (years: newest).

    ``cameras``: names as the photos carry them. ``types``: keys of ``TYPES``; ``kinds``: keys of ``KINDS``, in
    their order. Empty ones are left out.
    """

    photos: int
    cameras: tuple[tuple[str, int], ...]
    types: tuple[tuple[str, int], ...]
    years: tuple[tuple[int, int], ...]
    orientations: tuple[tuple[Orientation, int], ...]
    kinds: tuple[tuple[str, int], ...]
    favorites: int
    with_place: int


def type_of(name: str) -> str | None:
    """The key of ``TYPES`` of a file name; None for another ending."""
    ending = "." + name.rpartition(".")[2].lower()
    return next((kind for kind, endings in TYPES.items() if ending in endings), None)


def bits_of(kinds: Iterable[str]) -> int:
    """Keys of ``KINDS`` as they are kept together; what is none of them says nothing."""
    return sum({KINDS.get(kind, 0) for kind in kinds})


def plain(text: str) -> str:
    """Text as it is compared: no accents, no letter case, ``\\`` as ``/``."""
    small = unicodedata.normalize("NFKD", text).casefold()  # some capitals are letters only after it: 𝑨
    decomposed = unicodedata.normalize("NFKD", small)
    for mark in [character for character in set(decomposed) if unicodedata.combining(character)]:
        decomposed = decomposed.replace(mark, "")  # of a long text this is the quick way
    return decomposed.replace("\\", "/")
