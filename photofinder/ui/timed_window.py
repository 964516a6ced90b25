"""The real window, watched: it says on stdout when it was painted and when answers were, for ``photofinder bench``.

It starts as ``photofinder gui`` does, asks the phrases of its order as soon as it is painted, one after the other, then
for photos like some of the library, says that it is idle, and closes when its stdin ends. Each line is a JSON object:
``{"mark": "painted"}``, ``{"mark": "answered", "ms": 12.5, "hits": 200}`` (from asking until the grid has painted the
answer, by the window's own clock), ``{"mark": "idle"}``.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from photofinder.log import start_log
from photofinder.paths import data_paths
from photofinder.ui.app import Session, run

_LOOK_MS, _LOOKS = 20, 500
_SIMILAR_FROM = 20
"""Of an answer: photos that the window knows the path of without looking at them."""


class Watcher(QObject):
    """Follows one session through its order."""

    stdin_ended = Signal()

    def __init__(self, session: Session, phrases: Sequence[str], similar: int, *, patient: bool) -> None:
        """``patient``: look at the pictures of every answer before the next is asked for, as a person does."""
        super().__init__(session)
        self._patient = patient
        self._patience = 0
        self._window = session.window
        self._grid = session.window.grid
        self._phrases = deque(phrases)
        self._similar = similar
        self._asked_at = 0.0
        self._answered = False
        self._begun = False
        self._ids: tuple[int, ...] = ()
        self._window.installEventFilter(self)
        self._grid.viewport().installEventFilter(self)
        self._window.search.changed.connect(self._look)
        self.stdin_ended.connect(self._window.close)
        threading.Thread(target=self._wait_for_end, name="stdin", daemon=True).start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            # this paint is about to happen; what is queued here comes after all of the window is painted
            if not self._begun and watched is self._window:
                self._begun = True
                QTimer.singleShot(0, self, self._painted)
            elif self._answered and watched is self._grid.viewport():
                self._answered = False
                QTimer.singleShot(0, self, self._answer_painted)
        return False

    @Slot()
    def _painted(self) -> None:
        say({"mark": "painted", "platform": QApplication.platformName()})
        self._next()

    @Slot()
    def _look(self) -> None:
        """An answer came: the next time the grid paints, it paints that; with nothing to show there is another page."""
        search = self._window.search
        if not self._asked_at or search.waiting or not search.active:
            return
        if self._grid.isVisible():
            self._answered = True
            self._grid.viewport().update()
        else:
            QTimer.singleShot(0, self, self._answer_painted)

    @Slot()
    def _answer_painted(self) -> None:
        if not self._asked_at:
            return
        ms = (time.perf_counter() - self._asked_at) * 1e3
        found = self._window.search.found
        self._asked_at = 0.0
        self._ids = tuple(found.photo_ids[:_SIMILAR_FROM].tolist()) or self._ids
        say({"mark": "answered", "ms": round(ms, 3), "hits": len(found)})
        self._patience = _LOOKS
        QTimer.singleShot(0, self, self._look_at_pictures)

    @Slot()
    def _look_at_pictures(self) -> None:
        """Go on once all in sight have their picture, or have none in 10 s."""
        self._patience -= 1
        if self._patient and self._patience > 0 and not self._is_settled():
            QTimer.singleShot(_LOOK_MS, self, self._look_at_pictures)
        else:
            self._next()

    def _is_settled(self) -> bool:
        top, model = self._grid.verticalOffset(), self._window.model
        seen = self._grid.cell_layout.between(top, top + self._grid.viewport().height())
        return all(model.is_settled(model.photo_ids[row]) for one in seen for row in range(one.first, one.stop))

    @Slot()
    def _next(self) -> None:
        if self._phrases:
            phrase = self._phrases.popleft()
            self._asked_at = time.perf_counter()
            self._window.search.search_text(phrase)
        elif self._similar > 0 and self._ids:
            self._similar -= 1
            self._asked_at = time.perf_counter()
            self._window.search.search_similar(self._ids[self._similar % len(self._ids)])
        else:
            self._rest()

    def _rest(self) -> None:
        """Idle once the library is there, as a person would find it; the walk through the folders may go on."""
        if self._window.model.photo_ids or self._window.search.active:
            say({"mark": "idle"})
        else:
            QTimer.singleShot(20, self, self._rest)

    def _wait_for_end(self) -> None:
        sys.stdin.buffer.read()
        self.stdin_ended.emit()


def say(mark: dict[str, object]) -> None:
    """One line, at once."""
    sys.stdout.write(json.dumps(mark) + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Show the window of ``--data-dir DIR`` and follow ``--order JSON``; the window's exit code."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--data-dir", type=Path, required=True)
    parser.add_argument("--order", type=json.loads, required=True)
    options = parser.parse_args(arguments)
    order, paths = options.order, data_paths(options.data_dir)
    start_log(paths)
    watchers: list[Watcher] = []  # alive as long as the window

    def watch(session: Session) -> None:
        watchers.append(Watcher(session, order["phrases"], int(order["similar"]), patient=bool(order["patient"])))

    return run(paths, watch=watch)
