"""The large preview, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import id_of, wait, wait_answer, wait_thumbnails


def test_space_opens_arrows_move_esc_leaves(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    first, second = window.model.photo_ids[:2]
    window.grid.setFocus()
    window.grid.go_to(first)
    qtbot.keyClick(window.grid, Qt.Key.Key_Space)
    assert window.preview.photo_id == first
    qtbot.keyClick(window.preview, Qt.Key.Key_Right)
    assert window.preview.photo_id == second
    qtbot.keyClick(window.preview, Qt.Key.Key_Left)
    qtbot.keyClick(window.preview, Qt.Key.Key_Left)
    assert window.preview.photo_id == first, "nothing lies before the first photo"
    qtbot.keyClick(window.preview, Qt.Key.Key_End)
    assert window.preview.photo_id == window.model.photo_ids[-1]
    qtbot.keyClick(window.preview, Qt.Key.Key_Home)
    qtbot.keyClick(window.preview, Qt.Key.Key_X)
    assert window.bar.text == "", "letters do not reach what is behind"
    qtbot.keyClick(window.preview, Qt.Key.Key_Escape)
    assert window.preview.photo_id is None
    assert window.grid.current_id() == first


def test_a_double_click_shows_the_photo_in_full(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    flower = id_of(window, "flower.jpg")
    row = window.model.row_of(flower)
    assert row is not None
    place = window.grid.visualRect(window.model.index(row)).center()
    qtbot.mouseClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(window.grid.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.preview.photo_id == flower
    wait(qtbot, lambda: window.preview.is_loaded)
    assert (window.preview.picture_size.width(), window.preview.picture_size.height()) == (640, 427)
    assert window.preview.message.startswith("flower.jpg\n")
    assert "640 × 427" in window.preview.message
    qtbot.mouseClick(window.preview, Qt.MouseButton.LeftButton)
    assert window.preview.photo_id is None


def test_a_photo_that_is_gone_says_so(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    china = id_of(window, "china.jpg")
    (photo_folder / "china.jpg").unlink()
    window.preview.open(china)
    wait(qtbot, lambda: "No se pudo leer la foto" in window.preview.message)


def test_more_like_this_from_the_preview(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.preview.open(id_of(window, "china.jpg"))
    window.preview.similar_wanted.emit(id_of(window, "china.jpg"))
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "Parecidas a china.jpg"
