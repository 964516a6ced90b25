"""Tab for what covers the window: it must not lead to controls behind, which cannot be seen."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def tab_in_order(widgets: Iterable[QWidget]) -> None:
    """Tab goes through these and what is in each of them, as they are listed: else it goes as they were made."""
    stops = [
        child
        for widget in widgets
        for child in (widget, *widget.findChildren(QWidget))
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus and child.window() is widget.window()
    ]
    for one, other in pairwise(stops):
        QWidget.setTabOrder(one, other)


def tab_inside(widget: QWidget, *, forward: bool) -> None:
    """Move the keyboard to the next (or previous) control of ``widget``, round and round."""
    stops: list[QWidget] = [widget]
    stops += [
        child
        for child in widget.findChildren(QWidget)
        if child.isVisible() and child.isEnabled() and child.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    here = widget.focusWidget()
    at = stops.index(here) if here in stops else 0
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    stops[(at + (1 if forward else -1)) % len(stops)].setFocus(reason)
