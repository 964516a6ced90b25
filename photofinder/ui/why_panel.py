"""«¿Por qué esta foto?»: the photo with what speaks for it coloured, a legend, and the nearest words."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPixmap
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from photofinder.messages import sentence, shown_path
from photofinder.ui.flow import Flow
from photofinder.ui.heat_picture import heat_gradient, heat_picture
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.preview_bar import round_button
from photofinder.ui.tab_inside import tab_inside
from photofinder.ui.theme import Theme
from photofinder.ui.why_lane import Why

_SIDE_WIDTH = 300


class WhyPanel(QFrame):
    """Covers its parent, on black like the preview. Esc leaves."""

    word_wanted = Signal(str)
    """A nearest word was clicked: search for it."""
    left = Signal()

    def __init__(self, theme: Theme, language: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._language = language
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("¿Por qué esta foto?"))
        self.picture = _HeatedPhoto()
        self._title = self._label("whyTitle")
        self._title.setText(self.tr("¿Por qué esta foto?"))
        self._name = self._label("previewDetail")
        self._match = self._label("whyText")
        self._sentence = self._label("whyText")
        self._legend = _Legend(self.tr("poco"), self.tr("mucho"))
        self.show_heat = QCheckBox(self.tr("Colorear la foto"))
        self.show_heat.setToolTip(self.tr("Mostrar u ocultar los colores (espacio)"))
        self.show_heat.setChecked(True)
        self.show_heat.toggled.connect(self.picture.set_heat_visible)
        self._words_title = self._label("whyHead")
        self._words_title.setText(self.tr("Las palabras más cercanas"))
        self.words = Flow()
        self.words.setAccessibleName(self.tr("Las palabras más cercanas"))
        self._close = round_button(theme, "close", self.tr("Cerrar (Esc)"))
        self._close.clicked.connect(self.leave)
        self._lay_out()
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """What is said about the photo."""
        lines = (self._name.text(), self._match.text(), self._sentence.text())
        return "\n".join(line for line in lines if line)

    @property
    def is_loaded(self) -> bool:
        """Whether the answer is shown."""
        return not self.isHidden() and self.picture.has_picture

    def open(self, name: str, match: str, provisional: QPixmap | None) -> None:
        """Show that it is being worked out; ``match``: how well the photo answers the search, in words."""
        self.show_heat.ensurePolished()
        self._column.setFixedWidth(max(_SIDE_WIDTH, self.show_heat.sizeHint().width() + 30))
        self._name.setText(name)
        self._match.setText(match)
        self._match.setVisible(bool(match))
        self._sentence.setText(self.tr("Mirando qué partes de la foto cuentan…"))
        self._show_answer(has_heat=False, words=())
        self.picture.show_photo(provisional or QPixmap(), None, faint=True)
        self.setGeometry(self._parent.rect())
        self.show()
        self.raise_()
        self.setFocus()

    def show_why(self, why: Why) -> None:
        """The answer."""
        if why.photo is not None:
            self._name.setText(shown_path(why.photo.path.name))
        if why.error is not None or why.image is None:
            gone = self.tr("Esta foto ya no está en el catálogo.")
            self._sentence.setText(gone if why.error is None else sentence(why.error, self._language))
            return
        has_heat = why.heat is not None and float(why.heat.heat.max()) > 0
        if not has_heat:
            text = self.tr("Ninguna parte destaca: es la foto entera la que se parece.")
        elif why.about:
            text = self.tr("Lo más cálido es lo que más se parece a «{word}».").format(word=why.about)
        else:
            text = self.tr("Sin las partes más cálidas, esta foto se parecería menos a lo que buscas.")
        self._sentence.setText(text)
        heat = None
        if why.heat is not None and has_heat:
            picture, (left, top, right, bottom) = heat_picture(why.heat.heat, why.heat.box)
            heat = picture, QRectF(left, top, right - left, bottom - top)
        self.picture.show_photo(QPixmap.fromImage(why.image), heat)
        self._show_answer(has_heat=has_heat, words=why.words)

    @Slot()
    def leave(self) -> None:
        """Close."""
        if not self.isHidden():
            self.hide()
            self.picture.show_photo(QPixmap(), None)
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() == Qt.Key.Key_Space and self.show_heat.isVisible():
            self.show_heat.toggle()
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)
        event.accept()  # nothing behind may react

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab stays inside: what is behind cannot be seen."""
        tab_inside(self, forward=forward)
        return True

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._parent and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._parent.rect())
        return super().eventFilter(watched, event)

    def _show_answer(self, *, has_heat: bool, words: tuple[str, ...]) -> None:
        self._legend.setVisible(has_heat)
        self.show_heat.setVisible(has_heat)
        buttons = []
        for word in words:
            button = QPushButton(word)
            button.setProperty("pill", True)
            button.setToolTip(plain_tip(self.tr("Buscar «{word}»").format(word=word)))
            button.clicked.connect(partial(self.word_wanted.emit, word))
            buttons.append(button)
        self.words.fill(buttons)
        self.words.setVisible(bool(words))
        self._words_title.setVisible(bool(words))

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        return label

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        side = QVBoxLayout()
        side.setSpacing(10)
        side.addLayout(top)
        side.addWidget(self._name)
        side.addSpacing(10)
        side.addWidget(self._match)
        side.addWidget(self._sentence)
        side.addSpacing(6)
        side.addWidget(self._legend)
        side.addWidget(self.show_heat)
        side.addSpacing(18)
        side.addWidget(self._words_title)
        side.addWidget(self.words)
        side.addStretch(1)
        column = self._column = QWidget()
        column.setLayout(side)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 20, 20, 20)
        row.setSpacing(24)
        row.addWidget(self.picture, 1)
        row.addWidget(column)


