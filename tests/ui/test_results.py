"""An answer: what is sure and what may be, its order, its end, more and less like this, why, and a part of a photo."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from pytestqt.qtbot import QtBot

from photofinder.library.catalog_rows import moment_of
from photofinder.search.certainty import WORDS
from photofinder.settings import load_settings
from photofinder.ui.app import Session
from photofinder.ui.found import Found
from photofinder.ui.main_window import MainWindow
from photofinder.ui.result_sections import Order, arrange
from tests.ui.conftest import id_of, wait, wait_answer, wait_thumbnails

SPANISH = QLocale(QLocale.Language.Spanish)


def found(probabilities: list[float], moments: list[int] | None = None) -> Found:
    """Photos 1, 2, 3… with these probabilities."""
    count = len(probabilities)
    taken = np.array(moments or [0] * count, dtype=np.int64)
    return Found(np.arange(1, count + 1, dtype=np.int64), np.array(probabilities), taken)


def test_sure_then_perhaps_then_nothing() -> None:
    five = found([0.95, 0.9, 0.5, 0.1, 0.01])
    shown = arrange(five, Order.LIKENESS, WORDS, with_weak=False, locale=SPANISH)
    assert [(one.title, one.count, one.line) for one in shown.sections] == [("Seguro", 2, False), ("Quizá", 1, True)]
    assert shown.shown.photo_ids.tolist() == [1, 2, 3]
    assert (shown.sure, shown.hidden) == (2, 2)
    everything = arrange(five, Order.LIKENESS, WORDS, with_weak=True, locale=SPANISH)
    assert [one.title for one in everything.sections] == ["Seguro", "Quizá", "Poco parecidas"]
    assert everything.hidden == 0
    nothing = arrange(found([0.1, 0.01]), Order.LIKENESS, WORDS, with_weak=False, locale=SPANISH)
    assert (len(nothing.shown), nothing.sections, nothing.hidden) == (0, (), 2)


def test_perhaps_is_less_like_only_beside_something_sure() -> None:
    def note(probabilities: list[float]) -> str:
        shown = arrange(found(probabilities), Order.LIKENESS, WORDS, with_weak=False, locale=SPANISH)
        return shown.sections[-1].note

    assert note([0.9, 0.5, 0.5]) == "2 fotos · se parecen menos a lo que buscas"
    assert note([0.9, 0.5]) == "1 foto · se parece menos a lo que buscas"
    assert note([0.5, 0.5]) == "2 fotos · se parecen algo a lo que buscas"
    assert note([0.5]) == "1 foto · se parece algo a lo que buscas"


def test_what_is_sure_comes_first_whatever_the_order_of_the_answer() -> None:
    five = found([0.5, 0.9, 0.45, 0.95, 0.1])
    shown = arrange(five, Order.LIKENESS, WORDS, with_weak=True, locale=SPANISH)
    assert shown.shown.photo_ids.tolist() == [2, 4, 1, 3, 5]
    assert [one.count for one in shown.sections] == [2, 2, 1]


def test_by_date_there_are_months() -> None:
    days = ("2019-08-01T10:00", "2021-01-01T10:00", "2019-08-09T10:00")
    four = found([0.95, 0.9, 0.5, 0.1], [*(moment_of(day, 0) for day in days), 0])
    shown = arrange(four, Order.DATE, WORDS, with_weak=False, locale=SPANISH)
    assert shown.shown.photo_ids.tolist() == [2, 3, 1]
    assert [one.title for one in shown.sections] == ["Enero de 2021", "Agosto de 2019"]
    only_filters = arrange(four, Order.LIKENESS, None, with_weak=False, locale=SPANISH)
    assert (only_filters.sure, only_filters.hidden, only_filters.shown.photo_ids.tolist()) == (4, 0, [2, 3, 1, 4])


@pytest.fixture
def asked(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window that answered «templo chino», with all photos shown, thumbnails there."""
    wait_thumbnails(qtbot, window)
    window.search.search_text("templo chino")
    wait_answer(qtbot, window)
    window.search.show_weak()
    wait_thumbnails(qtbot, window)
    return window


