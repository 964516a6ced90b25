"""Chips: one rounded button for each part of a search."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QColor,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QWidget

from photofinder.ui.pictures import rounded
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.theme import Theme

HEIGHT: Final = 30
_WIDEST = 240
_PICTURE = 24
_ICON = 16
_CROSS = 10

MUCH: Final = 2.0
NORMAL: Final = 1.0
LITTLE: Final = 0.5
LESS: Final = -1.0
"""Weights of a photo, from «mucho» to «nada de esto»."""
WEIGHTS: Final = (LESS, LITTLE, NORMAL, MUCH)


@dataclass(frozen=True, slots=True, eq=False)
class ChipContent:
    """What a chip shows.

    ``key`` says what it stands for and stays the same while that is in the search; ``spoken`` is its name for those
    who do not see the icon; ``weight`` is None for everything but photos.
    """

    key: str
    icon: str
    label: str
    spoken: str
    picture: QPixmap | None = None
    weight: float | None = None
    offered: bool = False


class Chip(QPushButton):
    """Icon or picture, words, and a cross; Delete removes, the menu key and + and - weigh a photo."""

    removed = Signal(str)
    weighed = Signal(str, float)
    taken = Signal(str)
    """An offer was accepted."""
    left = Signal(str, int)
    """The key and a ``Qt.Key``: an arrow or Esc takes the focus elsewhere."""
    entered = Signal(str)
    """The keyboard is here now."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._content = ChipContent("", "search", "", "")
        self._picture: QPixmap | None = None
        self._over_cross = False
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._open_menu)
        self.clicked.connect(self._clicked)
        theme.changed.connect(self.update)

    @property
    def content(self) -> ChipContent:
        """What is shown."""
        return self._content

    @property
    def words(self) -> str:
        """The words of the chip, with the weight of a photo."""
        weight = self._content.weight
        if weight is None or weight == NORMAL:
            return self._content.label
        return self.tr("{photo} · {weight}").format(photo=self._content.label, weight=self._weight_name(weight))

    @property
    def cross(self) -> QRect:
        """Where a click removes."""
        width = 0 if self._content.offered else 26
        return QRect(self.width() - width, 0, width, self.height())

    def show_content(self, content: ChipContent) -> None:
        """Show this; the chip takes the width that it needs."""
        self._content = content
        self._picture = None
        if content.picture is not None:
            self._picture = rounded(content.picture, _PICTURE, self.devicePixelRatioF())
        spoken = content.spoken
        if content.weight is not None and content.weight != NORMAL:
            spoken = self.tr("{photo} · {weight}").format(photo=spoken, weight=self._weight_name(content.weight))
        self.setAccessibleName(spoken)
        if content.offered:
            tip = self.tr("{part} Clic: sí").format(part=spoken)
        elif content.weight is None:
            tip = self.tr("{part}. Clic en la cruz o Supr: quitar").format(part=spoken)
        else:
            tip = self.tr("{part}. Clic: cuánto cuenta (+ y -). Supr: quitar").format(part=spoken)
        self.setToolTip(plain_tip(tip))
        self.setAccessibleDescription(tip)
        self.resize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        words = min(self.fontMetrics().horizontalAdvance(self.words) + 2, _WIDEST)
        return QSize(self._left() + words + (14 if self._content.offered else 28), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def menu_of_weights(self) -> QMenu:
        """The menu of a photo: how much it counts, and remove."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        if self._content.weight is not None:
            group = QActionGroup(menu)
            for weight in reversed(WEIGHTS):
                action = QAction(self._weight_name(weight), menu)
                action.setCheckable(True)
                action.setChecked(weight == self._content.weight)
                action.triggered.connect(partial(self._weigh, weight))
                group.addAction(action)
                menu.addAction(action)
            menu.addSeparator()
        remove = menu.addAction(self.tr("Quitar de la búsqueda"))
        remove.triggered.connect(self._remove)
        return menu

    def _weight_name(self, weight: float) -> str:
        if weight >= MUCH:
            return self.tr("mucho")
        if weight <= 0:
            return self.tr("nada de esto")
        return self.tr("poco") if weight < NORMAL else self.tr("normal")

    def _left(self) -> int:
        return 3 + _PICTURE + 7 if self._picture is not None else 10 + _ICON + 6

    # Painting -----------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        against = self._content.weight is not None and self._content.weight <= 0
        dashed = against or self._content.offered
        focused = self.hasFocus()
        shape = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(self._theme.colour(self._ground()))
        if focused:
            painter.setPen(QPen(self._theme.colour("accent"), 2))
        elif dashed:
            painter.setPen(QPen(self._theme.colour("muted"), 1, Qt.PenStyle.DashLine))
        else:
            painter.setPen(QPen(self._theme.colour("border"), 1))
        painter.drawRoundedRect(shape, shape.height() / 2, shape.height() / 2)
        if self._picture is not None:
            if against:
                painter.setOpacity(0.45)
            painter.drawPixmap(3, (self.height() - _PICTURE) // 2, self._picture)
            painter.setOpacity(1.0)
        else:
            place = QRect(10, (self.height() - _ICON) // 2, _ICON, _ICON)
            self._theme.icon(self._content.icon, "accent").paint(painter, place)
        painter.setPen(self._theme.colour("text"))
        room = QRect(self._left(), 0, self.width() - self._left() - max(self.cross.width(), 10), self.height())
        mode = Qt.TextElideMode.ElideRight if self._content.weight is None else Qt.TextElideMode.ElideMiddle
        shown = self.fontMetrics().elidedText(self.words, mode, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        if not self._content.offered:
            self._paint_cross(painter)

    def _ground(self) -> str:
        if self.underMouse() or self.isDown():
            return "hover"
        return "window" if self._content.offered else "chip"

    def _paint_cross(self, painter: QPainter) -> None:
        middle = self.cross.center() - QPoint(1, 0)
        if self._over_cross:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.colour("border")))
            painter.drawEllipse(QPoint(middle.x() + 1, middle.y() + 1), 9, 9)
        half = _CROSS // 2
        place = QRect(middle.x() - half + 1, middle.y() - half + 1, _CROSS, _CROSS)
        self._theme.icon("close", "text").paint(painter, place)

    # Events -------------------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._look_at(event.position().toPoint())
        super().mouseMoveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._look_at(event.position().toPoint())
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._over_cross = False
        super().leaveEvent(event)

    def _look_at(self, place: QPoint) -> None:
        over = self.cross.contains(place)
        if over != self._over_cross:
            self._over_cross = over
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_cross = event.button() == Qt.MouseButton.LeftButton and self.cross.contains(event.position().toPoint())
        if on_cross and self.isDown():
            self.setDown(False)
            self._remove()
            return
        super().mouseReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.entered.emit(self._content.key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, weight = event.key(), self._content.weight
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._remove()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left.emit(self._content.key, int(key))
        elif weight is not None and key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
            near = min(range(len(WEIGHTS)), key=lambda place: abs(WEIGHTS[place] - weight))
            wanted = near + (1 if key == Qt.Key.Key_Plus else -1)
            if 0 <= wanted < len(WEIGHTS):
                self._weigh(WEIGHTS[wanted])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Menu):
            self._clicked()
        else:
            super().keyPressEvent(event)
            return
        event.accept()

    @Slot()
    def _clicked(self) -> None:
        if self._content.offered:
            self.taken.emit(self._content.key)
        else:
            self._open_menu(QPoint(8, self.height()))

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        if not self._content.offered:
            self.menu_of_weights().popup(self.mapToGlobal(place))

    @Slot()
    def _remove(self) -> None:
        if not self._content.offered:
            self.removed.emit(self._content.key)

    def _weigh(self, weight: float) -> None:
        self.weighed.emit(self._content.key, weight)
