"""The sentence above the photos: what is merely done goes by itself, the rest stays until it is closed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from photofinder.ui import notice_bar
from photofinder.ui.notice_bar import NoticeBar
from photofinder.ui.theme import Theme
from tests.ui.conftest import wait


@pytest.fixture
def notice(qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[NoticeBar]:
    monkeypatch.setattr(notice_bar, "PASSING_MS", 20)
    window = QWidget()
    qtbot.addWidget(window)
    bar = NoticeBar(Theme(qapp), window)
    window.resize(700, 500)
    bar.move(200, 300)  # not where the pointer of a platform without mouse stands
    window.show()
    yield bar
    window.close()


def test_what_is_done_is_said_and_goes(notice: NoticeBar, qtbot: QtBot) -> None:
    notice.say("Álbum «Perú» creado con 1 foto.", passing=True)
    assert notice.text and notice.is_passing
    wait(qtbot, notice.isHidden)
    assert notice.text == ""


def test_a_sentence_that_came_later_is_not_taken_away(notice: NoticeBar, qtbot: QtBot) -> None:
    notice.say("Álbum «Perú» creado con 1 foto.", passing=True)
    notice.say("¿Añadir la carpeta «Perú» y analizar sus fotos?", action="Añadir")
    assert not notice.is_passing
    qtbot.wait(60)
    assert notice.text.startswith("¿Añadir")


def test_it_waits_for_who_is_about_to_undo(notice: NoticeBar, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    focused = [True]
    monkeypatch.setattr(notice.button, "hasFocus", lambda: focused[0])  # no platform of tests gives it for sure
    notice.say("1 foto: fuera de «Perú».", action="Deshacer", do=lambda: None, passing=True)
    qtbot.wait(60)
    assert notice.text and notice.is_passing
    focused[0] = False
    wait(qtbot, notice.isHidden)
