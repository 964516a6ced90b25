"""A proposal in the grid of an album has a tick and a cross to answer by."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QPainter

from photofinder.ui.theme import Theme

_DISC, _GAP, _UP = 30, 8, 10


class AnswerPainter:
    """Paints the two answers over the cells of proposals."""

    def __init__(self, theme: Theme, is_proposal: Callable[[int], bool]) -> None:
        self._theme = theme
        self._is_proposal = is_proposal

    def __call__(self, painter: QPainter, cell: QRect, photo_id: int, near: bool) -> None:
        """``near``: the mouse or the keyboard is on the cell, and the answers show their colours."""
        if not self._is_proposal(photo_id):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, icon, colour in zip(answers(cell), ("yes", "close"), ("#1f8a4c", "#b3362f"), strict=True):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour) if near else QColor(15, 15, 18, 190))
            painter.drawEllipse(place)
            self._theme.icon(icon, "#ffffff").paint(painter, place.adjusted(7, 7, -7, -7))


def answers(cell: QRect) -> tuple[QRect, QRect]:
    """Where yes and no lie in a cell."""
    top = cell.bottom() - _UP - _DISC
    left = cell.center().x() - _DISC - _GAP // 2
    return QRect(left, top, _DISC, _DISC), QRect(left + _DISC + _GAP, top, _DISC, _DISC)


def answer_at(cell: QRect, point: QPoint) -> bool | None:
    """The answer below a point: yes, no, or None for neither."""
    yes, no = answers(cell)
    return True if yes.contains(point) else False if no.contains(point) else None
