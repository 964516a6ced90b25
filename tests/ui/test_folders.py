"""The folders panel: states, leaving out, failures, drives that return, and changes that are noticed."""

from __future__ import annotations

import errno
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from photofinder.library import answering
from photofinder.library.catalog import Folder
from photofinder.library.catalog_rows import Counts
from photofinder.library.volumes import tells_changes
from photofinder.paths import DataPaths
from photofinder.ui import folder_lane, watcher
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from photofinder.ui.folder_care import LOOKS_A_ROUND, FolderCare
from photofinder.ui.folder_lane import FolderLane, FoldersSeen
from photofinder.ui.folders_panel import FoldersPanel
from photofinder.ui.index_lane import FolderAdded, Phase, Progress
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.main_window import MainWindow
from photofinder.ui.search_lane import Library
from tests.conftest import MakePhoto
from tests.ui.conftest import OpenSession, wait, wait_finished
from tests.ui.test_analysis import Gate, gate, many_photos  # noqa: F401 - fixtures

no_dialog_warnings = pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform


def states(panel: FoldersPanel) -> list[str]:
    rows = (panel.list.item(row) for row in range(panel.list.count()))
    return [item.data(Qt.ItemDataRole.AccessibleTextRole) for item in rows]


def shown(window: MainWindow) -> int:
    return len(window.model.photo_ids)


def test_each_folder_says_how_it_is(
    open_session: OpenSession,
    qtbot: QtBot,
    many_photos: Path,  # noqa: F811
    gate: Gate,  # noqa: F811
    tmp_path: Path,
    make_photo: MakePhoto,
) -> None:
    make_photo(tmp_path / "Bodas" / "uno.jpg", size=(96, 64), seed=900)
    (tmp_path / "Bodas" / "rota.jpg").write_bytes(b"no")
    gate.open_for_good()
    window = open_session(tmp_path / "Bodas").window
    wait_finished(qtbot, window)
    assert states(window.folders) == ["Bodas, 2 fotos · 1 sin leer"]
    gate.shut()
    gate.open()
    window.add_folder(many_photos)
    wait(qtbot, lambda: states(window.folders)[1:] == ["Muchas, Analizando 32 de 70"] and gate.begun == 2)
    window.progress.pause_button.click()
    gate.open()
    wait(qtbot, lambda: states(window.folders)[1:] == ["Muchas, En pausa · 64 de 70"])
    gate.open_for_good()
    window.progress.pause_button.click()
    wait_finished(qtbot, window)
    wait(qtbot, lambda: states(window.folders) == ["Bodas, 2 fotos · 1 sin leer", "Muchas, 70 fotos · al día"])
    assert not window.folders.grab().isNull()


@no_dialog_warnings
def test_what_is_left_out_disappears_and_comes_back(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.folders.list.setCurrentRow(0)
    window.folders.exclude_action.trigger()
    dialog = window.folder_actions.exclude_dialog
    assert dialog is not None
    wait(qtbot, lambda: dialog.count.text() == "No se deja nada fuera.")
    dialog.edit.setPlainText("2019\nFLOWER.*")
    wait(qtbot, lambda: dialog.count.text() == "Quedan fuera 7 de 14 fotos.")
    dialog.edit.setPlainText("nada de eso")
    wait(qtbot, lambda: dialog.count.text() == "Ninguna de las 14 fotos conocidas queda fuera.")
    dialog.edit.setPlainText("2019")
    qtbot.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: shown(window) == 8 and states(window.folders) == ["Fotos de Ñandú, 8 fotos · al día"])
    assert window.folders.folders[0].exclude == ("2019",)

    window.folders.exclude_action.trigger()
    again = window.folder_actions.exclude_dialog
    assert again is not None
    wait(qtbot, lambda: again.count.text() == "Quedan fuera 6 de 14 fotos.")
    again.edit.clear()
    qtbot.mouseClick(again.save, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: shown(window) == 14)
    wait_finished(qtbot, window)
    assert window.progress.text == "Todo está al día", "with the vectors they had"


