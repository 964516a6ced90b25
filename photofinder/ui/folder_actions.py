"""What the person does with folders: choose, add, remove, leave out, analyse again, and see what failed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QWidget

from photofinder.library.answering import DRIVES
from photofinder.library.catalog import Folder, Photo
from photofinder.messages import number, shown_path
from photofinder.ui import desktop
from photofinder.ui.exclude_dialog import ExcludeDialog
from photofinder.ui.failures_dialog import FailuresDialog
from photofinder.ui.folder_care import FolderCare
from photofinder.ui.folder_lane import FolderLane, FoldersSeen
from photofinder.ui.folders_panel import FoldersPanel
from photofinder.ui.index_lane import IndexLane, Phase, Progress
from photofinder.ui.search_lane import Failures, Library, SearchLane


class FolderActions(QObject):
    """Joins the folders panel with the lanes; owns the dialogs about folders."""

    failed = Signal(str)
    """A sentence for the notice."""

    def __init__(
        self,
        panel: FoldersPanel,
        index: IndexLane,
        search: SearchLane,
        folders: FolderLane,
        language: str,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._panel = panel
        self._index = index
        self._search = search
        self._lane = folders
        self._language = language
        self._window = window
        self._failures: FailuresDialog | None = None
        self._failures_of: Folder | None = None
        self._failures_wanted = False
        self.question: QMessageBox | None = None
        """«Remove?», while it is asked."""
        self.exclude_dialog: ExcludeDialog | None = None
        """The editor of patterns, while it is open."""
        self.care = FolderCare(folders, self)
        self.care.analysis_wanted.connect(self._analyse_quietly)
        self.care.drives_changed.connect(search.refresh)
        self.care.limit_reached.connect(self._tell_limit)
        panel.add_wanted.connect(self.choose)
        panel.remove_wanted.connect(self.ask_to_remove)
        panel.show_wanted.connect(self._show)
        panel.analyse_wanted.connect(self._analyse)
        panel.exclude_wanted.connect(self.edit_excludes)
        panel.move_wanted.connect(self.choose_new_place)
        panel.failures_wanted.connect(self.ask_for_failures)

    @property
    def failures_dialog(self) -> FailuresDialog | None:
        """The list of unreadable photos, when it is open."""
        return self._failures

    # What the lanes say --------------------------------------------------------------------------------------------

    def take_library(self, library: Library) -> None:
        """What the catalogue holds now."""
        self._panel.set_folders(library.folders, library.by_folder)
        self.care.set_folders(library.folders)

    def take_progress(self, progress: Progress) -> None:
        """How the analysis goes: at its end, an open list of failures is brought up to date."""
        self._panel.show_progress(progress)
        self.care.take_progress(progress)
        if progress.phase in (Phase.FINISHED, Phase.STOPPED, Phase.REFUSED) and self._failures is not None:
            self._search.failures()

    @Slot(object)
    def take_folder_event(self, event: object) -> None:
        """What the lane of the folders says."""
        self.care.take(event)
        if isinstance(event, FoldersSeen):
            self._panel.set_silent(event.silent)
        if self.exclude_dialog is not None:
            self.exclude_dialog.take(event)

    @Slot(object)
    def _analyse_quietly(self, folder_ids: frozenset[int]) -> None:
        self._index.start_folders(folder_ids, quiet=True)

    @Slot()
    def _tell_limit(self) -> None:
        self.failed.emit(
            self.tr(
                "El sistema no deja vigilar tantas carpetas; PhotoFinder mirará cada cuarto de hora si hay"
                " fotos nuevas."
            )
        )

    # Add, remove ---------------------------------------------------------------------------------------------------

    @Slot()
    def choose(self) -> None:
        """Ask for a folder, then add it."""
        dialog = QFileDialog(self._window, self.tr("Elige una carpeta de fotos"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._selected)
        dialog.open()

    @Slot(str)
    def _selected(self, path: str) -> None:
        self._index.add_folder(Path(path))

    @Slot(object)
    def ask_to_remove(self, folder: Folder) -> None:
        """Remove a folder from the catalogue, once the person says yes."""
        name = shown_path(folder.path.name or str(folder.path))
        photos = self._panel.counts_of(folder).photos
        box = QMessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Quitar una carpeta"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(self.tr("¿Quitar «{folder}» del catálogo?").format(folder=name))
        many = self.tr(
            "Tus {n} fotos siguen en su sitio, sin cambios. PhotoFinder deja de buscar en ellas y olvida lo que"
            " analizó."
        )
        few = self.tr("Tus archivos siguen en su sitio, sin cambios. PhotoFinder olvida lo que analizó de ellos.")
        box.setInformativeText(many.format(n=number(photos, self._language)) if photos > 1 else few)
        yes = box.addButton(self.tr("&Quitar"), QMessageBox.ButtonRole.DestructiveRole)
        no = box.addButton(self.tr("&Cancelar"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(no)
        box.setEscapeButton(no)
        yes.clicked.connect(self._remove)
        box.destroyed.connect(self._forget_question)
        self.question, self._to_remove = box, folder
        box.open()

    @Slot()
    def _remove(self) -> None:
        self._index.remove_folder(self._to_remove)

    @Slot()
    def _forget_question(self) -> None:
        self.question = None

    @Slot(object)
    def _show(self, folder: Folder) -> None:
        there = DRIVES.says(folder.path, folder.path.is_dir)
        if not there or not desktop.open_file(folder.path):
            self.failed.emit(self.tr("El sistema no pudo abrir la carpeta; ábrela con el gestor de archivos."))

    @Slot(object)
    def _analyse(self, folder: Folder) -> None:
        self._index.start_folders([folder.id], retry=True)

    @Slot(object)
    def choose_new_place(self, folder: Folder) -> None:
        """Ask where a folder is now; its photos are not analysed again."""
        dialog = QFileDialog(self._window, self.tr("¿Dónde está ahora esta carpeta?"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._to_move = folder
        dialog.fileSelected.connect(self.move_chosen)
        dialog.open()

    @Slot(str)
    def move_chosen(self, path: str) -> None:
        """The folder that was asked about is there."""
        folder = self._to_move
        self._index.change_folder(folder, lambda catalog: catalog.move_folder(folder.id, Path(path)))

    # Leave out -----------------------------------------------------------------------------------------------------

    @Slot(object)
    def edit_excludes(self, folder: Folder) -> None:
        """Open the editor of what is left out."""
        if self.exclude_dialog is not None:
            self.exclude_dialog.close()
        dialog = ExcludeDialog(folder, self._lane, self._language, self._window)
        dialog.chosen.connect(self._set_exclude)
        dialog.destroyed.connect(self._forget_exclude)
        self.exclude_dialog = dialog
        dialog.open()

    @Slot(object, object)
    def _set_exclude(self, folder: Folder, patterns: tuple[str, ...]) -> None:
        self._index.change_folder(folder, lambda catalog: catalog.set_exclude(folder.id, patterns))

    @Slot()
    def _forget_exclude(self) -> None:
        if not _alive(self.exclude_dialog):
            self.exclude_dialog = None

    # What could not be read ----------------------------------------------------------------------------------------

    @Slot()
    def ask_for_all_failures(self) -> None:
        """Open the list of what could not be read, of all folders."""
        self._failures_of, self._failures_wanted = None, True
        self._search.failures()

    @Slot(object)
    def ask_for_failures(self, folder: Folder) -> None:
        """The same, of one folder."""
        self._failures_of, self._failures_wanted = folder, True
        self._search.failures()

    def take_failures(self, failures: Failures) -> None:
        """The photos that could not be read: open the list, or bring it up to date."""
        if not self._failures_wanted:
            if self._failures is not None:
                self._failures.set_photos(failures.photos)
            return
        self._failures_wanted = False
        if self._failures is not None:
            self._failures.close()
        dialog = FailuresDialog(failures.photos, self._language, self._window, folder=self._failures_of)
        dialog.retry_wanted.connect(self._retry)
        dialog.destroyed.connect(self._forget_failures)
        self._failures = dialog
        dialog.show()

    @Slot(object)
    def _retry(self, photos: tuple[Photo, ...] | None) -> None:
        self._index.retry_failures(photos)

    @Slot()
    def _forget_failures(self) -> None:
        if not _alive(self._failures):
            self._failures = None


def _alive(dialog: QDialog | None) -> bool:
    """Whether a dialog is another one than that which was just destroyed: they may be opened in a row."""
    from shiboken6 import isValid

    return dialog is not None and isValid(dialog)
