"""Lane ``sheet``: makes contact sheets as PDF or PNG at print size, photo by photo, decoded outside the process."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QFile, QFileDevice, QIODevice, QMarginsF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter

from photofinder.errors import FolderUnavailable, PhotoFinderError, PhotoUnreadable
from photofinder.library.answering import DRIVES
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.copying import free_name
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.messages import reason_sentence, shown_path
from photofinder.paths import DataPaths
from photofinder.ui import photo_facts
from photofinder.ui.contact_sheet import DPI, SheetEntry, SheetLayout, SheetPlan, lay_out, paint_page
from photofinder.ui.copy_lane import TaskPhase, TaskState
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.picture_lane import image_of

_SCALE = DPI / 25.4
_LITTLE = 4 * 2**20  # bytes; with less room than this on the disk, a failed write means that it is full


class SheetLane:
    """Tells a ``TaskState`` by the dispatcher's signal ``sheet``. Nothing is left of a sheet that is not finished."""

    def __init__(self, paths: DataPaths, decoder: Decoder, language: str, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._decoder = decoder
        self._language = language
        self._dispatcher = dispatcher
        self.lane = Lane("sheet", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._wanted = 0
        self._catalog: Catalog | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def make(self, photo_ids: Sequence[int], plan: SheetPlan, path: Path) -> None:
        """Make a sheet at ``path``: its suffix says PDF or PNG. Several PNG pages are «name - 1.png» and so on."""
        wanted, ids = self._wanted, tuple(photo_ids)
        self.lane.submit(lambda: self._make(wanted, ids, plan, path))

    def cancel(self) -> None:
        """Give up the sheet that is being made, and those that wait."""
        self._wanted += 1

    def stop(self) -> None:
        """Cancel, and end the lane; returns at once."""
        self.lane.stop()
        self.cancel()

    # In the lane --------------------------------------------------------------------------------------------------

    def _make(self, wanted: int, photo_ids: tuple[int, ...], plan: SheetPlan, path: Path) -> None:
        state = TaskState(TaskPhase.RUNNING, len(photo_ids), path)
        self._post(state)
        try:
            if self._catalog is None:
                self._catalog = Catalog.open(self._paths.catalog)
            known = self._catalog.photos(photo_ids)
            photos = [known[photo_id] for photo_id in photo_ids if photo_id in known]
            sheet = _Sheet(self, wanted, photos, lay_out(plan), replace(state, total=len(photos)))
            where = self._follow(wanted, sheet, path)
        except _CancelledError:
            self._post(replace(state, phase=TaskPhase.CANCELLED))
        except (PhotoFinderError, OSError) as error:
            self._post(replace(state, phase=TaskPhase.FAILED, error=error))
        else:
            self._post(replace(sheet.state, phase=TaskPhase.DONE, share=1.0, where=where))

    def _follow(self, wanted: int, sheet: _Sheet, path: Path) -> Path:
        """Write it in a thread of its own, which is left behind when its drive does not answer; where it is."""
        where = path
        events = DRIVES.follow(sheet.write(path), (path.parent,))
        try:
            for event in events:
                where = event or where
                if wanted != self._wanted:
                    raise _CancelledError
        finally:
            sheet.left = True
            events.close()
        return where

    def step(self, wanted: int, state: TaskState) -> None:
        """Between two photos: tell, and end when it is not wanted any more."""
        if wanted != self._wanted:
            raise _CancelledError
        self._post(state)

    def picture(self, photo: Photo, side: int) -> tuple[QImage, PhotoUnreadable | None]:
        """The photo, or its thumbnail (maybe none) and why it cannot be read. Called by any thread."""
        try:
            return image_of(self._decoder.decode(photo.path, side=side).pixels), None
        except PhotoUnreadable as error:
            with ThumbnailCache.open(self._paths.thumbnails) as cache:  # of this thread, and seldom needed
                return QImage.fromData(cache.get(photo.id, photo.mtime_ns) or b""), error

    def entry(self, photo: Photo) -> SheetEntry:
        """The words under a photo."""
        problem = "" if photo.error is None else reason_sentence(photo.error, self._language)
        date = photo_facts.short_date_words(photo, self._language)
        return SheetEntry(shown_path(photo.path.name), date, problem)

    def _post(self, state: TaskState) -> None:
        self._dispatcher.post("sheet", state)

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()


class _CancelledError(Exception):
    """The person does not want it any more."""


class _Sheet:
    """One sheet on its way to the disk."""

    def __init__(
        self, lane: SheetLane, wanted: int, photos: list[Photo], layout: SheetLayout, state: TaskState
    ) -> None:
        self._lane = lane
        self._wanted = wanted
        self._photos = photos
        self._layout = layout
        self._pages = layout.pages(len(photos))
        self._side = max(64, round(max(layout.picture.width(), layout.picture.height()) * _SCALE))
        self.state = state
        self.left = False
        """Nobody waits for it any more: what is written is to be removed."""

    def write(self, path: Path) -> Generator[Path, None, None]:
        """Write all of it under other names, then give it the right ones; yields where the first page is."""
        if not path.parent.is_dir():
            raise FolderUnavailable(path.parent, "missing")
        is_pdf = path.suffix.lower() != ".png"
        parts = [path.with_name(f".{path.name}.{number}.part") for number in range(1 if is_pdf else self._pages)]
        try:
            if is_pdf:
                self._write_pdf(parts[0])
            else:
                for page, part in enumerate(parts):
                    self._write_png(page, part)
            targets = [path] if len(parts) == 1 else _free_names(path, len(parts))
            if self.left:
                raise _CancelledError
            for part, target in zip(parts, targets, strict=True):
                part.replace(target)  # a single file: the person agreed to its name
            yield targets[0]
        finally:
            for part in parts:
                with contextlib.suppress(OSError):
                    part.unlink()

    def _write_pdf(self, part: Path) -> None:
        file = QFile(os.fspath(part))
        if not file.open(QIODevice.OpenModeFlag.WriteOnly):
            raise _write_error(part)
        try:
            writer = QPdfWriter(file)
            writer.setCreator("PhotoFinder")
            writer.setTitle(self._layout.plan.title)
            writer.setResolution(DPI)
            landscape = self._layout.plan.landscape
            way = QPageLayout.Orientation.Landscape if landscape else QPageLayout.Orientation.Portrait
            writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), way, QMarginsF()))
            painter = QPainter(writer)
            try:
                for page in range(self._pages):
                    if page:
                        writer.newPage()
                    self._paint(painter, page)
                    if file.error() != QFileDevice.FileError.NoError:
                        raise _write_error(part)
            finally:
                painter.end()
            if not file.flush() or file.error() != QFileDevice.FileError.NoError:
                raise _write_error(part)
        finally:
            file.close()

    def _write_png(self, page: int, part: Path) -> None:
        size = self._layout.plan.page * _SCALE
        image = QImage(size.toSize(), QImage.Format.Format_RGB32)
        image.setDotsPerMeterX(round(1000 * _SCALE))
        image.setDotsPerMeterY(round(1000 * _SCALE))
        image.fill(QColor("white"))
        painter = QPainter(image)
        try:
            self._paint(painter, page)
        finally:
            painter.end()
        if not image.save(os.fspath(part), "PNG"):  # type: ignore[call-overload]  # the stubs want bytes
            raise _write_error(part)

    def _paint(self, painter: QPainter, page: int) -> None:
        first = page * self._layout.per_page
        photos = self._photos[first : first + self._layout.per_page]
        number = f"{page + 1} / {self._pages}" if self._pages > 1 else ""
        entries = [self._lane.entry(photo) for photo in photos]
        paint_page(painter, self._layout, entries, lambda index: self._picture(photos[index]), number, _SCALE)

    def _picture(self, photo: Photo) -> QImage:
        if self.left:
            raise _CancelledError
        self._lane.step(self._wanted, self.state)
        image, error = self._lane.picture(photo, self._side)
        state = self.state
        if error is None:
            state = replace(state, done=state.done + 1)
        else:
            state = replace(state, failed=state.failed + 1, first_error=state.first_error or error)
        self.state = replace(state, share=(state.done + state.failed) / max(1, state.total))
        return image


def _free_names(path: Path, count: int) -> list[Path]:
    """«hoja - 1.png», «hoja - 2.png» …, or with another base when one of those is taken."""
    for number in range(1, 1000):
        base = path.with_name(free_name(path.name, number))
        names = [base.with_name(f"{base.stem} - {page}{base.suffix}") for page in range(1, count + 1)]
        if not any(name.exists() for name in names):
            return names
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


def _write_error(path: Path) -> OSError:
    """Qt says that writing failed, not why."""
    code = errno.EACCES
    with contextlib.suppress(OSError):
        if shutil.disk_usage(path.parent).free < _LITTLE:
            code = errno.ENOSPC
        elif path.exists():
            code = errno.EIO
    return OSError(code, os.strerror(code), str(path.parent))
