"""Drawing a rectangle on a photo: «buscar esto». An overlay that any widget showing a photo can have."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

_LEAST = 16.0
"""Logical pixels; a smaller rectangle is a slip of the hand."""
_BETWEEN = 8
_START = 0.5
_STEP = 0.04
"""Of the photo's sides: how far an arrow key moves or (with Shift) resizes the rectangle."""


class RegionSelect(QWidget):
    """Covers a widget on which a photo is drawn, darkens all but the rectangle, and says which part it is.

    With the keyboard: arrows move the rectangle, Shift and arrows resize it, Enter searches for what is like it,
    Ctrl+Enter for the very same object, Esc leaves.
    """

    chosen = Signal(object)
    """Left, top, right, bottom of the part as fractions of the photo."""
    same_chosen = Signal(object)
    """The same, when the very object is wanted that the part shows."""
    left = Signal()

    def __init__(self, over: QWidget, place: Callable[[], QRectF]) -> None:
        """``place``: where the photo is drawn on ``over``, in its logical pixels."""
        super().__init__(over)
        self._over = over
        self._place = place
        self._rect = QRectF()
        self._grip: QPointF | None = None
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Elegir una parte de la foto"))
        self.setAccessibleDescription(
            self.tr(
                "Flechas: mover; Mayús y flechas: cambiar el tamaño; Intro: buscar parecidas; Ctrl+Intro: buscar el"
                " mismo objeto; Esc: salir"
            )
        )
        self._hint = QLabel(self.tr("Arrastra un rectángulo sobre lo que buscas"), self)
        self._hint.setObjectName("regionHint")
        self.search = QPushButton(self.tr("Buscar esto"), self)
        self.search.setProperty("primary", True)
        self.search.setToolTip(self.tr("Buscar fotos que se parezcan a esta parte (Intro)"))
        self.search.setCursor(Qt.CursorShape.PointingHandCursor)
        self.search.clicked.connect(self.accept)
        self.same = QPushButton(self.tr("Buscar este mismo objeto"), self)
        self.same.setProperty("primary", True)
        self.same.setToolTip(self.tr("Fotos en que sale este mismo logotipo, etiqueta, cuadro o edificio (Ctrl+Intro)"))
        self.same.setCursor(Qt.CursorShape.PointingHandCursor)
        self.same.clicked.connect(self.accept_same)
        over.installEventFilter(self)
        self.hide()

    @property
    def box(self) -> tuple[float, float, float, float] | None:
        """The part as fractions of the photo; None while there is none."""
        place = self._place()
        inside = self._rect.intersected(place)
        if min(inside.width(), inside.height()) < _LEAST or place.isEmpty():
            return None
        return (
            (inside.left() - place.left()) / place.width(),
            (inside.top() - place.top()) / place.height(),
            (inside.right() - place.left()) / place.width(),
            (inside.bottom() - place.top()) / place.height(),
        )

    @Slot()
    def start(self) -> None:
        """Wait for a rectangle."""
        self._rect = QRectF()
        self._grip = None
        self.setGeometry(self._over.rect())
        self._hint.adjustSize()
        self._hint.move((self.width() - self._hint.width()) // 2, 18)
        self._show_button()
        self.show()
        self.raise_()
        self.setFocus()

    def mark(self, rect: QRectF) -> None:
        """Choose this part, in logical pixels of the photo's place."""
        self._rect = rect
        self._show_button()
        self.update()

    @Slot()
    def accept(self) -> None:
        """Search for what is like that which the rectangle holds."""
        box = self.box
        if box is not None:
            self.hide()
            self.chosen.emit(box)

    @Slot()
    def accept_same(self) -> None:
        """Search for the very thing that the rectangle holds."""
        box = self.box
        if box is not None:
            self.hide()
            self.same_chosen.emit(box)

    @Slot()
    def leave(self) -> None:
        """No search."""
        if not self.isHidden():
            self.hide()
            self.left.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grip = self._inside(event.position())
            self._rect = QRectF()
            self._show_button()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None:
            self._rect = QRectF(self._grip, self._inside(event.position())).normalized()
            self.update()
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._show_button()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            (self.accept_same if event.modifiers() & Qt.KeyboardModifier.ControlModifier else self.accept)()
        elif event.key() in ways:
            across, down = ways[Qt.Key(event.key())]
            self._push(across, down, resize=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        event.accept()  # nothing behind may react

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() in (QEvent.Type.Resize, QEvent.Type.Hide) and not self.isHidden():
            self.leave()
        return super().eventFilter(watched, event)

    def _push(self, across: int, down: int, *, resize: bool) -> None:
        place = self._place()
        if self._rect.isEmpty():
            self._rect = QRectF(0, 0, place.width() * _START, place.height() * _START)
            self._rect.moveCenter(place.center())
        else:
            x, y = across * place.width() * _STEP, down * place.height() * _STEP
            self._rect.adjust(0 if resize else x, 0 if resize else y, x, y)
            self._rect = self._rect.normalized().intersected(place)
        self._show_button()

    def _inside(self, point: QPointF) -> QPointF:
        place = self._place()
        return QPointF(
            min(max(point.x(), place.left()), place.right()), min(max(point.y(), place.top()), place.bottom())
        )

    def _show_button(self) -> None:
        has_box = self.box is not None and self._grip is None
        self._hint.setVisible(not has_box)
        self.search.setVisible(has_box)
        self.same.setVisible(has_box)
        if has_box:
            self._place_buttons()
        self.update()

    def _place_buttons(self) -> None:
        """Below the rectangle, or inside it where there is no room; side by side unless the photo is narrow."""
        for button in (self.search, self.same):
            button.adjustSize()
        width = self.search.width() + _BETWEEN + self.same.width()
        is_narrow = width + 8 > self.width()
        height = self.same.height() * 2 + _BETWEEN if is_narrow else self.search.height()
        below = self._rect.bottom() + 10
        y = below if below + height < self.height() else max(4.0, self._rect.bottom() - height - 10)
        x = self._rect.center().x() - (max(self.search.width(), self.same.width()) if is_narrow else width) / 2
        x = min(max(x, 4), self.width() - (self.same.width() if is_narrow else width) - 4)
        self.search.move(round(x), round(y))
        if is_narrow:
            self.same.move(round(x), round(y) + self.search.height() + _BETWEEN)
        else:
            self.same.move(round(x) + self.search.width() + _BETWEEN, round(y))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shade = QPainterPath()
        shade.addRect(self._place())
        if not self._rect.isEmpty():
            hole = QPainterPath()
            hole.addRect(self._rect)
            shade = shade.subtracted(hole)
        painter.fillPath(shade, QColor(8, 8, 12, 150))
        if not self._rect.isEmpty():
            painter.setPen(QPen(QColor(255, 255, 255, 235), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._rect)
        painter.end()
