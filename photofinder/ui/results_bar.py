"""Under the headline of an answer: its order, and the photos marked «more» or «less like this», to be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from photofinder.ui.flow import Flow
from photofinder.ui.pictures import rounded
from photofinder.ui.plain_text import plain_tip
from photofinder.ui.result_sections import Order
from photofinder.ui.theme import Theme

_MARK = 24


class OrderSwitch(QFrame):
    """«Parecido | Fecha»."""

    chosen = Signal(object)
    """The ``Order`` that was chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("orderSwitch")
        self.setAccessibleName(self.tr("Orden de los resultados"))
        self._buttons: dict[Order, QToolButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(0)
        for order, label, tip in (
            (
                Order.LIKENESS,
                self.tr("Parecido"),
                self.tr("Las que mejor coinciden primero (Ctrl+Mayús+D cambia el orden)"),
            ),
            (Order.DATE, self.tr("Fecha"), self.tr("Las más recientes primero (Ctrl+Mayús+D cambia el orden)")),
        ):
            button = QToolButton()
            button.setText(label)
            button.setToolTip(tip)
            button.setAccessibleName(self.tr("Ordenar por {order}").format(order=label.lower()))
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.clicked.connect(partial(self._choose, order))
            self._buttons[order] = button
            row.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_order(Order.LIKENESS)

    def show_order(self, order: Order) -> None:
        """Press the button of an order; nothing is emitted."""
        for one, button in self._buttons.items():  # no group of buttons: of one, Tab would reach only the pressed
            button.setChecked(one is order)

    def _choose(self, order: Order) -> None:
        self.show_order(order)
        self.chosen.emit(order)

    def button(self, order: Order) -> QToolButton:
        """The button of an order."""
        return self._buttons[order]


class MarksBar(Flow):
    """One chip a mark; its cross takes it back."""

    removed = Signal(object)
    """Id of the photo that is no longer marked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._chips: dict[tuple[int, bool], _Mark] = {}
        self.setAccessibleName(self.tr("Fotos marcadas"))
        self.hide()

    @property
    def marked(self) -> tuple[tuple[int, bool], ...]:
        """The photos with a chip, each with whether more like it is wanted."""
        return tuple(self._chips)

    def show_marks(self, marks: Sequence[tuple[int, bool, str, QPixmap | None]]) -> None:
        """Photo id, whether more like it is wanted, its name and thumbnail."""
        if [(photo_id, more) for photo_id, more, _, _ in marks] == list(self._chips):
            return
        self._chips = {}
        for photo_id, more, name, picture in marks:
            chip = _Mark(self._theme, name, picture, more=more)
            chip.cross.clicked.connect(partial(self.removed.emit, photo_id))
            self._chips[photo_id, more] = chip
        self.fill(tuple(self._chips.values()))
        self.setVisible(bool(self._chips))

    def cross(self, photo_id: int) -> QToolButton:
        """The button that takes a photo's mark back."""
        return next(chip.cross for (marked, _), chip in self._chips.items() if marked == photo_id)


class _Mark(QFrame):
    """A small picture, «más» or «menos», and a cross."""

    def __init__(self, theme: Theme, name: str, picture: QPixmap | None, *, more: bool) -> None:
        super().__init__()
        self.setObjectName("mark")
        self.setProperty("more", more)
        self._theme = theme
        label = QLabel(self.tr("Más como esta") if more else self.tr("Menos como esta"))
        image = QLabel()
        image.setFixedSize(_MARK, _MARK)
        if picture is not None:
            image.setPixmap(rounded(picture, _MARK, self.devicePixelRatioF()))
        else:
            image.setPixmap(theme.icon("photo", "muted").pixmap(_MARK, _MARK))
        self.cross = QToolButton()
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setCursor(Qt.CursorShape.PointingHandCursor)
        text = self.tr("Quitar la marca de {name}").format(name=name)
        self.cross.setToolTip(plain_tip(text))
        self.cross.setAccessibleName(text)
        self.setToolTip(plain_tip(name))
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 2, 2, 2)
        row.setSpacing(6)
        for widget in (image, label, self.cross):
            row.addWidget(widget)
        self.setFixedHeight(30)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()

    @Slot()
    def _paint_icons(self) -> None:
        self.cross.setIcon(self._theme.icon("close", "text"))
