"""Colours, the style sheet and the icons: dark or light, as the system is."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from photofinder.paths import resource

DARK: Final = "dark"
LIGHT: Final = "light"
SYSTEM: Final = "system"

_COLOUR = re.compile(r"^@(\w+):\s*([^;]+);", re.MULTILINE)
_NAME = re.compile(r"@(\w+)")
_POINTS = re.compile(r"\b(\d+(?:\.\d+)?)pt\b")
_POINT = 96 / 72 if sys.platform == "darwin" else 1.0
"""macOS counts 72 points to the inch of 72 pixels; what reads as 10 points elsewhere is 13 there."""


@lru_cache(maxsize=2)
def colours(theme: str) -> Mapping[str, str]:
    """The colours of ``"dark"`` or ``"light"`` by name, as written in its file."""
    return dict(_COLOUR.findall(resource("style", f"{theme}.qss").read_text(encoding="utf-8")))


def style_sheet(theme: str, text_scale: int = 100) -> str:
    """The window's sheet with every ``@name`` replaced, and sizes of text times ``text_scale`` percent.

    Raises KeyError for a colour that the theme lacks.
    """
    named = dict(colours(theme))
    for way in ("up", "down"):
        named[f"chevron_{way}"] = f'url("{resource("icons", f"chevron-{way}-{theme}.svg").as_posix()}")'
    named["check"] = f'url("{resource("icons", "check.svg").as_posix()}")'
    rules = resource("style", "window.qss").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
    factor = text_scale / 100 * _POINT
    rules = _POINTS.sub(lambda match: f"{float(match[1]) * factor:.4g}pt", rules)
    return _NAME.sub(lambda match: named[match[1]], rules)


def app_icon() -> QIcon:
    """The program's icon."""
    return QIcon(str(resource("icons", "photofinder.svg")))


class Theme(QObject):
    """The theme in use; follows the system unless it is told to stay.

    One object for the whole program, made after QApplication and kept by the session.
    """

    changed = Signal()

    def __init__(self, app: QApplication, fixed: str | None = None) -> None:
        """``fixed``: ``"dark"`` or ``"light"`` whatever the system says (documentation, tests)."""
        super().__init__()
        self._app = app
        if not app.styleSheet():  # the window before this one chose it
            app.setStyle("Fusion")
        self._is_fixed = fixed is not None
        self._choice = fixed or SYSTEM
        self._text_scale = 100
        self.name = fixed or _theme_for(QGuiApplication.styleHints().colorScheme())
        self._apply()
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def choose(self, choice: str) -> None:
        """``"dark"``, ``"light"``, or whatever the system is (anything else); nothing happens when it is fixed."""
        if not self._is_fixed:
            self._choice = choice
            self._turn(choice if choice in (DARK, LIGHT) else _theme_for(QGuiApplication.styleHints().colorScheme()))

    def set_text_scale(self, percent: int) -> None:
        """How large all text is, 100 to 200."""
        percent = min(200, max(100, percent))
        if percent != self._text_scale:
            self._text_scale = percent
            self._apply()
            self.changed.emit()

    def colour(self, name: str) -> QColor:
        """One colour of the theme in use."""
        return QColor(colours(self.name)[name])

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """``resources/icons/<name>.svg`` drawn in a colour of the theme (or a literal ``#rrggbb``)."""
        named = colours(self.name)
        return _icon(name, colour if colour.startswith("#") else named[colour], named["faint"])

    @Slot(Qt.ColorScheme)
    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        if self._choice not in (DARK, LIGHT):
            self._turn(_theme_for(scheme))

    def _turn(self, name: str) -> None:
        if name != self.name:
            self.name = name
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        named = colours(self.name)
        palette = QPalette()
        for role, colour in (
            (QPalette.ColorRole.Window, "window"),
            (QPalette.ColorRole.WindowText, "text"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.AlternateBase, "window"),
            (QPalette.ColorRole.Text, "text"),
            (QPalette.ColorRole.Button, "raised"),
            (QPalette.ColorRole.ButtonText, "text"),
            (QPalette.ColorRole.ToolTipBase, "raised"),
            (QPalette.ColorRole.ToolTipText, "text"),
            (QPalette.ColorRole.PlaceholderText, "muted"),
            (QPalette.ColorRole.Highlight, "accent_fill"),
            (QPalette.ColorRole.HighlightedText, "on_accent"),
            (QPalette.ColorRole.Link, "accent"),
        ):
            palette.setColor(role, QColor(named[colour]))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text, QColor(named["faint"]))
        palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText, QColor(named["faint"]))
        self._app.setPalette(palette)
        rules = style_sheet(self.name, self._text_scale)
        if rules != self._app.styleSheet():  # 0.1 s for the widgets of a window
            self._app.setStyleSheet(rules)


def _theme_for(scheme: Qt.ColorScheme) -> str:
    """Light also where the system does not say."""
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


@cache
def _icon(name: str, colour: str, faint: str) -> QIcon:
    """Drawn once for all windows of the process, one after another; ``faint``: its colour where it is disabled."""
    icon = QIcon()
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8")
    for colour_of_mode, mode in ((colour, QIcon.Mode.Normal), (faint, QIcon.Mode.Disabled)):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", colour_of_mode).encode()))
        for side in (16, 20, 24, 32, 48, 96):
            icon.addPixmap(_draw(renderer, side), mode)
    return icon


def _draw(renderer: QSvgRenderer, side: int) -> QPixmap:
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap
