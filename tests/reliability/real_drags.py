"""Drags between the window and another program, by a real pointer on a real X11 screen.

``xvfb-run -a -s "-screen 0 1400x900x24" python -m tests.reliability.real_drags --folder FOLDER`` (Linux, with
``xdotool``; FOLDER has some photos) analyses FOLDER, drags photos of the window into another program, and everything
that another program may carry into the window. Prints one line for each; the exit code is 1 when one went wrong. About
a minute.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "xcb"

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from photofinder.library.images import EXTENSIONS
from photofinder.model.pack import load_pack
from photofinder.paths import data_paths
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from tests.reliability.other_program import HEIGHT, WIDTH

PATIENCE_S = 60.0
_OTHER = (1120, 40)
_WINDOW = (0, 0, 1100, 800)
_STEPS = 12


class NeverCame(Exception):
    """What was waited for."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one drag: what, whether it went as it should, and what happened."""

    what: str
    right: bool
    happened: str


class Desk:
    """One screen with the window and one other program."""

    def __init__(self, app: QApplication, session: Session, photos: list[Path], work: Path) -> None:
        self.app, self.session, self.window = app, session, session.window
        self.photos, self.work = photos, work
        self._lines: queue.SimpleQueue[dict[str, object]] = queue.SimpleQueue()

    def live(self, what: str, until: Callable[[], object]) -> None:
        """Let the window live until something is so. Raises NeverCame."""
        end = time.monotonic() + PATIENCE_S
        while not until():
            if time.monotonic() > end:
                raise NeverCame(what)
            self.app.processEvents()
            time.sleep(0.005)

    def said(self) -> dict[str, object]:
        """The next line of the other program."""
        self.live("the other program", lambda: not self._lines.empty())
        return self._lines.get()

    @contextmanager
    def other(self, kind: str, *paths: Path) -> Iterator[None]:
        """Another program beside the window."""
        place = [str(number) for number in _OTHER]
        command = [sys.executable, "-m", "tests.reliability.other_program", kind, *place, *map(str, paths)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        output = process.stdout
        reader = threading.Thread(target=lambda: [self._lines.put(json.loads(line)) for line in output], daemon=True)
        reader.start()
        try:
            self.said()
            yield
        finally:
            process.kill()
            process.wait()
            reader.join()
            output.close()

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move in small steps, let go; the window lives on meanwhile, also inside the drag."""
        steps = [f"mousemove {start.x()} {start.y()} sleep 0.3 mousedown 1 sleep 0.3"]
        for step in range(1, _STEPS + 1):
            x, y = (a + (b - a) * step // _STEPS for a, b in ((start.x(), end.x()), (start.y(), end.y())))
            steps.append(f"mousemove {x} {y} sleep 0.06")
        steps.append("sleep 0.5 mouseup 1 sleep 0.2")
        hand = subprocess.Popen(["xdotool", *" ".join(steps).split()])
        self.live("the end of the drag", lambda: hand.poll() is not None)

    def middle(self) -> QPoint:
        """Of the window, on the screen."""
        return self.window.mapToGlobal(self.window.grid.geometry().center())

    def beside(self) -> QPoint:
        """Of the other program."""
        return QPoint(_OTHER[0] + WIDTH // 2, _OTHER[1] + HEIGHT // 2)

    def at_rest(self) -> None:
        """All photos shown, nothing searched, nothing said."""
        window = self.window
        window.search.clear()
        window.bar.set_text("")
        window.notice.hide()
        self.live("the library", lambda: not window.search.active and len(window.model.photo_ids) >= len(self.photos))
        window.grid.scrollToTop()
        window.repaint()

    # What is dragged ----------------------------------------------------------------------------------------------

    def out(self, count: int) -> Outcome:
        """The first ``count`` photos, out to the other program."""
        self.at_rest()
        grid, model = self.window.grid, self.window.model
        grid.clearSelection()
        grid.setCurrentIndex(model.index(0))
        if count > 1:
            grid.selectAll()
        first = grid.viewport().mapToGlobal(grid.visualRect(model.index(0)).center())
        self.live("a picture", lambda: model.is_settled(model.photo_ids[0]))
        before = {path: path.stat() for path in self.photos}
        with self.other("take"):
            self.drag(first, self.beside())
            said = self.said()
        taken = said["taken"]
        assert isinstance(taken, list)
        whole = {path: path.stat() for path in self.photos} == before and all(Path(path).is_file() for path in taken)
        right = len(taken) == count and whole and said["action"] == said["offered"] == "CopyAction"
        return Outcome(f"{count} out", right, f"{len(taken)} files by {said['action']}")

    def into(self, what: str, kind: str, paths: list[Path], expected: str, *, searched: bool = False) -> Outcome:
        """Out of another program into the window; ``expected``: part of what is said, or of what is searched then."""
        self.at_rest()
        window = self.window
        with self.other(kind, *paths):
            self.drag(self.beside(), self.middle())
            done = str(self.said()["done"])
        if searched:
            self.live("an answer", lambda: window.search.active and not window.search.waiting)
            told = " ".join([window.bar.text, *(photo.name for photo in window.bar.photos), window.notice.text])
        else:
            self.live("a sentence", lambda: window.notice.text and window.notice.isVisible())
            told = window.notice.text
        return Outcome(what, expected in told and done != "MoveAction", f"{done}: {told.strip()}")


def bad_files(work: Path) -> dict[str, Path]:
    """Files that no search can be made of."""
    with zipfile.ZipFile(work / "fotos.zip", "w") as archive:
        archive.writestr("a.jpg", b"x")
    made = {"zip": work / "fotos.zip", "drawing": work / "dibujo.psd", "video": work / "boda.mp4"}
    for name in ("dibujo.psd", "boda.mp4", "carta.odt", "vacía.jpg"):
        (work / name).write_bytes(b"" if name.startswith("vac") else b"nothing that a photo is made of")
    (work / "falsa.jpg").write_bytes(b"%PDF-1.4")
    return made | {"letter": work / "carta.odt", "empty": work / "vacía.jpg", "false": work / "falsa.jpg"}


def outcomes(desk: Desk) -> Iterator[Outcome]:
    """Every drag, one after the other."""
    yield desk.out(1)
    yield desk.out(len(desk.window.model.photo_ids))
    photo, bad = desk.photos[0], bad_files(desk.work)
    yield desk.into("a photo", "files", [photo], photo.name, searched=True)
    yield desk.into("several photos", "files", desk.photos[:3], photo.name, searched=True)
    yield desk.into("a browser's picture", "picture", [photo], "la imagen", searched=True)
    yield desk.into("words", "words", [], "moto roja", searched=True)
    yield desk.into("5,000 files", "thousands", [photo], "De los 5.000 archivos", searched=True)
    yield desk.into("a folder", "files", [desk.work], "¿Añadir la carpeta")
    yield desk.into("an address", "address", [], "no descarga nada de internet")
    yield desk.into("a photo inside a zip", "inside a zip", [], "dentro de otro archivo")
    yield desk.into("a promised photo", "promise", [], "dentro de otro archivo")
    yield desk.into("a zip", "files", [bad["zip"]], "es un archivo comprimido")
    yield desk.into("no decoder", "files", [bad["drawing"]], "no sabe abrir")
    yield desk.into("a video", "files", [bad["video"]], "es un vídeo")
    yield desk.into("a letter", "files", [bad["letter"]], "no es una foto")
    yield desk.into("an empty photo", "files", [bad["empty"]], "está vacío")
    yield desk.into("a false photo", "files", [bad["false"]], "no es una imagen")


def main(arguments: list[str]) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    folder = parser.parse_args(arguments).folder.resolve()
    app = QApplication([])
    with tempfile.TemporaryDirectory(prefix="photofinder-") as temporary:
        photos = sorted(path for path in folder.rglob("*") if path.suffix.lower() in EXTENSIONS)
        (Path(temporary) / "suelto").mkdir()
        battery = Battery(lambda: False)
        session = Session(app, data_paths(Path(temporary)), load_pack(), language="es", battery=battery, watch=False)
        session.window.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint)
        session.window.setGeometry(*_WINDOW)
        session.start(folder)
        desk, wrong = Desk(app, session, photos, Path(temporary) / "suelto"), 0
        try:
            window = session.window
            desk.live("an analysis", lambda: window.progress.is_finished and window.library_is_current)
            print(QGuiApplication.platformName(), len(photos), "photos")
            for outcome in outcomes(desk):
                wrong += not outcome.right
                print("ok   " if outcome.right else "WRONG", f"{outcome.what}: {outcome.happened}", flush=True)
        finally:
            session.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