def test_marks_rerank_and_can_be_taken_back(asked: MainWindow, qtbot: QtBot) -> None:
    window = asked
    china, flower = id_of(window, "china.jpg"), id_of(window, "flower.jpg")
    assert window.model.photo_ids[0] == china
    window.grid.go_to(flower)
    assert window.results.less.isEnabled()
    window.results.more.trigger()
    wait_answer(qtbot, window)
    assert window.header.marks.marked == ((flower, True),)
    assert window.search.headline() == "Resultados para «templo chino»", "the search itself stays"
    window.search.dislike(china)
    wait_answer(qtbot, window)
    window.search.show_weak()
    assert window.header.marks.marked == ((flower, True), (china, False))
    assert window.model.photo_ids.index(flower) < window.model.photo_ids.index(china)
    qtbot.mouseClick(window.header.marks.cross(china), Qt.MouseButton.LeftButton)
    wait_answer(qtbot, window)
    assert window.header.marks.marked == ((flower, True),)
    window.search.clear()
    assert window.header.marks.marked == ()
    assert not window.header.order.isVisible()


def test_nothing_is_like_enough_until_the_person_insists(window: MainWindow, qtbot: QtBot) -> None:
    window.search.search_text("elefante")
    wait_answer(qtbot, window)
    assert window.pages.currentWidget() is window.empty
    assert "Nada se parece lo bastante" in window.empty.text
    assert window.empty.weak.isVisible()
    qtbot.mouseClick(window.empty.weak, Qt.MouseButton.LeftButton)
    assert window.pages.currentWidget() is window.grid
    assert len(window.model.photo_ids) == 14
    assert window.model.sections[-1].title == "Poco parecidas"


def test_the_order_is_remembered(asked: MainWindow, analysed: Session, qtbot: QtBot) -> None:
    window = asked
    assert window.header.order.isVisible()
    likeness = window.model.photo_ids
    qtbot.mouseClick(window.header.order.button(Order.DATE), Qt.MouseButton.LeftButton)
    assert sorted(window.model.photo_ids) == sorted(likeness)
    assert all(section.year for section in window.model.sections)
    assert "recientes" in window.header.detail.text()
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.model.photo_ids == likeness
    window.search.set_order(Order.DATE)
    window.close()
    assert load_settings(analysed._paths.settings).result_order == "date"


def test_why_colours_the_photo_and_names_words(asked: MainWindow, qtbot: QtBot) -> None:
    window, panel = asked, asked.results.panel
    flower = id_of(window, "flower.jpg")
    window.grid.go_to(flower)
    window.results.why.trigger()
    assert "Mirando" in panel.text
    wait(qtbot, lambda: panel.is_loaded)
    assert "flower.jpg" in panel.text
    assert panel.picture.has_heat
    assert panel.words.widgets
    assert not panel.grab().isNull()
    qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert not panel.picture.has_heat
    qtbot.keyClick(panel, Qt.Key.Key_Escape)
    assert not panel.isVisible()
    window.search.clear()
    window.results.explain(flower)
    wait(qtbot, lambda: panel.is_loaded)
    assert "se parece a «" in panel.text, "without a search it is about the nearest word"
    word = panel.words.widgets[0]
    qtbot.mouseClick(word, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    wait_answer(qtbot, window)
    assert window.bar.text


def test_a_part_of_a_photo_is_searched_by(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    flower = id_of(window, "flower.jpg")
    window.grid.go_to(flower)
    window.results.part.trigger()
    region, canvas = window.results.region, window.preview.canvas
    wait(qtbot, lambda: window.preview.is_loaded)
    assert region.isVisible()
    assert region.box is None
    place = canvas.place.toRect()
    qtbot.mousePress(region, Qt.MouseButton.LeftButton, pos=place.topLeft() + QPoint(10, 10))
    qtbot.mouseMove(region, place.center())
    qtbot.mouseRelease(region, Qt.MouseButton.LeftButton, pos=place.center())
    assert region.box == pytest.approx((10 / place.width(), 10 / place.height(), 0.5, 0.5), abs=0.02)
    assert not canvas.grab().isNull()
    qtbot.keyClick(region, Qt.Key.Key_Right)
    qtbot.keyClick(region, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    qtbot.mouseClick(region.search, Qt.MouseButton.LeftButton)
    wait_answer(qtbot, window)
    assert window.preview.photo_id is None
    assert window.header.headline.text() == "Parecidas a una parte de flower.jpg"
    window.results.region.start()
    qtbot.keyClick(region, Qt.Key.Key_Escape)
    assert not region.isVisible()
