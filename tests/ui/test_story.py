"""The whole story: first launch, choose a folder, wait, type, look, ask for more like this, go back."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from photofinder.ui.main_window import MainWindow
from tests.ui.conftest import (
    OpenSession,
    id_of,
    shown_names,
    wait,
    wait_answer,
    wait_finished,
    wait_thumbnails,
)


def test_from_the_first_launch_to_similar_photos(open_session: OpenSession, qtbot: QtBot, photo_folder: Path) -> None:
    window = open_session(pictures=photo_folder).window
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    assert window.welcome.accept.text() == "Analizar Fotos de Ñandú"
    assert not window.bar.isVisible()

    qtbot.mouseClick(window.welcome.accept, Qt.MouseButton.LeftButton)
    wait_finished(qtbot, window)
    assert window.pages.currentWidget() is window.grid
    assert len(window.model.photo_ids) == 14
    assert window.header.headline.text() == "14 fotos"
    assert [folder.path for folder in window.folders.folders] == [photo_folder]
    assert "14 fotos analizadas" in window.progress.text

    wait_thumbnails(qtbot, window)
    qtbot.keyClicks(window.bar.edit, "templo chino")
    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Return)
    wait_answer(qtbot, window)
    assert window.model.photo_ids[0] == id_of(window, "china.jpg")
    assert window.header.headline.text() == "Resultados para «templo chino»"

    window.grid.go_to(id_of(window, "china.jpg"))
    window.actions_.similar.trigger()
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "Parecidas a china.jpg"
    assert window.bar.has_photo
    assert window.bar.text == ""
    assert len(window.search.found) == 13, "the photo itself is left out"

    qtbot.keyClick(window.bar.edit, Qt.Key.Key_Escape)
    assert not window.bar.has_photo
    assert len(window.model.photo_ids) == 14


def test_without_a_pictures_folder_the_first_launch_asks_for_any(open_session: OpenSession, qtbot: QtBot) -> None:
    window = open_session().window
    wait(qtbot, lambda: window.pages.currentWidget() is window.welcome)
    assert not window.welcome.accept.isVisible()
    assert window.welcome.other.text() == "Elegir una carpeta de fotos…"


def test_a_folder_without_photos_says_so(open_session: OpenSession, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "vacía").mkdir()
    window = open_session(tmp_path / "vacía").window
    wait_finished(qtbot, window)
    assert window.pages.currentWidget() is window.empty
    assert "No hay fotos en tus carpetas" in window.empty.text


def test_a_folder_that_is_not_there_is_one_sentence(open_session: OpenSession, qtbot: QtBot, tmp_path: Path) -> None:
    window = open_session(tmp_path / "no existe").window
    wait(qtbot, lambda: window.notice.text)
    assert "no existe" in window.notice.text
    assert window.pages.currentWidget() is window.welcome


def test_a_pause_in_typing_searches_without_enter(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    qtbot.keyClicks(window.bar.edit, "templo chino")
    assert not window.search.active
    wait_answer(qtbot, window)
    assert window.model.photo_ids[0] == id_of(window, "china.jpg")


def test_only_the_newest_of_many_searches_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    shown: list[str] = []
    window.model.shown.connect(lambda: shown.append(window.header.headline.text()))
    for phrase in ("perro", "gato", "playa", "templo", "flor"):
        window.search.search_text(phrase)
    wait_answer(qtbot, window)
    assert window.search.result is not None
    assert window.header.headline.text() == "Resultados para «flor»"
    assert len(shown) == 1


def test_words_beside_a_photo_search_by_both(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    window.search.search_similar(id_of(window, "IMG_0003.jpg"))
    wait_answer(qtbot, window)
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "«flor» y parecidas a IMG_0003.jpg, por ambos"
    window.search.remove_photo()
    wait_answer(qtbot, window)
    assert window.header.headline.text() == "Resultados para «flor»"


def test_words_that_are_not_known_are_named(window: MainWindow, qtbot: QtBot) -> None:
    window.search.search_text("flor xyzzyq")
    wait_answer(qtbot, window)
    assert "No conozco la palabra «xyzzyq»." in window.header.calm.text()
    assert window.model.photo_ids, "the word that is known still finds"
    window.search.search_text("xyzzyq wwkkq")
    wait_answer(qtbot, window)
    assert window.pages.currentWidget() is window.empty
    assert "No conozco las palabras «xyzzyq», «wwkkq»" in window.empty.text


def test_a_suggestion_takes_the_place_of_the_word(window: MainWindow, qtbot: QtBot) -> None:
    window.search.search_text("flor xyzzyq")
    wait_answer(qtbot, window)
    window.search.use_suggestion("xyzzyq roja")
    wait_answer(qtbot, window)
    assert window.bar.text == "flor roja"
    assert "xyzzyq" not in window.header.calm.text()


@pytest.mark.parametrize("text", ["   ", "🦩" * 50, "a" * 10_000, "中文 照片", '<b>negrita</b> & "comillas"'])
def test_any_text_is_answered_calmly(window: MainWindow, qtbot: QtBot, text: str) -> None:
    window.search.search_text(text)
    wait(qtbot, lambda: not window.search.waiting)
    assert window.pages.currentWidget() in (window.grid, window.empty)
    assert "<b>" not in window.header.calm.text().replace("&lt;b&gt;", "")


def test_the_clear_button_brings_back_all_photos(window: MainWindow, qtbot: QtBot) -> None:
    window.search.search_text("flor")
    wait_answer(qtbot, window)
    window.bar.cleared.emit()
    assert window.bar.text == ""
    assert window.header.headline.text() == "14 fotos"


def test_typing_anywhere_goes_to_the_search_bar(window: MainWindow, qtbot: QtBot) -> None:
    window.grid.setFocus()
    qtbot.keyClicks(window.grid, "mar")
    assert window.bar.edit.text().endswith("mar")
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.bar.edit.selectedText() == window.bar.edit.text()


def test_photos_are_shown_newest_first_and_described(window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, window)
    names = shown_names(window)
    assert set(names[-12:]) == {f"IMG_{seed:04d}.jpg" for seed in range(12)} or len(names) == 14
    tip = window.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert names[0] in tip
    assert " de " in tip.splitlines()[1], "the date is Spanish"
    for widget in (window.bar.edit, window.grid, window.size_slider, window.folders.list, window.preview):
        assert widget.accessibleName()
    assert window.model.index(0).data(Qt.ItemDataRole.AccessibleTextRole).startswith(f"1 de 14, {names[0]}, ")
