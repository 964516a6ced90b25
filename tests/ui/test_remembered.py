"""Completion, history, saved searches, and words that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit
from pytestqt.qtbot import QtBot

from photofinder.library.filters import Filters
from photofinder.paths import DataPaths
from photofinder.searches import SavedSearch, load_searches
from photofinder.ui.completer import Source
from photofinder.ui.main_window import MainWindow
from photofinder.ui.searches_menu import SavedDialog
from tests.ui.conftest import OpenSession, wait, wait_answer, wait_finished

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # popups, where there is no screen


@pytest.fixture(autouse=True)
def no_popup_is_left(qapp: QApplication) -> Iterator[None]:
    yield
    while (popup := qapp.activePopupWidget()) is not None:
        popup.close()


def search(window: MainWindow, qtbot: QtBot, text: str) -> None:
    window.bar.edit.setFocus()
    window.bar.edit.selectAll()
    qtbot.keyClicks(window.bar.edit, text)
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)


def test_words_are_completed_by_keyboard_and_mouse(window: MainWindow, qtbot: QtBot) -> None:
    bar = window.bar
    bar.edit.setFocus()
    qtbot.keyClicks(bar.edit, "un perr")
    wait(qtbot, lambda: bar.completions.items)
    assert bar.edit.hasFocus(), "the list never takes the keyboard"
    assert bar.completions.items[0].source is Source.WORD
    assert "un perro" in [item.text for item in bar.completions.items]
    qtbot.keyClick(bar.edit, Qt.Key.Key_Down)
    taken = bar.completions.current
    assert taken is not None
    assert bar.edit.accessibleDescription().startswith(f"{taken.label}, sugerencia 1 de ")
    assert taken is not None
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    assert bar.text == taken.text
    assert not bar.completions.items
    wait_answer(qtbot, window)
    qtbot.keyClicks(bar.edit, " y un gat")
    wait(qtbot, lambda: bar.completions.items)
    qtbot.keyClick(bar.edit, Qt.Key.Key_Down)
    qtbot.keyClick(bar.edit, Qt.Key.Key_Up)
    assert bar.completions.current is None, "back in the line"
    assert not bar.edit.accessibleDescription()
    qtbot.keyClick(bar.edit, Qt.Key.Key_Escape)
    assert not bar.completions.items
    assert bar.text.endswith("un gat"), "Esc closed the list only"
    bar.completions.chosen.emit(taken)
    assert bar.text == taken.text
    window.search.clear()
    qtbot.keyClicks(bar.edit, "orientac")
    wait(qtbot, lambda: [item.text for item in bar.completions.items] == ["orientación:"])
    qtbot.keyClick(bar.edit, Qt.Key.Key_Down)
    qtbot.keyClick(bar.edit, Qt.Key.Key_Return)
    wait(qtbot, lambda: len(bar.completions.items) == 3)
    assert bar.text == "orientación:", "a filter without a value is not searched"


def test_history_comes_back_in_an_empty_bar_and_in_the_next_session(
    window: MainWindow, qtbot: QtBot, open_session: OpenSession, paths: DataPaths
) -> None:
    for text in ("templo chino", "una flor"):
        search(window, qtbot, text)
    wait(qtbot, lambda: load_searches(paths.searches).history == ("una flor", "templo chino"))
    window.search.clear()
    window.bar.edit.setFocus()
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Down)
    assert [item.text for item in window.bar.completions.items] == ["una flor", "templo chino"]
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Down)
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Down)
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "Resultados para «templo chino»"
    window.bar.edit.selectAll()
    qtbot.keyClicks(window.bar.edit, "flo")
    wait(qtbot, lambda: window.bar.completions.items)
    assert window.bar.completions.items[0].text == "una flor", "what was searched for comes before other words"
    window.close()

    again = open_session().window
    wait_finished(qtbot, again)
    wait(qtbot, lambda: again.tools.memory.searches.history)
    again.tools.searches.history_unwanted.emit()
    wait(qtbot, lambda: not load_searches(paths.searches).history)
    again.bar.edit.setFocus()
    qtbot.keyClick(again.bar.edit, Qt.Key.Key_Down)
    assert not again.bar.completions.items
    assert again.grid.hasFocus(), "with nothing to offer, down goes to the photos"


def test_a_search_is_kept_found_renamed_and_removed(window: MainWindow, qtbot: QtBot, paths: DataPaths) -> None:
    searches, memory = window.tools.searches, window.tools.memory
    search(window, qtbot, "una flor")
    window.bar.filter(Filters(types=("jpg",)))
    wait_answer(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert searches.menu is not None
    save = searches.menu.actions()[0]
    assert save.text() == "Guardar esta búsqueda…"
    searches.menu.close()
    save.trigger()
    dialog = searches.dialog
    assert isinstance(dialog, QInputDialog)
    assert dialog.textValue() == "una flor, JPG"
    dialog.setTextValue("Jardín")
    dialog.accept()
    wait(qtbot, lambda: [one.name for one in load_searches(paths.searches).saved] == ["Jardín"])

    window.search.clear()
    searches.open()
    assert searches.menu is not None
    entry = next(action for action in searches.menu.actions() if action.text() == "Jardín")
    searches.menu.close()
    entry.trigger()
    wait_answer(qtbot, window)
    assert (window.bar.text, window.bar.filters) == ("una flor", Filters(types=("jpg",)))

    searches.manage()
    manager = searches.dialog
    assert isinstance(manager, SavedDialog)
    manager.rename.click()
    editor = manager.list.findChild(QLineEdit)
    assert editor is not None
    editor.setText("Flores")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    wait(qtbot, lambda: memory.searches.named("Flores") is not None)
    assert manager.list.item(0).text() == "Flores"
    manager.list.setFocus()
    manager.remove.click()
    assert memory.searches.saved == ()
    assert not manager.remove.isEnabled()
    manager.reject()


def test_the_star_goes_with_the_search_that_was_kept(ready_window: MainWindow, qtbot: QtBot) -> None:
    window = ready_window
    window.tools.memory.save(SavedSearch("Las flores", "flor", Filters()))
    wait(qtbot, lambda: window.tools.memory.searches.saved)
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    assert window.bar.starred
    window.search.clear()
    assert not window.bar.starred
    window.search.search_text("flor")
    assert window.bar.starred
    window.search.search_similar(window.model.photo_ids[0] if window.model.photo_ids else 1)
    assert not window.bar.starred, "nothing of the words is asked any more"


def test_an_unknown_word_is_underlined_and_a_better_one_is_taken_by_keyboard(window: MainWindow, qtbot: QtBot) -> None:
    search(window, qtbot, "una florrz xyzzyq")
    assert "xyzzyq" in window.bar.edit.underlined
    plain = window.bar.edit.grab().toImage()
    window.bar.edit.underline(())
    assert window.bar.edit.grab().toImage() != plain, "the wave is painted"
    window.search.use_suggestion("xyzzyq roja")
    wait_answer(qtbot, window)
    assert window.bar.text.endswith(" roja")
    assert "xyzzyq" not in window.bar.edit.underlined
    assert window.header.calm.textInteractionFlags() & Qt.TextInteractionFlag.LinksAccessibleByKeyboard


def test_a_narrow_window_can_still_be_searched(window: MainWindow, qtbot: QtBot, photo_folder: Path) -> None:
    window.resize(640, 460)
    window.search.search_text("una flor naranja en el jardín")
    window.bar.filter(Filters(types=("jpg", "png"), cameras=("Cámara de nombre muy largo 5000 Mark IV",)))
    wait_answer(qtbot, window)
    assert window.bar.edit.width() > 180
    for chip in window.bar.strip.chips:
        assert chip.geometry().right() <= window.bar.strip.viewport().width()
    assert not window.size_slider.isVisible()


def test_an_emoji_does_not_shift_what_is_completed_and_underlined(ready_window: MainWindow, qtbot: QtBot) -> None:
    edit = ready_window.bar.edit
    edit.setText("🐶🐱 xyzzyq flor")
    edit.underline(["xyzzyq"])
    edit.setCursorPosition(len("🐶🐱 xyzzyq flor") + 2)
    assert edit.place == len(edit.text())
    assert edit.unknown_at(7) == "xyzzyq"
    assert edit.unknown_at(4) == ""
    assert edit.underlined == ("xyzzyq",)