def test_a_new_folder_is_not_called_empty(open_session: OpenSession, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_session().window
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    wait(qtbot, window.welcome.other.hasFocus)
    folder = Folder(1, tmp_path / "nueva", online=True)
    known = Library((folder,), (), np.empty(0, dtype=np.int64), Counts(0, 0, 0, 0))
    window.take_analysis(FolderAdded(folder))
    window.take_library(known)
    assert window.pages.currentWidget() is window.empty
    assert window.empty.text == "Buscando tus fotos…\n"
    assert window.folders.row_of(folder).state == "Buscando fotos…"
    window.take_analysis(Progress(Phase.FINISHED))
    window.take_library(known)
    assert "No hay fotos en tus carpetas" in window.empty.text
    assert window.folders.row_of(folder).state == "0 fotos · al día"


@no_dialog_warnings
def test_one_photo_that_failed_is_tried_again(open_session: OpenSession, qtbot: QtBot, photo_folder: Path) -> None:
    good = (photo_folder / "china.jpg").read_bytes()
    for name in ("a.jpg", "b.jpg"):
        (photo_folder / name).write_bytes(b"no")
    window = open_session(photo_folder).window
    wait_finished(qtbot, window)
    window.folders.list.setCurrentRow(0)
    window.folders.failures_action.trigger()
    wait(qtbot, lambda: window.failures_dialog is not None)
    dialog = window.failures_dialog
    assert dialog is not None
    assert [photo.path.name for photo in dialog.photos] == ["b.jpg", "a.jpg"]
    row = dialog.list.topLevelItem(0)
    assert row is not None
    assert row.text(0) == "b.jpg"
    assert photo_folder.name in row.toolTip(0)
    assert not dialog.retry_one.isEnabled()
    assert not dialog.show_button.isEnabled()
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    assert dialog.show_button.isEnabled()
    (photo_folder / "b.jpg").write_bytes(good[:40_000])
    qtbot.mouseClick(dialog.retry_one, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: "dañad" in dialog.list.topLevelItem(0).text(1) or len(dialog.photos) == 1)
    for name in ("a.jpg", "b.jpg"):
        (photo_folder / name).write_bytes(good)
    qtbot.mouseClick(dialog.retry, Qt.MouseButton.LeftButton)
    wait(qtbot, lambda: dialog.photos == ())
    assert dialog.text.text() == "Todas las fotos se han podido leer"
    wait(qtbot, lambda: shown(window) == 16)


def test_on_battery_the_analysis_waits_for_mains(open_session: OpenSession, qtbot: QtBot, photo_folder: Path) -> None:
    unplugged = threading.Event()
    unplugged.set()
    window = open_session(photo_folder, battery=Battery(unplugged.is_set, look_s=0.02)).window
    wait(qtbot, lambda: window.progress.text == "En pausa: con batería · 0 de 14")
    wait(qtbot, lambda: shown(window) == 14)
    assert window.progress.start_button.text() == "Seguir con batería"
    unplugged.clear()
    wait_finished(qtbot, window)
    assert "14 fotos analizadas" in window.progress.text


def test_who_insists_analyses_on_battery(open_session: OpenSession, qtbot: QtBot, photo_folder: Path) -> None:
    window = open_session(photo_folder, battery=Battery(lambda: True, look_s=0.02)).window
    wait(qtbot, lambda: window.progress.text == "En pausa: con batería · 0 de 14")
    qtbot.mouseClick(window.progress.start_button, Qt.MouseButton.LeftButton)
    wait_finished(qtbot, window)


def test_new_photos_are_noticed(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, make_photo: MakePhoto, tmp_path: Path
) -> None:
    session = open_session(photo_folder, watch=True)
    window = session.window
    wait_finished(qtbot, window)
    care = window.folder_actions.care
    care._calm_ms = 50
    wait(qtbot, lambda: session.lanes.folders._watch.folder_ids)
    before = set(window.model.photo_ids)
    (photo_folder / "china.jpg").unlink()
    (photo_folder / "hoy").mkdir()
    make_photo(tmp_path / "nueva.jpg", seed=77).rename(photo_folder / "hoy" / "nueva.jpg")
    wait(qtbot, lambda: len(set(window.model.photo_ids) - before) == len(before - set(window.model.photo_ids)) == 1)
    care.set_watching(False)
    wait(qtbot, lambda: not session.lanes.folders._watch.folder_ids)


def test_a_drive_that_is_plugged_in_is_noticed(
    open_session: OpenSession, qtbot: QtBot, photo_folder: Path, tmp_path: Path, make_photo: MakePhoto
) -> None:
    window = open_session(photo_folder).window
    wait_finished(qtbot, window)
    care = window.folder_actions.care
    photo_folder.rename(tmp_path / "desenchufado")
    care._look_now()
    wait(qtbot, lambda: states(window.folders) == ["Fotos de Ñandú, Sin conexión · 14 fotos"])
    make_photo(tmp_path / "desenchufado" / "nueva.jpg", seed=77)
    (tmp_path / "desenchufado").rename(photo_folder)
    care._look_now()
    wait(qtbot, lambda: shown(window) == 15 and states(window.folders) == ["Fotos de Ñandú, 15 fotos · al día"])


def test_a_folder_is_told_where_it_is_now(ready: Session, qtbot: QtBot, photo_folder: Path, tmp_path: Path) -> None:
    window = ready.window
    moved = tmp_path / "disco nuevo"
    photo_folder.rename(moved)
    window.folder_actions.care._look_now()
    wait(qtbot, lambda: states(window.folders) == ["Fotos de Ñandú, Sin conexión · 14 fotos"])
    window.folders.list.setCurrentRow(0)
    assert window.folders.move_action.isEnabled()
    window.folder_actions._to_move = window.folders.folders[0]
    window.folder_actions.move_chosen(str(moved))
    wait(qtbot, lambda: states(window.folders) == ["disco nuevo, 14 fotos · al día"])
    wait_finished(qtbot, window)
    assert shown(window) == 14 and window.progress.text == "Todo está al día", "with the vectors they had"


# The parts by themselves


class Kept:
    """``FolderCare`` with its lane and without a window; what it wants is written down."""

    def __init__(self, paths: DataPaths, make_observer: Callable[[], Any] | None = None) -> None:
        self.dispatcher = Dispatcher()
        self.lane = FolderLane(paths, self.dispatcher, make_observer=make_observer)
        self.care = FolderCare(self.lane, self.dispatcher, calm_ms=400, look_ms=10**6)
        self.wanted: list[frozenset[int]] = []
        self.dispatcher.folders.connect(self.care.take)
        self.care.analysis_wanted.connect(self.wanted.append)

    def close(self) -> None:
        self.care.stop()
        self.dispatcher.close()
        self.lane.lane.stop()
        assert self.lane.lane.join(time.monotonic() + 60)


@pytest.fixture
def keep(paths: DataPaths, qapp: QApplication) -> Iterator[Callable[..., Kept]]:
    made: list[Kept] = []

    def make(make_observer: Callable[[], Any] | None = None) -> Kept:
        made.append(Kept(paths, make_observer))
        return made[-1]

    yield make
    for kept in made:
        kept.close()


def test_a_burst_of_new_files_is_one_analysis(keep: Callable[..., Kept], qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    folder.mkdir()
    kept = keep()
    kept.care.set_folders((Folder(7, folder, True, ("*.png",)),))
    wait(qtbot, lambda: kept.lane._watch.folder_ids == {7})
    for number in range(1000):
        (folder / f"{number}.jpg").touch()
    wait(qtbot, lambda: kept.wanted)
    assert kept.wanted == [frozenset({7})]
    assert kept.lane.changes.take() == frozenset(), "nothing is left to be told"
    for name in ("x.png", ".oculta.jpg", "texto.txt", "2.jpg.part"):
        (folder / name).touch()
    (folder / "0.jpg").read_bytes()
    kept.care.take_progress(Progress(Phase.FINISHED))
    (folder / "0.jpg").unlink()
    wait(qtbot, lambda: len(kept.wanted) == 2)


def test_wishes_wait_for_the_analysis_that_runs(keep: Callable[..., Kept], tmp_path: Path) -> None:
    kept = keep()
    kept.care.set_folders((Folder(1, tmp_path, True), Folder(2, tmp_path, True)))
    kept.care.take_progress(Progress(Phase.ANALYSING))
    kept.care.take(FoldersSeen(frozenset({1}), frozenset(), frozenset(), False))
    kept.care.take(FoldersSeen(frozenset({2, 3}), frozenset(), frozenset(), False))
    assert kept.wanted == []
    kept.care.take_progress(Progress(Phase.STOPPED, total=9))
    assert kept.wanted == [], "who stopped it wants peace"
    kept.care.take_progress(Progress(Phase.FINISHED))
    assert kept.wanted == [frozenset({1, 2})]


class FullObserver:
    """Stands where the system has no watches left."""

    def start(self) -> None: ...

    def schedule(self, *arguments: Any, **more: Any) -> None:
        raise OSError(errno.ENOSPC, "inotify watch limit reached")

    def unschedule_all(self) -> None: ...

    def stop(self) -> None: ...

    def join(self, timeout: float) -> None: ...


def test_a_limit_of_the_system_is_told_once(keep: Callable[..., Kept], qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    kept = keep(FullObserver)
    told: list[int] = []
    kept.care.limit_reached.connect(lambda: told.append(1))
    looks: list[object] = []
    kept.dispatcher.folders.connect(looks.append)
    kept.care.set_folders((Folder(1, tmp_path, True),))
    for number in range(1, LOOKS_A_ROUND + 1):
        wait(qtbot, lambda number=number: len(looks) == number)
        kept.care._look_now()
    assert told == [1]
    assert kept.wanted == [frozenset({1})], "a folder that is not watched is walked now and then"


class SilentObserver(FullObserver):
    """Finds a drive that does not answer, in the folder called «red»."""

    gate = threading.Event()
    made: ClassVar[list[SilentObserver]] = []

    def __init__(self) -> None:
        self.stopped = threading.Event()
        self.made.append(self)

    def schedule(self, handler: object, path: str, *, recursive: bool) -> None:
        if path.endswith("red"):
            self.gate.wait(60)

    def stop(self) -> None:
        self.stopped.set()


def test_a_drive_that_falls_silent_while_it_begins_to_be_watched_holds_up_no_other(
    keep: Callable[..., Kept], qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "CHECK_S", 0.1)
    look = answering._look
    monkeypatch.setattr(answering, "_look", lambda folder: folder.name == "red" and SilentObserver.gate.wait(60))
    monkeypatch.setattr(watcher, "DRIVES", answering.Silence())
    monkeypatch.setattr(folder_lane, "DRIVES", watcher.DRIVES)
    for name in ("red", "casa"):
        (tmp_path / name).mkdir()
    kept = keep(SilentObserver)
    looks: list[FoldersSeen] = []
    kept.dispatcher.folders.connect(looks.append)
    try:
        kept.care.set_folders((Folder(1, tmp_path / "red", True), Folder(2, tmp_path / "casa", True)))
        wait(qtbot, lambda: looks)
        assert kept.lane._watch.folder_ids == {2}
        assert looks[0].silent == {1} and looks[0].unwatched == {1}
        kept.close()  # the window can go
        assert SilentObserver.made[1].stopped.is_set() and not SilentObserver.made[0].stopped.is_set()
    finally:
        monkeypatch.setattr(answering, "_look", look)
        SilentObserver.gate.set()
    assert SilentObserver.made[0].stopped.wait(60), "left behind, it ends when its drive answers"


def test_a_silent_folder_says_so_in_the_panel(ready_window: MainWindow, qtbot: QtBot) -> None:
    panel = ready_window.folders
    [folder] = panel.folders
    panel.set_silent(frozenset({folder.id}))
    assert panel.row_of(folder).state == "No responde · 14 fotos"
    assert panel.row_of(folder).away
    item = panel.list.item(0)
    assert item.data(Qt.ItemDataRole.AccessibleTextRole).endswith(", No responde · 14 fotos")
    assert "No responde" in item.toolTip()
    panel.set_silent(frozenset())
    assert panel.row_of(folder).state == "14 fotos · al día"


@pytest.mark.parametrize(
    ("fstype", "watched"), [("ext4", True), ("cifs", False), ("nfs4", False), ("fuse.sshfs", False), ("vfat", True)]
)
@pytest.mark.skipif("sys.platform == 'win32'")
def test_what_can_be_watched(monkeypatch: pytest.MonkeyPatch, fstype: str, watched: bool) -> None:
    import psutil

    class Part:
        def __init__(self, mountpoint: str, fstype: str) -> None:
            self.mountpoint, self.fstype, self.opts = mountpoint, fstype, "rw"

    parts = [Part("/", "ext4"), Part("/media/ana", fstype), Part("/media/an", "nfs")]
    monkeypatch.setattr(psutil, "disk_partitions", lambda all: parts)
    assert tells_changes(Path("/media/ana/Fotos")) is watched
    assert tells_changes(Path("/home/ana"))


@no_dialog_warnings
def test_the_menu_of_a_folder(window: MainWindow, qtbot: QtBot) -> None:
    window.folders.list.setCurrentRow(0)
    menu = window.folders.make_menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == [
        "Mostrar en el gestor de archivos",
        "Analizar de nuevo",
        "Dejar fuera…",
        "Fotos que no se pudieron leer…",
        "Esta carpeta está ahora en…",
        "Quitar del catálogo…",
    ]
    assert not window.folders.failures_action.isEnabled()
    window.activateWindow()
    window.folders.list.setFocus()
    wait(qtbot, window.folders.list.hasFocus)
    qtbot.keyClick(window.folders.list, Qt.Key.Key_Delete)
    question = window.folder_actions.question
    assert question is not None
    buttons = [button for button in question.buttons() if isinstance(button, QPushButton)]
    assert next(button for button in buttons if button.isDefault()).text().endswith("Cancelar")
    question.reject()
    wait(qtbot, lambda: window.folder_actions.question is None)
    assert len(window.folders.folders) == 1
