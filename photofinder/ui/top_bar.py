"""The strips above the photos: search bar with its neighbours, then what is shown and what there is to say."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from photofinder.ui import photo_grid
from photofinder.ui.notice_bar import NoticeBar
from photofinder.ui.results_bar import MarksBar, OrderSwitch
from photofinder.ui.search_bar import SearchBar
from photofinder.ui.theme import Theme

STEP = 24
"""Of the size slider, for the keys that make thumbnails larger and smaller."""


NARROW = 820
"""Width in logical pixels below which the slider gives its room to the search; its keys and Ctrl+wheel stay."""
_HEIGHT = 42


class CountButton(QToolButton):
    """A button with a small number on its corner."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._count = 0

    @property
    def count(self) -> int:
        """The number; it is not painted when 0."""
        return self._count

    @count.setter
    def count(self, count: int) -> None:
        self._count = count
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("accent_fill"))
        badge = QRect(self.width() - 17, 3, 16, 16)
        painter.drawEllipse(badge)
        font = self.font()
        font.setPixelSize(10)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self._theme.colour("on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, str(min(self._count, 99)))
        painter.end()


class TopBar(QFrame):
    """The folders button, the search bar, the filters button, and the size of the thumbnails."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("topBar")
        self._theme = theme
        self._ready = False
        self.search = SearchBar(theme)
        self.search.setMaximumWidth(760)
        self.folders_button = QToolButton()
        self.folders_button.setCheckable(True)
        self.folders_button.setIconSize(QSize(22, 22))
        self.folders_button.setToolTip(self.tr("Carpetas"))
        self.folders_button.setAccessibleName(self.tr("Mostrar u ocultar las carpetas"))
        self.filter_button = CountButton(theme)
        self.filter_button.setCheckable(True)
        self.filter_button.setIconSize(QSize(22, 22))
        self.filter_button.setAccessibleName(self.tr("Filtros"))
        self.set_filter_count(0)
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setRange(photo_grid.SMALLEST, photo_grid.LARGEST)
        self.size_slider.setFixedWidth(110)
        self.size_slider.setAccessibleName(self.tr("Tamaño de las miniaturas"))
        self.size_slider.setToolTip(self.tr("Tamaño de las miniaturas"))
        self.menu_button = QToolButton()
        self.menu_button.setIconSize(QSize(22, 22))
        self._small, self._large = QLabel(), QLabel()
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 18, 6)
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop  # the chips make the search higher than its neighbours
        row.addWidget(self.folders_button, 0, top)
        row.addStretch(1)
        row.addWidget(self.search, 8, top)
        row.addWidget(self.filter_button, 0, top)
        row.addStretch(1)
        for widget in (self._small, self.size_slider, self._large):
            row.addWidget(widget, 0, top)
        row.addWidget(self.menu_button, 0, top)
        for neighbour in (
            self.folders_button, self.filter_button, self._small, self.size_slider, self._large, self.menu_button,
        ):  # fmt: skip
            neighbour.setFixedHeight(_HEIGHT)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    def set_ready(self, ready: bool) -> None:
        """Whether there are folders: without any there is nothing to search."""
        self._ready = ready
        for widget in (self.search, self.folders_button, self.filter_button):
            widget.setVisible(ready)
        self.search.setEnabled(ready)
        self._make_room()

    def set_filter_count(self, count: int) -> None:
        """How many filters are active."""
        self.filter_button.count = count
        one, many = self.tr("Filtros: 1 activo (Ctrl+Mayús+F)"), self.tr("Filtros: {n} activos (Ctrl+Mayús+F)")
        none = self.tr("Filtros (Ctrl+Mayús+F)")
        tip = none if count == 0 else one if count == 1 else many.format(n=count)
        self.filter_button.setToolTip(tip)
        self.filter_button.setAccessibleDescription(tip)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        for widget in (self._small, self.size_slider, self._large):
            widget.setVisible(self._ready and self.width() >= NARROW)
        for place in (1, 4):  # the empty room beside search and filters
            self._row.setStretch(place, 0 if self.width() < NARROW else 1)

    @Slot()
    def larger(self) -> None:
        """One step."""
        self.size_slider.setValue(self.size_slider.value() + STEP)

    @Slot()
    def smaller(self) -> None:
        """One step."""
        self.size_slider.setValue(self.size_slider.value() - STEP)

    @Slot()
    def _paint_icons(self) -> None:
        self.folders_button.setIcon(self._theme.icon("sidebar"))
        self.filter_button.setIcon(self._theme.icon("filter"))
        self._small.setPixmap(self._theme.icon("grid-small", "muted").pixmap(16, 16))
        self._large.setPixmap(self._theme.icon("grid-large", "muted").pixmap(18, 18))


class Header(QWidget):
    """What is shown, which words were not understood, and the notice."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline, self.detail, self.calm = QLabel(), QLabel(), QLabel()
        self.headline.setObjectName("headline")
        self.detail.setObjectName("detail")
        self.calm.setObjectName("calm")
        for label in (self.headline, self.detail):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setIndent(0)  # one of them has a frame by its style, and would stand four pixels to the right
        self.calm.setTextFormat(Qt.TextFormat.RichText)
        self.calm.setTextInteractionFlags(
            Qt.TextInteractionFlag.LinksAccessibleByMouse | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.calm.setAccessibleName(self.tr("Palabras de la búsqueda"))
        self.calm.setWordWrap(True)
        self.notice = NoticeBar(theme)
        self._titles = QHBoxLayout()
        self._titles.setSpacing(12)
        self._titles.addWidget(self.headline)
        self._titles.addWidget(self.detail)
        self._titles.addStretch(1)
        self.order = OrderSwitch()
        self._titles.addWidget(self.order)
        self.marks = MarksBar(theme)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(photo_grid.MARGIN + 2, 6, photo_grid.MARGIN, 8)
        layout.setSpacing(6)
        layout.addLayout(self._titles)
        layout.addWidget(self.marks)
        layout.addWidget(self.calm)
        layout.addWidget(self.notice)

    def show_texts(self, headline: str, detail: str, calm: str) -> None:
        """Plain, plain and rich text; empty ones take no room."""
        for label, text in ((self.headline, headline), (self.detail, detail), (self.calm, calm)):
            if label.text() != text:  # a link keeps the keyboard while the search is repeated
                label.setText(text)
            label.setVisible(bool(text))
        has_link = "<a " in calm  # without one the keyboard has nothing to do here
        self.calm.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_link else Qt.FocusPolicy.NoFocus)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Beside each other where there is room, else one below the other and in several lines."""
        needed = 0 if self.order.isHidden() else self.order.sizeHint().width() + 12
        for label in (self.headline, self.detail):
            label.ensurePolished()
            needed += label.fontMetrics().horizontalAdvance(label.text()) + 12
        is_narrow = needed > self.width() - 2 * photo_grid.MARGIN - 2
        self.headline.setWordWrap(is_narrow)
        self.detail.setWordWrap(is_narrow)
        directions = QHBoxLayout.Direction
        self._titles.setDirection(directions.TopToBottom if is_narrow else directions.LeftToRight)
        self._titles.setSpacing(5 if is_narrow else 12)
