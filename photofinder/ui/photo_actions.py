"""What can be done with the chosen photos: the context menu, its keys, and the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from photofinder.messages import shown_path
from photofinder.ui import desktop
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.picture_lane import Picture, PictureLane
from photofinder.ui.theme import Theme

MOST_OPENED = 10
"""Opening more files at once than this is surely a slip."""


class PhotoActions(QObject):
    """The actions of the grid's context menu; they work on its selection."""

    similar_wanted = Signal(object)
    """Id of the photo to search by."""
    failed = Signal(str)
    """A sentence: the desktop did not do what was asked."""

    def __init__(
        self, grid: PhotoGrid, model: PhotoModel, pictures: PictureLane, theme: Theme, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._model = model
        self._pictures = pictures
        self._theme = theme
        self._copying = 0
        self._copied_paths: list[Path] = []
        self.similar = self._action(self.tr("Buscar más como esta"), "Ctrl+L", self._search_similar)
        self.preview = self._action(self.tr("Vista previa"), "", self._show_preview)
        self.open = self._action(self.tr("Abrir"), "Ctrl+O", self._open)
        self.folder = self._action(self.tr("Mostrar en la carpeta"), "Ctrl+Shift+O", self._show_in_folder)
        self.copy = self._action(self.tr("Copiar"), QKeySequence.StandardKey.Copy, self._copy)
        self.copy_path = self._action(self.tr("Copiar ruta"), "Ctrl+Shift+C", self._copy_path)
        grid.customContextMenuRequested.connect(self._show_menu)
        grid.selectionModel().selectionChanged.connect(self._update)
        model.modelReset.connect(self._update)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    def all(self) -> Sequence[QAction]:
        """In the order of the menu."""
        return (self.similar, self.preview, self.open, self.folder, self.copy, self.copy_path)

    @Slot(object)
    def take_picture(self, picture: Picture) -> None:
        """The picture to copy has come, or cannot: the file itself is in the clipboard already."""
        if not picture.to_copy or picture.serial != self._copying or picture.image is None:
            return
        if desktop.are_copied(self._copied_paths):  # else something else was copied meanwhile
            desktop.copy_files(self._copied_paths, picture.image)

    def _chosen(self) -> list[tuple[int, Path]]:
        ids = self._grid.selected_ids()
        return [(photo_id, path) for photo_id in ids if (path := self._model.path_of(photo_id)) is not None]

    @Slot()
    def _update(self) -> None:
        count = len(self._grid.selectedIndexes())
        for action in self.all():
            action.setEnabled(count > 0)
        for action in (self.similar, self.preview):
            action.setEnabled(count == 1)
        self.open.setEnabled(0 < count <= MOST_OPENED)

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        index = self._grid.indexAt(place)
        if not index.isValid():
            return
        menu = QMenu(self._grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.all():
            menu.addAction(action)
            if action in (self.similar, self.folder):
                menu.addSeparator()
        menu.popup(self._grid.viewport().mapToGlobal(place))

    @Slot()
    def _search_similar(self) -> None:
        if self._grid.selected_ids():
            self.similar_wanted.emit(self._grid.selected_ids()[0])

    @Slot()
    def _show_preview(self) -> None:
        if self._grid.selected_ids():
            self._grid.preview_wanted.emit(self._grid.selected_ids()[0])

    @Slot()
    def _open(self) -> None:
        for _, path in self._chosen()[:MOST_OPENED]:
            name = shown_path(path.name)
            if not path.exists():
                self.failed.emit(self.tr("«{name}» no está donde estaba; conecta su disco.").format(name=name))
            elif not desktop.open_file(path):
                text = self.tr("El sistema no tiene con qué abrir «{name}»; instala un programa para esas fotos.")
                self.failed.emit(text.format(name=name))

    @Slot()
    def _show_in_folder(self) -> None:
        for _, path in self._chosen()[:1]:
            name = shown_path(path.name)
            if not path.parent.is_dir():
                self.failed.emit(self.tr("La carpeta de «{name}» no está; conecta su disco.").format(name=name))
            elif not desktop.show_in_folder(path):
                self.failed.emit(self.tr("El sistema no pudo mostrar la carpeta de «{name}».").format(name=name))

    @Slot()
    def _copy(self) -> None:
        """The files at once; of a single photo also the picture, when it is loaded."""
        chosen = self._chosen()
        if not chosen:
            return
        self._copied_paths = [path for _, path in chosen]
        desktop.copy_files(self._copied_paths)
        self._copying += 1
        if len(chosen) == 1:
            self._pictures.copy(self._copying, chosen[0][0])

    @Slot()
    def _copy_path(self) -> None:
        if self._chosen():
            desktop.copy_text("\n".join(str(path) for _, path in self._chosen()))

    def _action(self, text: str, keys: str | QKeySequence.StandardKey, slot: object) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        # only while the grid has the keyboard: Ctrl+C in the search bar copies words
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self._grid.addAction(action)
        return action

    @Slot()
    def _paint_icons(self) -> None:
        for action, name in (
            (self.similar, "similar"),
            (self.preview, "photo"),
            (self.open, "open"),
            (self.folder, "folder"),
            (self.copy, "copy"),
        ):
            action.setIcon(self._theme.icon(name))
