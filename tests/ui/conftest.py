"""The real window, offscreen, on real photos, with the real catalogue, engine and bundled pack."""

from __future__ import annotations

import os
import shutil

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.indexing import index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.images import decode
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths, data_paths
from photofinder.ui import app, progress_area
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from photofinder.ui.main_window import MainWindow
from tests.conftest import made_once

PATIENCE_MS = 90_000
OpenSession = Callable[..., Session]


@pytest.fixture(autouse=True)
def spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine speaks."""
    monkeypatch.setenv("PHOTOFINDER_LANGUAGE", "es")


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine threads end late, and a test comes late to look at what is shown for some seconds."""
    monkeypatch.setattr(app, "CLOSING_S", PATIENCE_MS / 1000)
    monkeypatch.setattr(progress_area, "_DONE_MS", PATIENCE_MS)


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    """Every thread that a test starts has ended when it is over."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + PATIENCE_MS / 1000
    for thread in set(threading.enumerate()) - before:
        thread.join(max(0.0, deadline - time.monotonic()))
    left = {thread.name for thread in set(threading.enumerate()) - before}
    assert not left


@pytest.fixture
def open_session(
    qapp: QApplication, qtbot: QtBot, paths: DataPaths, pack: Pack, no_thread_is_left: None
) -> Iterator[OpenSession]:
    """``open_session(folder=None, pictures=None)`` shows a window on ``paths``; all are closed at the end."""
    opened: list[Session] = []

    def open_one(
        folder: Path | None = None,
        *,
        pictures: Path | None = None,
        paths: DataPaths = paths,
        theme: str | None = None,
        battery: Battery | None = None,
        watch: bool | None = False,
    ) -> Session:
        mains = Battery(lambda: False)
        session = Session(qapp, paths, pack, pictures=pictures, theme=theme, battery=battery or mains, watch=watch)
        opened.append(session)
        qtbot.addWidget(session.window)
        session.window.resize(1500, 1000)  # all fourteen photos are in sight
        session.start(folder)
        return session

    yield open_one
    for session in opened:
        session.window.close()
        assert session.all_ended
    qapp.clipboard().clear()


@pytest.fixture(scope="session")
def analysed_once(tmp_path_factory: pytest.TempPathFactory, photos_drawn_once: Path, pack: Pack) -> DataPaths:
    """Catalogue and thumbnails of ``photos_drawn_once``; nobody writes into them."""

    def analyse(folder: Path) -> None:
        paths = data_paths(folder)
        with (
            Catalog.open(paths.catalog, writer=True) as catalog,
            ThumbnailCache.open(paths.thumbnails) as thumbnails,
            Decoder() as decoder,
        ):
            for _ in index_folders(catalog, [photos_drawn_once], pack, decoder=decoder, thumbnails=thumbnails):
                pass

    return data_paths(made_once(tmp_path_factory, "analysed", analyse))


@pytest.fixture
def analysed(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, paths: DataPaths, analysed_once: DataPaths
) -> Session:
    """A window on ``photo_folder``, all fourteen photos analysed before it was opened."""
    _copy_state(analysed_once, paths, photo_folder)
    session = open_session()
    wait_finished(qtbot, session.window)
    return session


def _copy_state(made: DataPaths, paths: DataPaths, folder: Path) -> None:
    """Catalogue and thumbnails of ``made``, as if ``folder`` had been analysed."""
    for one, copy in ((made.catalog, paths.catalog), (made.thumbnails, paths.thumbnails)):
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(one, copy)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog.move_folder(catalog.folders()[0].id, folder)


@pytest.fixture
def window(analysed: Session) -> MainWindow:
    """The window of ``analysed``."""
    return analysed.window


@pytest.fixture(scope="session")
def catalogued_once(tmp_path_factory: pytest.TempPathFactory, photos_drawn_once: Path, pack: Pack) -> DataPaths:
    """What ``catalogue_without_network`` makes of ``photos_drawn_once``; nobody writes into it."""

    def catalogue(folder: Path) -> None:
        catalogue_without_network(photos_drawn_once, data_paths(folder), pack)

    return data_paths(made_once(tmp_path_factory, "catalogued", catalogue))


@pytest.fixture
def ready(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, paths: DataPaths, catalogued_once: DataPaths
) -> Session:
    """Like ``analysed``, without the network having run: the photos are catalogued with vectors of no meaning."""
    _copy_state(catalogued_once, paths, photo_folder)
    session = open_session()
    wait_finished(qtbot, session.window)
    return session


@pytest.fixture
def ready_window(ready: Session) -> MainWindow:
    """The window of ``ready``."""
    return ready.window


def catalogue_without_network(folder: Path, paths: DataPaths, pack: Pack) -> None:
    """Write catalogue and thumbnails as an analysis leaves them; the next one finds nothing to do."""
    rng = np.random.default_rng(0)
    with Catalog.open(paths.catalog, writer=True) as catalog, ThumbnailCache.open(paths.thumbnails) as thumbnails:
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        root = catalog.add_folder(folder)
        for path in sorted(folder.rglob("*.jpg")):
            photo, stat = decode(path), path.stat()
            name = path.relative_to(folder).as_posix()
            photo_id = catalog.add_or_update_photo(
                root.id, name, stat.st_size, stat.st_mtime_ns, content_hash=name, info=photo.info
            )
            for kind, dimension in (("feature", pack.feature_dim), ("embedding", pack.embedding_dim)):
                vector = rng.standard_normal(dimension).astype(np.float32)
                catalog.put_vectors(photo_id, kind, vector / np.linalg.norm(vector))
            thumbnails.put(photo_id, stat.st_mtime_ns, photo.thumbnail)


def wait(qtbot: QtBot, until: Callable[[], object]) -> None:
    """Let the window live until something is so."""
    qtbot.waitUntil(lambda: bool(until()), timeout=PATIENCE_MS)


def wait_finished(qtbot: QtBot, window: MainWindow) -> None:
    """Until the analysis is done and the window shows what it found."""
    wait(qtbot, lambda: window.progress.is_finished and window.library_is_current)


def wait_looked_at(qtbot: QtBot, paths: DataPaths) -> None:
    """Until every photo has its look."""

    def are_looked_at() -> bool:
        with Catalog.open(paths.catalog) as catalog:
            return not catalog.without_look()

    wait(qtbot, are_looked_at)


def wait_answer(qtbot: QtBot, window: MainWindow) -> None:
    """Until the newest search is answered."""
    wait(qtbot, lambda: window.search.active and not window.search.waiting)


def shown_names(window: MainWindow) -> list[str]:
    """File names in the order they are shown, for those whose thumbnail was asked for."""
    return [path.name for photo_id in window.model.photo_ids if (path := window.model.path_of(photo_id)) is not None]


def wait_thumbnails(qtbot: QtBot, window: MainWindow) -> None:
    """Until the file of every photo of the model is known (they all fit the window)."""

    def known() -> bool:
        window.grid.viewport().repaint()
        model = window.model
        return all(model.is_settled(shown) and model.path_of(shown) is not None for shown in model.photo_ids)

    wait(qtbot, known)


def id_of(window: MainWindow, name: str) -> int:
    """The id of the photo with this file name."""
    return next(
        photo_id
        for photo_id in window.model.photo_ids
        if (path := window.model.path_of(photo_id)) is not None and path.name == name
    )


def drop(window: MainWindow, mime: QMimeData, place: QPointF | None = None) -> None:
    """Drag something in and let go, in the middle unless said."""
    place = QPointF(window.rect().center()) if place is None else place
    left, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(place.toPoint(), copy, mime, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    event = QDropEvent(place, copy, mime, left, none)
    QApplication.sendEvent(window, event)
    assert event.isAccepted()
    assert event.dropAction() == copy
