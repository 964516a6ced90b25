"""The folders of the catalogue: a compact list, and the way to add or remove one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLabel, QListWidget, QListWidgetItem, QMenu, QPushButton, QVBoxLayout, QWidget

from photofinder.library.catalog import Folder
from photofinder.messages import shown_path
from photofinder.ui.theme import Theme

WIDTH = 218


class FoldersPanel(QFrame):
    """Lists folders by name, path in the tool tip; a folder that cannot be reached says so."""

    add_wanted = Signal()
    remove_wanted = Signal(object)
    """A ``Folder``."""
    show_wanted = Signal(object)
    """A ``Folder``, to be shown in the file manager."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("foldersPanel")
        self.setFixedWidth(WIDTH)
        self._theme = theme
        self._folders: tuple[Folder, ...] = ()
        title = QLabel(self.tr("Carpetas"))
        title.setObjectName("panelTitle")
        title.setContentsMargins(16, 0, 0, 0)
        self.list = QListWidget()
        self.list.setObjectName("folders")
        self.list.setAccessibleName(self.tr("Carpetas del catálogo"))
        self.list.setIconSize(QSize(18, 18))
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._menu)
        self.add = QPushButton(" " + self.tr("Añadir carpeta…"))
        self.add.clicked.connect(self.add_wanted)
        self.show_action = QAction(self.tr("Mostrar en el gestor de archivos"), self)
        self.show_action.triggered.connect(self._show_current)
        self.remove_action = QAction(self.tr("Quitar del catálogo"), self)
        self.remove_action.setToolTip(self.tr("Tus fotos no se tocan"))
        self.remove_action.triggered.connect(self._remove_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 14, 0, 14)
        layout.setSpacing(8)
        layout.addWidget(title)
        layout.addWidget(self.list, 1)
        inner = QVBoxLayout()
        inner.setContentsMargins(12, 0, 12, 0)
        inner.addWidget(self.add)
        layout.addLayout(inner)
        theme.changed.connect(self._fill)
        self._paint_button()

    @property
    def folders(self) -> tuple[Folder, ...]:
        """What is listed."""
        return self._folders

    def set_folders(self, folders: Sequence[Folder]) -> None:
        """List these folders."""
        if tuple(folders) != self._folders:
            self._folders = tuple(folders)
            self._fill()

    def current(self) -> Folder | None:
        """The selected folder."""
        row = self.list.currentRow()
        return self._folders[row] if 0 <= row < len(self._folders) else None

    @Slot()
    def _fill(self) -> None:
        self._paint_button()
        self.list.clear()
        for folder in self._folders:
            name = shown_path(folder.path.name or str(folder.path))
            item = QListWidgetItem(name if folder.online else self.tr("{name} · sin conexión").format(name=name))
            icon, colour = ("folder", "accent") if folder.online else ("offline", "faint")
            item.setIcon(self._theme.icon(icon, colour))
            item.setToolTip(shown_path(folder.path))
            item.setSizeHint(QSize(0, 34))
            if not folder.online:
                item.setForeground(self._theme.colour("muted"))
            self.list.addItem(item)

    def _paint_button(self) -> None:
        self.add.setIcon(self._theme.icon("folder-add"))

    @Slot(QPoint)
    def _menu(self, place: QPoint) -> None:
        if self.list.itemAt(place) is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.show_action)
        menu.addAction(self.remove_action)
        menu.popup(self.list.viewport().mapToGlobal(place))

    @Slot()
    def _show_current(self) -> None:
        if (folder := self.current()) is not None:
            self.show_wanted.emit(folder)

    @Slot()
    def _remove_current(self) -> None:
        if (folder := self.current()) is not None:
            self.remove_wanted.emit(folder)
