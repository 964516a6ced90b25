"""Every page, dialog and menu in both languages, at 1.5 times the size of text and with doubled texts: nothing clipped.

Doubled texts stand for languages that need more room. A widget whose text may be shortened with an ellipsis, because a
tool tip has it whole, says so with the property ``elides``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QListWidget,
    QMenu,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from photofinder.model.pack import Pack
from photofinder.paths import DataPaths, resource
from photofinder.ui import app as app_module
from photofinder.ui.app import Session
from photofinder.ui.battery import Battery
from photofinder.ui.translation import Translation
from tests.ui.surfaces import controls, library_to_look_at, walk

SCALE = 150


class Doubling(QTranslator):
    """Says everything of ours twice."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._inner = QTranslator()
        if language != "es":
            assert self._inner.load("photofinder_en", str(resource("i18n")))

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str | None:
        if context.startswith("Q"):
            return None  # the names of keys and the like are Qt's
        text = self._inner.translate(context, source) or source
        if text in ("Esc", "BORRAR", "DELETE"):
            return text
        return f"{text} {re.sub('&(?!&)', '', text)}"


class DoublingTranslation(Translation):
    """The translation of a program whose every text is twice as long."""

    def __init__(self, app: QApplication, language: str) -> None:
        super().__init__(app, language)
        self._doubling = Doubling(language)
        app.installTranslator(self._doubling)
        self._installed.append(self._doubling)


@pytest.fixture(params=["es", "en"])
def doubled(
    request: pytest.FixtureRequest,
    qapp: QApplication,
    qtbot: QtBot,
    paths: DataPaths,
    pack: Pack,
    monkeypatch: pytest.MonkeyPatch,
    no_thread_is_left: None,
) -> Iterator[Session]:
    """A session with doubled, large texts."""
    monkeypatch.setattr(app_module, "Translation", DoublingTranslation)
    session = Session(qapp, paths, pack, language=request.param, battery=Battery(lambda: False), watch=False)
    qtbot.addWidget(session.window)
    session.theme.set_text_scale(SCALE)
    session.window.resize(1500, 1000)
    session.start()
    yield session
    session.theme.set_text_scale(100)
    session.window.close()
    assert session.all_ended


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_nothing_is_clipped_with_doubled_texts(doubled: Session, qtbot: QtBot, tmp_path: Path) -> None:
    found = []
    for name, widget in walk(doubled, qtbot, library_to_look_at(tmp_path / "Fotos")):
        found += [f"{name}: {problem}" for one in controls(widget) for problem in problems(one, widget)]
    assert not found, "\n".join(found)


def problems(widget: QWidget, top: QWidget) -> Iterator[str]:
    """What of a widget's text cannot be read."""
    if widget.property("elides") or not widget.isVisible():
        return
    text = text_of(widget)
    if text:
        needed, has = needed_size(widget), widget.size()
        if needed[0] > has.width() + 1 or needed[1] > has.height() + 1:
            yield f"{describe(widget)} «{text[:50]}» needs {needed}, has {(has.width(), has.height())}"
        if outside(widget, top):
            yield f"{describe(widget)} «{text[:50]}» lies outside of what is seen"
    if isinstance(widget, QHeaderView) and widget.orientation() is Qt.Orientation.Horizontal:
        for section in range(widget.count()):
            if widget.sectionSizeHint(section) > widget.sectionSize(section) + 1:
                yield f"header {section} of {describe(widget)}"
    if isinstance(widget, QListWidget) and widget.objectName() == "sections":
        needed_width = widget.sizeHintForColumn(0)
        if needed_width > widget.viewport().width() + 1:
            yield f"{describe(widget)} needs {needed_width}, has {widget.viewport().width()}"
    if isinstance(widget, QMenu):
        screen = widget.screen().availableGeometry().width()
        for action in widget.actions():
            width = widget.fontMetrics().horizontalAdvance(action.text())
            if width > widget.actionGeometry(action).width() or widget.width() > screen:
                yield f"«{action.text()}» of {describe(widget)}"


def text_of(widget: QWidget) -> str:
    """The text that a widget shows by itself."""
    if isinstance(widget, QLabel):
        return widget.text()
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() is Qt.ToolButtonStyle.ToolButtonIconOnly:
        return "" if not widget.icon().isNull() else widget.text()
    if isinstance(widget, QAbstractButton):
        return widget.text()
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, QAbstractSpinBox) else ""


def needed_size(widget: QWidget) -> tuple[int, int]:
    """Width and height without which the text is cut."""
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.minimumSizeHint().width() if widget.width() < 60 else 0, widget.heightForWidth(widget.width())
    hint = widget.sizeHint()
    if isinstance(widget, QComboBox):
        longest = max(widget.fontMetrics().horizontalAdvance(widget.itemText(i)) for i in range(widget.count()))
        return longest + 30, widget.fontMetrics().height()
    return hint.width(), hint.height()


def outside(widget: QWidget, top: QWidget) -> bool:
    """Whether a part lies beyond an ancestor's edge, unless one can scroll there."""
    rect, parent = QRect(QPoint(0, 0), widget.size()), widget
    while parent is not top and parent.parentWidget() is not None:
        rect.translate(parent.pos())
        parent = parent.parentWidget()
        area = parent.parentWidget()
        if isinstance(area, QAbstractScrollArea) and parent is area.viewport():
            return False
        if not parent.rect().adjusted(-1, -1, 1, 1).contains(rect):
            return True
    return False


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} in {type(widget.parentWidget()).__name__}"
