"""What is done with several chosen photos: the bar, stars, copies, dragging out."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from photofinder.library import copying
from photofinder.library.catalog import Catalog
from photofinder.paths import DataPaths
from photofinder.ui import drag_out
from photofinder.ui.main_window import MainWindow
from photofinder.ui.photo_model import FavoriteRole
from tests.ui.conftest import id_of, wait, wait_thumbnails


@pytest.fixture
def window(ready_window: MainWindow) -> MainWindow:
    """What the photos show does not matter here."""
    return ready_window


def choose(window: MainWindow, *names: str) -> list[int]:
    """Select these photos, as Ctrl and clicks do; their ids in the order they are shown."""
    window.grid.clearSelection()
    for name in names:
        row = window.model.row_of(id_of(window, name))
        assert row is not None
        window.grid.selectionModel().select(window.model.index(row), QItemSelectionModel.SelectionFlag.Select)
    return window.grid.selected_ids()


def ended(window: MainWindow) -> bool:
    strip = window.tasks.copy_strip
    return bool(strip.text) and not strip.is_running


def test_the_bar_says_how_many_and_esc_lets_them_go(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    bar = window.actions_.bar
    assert not bar.isVisible()
    window.search.search_text("flor")
    wait(qtbot, lambda: not window.search.waiting)
    window.grid.setFocus()
    qtbot.keyClick(window.grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    count = len(window.model.photo_ids)
    assert count > 1
    assert bar.isVisible()
    assert bar.text == f"{count} seleccionadas"
    assert [button.accessibleName() for button in bar._buttons] == [
        "Marcar como favoritas", "Copiar a", "Hoja de contactos", "Copiar", "Quitar selección",
    ]  # fmt: skip
    window.resize(700, 600)
    wait(qtbot, lambda: bar._buttons[0].toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly)
    qtbot.keyClick(window.grid, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert window.search.active, "the first Esc lets the photos go, not the search"
    qtbot.keyClick(window.grid, Qt.Key.Key_Escape)
    assert not window.search.active


def test_stars_are_kept_and_seen_everywhere(window: MainWindow, qtbot: QtBot, paths: DataPaths) -> None:
    wait_thumbnails(qtbot, window)
    china, flower = id_of(window, "china.jpg"), id_of(window, "flower.jpg")
    actions = window.actions_

    def stars() -> set[int]:
        with Catalog.open(paths.catalog) as catalog:
            return catalog.favorites()

    def shows_star(photo_id: int) -> bool:
        row = window.model.row_of(photo_id)
        assert row is not None
        return bool(window.model.index(row).data(FavoriteRole))

    window.preview.open(china)
    wait(qtbot, lambda: window.preview.is_loaded)
    qtbot.keyClick(window.preview, Qt.Key.Key_F)
    wait(qtbot, lambda: shows_star(china))
    assert stars() == {china}
    assert window.preview.bar.favorite_button.accessibleName() == "Quitar de favoritas (F)"
    window.preview.leave()

    choose(window, "china.jpg", "flower.jpg")
    assert actions.favorite.text() == "Marcar como favoritas", "one of them has no star yet"
    actions.favorite.trigger()
    wait(qtbot, lambda: shows_star(flower))
    assert stars() == {china, flower}
    assert actions.favorite.text() == "Quitar de favoritas"
    actions.favorite.trigger()
    wait(qtbot, lambda: not shows_star(flower))
    assert stars() == set()


def test_a_star_waits_for_what_the_analysis_is_writing(window: MainWindow, qtbot: QtBot, paths: DataPaths) -> None:
    wait_thumbnails(qtbot, window)
    china = id_of(window, "china.jpg")
    choose(window, "china.jpg")
    with Catalog.open(paths.catalog, writer=True) as analysis, analysis.lock_for_indexing():
        with analysis.transaction():
            analysis.mark_found([china])
            window.actions_.favorite.trigger()
            qtbot.wait(50)
            assert analysis.favorites() == set()
        wait(qtbot, lambda: analysis.favorites() == {china})
    assert not window.notice.text


@pytest.mark.qt_log_ignore("This plugin does not support")  # the offscreen platform, of any dialog
def test_copying_to_a_folder(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_thumbnails(qtbot, window)
    target = tmp_path / "Para mamá"
    target.mkdir()
    (target / "china.jpg").write_bytes(b"otra")
    choose(window, "china.jpg", "IMG_0003.jpg", "flower.jpg")
    window.actions_.copy_to.trigger()
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(target))
    dialog.reject()
    wait(qtbot, lambda: ended(window))
    assert window.tasks.copy_strip.text == "3 fotos copiadas a «Para mamá»."
    assert window.tasks.copy_strip.open_button.isVisible()
    assert sorted(path.name for path in target.iterdir()) == [
        "IMG_0003.jpg", "china (2).jpg", "china.jpg", "flower.jpg",
    ]  # fmt: skip
    assert (target / "china (2).jpg").read_bytes() == (photo_folder / "china.jpg").read_bytes()
    assert len(list(photo_folder.rglob("*.jpg"))) == 14, "originals stay"

    (photo_folder / "flower.jpg").unlink()
    window.tasks.copy_to([id_of(window, "flower.jpg"), id_of(window, "IMG_0004.jpg")], target)
    wait(qtbot, lambda: "1 foto copiada" in window.tasks.copy_strip.text and ended(window))
    assert "«" in window.tasks.copy_strip.text
    assert "flower.jpg" in window.tasks.copy_strip.text
    assert "ya no está donde estaba" in window.tasks.copy_strip.text

    window.tasks.copy_to([id_of(window, "china.jpg")], tmp_path / "desenchufada")
    wait(qtbot, lambda: "no existe o no está conectada" in window.tasks.copy_strip.text)
    assert not window.tasks.copy_strip.open_button.isVisible()

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(copying, "_write_all", full)
    window.tasks.copy_to([id_of(window, "IMG_0005.jpg")], target)
    wait(qtbot, lambda: "No queda espacio en el disco" in window.tasks.copy_strip.text)
    assert not (target / "IMG_0005.jpg").exists()


def test_copying_can_be_stopped(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_thumbnails(qtbot, window)
    target = tmp_path / "Para mamá"
    target.mkdir()
    real, lane = copying._write_all, window._lanes.copies

    def cancel_meanwhile(output: object, data: bytes) -> None:
        lane.cancel()
        real(output, data)  # type: ignore[arg-type]

    monkeypatch.setattr(copying, "_write_all", cancel_meanwhile)
    window.tasks.copy_to(list(window.model.photo_ids), target)
    wait(qtbot, lambda: window.tasks.copy_strip.text.startswith("Copia detenida"))
    assert list(target.iterdir()) == [], "the photo that was half there is removed"


def test_files_that_were_never_on_the_screen_are_looked_up(
    window: MainWindow, qtbot: QtBot, photo_folder: Path
) -> None:
    wait_thumbnails(qtbot, window)
    window.model._photos.clear()
    assert window.model.path_of(window.model.photo_ids[0]) is None
    window.grid.selectAll()
    window.actions_.copy_path.trigger()
    wait(qtbot, lambda: QGuiApplication.clipboard().text().count("\n") == 13)
    assert set(QGuiApplication.clipboard().text().splitlines()) == {str(p) for p in photo_folder.rglob("*.jpg")}


def test_copy_the_picture_alone(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(id_of(window, "china.jpg"))
    window.actions_.copy_image.trigger()
    wait(qtbot, lambda: QGuiApplication.clipboard().image().width() == 640)
    assert not QGuiApplication.clipboard().mimeData().hasUrls()


def test_dragging_out_carries_the_original_files(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_thumbnails(qtbot, window)
    carried: list[tuple[QMimeData, QPixmap]] = []

    class Drag(drag_out.QDrag):
        def exec(self, *actions: Qt.DropAction) -> Qt.DropAction:
            assert set(actions) == {Qt.DropAction.CopyAction}
            carried.append((self.mimeData().urls(), self.pixmap()))
            return Qt.DropAction.CopyAction

    monkeypatch.setattr(drag_out, "QDrag", Drag)
    choose(window, "china.jpg", "IMG_0003.jpg")
    window.grid.startDrag(Qt.DropAction.CopyAction)
    ((urls, pixmap),) = carried
    assert {url.toLocalFile() for url in urls} == {
        str(photo_folder / "china.jpg"), str(photo_folder / "2019" / "IMG_0003.jpg"),
    }  # fmt: skip
    assert not pixmap.isNull()
    one = drag_out.carried([], 1, window._theme, 1.0).toImage()
    assert drag_out.carried([], 12, window._theme, 1.0).toImage() != one, "several say how many"


def test_f5_starts_a_slideshow_from_the_grid(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.grid.go_to(window.model.photo_ids[3])
    window.actions_.slideshow.trigger()
    assert window.preview.slideshow.running
    assert window.preview.photo_id == window.model.photo_ids[3]
    window.preview.leave()
    assert not window.isFullScreen()
