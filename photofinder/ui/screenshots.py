"""Makes the pictures of the documentation: the real window on a real folder.

``python -m photofinder.ui.screenshots --data-dir DIR --folder FOLDER --out docs/images`` analyses the folder into
``DIR`` when it is not there yet, and writes one PNG a view. It needs no screen with ``QT_QPA_PLATFORM=offscreen``.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from photofinder.messages import ENGLISH, SPANISH
from photofinder.model.pack import load_pack
from photofinder.paths import data_paths
from photofinder.ui.app import Session
from photofinder.ui.main_window import MainWindow
from photofinder.ui.theme import DARK, LIGHT

PATIENCE_S = 600.0
_SIZE = QSize(1280, 800)


class ScreenshotFailed(Exception):
    """The window did not come to show what was to be pictured."""


class Photographer:
    """Drives one session and grabs its window."""

    def __init__(self, app: QApplication, session: Session, out: Path) -> None:
        self._app = app
        self._window: MainWindow = session.window
        self._out = out

    def wait(self, what: str, until: Callable[[], bool]) -> None:
        """Let the window live until something is so. Raises ScreenshotFailed after ten minutes."""
        deadline = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > deadline:
                raise ScreenshotFailed(what)
            self._app.processEvents()
            time.sleep(0.01)

    def settle(self) -> None:
        """Wait for the answer and for every thumbnail in sight."""
        window, grid, model = self._window, self._window.grid, self._window.model

        def in_sight() -> list[int]:
            page = grid.viewport().rect()
            return [
                photo_id
                for row, photo_id in enumerate(model.photo_ids)
                if page.intersects(grid.visualRect(model.index(row)))
            ]

        self.wait("an answer", lambda: not window.search.waiting)
        self._window.repaint()
        if grid.isVisible():
            self.wait("thumbnails", lambda: all(model.is_settled(photo_id) for photo_id in in_sight()))
        self._app.processEvents()

    def grab(self, name: str) -> None:
        """Write the window as it is to ``<name>.png``."""
        self._app.processEvents()
        path = self._out / f"{name}.png"
        if not self._window.grab().save(str(path)):
            raise ScreenshotFailed(f"{path} cannot be written")

    def take_all(self, folder: Path, phrase: str) -> None:
        """The first launch, the library, a search, a photo's likes, and the preview."""
        window = self._window
        self.wait("the first page", lambda: window.pages.currentIndex() > 0)
        if window.pages.currentWidget() is window.welcome:
            self.grab("welcome")
            window.add_folder(folder)
        self.wait("an analysed folder", lambda: window.progress.is_finished and bool(window.model.photo_ids))
        self.settle()
        self.grab("library")
        window.search.search_text(phrase)
        self.settle()
        self.grab("search")
        if window.model.photo_ids:
            window.search.search_similar(window.model.photo_ids[0])
            self.settle()
            self.grab("similar")
        if window.model.photo_ids:
            window.preview.open(window.model.photo_ids[0])
            self.wait("a preview", lambda: window.preview.is_loaded)
            self.grab("preview")
            window.preview.leave()


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when all pictures were written."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.ui.screenshots", description=__doc__)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--search", default="perro en la playa")
    parser.add_argument("--theme", choices=(DARK, LIGHT), default=DARK)
    parser.add_argument("--language", choices=(SPANISH, ENGLISH), default=SPANISH)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    folder = options.folder.resolve()
    session = Session(
        app,
        data_paths(options.data_dir),
        load_pack(),
        theme=options.theme,
        language=options.language,
        pictures=folder,
    )
    session.window.resize(_SIZE)
    session.start()
    try:
        Photographer(app, session, options.out).take_all(folder, options.search)
    finally:
        session.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
