"""The parts of a search as chips, by mouse and by keyboard."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photofinder.library.filters import Filters, Orientation, Period
from photofinder.search.query import PartKind, QueryPart
from photofinder.ui.chip_strip import ChipStrip
from photofinder.ui.chips import HEIGHT, LESS, MUCH, NORMAL, ChipContent
from photofinder.ui.main_window import MainWindow
from photofinder.ui.query_chips import filter_chips, without_filter, without_part
from photofinder.ui.search_lane import OutsideFiles
from photofinder.ui.theme import LIGHT, Theme
from photofinder.ui.time_words import meaning, period_label
from tests.ui.conftest import wait, wait_answer


def labels(window: MainWindow) -> list[str]:
    return [chip.words for chip in window.bar.strip.chips]


def add_photos(window: MainWindow, qtbot: QtBot, *paths: Path) -> None:
    for path in paths:
        window.search.add_photo(OutsideFiles((path,)), path.name, None)
    wait_answer(qtbot, window)


def test_several_photos_each_with_its_weight(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    add_photos(window, qtbot, photo_folder / "china.jpg", photo_folder / "flower.jpg")
    assert labels(window) == ["china.jpg", "flower.jpg"]
    assert all(chip.content.picture is not None for chip in window.bar.strip.chips)
    both = window.model.photo_ids
    flower = window.bar.strip.chips[1]
    flower.setFocus()
    qtbot.keyClick(flower, Qt.Key.Key_Minus)
    assert labels(window)[1] == "flower.jpg · poco"
    qtbot.keyClick(flower, Qt.Key.Key_Minus)
    assert labels(window)[1] == "flower.jpg · nada de esto"
    assert [photo.weight for photo in window.search.photos] == [NORMAL, LESS]
    wait_answer(qtbot, window)
    window.search.show_weak()
    first, last = window.model.photo_ids[0], window.model.photo_ids[-1]
    assert {first, last} == set(both[:2]), "the one to be like comes first, the one to be unlike last"
    flower = window.bar.strip.chips[1]
    assert flower.hasFocus(), "the keyboard stays on the chip"
    menu = flower.menu_of_weights()
    assert [action.text() for action in menu.actions() if action.text()] == [
        "mucho",
        "normal",
        "poco",
        "nada de esto",
        "Quitar de la búsqueda",
    ]
    menu.actions()[0].trigger()
    assert [photo.weight for photo in window.search.photos] == [NORMAL, MUCH]
    assert "flower.jpg · mucho" in window.bar.strip.chips[1].accessibleName()
    qtbot.keyClick(window.bar.strip.chips[1], Qt.Key.Key_Delete)
    assert labels(window) == ["china.jpg"]
    wait_answer(qtbot, window)


def test_the_cross_of_a_chip_removes_it(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    add_photos(window, qtbot, photo_folder / "china.jpg", photo_folder / "flower.jpg")
    chip = window.bar.strip.chips[0]
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.cross.center())
    wait_answer(qtbot, window)
    assert labels(window) == ["flower.jpg"]


def test_arrows_lead_from_the_words_through_the_chips_to_the_photos(
    window: MainWindow, qtbot: QtBot, photo_folder: Path
) -> None:
    add_photos(window, qtbot, photo_folder / "china.jpg", photo_folder / "flower.jpg")
    edit = window.bar.edit
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Right)
    first, second = window.bar.strip.chips
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Right)
    assert second.hasFocus()
    assert (first.focusPolicy(), second.focusPolicy()) == (Qt.FocusPolicy.ClickFocus, Qt.FocusPolicy.StrongFocus)
    qtbot.keyClick(second, Qt.Key.Key_Left)
    qtbot.keyClick(first, Qt.Key.Key_Left)
    assert edit.hasFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Left)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Down)
    assert window.grid.hasFocus()
    edit.setFocus()
    qtbot.keyClick(edit, Qt.Key.Key_Backspace)
    assert labels(window) == ["china.jpg"]


def test_escape_goes_back_step_by_step(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    add_photos(window, qtbot, photo_folder / "china.jpg")
    window.bar.filter(Filters(types=("jpg",)))
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    window.bar.edit.setFocus()
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Escape)
    assert (window.bar.text, labels(window)) == ("", ["china.jpg", "JPG"])
    wait_answer(qtbot, window)
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Escape)
    assert window.bar.is_empty
    assert labels(window) == []
    assert not window.search.active
    assert len(window.model.photo_ids) == 14


def test_many_chips_wrap_and_then_scroll(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, LIGHT)
    strip = ChipStrip(theme)
    qtbot.addWidget(strip)
    strip.resize(QSize(400, HEIGHT))
    strip.show_chips([ChipContent(f"part:{n}", "search", f"parte número {n}", "") for n in range(30)])
    with qtbot.waitActive(strip):
        strip.show()
        strip.activateWindow()
    assert len({chip.y() for chip in strip.chips}) > 3
    assert all(chip.geometry().right() < strip.width() for chip in strip.chips)
    assert strip.height() < 5 * HEIGHT
    assert strip.focus_last()
    assert strip.verticalScrollBar().value() > 0, "the chip with the keyboard is in sight"


def test_a_part_is_taken_out_of_the_phrase_exactly() -> None:
    def cut(text: str, part: str) -> str:
        start = text.index(part)
        return without_part(text, QueryPart(PartKind.WITHOUT, part, start, start + len(part)))

    assert cut("playa sin gente en 2019", "sin gente") == "playa en 2019"
    assert cut("playa, sin gente, en 2019", "sin gente") == "playa, en 2019"
    assert cut("sin gente, playa", "sin gente") == "playa"
    assert cut("playa sin gente", "sin gente") == "playa"
    assert cut("sin gente", "sin gente") == ""


@pytest.mark.parametrize(
    ("start", "end", "label"),
    [
        (date(2019, 1, 1), date(2019, 12, 31), "2019"),
        (date(2018, 1, 1), date(2019, 12, 31), "2018–2019"),
        (date(2019, 8, 1), date(2019, 8, 31), "agosto de 2019"),
        (date(2019, 8, 12), date(2019, 8, 12), "12 ago 2019"),
        (date.min, date(2019, 8, 12), "hasta 12 ago 2019"),
        (date(2019, 8, 12), date.max, "desde 12 ago 2019"),
        (date(2019, 8, 12), date(2019, 9, 1), "12 ago 2019 – 1 sept 2019"),
    ],
)
def test_periods_as_people_say_them(start: date, end: date, label: str) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.Spanish))
    try:
        assert period_label(Period(start, end)).replace("sep ", "sept ") == label
    finally:
        QLocale.setDefault(before)


def test_every_filter_has_a_chip_and_goes_alone() -> None:
    everything = Filters(
        periods=(Period(date(2019, 1, 1), date(2019, 12, 31)), Period(date(2021, 1, 1), date(2021, 12, 31))),
        folder_ids=(3, 4),
        cameras=("Canon: EOS", "Leica"),
        orientation=Orientation.PORTRAIT,
        types=("jpg", "png"),
        favorites=True,
        has_place=False,
    )
    chips = filter_chips(everything, {3: "Viajes"})
    assert [chip.label for chip in chips[:4]] == ["2019", "2021", "Viajes", "otra carpeta"]
    assert len({chip.key for chip in chips}) == len(chips) == 11
    left = everything
    for chip in reversed(chips):
        left = without_filter(left, chip.key)
    assert left == Filters()
    assert without_filter(everything, chips[4].key).cameras == ("Leica",)


def test_parts_of_the_phrase_are_chips_that_take_their_words_with_them(window: MainWindow, qtbot: QtBot) -> None:
    window.bar.edit.setFocus()
    qtbot.keyClicks(window.bar.edit, "flor naranja sin gente en agosto de 2019 tipo:jpg")
    assert labels(window) == [], "nothing moves while it is typed"
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert labels(window) == ["flor naranja", "sin gente", "en agosto de 2019", "JPG"]
    assert window.bar.edit.hasFocus()
    time = window.bar.strip.chips[2]
    assert time.accessibleName() == "Fecha: en agosto de 2019"
    qtbot.mouseClick(time, Qt.MouseButton.LeftButton, pos=time.cross.center())
    assert window.bar.text == "flor naranja sin gente tipo:jpg"
    wait_answer(qtbot, window)
    without = window.bar.strip.chips[1]
    without.setFocus()
    qtbot.keyClick(without, Qt.Key.Key_Backspace)
    assert window.bar.text == "flor naranja tipo:jpg"
    assert window.bar.strip.chips[1].hasFocus(), "the neighbour has the keyboard"
    qtbot.keyClick(window.bar.strip.chips[1], Qt.Key.Key_Delete)
    wait_answer(qtbot, window)
    assert window.bar.text == "flor naranja"
    assert labels(window) == [], "plain words alone need no chip"
    window.search.search_text("agosto de 2019")
    wait_answer(qtbot, window)
    assert window.search.result is not None
    assert window.search.result.filters.periods


def test_a_time_that_words_may_mean_is_offered(window: MainWindow, qtbot: QtBot) -> None:
    window.search.search_text("árbol de navidad")
    wait_answer(qtbot, window)
    assert labels(window) == ["¿Solo en fechas de «navidad»?"]
    offer = window.bar.strip.chips[0]
    offer.setFocus()
    qtbot.keyClick(offer, Qt.Key.Key_Delete)
    assert window.bar.text == "árbol de navidad", "there is nothing to take away"
    qtbot.keyClick(offer, Qt.Key.Key_Return)
    assert "navidad" in window.bar.text
    assert len(labels(window)) == 2, "the words, and when"
    wait_answer(qtbot, window)
    assert window.search.result is not None
    assert window.search.result.filters.month_days


@pytest.mark.parametrize(
    ("label", "dates"),
    [
        ("2019-08", "agosto de 2019"),
        ("2015..2018", "2015–2018"),
        ("2019", "2019"),
        ("2019-08-12", "12 ago 2019"),
        ("2025-06-21..2025-09-21", "21 jun 2025 – 21 sep 2025"),
        ("..2018-12-31", "hasta 31 dic 2018"),
        ("2018-02..", "desde 1 feb 2018"),
        ("-2019-08", "agosto de 2019"),
        ("*-08", "agosto de cualquier año"),
        ("*-12-24..*-01-06", "del 24 de diciembre al 6 de enero de cualquier año"),
        ("*-02-14", "14 de febrero de cualquier año"),
        ("2001,2002,2003,2004,2005", "2005, 2004, 2003, y 2 veces más"),
    ],
)
def test_dates_that_were_understood_are_told(label: str, dates: str, qapp: QApplication) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.Spanish))
    assert meaning(label).replace("sept ", "sep ") == dates


def test_a_chip_of_a_time_tells_its_dates_by_hemisphere(ready_window: MainWindow, qtbot: QtBot) -> None:
    bar = ready_window.bar
    ready_window.search.search_text("en verano de 2019")
    wait_answer(qtbot, ready_window)
    ready_window.tools.set_southern(False)
    (chip,) = [chip for chip in bar.strip.chips if not chip.content.offered]
    assert "jun 2019" in chip.accessibleName()
    assert "jun 2019" in chip.toolTip()
    north = ready_window.search.result
    ready_window.tools.set_southern(True)
    wait(qtbot, lambda: ready_window.search.result is not north)
    (chip,) = [chip for chip in bar.strip.chips if not chip.content.offered]
    assert "dic 2019" in chip.accessibleName() or "dic 2018" in chip.accessibleName()
    assert north is not None and ready_window.search.result is not None
    assert ready_window.search.result.filters.periods != north.filters.periods
