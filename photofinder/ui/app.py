"""Builds the window with its lanes, starts them, and takes everything down again."""

from __future__ import annotations

import gc
import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QMessageBox

from photofinder.errors import PhotoFinderError
from photofinder.library.answering import DRIVES
from photofinder.library.decoder import Decoder
from photofinder.library.own_data import delete_all
from photofinder.messages import ENGLISH, SPANISH, detect_language, sentence
from photofinder.model.pack import Pack
from photofinder.model.packs import fallback_sentence
from photofinder.paths import DataPaths, pictures_folder
from photofinder.rescue import rescued_sentence
from photofinder.settings import load_settings
from photofinder.ui.album_lane import AlbumLane
from photofinder.ui.album_tools import AlbumTools
from photofinder.ui.battery import Battery
from photofinder.ui.comparison_control import ComparisonControl
from photofinder.ui.copy_lane import CopyLane
from photofinder.ui.damage import CatalogRescued, DamageCare
from photofinder.ui.descriptor_lane import DescriptorLane
from photofinder.ui.duplicates_view import DuplicatesView
from photofinder.ui.folder_lane import FolderLane
from photofinder.ui.garbage import GarbageCollection
from photofinder.ui.index_lane import IndexLane
from photofinder.ui.jobs import SWITCH_S, Dispatcher, Lane
from photofinder.ui.main_menu import MainMenu
from photofinder.ui.main_window import Lanes, MainWindow
from photofinder.ui.model_source import ModelSource
from photofinder.ui.object_lane import ObjectLane
from photofinder.ui.object_preparation import ObjectPreparation
from photofinder.ui.photo_lane import PhotoLane
from photofinder.ui.picture_lane import PictureLane
from photofinder.ui.search_lane import Library, LibraryFailed, PackReplaced, SearchLane
from photofinder.ui.settings_control import SettingsControl
from photofinder.ui.sheet_lane import SheetLane
from photofinder.ui.theme import Theme, app_icon
from photofinder.ui.thumbnail_loader import ThumbnailLoader
from photofinder.ui.tidy_lane import TidyLane
from photofinder.ui.translation import Translation
from photofinder.ui.why_lane import WhyLane

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
        mend: bool = False,
    ) -> None:
        """``theme`` (``"dark"``, ``"light"``) and ``language`` (``"es"``, ``"en"``) instead of those chosen or found.

        ``pictures``: the folder to propose at the first launch, or None. ``battery`` and ``watch`` (whether folders
        are watched) instead of the machine's and the chosen one (tests, pictures of the documentation). ``mend``:
        the catalogue is damaged, and is recovered first.
        """
        super().__init__()
        self._app = app
        self._paths = paths
        self._first_folder: Path | None = None
        self._started = False
        self._closed = False
        self.exit_code = 0
        self._garbage = GarbageCollection(self)
        self.settings = load_settings(paths.settings)
        self.language = language or detect_language(self.settings.language)
        self._translation = Translation(app, self.language)
        self.theme = Theme(app, theme)
        self.dispatcher = Dispatcher()
        self._decoder = Decoder(workers=2)
        models = ModelSource(pack, paths)
        self._pack_lane = Lane("pack", on_crash=lambda crash: self.dispatcher.post("crashed", crash))
        self.lanes = Lanes(
            index=IndexLane(paths, models, self.dispatcher, battery),
            folders=FolderLane(paths, self.dispatcher, models),
            search=SearchLane(paths, models, self._decoder, self.dispatcher),
            pictures=PictureLane(paths, self._decoder, self.dispatcher),
            thumbnails=ThumbnailLoader(paths, self._decoder, self.dispatcher),
            photos=PhotoLane(paths, self.dispatcher),
            copies=CopyLane(paths, self.dispatcher),
            sheets=SheetLane(paths, self._decoder, self.language, self.dispatcher),
            why=WhyLane(paths, models, self._decoder, self.dispatcher),
            tidy=TidyLane(paths, self._decoder, self.dispatcher),
        )
        # while the window is built: reading files and asking SQLite keep neither the core nor Python's lock
        self._pack_lane.submit(models.read_ahead)
        self.lanes.search.open(mend=mend)
        self.descriptors = DescriptorLane(paths, self.dispatcher)
        self.window = MainWindow(self.lanes, self.dispatcher, self.theme, self.settings, self.language, pictures)
        self.album_lane = AlbumLane(paths, models, self.dispatcher)
        self.albums = AlbumTools(self.window, self.album_lane, self.dispatcher, self.theme, self.language)
        self.window.preview.slideshow.set_seconds(self.settings.slideshow_seconds)
        self.again = False
        """Whether a new session is wanted in the place of this one, in ``next_language`` if that is given."""
        self.next_language: str | None = None
        self.wipe = False
        """Whether all our data is to be deleted first."""
        self.mend = False
        """Whether the catalogue is to be recovered first."""
        self.damage = DamageCare(self.dispatcher, self.window.notice, self)
        self.damage.mend_wanted.connect(self._mend_all)
        self.control = self._make_control(watch)
        self.menu = MainMenu(self.window, self.window.top.menu_button, self.theme)
        self.menu.settings_wanted.connect(self.control.open)
        self.menu.about_wanted.connect(self.control.open_about)
        self.menu.add_folder_wanted.connect(self.window.folder_actions.choose)
        self.duplicates = DuplicatesView(self.window, self.lanes.tidy, self.dispatcher, self.theme, self.language)
        self.menu.duplicates_wanted.connect(self.duplicates.open)
        self.menu.search_wanted.connect(self.window.search.search_only_text)
        self.dispatcher.analysis.connect(self.duplicates.take_analysis)
        self.object_lane = ObjectLane(paths, self._decoder, self.dispatcher, battery)
        self.objects = ObjectPreparation(
            self.window, self.object_lane, self.dispatcher, self.theme, self.language,
            wanted=self.settings.prepare_objects,
        )  # fmt: skip
        self.objects.chosen.connect(self.control.choose_objects)
        self.control.objects.connect(self._configure_objects)
        self._configure_objects(self.settings.prepare_objects)
        self.failure_dialog: QMessageBox | None = None
        self.dispatcher.library.connect(self._first_library)
        self.window.closing.connect(self.close)

    def _make_control(self, watch: bool | None) -> SettingsControl:
        actions = self.window.folder_actions
        control = SettingsControl(
            self.settings,
            self._paths,
            self.language,
            theme=self.theme,
            index=self.lanes.index,
            folders=self.lanes.folders,
            care=actions.care,
            comparing=self._make_comparing(),
            window=self.window,
        )
        control.southern.connect(self.window.tools.set_southern)
        self.window.tools.seasons_changed.connect(self.window.search.repeat)
        control.apply()
        if watch is not None:
            actions.care.set_watching(watch)
        control.failed.connect(actions.failed)
        control.language_chosen.connect(self._change_language)
        control.wipe_wanted.connect(self._wipe_all)
        self.dispatcher.folders.connect(control.take)
        self.dispatcher.analysis.connect(control.take_analysis)
        return control

    @Slot(bool)
    def _configure_objects(self, wanted: bool) -> None:
        self.object_lane.configure(pause_on_battery=self.control.settings.pause_on_battery)
        self.objects.set_wanted(wanted)

    def _make_comparing(self) -> ComparisonControl:
        control = ComparisonControl(self.descriptors, self.lanes.index, self.lanes.search, self)
        self.dispatcher.descriptors.connect(control.take)
        self.dispatcher.analysis.connect(control.take_analysis)
        return control

    @Slot(str)
    def _change_language(self, chosen: str) -> None:
        """Texts are read when widgets are made: make them anew."""
        self.again = True
        self.next_language = chosen if chosen in (SPANISH, ENGLISH) else detect_language()
        self.window.close()

    @Slot()
    def _mend_all(self) -> None:
        self.again = self.mend = True
        self.window.close()

    @Slot()
    def _wipe_all(self) -> None:
        self.again = self.wipe = True
        self.window.close()

    def start(self, folder: Path | None = None) -> None:
        """Show the window; the library, asked for already, comes to it. ``folder`` is added to the catalogue then."""
        self._first_folder = folder
        self.window.show()

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
        elif isinstance(answer, CatalogRescued):
            self.window.notice.say(rescued_sentence(answer.found, self.language), warning=True)
        elif isinstance(answer, PackReplaced):
            self.window.notice.say(fallback_sentence(answer.problem, self.language), warning=True)

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
        self.failure_dialog.setTextFormat(Qt.TextFormat.PlainText)
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
            self._pack_lane,
            self.lanes.search.lane,
            self.lanes.pictures.lane,
            self.lanes.folders.lane,
            self.lanes.photos.lane,
            self.lanes.copies.lane,
            self.lanes.sheets.lane,
            self.lanes.why.lane,
            self.album_lane.lane,
            self.lanes.tidy.lane,
            self.object_lane.lane,
            self.descriptors.lane,
            self.descriptors.fetching,
            *self.lanes.thumbnails.lanes,
        ]
        self.lanes.index.stop()
        self.lanes.copies.stop()
        self.lanes.sheets.stop()
        self.lanes.tidy.stop()
        self.object_lane.stop()
        self.descriptors.stop()
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
        self.not_wiped = self.tr(
            "No se ha borrado nada, porque una tarea no llegó a terminar; abre PhotoFinder y bórralo todo otra vez."
        )
        self._translation.remove()
        QPixmapCache.clear()  # the icons of this window, 70 KB; the next one draws its own
        if self.wipe and all(ended):
            delete_all(self._paths)
        for lane, has_ended in zip(lanes, ended, strict=True):
            if not has_ended:
                _log.warning("lane %s still runs", lane.name)
        self.all_ended = all(ended)
        self._garbage.end()
        return self.all_ended

    not_wiped = ""
    """After ``close``: what to say when all data was to be deleted and a thread would not end."""
    all_ended = True
    """After ``close``: whether every thread is gone."""

    def _save_settings(self) -> None:
        self.control.save(
            thumbnail_side=self.window.size_slider.value(),
            window_geometry=self.window.geometry_text(),
            result_order=self.window.results.order,
            slideshow_seconds=self.window.preview.slideshow.seconds,
        )


