"""The large preview, by mouse and keys."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui import picture_lane
from photofinder.ui.main_window import MainWindow
from tests.conftest import MakePhoto, draw_photo
from tests.ui.conftest import (
    OpenSession,
    catalogue_without_network,
    id_of,
    wait,
    wait_answer,
    wait_finished,
    wait_thumbnails,
)


@pytest.fixture
def window(ready_window: MainWindow) -> MainWindow:
    """What the photos show does not matter here."""
    return ready_window


def open_preview(window: MainWindow, qtbot: QtBot, name: str) -> None:
    wait_thumbnails(qtbot, window)
    window.preview.open(id_of(window, name))
    wait(qtbot, lambda: window.preview.is_loaded)


def turn_wheel(window: MainWindow, at: QPointF, steps: int) -> None:
    canvas = window.preview.canvas
    none = Qt.KeyboardModifier.NoModifier
    turn = QWheelEvent(
        at, QPointF(canvas.mapToGlobal(at.toPoint())), QPoint(), QPoint(0, 120 * steps), Qt.MouseButton.NoButton, none,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(canvas, turn)


def test_space_opens_arrows_move_esc_leaves(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    first, second = window.model.photo_ids[:2]
    window.grid.setFocus()
    window.grid.go_to(first)
    qtbot.keyClick(window.grid, Qt.Key.Key_Space)
    assert window.preview.photo_id == first
    assert window.preview.bar.position == "1 de 14"
    qtbot.keyClick(window.preview, Qt.Key.Key_Right)
    assert window.preview.photo_id == second
    qtbot.keyClick(window.preview, Qt.Key.Key_Left)
    qtbot.keyClick(window.preview, Qt.Key.Key_Left)
    assert window.preview.photo_id == first, "nothing lies before the first photo"
    qtbot.keyClick(window.preview, Qt.Key.Key_End)
    assert window.preview.photo_id == window.model.photo_ids[-1]
    assert window.preview.bar.position == "14 de 14"
    qtbot.keyClick(window.preview, Qt.Key.Key_X)
    assert window.bar.text == "", "letters do not reach what is behind"
    qtbot.keyClick(window.preview, Qt.Key.Key_Escape)
    assert window.preview.photo_id is None
    assert window.grid.current_id() == window.model.photo_ids[-1], "the grid shows where the person ended"
    assert window.grid.hasFocus()


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
    canvas = window.preview.canvas
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.place.center().toPoint())
    assert window.preview.photo_id == flower, "a click on the photo is no wish to leave"
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(3, canvas.height() // 2))
    assert window.preview.photo_id is None


def test_zoom_by_keys_wheel_and_double_click(window: MainWindow, qtbot: QtBot) -> None:
    open_preview(window, qtbot, "china.jpg")
    canvas, preview = window.preview.canvas, window.preview
    fitted = canvas.scale
    assert canvas.is_fitted
    qtbot.keyClick(preview, Qt.Key.Key_1)
    assert canvas.scale == 1.0
    assert preview.bar.zoom_label.text() == "100 %"
    for _ in range(4):
        qtbot.keyClick(preview, Qt.Key.Key_Plus)
    assert canvas.scale == pytest.approx(1.25**4)
    qtbot.keyClick(preview, Qt.Key.Key_Minus)
    assert canvas.scale == pytest.approx(1.25**3)
    qtbot.keyClick(preview, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert canvas.is_fitted
    assert canvas.scale == fitted

    at = QPointF(canvas.place.left() + 0.25 * canvas.place.width(), canvas.place.center().y())
    turn_wheel(window, at, 5)
    place = canvas.place
    assert canvas.scale > fitted
    assert (at.x() - place.left()) / place.width() == pytest.approx(0.25, abs=0.01), "what is under the pointer stays"
    turn_wheel(window, at, -30)
    assert canvas.scale == pytest.approx(min(1.0, fitted))
    canvas.fit()
    middle = canvas.place.center().toPoint()
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert not canvas.is_fitted
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=middle)
    assert canvas.is_fitted
    side = window.size_slider.value()
    qtbot.keyClick(preview, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert not canvas.is_fitted
    assert window.size_slider.value() == side, "the grid behind is not enlarged"


def test_a_zoomed_photo_is_moved_by_hand_and_by_arrows(window: MainWindow, qtbot: QtBot) -> None:
    open_preview(window, qtbot, "china.jpg")
    canvas, shown = window.preview.canvas, window.preview.photo_id
    canvas.zoom_to(6.0)
    assert canvas.can_pan
    before = canvas.place
    middle = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(canvas, middle + QPoint(40, 25))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 25))
    assert canvas.place.topLeft() - before.topLeft() == QPointF(40, 25)
    qtbot.keyClick(window.preview, Qt.Key.Key_Right)
    assert canvas.place.left() < before.left() + 40
    assert window.preview.photo_id == shown
    for _ in range(60):
        qtbot.keyClick(window.preview, Qt.Key.Key_Down)
    assert canvas.place.bottom() == pytest.approx(canvas.height()), "not beyond its edge"
    qtbot.keyClick(window.preview, Qt.Key.Key_PageUp)
    assert window.preview.photo_id != shown, "these always go to another photo"


def test_all_pixels_come_when_somebody_zooms(
    open_session: OpenSession,
    qtbot: QtBot,
    tmp_path: Path,
    paths: DataPaths,
    pack: Pack,
    make_photo: MakePhoto,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(picture_lane, "LARGEST_SIDE", 1024)
    folder = tmp_path / "grandes"
    make_photo(folder / "panorama.jpg", size=(3000, 1000))
    catalogue_without_network(folder, paths, pack)
    window = open_session().window
    wait_finished(qtbot, window)
    open_preview(window, qtbot, "panorama.jpg")
    assert window.preview.picture_size.width() == 1024, "the screen needs no more"
    window.preview.canvas.zoom_to_pixels()
    wait(qtbot, lambda: window.preview.picture_size.width() == 3000)
    assert window.preview.canvas.scale == 1.0, "nothing jumps when the pixels come"


def test_what_is_known_of_a_photo(
    open_session: OpenSession, qtbot: QtBot, tmp_path: Path, paths: DataPaths, pack: Pack
) -> None:
    folder = tmp_path / "Álbum"
    folder.mkdir()
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "NIKON CORPORATION", "NIKON D750"
    shot = exif.get_ifd(IFD.Exif)
    shot.update({Base.DateTimeOriginal: "2019:08:12 18:04:00", Base.FNumber: 2.8, Base.ExposureTime: 0.004})
    shot.update({Base.ISOSpeedRatings: 100, Base.FocalLength: 35.0, Base.LensModel: "35mm f/1.8G"})
    place = {GPS.GPSLatitude: (43.0, 21.0, 44.28), GPS.GPSLatitudeRef: "N"}
    exif.get_ifd(IFD.GPSInfo).update(place | {GPS.GPSLongitude: (8.0, 24.0, 41.4), GPS.GPSLongitudeRef: "W"})
    draw_photo((1200, 800)).save(folder / "IMG_2031.jpg", exif=exif)
    catalogue_without_network(folder, paths, pack)
    window = open_session().window
    wait_finished(qtbot, window)
    open_preview(window, qtbot, "IMG_2031.jpg")
    assert not window.preview.info.isVisible()
    qtbot.keyClick(window.preview, Qt.Key.Key_I)
    assert window.preview.info.isVisible()
    text = window.preview.info.text.replace("\u200b", "")
    for line in (
        "IMG_2031.jpg",
        "lunes 12 de agosto de 2019, 18:04",
        "NIKON D750",
        "35mm f/1.8G",
        "f/2,8 · 1/250 s · ISO 100 · 35 mm",
        "43.36230, -8.41150",
        "1200 × 800 · 1 MP",
        str(folder),
    ):
        assert line in text.splitlines()
    assert "kB · JPEG" in text
    copy = next(b for b in window.preview.info.findChildren(QToolButton) if b.toolTip() == "Copiar las coordenadas")
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "43.36230, -8.41150"
    qtbot.keyClick(window.preview, Qt.Key.Key_I)
    assert not window.preview.info.isVisible()


def test_a_slideshow_goes_on_by_itself(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    wait_thumbnails(qtbot, window)
    preview, show = window.preview, window.preview.slideshow
    last = window.model.photo_ids[-1]
    preview.open(last)
    wait(qtbot, lambda: preview.is_loaded)
    monkeypatch.setattr(show, "_seconds", 0)
    qtbot.keyClick(preview, Qt.Key.Key_F5)
    assert show.running
    assert window.isFullScreen()
    assert not preview.bar.isVisible()
    wait(qtbot, lambda: preview.photo_id in window.model.photo_ids[2:-1])  # round the end, and on
    qtbot.keyClick(preview, Qt.Key.Key_Space)
    assert show.paused
    wait(qtbot, lambda: preview.is_loaded)
    stays = preview.photo_id
    show.set_seconds(8)
    qtbot.keyClick(preview, Qt.Key.Key_Left)
    assert preview.photo_id != stays, "one can still go by hand"
    qtbot.keyClick(preview, Qt.Key.Key_Space)
    assert not show.paused
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert not show.running
    assert preview.photo_id is not None, "the first Esc ends the slideshow only"
    assert not window.isFullScreen()
    assert preview.bar.isVisible()
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert preview.photo_id is None


def test_tab_stays_inside_and_every_button_says_what_it_does(window: MainWindow, qtbot: QtBot) -> None:
    open_preview(window, qtbot, "china.jpg")
    window.activateWindow()
    seen = set()
    for _ in range(30):
        qtbot.keyClick(QApplication.focusWidget() or window.preview, Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        assert focus is window.preview or window.preview.isAncestorOf(focus)
        assert focus.accessibleName()
        seen.add(focus)
    assert len(seen) >= 10
    for button in window.preview.findChildren(QToolButton):
        assert button.accessibleName()
        assert button.toolTip()


def test_a_photo_that_is_gone_says_so_over_its_thumbnail(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    china = id_of(window, "china.jpg")
    (photo_folder / "china.jpg").unlink()
    window.preview.open(china)
    wait(qtbot, lambda: "No se pudo leer la foto" in window.preview.message)
    assert not window.preview.is_loaded
    assert window.preview.picture_size.width() == 512


def test_a_photo_that_cannot_be_read_does_not_show_the_one_before(
    window: MainWindow, qtbot: QtBot, photo_folder: Path, paths: DataPaths
) -> None:
    wait_thumbnails(qtbot, window)
    first, second = window.model.photo_ids[:2]
    path = window.model.path_of(second)
    assert path is not None
    path.write_bytes(b"")
    with ThumbnailCache.open(paths.thumbnails) as cache:
        cache.trim(0)
    window.preview.open(first)
    wait(qtbot, lambda: window.preview.is_loaded)
    qtbot.keyClick(window.preview, Qt.Key.Key_Right)
    wait(qtbot, lambda: "está vacío" in window.preview.message)
    assert window.preview.canvas.pixmap.isNull()


def test_an_unplugged_drive_is_said_so(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    photo_folder.rename(photo_folder.with_name("desenchufada"))
    window._lanes.search.refresh()
    wait(qtbot, lambda: window.model.is_offline(window.model.photo_ids[0]))
    window.preview.open(window.model.photo_ids[0])
    wait(qtbot, lambda: "El disco de esta foto no está conectado" in window.preview.message)
    assert not window.preview.canvas.pixmap.isNull(), "the thumbnail is still there"


def test_more_like_this_from_the_preview(window: MainWindow, qtbot: QtBot) -> None:
    open_preview(window, qtbot, "china.jpg")
    window.preview.bar.similar_clicked.emit()
    wait_answer(qtbot, window)
    assert window.preview.photo_id is None
    assert window.header.headline.text() == "Parecidas a china.jpg"
