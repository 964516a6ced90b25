"""Makes the pictures of the documentation: the real window on a real folder.

``python -m photofinder.ui.screenshots --folder FOLDER --out docs/images`` remakes all of them in about a minute: the
photos of ``FOLDER`` are analysed once, then each of ``SETS`` (language, theme, device pixel ratio) is taken in a
program of its own, because Qt reads its scale when it starts. The view of a set is
``<view>[-en][-light][-2x].<suffix>``; what the README shows is PNG, the rest WebP, which is a fifth of the size.

``--data-dir DIR`` keeps the analysis for the next time. ``--set es-dark-1`` takes one set, ``--views search,similar``
only some views of it. No screen is needed (``QT_QPA_PLATFORM=offscreen`` is used where there is no display).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QPoint, QRect, QSize
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from photofinder.library.filters import Filters
from photofinder.messages import ENGLISH, SPANISH
from photofinder.model.pack import load_pack
from photofinder.paths import data_paths
from photofinder.ui.app import Session
from photofinder.ui.theme import DARK, LIGHT

PATIENCE_S = 600.0
_SIZE = QSize(1280, 800)
_IN_README = ("welcome", "search", "similar")
_PHRASE = "gata mirando"
_WISHES = "flor o gata sin ladrillos"
_BEGINNING = "flor en el ja"
_NONSENSE = "xilófono de cuarzo"
_QUALITY = 90
"""Of WebP: edges of letters stay clean."""


class ScreenshotFailed(Exception):
    """The window did not come to show what was to be pictured."""


@dataclass(frozen=True, slots=True)
class Set:
    """Views taken in one language, theme and device pixel ratio."""

    language: str
    theme: str
    ratio: int
    views: tuple[str, ...]

    @property
    def name(self) -> str:
        """As ``--set`` knows it."""
        return f"{self.language}-{self.theme}-{self.ratio}"

    def file(self, view: str) -> str:
        """How the picture of a view is called."""
        marks = [
            mark
            for mark, is_so in (
                ("-en", self.language == ENGLISH),
                ("-light", self.theme == LIGHT),
                (f"-{self.ratio}x", self.ratio > 1),
            )
            if is_so
        ]
        return view + "".join(marks) + (".png" if not marks and view in _IN_README else ".webp")


ALL = (
    "welcome", "library", "search", "similar", "chips", "completion", "nothing", "why", "preview", "selection",
    "sheet", "folders", "settings", "keys",
)  # fmt: skip
SETS = (
    Set(SPANISH, DARK, 1, ALL),
    Set(SPANISH, LIGHT, 1, ("library", "search", "chips", "preview", "settings")),
    Set(ENGLISH, DARK, 1, ("search", "why", "folders", "settings")),
    Set(ENGLISH, LIGHT, 1, ("welcome", "chips", "preview", "sheet")),
    Set(SPANISH, DARK, 2, ("search", "preview")),
    Set(ENGLISH, LIGHT, 2, ("library",)),
)


class Photographer:
    """Drives one session and grabs its window."""

    def __init__(self, app: QApplication, session: Session, taken: Set, out: Path, phrase: str = _PHRASE) -> None:
        self._app = app
        self._session = session
        self._window = session.window
        self._set = taken
        self._out = out
        self._phrase = phrase
        self._views: dict[str, Callable[[], None]] = {
            "welcome": self._welcome,
            "library": self._library,
            "search": self._search,
            "similar": self._similar,
            "chips": self._chips,
            "completion": self._completion,
            "nothing": self._nothing,
            "why": self._why,
            "preview": self._preview,
            "selection": self._selection,
            "sheet": self._sheet,
            "folders": self._folders,
            "settings": self._settings,
            "keys": self._keys,
        }

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
        window, grid, model = self._window, self._window.grid, self._window.model

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
        self._live(0.1)

    def _live(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.wait("a moment", lambda: time.monotonic() >= until)

    def grab(self, view: str, over: QWidget | None = None) -> None:
        """Write the window as it is; ``over``: a dialog in front of it."""
        self._live(0.05)
        picture = self._window.grab()
        if over is not None:
            self._paint_over(picture, over)
        path = self._out / self._set.file(view)
        if not picture.save(str(path), None, -1 if path.suffix == ".png" else _QUALITY):
            raise ScreenshotFailed(f"{path} cannot be written")

    def _paint_over(self, picture: QPixmap, dialog: QWidget) -> None:
        """The dialog in the middle of a darkened window, as a desktop shows it: grabbing a window leaves it out."""
        painter = QPainter(picture)
        window = self._window.rect()
        painter.fillRect(window, QColor(0, 0, 0, 110))
        place = QRect(QPoint(0, 0), dialog.size())
        place.moveCenter(window.center())
        painter.drawPixmap(place, dialog.grab())
        painter.setPen(QPen(self._session.theme.colour("border"), 1))
        painter.drawRect(place.adjusted(-1, -1, 0, 0))
        painter.end()

    # The views ----------------------------------------------------------------------------------------------------

    def analyse(self, folders: Sequence[Path]) -> None:
        """Until every photo of these folders is known."""
        for folder in folders:
            self._window.add_folder(folder)
        self.wait("folders", lambda: len(self._window.folders.folders) >= len(folders))
        self.wait("an analysed folder", lambda: self._window.progress.is_finished and self._window.library_is_current)

    def take(self, view: str) -> None:
        """Bring the window to a view, picture it, and go back to the library."""
        window = self._window
        self.wait("the first page", lambda: window.pages.currentIndex() > 0)
        if view != "welcome":
            self.wait("an analysis", lambda: window.progress.is_finished and window.library_is_current)
        self._views[view]()
        window.preview.leave()
        window.grid.clearSelection()
        window.search.clear()
        window.bar.set_text("")
        window.grid.setFocus()
        self._live(0.05)

    def _welcome(self) -> None:
        self.grab("welcome")

    def _library(self) -> None:
        self.settle()
        self.grab("library")

    def _search(self) -> None:
        self._window.search.search_text(self._phrase)
        self.settle()
        self.grab("search")

    def _similar(self) -> None:
        self._window.search.search_text(self._phrase)
        self.settle()
        self._window.search.search_similar(self._first())
        self.settle()
        self.grab("similar")

    def _chips(self) -> None:
        window = self._window
        window.bar.search_for(_WISHES, Filters(types=("jpg",)))
        self.settle()
        window.top.filter_button.setChecked(True)
        self.wait("the filters", window.tools.panel.isVisible)
        self._live(0.3)
        self.settle()
        self.grab("chips")
        window.top.filter_button.setChecked(False)
        window.bar.search_for("", Filters())

    def _completion(self) -> None:
        window = self._window
        window.activateWindow()
        window.bar.edit.setFocus()
        window.bar.edit.setText(_BEGINNING)
        window.bar.edit.textEdited.emit(_BEGINNING)
        self.wait("completions", lambda: window.bar.completions.isVisible() and window.search.active)
        self.settle()
        self.grab("completion")
        window.bar.completions.hide()

    def _nothing(self) -> None:
        self._window.search.search_text(_NONSENSE)
        self.settle()
        self.grab("nothing")

    def _why(self) -> None:
        self._window.search.search_text(self._phrase)
        self.settle()
        self._window.results.explain(self._first())
        self.wait("why", lambda: self._window.results.panel.is_loaded)
        self.grab("why")
        self._window.results.panel.leave()

    def _preview(self) -> None:
        window = self._window
        window.search.search_text(self._phrase)
        self.settle()
        window.preview.open(self._first())
        window.preview.info.show()
        self.wait("a preview", lambda: window.preview.is_loaded)
        self._live(0.3)
        self.grab("preview")

    def _choose_some(self) -> None:
        self.settle()
        grid, select = self._window.grid, QItemSelectionModel.SelectionFlag.Select
        for row in (1, 2, 4, 7):
            grid.selectionModel().select(self._window.model.index(row), select)

    def _selection(self) -> None:
        self._choose_some()
        self.grab("selection")

    def _sheet(self) -> None:
        window = self._window
        window.tasks.ask_about_sheet(list(window.model.photo_ids), "")
        dialog = window.tasks.sheet_dialog
        assert dialog is not None
        self.settle()
        dialog.repaint()
        self.settle()
        self.grab("sheet", dialog)
        dialog.close()

    def _folders(self) -> None:
        window = self._window
        window.folder_actions.ask_for_all_failures()
        self.wait("the list of failures", lambda: window.failures_dialog is not None)
        dialog = window.failures_dialog
        assert dialog is not None
        first = dialog.list.topLevelItem(0)
        assert first is not None
        dialog.list.setCurrentItem(first)
        self.settle()
        self.grab("folders", dialog)
        dialog.close()

    def _settings(self) -> None:
        self._session.control.open()
        dialog = self._session.control.dialog
        assert dialog is not None
        self._picture_dialog("settings", dialog)

    def _keys(self) -> None:
        self._session.menu.show_keys()
        self._picture_dialog("keys", self._window.findChildren(QDialog)[-1])

    def _picture_dialog(self, view: str, dialog: QWidget) -> None:
        self.settle()
        self.grab(view, dialog)
        dialog.close()

    def _first(self) -> int:
        if not self._window.model.photo_ids:
            raise ScreenshotFailed(f"no photo answers «{self._phrase}»")
        return self._window.model.photo_ids[0]


def scans(folder: Path) -> Path:
    """A second folder, of which nothing can be read: the list of such photos is to be seen."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "abuela 1962.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    (folder / "boda.png").write_bytes(b"")
    return folder


