"""Albums in albums: what counts as an example of each, and where in the tree a photo is proposed to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import AlbumUnknown
from photofinder.library.catalog_albums import SEPARATOR, Album, Marks


@dataclass(frozen=True, slots=True)
class Branch:
    """An album with all that lie in it.

    ``yes``: photos of any of them; ``no``: called wrong here or in an album above; ``rivals``: photos of its siblings,
    which tell one day of a journey from the next. No photo is in two of these. ``children``: the albums right in it.
    """

    album: Album
    path: str
    yes: tuple[int, ...]
    no: tuple[int, ...]
    rivals: tuple[int, ...]
    own: frozenset[int]
    children: tuple[int, ...]


def branches(albums: Sequence[Album], marks: Mapping[int, Marks]) -> dict[int, Branch]:
    """Every album by its id, each after the one that it lies in and siblings in the given order."""
    inside: dict[int | None, list[Album]] = {}
    for album in albums:
        inside.setdefault(album.parent_id, []).append(album)
    yes: dict[int, tuple[int, ...]] = {}

    def gather(album: Album) -> tuple[int, ...]:
        photos = [*marks.get(album.id, Marks()).yes]
        for child in inside.get(album.id, []):
            photos += gather(child)
        yes[album.id] = tuple(dict.fromkeys(photos))
        return yes[album.id]

    found: dict[int, Branch] = {}

    def lay_out(parent: Branch | None) -> None:
        siblings = inside.get(None if parent is None else parent.album.id, [])
        for album in siblings:
            own = marks.get(album.id, Marks())
            mine = frozenset(yes[album.id])
            wrong = _without((*own.no, *(() if parent is None else parent.no)), mine)
            others = [photo for other in siblings if other is not album for photo in yes[other.id]]
            rivals = () if parent is None else _without(others, mine | set(wrong))
            found[album.id] = Branch(
                album,
                album.name if parent is None else f"{parent.path}{SEPARATOR}{album.name}",
                yes[album.id],
                wrong,
                rivals,
                frozenset(own.yes),
                tuple(child.id for child in inside.get(album.id, [])),
            )
            lay_out(found[album.id])

    for album in inside.get(None, []):
        gather(album)
    lay_out(None)
    return found


def find_album(known: Mapping[int, Branch], name: str) -> Branch:
    """The album called so, or with its whole path («Perú/Cuzco»); letter case does not count.

    Raises ``AlbumUnknown``, also when several albums in different places have the name.
    """
    wanted = SEPARATOR.join(" ".join(part.split()) for part in name.split(SEPARATOR)).casefold()
    by_path = [one for one in known.values() if one.path.casefold() == wanted]
    by_name = [one for one in known.values() if one.album.name.casefold() == wanted]
    if len(by_path) == 1:
        return by_path[0]
    if len(by_name) == 1:
        return by_name[0]
    raise AlbumUnknown(name, tuple(one.path for one in known.values()))


def placed(
    known: Mapping[int, Branch], top: int, count: int, likely: Mapping[int, NDArray[np.float64]]
) -> NDArray[np.int64]:
    """Where each of ``count`` photos is proposed to: the deepest album below ``top`` that is good enough, else ``top``.

    ``likely``: by album, the probability ``(count,)`` that each photo belongs, 0 where that is not good enough; albums
    without photos may be missing. From an album a photo goes on into the likeliest one in it.
    """
    places = np.full(count, top, dtype=np.int64)
    waiting = [top]
    while waiting:
        album = waiting.pop()
        children = [child for child in known[album].children if child in likely]
        here = np.flatnonzero(places == album)
        if children and len(here):
            chances = np.stack([likely[child][here] for child in children])
            best = chances.argmax(0)
            good = chances[best, np.arange(len(here))] > 0
            places[here[good]] = np.asarray(children, dtype=np.int64)[best[good]]
        waiting += children
    return places


def _without(photos: Iterable[int], others: Iterable[int]) -> tuple[int, ...]:
    unwanted = set(others)
    return tuple(photo for photo in dict.fromkeys(photos) if photo not in unwanted)