def _log_bug(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What escapes from a slot: Qt goes on, and a windowed program has no stderr to print to."""
    _log.error("in the window", exc_info=(kind, error, trace))


def run(
    paths: DataPaths,
    folder: Path | None = None,
    pack: Pack | None = None,
    *,
    language: str | None = None,
    notice: str = "",
    watch: Callable[[Session], object] | None = None,
) -> int:
    """Show the window until it is closed; the exit code (1 when catalogue or pack cannot be used).

    Another language, or a catalogue that begins anew, is another session in the same program. ``watch`` is given every
    session before it shows its window. ``notice``: what the first window says when it opens.
    """
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    app.setApplicationName("PhotoFinder")
    app.setDesktopFileName("photofinder")
    app.setWindowIcon(app_icon())
    pictures, mend = pictures_folder(), False
    sys.excepthook = _log_bug
    sys.setswitchinterval(SWITCH_S)
    while True:
        proposed = pictures if DRIVES.says(pictures, pictures.is_dir) else None
        session = Session(app, paths, pack, pictures=proposed, language=language, mend=mend)
        if watch is not None:
            watch(session)
        session.start(folder)
        if notice:
            session.window.notice.say(notice, warning=True)
            notice = ""
        gc.freeze()  # modules and widgets stay: looking through them for garbage would stop the window now and then
        code = app.exec() or session.exit_code
        session.close()
        if not session.again or not session.all_ended:
            break
        folder, mend = None, session.mend
        language = session.next_language or (language if not session.wipe else None)
        session.window.deleteLater()  # it and its parts hold one another: 24 MB for each change of language
        session.deleteLater()
        gc.unfreeze()  # parts of the window before this one hold one another: the collector has to look at them
        gc.collect()
    if session.wipe and not session.all_ended:
        QMessageBox.warning(None, "PhotoFinder", session.not_wiped)
    if not session.all_ended:
        # A thread is inside someone else's code (importing torch, a dead network drive). Everything of ours is
        # committed; ending the interpreter under that thread could crash, so it is not ended but left.
        logging.shutdown()
        os._exit(code)
    return code
