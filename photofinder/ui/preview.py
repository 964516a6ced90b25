"""The large preview over the window: arrows to move, Esc to leave."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofinder.messages import sentence, shown_path
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.picture_lane import Picture, PictureLane
from photofinder.ui.theme import Theme


class Preview(QFrame):
    """Covers its parent. Shows the thumbnail at once and the large picture when it comes."""

    moved = Signal(object)
    """Id of the photo that is shown now."""
    similar_wanted = Signal(object)
    left = Signal()

    def __init__(self, model: PhotoModel, pictures: PictureLane, theme: Theme, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Vista previa"))
        self._model = model
        self._pictures = pictures
        self._language = language
        self._serial = 0
        self._photo_id: int | None = None
        self._canvas = _Canvas()
        self._name = QLabel()
        self._detail = QLabel()
        self._detail.setObjectName("previewDetail")
        for label in (self._name, self._detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._previous = self._button(theme, "left", self.tr("Foto anterior"))
        self._previous.clicked.connect(self._go_back)
        self._next = self._button(theme, "right", self.tr("Foto siguiente"))
        self._next.clicked.connect(self._go_on)
        self._similar = self._button(theme, "similar", self.tr("Buscar más como esta"))
        self._similar.clicked.connect(self._similar_clicked)
        self._close = self._button(theme, "close", self.tr("Cerrar la vista previa (Esc)"))
        self._close.clicked.connect(self.leave)
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    @property
    def photo_id(self) -> int | None:
        """The photo that is shown; None when closed."""
        return None if self.isHidden() else self._photo_id

    @property
    def message(self) -> str:
        """Name and details under the picture."""
        return f"{self._name.text()}\n{self._detail.text()}"

    @property
    def is_loaded(self) -> bool:
        """Whether the large picture is drawn."""
        return not self._canvas.provisional and not self._canvas.pixmap.isNull()

    @property
    def picture_size(self) -> QSize:
        """Pixels of what is drawn now."""
        return self._canvas.pixmap.size()

    def open(self, photo_id: int) -> None:
        """Show a photo of the model."""
        self.setGeometry(self._parent.rect())
        self._show(photo_id)
        self.show()
        self.raise_()
        self.setFocus()

    @Slot()
    def leave(self) -> None:
        """Close."""
        if not self.isHidden():
            self._serial += 1
            self._canvas.show_pixmap(QPixmap())
            self.hide()
            self.left.emit()

    def step(self, rows: int) -> None:
        """Go to another photo of the model; nothing happens at its ends."""
        row = None if self._photo_id is None else self._model.row_of(self._photo_id)
        if row is not None and 0 <= row + rows < len(self._model.photo_ids):
            self._show(self._model.photo_ids[row + rows])

    @Slot(object)
    def take_picture(self, picture: Picture) -> None:
        """An answer of the lane; late ones are dropped."""
        if picture.to_copy or picture.serial != self._serial or self.isHidden():
            return
        if picture.image is not None:
            self._canvas.show_pixmap(QPixmap.fromImage(picture.image))
        if picture.photo is not None:
            self._name.setText(shown_path(picture.photo.path.name))
            self._detail.setText(self._model.facts(picture.photo.id))
        if picture.error is not None:
            self._detail.setText(sentence(picture.error, self._language))
        elif picture.photo is None:
            self._detail.setText(self.tr("Esta foto ya no está en el catálogo"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.leave()
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.step(1)
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.step(-1)
            case Qt.Key.Key_Home if self._model.photo_ids:
                self._show(self._model.photo_ids[0])
            case Qt.Key.Key_End if self._model.photo_ids:
                self._show(self._model.photo_ids[-1])
            case _:
                pass  # nothing behind the preview may react
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.leave()
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._parent.rect())
        return super().eventFilter(watched, event)

    def _show(self, photo_id: int) -> None:
        self._photo_id = photo_id
        self._serial += 1
        ids, row = self._model.photo_ids, self._model.row_of(photo_id)
        ahead = () if row is None else tuple(ids[near] for near in (row + 1, row - 1) if 0 <= near < len(ids))
        path = self._model.path_of(photo_id)
        self._name.setText("" if path is None else shown_path(path.name))
        self._detail.setText(self._model.facts(photo_id))
        self._canvas.show_pixmap(self._model.thumbnail_of(photo_id) or QPixmap(), provisional=True)
        self._previous.setEnabled(row is not None and row > 0)
        self._next.setEnabled(row is not None and row < len(ids) - 1)
        self._pictures.show(self._serial, photo_id, ahead)
        self.moved.emit(photo_id)

    def _button(self, theme: Theme, icon: str, label: str) -> QToolButton:
        button = QToolButton()
        button.setIcon(theme.icon(icon, "#ffffff"))
        button.setIconSize(QSize(22, 22))
        button.setToolTip(label)
        button.setAccessibleName(label)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys belong to the preview
        return button

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addStretch(1)
        top.addWidget(self._similar)
        top.addWidget(self._close)
        middle = QHBoxLayout()
        middle.setSpacing(16)
        middle.addWidget(self._previous)
        middle.addWidget(self._canvas, 1)
        middle.addWidget(self._next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 18)
        layout.addLayout(top)
        layout.addLayout(middle, 1)
        layout.addSpacing(6)
        layout.addWidget(self._name)
        layout.addWidget(self._detail)

    @Slot()
    def _go_back(self) -> None:
        self.step(-1)

    @Slot()
    def _go_on(self) -> None:
        self.step(1)

    @Slot()
    def _similar_clicked(self) -> None:
        photo_id = self._photo_id
        self.leave()
        self.similar_wanted.emit(photo_id)


class _Canvas(QWidget):
    """Draws a picture as large as it fits, but at most twice its own size: beyond that only blur is seen."""

    def __init__(self) -> None:
        super().__init__()
        self.pixmap = QPixmap()
        self.provisional = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_pixmap(self, pixmap: QPixmap, *, provisional: bool = False) -> None:
        """``provisional``: a small square that stands for the picture until it comes; drawn faintly."""
        self.pixmap = pixmap
        self.provisional = provisional
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        size = self.pixmap.size() / ratio * 2
        if self.provisional:
            painter.setOpacity(0.35)
        if size.width() > self.width() or size.height() > self.height():
            size.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRect(0, 0, size.width(), size.height())
        place.moveCenter(self.rect().center())
        painter.drawPixmap(place, self.pixmap)
        painter.end()
