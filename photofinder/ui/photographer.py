"""Drives one session of the window and grabs what it shows, for the pictures of the documentation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from photofinder.ui.app import Session

PATIENCE_S = 600.0
_QUALITY = 90
"""Of WebP: edges of letters stay clean."""


class ScreenshotFailed(Exception):
    """The window did not come to show what was to be pictured."""


class Photographer:
    """Waits until the window shows something, and writes it to a file."""

    def __init__(self, app: QApplication, session: Session, file: Callable[[str], Path], phrase: str) -> None:
        """``file``: where the picture of a view is written; ``phrase``: what is searched for."""
        self._app = app
        self._file = file
        self.session = session
        self.window = session.window
        self.phrase = phrase

    def wait(self, what: str, until: Callable[[], object]) -> None:
        """Let the window live until something is so. Raises ScreenshotFailed after ten minutes."""
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > deadline:
                raise ScreenshotFailed(what)
            self._app.processEvents()
            time.sleep(0.01)

    def settle(self) -> None:
        """Wait for the answer and for every thumbnail in sight."""
        window, grid, model = self.window, self.window.grid, self.window.model

        def in_sight() -> list[int]:
            page = grid.viewport().rect()
            return [
                photo_id
                for row, photo_id in enumerate(model.photo_ids)
                if page.intersects(grid.visualRect(model.index(row)))
            ]

        self.wait("an answer", lambda: not window.search.waiting)
        window.repaint()
        if grid.isVisible():
            self.wait("thumbnails", lambda: all(model.is_settled(photo_id) for photo_id in in_sight()))
        self.live(0.1)

    def live(self, seconds: float) -> None:
        """Let the window live so long."""
        until = time.monotonic() + seconds
        self.wait("a moment", lambda: time.monotonic() >= until)

    def grab(self, view: str, over: QWidget | None = None, at: QPoint | None = None) -> None:
        """Write the window as it is; ``over``: a dialog in front of it, or a menu at its place ``at`` in the window."""
        self.live(0.05)
        picture = self.window.grab()
        if over is not None and at is None:
            self._paint_over(picture, over)
        elif over is not None and at is not None:
            painter = QPainter(picture)
            painter.drawPixmap(at, over.grab())
            painter.end()
        path = self._file(view)
        if not picture.save(str(path), None, -1 if path.suffix == ".png" else _QUALITY):
            raise ScreenshotFailed(f"{path} cannot be written")

    def _paint_over(self, picture: QPixmap, dialog: QWidget) -> None:
        """The dialog in the middle of a darkened window, as a desktop shows it: grabbing a window leaves it out."""
        painter = QPainter(picture)
        window = self.window.rect()
        painter.fillRect(window, QColor(0, 0, 0, 110))
        place = QRect(QPoint(0, 0), dialog.size())
        place.moveCenter(window.center())
        painter.drawPixmap(place, dialog.grab())
        painter.setPen(QPen(self.session.theme.colour("border"), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.end()

    def wait_for_a_page(self) -> None:
        """Until the library is known."""
        self.wait("the first page", lambda: self.window.pages.currentIndex() > 0)

    def analyse(self, folders: Sequence[Path]) -> None:
        """Until every photo of these folders is known."""
        for folder in folders:
            self.window.add_folder(folder)
        self.wait("folders", lambda: len(self.window.folders.folders) >= len(folders))
        self.wait("an analysed folder", lambda: self.window.progress.is_finished and self.window.library_is_current)

    def first(self) -> int:
        """The first photo that is shown. Raises ScreenshotFailed."""
        if not self.window.model.photo_ids:
            raise ScreenshotFailed(f"no photo answers «{self.phrase}»")
        return self.window.model.photo_ids[0]

    def search(self, text: str) -> None:
        """Search for words, and wait for what is found."""
        self.window.search.search_text(text)
        self.settle()

    def to_the_library(self) -> None:
        """Leave whatever is open."""
        window = self.window
        window.preview.leave()
        window.grid.clearSelection()
        window.search.clear()
        window.bar.set_text("")
        window.grid.setFocus()
        self.live(0.05)
