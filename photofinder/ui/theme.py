"""Colours, the style sheet and the icons: dark or light, as the system is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from photofinder.paths import resource

DARK: Final = "dark"
LIGHT: Final = "light"

_COLOUR = re.compile(r"^@(\w+):\s*([^;]+);", re.MULTILINE)
_NAME = re.compile(r"@(\w+)")


@lru_cache(maxsize=2)
def colours(theme: str) -> Mapping[str, str]:
    """The colours of ``"dark"`` or ``"light"`` by name, as written in its file."""
    return dict(_COLOUR.findall(resource("style", f"{theme}.qss").read_text(encoding="utf-8")))


def style_sheet(theme: str) -> str:
    """The window's sheet with every ``@name`` replaced. Raises KeyError for a colour that the theme lacks."""
    named = colours(theme)
    rules = resource("style", "window.qss").read_text(encoding="utf-8")
    rules = re.sub(r"/\*.*?\*/", "", rules, flags=re.DOTALL)
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
        self._icons: dict[tuple[str, str], QIcon] = {}
        app.setStyle("Fusion")
        self.name = fixed or _theme_for(QGuiApplication.styleHints().colorScheme())
        self._apply()
        if fixed is None:
            QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def colour(self, name: str) -> QColor:
        """One colour of the theme in use."""
        return QColor(colours(self.name)[name])

    def icon(self, name: str, colour: str = "text") -> QIcon:
        """``resources/icons/<name>.svg`` drawn in a colour of the theme (or a literal ``#rrggbb``)."""
        drawn = colour if colour.startswith("#") else colours(self.name)[colour]
        faint = colours(self.name)["faint"]
        if (name, drawn + faint) not in self._icons:
            icon = QIcon()
            for side in (16, 20, 24, 32, 48, 96):
                icon.addPixmap(_draw(name, drawn, side))
                icon.addPixmap(_draw(name, faint, side), QIcon.Mode.Disabled)
            self._icons[name, drawn + faint] = icon
        return self._icons[name, drawn + faint]

    @Slot(Qt.ColorScheme)
    def _system_changed(self, scheme: Qt.ColorScheme) -> None:
        name = _theme_for(scheme)
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
        self._app.setStyleSheet(style_sheet(self.name))


def _theme_for(scheme: Qt.ColorScheme) -> str:
    """Light also where the system does not say."""
    return DARK if scheme == Qt.ColorScheme.Dark else LIGHT


def _draw(name: str, colour: str, side: int) -> QPixmap:
    source = resource("icons", f"{name}.svg").read_text(encoding="utf-8").replace("currentColor", colour)
    renderer = QSvgRenderer(QByteArray(source.encode()))
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    return pixmap
