"""The photos that could not be read: where each is, why, and another try."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from photofinder.errors import FailureReason
from photofinder.library.catalog import Folder, Photo
from photofinder.messages import number, reason_sentence, shown_path
from photofinder.ui.desktop import show_in_folder
from photofinder.ui.fitting_dialog import FittingDialog
from photofinder.ui.plain_text import plain_tip


class FailuresDialog(FittingDialog):
    """Not modal: the search goes on beside it, and the list follows the analysis."""

    retry_wanted = Signal(object)
    """A tuple of ``Photo``; None for all photos of all folders."""

    def __init__(
        self, photos: Sequence[Photo], language: str, parent: QWidget | None = None, *, folder: Folder | None = None
    ) -> None:
        """``folder``: only the photos of this one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Fotos que no se pudieron leer"))
        self.resize(900, 520)
        self._language = language
        self._folder = folder
        self._photos: tuple[Photo, ...] = ()
        self.text = QLabel()
        self.text.setObjectName("emptyTitle")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setWordWrap(True)
        self._calm = QLabel(self.tr("Siguen donde estaban, sin cambios."))
        self._calm.setProperty("muted", True)
        self._calm.setWordWrap(True)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Fotos que no se pudieron leer"))
        self.list.setToolTip(self.tr("Intro: mostrar en la carpeta"))
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setHeaderLabels([self.tr("Archivo"), self.tr("Motivo")])
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setWordWrap(True)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.header().resizeSection(0, 380)
        self.list.itemActivated.connect(self._show_item)
        self.list.itemSelectionChanged.connect(self._update)
        self.show_button = QPushButton(self.tr("&Mostrar en la carpeta"))
        self.show_button.setAutoDefault(False)
        self.show_button.clicked.connect(self._show_selected)
        self.retry_one = QPushButton(self.tr("&Reintentar las elegidas"))
        self.retry_one.setAutoDefault(False)
        self.retry_one.clicked.connect(self._retry_selected)
        self.retry = QPushButton(self.tr("Reintentar &todas"))
        self.retry.setAutoDefault(False)
        self.retry.setProperty("primary", True)
        self.retry.clicked.connect(self._retry_all)
        close = QPushButton(self.tr("&Cerrar"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addWidget(self.show_button)
        buttons.addStretch(1)
        for button in (close, self.retry_one, self.retry):
            buttons.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(22, 20, 22, 18)
        layout.setSpacing(10)
        layout.addWidget(self.text)
        layout.addWidget(self._calm)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)
        self.set_photos(photos)

    def set_photos(self, photos: Sequence[Photo]) -> None:
        """The list as it is now."""
        mine = [photo for photo in photos if self._folder is None or photo.folder_id == self._folder.id]
        self._photos = tuple(mine)
        self.list.clear()
        several = len({photo.folder_id for photo in self._photos}) > 1
        for photo in self._photos:
            reason = reason_sentence(photo.error or FailureReason.READ_ERROR, self._language)
            item = QTreeWidgetItem([_name(photo, with_folder=several), reason])
            item.setSizeHint(1, QSize(0, 2 * self.fontMetrics().height() + 14))
            item.setToolTip(0, plain_tip(shown_path(photo.path)))
            item.setToolTip(1, reason)
            self.list.addTopLevelItem(item)
        one = self.tr("1 foto no se pudo leer")
        many = self.tr("{n} fotos no se pudieron leer").format(n=number(len(mine), self._language))
        none = self.tr("Todas las fotos se han podido leer")
        self.text.setText(none if not mine else one if len(mine) == 1 else many)
        self._calm.setVisible(bool(mine))
        self._update()

    @property
    def photos(self) -> tuple[Photo, ...]:
        """What is listed."""
        return self._photos

    def _selected(self) -> tuple[Photo, ...]:
        return tuple(self._photos[self.list.indexOfTopLevelItem(item)] for item in self.list.selectedItems())

    @Slot()
    def _update(self) -> None:
        chosen = len(self.list.selectedItems())
        self.show_button.setEnabled(chosen == 1)
        self.retry_one.setEnabled(chosen > 0)
        self.retry.setEnabled(bool(self._photos))

    @Slot()
    def _retry_all(self) -> None:
        self.retry.setEnabled(False)  # until the list is told anew
        self.retry_wanted.emit(None if self._folder is None else self._photos)

    @Slot()
    def _retry_selected(self) -> None:
        self.retry_one.setEnabled(False)
        self.retry_wanted.emit(self._selected())

    @Slot()
    def _show_selected(self) -> None:
        for photo in self._selected()[:1]:
            show_in_folder(photo.path)

    @Slot(QTreeWidgetItem, int)
    def _show_item(self, item: QTreeWidgetItem, column: int) -> None:
        show_in_folder(self._photos[self.list.indexOfTopLevelItem(item)].path)


def _name(photo: Photo, *, with_folder: bool) -> str:
    """Where a photo is in its folder; ``with_folder``: beginning with that folder's own name."""
    inside = Path(photo.rel_path)
    if not with_folder:
        return shown_path(inside)
    root = photo.path.parents[len(inside.parts) - 1]
    return shown_path(Path(root.name) / inside)
