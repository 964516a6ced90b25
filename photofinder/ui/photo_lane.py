"""Lane ``photos``: short questions and changes about chosen photos: where their files are, and their stars.

It has a writing connection of its own, so that a star is set while photos are analysed: each transaction of the
analysis is short, and this one waits for it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane


@dataclass(frozen=True, slots=True)
class PhotosFound:
    """The answer to ``find`` number ``serial``: those the catalogue knows, in the order they were asked for."""

    serial: int
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class FavoritesSet:
    """These photos have, or have not, a star now."""

    photo_ids: frozenset[int]
    favorite: bool


@dataclass(frozen=True, slots=True)
class PhotosFailed:
    """A question or change that the catalogue refused."""

    error: PhotoFinderError | OSError


Question = Callable[[], PhotosFound | FavoritesSet]


class PhotoLane:
    """Answers with the dispatcher's signal ``photos``."""

    def __init__(self, paths: DataPaths, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._dispatcher = dispatcher
        self.lane = Lane("photos", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._catalog: Catalog | None = None

    def find(self, serial: int, photo_ids: Sequence[int]) -> None:
        """Look up photos that were never on the screen."""
        self.lane.submit(lambda: self._guard(lambda: self._find(serial, tuple(photo_ids))))

    def set_favorite(self, photo_ids: Sequence[int], favorite: bool) -> None:
        """Give photos a star, or take it away."""
        self.lane.submit(lambda: self._guard(lambda: self._set_favorite(frozenset(photo_ids), favorite)))

    def toggle_favorite(self, photo_ids: Sequence[int]) -> None:
        """A star for all of them or, when all have one, for none."""
        self.lane.submit(lambda: self._guard(lambda: self._toggle(frozenset(photo_ids))))

    def _find(self, serial: int, photo_ids: tuple[int, ...]) -> PhotosFound:
        known = self._catalog_of().photos(photo_ids)
        return PhotosFound(serial, tuple(known[photo_id] for photo_id in photo_ids if photo_id in known))

    def _toggle(self, photo_ids: frozenset[int]) -> FavoritesSet:
        photos = self._catalog_of().photos(photo_ids).values()
        return self._set_favorite(photo_ids, not all(photo.favorite for photo in photos))

    def _set_favorite(self, photo_ids: frozenset[int], favorite: bool) -> FavoritesSet:
        self._catalog_of().set_favorite(photo_ids, favorite)
        return FavoritesSet(photo_ids, favorite)

    def _guard(self, ask: Question) -> None:
        try:
            answer: object = ask()
        except (PhotoFinderError, OSError) as error:
            answer = PhotosFailed(error)
        self._dispatcher.post("photos", answer)

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog, writer=True)
        return self._catalog

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()
