"""The library by month: headers, the scroller beside it, the rectangle, zooming, and what a screen reader says."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.errors import PhotoFinderError
from photofinder.library.decoder import Decoder
from photofinder.paths import DataPaths
from photofinder.ui import index_lane
from photofinder.ui.frame_times import measure
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.section_layout import SectionLayout, Spacing
from photofinder.ui.sections import month_sections
from photofinder.ui.theme import DARK, Theme
from photofinder.ui.thumbnail_image import ThumbnailKey, finished
from photofinder.ui.thumbnail_loader import Thumbnail, ThumbnailLoader
from tests.conftest import write_photo
from tests.ui.conftest import OpenSession, wait, wait_finished, wait_thumbnails

SPACING = Spacing(gap=6, margin=18, top=6, after_section=12, header=46)
MakeLibrary = Callable[..., tuple[PhotoGrid, PhotoModel]]


def moment(year: int, month: int, day: int = 1) -> int:
    return int(datetime(year, month, day, 12, tzinfo=UTC).timestamp())


def moments_of(*months: tuple[int, int, int]) -> NDArray[np.int64]:
    """``(year, month, photos)`` each, newest first."""
    return np.array([moment(year, month) for year, month, photos in months for _ in range(photos)], dtype=np.int64)


@pytest.fixture
def make_library(qapp: QApplication, qtbot: QtBot, paths: DataPaths) -> Iterator[MakeLibrary]:
    """A grid over dated photos that no catalogue knows; their thumbnails never come."""
    decoder = Decoder()

    def make(*months: tuple[int, int, int]) -> tuple[PhotoGrid, PhotoModel]:
        model = PhotoModel(ThumbnailLoader(paths, decoder, Dispatcher(), workers=0), "es")
        grid = PhotoGrid(model, Theme(qapp, DARK))
        qtbot.addWidget(grid)
        grid.resize(900, 600)
        grid.show()
        moments = moments_of(*months)
        model.show_all(tuple(range(1000, 1000 + len(moments))), moments)
        return grid, model

    yield make
    decoder.close()


@settings(max_examples=60, deadline=None)
@given(counts=st.lists(st.integers(1, 40), max_size=12), columns=st.integers(1, 7), headers=st.booleans())
def test_every_cell_has_its_own_place(counts: list[int], columns: int, headers: bool) -> None:
    layout = SectionLayout(counts, columns, 100, SPACING, headers=headers)
    places = [layout.place(row) for row in range(sum(counts))]
    assert len(set(places)) == len(places)
    for row, (left, top) in enumerate(places):
        assert layout.near(left + 50, top + 50) == row
        assert layout.rows_of(layout.section_of(row)).first <= row < layout.rows_of(layout.section_of(row)).stop
        assert top + 100 <= layout.height
        assert list(layout.inside(left + 1, top + 1, left + 2, top + 2)) == [(row, row)]
        assert 0 <= layout.beside(row, 1) < len(places)
        assert layout.beside(row, 1) >= row >= layout.beside(row, -1)
    seen = [row for stretch in layout.between(0, layout.height) for row in range(stretch.first, stretch.stop)]
    assert seen == list(range(len(places)))
    assert sum(last - first + 1 for first, last in layout.inside(0, 0, 5000, layout.height)) == len(places)


def test_an_empty_layout_answers_everything() -> None:
    layout = SectionLayout((), 3, 100, SPACING, headers=True)
    assert layout.near(5, 5) == layout.section_at(5) == -1
    assert list(layout.between(0, 500)) == list(layout.inside(0, 0, 500, 500)) == []


def test_months_have_names_and_counts() -> None:
    moments = moments_of((2019, 8, 214), (2019, 7, 1), (2011, 1, 1200))
    spanish = month_sections(moments, QLocale(QLocale.Language.Spanish))
    assert [(one.title, one.note) for one in spanish] == [
        ("Agosto de 2019", "214 fotos"),
        ("Julio de 2019", "1 foto"),
        ("Enero de 2011", "1.200 fotos"),
    ]
    assert [one.first for one in spanish] == [0, 214, 215]
    assert month_sections(moments, QLocale(QLocale.Language.English))[0].title == "August 2019"
    assert month_sections(np.empty(0, dtype=np.int64), QLocale(QLocale.Language.Spanish)) == ()
    before_1970 = month_sections(moments_of((1965, 12, 2)), QLocale(QLocale.Language.Spanish))
    assert before_1970[0].title == "Diciembre de 1965"


def test_the_keyboard_crosses_headers(make_library: MakeLibrary, qtbot: QtBot) -> None:
    grid, _ = make_library((2020, 5, 6), (2020, 4, 2), (2020, 3, 9))
    columns = grid.cell_layout.columns
    assert columns == 4
    grid.go_to(1003)
    steps = ((Qt.Key.Key_Down, 5), (Qt.Key.Key_Down, 7), (Qt.Key.Key_Down, 9), (Qt.Key.Key_Up, 7), (Qt.Key.Key_End, 16))
    for key, row in steps:
        qtbot.keyClick(grid, key)
        assert grid.currentIndex().row() == row
    qtbot.keyClick(grid, Qt.Key.Key_PageUp)
    assert grid.currentIndex().row() < 16
    qtbot.keyClick(grid, Qt.Key.Key_Home)
    assert grid.verticalScrollBar().value() == 0, "the first header is in sight, too"


def test_a_click_on_a_header_selects_its_month(make_library: MakeLibrary, qtbot: QtBot) -> None:
    grid, _ = make_library((2020, 5, 3), (2020, 4, 2))
    left, control = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
    header = QPoint(60, grid.cell_layout.section_top(1) + 20)
    assert grid.header_at(header) == 1
    qtbot.mouseClick(grid.viewport(), left, pos=header)
    assert grid.selected_ids() == [1003, 1004]
    qtbot.mouseClick(grid.viewport(), left, control, QPoint(60, 20))
    assert grid.selected_ids() == [1000, 1001, 1002, 1003, 1004]
    qtbot.mouseClick(grid.viewport(), left, control, header)
    assert grid.selected_ids() == [1000, 1001, 1002]
    assert grid.selected_count() == 3


def test_a_rectangle_selects_what_it_touches(make_library: MakeLibrary, qtbot: QtBot) -> None:
    grid, model = make_library((2020, 5, 12))
    viewport, left = grid.viewport(), Qt.MouseButton.LeftButton
    cells = [grid.visualRect(model.index(row)) for row in range(12)]
    start = QPoint(4, cells[0].top() + 10)
    qtbot.mousePress(viewport, left, pos=start)
    qtbot.mouseMove(viewport, QPoint(60, cells[0].top() + 60))
    qtbot.mouseMove(viewport, QPoint(cells[1].left() + 10, cells[4].top() + 10))
    assert grid.selected_ids() == [1000, 1001, 1004, 1005]
    assert not grid.grab().isNull(), "while the rectangle is drawn"
    qtbot.mouseRelease(viewport, left, pos=QPoint(cells[1].left() + 10, cells[4].top() + 10))
    qtbot.mousePress(viewport, left, Qt.KeyboardModifier.ControlModifier, QPoint(4, cells[8].top() + 10))
    qtbot.mouseMove(viewport, QPoint(40, cells[8].top() + 40))
    qtbot.mouseRelease(viewport, left, Qt.KeyboardModifier.ControlModifier, QPoint(40, cells[8].top() + 40))
    assert grid.selected_ids() == [1000, 1001, 1004, 1005, 1008]
    qtbot.mouseClick(viewport, left, pos=QPoint(4, cells[0].top() + 10))
    assert grid.selected_ids() == []


def test_the_scroller_goes_to_months_and_years(make_library: MakeLibrary, qtbot: QtBot) -> None:
    grid, _ = make_library(*((year, month, 30) for year in (2021, 2020, 2018) for month in (9, 5, 2)))
    scroller, bar = grid.scroller, grid.verticalScrollBar()
    assert scroller.isVisible()
    assert scroller.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert scroller.maximum() == bar.maximum()
    qtbot.keyClick(scroller, Qt.Key.Key_Down)
    assert scroller.month_at(bar.value()) == "mayo de 2021"
    assert scroller.bubble == "mayo de 2021"
    assert scroller.accessibleDescription() == "mayo de 2021"
    qtbot.keyClick(scroller, Qt.Key.Key_PageDown)
    assert scroller.month_at(bar.value()) == "septiembre de 2020"
    qtbot.keyClick(scroller, Qt.Key.Key_PageDown)
    assert scroller.month_at(bar.value()) == "septiembre de 2018"
    qtbot.keyClick(scroller, Qt.Key.Key_PageUp)
    qtbot.keyClick(scroller, Qt.Key.Key_Up)
    assert scroller.month_at(bar.value()) == "febrero de 2021"
    qtbot.keyClick(scroller, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    qtbot.mousePress(scroller, Qt.MouseButton.LeftButton, pos=QPoint(40, 2))
    assert bar.value() == 0
    qtbot.mouseMove(scroller, QPoint(40, scroller.height() // 2))
    assert 0 < bar.value() < bar.maximum()
    assert scroller.bubble == scroller.month_at(bar.value())
    qtbot.mouseRelease(scroller, Qt.MouseButton.LeftButton, pos=QPoint(40, scroller.height() // 2))
    assert not grid.grab().isNull()


def test_the_wheel_with_control_keeps_the_photo_under_the_cursor(make_library: MakeLibrary, qapp: QApplication) -> None:
    grid, _ = make_library(*((2000 + year, 6, 57) for year in range(20, 0, -1)))
    grid.cell_size_wanted.connect(grid.set_cell_size)
    grid.verticalScrollBar().setValue(5000)
    place = QPoint(400, 300)
    for turn in (120, 120, 120, -120, -120, -120, -120):
        row = grid.cell_layout.near(place.x(), place.y() + grid.verticalOffset())
        event = QWheelEvent(
            QPointF(place),
            QPointF(grid.viewport().mapToGlobal(place)),
            QPoint(),
            QPoint(0, turn),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.ControlModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        qapp.sendEvent(grid.viewport(), event)
        cell = grid.visualRect(grid.model().index(row, 0))
        assert cell.top() <= place.y() <= cell.bottom() + 6, "its line is where the cursor is"


def test_a_screen_reader_says_place_name_and_day(make_library: MakeLibrary, qtbot: QtBot) -> None:
    grid, model = make_library((2019, 8, 2), (2019, 7, 38))
    said = model.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert said == "3 de 40, Foto 3, 1 de julio de 2019"
    interface = QAccessible.queryAccessibleInterface(grid)
    assert interface is not None
    assert interface.childCount() >= 40


def test_thumbnails_have_the_cells_pixels(make_library: MakeLibrary, qapp: QApplication) -> None:
    image = QImage(300, 200, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    done = finished(image, ThumbnailKey(1, 128, 2.0))
    assert (done.width(), done.height()) == (128, 128)
    assert done.pixelColor(0, 0).alpha() == 0, "the corners are round"
    assert done.pixelColor(64, 64).red() > 250
    grid, model = make_library((2020, 5, 3))
    key = ThumbnailKey(1000, round(grid.cell_layout.cell * grid.devicePixelRatioF()), grid.devicePixelRatioF())
    model.take_thumbnail(Thumbnail(key, None, finished(image, key)))
    assert model.is_settled(1000)
    model.take_thumbnail(Thumbnail(ThumbnailKey(1001, key.side, 3.0), None, image))
    assert not model.is_settled(1001), "one for another screen is not used"


def test_the_library_opens_by_month_and_marks_stay(open_session: OpenSession, qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "Fotos"
    for seed, when in enumerate((moment(2019, 8, 12), moment(2019, 8, 3), moment(2016, 1, 9))):
        path = write_photo(folder / f"IMG_{seed}.jpg", seed=seed, size=(900, 600))
        os.utime(path, (when, when))
    window = open_session(folder).window
    wait_finished(qtbot, window)
    assert [section.title for section in window.model.sections] == ["Agosto de 2019", "Enero de 2016"]
    wait_thumbnails(qtbot, window)
    assert window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole) == "1 de 3, IMG_0.jpg, 12 de agosto de 2019"
    window.size_slider.setValue(window.size_slider.maximum())
    window.grid.set_cell_size(384)
    wait(qtbot, lambda: window.model.is_settled(window.model.photo_ids[0]))


def test_scrolling_is_measured_without_a_catalogue(qapp: QApplication) -> None:
    times = measure(qapp, photos=3000, steps=24)
    assert (times.photos, times.steps) == (3000, 24)
    assert 0 < times.p50 <= times.p95 <= times.p99 <= times.worst
    assert times.first_paint > 0


def test_scrolling_is_measured_while_others_are_analysed(
    qapp: QApplication, tmp_path: Path, photo_folder: Path
) -> None:
    times = measure(qapp, photos=3000, steps=2000, analysed=photo_folder)
    assert 0 < times.steps < 2000, "it ends with the analysis"
    with pytest.raises(PhotoFinderError):
        measure(qapp, photos=3000, steps=2, analysed=tmp_path / "no existe")


def test_a_crash_of_what_analyses_ends_the_measurement(
    qapp: QApplication, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_lane, "index_folders", lambda *args, **kwargs: [][0])
    with pytest.raises(RuntimeError, match="index"):
        measure(qapp, photos=3000, steps=2, analysed=photo_folder)