class _HeatedPhoto(QWidget):
    """A photo as large as it fits, and the heat over it."""

    def __init__(self) -> None:
        super().__init__()
        self._photo = QPixmap()
        self._heat: tuple[QImage, QRectF] | None = None
        self._heat_visible = True
        self._faint = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def has_picture(self) -> bool:
        """Whether the photo itself is drawn."""
        return not self._photo.isNull() and not self._faint

    @property
    def has_heat(self) -> bool:
        """Whether colours are drawn over it."""
        return self._heat is not None and self._heat_visible

    def show_photo(self, photo: QPixmap, heat: tuple[QImage, QRectF] | None, *, faint: bool = False) -> None:
        """``heat``: its picture and the part of the photo it is of, in fractions; ``faint``: a stand-in."""
        self._photo, self._heat, self._faint = photo, heat, faint
        self.update()

    @Slot(bool)
    def set_heat_visible(self, visible: bool) -> None:
        """With or without colours."""
        self._heat_visible = visible
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._photo.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        size = self._photo.size().toSizeF()
        size.scale(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2, *size.toTuple())
        shape = QPainterPath()
        shape.addRoundedRect(place, 10, 10)
        painter.setClipPath(shape)
        painter.setOpacity(0.3 if self._faint else 1.0)
        painter.drawPixmap(place, self._photo, QRectF(self._photo.rect()))
        if self.has_heat and self._heat is not None:
            image, part = self._heat
            where = QRectF(
                place.left() + part.left() * place.width(),
                place.top() + part.top() * place.height(),
                part.width() * place.width(),
                part.height() * place.height(),
            )
            painter.drawImage(where, image)
        painter.end()


class _Legend(QWidget):
    """A strip of the colours between two words."""

    def __init__(self, cold: str, warm: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.setAccessibleName(f"{cold} – {warm}")
        for widget in (QLabel(cold), _Strip(), QLabel(warm)):
            row.addWidget(widget, 1 if isinstance(widget, _Strip) else 0)


class _Strip(QWidget):
    def sizeHint(self) -> QSize:
        return QSize(120, 10)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(heat_gradient(self.width()))
        painter.drawRoundedRect(QRectF(0, (self.height() - 8) / 2, self.width(), 8), 4, 4)
        painter.end()
