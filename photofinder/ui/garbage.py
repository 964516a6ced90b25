"""Python's garbage is collected in the GUI thread alone while a window lives.

Objects of Qt's are garbage, too: windows and dialogs that hold one another. A widget must not be destroyed in another
thread. And to destroy an object PySide gives Python's lock up, while Qt holds a lock of its own and asks a sender of
signals in Python about the receiver that goes (``QObject::disconnectNotify``): a thread that calls Qt just then with
Python's lock in hand, and needs one of Qt's that is the same (they are few, shared by address), waits for good, and so
does the program. Left to itself, Python collects in whichever thread makes objects.
"""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 1000
_ALL_EVERY_S = 300.0
"""How often at most everything is looked through: 100 ms once torch is loaded, in which nothing is painted."""


class GarbageCollection(QObject):
    """Collects by Python's own thresholds, from the event loop, until ``end``."""

    def __init__(self, parent: QObject | None = None, every_ms: int = _EVERY_MS) -> None:
        super().__init__(parent)
        gc.disable()
        self._all_looked_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._collect)
        self._timer.start(every_ms)

    def end(self) -> None:
        """Leave it to Python again: no other thread of ours runs any more."""
        self._timer.stop()
        gc.enable()

    def _collect(self) -> None:
        due = [count > limit for count, limit in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        if due[2] and time.monotonic() - self._all_looked_at > _ALL_EVERY_S:
            gc.collect()
            self._all_looked_at = time.monotonic()
        elif due[1]:
            gc.collect(1)
        elif due[0]:
            gc.collect(0)
