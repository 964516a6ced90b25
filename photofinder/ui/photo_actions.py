"""What can be done with photos: the menus, their keys, the clipboard, and dragging out.

Each action works on the photo of the preview while that is open, else on the chosen ones of the grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QPixmap
from PySide6.QtWidgets import QMenu

from photofinder.library.answering import DRIVES
from photofinder.messages import number, sentence, shown_path
from photofinder.ui import desktop
from photofinder.ui.drag_out import drag_files
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_lane import FavoritesSet, PhotoLane, PhotosFailed, PhotosFound
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.photo_tasks import PhotoTasks
from photofinder.ui.picture_lane import Picture, PictureLane
from photofinder.ui.preview import Preview
from photofinder.ui.selection_bar import SelectionBar
from photofinder.ui.theme import Theme

MOST_OPENED = 10
"""Opening more files at once than this is surely a slip."""
_SETTLED_MS = 80
"""After the last change of the selection its unknown files are looked up: before anybody can drag them."""
_CARRIED = 3


class PhotoActions(QObject):
    """The actions, and the slots that carry them out."""

    similar_wanted = Signal(object)
    """Id of the photo to search by."""
    failed = Signal(str)
    """A sentence: what was asked could not be done."""
    favorites_changed = Signal()

    def __init__(
        self,
        grid: PhotoGrid,
        model: PhotoModel,
        preview: Preview,
        pictures: PictureLane,
        photos: PhotoLane,
        tasks: PhotoTasks,
        theme: Theme,
        language: str,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._grid = grid
        self._model = model
        self._preview = preview
        self._pictures = pictures
        self._photos = photos
        self._tasks = tasks
        self._theme = theme
        self._language = language
        self._copying = 0
        self._copies_files = True
        self._more: tuple[QAction, ...] = ()
        self._copied_paths: list[Path] = []
        self._finding = 0
        self._then: list[tuple[int, QAction]] = []
        self._again: QAction | None = None
        self.bar = SelectionBar()
        self.sheet_title = ""
        """What a contact sheet is called unless the person writes something else: the search."""
        self.similar = self._action(self.tr("Buscar más como esta"), "Ctrl+L", self._search_similar)
        self.preview = self._action(self.tr("Vista previa"), "", self._show_preview)
        self.slideshow = self._action(self.tr("Presentación"), "F5", self._start_slideshow)
        self.open = self._action(self.tr("Abrir"), "Ctrl+O", self._open)
        self.folder = self._action(self.tr("Mostrar en la carpeta"), "Ctrl+Shift+O", self._show_in_folder)
        self.favorite = self._action(self.tr("Marcar como favoritas"), "Ctrl+B", self._toggle_favorite)
        self.copy = self._action(self.tr("Copiar"), QKeySequence.StandardKey.Copy, self._copy)
        self.copy_image = self._action(self.tr("Copiar imagen"), "Ctrl+Alt+C", self._copy_image)
        self.copy_path = self._action(self.tr("Copiar ruta"), "Ctrl+Shift+C", self._copy_path)
        self.copy_to = self._action(self.tr("Copiar a…"), "Ctrl+E", self._copy_to)
        self.sheet = self._action(self.tr("Hoja de contactos…"), "Ctrl+P", self._make_sheet)
        self.select_all = self._action(self.tr("Seleccionar todo"), QKeySequence.StandardKey.SelectAll, grid.selectAll)
        self.select_none = self._action(self.tr("Quitar selección"), "Ctrl+Shift+A", grid.clearSelection)
        self._in_preview = [
            self.similar, self.open, self.folder, self.favorite, self.copy, self.copy_image, self.copy_path,
            self.copy_to, self.sheet,
        ]  # fmt: skip
        preview.set_actions(self._in_preview)
        self.bar.set_actions([self.favorite, self.copy_to, self.sheet, self.copy, self.select_none])
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(_SETTLED_MS)
        self._settled.timeout.connect(self._find_unknown)
        grid.customContextMenuRequested.connect(self._show_menu)
        grid.drag_wanted.connect(self._drag)
        grid.selectionModel().selectionChanged.connect(self._update)
        model.modelReset.connect(self._update)
        preview.changed.connect(self._update)
        preview.favorite_wanted.connect(self._toggle_favorite)
        preview.folder_wanted.connect(self._show_in_folder)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    def all(self) -> Sequence[QAction]:
        """In the order of the menu."""
        return (
            self.similar, self.preview, self.slideshow, self.open, self.folder, self.favorite, self.copy,
            self.copy_image, self.copy_path, self.copy_to, self.sheet, self.select_all, self.select_none,
        )  # fmt: skip

    def chosen_ids(self) -> list[int]:
        """The photos that the actions work on, in the order they are shown."""
        shown = self._preview.photo_id
        return self._grid.selected_ids() if shown is None else [shown]

    # From the lanes -----------------------------------------------------------------------------------------------

    def extend(self, actions: Sequence[QAction]) -> None:
        """More entries of the menus, below those that search; who brings them enables them."""
        self._more = (*self._more, *actions)
        self._preview.set_actions([self._in_preview[0], *self._more, *self._in_preview[1:]])

    @Slot(object)
    def take_picture(self, picture: Picture) -> None:
        """The picture to copy has come, or cannot: of a file, that is in the clipboard already."""
        if not picture.to_copy or picture.serial != self._copying:
            return
        if not self._copies_files:
            if picture.image is not None:
                desktop.copy_image(picture.image)
            elif picture.error is not None:
                self.failed.emit(sentence(picture.error, self._language))
        elif picture.image is not None and desktop.are_copied(self._copied_paths):  # else another copy came between
            desktop.copy_files(self._copied_paths, picture.image)

    @Slot(object)
    def take_photos(self, answer: PhotosFound | FavoritesSet | PhotosFailed) -> None:
        """Files that were not known are now, or stars have changed."""
        if isinstance(answer, PhotosFailed):
            self._then.clear()
            self.failed.emit(sentence(answer.error, self._language))
        elif isinstance(answer, FavoritesSet):
            self._model.set_favorite(answer.photo_ids, answer.favorite)
            self._preview.set_favorite(answer.photo_ids, answer.favorite)
            self._update()
            self.favorites_changed.emit()
        else:
            self._model.remember(answer.photos)
            waiting, self._then = self._then, []
            for serial, action in waiting:
                if serial == answer.serial:
                    self._again = action
                    action.trigger()
                    self._again = None
                elif serial > answer.serial:
                    self._then.append((serial, action))
            self._name_favorite()

    # What is chosen -----------------------------------------------------------------------------------------------

    @Slot()
    def _update(self) -> None:
        if self._preview.photo is not None and self._model.photo_of(self._preview.photo.id) is None:
            self._model.remember([self._preview.photo])
        count = self._grid.selected_count() if self._preview.photo_id is None else 1
        for action in self.all():
            action.setEnabled(count > 0)
        for action in (self.similar, self.preview, self.copy_image):
            action.setEnabled(count == 1)
        self.open.setEnabled(0 < count <= MOST_OPENED)
        has_photos = bool(self._model.photo_ids)
        self.slideshow.setEnabled(has_photos)
        self.select_all.setEnabled(has_photos and self._preview.photo_id is None)
        self.bar.show_count(self._grid.selected_count(), number(self._grid.selected_count(), self._language))
        self._name_favorite()
        if count:
            self._settled.start()

    def _name_favorite(self) -> None:
        ids = self.chosen_ids() if self._grid.selected_count() <= 1000 or self._preview.photo_id is not None else []
        photos = [self._model.photo_of(photo_id) for photo_id in ids]
        all_are = bool(photos) and all(photo is not None and photo.favorite for photo in photos)
        self.favorite.setText(self.tr("Quitar de favoritas") if all_are else self.tr("Marcar como favoritas"))
        self.favorite.setIconText(self.favorite.text())
        self.favorite.setIcon(self._theme.icon("star-filled" if all_are else "star"))

    @Slot()
    def _find_unknown(self) -> None:
        unknown = [photo_id for photo_id in self.chosen_ids() if self._model.path_of(photo_id) is None]
        if unknown:
            self._finding += 1
            self._photos.find(self._finding, unknown)

    def _chosen(self, action: QAction) -> list[Path]:
        """The chosen files; when one is not known yet, none, and ``action`` is done again once it is."""
        ids = self.chosen_ids()
        paths = [self._model.path_of(photo_id) for photo_id in ids]
        known = [path for path in paths if path is not None]
        if len(known) == len(ids) or self._again is action:
            return known  # the second time without those that the catalogue has forgotten
        self._find_unknown()
        self._then.append((self._finding, action))
        return []

    @Slot(QPoint)
    def _show_menu(self, place: QPoint) -> None:
        if self._grid.indexAt(place).isValid():
            self.make_menu().popup(self._grid.viewport().mapToGlobal(place))

    def make_menu(self) -> QMenu:
        """All that can be done with the chosen photos; it is gone once it is closed."""
        menu = QMenu(self._grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        last_of_group = (self.slideshow, self.folder, self.favorite, self.copy_path, self.sheet)
        for action in self.all():
            menu.addAction(action)
            if action is self.similar:
                menu.addActions([more for more in self._more if more.isVisible()])
            if action in last_of_group:
                menu.addSeparator()
        return menu

    # What is done -------------------------------------------------------------------------------------------------

    @Slot()
    def _search_similar(self) -> None:
        ids = self.chosen_ids()
        self._preview.leave()
        if ids:
            self.similar_wanted.emit(ids[0])

    @Slot()
    def _show_preview(self) -> None:
        if self._grid.selected_ids():
            self._grid.preview_wanted.emit(self._grid.selected_ids()[0])

    @Slot()
    def _start_slideshow(self) -> None:
        """From the current photo, or the first."""
        if self._preview.photo_id is None and self._model.photo_ids:
            current = self._grid.current_id()
            self._preview.open(self._model.photo_ids[0] if current is None else current)
        self._preview.start_slideshow()

    @Slot()
    def _open(self) -> None:
        for path in self._chosen(self.open)[:MOST_OPENED]:
            name = shown_path(path.name)
            if not DRIVES.says(path.parent, path.exists):
                self.failed.emit(self.tr("«{name}» no está donde estaba; conecta su disco.").format(name=name))
            elif not desktop.open_file(path):
                text = self.tr("El sistema no tiene con qué abrir «{name}»; instala un programa para esas fotos.")
                self.failed.emit(text.format(name=name))

    @Slot()
    def _show_in_folder(self) -> None:
        for path in self._chosen(self.folder)[:1]:
            name = shown_path(path.name)
            if not DRIVES.says(path.parent, path.parent.is_dir):
                self.failed.emit(self.tr("La carpeta de «{name}» no está; conecta su disco.").format(name=name))
            elif not desktop.show_in_folder(path):
                self.failed.emit(self.tr("El sistema no pudo mostrar la carpeta de «{name}».").format(name=name))

    @Slot()
    def _toggle_favorite(self) -> None:
        if self.chosen_ids():
            self._photos.toggle_favorite(self.chosen_ids())

    @Slot()
    def _copy(self) -> None:
        """The files at once; of a single photo also the picture, when it is loaded."""
        paths = self._chosen(self.copy)
        if not paths:
            return
        self._copied_paths = paths
        desktop.copy_files(paths)
        self._copying += 1
        self._copies_files = True
        if len(paths) == 1:
            self._pictures.copy(self._copying, self.chosen_ids()[0])

    @Slot()
    def _copy_image(self) -> None:
        """The picture alone, for programs that would take a file's name instead."""
        self._copying += 1
        self._copies_files = False
        for photo_id in self.chosen_ids()[:1]:
            self._pictures.copy(self._copying, photo_id)

    @Slot()
    def _copy_path(self) -> None:
        paths = self._chosen(self.copy_path)
        if paths:
            desktop.copy_text("\n".join(str(path) for path in paths))

    @Slot()
    def _copy_to(self) -> None:
        self._tasks.ask_where_to_copy(self.chosen_ids())

    @Slot()
    def _make_sheet(self) -> None:
        self._tasks.ask_about_sheet(self.chosen_ids(), self.sheet_title)

    @Slot()
    def _drag(self) -> None:
        """Those whose files are known: all, unless somebody is quicker than the lane."""
        ids = self._grid.selected_ids()
        paths = [path for photo_id in ids if (path := self._model.path_of(photo_id)) is not None]
        pictures = [self._model.thumbnail_of(photo_id) or QPixmap() for photo_id in ids[:_CARRIED]]
        drag_files(self._grid, paths, pictures, self._theme)

    # Building -----------------------------------------------------------------------------------------------------

    def _action(self, text: str, keys: str | QKeySequence.StandardKey, slot: object) -> QAction:
        action = QAction(text, self)
        action.setIconText(text)  # of buttons: Qt would leave the «…» out
        if keys:
            action.setShortcut(QKeySequence(keys))
            shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            action.setToolTip(f"{text.rstrip('…')} ({shown})")
        # only while the photos have the keyboard: Ctrl+C in the search bar copies words
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self._grid.addAction(action)
        return action

    @Slot()
    def _paint_icons(self) -> None:
        for action, name in (
            (self.similar, "similar"),
            (self.preview, "photo"),
            (self.slideshow, "play"),
            (self.open, "open"),
            (self.folder, "folder"),
            (self.favorite, "star"),
            (self.copy, "copy"),
            (self.copy_to, "folder-copy"),
            (self.sheet, "sheet"),
            (self.select_none, "close"),
        ):
            action.setIcon(self._theme.icon(name))
