"""The line above the photo in the preview: its name at the left, what can be done at the right."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofinder.messages import number
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.theme import Theme

_WHITE, _STAR = "#ffffff", "#ffd25e"


def round_button(theme: Theme, icon: str, label: str, parent: QWidget | None = None) -> QToolButton:
    """A white icon on the dark; Tab reaches it, a click leaves the keys with the preview."""
    button = QToolButton(parent)
    button.setIcon(theme.icon(icon, _WHITE))
    button.setIconSize(QSize(20, 20))
    button.setToolTip(label)
    button.setAccessibleName(label)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


class PreviewBar(QFrame):
    """Texts and buttons; knows nothing of photos."""

    zoom_in_wanted = Signal()
    zoom_out_wanted = Signal()
    zoom_toggle_wanted = Signal()
    slideshow_wanted = Signal()
    info_toggled = Signal(bool)
    favorite_clicked = Signal()
    similar_clicked = Signal()
    close_clicked = Signal()

    def __init__(self, theme: Theme, language: str) -> None:
        super().__init__()
        self.setObjectName("previewBar")
        self._theme = theme
        self._language = language
        self._texts = ("", "")
        self._name = self._label("previewName")
        self._detail = self._label("previewDetail")
        self._position = QLabel()
        self._position.setObjectName("previewPosition")
        self.favorite_button = round_button(theme, "star", self.tr("Marcar como favorita (F)"))
        self._similar = round_button(theme, "similar", self.tr("Buscar más como esta (Ctrl+L)"))
        self._out = round_button(theme, "zoom-out", self.tr("Alejar (−)"))
        self.zoom_label = QToolButton()
        self.zoom_label.setObjectName("previewZoom")
        self.zoom_label.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.zoom_label.setToolTip(self.tr("Ver al 100 % (1) o entera (Ctrl+0); también con doble clic"))
        self._in = round_button(theme, "zoom-in", self.tr("Acercar (+)"))
        self._slideshow = round_button(theme, "play", self.tr("Presentación (F5)"))
        self.info_button = round_button(theme, "info", self.tr("Información de la foto (I)"))
        self.info_button.setCheckable(True)
        self._more = round_button(theme, "more", self.tr("Más acciones"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self)
        self._more.setMenu(self.menu)
        self._close = round_button(theme, "close", self.tr("Cerrar la vista previa (Esc)"))
        self._lay_out()
        self._connect()
        self.set_favorite(False)

    @property
    def name(self) -> str:
        """The photo's name as it is shown, never shortened."""
        return self._texts[0]

    @property
    def detail(self) -> str:
        """Date, size and camera."""
        return self._texts[1]

    @property
    def position(self) -> str:
        """«3 de 40»."""
        return self._position.text()

    @property
    def info_wanted(self) -> bool:
        """Whether the panel beside the photo is to be seen."""
        return self.info_button.isChecked()

    def show_texts(self, name: str, detail: str) -> None:
        """What the photo is."""
        self._texts = (name, detail)
        self._elide()

    def show_position(self, text: str) -> None:
        """Where it stands among the others."""
        self._position.setText(text)

    def show_zoom(self, scale: float, *, fitted: bool) -> None:
        """How large it is drawn."""
        percent = self.tr("{n} %").format(n=number(round(100 * scale), self._language))
        self.zoom_label.setText(percent)
        self.zoom_label.setAccessibleName(
            (self.tr("Entera, al {percent}") if fitted else self.tr("Ampliada al {percent}")).format(percent=percent)
        )
        self._out.setEnabled(not fitted)

    def set_favorite(self, favorite: bool) -> None:
        """Fill or empty the star."""
        label = self.tr("Quitar de favoritas (F)") if favorite else self.tr("Marcar como favorita (F)")
        self.favorite_button.setIcon(
            self._theme.icon("star-filled" if favorite else "star", _STAR if favorite else _WHITE)
        )
        self.favorite_button.setToolTip(label)
        self.favorite_button.setAccessibleName(label)

    def set_actions(self, actions: list[QAction]) -> None:
        """The menu behind the dots."""
        self.menu.clear()
        self.menu.addActions(actions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        ways = (Qt.TextElideMode.ElideMiddle, Qt.TextElideMode.ElideRight)
        for label, text, way in zip((self._name, self._detail), self._texts, ways, strict=True):
            label.setText(label.fontMetrics().elidedText(text, way, max(60, label.width())))
            label.setToolTip(plain_tip(text))

    def _label(self, name: str) -> QLabel:
        label = QLabel()
        label.setObjectName(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def _lay_out(self) -> None:
        texts = QVBoxLayout()
        texts.setSpacing(1)
        texts.addWidget(self._name)
        texts.addWidget(self._detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(20, 10, 16, 10)
        layout.setSpacing(6)
        layout.addLayout(texts, 1)
        layout.addSpacing(8)
        layout.addWidget(self._position)
        layout.addSpacing(8)
        for button in (
            self._out, self.zoom_label, self._in, None, self.favorite_button, self._similar, self._slideshow,
            self.info_button, self._more, None, self._close,
        ):  # fmt: skip
            if button is None:
                layout.addSpacing(8)
            else:
                layout.addWidget(button)

    def _connect(self) -> None:
        self._out.clicked.connect(self.zoom_out_wanted)
        self._in.clicked.connect(self.zoom_in_wanted)
        self.zoom_label.clicked.connect(self.zoom_toggle_wanted)
        self._slideshow.clicked.connect(self.slideshow_wanted)
        self.info_button.toggled.connect(self.info_toggled)
        self.favorite_button.clicked.connect(self._favorite)
        self._similar.clicked.connect(self.similar_clicked)
        self._close.clicked.connect(self.close_clicked)

    @Slot()
    def _favorite(self) -> None:
        self.favorite_clicked.emit()