def take_set(taken: Set, data: Path, folder: Path, out: Path, phrase: str) -> None:
    """All views of one set, in this program. Raises ScreenshotFailed."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as empty:
        for place, is_first_day in ((Path(empty), True), (data, False)):
            views = [view for view in taken.views if (view == "welcome") == is_first_day]
            if not views:
                continue
            session = Session(
                app,
                data_paths(place),
                load_pack(),
                theme=taken.theme,
                language=taken.language,
                pictures=folder,
                watch=False,
            )
            session.window.resize(_SIZE)
            session.start()
            try:
                photographer = Photographer(app, session, taken, out, phrase)
                if not is_first_day:
                    photographer.analyse((folder, scans(data / "Escaneos")))
                for view in views:
                    photographer.take(view)
            finally:
                session.close()


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when all pictures were written."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.ui.screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--search", default=_PHRASE)
    parser.add_argument("--set", choices=[one.name for one in SETS])
    parser.add_argument("--views", type=lambda text: text.split(","))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="photofinder-") as temporary:
        data = options.data_dir or Path(temporary)
        if options.set is not None:
            taken = next(one for one in SETS if one.name == options.set)
            if options.views is not None:
                taken = replace(taken, views=tuple(options.views))
            take_set(taken, data, options.folder.resolve(), options.out, options.search)
            return 0
        for one in SETS:
            views = [view for view in one.views if options.views is None or view in options.views]
            if not views:
                continue
            command = [
                sys.executable,
                "-m",
                "photofinder.ui.screenshots",
                "--set",
                one.name,
                "--views",
                ",".join(views),
            ]
            command += ["--folder", str(options.folder), "--out", str(options.out), "--data-dir", str(data)]
            subprocess.run([*command, "--search", options.search], check=True, env=_environment(one))
    return 0


def _environment(taken: Set) -> dict[str, str]:
    environment = dict(os.environ)
    environment["QT_SCALE_FACTOR"] = str(taken.ratio)
    if sys.platform.startswith("linux") and not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


if __name__ == "__main__":
    sys.exit(main())
