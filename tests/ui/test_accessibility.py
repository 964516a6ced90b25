"""Everything has a name for screen readers and can be reached by keyboard, focus is seen, and colours can be read."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QAccessible, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QDialog,
    QFrame,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from photofinder.paths import resource
from photofinder.ui.chips import Chip
from photofinder.ui.main_window import MainWindow
from photofinder.ui.theme import DARK, LIGHT, Theme, colours, style_sheet
from tests.ui.conftest import OpenSession, wait_thumbnails
from tests.ui.surfaces import controls, library_to_look_at, settle, walk


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_every_control_has_a_name_and_a_way_by_keyboard(
    open_session: OpenSession, qtbot: QtBot, tmp_path: Path
) -> None:
    session = open_session()
    session.window.activateWindow()
    nameless, unreachable, unseen = [], [], []
    for name, widget in walk(session, qtbot, library_to_look_at(tmp_path / "Fotos")):
        wanted = [control for control in controls(widget) if is_control(control)]
        nameless += [f"{name}: {describe(control)}" for control in wanted if not name_of(control)]
        if isinstance(widget, QMenu):
            continue  # arrows
        reached = tabbed(widget)
        unreachable += [f"{name}: {describe(control)}" for control in wanted if control not in reached]
        unseen += [f"{name}: {describe(control)}" for control in reached - {widget} if not shows_focus(control)]
    assert not nameless, "\n".join(nameless)
    assert not unreachable, "\n".join(sorted(set(unreachable)))
    assert not unseen, "\n".join(sorted(set(unseen)))


def test_a_screen_reader_hears_place_name_and_day_of_each_photo(ready_window: MainWindow, qtbot: QtBot) -> None:
    wait_thumbnails(qtbot, ready_window)
    interface = QAccessible.queryAccessibleInterface(ready_window.grid)
    assert interface is not None
    names = [interface.child(place).text(QAccessible.Text.Name) for place in range(3)]
    for place, name in enumerate(names):
        file = ready_window.model.path_of(ready_window.model.photo_ids[place])
        assert file is not None
        assert re.fullmatch(rf"{place + 1} de 14, {re.escape(file.name)}, \d+ de \w+ de \d{{4}}", name), name


def is_control(widget: QWidget) -> bool:
    """Whether the person is to reach it: it takes the focus by Tab, or it is a button at all."""
    if not widget.isEnabled() or not widget.isVisible() or widget.focusProxy() is not None:
        return False
    if isinstance(widget, QAbstractButton):
        return not isinstance(widget.parentWidget(), QLineEdit)  # the field has a key for it
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not isinstance(widget, QMenu)


def name_of(widget: QWidget) -> str:
    """What a screen reader says of it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface is not None else ""


def tabbed(top: QWidget) -> set[QWidget]:
    """Where Tab leads, from the first control on, until it comes round."""
    reached: set[QWidget] = set()
    within = [widget for widget in controls(top) if is_control(widget)]
    if not within:
        return reached
    window = top.window()
    window.activateWindow()
    start = next((one for one in within if one.focusPolicy() & Qt.FocusPolicy.TabFocus), within[0])
    start.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    for _ in range(150):
        focused = QApplication.focusWidget()
        if focused is None or focused in reached:
            break
        reached.add(focused)
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    radios = {one for one in within if isinstance(one, QAbstractButton) and one.autoExclusive()}
    if any(isinstance(one, Chip) for one in reached):  # likewise: one of them takes the focus, arrows go on
        reached.update(one for one in within if isinstance(one, Chip))
    return reached | radios  # arrows go round in a group of which one is chosen


def shows_focus(widget: QWidget) -> bool:
    """Whether it looks different with the focus."""
    area = widget.parentWidget() if isinstance(widget.parentWidget(), QAbstractScrollArea) else widget
    assert area is not None
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    with_focus = picture(area)
    widget.clearFocus()
    settle()
    return picture(area) != with_focus


def picture(widget: QWidget) -> QImage:
    """The widget with what is just around it: a frame may be its parent's."""
    window = widget.window()
    corner = widget.mapTo(window, widget.rect().topLeft())
    return window.grab(QRect(corner, widget.size()).adjusted(-8, -8, 8, 8)).toImage()


def describe(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, QAbstractButton) else ""
    return f"{type(widget).__name__} «{text or name_of(widget)}» in {type(widget.parentWidget()).__name__}"


