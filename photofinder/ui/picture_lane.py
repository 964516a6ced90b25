"""Lane ``picture``: large pictures for the preview and the clipboard, decoded outside the process. Latest wins.

A photo is answered in steps: its cached thumbnail at once, then a picture as large as the screen, and all its pixels
only when somebody zooms in. What is kept is bounded in bytes, not in photos.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.images import PhotoInfo
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

SMALLEST_SIDE, PREVIEW_SIDE, LARGEST_SIDE = 1024, 2048, 4096
"""Longest sides in pixels: of the least a screen is given, of the usual, of the most (also for the clipboard)."""
FULL_PIXELS = 40_000_000
"""What zooming in shows at most: 160 MB. Larger photos are reduced to it."""
_KEPT_BYTES = 128 * 2**20


class Step(Enum):
    """Which answer this is."""

    THUMBNAIL = auto()
    """Small, from the cache: it stands until the picture comes, or for good when that cannot be read."""
    SCREEN = auto()
    FULL = auto()
    COPY = auto()


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """An answer to ``show``, ``full`` or ``copy`` number ``serial``: a picture, or why there is none.

    ``photo`` is None when the catalogue does not know it any more; ``info`` comes with every decoded picture.
    """

    serial: int
    step: Step
    photo: Photo | None = None
    image: QImage | None = None
    info: PhotoInfo | None = None
    error: PhotoFinderError | OSError | None = None

    @property
    def to_copy(self) -> bool:
        """Whether this is for the clipboard."""
        return self.step is Step.COPY


@dataclass(frozen=True, slots=True, eq=False)
class _Kept:
    image: QImage
    info: PhotoInfo


_Key = tuple[Path, int, int]


class PictureLane:
    """Decodes one picture at a time."""

    def __init__(self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("picture", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._latest = 0
        self._catalog: Catalog | None = None
        self._cache: ThumbnailCache | None = None
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def show(self, serial: int, photo_id: int, ahead: tuple[int, ...] = (), side: int = PREVIEW_SIDE) -> None:
        """Load a photo, then those that will probably be wanted next; older requests are forgotten.

        ``side``: the screen's longest, in device pixels.
        """
        self._latest = serial
        side = min(max(side, SMALLEST_SIDE), LARGEST_SIDE)
        self.lane.submit(lambda: self._show(serial, photo_id, side))
        for next_id in ahead:
            self.lane.submit(lambda next_id=next_id: self._prepare(serial, next_id, side))  # type: ignore[misc]

    def full(self, serial: int, photo_id: int) -> None:
        """Load all pixels of the photo that was asked for with ``serial``."""
        self.lane.submit(lambda: self._full(serial, photo_id))

    def copy(self, serial: int, photo_id: int) -> None:
        """Load a photo for the clipboard; always answered."""
        self.lane.submit(lambda: self._answer(serial, Step.COPY, photo_id, LARGEST_SIDE))

    # In the lane --------------------------------------------------------------------------------------------------

    def _show(self, serial: int, photo_id: int, side: int) -> None:
        if serial != self._latest:
            return
        try:
            photo = self._photo(photo_id)
            if photo is not None and _key(photo, side) not in self._kept:
                image = QImage.fromData(self._thumbnail(photo))
                self._post(Picture(serial, Step.THUMBNAIL, photo, None if image.isNull() else image))
        except (PhotoFinderError, OSError):
            pass  # the answer that follows says it
        if serial == self._latest:
            self._answer(serial, Step.SCREEN, photo_id, side)

    def _full(self, serial: int, photo_id: int) -> None:
        if serial != self._latest:
            return
        photo = self._photo(photo_id)
        side = 0 if photo is None else next((_full_side(kept.info) for kept in self._known(photo)), 0)
        if side:
            self._answer(serial, Step.FULL, photo_id, side)

    def _prepare(self, serial: int, photo_id: int, side: int) -> None:
        if serial != self._latest:
            return
        try:
            photo = self._photo(photo_id)
            if photo is not None:
                self._load(photo, side)
        except (PhotoFinderError, OSError):
            return  # it will be said when the photo is really asked for

    def _answer(self, serial: int, step: Step, photo_id: int, side: int) -> None:
        photo = None
        try:
            photo = self._photo(photo_id)
            if photo is None:
                self._post(Picture(serial, step))
                return
            kept = self._load(photo, side)
        except (PhotoFinderError, OSError) as error:
            self._post(Picture(serial, step, photo, error=error))
        else:
            self._post(Picture(serial, step, photo, kept.image, kept.info))

    def _post(self, picture: Picture) -> None:
        self._dispatcher.post("picture", picture)

    def _photo(self, photo_id: int) -> Photo | None:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
        return self._catalog.photos([photo_id]).get(photo_id)

    def _thumbnail(self, photo: Photo) -> bytes:
        if self._cache is None:
            self._cache = ThumbnailCache.open(self._paths.thumbnails)
        return self._cache.get(photo.id, photo.mtime_ns) or b""

    def _known(self, photo: Photo) -> list[_Kept]:
        return [kept for (path, mtime_ns, _), kept in self._kept.items() if (path, mtime_ns) == _key(photo, 0)[:2]]

    def _load(self, photo: Photo, side: int) -> _Kept:
        key = _key(photo, side)
        if key not in self._kept:
            decoded = self._decoder.decode(photo.path, side=side)
            self._kept[key] = _Kept(image_of(decoded.pixels), decoded.info)
            while len(self._kept) > 1 and sum(kept.image.sizeInBytes() for kept in self._kept.values()) > _KEPT_BYTES:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return self._kept[key]

    def _close(self) -> None:
        self._kept.clear()
        if self._cache is not None:
            self._cache.close()
        if self._catalog is not None:
            self._catalog.close()


def _key(photo: Photo, side: int) -> _Key:
    return photo.path, photo.mtime_ns, side


def _full_side(info: PhotoInfo) -> int:
    """The long side that keeps a photo within ``FULL_PIXELS``."""
    share = min(1.0, FULL_PIXELS / max(1, info.width * info.height))
    return max(1, int(max(info.width, info.height) * share**0.5))


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """``(h, w, 3)`` sRGB pixels as an image that owns its memory, in the format that screens draw fastest."""
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return image.convertToFormat(QImage.Format.Format_RGB32)
