"""Keys of the window that belong to no button or menu: the page of keys (F1) lists them by what is said of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def listed_key(
    owner: QWidget, keys: str | QKeySequence.StandardKey, slot: Callable[[], object], meaning: str
) -> QShortcut:
    """A key that does ``slot`` wherever the focus is in the window of ``owner``."""
    shortcut = QShortcut(QKeySequence(keys), owner)
    shortcut.setWhatsThis(meaning)
    shortcut.activated.connect(slot)
    return shortcut