# Colours


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2.1 defines it."""
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    lights = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


GROUNDS = ("window", "side", "surface", "raised", "hover", "chip", "notice")
INKS = ("text", "muted")


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_text_can_be_read_on_every_ground(theme: str) -> None:
    named = colours(theme)
    pairs = [(ink, ground) for ink in INKS for ground in GROUNDS]
    pairs += [("on_accent", "accent_fill"), ("on_accent", "accent_hover")]
    pairs += [(ink, ground) for ink in ("accent", "danger", "warning", "faint") for ground in GROUNDS[:4]]
    found = {
        f"{ink} on {ground}": round(contrast(named[ink], named[ground]), 2)
        for ink, ground in pairs
        if contrast(named[ink], named[ground]) < 4.5
    }
    assert not found


def drawn_contrast(widget: QWidget) -> float:
    """Between the commonest colour of what is drawn and the one that differs most from it: the ink of letters."""
    image = widget.grab().toImage()
    colours_seen = Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))
    ground = colours_seen.most_common(1)[0][0]
    return max(contrast(colour, ground) for colour in colours_seen)


@pytest.mark.qt_log_ignore("This plugin does not support")
@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_letters_can_be_read_as_they_are_drawn(qapp: QApplication, qtbot: QtBot, theme: str) -> None:
    """What the palette says and what a style sheet makes of it are not the same: placeholders were 3.4 to 1."""
    look = Theme(qapp, theme)
    dialog = QDialog()
    qtbot.addWidget(dialog)
    column = QVBoxLayout(dialog)
    button, menu_button = QPushButton("Cambiar ahora"), QToolButton()
    frames = []
    for name in ("searchBar", "filterPanel"):
        frame, field = QFrame(), QLineEdit()
        frame.setObjectName(name)
        QVBoxLayout(frame).addWidget(field)
        field.setPlaceholderText("cualquier día")
        frames.append(frame)
    own = QLineEdit()
    own.setPlaceholderText("Sin título")
    menu_button.setText("Ajustes")
    link = QLabel('<a href="x">¿quisiste decir «jardín»?</a>')
    muted = QLabel("Las más recientes primero")
    muted.setProperty("muted", True)
    for widget in (*frames, own, button, menu_button, link, muted):
        column.addWidget(widget)
    for control in (button, menu_button):
        control.setEnabled(False)
    dialog.show()
    settle()
    found = {
        f"{type(widget).__name__} {number}": drawn_contrast(widget)
        for number, widget in enumerate((*frames, own, button, menu_button, link, muted))
    }
    dialog.close()
    assert look.name == theme
    assert min(found.values()) >= 4.5, found


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_the_frame_of_the_focus_and_of_fields_is_seen(theme: str) -> None:
    """WCAG 1.4.11: what tells a control or its focus needs 3 to 1."""
    named = colours(theme)
    found = {
        f"{frame} on {ground}": round(contrast(named[frame], named[ground]), 2)
        for frame, ground in (("accent", "window"), ("accent", "side"), ("accent", "raised"), ("edge", "window"))
        if contrast(named[frame], named[ground]) < 3
    }
    assert not found


def rules() -> Iterator[tuple[str, dict[str, str]]]:
    """Selector and declarations of every rule of the sheet, with the names of colours."""
    text = re.sub(r"/\*.*?\*/", "", resource("style", "window.qss").read_text(encoding="utf-8"), flags=re.DOTALL)
    for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", text):
        declared = (line.split(":", 1) for line in body.split(";") if ":" in line)
        yield selector.strip(), {key.strip(): value.strip() for key, value in declared}


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_text_of_every_rule_can_be_read_on_the_ground_of_that_rule(theme: str) -> None:
    named = colours(theme)
    found = {}
    for selector, declared in rules():
        ink, ground = declared.get("color", ""), declared.get("background", declared.get("background-color", ""))
        if ":disabled" in selector or not (ink.startswith("@") and ground.startswith("@")):
            continue
        pair = named[ink[1:]], named[ground[1:]]
        if "rgba" not in pair[1] and contrast(*pair) < 4.5:
            found[selector] = round(contrast(*pair), 2)
    assert not found


def test_faint_is_for_what_cannot_be_used() -> None:
    faint = [selector for selector, declared in rules() if declared.get("color") == "@faint"]
    assert [selector for selector in faint if "disabled" not in selector] == []


def test_every_kind_of_control_says_how_its_focus_looks() -> None:
    sheet = style_sheet(DARK)
    for kind in ("QToolButton", "QPushButton", "QLineEdit", "QPlainTextEdit", "QSpinBox", "QComboBox", "QCheckBox"):
        assert re.search(rf"{kind}:focus", sheet), kind
