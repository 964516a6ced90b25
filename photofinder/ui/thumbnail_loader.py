"""Thumbnails for what is on the screen: last asked, first loaded, and never more waiting than a few screenfuls."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass

from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.picture_lane import image_of
from photofinder.ui.thumbnail_image import ThumbnailKey, finished, middle_of, rounded

WORKERS = 2
SCREENFULS = 3
_BLUR = 1.1
"""A thumbnail may be enlarged by this before it is seen."""
_LONGEST = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Thumbnail:
    """A square of ``key.side`` pixels with round corners, or None when there is none to be had now."""

    key: ThumbnailKey
    photo: Photo | None
    image: QImage | None


@dataclass(frozen=True, slots=True)
class ThumbnailsWait:
    """Answers of the loader wait to be taken."""


class ThumbnailLoader:
    """Workers that make ``QImage`` squares; each has its own connections.

    A cell that is larger than what the cache holds gets that first, and a sharp one decoded from the photo when
    nothing else waits.
    """

    def __init__(self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher, workers: int = WORKERS) -> None:
        self._dispatcher = dispatcher
        self._stack: dict[ThumbnailKey, None] = {}  # ordered: the last is the next
        self._to_sharpen: dict[ThumbnailKey, None] = {}
        self._loading: set[ThumbnailKey] = set()
        self._answers: deque[Thumbnail] = deque()
        self._lock = threading.Lock()
        self._capacity = 100
        self._workers = [self.worker(f"thumbnails-{n + 1}", paths, decoder, dispatcher) for n in range(workers)]
        self._turn = 0

    def worker(self, name: str, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher) -> ThumbnailWorker:
        """One of the workers; a measurement puts its own in the place."""
        return ThumbnailWorker(self, name, paths, decoder, dispatcher)

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
            _trim(self._stack, self._capacity)
        if not known:
            self._wake_one()

    def sharpen(self, key: ThumbnailKey) -> None:
        """Make this one of the photo itself once nothing else waits (called by the workers)."""
        with self._lock:
            self._to_sharpen.pop(key, None)
            self._to_sharpen[key] = None
            _trim(self._to_sharpen, self._capacity)
        self._wake_one()

    def clear(self) -> None:
        """Forget what waits."""
        with self._lock:
            self._stack.clear()
            self._to_sharpen.clear()

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

    def take_to_sharpen(self) -> ThumbnailKey | None:
        """The next to make sharp, unless another waits to be loaded (called by the workers)."""
        with self._lock:
            return None if self._stack or not self._to_sharpen else self._to_sharpen.popitem()[0]

    def done(self, answer: Thumbnail) -> None:
        """A worker's answer; the window is told that answers wait, not of each of them."""
        with self._lock:
            self._loading.discard(answer.key)
            is_first = not self._answers
            self._answers.append(answer)
        if is_first:
            self._dispatcher.post("thumbnails", ThumbnailsWait())

    def answers(self, most: int) -> list[Thumbnail]:
        """At most so many of the answers that wait, in the order they came; the window is told of the rest again."""
        with self._lock:
            taken = [self._answers.popleft() for _ in range(min(most, len(self._answers)))]
            is_more = bool(self._answers)
        if is_more:
            self._dispatcher.post("thumbnails", ThumbnailsWait())
        return taken

    def _wake_one(self) -> None:
        if self._workers:
            self._turn = (self._turn + 1) % len(self._workers)
            self._workers[self._turn].wake()


class ThumbnailWorker:
    """One thread that loads what is asked for last."""

    def __init__(
        self, loader: ThumbnailLoader, name: str, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher
    ) -> None:
        self._loader = loader
        self._decoder = decoder
        self._way = dispatcher.way
        self._paths = paths
        self._catalog: Catalog | None = None
        self._cache: ThumbnailCache | None = None
        self.lane = Lane(name, on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)

    def wake(self) -> None:
        """Something waits."""
        self.lane.submit(self._load_next)

    def photo(self, photo_id: int) -> Photo | None:
        """What the catalogue knows."""
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
        return self._catalog.photos([photo_id]).get(photo_id)

    def encoded(self, photo: Photo) -> bytes:
        """The thumbnail of the cache, made of the photo when it is not there. Raises what decoding raises."""
        if self._cache is None:
            self._cache = ThumbnailCache.open(self._paths.thumbnails)
        data = self._cache.get(photo.id, photo.mtime_ns)
        if data is None:
            data = self._decoder.decode(photo.path).thumbnail
            self._cache.put(photo.id, photo.mtime_ns, data)
        return data

    def _load_next(self) -> None:
        self._way.give()
        key = self._loader.take()
        if key is None:
            self._sharpen_next()
            return
        photo, image = None, None
        has_less = False
        try:
            photo = self.photo(key.photo_id)
            if photo is not None:
                middle, edge = middle_of(self.encoded(photo), key.side)
                has_less = edge < min(key.side / _BLUR, photo.width or 0, photo.height or 0)
                image = rounded(middle, key.ratio)
        except (PhotoFinderError, OSError):
            image = None  # a photo without a picture is shown as such; its analysis says why
        self._loader.done(Thumbnail(key, photo, image))
        if has_less:
            self._loader.sharpen(key)

    def _sharpen_next(self) -> None:
        key = self._loader.take_to_sharpen()
        if key is None:
            return
        try:
            photo = self.photo(key.photo_id)
            if photo is None or not photo.width or not photo.height:
                return
            long_side = -(-key.side * max(photo.width, photo.height) // min(photo.width, photo.height))
            pixels = self._decoder.decode(photo.path, side=min(long_side, _LONGEST)).pixels
        except (PhotoFinderError, OSError):
            return  # its drive is away: the one there is stays
        self._loader.done(Thumbnail(key, photo, finished(image_of(pixels), key)))

    def _close(self) -> None:
        if self._cache is not None:
            self._cache.close()
        if self._catalog is not None:
            self._catalog.close()


def _trim(waiting: dict[ThumbnailKey, None], most: int) -> None:
    while len(waiting) > most:
        waiting.pop(next(iter(waiting)))
