"""Filters of the panel, alone and beside words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtWidgets import QApplication, QCalendarWidget, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from photofinder.library.catalog import Catalog
from photofinder.library.filters import KINDS, Filters, Period
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.ui.date_field import understood
from photofinder.ui.filter_panel import FilterPanel
from photofinder.ui.flow import Flow
from photofinder.ui.main_window import MainWindow
from tests.conftest import MakePhoto
from tests.ui.conftest import OpenSession, catalogue_without_network, wait, wait_answer, wait_finished, wait_looked_at

_CAMERA, _TAKEN = 0x0110, 0x9003


def pill(flow: Flow, name: str) -> QPushButton:
    return next(one for one in flow.widgets if isinstance(one, QPushButton) and one.text().startswith(name))


@pytest.fixture
def holidays(
    open_session: OpenSession, qtbot: QtBot, tmp_path: Path, make_photo: MakePhoto, paths: DataPaths, pack: Pack
) -> MainWindow:
    """Six photos of two cameras in two years."""
    for seed in range(6):
        exif = Image.Exif()
        exif[_CAMERA] = "Nikon D90" if seed < 4 else "Pixel 7"
        exif.get_ifd(0x8769)[_TAKEN] = f"{2019 if seed < 3 else 2021}:08:1{seed} 12:00:00"
        size = (480, 640) if seed == 5 else (640, 480)
        make_photo(tmp_path / "Viajes" / f"{seed}.jpg", seed=seed, exif=exif, size=size)
    catalogue_without_network(tmp_path / "Viajes", paths, pack)
    window = open_session().window
    wait_finished(qtbot, window)
    return window


def open_panel(window: MainWindow, qtbot: QtBot) -> FilterPanel:
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    panel = window.tools.panel
    assert panel.isVisible()
    wait(qtbot, lambda: panel.cameras.widgets)
    return panel


def test_filters_alone_show_the_library_filtered_and_every_one_is_a_chip(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    panel = open_panel(window, qtbot)
    assert pill(panel.cameras, "Nikon D90").text() == "Nikon D90  4"
    assert pill(panel.cameras, "Pixel 7").accessibleName() == "Pixel 7, 2 fotos"
    assert not pill(panel.others, "Favoritas").isEnabled(), "none to choose from"
    pill(panel.cameras, "Nikon D90").click()
    wait_answer(qtbot, window)
    assert len(window.model.photo_ids) == 4
    assert window.header.headline.text() == "Fotos que pasan los filtros"
    pill(panel.years, "2021").click()
    wait_answer(qtbot, window)
    assert len(window.model.photo_ids) == 1
    assert [chip.words for chip in window.bar.strip.chips] == ["2021", "Nikon D90"]
    assert window.top.filter_button.count == 2
    qtbot.keyClick(window.bar.strip.chips[1], Qt.Key.Key_Delete)
    wait_answer(qtbot, window)
    assert len(window.model.photo_ids) == 3
    assert not pill(panel.cameras, "Nikon D90").isChecked(), "the panel follows the chips"
    panel.clear_all.click()
    assert len(window.model.photo_ids) == 6
    assert window.top.filter_button.count == 0


def test_tab_goes_through_the_panel_as_it_is_read(holidays: MainWindow, qtbot: QtBot) -> None:
    panel = open_panel(holidays, qtbot)
    at: QWidget = panel.end.edit
    seen = [at]
    while at is not panel.file_name.edit and len(seen) < 60:
        at = at.nextInFocusChain()
        if at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.isVisibleTo(panel) and panel.isAncestorOf(at):
            seen.append(at)
    assert at is panel.file_name.edit
    places = [panel.mapFromGlobal(one.mapToGlobal(QPoint(0, 0))).y() for one in seen]
    assert places == sorted(places), "from top to bottom"
    assert len(seen) > 12


def test_a_condition_that_nothing_fulfils_is_named(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    window.search.search_text("tipo:gif")
    wait_answer(qtbot, window)
    wait(qtbot, lambda: window.pages.currentWidget() is window.empty)
    assert "Ninguna cumple además «tipo:gif»; quita esa condición" in window.empty.text
    window.search.search_text("tipo:gif fecha:1950")
    wait(qtbot, lambda: "«fecha:1950»" in window.empty.text)
    assert "Ninguna cumple a la vez «tipo:gif», «fecha:1950»" in window.empty.text


def test_filters_beside_words(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    window.search.search_text("playa")
    wait_answer(qtbot, window)
    panel = open_panel(window, qtbot)
    pill(panel.orientations, "Vertical").click()
    wait_answer(qtbot, window)
    paths = [window.model.path_of(photo_id) for photo_id in window.search.found.photo_ids.tolist()]
    assert [path.name for path in paths if path is not None] == ["5.jpg"]
    assert [chip.words for chip in window.bar.strip.chips] == ["playa", "Vertical"]


def test_kinds_and_names_are_chosen_in_the_panel(holidays: MainWindow, qtbot: QtBot, paths: DataPaths) -> None:
    window = holidays
    wait_looked_at(qtbot, paths)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        first, second, third = catalog.all_photo_ids()[:3]
        catalog.set_kind(KINDS["blurred"], [first, second])
        catalog.set_kind(KINDS["screenshot"], [third])
    panel = open_panel(window, qtbot)
    wait(qtbot, lambda: panel.kinds.widgets)
    assert [one.text() for one in panel.kinds.widgets if isinstance(one, QPushButton)] == [
        "Capturas de pantalla  1", "Borrosas  2"
    ]  # fmt: skip
    pill(panel.kinds, "Borrosas").click()
    wait_answer(qtbot, window)
    assert list(window.model.photo_ids) == [first, second]
    assert [chip.words for chip in window.bar.strip.chips] == ["Borrosas"]
    pill(panel.not_kinds, "Sin borrosas").click()
    wait_answer(qtbot, window)
    assert window.bar.filters == Filters(not_kinds=("blurred",)), "one or the other"
    assert len(window.model.photo_ids) == 4
    assert [chip.words for chip in window.bar.strip.chips] == ["Sin borrosas"]
    qtbot.keyClicks(panel.file_name.edit, " 2.JPG ")
    qtbot.keyClick(panel.file_name.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert window.bar.filters == Filters(not_kinds=("blurred",), name_contains=("2.JPG",))
    assert [path.name for path in map(window.model.path_of, window.model.photo_ids) if path is not None] == ["2.jpg"]
    qtbot.keyClicks(panel.folder_name.edit, "viajes")
    qtbot.keyClick(panel.folder_name.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert [chip.words for chip in window.bar.strip.chips] == ["viajes", "2.JPG", "Sin borrosas"]
    assert len(window.model.photo_ids) == 1
    qtbot.keyClick(window.bar.strip.chips[1], Qt.Key.Key_Delete)
    wait(qtbot, lambda: panel.file_name.edit.text() == "")
    panel.folder_name.edit.clear()
    wait_answer(qtbot, window)
    assert window.bar.filters == Filters(not_kinds=("blurred",))


@pytest.mark.qt_log_ignore("This plugin does not support")  # popups, where there is no screen
def test_days_are_typed_or_taken_from_the_calendar(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    panel = open_panel(window, qtbot)
    assert panel.start.edit.hasFocus()
    qtbot.keyClicks(panel.start.edit, "11/8/2019")
    qtbot.keyClick(panel.start.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert window.bar.filters.periods == (Period(date(2019, 8, 11), date.max),)
    assert len(window.model.photo_ids) == 5
    panel.end.open_calendar()
    assert panel.end.calendar is not None
    calendar = panel.end.calendar.findChild(QCalendarWidget)
    assert calendar is not None
    calendar.clicked.emit(QDate(2019, 8, 12))
    wait_answer(qtbot, window)
    assert window.bar.filters.periods == (Period(date(2019, 8, 11), date(2019, 8, 12)),)
    assert len(window.model.photo_ids) == 2
    panel.start.clear.trigger()
    wait_answer(qtbot, window)
    assert window.bar.filters.periods == (Period(date.min, date(2019, 8, 12)),)
    panel.end.edit.setFocus()
    panel.end.edit.selectAll()
    qtbot.keyClicks(panel.end.edit, "el 31/2")
    qtbot.keyClick(panel.end.edit, Qt.Key.Key_Return)
    assert panel.end.edit.property("wrong") is True
    assert "No entiendo esta fecha" in panel.end.edit.toolTip()
    assert len(window.model.photo_ids) == 3, "what was chosen stays"


def test_the_panel_by_keyboard(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    panel = open_panel(window, qtbot)
    nikon = pill(panel.cameras, "Nikon D90")
    nikon.setFocus()
    qtbot.keyClick(nikon, Qt.Key.Key_Right)
    pixel = pill(panel.cameras, "Pixel 7")
    assert pixel.hasFocus()
    qtbot.keyClick(pixel, Qt.Key.Key_Space)
    assert window.bar.filters == Filters(cameras=("Pixel 7",))
    assert pill(panel.cameras, "Pixel 7").hasFocus(), "the keyboard stays where it was"
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    assert window.top.filter_button.hasFocus()
    assert not window.top.filter_button.isChecked()
    assert window.bar.filters, "closing the panel takes no filter away"


def test_the_panel_fits_a_small_window(holidays: MainWindow, qtbot: QtBot) -> None:
    window = holidays
    window.resize(640, 460)
    panel = open_panel(window, qtbot)
    central = window.centralWidget().rect()
    wait(qtbot, lambda: central.contains(panel.geometry()))
    window.resize(900, 600)
    wait(qtbot, lambda: window.centralWidget().rect().contains(panel.geometry()))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("12/8/2019", date(2019, 8, 12), date(2019, 8, 12)),
        ("2019-08-12", date(2019, 8, 12), date(2019, 8, 12)),
        ("2/2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("2019-08", date(2019, 8, 1), date(2019, 8, 31)),
        (" 2019 ", date(2019, 1, 1), date(2019, 12, 31)),
    ],
)
def test_days_in_any_usual_form(text: str, start: date, end: date) -> None:
    assert understood(text, date(2026, 1, 1)) == Period(start, end)


def test_a_season_is_where_the_person_lives() -> None:
    today = date(2026, 1, 10)
    north, south = (understood("verano de 2019", today, southern) for southern in (False, True))
    assert north is not None and south is not None
    assert (north.start.month, south.start.month) == (6, 12)


@pytest.mark.parametrize("text", ["31/2/2019", "0/0/0000", "perro", "99"])
def test_what_is_no_day(text: str) -> None:
    assert understood(text, date(2026, 1, 1)) is None


@pytest.fixture(autouse=True)
def no_popup_is_left(qapp: QApplication) -> Iterator[None]:
    yield
    while (popup := qapp.activePopupWidget()) is not None:
        popup.close()
