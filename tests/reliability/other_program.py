"""Another program of the desktop, to drag between it and the window: see ``real_drags.py``.

``python -m tests.reliability.other_program KIND X Y [PATH…]``: a small window at that place of the screen. ``take``
prints what is dropped on it; of any other kind it prints what came of dragging that out of it. A JSON object a line.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag, QDragEnterEvent, QDropEvent, QImage, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

WIDTH, HEIGHT = 260, 160


def files(paths: list[Path]) -> QMimeData:
    """As a file manager carries them."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def browser_picture(paths: list[Path]) -> QMimeData:
    """As Firefox carries a picture: the bitmap, where it is from, and a piece of the page."""
    mime = addresses(["https://example.org/foto.jpg"])
    mime.setImageData(QImage(str(paths[0])))
    mime.setHtml('<img src="https://example.org/foto.jpg">')
    return mime


def addresses(urls: list[str]) -> QMimeData:
    """As a browser carries links."""
    mime = QMimeData()
    mime.setUrls([QUrl(url) for url in urls])
    mime.setText(urls[0])
    return mime


def words(text: str) -> QMimeData:
    """As an editor carries what is selected."""
    mime = QMimeData()
    mime.setText(text)
    return mime


def promise() -> QMimeData:
    """As an archive manager carries a photo that has no file yet."""
    mime = QMimeData()
    mime.setData("XdndDirectSave0", QByteArray(b"foto.jpg"))
    return mime


CARRIED: dict[str, Callable[[list[Path]], QMimeData]] = {
    "files": files,
    "picture": browser_picture,
    "words": lambda _: words("moto roja"),
    "address": lambda _: addresses(["https://example.org/foto.jpg"]),
    "inside a zip": lambda _: addresses(["zip:/home/ana/fotos.zip/foto.jpg"]),
    "promise": lambda _: promise(),
    "thousands": lambda paths: files([paths[0].parent / f"nota {n}.txt" for n in range(4999)] + paths),
}


class OtherProgram(QLabel):
    """Takes drops, or is dragged from."""

    def __init__(self, kind: str, paths: list[Path]) -> None:
        super().__init__(kind)
        self._kind, self._paths = kind, paths
        self.setAcceptDrops(kind == "take")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWindowFlag(Qt.WindowType.X11BypassWindowManagerHint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._kind != "take":
            drag = QDrag(self)
            drag.setMimeData(CARRIED[self._kind](self._paths))
            say({"done": drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction).name})

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        taken = [url.toLocalFile() for url in event.mimeData().urls()]
        say({"taken": taken, "action": event.dropAction().name, "offered": event.possibleActions().name or ""})
        event.acceptProposedAction()


def say(line: dict[str, object]) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def main(kind: str, x: str, y: str, *paths: str) -> int:
    """The program, until it is ended."""
    app = QApplication([])
    window = OtherProgram(kind, [Path(path) for path in paths])
    window.setGeometry(int(x), int(y), WIDTH, HEIGHT)
    window.show()
    say({"shown": kind})
    return app.exec()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
