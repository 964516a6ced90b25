"""Longer work with chosen photos: copying them to a folder and making a contact sheet; what is said meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Qt, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from photofinder.messages import counted, number, sentence, shown_path
from photofinder.ui import desktop
from photofinder.ui.contact_sheet import SheetPlan
from photofinder.ui.contact_sheet_dialog import ContactSheetDialog
from photofinder.ui.copy_lane import CopyLane, TaskPhase, TaskState
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.sheet_lane import SheetLane
from photofinder.ui.task_strip import TaskStrip
from photofinder.ui.theme import Theme


class PhotoTasks(QObject):
    """Asks where to, hands the work to its lane, and tells how it goes."""

    def __init__(
        self, copies: CopyLane, sheets: SheetLane, model: PhotoModel, theme: Theme, language: str, window: QWidget
    ) -> None:
        super().__init__(window)
        self._window = window
        self._copies = copies
        self._sheets = sheets
        self._model = model
        self._language = language
        self._copied_to = ""
        self._waiting: tuple[int, ...] = ()
        self._copy_state: TaskState | None = None
        self._sheet_state: TaskState | None = None
        self.sheet_dialog: ContactSheetDialog | None = None
        self.copy_strip = TaskStrip(theme)
        self.sheet_strip = TaskStrip(theme)
        self.copy_strip.cancelled.connect(copies.cancel)
        self.sheet_strip.cancelled.connect(sheets.cancel)
        self.copy_strip.opened.connect(self._open_copies)
        self.sheet_strip.opened.connect(self._open_sheet)

    # Copies -------------------------------------------------------------------------------------------------------

    def ask_where_to_copy(self, photo_ids: Sequence[int]) -> None:
        """Let the person choose a folder, then copy."""
        if not photo_ids:
            return
        self._waiting = tuple(photo_ids)
        dialog = QFileDialog(self._window, self.tr("¿A qué carpeta copio las fotos?"), self._copied_to or _home())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.setLabelText(QFileDialog.DialogLabel.Accept, self.tr("Copiar aquí"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._folder_chosen)
        dialog.open()

    @Slot(str)
    def _folder_chosen(self, folder: str) -> None:
        self._copied_to = folder
        self.copy_to(self._waiting, Path(folder))

    def copy_to(self, photo_ids: Sequence[int], folder: Path) -> None:
        """Copy photos; never over anything, never away from where they are."""
        self._copies.copy(photo_ids, folder)

    @Slot(object)
    def take_copying(self, state: TaskState) -> None:
        """How copying goes."""
        self._copy_state = state
        folder = shown_path(state.where.name or str(state.where))
        if state.phase is TaskPhase.RUNNING:
            text = self.tr("Copiando {n} de {total} a «{folder}»…")
            at = min(state.done + state.failed + 1, state.total)
            self.copy_strip.show_running(
                text.format(n=self._n(at), total=self._n(state.total), folder=folder), state.share
            )
            return
        done = counted(state.done, self.tr("foto copiada"), self.tr("fotos copiadas"), self._language)
        if state.phase is TaskPhase.CANCELLED:
            text = self.tr("Copia detenida: {done} de {total} a «{folder}».")
            text = text.format(done=done, total=self._n(state.total), folder=folder)
        elif state.phase is TaskPhase.FAILED:
            text = self._reason(state)
            if state.done:
                text += " " + self.tr("Antes: {done}.").format(done=done)
        else:
            text = self.tr("{done} a «{folder}».").format(done=done, folder=folder)
            text += self._failures(state)
        self.copy_strip.show_end(text, self.tr("Abrir la carpeta") if state.done else "")

    @Slot()
    def _open_copies(self) -> None:
        if self._copy_state is not None:
            desktop.open_file(self._copy_state.where)

    # Contact sheets -----------------------------------------------------------------------------------------------

    def ask_about_sheet(self, photo_ids: Sequence[int], title: str) -> None:
        """Let the person choose how the sheet looks and where it goes, then make it."""
        if not photo_ids:
            return
        dialog = ContactSheetDialog(tuple(photo_ids), title, self._model, self._language, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.wanted.connect(self._sheet_wanted)
        dialog.destroyed.connect(self._forget_dialog)
        self.sheet_dialog = dialog
        dialog.open()

    @Slot(object, object, object)
    def _sheet_wanted(self, photo_ids: tuple[int, ...], plan: SheetPlan, path: Path) -> None:
        self._sheets.make(photo_ids, plan, path)

    @Slot()
    def _forget_dialog(self) -> None:
        self.sheet_dialog = None

    @Slot(object)
    def take_sheet(self, state: TaskState) -> None:
        """How a contact sheet goes."""
        self._sheet_state = state
        name = shown_path(state.where.name)
        if state.phase is TaskPhase.RUNNING:
            text = self.tr("Preparando la hoja de contactos: foto {n} de {total}…")
            at = min(state.done + state.failed + 1, state.total)
            self.sheet_strip.show_running(text.format(n=self._n(at), total=self._n(state.total)), state.share)
            return
        if state.phase is TaskPhase.CANCELLED:
            self.sheet_strip.show_end(self.tr("Hoja de contactos cancelada: no se ha guardado nada."))
        elif state.phase is TaskPhase.FAILED:
            self.sheet_strip.show_end(self._reason(state))
        else:
            text = self.tr("Hoja de contactos guardada: «{name}».").format(name=name) + self._failures(state)
            self.sheet_strip.show_end(text, self.tr("Abrir"))

    @Slot()
    def _open_sheet(self) -> None:
        if self._sheet_state is not None:
            desktop.open_file(self._sheet_state.where)

    # Words --------------------------------------------------------------------------------------------------------

    def _reason(self, state: TaskState) -> str:
        return "" if state.error is None else sentence(state.error, self._language)

    def _failures(self, state: TaskState) -> str:
        """Why some photos are not there; nothing when all are."""
        if not state.failed or state.first_error is None:
            return ""
        if state.failed == 1:
            return " " + sentence(state.first_error, self._language)
        text = self.tr("{n} no se pudieron leer; la primera: {reason}")
        return " " + text.format(n=self._n(state.failed), reason=sentence(state.first_error, self._language))

    def _n(self, value: int) -> str:
        return number(value, self._language)


def _home() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.HomeLocation)
