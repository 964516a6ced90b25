"""The photos that are searched by, as their chips show them; files dropped together are several of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtGui import QPixmap

from photofinder.library.images import EXTENSIONS
from photofinder.messages import shown_path
from photofinder.ui.search_lane import Asked, LookedAt, OutsideFiles, PhotoSource

MOST_AT_ONCE = 6
"""Of thousands of files dropped together so many are searched by: their chips fit the window, and a person waits."""


@dataclass(frozen=True, slots=True, eq=False)
class SearchedPhoto:
    """A photo that is searched by, as its chip shows it; a negative ``weight`` means «not like this»."""

    source: PhotoSource
    name: str
    picture: QPixmap | None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class SomeRead:
    """Of ``dropped`` files these are searched by."""

    dropped: int
    names: tuple[str, ...]


def of_files(paths: Sequence[Path]) -> tuple[SearchedPhoto, ...]:
    """One photo a file, those first whose names promise one; the last stands for all that are left of very many."""
    promising = [path for path in paths if path.suffix.lower() in EXTENSIONS]
    ordered = [*promising, *(path for path in paths if path.suffix.lower() not in EXTENSIONS)]
    groups = [(path,) for path in ordered[: MOST_AT_ONCE - 1]]
    rest = tuple(ordered[MOST_AT_ONCE - 1 :])
    sources = [OutsideFiles(group, len(paths)) for group in ([*groups, rest] if rest else groups)]
    return tuple(SearchedPhoto(source, shown_path(source.paths[0].name), None) for source in sources)


def with_pictures(photos: Sequence[SearchedPhoto], looked: Sequence[LookedAt]) -> tuple[SearchedPhoto, ...]:
    """Photos from outside show what was read of them, and those of several files that were not read are gone."""
    found = {one.source: one for one in looked}
    shown = []
    for photo in photos:
        one = found.get(photo.source)
        if one is None and _is_one_of_several(photo.source):
            continue
        if one is not None and photo.picture is None:
            name = photo.name if one.used is None else shown_path(one.used.name)
            photo = replace(photo, name=name, picture=QPixmap.fromImage(one.chip))
        shown.append(photo)
    return tuple(shown)


def without_unread(asked: Asked, looked: Sequence[LookedAt]) -> Asked:
    """What is asked without those of several files that were not read."""
    found = {one.source for one in looked}
    return replace(
        asked, photos=tuple(one for one in asked.photos if one[0] in found or not _is_one_of_several(one[0]))
    )


def some_read(looked: Sequence[LookedAt], seen: set[PhotoSource]) -> SomeRead | None:
    """What is to be said of files dropped together, unless all of them are searched by or it was said before."""
    several = [
        one
        for one in looked
        if isinstance(one.source, OutsideFiles) and one.source.dropped > 1 and one.source not in seen
    ]
    if not several:
        return None
    first = several[0].source
    assert isinstance(first, OutsideFiles)
    names = tuple(shown_path(one.used.name) for one in several if one.used is not None)
    return None if len(names) >= first.dropped else SomeRead(first.dropped, names)


def _is_one_of_several(source: PhotoSource) -> bool:
    return isinstance(source, OutsideFiles) and source.dropped > 1
