"""Lane ``picture``: large pictures for the preview and the clipboard, decoded outside the process. Latest wins."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

PREVIEW_SIDE = 2048
_KEPT = 3  # 12 MB each at most


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The answer to ``show`` or ``copy`` number ``serial``: a picture, or why there is none."""

    serial: int
    photo: Photo | None
    image: QImage | None
    error: PhotoFinderError | OSError | None
    to_copy: bool = False


class PictureLane:
    """Decodes one picture at a time with its long side at most ``PREVIEW_SIDE`` pixels."""

    def __init__(self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("picture", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._latest = 0
        self._catalog: Catalog | None = None
        self._kept: OrderedDict[tuple[Path, int], QImage] = OrderedDict()

    def show(self, serial: int, photo_id: int, ahead: tuple[int, ...] = ()) -> None:
        """Load a photo, then those that will probably be wanted next; older requests are forgotten."""
        self._latest = serial
        self.lane.submit(lambda: self._show(serial, photo_id))
        for next_id in ahead:
            self.lane.submit(lambda next_id=next_id: self._prepare(serial, next_id))  # type: ignore[misc]

    def copy(self, serial: int, photo_id: int) -> None:
        """Load a photo for the clipboard; always answered."""
        self.lane.submit(lambda: self._answer(serial, photo_id, to_copy=True))

    def _show(self, serial: int, photo_id: int) -> None:
        if serial == self._latest:
            self._answer(serial, photo_id, to_copy=False)

    def _prepare(self, serial: int, photo_id: int) -> None:
        if serial != self._latest:
            return
        try:
            self._load(photo_id)
        except (PhotoFinderError, OSError):
            return  # it will be said when the photo is really asked for

    def _answer(self, serial: int, photo_id: int, *, to_copy: bool) -> None:
        try:
            photo, image = self._load(photo_id)
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("picture", Picture(serial, self._photo(photo_id), None, error, to_copy))
        else:
            self._dispatcher.post("picture", Picture(serial, photo, image, None, to_copy))

    def _photo(self, photo_id: int) -> Photo | None:
        if self._catalog is None:
            return None
        return self._catalog.photos([photo_id]).get(photo_id)

    def _load(self, photo_id: int) -> tuple[Photo | None, QImage | None]:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
        photo = self._photo(photo_id)
        if photo is None:
            return None, None
        key = (photo.path, photo.mtime_ns)
        if key not in self._kept:
            self._kept[key] = image_of(self._decoder.decode(photo.path, side=PREVIEW_SIDE).pixels)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return photo, self._kept[key]

    def _close(self) -> None:
        self._kept.clear()
        if self._catalog is not None:
            self._catalog.close()


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """``(h, w, 3)`` sRGB pixels as an image that owns its memory."""
    height, width, _ = pixels.shape
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
