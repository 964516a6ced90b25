"""The context menu's actions, by themselves: a menu would wait for a mouse."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, QPoint, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from photofinder.ui import desktop
from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import id_of, wait, wait_thumbnails


@pytest.fixture
def window(ready_window: MainWindow) -> MainWindow:
    """What the photos show does not matter here."""
    return ready_window


class Desktop(QObject):
    """Stands where the desktop opens files."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toLocalFile())


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    desk = Desktop()
    QDesktopServices.setUrlHandler("file", desk, "open")
    monkeypatch.setattr(desktop, "_select_by_dbus", lambda path: False)
    yield desk.opened
    QDesktopServices.unsetUrlHandler("file")


def test_nothing_can_be_done_with_nothing(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    enabled = [action.text() for action in window.actions_.all() if action.isEnabled()]
    assert enabled == ["Presentación", "Seleccionar todo"]
    window.grid.selectAll()
    enabled = [action.text() for action in window.actions_.all() if action.isEnabled()]
    assert enabled == [
        "Presentación", "Mostrar en la carpeta", "Marcar como favoritas", "Copiar", "Copiar ruta", "Copiar a…",
        "Hoja de contactos…", "Seleccionar todo", "Quitar selección",
    ]  # fmt: skip
    window.grid.go_to(window.model.photo_ids[0])
    assert all(action.isEnabled() for action in window.actions_.all())


def test_open_and_show_in_folder(window: MainWindow, qtbot: QtBot, photo_folder: Path, opened: list[str]) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(id_of(window, "IMG_0003.jpg"))
    window.actions_.open.trigger()
    window.actions_.folder.trigger()
    assert opened == [str(photo_folder / "2019" / "IMG_0003.jpg"), str(photo_folder / "2019")]
    assert not window.notice.text


def test_a_file_that_is_gone_is_one_sentence(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, opened: list[str]
) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(id_of(window, "china.jpg"))
    (photo_folder / "china.jpg").unlink()
    window.actions_.open.trigger()
    assert "«china.jpg» no está donde estaba" in window.notice.text
    assert opened == []


def test_copy_path(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(id_of(window, "china.jpg"))
    window.actions_.copy_path.trigger()
    assert QGuiApplication.clipboard().text() == str(photo_folder / "china.jpg")


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any menu
def test_the_menu_opens_over_a_photo_only(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(window.model.photo_ids[0])
    place = window.grid.visualRect(window.model.index(0)).center()
    window.grid.customContextMenuRequested.emit(QPoint(2, 2))
    assert not window.grid.findChildren(QMenu)
    window.grid.customContextMenuRequested.emit(place)
    (menu,) = window.grid.findChildren(QMenu)
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[0] == "Buscar más como esta"
    assert texts[-1] == "Quitar selección"
    menu.close()
    wait(qtbot, lambda: not window.grid.findChildren(QMenu))
