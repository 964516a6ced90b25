"""Draws one photo: fitted, or enlarged about a point and moved by hand. It knows nothing of the catalogue.

The scale is that of the whole photo: 1.0 puts one pixel of the photo on one pixel of the screen, whether all of its
pixels are here yet or not.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtGui import (
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QSizePolicy, QWidget

LARGEST_SCALE = 8.0
_FIT_AT_MOST = 2.0  # a small photo fills no screen: beyond twice its size only blur is seen
_STEP = 1.25
_FADE_MS = 450


class PreviewCanvas(QWidget):
    """A photo as large as it fits, until somebody zooms."""

    scaled = Signal()
    """The scale is another one now."""
    detail_wanted = Signal()
    """More pixels than are here would be seen."""
    beside_clicked = Signal()
    """A click on the dark beside the photo."""

    def __init__(self) -> None:
        super().__init__()
        self._screen = QPixmap()
        self._full = QPixmap()
        self._whole = QSize()
        self._scale = 1.0
        self._fitted = True
        self._centre = QPointF(0.5, 0.5)
        self._grip: QPointF | None = None
        self._old: tuple[QRectF, QPixmap] | None = None
        self._fade = QVariantAnimation(self, duration=_FADE_MS, startValue=0.0, endValue=1.0)
        self._fade.valueChanged.connect(self._fade_on)
        self._fade.finished.connect(self._end_fade)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)

    # What is shown ------------------------------------------------------------------------------------------------

    @property
    def pixmap(self) -> QPixmap:
        """The best picture that is here."""
        return self._screen if self._full.isNull() else self._full

    @property
    def scale(self) -> float:
        """Screen pixels for each pixel of the photo."""
        return self._scale

    @property
    def is_fitted(self) -> bool:
        """Whether the whole photo is in sight, following the window."""
        return self._fitted

    @property
    def can_pan(self) -> bool:
        """Whether a part of the photo is out of sight."""
        shown = self._shown_size()
        return shown.width() > self.width() + 0.5 or shown.height() > self.height() + 0.5

    @property
    def place(self) -> QRectF:
        """Where the photo is drawn, in logical pixels; may reach beyond the widget."""
        size = self._shown_size()
        middle = QPointF(self.width() / 2, self.height() / 2)
        corner = middle - QPointF(self._centre.x() * size.width(), self._centre.y() * size.height())
        return QRectF(corner, size)

    def clear(self) -> None:
        """Show nothing."""
        self._end_fade()
        self._fade.stop()
        self._screen = self._full = QPixmap()
        self._whole = QSize()
        self.update()

    def show_picture(self, pixmap: QPixmap, whole: QSize, *, fade: bool = False) -> None:
        """Another photo, fitted; ``whole``: the size of the photo itself. ``fade`` from the one before."""
        if fade and not self.pixmap.isNull():
            self._old = (self.place, self.pixmap)
            self._fade.start()
        self._screen, self._full, self._whole = pixmap, QPixmap(), whole
        self.fit()

    def improve(self, pixmap: QPixmap, whole: QSize, *, full: bool = False) -> None:
        """A better picture of the photo that is shown (``full``: with all its pixels); zoom and place stay."""
        if self._screen.isNull():
            self.show_picture(pixmap, whole)
            return
        if not self._fitted:  # should the photo have another size than was thought, what is seen stays as large
            self._scale *= self._whole.width() / max(1, whole.width())
        self._whole = whole
        if full:
            self._full = pixmap
        else:
            self._screen = pixmap
        self._settle()

    # Zoom ---------------------------------------------------------------------------------------------------------

    @Slot()
    def fit(self) -> None:
        """The whole photo in sight."""
        self._fitted = True
        self._centre = QPointF(0.5, 0.5)
        self._settle()

    @Slot()
    def zoom_to_pixels(self) -> None:
        """100 %, about the middle."""
        self.zoom_to(1.0)

    @Slot()
    def zoom_in(self) -> None:
        """One step nearer, about the middle."""
        self.zoom_to(self._scale * _STEP)

    @Slot()
    def zoom_out(self) -> None:
        """One step away, about the middle."""
        self.zoom_to(self._scale / _STEP)

    def zoom_to(self, scale: float, about: QPointF | None = None) -> None:
        """Another scale; the point of the photo under ``about`` (the middle unless given) stays under it."""
        if self._whole.isEmpty():
            return
        fit = self._fit_scale()
        scale = min(max(scale, min(fit, 1.0)), max(LARGEST_SCALE, fit))
        if abs(scale / fit - 1.0) < 0.001:
            self.fit()
            return
        about = about if about is not None else QPointF(self.width() / 2, self.height() / 2)
        place = self.place
        inside = QPointF(
            min(max((about.x() - place.left()) / max(1.0, place.width()), 0.0), 1.0),
            min(max((about.y() - place.top()) / max(1.0, place.height()), 0.0), 1.0),
        )
        self._fitted = False
        self._scale = scale
        size = self._shown_size()
        self._centre = QPointF(
            inside.x() + (self.width() / 2 - about.x()) / size.width(),
            inside.y() + (self.height() / 2 - about.y()) / size.height(),
        )
        self._settle()

    def toggle(self, about: QPointF) -> None:
        """Between the whole photo and 100 % (200 % when that is what fits already)."""
        if self._fitted:
            self.zoom_to(1.0 if self._fit_scale() < 0.99 else 2.0 * self._fit_scale(), about)
        else:
            self.fit()

    @Slot()
    def toggle_middle(self) -> None:
        """``toggle`` about the middle."""
        self.toggle(QPointF(self.width() / 2, self.height() / 2))

    def pan(self, by: QPointF) -> None:
        """Move what is seen, in logical pixels."""
        size = self._shown_size()
        self._centre -= QPointF(by.x() / max(1.0, size.width()), by.y() / max(1.0, size.height()))
        self._settle()

    def _fit_scale(self) -> float:
        if self._whole.isEmpty():
            return 1.0
        ratio = self.devicePixelRatioF()
        across = self.width() * ratio / self._whole.width()
        return min(across, self.height() * ratio / self._whole.height(), _FIT_AT_MOST)

    def _shown_size(self) -> QSizeF:
        return QSizeF(self._whole) * (self._scale / self.devicePixelRatioF())

    def _settle(self) -> None:
        """Scale and place within their limits; then say and draw them."""
        if self._fitted:
            self._scale = self._fit_scale()
        size = self._shown_size()
        spare_x = max(0.0, (1.0 - self.width() / max(1.0, size.width())) / 2)
        spare_y = max(0.0, (1.0 - self.height() / max(1.0, size.height())) / 2)
        self._centre = QPointF(
            min(max(self._centre.x(), 0.5 - spare_x), 0.5 + spare_x),
            min(max(self._centre.y(), 0.5 - spare_y), 0.5 + spare_y),
        )
        self._show_hand()
        self.scaled.emit()
        self.update()
        missing = self._full.isNull() and self._screen.width() < self._whole.width()
        if not self._fitted and missing and self._scale * self._whole.width() > 1.05 * self._screen.width():
            self.detail_wanted.emit()

    # Events -------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_to(self._scale * (1.0 + event.value()), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint()))
                self.zoom_to(self._scale * pinch.scaleFactor(), at)
                event.accept(pinch)
                return True
        return super().event(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y()
        if turned:
            self.zoom_to(self._scale * 2.0 ** (turned / 480.0), event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        if not self.place.contains(event.position()):
            self.beside_clicked.emit()
        elif self.can_pan:
            self._grip = event.position()
            self._show_hand()
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None:
            event.ignore()  # the preview shows its buttons when the pointer moves
            return
        self.pan(event.position() - self._grip)
        self._grip = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip = None
        self._show_hand()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.place.contains(event.position()):
            self._grip = None
            self.toggle(event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._settle()

    def _show_hand(self) -> None:
        if not self.can_pan:
            self.unsetCursor()
        else:
            closed = self._grip is not None
            self.setCursor(Qt.CursorShape.ClosedHandCursor if closed else Qt.CursorShape.OpenHandCursor)

    # Painting -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def _fade_on(self, _: object) -> None:
        self.update()

    @Slot()
    def _end_fade(self) -> None:
        self._old = None
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._old is not None:
            old_place, old = self._old
            share = float(self._fade.currentValue())
            painter.setOpacity(1.0 - share)
            self._draw(painter, old_place, old)
            painter.setOpacity(share)
        self._draw(painter, self.place, self._best())
        painter.end()

    def _best(self) -> QPixmap:
        """The smallest picture that has all the pixels that are seen: reducing a large one a lot looks rough."""
        enough = self._scale * self._whole.width() <= 1.05 * self._screen.width()
        return self._screen if self._full.isNull() or enough else self._full

    def _draw(self, painter: QPainter, place: QRectF, pixmap: QPixmap) -> None:
        if pixmap.isNull() or place.isEmpty():
            return
        seen = place.intersected(QRectF(self.rect()))
        across, down = pixmap.width() / place.width(), pixmap.height() / place.height()
        source = QRectF(
            (seen.left() - place.left()) * across, (seen.top() - place.top()) * down, seen.width() * across,
            seen.height() * down,
        )  # fmt: skip
        # single pixels as squares once they are large enough to be looked at one by one
        smooth = self._scale < 4.0 or pixmap.width() < self._whole.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawPixmap(seen, pixmap, source)
