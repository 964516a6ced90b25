"""Thumbnails for what is on the screen: last asked, first loaded, and never more waiting than a few screenfuls."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

WORKERS = 2
SCREENFULS = 3


@dataclass(frozen=True, slots=True)
class ThumbnailKey:
    """Which thumbnail: ``side`` in device pixels, so that it says the device pixel ratio too."""

    photo_id: int
    side: int


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A square picture of ``key.side`` pixels, or None when there is none to be had now."""

    key: ThumbnailKey
    photo: Photo | None
    image: QImage | None


class ThumbnailLoader:
    """Workers that make ``QImage`` squares; each has its own connections."""

    def __init__(self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher, workers: int = WORKERS) -> None:
        self._dispatcher = dispatcher
        self._stack: dict[ThumbnailKey, None] = {}  # ordered: the last is the next
        self._loading: set[ThumbnailKey] = set()
        self._lock = threading.Lock()
        self._capacity = 100
        self._workers = [
            _Worker(self, f"thumbnails-{number + 1}", paths, decoder, dispatcher) for number in range(workers)
        ]
        self._turn = 0

    @property
    def lanes(self) -> list[Lane]:
        """The threads, to stop and join."""
        return [worker.lane for worker in self._workers]

    def set_screenful(self, photos: int) -> None:
        """How many photos fit the window; at most three times as many wait."""
        self._capacity = max(24, SCREENFULS * photos)

    def request(self, key: ThumbnailKey) -> None:
        """Load this one next; the oldest that waits may be forgotten and must be asked for again."""
        with self._lock:
            if key in self._loading:
                return
            known = key in self._stack
            self._stack.pop(key, None)
            self._stack[key] = None
            while len(self._stack) > self._capacity:
                self._stack.pop(next(iter(self._stack)))
        if not known:
            self._turn = (self._turn + 1) % len(self._workers)
            self._workers[self._turn].wake()

    def clear(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._stack.clear()

    def waiting(self) -> int:
        """How many wait."""
        return len(self._stack)

    def take(self) -> ThumbnailKey | None:
        """The next to load (called by the workers)."""
        with self._lock:
            if not self._stack:
                return None
            key, _ = self._stack.popitem()
            self._loading.add(key)
            return key

    def done(self, answer: Thumbnail) -> None:
        """A worker's answer, on its way to the window."""
        with self._lock:
            self._loading.discard(answer.key)
        self._dispatcher.post("thumbnail", answer)


class _Worker:
    def __init__(
        self, loader: ThumbnailLoader, name: str, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher
    ) -> None:
        self._loader = loader
        self._decoder = decoder
        self._paths = paths
        self._catalog: Catalog | None = None
        self._cache: ThumbnailCache | None = None
        self.lane = Lane(name, on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)

    def wake(self) -> None:
        """Something waits."""
        self.lane.submit(self._load_next)

    def _load_next(self) -> None:
        key = self._loader.take()
        if key is None:
            return
        photo, image = None, None
        try:
            photo = self._catalog_of().photos([key.photo_id]).get(key.photo_id)
            if photo is not None:
                image = square(QImage.fromData(self._thumbnail(photo)), key.side)
        except (PhotoFinderError, OSError):
            image = None  # a photo without a picture is shown as such; its analysis says why
        self._loader.done(Thumbnail(key, photo, image))

    def _thumbnail(self, photo: Photo) -> bytes:
        if self._cache is None:
            self._cache = ThumbnailCache.open(self._paths.thumbnails)
        data = self._cache.get(photo.id, photo.mtime_ns)
        if data is None:
            data = self._decoder.decode(photo.path).thumbnail
            self._cache.put(photo.id, photo.mtime_ns, data)
        return data

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
        return self._catalog

    def _close(self) -> None:
        if self._cache is not None:
            self._cache.close()
        if self._catalog is not None:
            self._catalog.close()


def square(image: QImage, side: int) -> QImage:
    """The middle of a picture as a square of ``side`` pixels; a null image stays null."""
    if image.isNull():
        return image
    edge = min(image.width(), image.height())
    middle = QRect((image.width() - edge) // 2, (image.height() - edge) // 2, edge, edge)
    return (
        image.copy(middle)
        .scaled(QSize(side, side), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        .convertToFormat(QImage.Format.Format_RGB32)
    )
