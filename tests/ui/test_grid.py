"""The grid's arithmetic, keyboard and selection; the loader's bounds; the smoke test."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QModelIndex, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Photo
from photofinder.library.decoder import Decoder
from photofinder.paths import DataPaths
from photofinder.search.certainty import WORDS
from photofinder.ui.found import Found
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.main_window import MainWindow
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.theme import DARK, LIGHT, Theme
from photofinder.ui.thumbnail_image import ThumbnailKey, middle_of, rounded, square
from photofinder.ui.thumbnail_loader import Thumbnail, ThumbnailLoader
from tests.conftest import write_photo
from tests.ui.conftest import id_of, wait, wait_thumbnails

Grid = tuple[PhotoGrid, PhotoModel]
MakeGrid = Callable[[int], Grid]


def photo(photo_id: int, *, folder_id: int) -> Photo:
    """One that is nowhere."""
    path = Path(f"/fotos/{photo_id}.jpg")
    return Photo(photo_id, folder_id, path, path.name, 1, 0, 400, 300, None, None, None, None, None, None)


@pytest.fixture
def make_grid(qapp: QApplication, qtbot: QtBot, paths: DataPaths) -> MakeGrid:
    """A grid over photos that no catalogue knows; its loader never gets to answer."""

    def make(count: int) -> Grid:
        loader = ThumbnailLoader(paths, Decoder(), Dispatcher(), workers=0)
        loader.request = lambda key: None  # type: ignore[method-assign]
        model = PhotoModel(loader, "es")
        grid = PhotoGrid(model, Theme(qapp, DARK))
        qtbot.addWidget(grid)
        grid.resize(900, 600)
        grid.show()
        model.show_all(tuple(range(1000, 1000 + count)))
        return grid, model

    return make


def test_thumbnails_in_memory_are_bounded_by_their_pixels(make_grid: MakeGrid) -> None:
    """On a sharp screen one has sixteen times the pixels of a small one."""
    _, model = make_grid(400)

    def kept(side: int, screenful: int) -> int:
        model.set_cell(side, 1.0, screenful)
        model._use_wanted_size()
        for photo_id in model.photo_ids:
            image = QImage(1, 1, QImage.Format.Format_RGB32)
            image.fill(Qt.GlobalColor.red)
            model.take_thumbnail(Thumbnail(ThumbnailKey(photo_id, side, 1.0), None, image))
        return sum(model.index(row).data(Qt.ItemDataRole.DecorationRole) is not None for row in range(400))

    assert kept(96, 60) == 360
    assert kept(400, 20) == 48 * 2**20 // (4 * 400**2)
    assert kept(768, 30) == 60, "two screenfuls always"


def test_cells_fill_rows_and_never_overlap(make_grid: MakeGrid) -> None:
    grid, model = make_grid(53)
    rects = [grid.visualRect(model.index(row)) for row in range(53)]
    assert len({rect.size().width() for rect in rects}) == 1
    assert all(rect.width() == rect.height() for rect in rects)
    assert not any(one.intersects(other) for one in rects for other in rects if one is not other)
    assert all(rect.left() >= 0 and rect.right() < grid.viewport().width() for rect in rects)
    columns = sum(rect.top() == rects[0].top() for rect in rects)
    assert grid.viewport().width() - rects[columns - 1].right() < 30, "the row fills the width"
    for row, rect in enumerate(rects):
        assert grid.indexAt(rect.center()).row() == row
    assert not grid.indexAt(QPoint(rects[0].right() + 2, rects[0].center().y())).isValid()


def test_the_keyboard_reaches_every_photo(make_grid: MakeGrid, qtbot: QtBot) -> None:
    grid, model = make_grid(53)
    columns = sum(grid.visualRect(model.index(row)).top() == grid.visualRect(model.index(0)).top() for row in range(53))
    grid.go_to(1000)
    for key, row in (
        (Qt.Key.Key_Right, 1),
        (Qt.Key.Key_Down, 1 + columns),
        (Qt.Key.Key_Left, columns),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_End, 52),
        (Qt.Key.Key_Down, 52),
    ):
        qtbot.keyClick(grid, key)
        assert grid.currentIndex().row() == row
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex()).center()), "it is scrolled into sight"
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    qtbot.keyClick(grid, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert len(grid.selected_ids()) == 53
    qtbot.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert grid.selected_ids() == list(range(1000, 1053))


def test_clicks_select(make_grid: MakeGrid, qtbot: QtBot) -> None:
    grid, model = make_grid(20)

    def click(row: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        place = grid.visualRect(model.index(row)).center()
        qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, keys, place)

    click(1)
    assert grid.selected_ids() == [1001]
    click(3, Qt.KeyboardModifier.ControlModifier)
    assert grid.selected_ids() == [1001, 1003]
    click(7)
    click(5, Qt.KeyboardModifier.ShiftModifier)
    assert grid.selected_ids() == [1005, 1006, 1007]


def test_new_photos_leave_everything_in_its_place(make_grid: MakeGrid) -> None:
    grid, model = make_grid(400)
    grid.go_to(1200)
    top_before = grid.visualRect(model.index(model.row_of(1200) or 0)).top()
    assert grid.verticalScrollBar().value() > 0
    columns = sum(grid.visualRect(model.index(row)).top() == grid.visualRect(model.index(0)).top() for row in range(20))
    with grid.keeping_place():
        model.show_all((*range(1, 1 + 4 * columns), *range(1000, 1400)))
    assert grid.selected_ids() == [1200]
    assert grid.current_id() == 1200
    assert grid.visualRect(model.index(model.row_of(1200) or 0)).top() == top_before
    with grid.keeping_place():
        model.show_all(())
    assert grid.selected_ids() == []


def test_a_hundred_thousand_photos_and_none(make_grid: MakeGrid) -> None:
    grid, model = make_grid(100_000)
    grid.scrollTo(model.index(99_999))
    assert grid.viewport().rect().intersects(grid.visualRect(model.index(99_999)))
    assert not grid.grab().isNull()
    grid.set_cell_size(120)
    grid.resize(1234, 500)
    assert not grid.grab().isNull()
    model.show_all(())
    assert grid.verticalScrollBar().maximum() == 0
    assert not grid.indexAt(QPoint(50, 50)).isValid()
    assert not grid.grab().isNull()


def test_a_row_has_no_rows(make_grid: MakeGrid) -> None:
    _, model = make_grid(3)
    assert model.rowCount() == 3
    assert model.rowCount(model.index(0)) == 0
    assert model.data(QModelIndex()) is None


def test_hits_say_how_well_they_match(make_grid: MakeGrid) -> None:
    _, model = make_grid(0)
    model.set_offline_folders(frozenset({8}))
    found = Found(np.array([1, 2, 3, 4]), np.array([0.9, 0.5, 0.01, 0.95]), np.zeros(4, dtype=np.int64))
    known = {photo_id: photo(photo_id, folder_id=8 if photo_id == 2 else 7) for photo_id in (1, 2, 3)}
    model.show_found(found, (), known, WORDS)
    texts = [model.describe(photo_id) for photo_id in model.photo_ids]
    assert "Coincide muy bien" in texts[0]
    assert "Quizá coincide" in texts[1]
    assert "Apenas se parece" in texts[2]
    assert "Sin conexión" in texts[1]
    assert "Sin conexión" not in texts[0]
    assert texts[3] == "", "its path comes with its thumbnail, when it is looked at"
    assert "muy bien" in model.likeness_of(4)
    model.show_found(found, (), known, None)
    assert model.likeness_of(4) == "", "nothing was compared"


def test_what_waits_is_bounded_and_the_last_comes_first(paths: DataPaths) -> None:
    loader = ThumbnailLoader(paths, Decoder(), Dispatcher(), workers=1)
    loader.lanes[0].stop()  # nobody takes anything away
    loader.set_screenful(20)
    for photo_id in range(1000):
        loader.request(ThumbnailKey(photo_id, 256))
    assert loader.waiting() == 60
    loader.request(ThumbnailKey(950, 256))
    taken = [loader.take() for _ in range(3)]
    assert [key.photo_id for key in taken if key is not None] == [950, 999, 998]
    loader.request(ThumbnailKey(999, 256))
    assert loader.waiting() == 57, "what is being loaded is not asked for again"
    loader.clear()
    assert loader.take() is None


def test_of_many_answers_the_window_is_told_once_and_takes_some_at_a_time(
    paths: DataPaths, qtbot: QtBot, qapp: QApplication
) -> None:
    dispatcher, told = Dispatcher(), []
    dispatcher.thumbnails.connect(told.append)
    loader = ThumbnailLoader(paths, Decoder(), dispatcher, workers=1)
    sent = [Thumbnail(ThumbnailKey(photo_id, 64), None, None) for photo_id in range(5)]
    for answer in sent:
        loader.done(answer)
    wait(qtbot, lambda: bool(told))
    qapp.processEvents()
    assert len(told) == 1
    assert loader.answers(3) == sent[:3]
    wait(qtbot, lambda: len(told) == 2)
    assert loader.answers(3) == sent[3:]
    qapp.processEvents()
    assert len(told) == 2, "nothing waits any more"
    loader.done(sent[0])
    wait(qtbot, lambda: len(told) == 3)


@pytest.mark.qt_log_ignore("Not a JPEG file")
def test_an_encoded_picture_gives_the_same_middle_as_its_pixels(qapp: QApplication, tmp_path: Path) -> None:
    encoded = write_photo(tmp_path / "a.jpg", seed=3, size=(512, 341)).read_bytes()
    middle, edge = middle_of(encoded, 150)
    assert edge == 341
    assert middle == square(QImage.fromData(encoded), 150)
    for damaged in (b"", b"no picture"):
        middle, edge = middle_of(damaged, 150)
        assert middle.isNull()
        assert edge == 0
        assert rounded(middle, 1.0).isNull()


def test_thumbnails_are_squares_of_the_middle(qapp: QApplication) -> None:
    image = QImage(300, 100, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    for x in range(100, 200):
        for y in range(100):
            image.setPixel(x, y, 0xFF00FF00)
    cut = square(image, 64)
    assert (cut.width(), cut.height()) == (64, 64)
    assert all(cut.pixelColor(x, 32).green() > 200 for x in (2, 32, 61))
    assert square(QImage(), 64).isNull()


def test_the_size_slider_changes_cells_and_loads_sharper_pictures(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    china = id_of(window, "china.jpg")
    small = window.model.thumbnail_of(china)
    assert small is not None
    cell = window.grid.visualRect(window.model.index(0)).width()
    window.size_slider.setValue(380)
    assert window.grid.visualRect(window.model.index(0)).width() > cell
    window.grid.go_to(china)
    wait(qtbot, lambda: _width(window, china) > small.width())


def _width(window: MainWindow, photo_id: int) -> int:
    window.grid.viewport().repaint()
    pixmap = window.model.thumbnail_of(photo_id)
    return 0 if pixmap is None else pixmap.width()


def test_what_is_dragged_out_are_the_files(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    wait_thumbnails(qtbot, window)
    row = window.model.row_of(id_of(window, "china.jpg"))
    assert row is not None
    mime = window.model.mimeData([window.model.index(row)])
    assert [url.toLocalFile() for url in mime.urls()] == [str(photo_folder / "china.jpg")]
    assert window.model.supportedDragActions() == Qt.DropAction.CopyAction


@pytest.mark.parametrize("name", [DARK, LIGHT])
def test_both_themes_paint_everything(make_grid: MakeGrid, qapp: QApplication, name: str) -> None:
    theme = Theme(qapp, name)
    assert "@" not in qapp.styleSheet()
    assert (theme.colour("window").lightness() < 128) == (name == DARK)
    for icon in ("search", "close", "folder", "offline", "similar", "play", "pause", "photofinder"):
        image = theme.icon(icon).pixmap(24, 24).toImage()
        assert any(image.pixelColor(x, y).alpha() > 100 for x in range(24) for y in range(24)), icon


def test_fifty_thousand_turns_of_the_event_loop(window: MainWindow) -> None:
    """PySide6 6.12.0 aborts here on CPython 3.10 and 3.11: it drops a reference to None at each call."""
    for turn in range(50_000):
        QCoreApplication.processEvents()
        if turn % 5_000 == 0:
            window.grid.viewport().repaint()
    assert window.isVisible()
