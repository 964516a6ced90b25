"""Places in the window: typed, chosen in the panel, offered while typing, told beside a photo."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.filters import Filters
from photofinder.ui.main_window import MainWindow
from tests.test_places import gps_photo
from tests.ui.conftest import OpenSession, shown_names, wait, wait_answer, wait_finished
from tests.ui.test_filters import pill

_SEVILLE = ("N", (37, 23, 10), "W", (5, 59, 33))
_CUSCO = ("S", (13, 31, 0), "W", (71, 58, 44))


@pytest.fixture
def travels(open_session: OpenSession, qtbot: QtBot, tmp_path: Path) -> MainWindow:
    """Two photos of Seville, one of Cusco, and one without a place."""
    for seed, gps in enumerate((_SEVILLE, _SEVILLE, _CUSCO)):
        gps_photo(tmp_path / "Viajes" / f"{seed}.jpg", seed, gps)
    gps_photo(tmp_path / "Viajes" / "3.jpg", 3, ("N", (0, 0, 0), "E", (0, 0, 0)))
    window = open_session(tmp_path / "Viajes").window
    wait_finished(qtbot, window)
    wait(qtbot, lambda: window.bar.places)
    return window


def test_a_place_is_typed_and_its_chip_taken_away(travels: MainWindow, qtbot: QtBot) -> None:
    window = travels
    window.search.search_text("playa en Sevilla")
    wait_answer(qtbot, window)
    assert window.search.result is not None
    assert window.search.result.filters == Filters(places=("Sevilla",))
    assert [chip.words for chip in window.bar.strip.chips] == ["playa", "en Sevilla"]
    assert window.bar.strip.chips[1].accessibleName().startswith("Lugar: en Sevilla")
    qtbot.keyClick(window.bar.strip.chips[0], Qt.Key.Key_Delete)
    wait_answer(qtbot, window)
    assert window.bar.text == "en Sevilla"
    assert sorted(shown_names(window)) == ["0.jpg", "1.jpg"]
    qtbot.keyClick(window.bar.strip.chips[0], Qt.Key.Key_Delete)
    wait(qtbot, lambda: len(window.model.photo_ids) == 4)
    window.search.search_text("en Perú")
    wait_answer(qtbot, window)
    assert shown_names(window) == ["2.jpg"]
    # a bare name is searched as words, and the place is offered
    window.search.search_text("sevilla")
    wait_answer(qtbot, window)
    (chip,) = window.bar.strip.chips
    assert chip.words == "¿Solo fotos hechas en «sevilla»?"
    qtbot.keyClick(chip, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert window.bar.text == "lugar:sevilla"
    assert sorted(shown_names(window)) == ["0.jpg", "1.jpg"]


def test_the_panel_offers_the_places_of_the_library(travels: MainWindow, qtbot: QtBot) -> None:
    window = travels
    window.top.filter_button.click()
    panel = window.tools.panel
    wait(qtbot, lambda: panel.places.widgets)
    assert pill(panel.places, "España").text() == "España  2"
    pill(panel.places, "Cusco").click()
    wait_answer(qtbot, window)
    assert shown_names(window) == ["2.jpg"]
    assert window.bar.filters == Filters(places=("Cusco",))
    assert [chip.words for chip in window.bar.strip.chips] == ["Cusco"]
    qtbot.keyClick(window.bar.strip.chips[0], Qt.Key.Key_Delete)
    assert window.bar.filters == Filters()
    assert not pill(panel.places, "Cusco").isChecked()


def test_names_are_offered_while_they_are_typed(travels: MainWindow, qtbot: QtBot) -> None:
    window = travels
    window.bar.edit.setFocus()
    for typed, label, whole in (
        ("gatos en sevi", "Sevilla", "gatos en Sevilla"),
        ("cusc", "en Cusco", "en Cusco"),
        ("lugar:per", "Perú", "lugar:Perú"),
    ):
        window.bar.edit.selectAll()
        qtbot.keyClicks(window.bar.edit, typed)
        wait(qtbot, lambda label=label: label in [item.label for item in window.bar.completions.items])
        texts = {item.label: item.text for item in window.bar.completions.items}
        assert texts[label] == whole


def test_the_preview_tells_where_and_copies_the_coordinates(travels: MainWindow, qtbot: QtBot) -> None:
    window = travels
    window.search.search_text("en Sevilla")
    wait_answer(qtbot, window)
    window.preview.open(window.model.photo_ids[0])
    wait(qtbot, lambda: "37.38611, -5.99250" in window.preview.info.text)
    assert "Sevilla, Andalucía, España" in window.preview.info.text
    window.preview.info._copy_place.click()
    assert QApplication.clipboard().text() == "37.38611, -5.99250"
