"""Holds the settings while the window is open: shows the dialog, keeps what is chosen and makes it so."""

from __future__ import annotations

import logging
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from photofinder.errors import PhotoFinderError
from photofinder.messages import sentence
from photofinder.paths import DataPaths
from photofinder.seasons import summer_in_january
from photofinder.settings import Settings, save_settings
from photofinder.ui.comparison_control import ComparisonControl
from photofinder.ui.folder_care import FolderCare
from photofinder.ui.folder_lane import FolderLane
from photofinder.ui.index_lane import IndexLane, ThumbnailsGone
from photofinder.ui.settings_dialog import SettingsDialog
from photofinder.ui.theme import Theme

_log = logging.getLogger(__name__)
_ABOUT = -1


class SettingsControl(QObject):
    """Joins the settings with theme, lanes and dialog."""

    failed = Signal(str)
    """A sentence for the notice."""
    language_chosen = Signal(str)
    wipe_wanted = Signal()
    southern = Signal(bool)
    """Whether summer is in January."""
    objects = Signal(bool)
    """Whether photos are to be made ready for «the same object»."""

    def __init__(
        self,
        settings: Settings,
        paths: DataPaths,
        language: str,
        *,
        theme: Theme,
        index: IndexLane,
        folders: FolderLane,
        care: FolderCare,
        comparing: ComparisonControl,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self.settings = settings
        self._paths = paths
        self._language = language
        self._theme = theme
        self._index = index
        self._folders = folders
        self._care = care
        self._comparing = comparing
        self._window = window
        self.dialog: SettingsDialog | None = None
        """While it is open."""

    def apply(self) -> None:
        """Make what is chosen so."""
        chosen = self.settings
        self._theme.choose(chosen.appearance)
        self._theme.set_text_scale(chosen.text_scale)
        self._index.configure(pause_on_battery=chosen.pause_on_battery, threads=max(0, chosen.threads))
        self._care.set_watching(chosen.watch_folders)
        self._comparing.apply(chosen)
        self.southern.emit(summer_in_january(chosen.seasons))
        self.objects.emit(chosen.prepare_objects)

    def save(self, **more: object) -> None:
        """Write the settings, with ``more`` of them changed, unless they are as in the file."""
        settings = replace(self.settings, **more)  # type: ignore[arg-type]
        if settings != self.settings:
            self._write(settings)

    @Slot(bool)
    def choose_objects(self, wanted: bool) -> None:
        """Photos are, or are not, to be made ready for «the same object» from now on."""
        self.save(prepare_objects=wanted)

    @Slot()
    def open(self) -> None:
        """Show the dialog."""
        self._open(0)

    @Slot()
    def open_about(self) -> None:
        """Show who we are."""
        self._open(_ABOUT)

    def _open(self, section: int) -> None:
        if self.dialog is None:
            dialog = SettingsDialog(self.settings, self._paths, self._language, self._window)
            dialog.changed.connect(self._changed)
            dialog.language_chosen.connect(self.language_chosen)
            dialog.thumbnails_unwanted.connect(self._index.clear_thumbnails)
            dialog.everything_unwanted.connect(self.wipe_wanted)
            dialog.destroyed.connect(self._forget)
            self._comparing.attend(dialog.similar_page)
            self.dialog = dialog
            self._folders.measure()
        self.dialog.show_section(section)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    @Slot(object)
    def take(self, event: object) -> None:
        """What the lane of the folders says."""
        if self.dialog is not None:
            self.dialog.take(event)

    @Slot(object)
    def take_analysis(self, event: object) -> None:
        """What the lane that analyses says: once the cache is empty, it is measured again."""
        if isinstance(event, ThumbnailsGone) and self.dialog is not None:
            self._folders.measure()

    @Slot(object)
    def _changed(self, settings: Settings) -> None:
        self._write(settings)
        self.apply()

    def _write(self, settings: Settings) -> None:
        self.settings = settings
        try:
            save_settings(self._paths.settings, settings)
        except PhotoFinderError as error:
            _log.warning("settings are not saved", exc_info=True)
            self.failed.emit(sentence(error, self._language))

    @Slot()
    def _forget(self) -> None:
        self.dialog = None
