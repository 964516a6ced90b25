"""Garbage is collected in the GUI thread alone, and no thread waits for it."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photofinder.ui.garbage import GarbageCollection
from tests.conftest import write_photo
from tests.ui.conftest import OpenSession, wait

READERS = """
import gc, sys, threading
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QImage
from photofinder.ui.garbage import GarbageCollection
from photofinder.ui.thumbnail_image import middle_of

gc.set_threshold(10, 1, 1)
application = QCoreApplication([])
collection = GarbageCollection(every_ms=1) if sys.argv[2] == "with" else None
data = Path(sys.argv[1]).read_bytes()
sender = QObject()

def litter(*things):
    garbage = [*things]
    garbage.append(garbage)

def read(make):
    for _ in range(3000):
        for _ in range(8):
            litter()
        make()

makes = [lambda: middle_of(data, 32), lambda: middle_of(data, 32), lambda: QImage.fromData(data)]
threads = [threading.Thread(target=read, args=(make,)) for make in makes]
for thread in threads:
    thread.start()
while any(thread.is_alive() for thread in threads):
    for _ in range(20):
        receiver = QObject()
        sender.objectNameChanged.connect(receiver.deleteLater)
        litter(receiver)
    application.processEvents()
"""
"""The GUI thread leaves objects of Qt's behind that are connected to others, and all threads make garbage."""


def test_threads_that_read_pictures_do_not_wait_for_garbage(tmp_path: Path) -> None:
    """In a process of its own: threads that wait for one another's locks can be ended no other way."""
    photo = write_photo(tmp_path / "a.jpg", seed=3, size=(64, 48))
    subprocess.run([sys.executable, "-c", READERS, str(photo), "with"], check=True, timeout=100)


class Thing(QObject):
    """A part of a window that holds itself."""

    def __init__(self, ends: list[str]) -> None:
        super().__init__()
        self.itself = self
        weakref.finalize(self, lambda: ends.append(threading.current_thread().name))


def test_what_a_thread_leaves_is_collected_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    ends: list[str] = []
    kept: list[list[int]] = []
    collection = GarbageCollection(every_ms=5)

    def litter() -> None:
        for _ in range(5):
            Thing(ends)
        kept.extend([] for _ in range(20_000))  # more than enough for Python to collect by itself

    try:
        thread = threading.Thread(target=litter, name="lane")
        thread.start()
        thread.join()
        assert ends == []
        qtbot.waitUntil(lambda: len(ends) == 5)
        assert set(ends) == {threading.main_thread().name}
    finally:
        collection.end()
    assert gc.isenabled()


@pytest.mark.usefixtures("photo_folder")
def test_a_window_collects_garbage_itself_while_it_lives(open_session: OpenSession, qtbot: QtBot) -> None:
    session = open_session()
    assert not gc.isenabled()
    session.window.close()
    wait(qtbot, lambda: session.all_ended)
    assert gc.isenabled()
