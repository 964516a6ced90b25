"""Choose an album out of the tree by typing, or make one: for «Añadir al álbum…», «Nuevo álbum…» and «Mover a…»."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from photofinder.library.catalog_albums import LONGEST_NAME
from photofinder.library.filters import plain
from photofinder.ui.fitting_dialog import FittingDialog

_ID = Qt.ItemDataRole.UserRole


class AlbumDialog(FittingDialog):
    """A line to type in and the albums whose path contains what is typed."""

    chosen = Signal(object)
    """Id of the album, or None for the top."""
    named = Signal(str)
    """A new album is to be called so."""

    def __init__(
        self,
        title: str,
        albums: Sequence[tuple[int | None, str]],
        parent: QWidget,
        *,
        accept: str,
        make: bool,
    ) -> None:
        """``albums``: ids and paths. ``accept``: the button. ``make``: what is typed may be the name of a new one."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self._albums = tuple(albums)
        self._makes = make
        self._accept_text = accept
        self.line = QLineEdit()
        self.line.setMaxLength(LONGEST_NAME)
        self.line.setClearButtonEnabled(True)
        name = self.tr("Nombre del álbum") if make else self.tr("Buscar un álbum")
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(name)
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Álbumes"))
        self.list.itemActivated.connect(self._take)
        self.list.currentRowChanged.connect(self._update)
        buttons = QDialogButtonBox()
        self.ok = QPushButton(accept)
        self.ok.setProperty("primary", True)
        self.ok.setDefault(True)
        buttons.addButton(self.ok, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QPushButton(self.tr("Cancelar")), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.accepted.connect(self._take)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 18, 18, 18)
        layout.setSpacing(10)
        for widget in (self.line, self.list, buttons):
            layout.addWidget(widget)
        self.list.setVisible(bool(self._albums))
        self.resize(440, 380 if self._albums else 160)
        self._fill()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows go through the list while the line has the keyboard."""
        keys = (Qt.Key.Key_Up, Qt.Key.Key_Down)
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in keys:
            QApplication.sendEvent(self.list, event)
            return True
        return super().eventFilter(watched, event)

    @Slot()
    def _fill(self) -> None:
        typed = self._typed()
        self.list.clear()
        for album_id, path in self._albums:
            if plain(typed) in plain(path):
                item = QListWidgetItem(path)
                item.setData(_ID, album_id)
                self.list.addItem(item)
        exact = any(plain(typed) == plain(path) for _, path in self._albums)
        if self._makes and typed and not exact:
            new = QListWidgetItem(self.tr("Crear «{name}»").format(name=typed))
            new.setData(_ID, typed)
            self.list.insertItem(0 if not self.list.count() else self.list.count(), new)
        self.list.setCurrentRow(0)
        self._update()

    def _typed(self) -> str:
        return " ".join(self.line.text().split())

    @Slot()
    def _update(self) -> None:
        self.ok.setEnabled(self.list.currentItem() is not None)

    @Slot()
    def _take(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        value = item.data(_ID)
        self.accept()
        if isinstance(value, str):
            self.named.emit(value)
        else:
            self.chosen.emit(value)
