"""The photos that could not be read: where each is, why, and another try."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QDialog,
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
from photofinder.library.catalog import Photo
from photofinder.messages import reason_sentence, shown_path
from photofinder.ui.desktop import show_in_folder


class FailuresDialog(QDialog):
    """Not modal: the search goes on beside it."""

    retry_wanted = Signal()

    def __init__(self, photos: Sequence[Photo], language: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Fotos que no se pudieron leer"))
        self.resize(900, 480)
        self._photos = tuple(photos)
        text = QLabel(self.tr("Siguen donde estaban, sin cambios. Con un doble clic las ves en su carpeta."))
        text.setProperty("muted", True)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Fotos que no se pudieron leer"))
        self.list.setRootIsDecorated(False)
        self.list.setAlternatingRowColors(True)
        self.list.setHeaderLabels([self.tr("Archivo"), self.tr("Motivo")])
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setWordWrap(True)
        for photo in self._photos:
            reason = reason_sentence(photo.error or FailureReason.READ_ERROR, language)
            item = QTreeWidgetItem([shown_path(photo.path), reason])
            item.setSizeHint(1, QSize(0, 2 * self.fontMetrics().height() + 14))
            item.setToolTip(0, shown_path(photo.path))
            item.setToolTip(1, reason)
            self.list.addTopLevelItem(item)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.header().resizeSection(0, 330)
        self.list.itemDoubleClicked.connect(self._show_item)
        self.retry = QPushButton(self.tr("Reintentar"))
        self.retry.setProperty("primary", True)
        self.retry.clicked.connect(self._retry)
        close = QPushButton(self.tr("Cerrar"))
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.retry)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addWidget(text)
        layout.addWidget(self.list, 1)
        layout.addLayout(buttons)

    @Slot()
    def _retry(self) -> None:
        self.retry_wanted.emit()
        self.close()

    @Slot(QTreeWidgetItem, int)
    def _show_item(self, item: QTreeWidgetItem, column: int) -> None:
        show_in_folder(self._photos[self.list.indexOfTopLevelItem(item)].path)
