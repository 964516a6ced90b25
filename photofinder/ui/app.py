"""Builds the window with its lanes, starts them, and takes everything down again."""

from __future__ import annotations

import logging
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from photofinder.errors import PhotoFinderError
from photofinder.library.decoder import Decoder
from photofinder.messages import detect_language, sentence
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths, pictures_folder
from photofinder.settings import load_settings, save_settings
from photofinder.ui.battery import Battery
from photofinder.ui.folder_lane import FolderLane
from photofinder.ui.index_lane import IndexLane
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.main_window import Lanes, MainWindow
from photofinder.ui.model_source import ModelSource
from photofinder.ui.picture_lane import PictureLane
from photofinder.ui.search_lane import Library, LibraryFailed, SearchLane
from photofinder.ui.theme import Theme, app_icon
from photofinder.ui.thumbnail_loader import ThumbnailLoader
from photofinder.ui.translation import Translation

CLOSING_S = 2.8
"""How long closing waits for the lanes; after 1.2 s of it the process that decodes a slow photo is killed."""
_PATIENCE_S = 1.2
_log = logging.getLogger(__name__)


class Session(QObject):
    """The object graph of one running window."""

    def __init__(
        self,
        app: QApplication,
        paths: DataPaths,
        pack: Pack | None = None,
        *,
        theme: str | None = None,
        language: str | None = None,
        pictures: Path | None = None,
        battery: Battery | None = None,
        watch: bool | None = None,
    ) -> None:
        """``theme`` (``"dark"``, ``"light"``) and ``language`` (``"es"``, ``"en"``) instead of those chosen or found.

        ``pictures``: the folder to propose at the first launch, or None. ``battery`` and ``watch`` (whether folders
        are watched) instead of the machine's and the chosen one (tests, pictures of the documentation).
        """
        super().__init__()
        self._app = app
        self._paths = paths
        self._first_folder: Path | None = None
        self._started = False
        self._closed = False
        self.exit_code = 0
        self.settings = load_settings(paths.settings)
        self.language = language or detect_language(self.settings.language)
        self._translation = Translation(app, self.language)
        self.theme = Theme(app, theme)
        self.dispatcher = Dispatcher()
        self._decoder = Decoder(workers=2)
        models = ModelSource(pack)
        self.lanes = Lanes(
            index=IndexLane(paths, models, self.dispatcher, battery),
            folders=FolderLane(paths, self.dispatcher),
            search=SearchLane(paths, models, self._decoder, self.dispatcher),
            pictures=PictureLane(paths, self._decoder, self.dispatcher),
            thumbnails=ThumbnailLoader(paths, self._decoder, self.dispatcher),
        )
        self.window = MainWindow(self.lanes, self.dispatcher, self.theme, self.settings, self.language, pictures)
        self._watch = watch
        self._apply_settings()
        self.failure_dialog: QMessageBox | None = None
        self.dispatcher.library.connect(self._first_library)
        self.window.closing.connect(self.close)

    def _apply_settings(self) -> None:
        """What can change while the window is open."""
        chosen = self.settings
        self.lanes.index.configure(pause_on_battery=chosen.pause_on_battery, threads=max(0, chosen.threads))
        self.window.folder_actions.care.set_watching(chosen.watch_folders if self._watch is None else self._watch)

    def start(self, folder: Path | None = None) -> None:
        """Show the window, then ask for the library; ``folder`` is added to the catalogue once that is open."""
        self._first_folder = folder
        self.window.show()
        self.lanes.search.open()

    @Slot(object)
    def _first_library(self, answer: object) -> None:
        """The catalogue is open: analyse what is new. Or it cannot be used, and that is the end."""
        if isinstance(answer, LibraryFailed) and answer.fatal:
            self._give_up(answer.error)
        elif isinstance(answer, Library) and not self._started:
            self._started = True
            if self._first_folder is not None:
                self.lanes.index.add_folder(self._first_folder)
            elif answer.folders:
                self.lanes.index.start()

    def _give_up(self, error: PhotoFinderError | OSError) -> None:
        """Say the one sentence, then end with exit code 1."""
        _log.error("cannot start: %s", error)
        self.exit_code = 1
        self.lanes.index.stop()
        if self.failure_dialog is not None:
            return
        self.failure_dialog = QMessageBox(self.window)
        self.failure_dialog.setIcon(QMessageBox.Icon.Warning)
        self.failure_dialog.setWindowTitle("PhotoFinder")
        self.failure_dialog.setText(sentence(error, self.language))
        self.failure_dialog.setStandardButtons(QMessageBox.StandardButton.Close)
        self.failure_dialog.finished.connect(self._leave)
        self.failure_dialog.open()

    @Slot()
    def _leave(self) -> None:
        self.window.close()
        self._app.exit(self.exit_code)

    @Slot()
    def close(self) -> bool:
        """Hide, cancel, join within three seconds, close the databases. Whether every thread ended; once is enough."""
        if self._closed:
            return True
        self._closed = True
        self._save_settings()
        self.window.hide()
        self.dispatcher.close()
        self.window.folder_actions.care.stop()
        lanes = [
            self.lanes.search.lane,
            self.lanes.pictures.lane,
            self.lanes.folders.lane,
            *self.lanes.thumbnails.lanes,
        ]
        self.lanes.index.stop()
        for lane in lanes:
            lane.stop()
        lanes.append(self.lanes.index.lane)
        started = time.monotonic()
        ended = [lane.join(started + _PATIENCE_S) for lane in lanes]
        if not all(ended):
            self._decoder.close()
            self.lanes.index.abandon()
            ended = [lane.join(started + CLOSING_S) for lane in lanes]
        self._decoder.close()
        self._translation.remove()
        for lane, has_ended in zip(lanes, ended, strict=True):
            if not has_ended:
                _log.warning("lane %s still runs", lane.name)
        self.all_ended = all(ended)
        return self.all_ended

    all_ended = True
    """After ``close``: whether every thread is gone."""

    def _save_settings(self) -> None:
        settings = replace(
            self.settings,
            thumbnail_side=self.window.size_slider.value(),
            window_geometry=self.window.geometry_text(),
        )
        if settings != self.settings:
            try:
                save_settings(self._paths.settings, settings)
            except PhotoFinderError:
                _log.warning("settings are not saved", exc_info=True)  # not worth keeping the person here


def _log_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What escapes from a slot: Qt goes on, and a windowed program has no stderr to print to."""
    _log.error("in the window", exc_info=(kind, error, trace))


def run(paths: DataPaths, folder: Path | None = None, pack: Pack | None = None) -> int:
    """Show the window until it is closed; the exit code (1 when catalogue or pack cannot be used)."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("PhotoFinder")
    app.setDesktopFileName("photofinder")
    app.setWindowIcon(app_icon())
    pictures = pictures_folder()
    session = Session(app, paths, pack, pictures=pictures if pictures.is_dir() else None)
    sys.excepthook = _log_bug
    session.start(folder)
    code = app.exec() or session.exit_code
    session.close()
    if not session.all_ended:
        # A thread is inside someone else's code (importing torch, a dead network drive). Everything of ours is
        # committed; ending the interpreter under that thread could crash, so it is not ended but left.
        logging.shutdown()
        os._exit(code)
    return code
