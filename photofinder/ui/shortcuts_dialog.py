"""All keys on one page, read from the actions and shortcuts that the window really has."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.settings_pages import SettingsPage


class ShortcutsDialog(FittingDialog):
    """Made anew each time it is opened: keys may come and go with the actions."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Teclas"))
        self.keys = list(self._keys(window))
        page = SettingsPage(self.tr("Teclas"))
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        page.setAccessibleName(self.tr("Lista de teclas"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(28)
        grid.setVerticalSpacing(9)
        grid.setColumnStretch(1, 1)
        for row, (keys, text) in enumerate(self.keys):
            key = QLabel(keys)
            key.setObjectName("key")
            key.setTextFormat(Qt.TextFormat.PlainText)
            words = QLabel(text)
            words.setTextFormat(Qt.TextFormat.PlainText)
            words.setWordWrap(True)
            grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(words, row, 1)
        page.column.addLayout(grid)
        page.finish()
        close = QPushButton(self.tr("&Cerrar"))
        close.clicked.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(20, 0, 20, 18)
        foot.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        layout.addLayout(foot)
        self.resize(560, 620)

    def _keys(self, window: QWidget) -> Iterator[tuple[str, str]]:
        """Key and meaning, each pair once."""
        seen = set()
        fixed = (
            ("←  ↑  ↓  →", self.tr("Ir de una foto a otra")),
            (self.tr("Intro"), self.tr("Ver la foto en grande")),
            (self.tr("Esc"), self.tr("Dejar lo que hay abierto; borrar la búsqueda")),
            (self.tr("Tabulador"), self.tr("Ir de un control a otro")),
        )
        preview = (
            (self.tr("Espacio"), self.tr("Dejar la foto grande")),
            ("+   −   0   1", self.tr("En la foto grande: acercar, alejar, entera, tamaño real")),
            ("I", self.tr("En la foto grande: información")),
            ("F", self.tr("En la foto grande: favorita")),
        )
        for pair in (*_of_shortcuts(window), *_of_actions(window), *fixed, *preview):
            if pair not in seen:
                seen.add(pair)
                yield pair


def _of_shortcuts(window: QWidget) -> Iterator[tuple[str, str]]:
    for shortcut in window.findChildren(QShortcut):
        if shortcut.whatsThis():
            yield _shown(shortcut.keys()), shortcut.whatsThis()


def _of_actions(window: QWidget) -> Iterator[tuple[str, str]]:
    for action in window.findChildren(QAction):
        if action.shortcuts() and action.text():
            text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
            yield _shown(action.shortcuts()), text.rstrip("…")


def _shown(keys: list[QKeySequence]) -> str:
    """At most two ways to type the same."""
    texts = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in keys]
    return "  ·  ".join(list(dict.fromkeys(texts))[:2])
