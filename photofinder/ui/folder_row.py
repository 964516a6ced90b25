"""One line of the folders panel: name, state, and a thin bar while the folder is analysed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from photofinder.library.catalog import Folder
from photofinder.ui.theme import Theme

ROW_ROLE = Qt.ItemDataRole.UserRole
_ICON = 20
_EDGE = 8


@dataclass(frozen=True, slots=True)
class FolderRow:
    """``state`` in words; ``share`` of the analysis that is done, or None when none runs; ``warns`` of failures.

    ``away``: its drive is not connected, or does not answer.
    """

    folder: Folder
    name: str
    state: str
    share: float | None = None
    warns: bool = False
    away: bool = False


class FolderRowDelegate(QStyledItemDelegate):
    """Paints ``FolderRow``."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        height = QFontMetrics(option.font).height() + QFontMetrics(_small(option.font)).height()
        return QSize(0, height + 22)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = index.data(ROW_ROLE)
        if not isinstance(row, FolderRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state: QStyle.StateFlag = option.state
        font: QFont = option.font
        card = QRectF(option.rect).adjusted(_EDGE, 1, -_EDGE, -1)
        self._paint_card(painter, card, state)
        offline = row.away
        icon = self._theme.icon("offline" if offline else "folder", "muted" if offline else "accent")
        left = int(card.left()) + 9
        icon.paint(painter, QRect(left, int(card.center().y()) - _ICON // 2, _ICON, _ICON))
        lines = card.toRect().adjusted(_ICON + 20, 7, -8, -8)
        name, small = QFontMetrics(font), QFontMetrics(_small(font))
        painter.setPen(self._theme.colour("muted" if offline else "text"))
        painter.setFont(font)
        text = name.elidedText(row.name, Qt.TextElideMode.ElideMiddle, lines.width())
        painter.drawText(lines, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, text)
        painter.setFont(_small(font))
        painter.setPen(self._theme.colour("warning" if row.warns else "muted"))
        text = small.elidedText(row.state, Qt.TextElideMode.ElideRight, lines.width())
        painter.drawText(lines, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom, text)
        if row.share is not None:
            self._paint_bar(painter, QRectF(lines.left(), card.bottom() - 5, lines.width(), 2.5), row.share)
        painter.restore()

    def _paint_card(self, painter: QPainter, card: QRectF, state: QStyle.StateFlag) -> None:
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("chip" if selected else "hover"))
            painter.drawRoundedRect(card, 8, 8)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.colour("accent"))
            painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)

    def _paint_bar(self, painter: QPainter, bar: QRectF, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colour("scroll")))
        painter.drawRoundedRect(bar, 1.2, 1.2)
        painter.setBrush(self._theme.colour("accent"))
        bar.setWidth(bar.width() * min(1.0, max(0.0, share)))
        painter.drawRoundedRect(bar, 1.2, 1.2)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    if font.pointSizeF() > 0:
        small.setPointSizeF(font.pointSizeF() * 0.88)
    return small
