"""The search bar: words, and the photo that is searched by as a chip."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from photofinder.ui.dragdrop import is_only_text
from photofinder.ui.theme import Theme

PAUSE_MS = 300
"""A pause in typing this long searches without Enter."""
MAX_CHARACTERS = 2000
_CHIP = 24


class _QueryEdit(QLineEdit):
    """A line that leaves pasted pictures and files to the window."""

    paste_wanted = Signal()
    focus_changed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        clipboard = QGuiApplication.clipboard().mimeData()
        if event.matches(QKeySequence.StandardKey.Paste) and clipboard and not is_only_text(clipboard):
            self.paste_wanted.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()


class SearchBar(QFrame):
    """Emits ``asked`` when what is asked for may have changed."""

    asked = Signal()
    """Enter, a pause in typing, or the photo was removed: look at ``text`` and whether a photo is there."""
    photo_removed = Signal()
    cleared = Signal()
    """The clear button: back to all photos."""
    paste_wanted = Signal()
    left_down = Signal()
    """Arrow down: to the photos."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("searchBar")
        self._theme = theme
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.asked)
        self._glass = QLabel()
        self._chip = _Chip(theme)
        self._chip.hide()
        self._chip.removed.connect(self.photo_removed)
        self.edit = _QueryEdit()
        self.edit.setMaxLength(MAX_CHARACTERS)
        self.edit.setAcceptDrops(False)  # the whole window takes drops
        self.edit.setAccessibleName(self.tr("Buscar fotos"))
        self.edit.setAccessibleDescription(self.tr("Escribe lo que se ve en la foto"))
        self.edit.textEdited.connect(self._edited)
        self.edit.returnPressed.connect(self._enter)
        self.edit.paste_wanted.connect(self.paste_wanted)
        self.edit.focus_changed.connect(self._restyle)
        self.edit.installEventFilter(self)
        self._clear = QToolButton()
        self._clear.setIconSize(QSize(16, 16))
        self._clear.setCursor(Qt.CursorShape.PointingHandCursor)
        self._clear.setToolTip(self.tr("Quitar la búsqueda (Esc)"))
        self._clear.setAccessibleName(self.tr("Quitar la búsqueda"))
        self._clear.clicked.connect(self.cleared)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 0, 6, 0)
        layout.setSpacing(9)
        for widget in (self._glass, self._chip):
            layout.addWidget(widget)
        layout.addWidget(self.edit, 1)
        layout.addWidget(self._clear)
        self.setFixedHeight(42)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    @property
    def text(self) -> str:
        """The words, without spaces around them."""
        return self.edit.text().strip()

    @property
    def has_photo(self) -> bool:
        """Whether a photo is searched by."""
        return not self._chip.isHidden()

    def set_text(self, text: str) -> None:
        """Write words without searching."""
        self._timer.stop()
        self.edit.setText(text[:MAX_CHARACTERS])
        self._update()

    def set_photo(self, name: str, picture: QPixmap | None) -> None:
        """Show a photo as what is searched by."""
        self._chip.show_photo(name, picture)
        self._chip.show()
        self._update()

    def clear(self) -> None:
        """No words and no photo; nothing is emitted."""
        self._timer.stop()
        self.edit.clear()
        self.remove_photo()

    def remove_photo(self) -> None:
        """No photo; nothing is emitted."""
        self._chip.hide()
        self._update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.left_down.emit()
                return True
            empty = not self.edit.text() and self.has_photo
            if event.key() == Qt.Key.Key_Backspace and empty:
                self.photo_removed.emit()
                return True
        return super().eventFilter(watched, event)

    @Slot()
    def _edited(self) -> None:
        self._update()
        self._timer.start()

    @Slot()
    def _enter(self) -> None:
        self._timer.stop()
        self.asked.emit()

    @Slot()
    def _restyle(self) -> None:
        self.setProperty("focused", self.edit.hasFocus())
        self.style().unpolish(self)
        self.style().polish(self)

    def _update(self) -> None:
        self._clear.setVisible(bool(self.edit.text()) or self.has_photo)
        if self.has_photo:
            self.edit.setPlaceholderText(self.tr("Añade palabras para afinar…"))
        else:
            self.edit.setPlaceholderText(self.tr("Busca por lo que se ve: «perro en la playa»"))

    @Slot()
    def _paint_icons(self) -> None:
        self._glass.setPixmap(self._theme.icon("search", "muted").pixmap(20, 20))
        self._clear.setIcon(self._theme.icon("close", "muted"))


class _Chip(QFrame):
    """The photo that is searched by: a round thumbnail, its name, and a cross."""

    removed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("chip")
        self._theme = theme
        self._picture = QLabel()
        self._picture.setFixedSize(_CHIP, _CHIP)
        self._name = QLabel()
        self._cross = QToolButton()
        self._cross.setIconSize(QSize(12, 12))
        self._cross.setToolTip(self.tr("Quitar la foto de la búsqueda"))
        self._cross.setAccessibleName(self.tr("Quitar la foto de la búsqueda"))
        self._cross.setCursor(Qt.CursorShape.PointingHandCursor)
        self._cross.clicked.connect(self.removed)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3, 2, 1, 2)
        layout.setSpacing(6)
        for widget in (self._picture, self._name, self._cross):
            layout.addWidget(widget)
        self.setFixedHeight(30)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def show_photo(self, name: str, picture: QPixmap | None) -> None:
        """A name of any length, and a picture when there is one yet."""
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, 150)
        self._name.setText(shown)
        self._name.setTextFormat(Qt.TextFormat.PlainText)
        self.setToolTip(self.tr("Se buscan fotos parecidas a {name}").format(name=name))
        self.setAccessibleName(self.tr("Se buscan fotos parecidas a {name}").format(name=name))
        self._picture.setPixmap(
            _rounded(picture, _CHIP, self.devicePixelRatioF())
            if picture is not None
            else self._theme.icon("photo", "muted").pixmap(_CHIP, _CHIP)
        )

    @Slot()
    def _paint_icons(self) -> None:
        self._cross.setIcon(self._theme.icon("close", "text"))


def _rounded(picture: QPixmap, side: int, ratio: float) -> QPixmap:
    """The middle of a picture in a circle of ``side`` logical pixels."""
    pixels = round(side * ratio)
    filled = picture.scaled(
        pixels, pixels, Qt.AspectRatioMode.KeepAspectRatioByExpanding, Qt.TransformationMode.SmoothTransformation
    )
    result = QPixmap(pixels, pixels)
    result.fill(Qt.GlobalColor.transparent)
    painter = QPainter(result)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    shape = QPainterPath()
    shape.addEllipse(0, 0, pixels, pixels)
    painter.setClipPath(shape)
    painter.drawPixmap((pixels - filled.width()) // 2, (pixels - filled.height()) // 2, filled)
    painter.end()
    result.setDevicePixelRatio(ratio)
    return result
