"""The window: search bar above, folders beside, photos in the middle, analysis below."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QByteArray, QCoreApplication, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from photofinder.messages import sentence
from photofinder.settings import Settings
from photofinder.ui.copy_lane import CopyLane
from photofinder.ui.dragdrop import interpret, may_be_of_use
from photofinder.ui.drop_actions import DropActions
from photofinder.ui.failures_dialog import FailuresDialog
from photofinder.ui.folder_actions import FolderActions
from photofinder.ui.folder_lane import FolderLane
from photofinder.ui.folders_panel import FoldersPanel
from photofinder.ui.index_lane import FolderAdded, FolderRefused, IndexLane, Phase, Progress, ThumbnailsGone
from photofinder.ui.jobs import Crashed, Dispatcher
from photofinder.ui.listed_keys import listed_key
from photofinder.ui.pages import DropVeil, EmptyPage, FirstFocus, WelcomePage
from photofinder.ui.photo_actions import PhotoActions
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_lane import PhotoLane
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.photo_tasks import PhotoTasks
from photofinder.ui.picture_lane import PictureLane
from photofinder.ui.preview import Preview
from photofinder.ui.progress_area import ProgressArea
from photofinder.ui.result_tools import ResultParts, ResultTools
from photofinder.ui.search_controller import SearchController
from photofinder.ui.search_lane import Failures, Library, LibraryFailed, SearchFailed, SearchLane
from photofinder.ui.search_tools import SearchTools
from photofinder.ui.sheet_lane import SheetLane
from photofinder.ui.theme import Theme, app_icon
from photofinder.ui.thumbnail_loader import ThumbnailLoader
from photofinder.ui.tidy_lane import TidyLane
from photofinder.ui.top_bar import Header, TopBar
from photofinder.ui.why_lane import WhyLane

REFRESH_MS = 1200
"""While photos are analysed the grid follows this calmly."""
NARROW = 860
"""Width in logical pixels below which the photos need the room of the folders."""


@dataclass(frozen=True, slots=True, eq=False)
class Lanes:
    """The threads, as the window knows them."""

    index: IndexLane
    search: SearchLane
    pictures: PictureLane
    thumbnails: ThumbnailLoader
    folders: FolderLane
    photos: PhotoLane
    copies: CopyLane
    sheets: SheetLane
    why: WhyLane
    tidy: TidyLane


class MainWindow(QMainWindow):
    """Everything that is seen. It never opens a photo, never asks SQLite, never calls torch: the lanes do."""

    closing = Signal()

    def __init__(
        self,
        lanes: Lanes,
        dispatcher: Dispatcher,
        theme: Theme,
        settings: Settings,
        language: str,
        pictures: Path | None,
    ) -> None:
        """``pictures``: the folder to propose at the first launch, or None."""
        super().__init__()
        self._lanes = lanes
        self._theme = theme
        self._language = language
        self._library: Library | None = None
        self._analysing = False
        self._asked_for_library = False
        self.setWindowTitle("PhotoFinder")
        self.setWindowIcon(app_icon())
        self.setAcceptDrops(True)
        self.setMinimumSize(QSize(640, 460))
        self.top = TopBar(theme)
        self.header = Header(theme)
        self.bar, self.notice, self.size_slider = self.top.search, self.header.notice, self.top.size_slider
        self.folders = FoldersPanel(theme, language)
        self.model = PhotoModel(lanes.thumbnails, language, self)
        self.grid = PhotoGrid(self.model, theme)
        self.progress = ProgressArea(theme, language)
        self.welcome = WelcomePage(theme, pictures)
        self.empty = EmptyPage(theme)
        self.pages = QStackedWidget()
        self._lay_out(settings)
        self.search = SearchController(self.bar, self.grid, self.model, lanes.search, language, self)
        self.preview = Preview(self.model, lanes.pictures, theme, language, self._central)
        self.tasks = PhotoTasks(lanes.copies, lanes.sheets, self.model, theme, language, self)
        self.actions_ = PhotoActions(
            self.grid, self.model, self.preview, lanes.pictures, lanes.photos, self.tasks, theme, language, self
        )
        for below, strip in enumerate((self.actions_.bar, self.tasks.copy_strip, self.tasks.sheet_strip)):
            self.body.insertWidget(self.body.indexOf(self.pages) + 1 + below, strip)
        self.folder_actions = FolderActions(self.folders, lanes.index, lanes.search, lanes.folders, language, self)
        self.results = ResultTools(
            ResultParts(self.search, self.grid, self.model, self.header, self.empty, self.preview, self.actions_),
            lanes.why,
            dispatcher,
            theme,
            language,
            self._central,
        )
        self.results.set_order(settings.result_order)
        self.tools = SearchTools(self.top, lanes.search, dispatcher, theme, language, self._central)
        self.drops = DropActions(self.search, self.notice, lanes.index, language, self)
        self._veil = DropVeil(self._central)
        self._first_focus = FirstFocus(self.pages, self.top.menu_button)
        self._refresh = QTimer(self)
        self._refresh.setSingleShot(True)
        self._refresh.timeout.connect(lanes.search.refresh)
        self._connect(dispatcher)
        self._restore(settings)

    # Building -----------------------------------------------------------------------------------------------------

    def _lay_out(self, settings: Settings) -> None:
        self.top.folders_button.toggled.connect(self.folders.setVisible)
        self.size_slider.valueChanged.connect(self.grid.set_cell_size)
        self.grid.cell_size_wanted.connect(self.size_slider.setValue)
        self.size_slider.setValue(settings.thumbnail_side)
        self.pages.setObjectName("pages")
        for page in (QWidget(), self.welcome, self.grid, self.empty):
            self.pages.addWidget(page)
        self.body = body = QVBoxLayout()
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.top)
        body.addWidget(self.header)
        body.addWidget(self.pages, 1)
        body.addWidget(self.progress)
        self._central = QWidget()
        self._central.setObjectName("central")
        columns = QHBoxLayout(self._central)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(0)
        columns.addWidget(self.folders)
        columns.addLayout(body, 1)
        self.setCentralWidget(self._central)
        self.folders.hide()

    def _connect(self, dispatcher: Dispatcher) -> None:
        dispatcher.library.connect(self.take_library)
        dispatcher.answer.connect(self.search.take_answer)
        dispatcher.analysis.connect(self.take_analysis)
        dispatcher.thumbnails.connect(self.model.take_thumbnails)
        dispatcher.picture.connect(self.preview.take_picture)
        dispatcher.picture.connect(self.actions_.take_picture)
        dispatcher.photos.connect(self.actions_.take_photos)
        dispatcher.copying.connect(self.tasks.take_copying)
        dispatcher.sheet.connect(self.tasks.take_sheet)
        self.actions_.favorites_changed.connect(self._lanes.search.refresh)
        dispatcher.crashed.connect(self._crashed)
        self.search.changed.connect(self._update)
        self.search.failed.connect(self._search_failed)
        self.bar.paste_wanted.connect(self.paste)
        self.tools.file_chosen.connect(self.drops.add_file)
        self.bar.left_down.connect(self._to_photos)
        self.header.calm.linkActivated.connect(self.search.use_suggestion)
        self.grid.preview_wanted.connect(self.preview.open)
        self.preview.moved.connect(self.grid.go_to)
        self.preview.left.connect(self.grid.setFocus)
        self.preview.similar_wanted.connect(self.search.search_similar)
        self.actions_.similar_wanted.connect(self.search.search_similar)
        self.actions_.failed.connect(self._warn)
        self.welcome.folder_chosen.connect(self.add_folder)
        self.welcome.other_wanted.connect(self.folder_actions.choose)
        self.empty.add_folder_wanted.connect(self.folder_actions.choose)
        self.folder_actions.failed.connect(self._warn)
        dispatcher.folders.connect(self.folder_actions.take_folder_event)
        self.progress.pause_wanted.connect(self._lanes.index.pause)
        self.progress.resume_wanted.connect(self._lanes.index.resume)
        self.progress.cancel_wanted.connect(self._lanes.index.cancel)
        self.progress.start_wanted.connect(self._lanes.index.start)
        self.progress.failures_wanted.connect(self.folder_actions.ask_for_all_failures)
        listed_key(self, QKeySequence.StandardKey.Find, self._to_search, self.tr("Buscar"))
        listed_key(self, QKeySequence.StandardKey.Paste, self.paste, self.tr("Pegar"))
        listed_key(self, QKeySequence.StandardKey.ZoomIn, self.top.larger, self.tr("Miniaturas más grandes"))
        listed_key(self, QKeySequence.StandardKey.ZoomOut, self.top.smaller, self.tr("Miniaturas más pequeñas"))

    # What comes from the lanes ------------------------------------------------------------------------------------

    @Slot(object)
    def take_library(self, answer: Library | LibraryFailed | Failures) -> None:
        """What the catalogue holds now. A fatal failure is the session's."""
        if isinstance(answer, Library):
            self._asked_for_library = False
            first = self._library is None
            self._library = answer
            self.folder_actions.take_library(answer)
            if first and answer.folders and self.width() >= NARROW:
                self.top.folders_button.setChecked(True)
            self.model.set_offline_folders(frozenset(folder.id for folder in answer.folders if not folder.online))
            self.progress.set_unreadable(answer.counts.failed)
            self.search.set_all(answer)
            self.preview.info.set_places(answer.places)
            if self.search.active and self._is_untouched():
                self.search.repeat()
            self._update()
        elif isinstance(answer, Failures):
            self.folder_actions.take_failures(answer)
        elif isinstance(answer, LibraryFailed) and not answer.fatal:
            self._warn(sentence(answer.error, self._language))

    @Slot(object)
    def take_analysis(self, event: Progress | FolderAdded | FolderRefused | ThumbnailsGone) -> None:
        """How the analysis goes."""
        if isinstance(event, FolderRefused):
            self._warn(sentence(event.error, self._language))
        elif isinstance(event, FolderAdded):
            self._analysing = True  # which is about to begin
            self.folders.add_folder(event.folder)
            self.top.folders_button.setChecked(self.width() >= NARROW)
            self._lanes.search.refresh()
        elif isinstance(event, ThumbnailsGone):
            self.model.forget(self.model.photo_ids)
        else:
            self.folder_actions.take_progress(event)
            self._analysing = event.phase in (Phase.LOOKING, Phase.ANALYSING)
            self.model.forget(event.changed_ids)
            self.progress.show_progress(event)
            if event.phase is Phase.FINISHED:
                self._refresh.stop()
                self._asked_for_library = True
                self._lanes.search.refresh()
            elif (event.changed_ids or event.catalogue_changed) and not self._refresh.isActive():
                self._refresh.start(REFRESH_MS if self.model.photo_ids else 0)
            self._update()

    @Slot(object)
    def _search_failed(self, failure: SearchFailed) -> None:
        self._warn(self.drops.explain(failure))

    @Slot(object)
    def _crashed(self, crash: Crashed) -> None:
        self._warn(sentence(RuntimeError(crash.lane), self._language))

    @Slot(str)
    def _warn(self, text: str) -> None:
        self.notice.say(text, warning=True)

    # What is seen -------------------------------------------------------------------------------------------------

    @Slot()
    def _update(self) -> None:
        """Headline and page follow from library, search and analysis."""
        library, result = self._library, self.search.result
        has_folders = library is not None and bool(library.folders)
        self.actions_.sheet_title = self.search.headline() if self.search.active else ""
        if has_folders:
            self.header.show_texts(self.search.headline(), self.search.detail(), self.search.calm_line())
        else:
            self.header.show_texts("", "", "")
        self.top.set_ready(has_folders)
        self.drops.has_folders = has_folders
        if library is None:
            self.pages.setCurrentIndex(0)
        elif not has_folders:
            self.pages.setCurrentWidget(self.welcome)
        elif self.model.photo_ids or self.search.waiting:
            self.pages.setCurrentWidget(self.grid)
        else:
            searched = result if self.search.active else None
            hidden = 0 if searched is None or self.search.arranged is None else self.search.arranged.hidden
            self.empty.explain(searched, analysed=library.counts.analysed, analysing=self._analysing, hidden=hidden)
            if (view := self.search.view) is not None:
                self.empty.say("check", view.empty_title, view.empty_text)
                self.empty.add.hide()
            self.pages.setCurrentWidget(self.empty)

    def _is_untouched(self) -> bool:
        """Whether the person is not in the middle of something that a new order of photos would disturb."""
        at_top = self.grid.verticalScrollBar().value() == 0
        return at_top and not self.grid.selected_count() and self.preview.photo_id is None

    @property
    def library_is_current(self) -> bool:
        """Whether the photos of a finished analysis are shown."""
        return self._library is not None and not self._asked_for_library

    @property
    def failures_dialog(self) -> FailuresDialog | None:
        """The list of unreadable photos, when it is open."""
        return self.folder_actions.failures_dialog

    # What the person does -----------------------------------------------------------------------------------------

    @Slot(object)
    def add_folder(self, path: Path) -> None:
        """Add a folder to the catalogue and analyse it."""
        self._lanes.index.add_folder(path)

    @Slot()
    def paste(self) -> None:
        """Search by what the clipboard holds."""
        mime = QGuiApplication.clipboard().mimeData()
        self.drops.take(None if mime is None else interpret(mime), add=self.bar.edit.hasFocus())

    @Slot()
    def _to_search(self) -> None:
        self.preview.leave()
        self.bar.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.edit.selectAll()

    @Slot()
    def _to_photos(self) -> None:
        self.grid.setFocus()
        if not self.grid.currentIndex().isValid() and self.model.photo_ids:
            self.grid.go_to(self.model.photo_ids[0])

    # Events -------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.grid.selected_count() > 1:
            self.grid.clearSelection()  # first what was chosen, then what was searched
            event.accept()
        elif event.key() == Qt.Key.Key_Escape:
            self.notice.hide()
            if not self.bar.step_back() and self.search.view is not None:
                self.search.clear()
            event.accept()
        elif event.text().isprintable() and event.text().strip() and self.bar.isEnabled():
            self.bar.edit.setFocus()  # typing anywhere is searching
            QCoreApplication.sendEvent(self.bar.edit, event)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.source() is not self.grid and may_be_of_use(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._veil.cover()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        event.setDropAction(Qt.DropAction.CopyAction)  # never move: the file is the person's
        event.accept()
        over_bar = self.bar.rect().contains(self.bar.mapFrom(self, event.position().toPoint()))
        self.drops.take(interpret(event.mimeData()), add=over_bar)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_narrow = event.size().width() < NARROW
        if is_narrow != (0 < event.oldSize().width() < NARROW) and self._library and self._library.folders:
            self.top.folders_button.setChecked(not is_narrow)
        if self._veil.isVisible():
            self._veil.cover()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.hide()
        self.closing.emit()
        event.accept()

    # Settings -----------------------------------------------------------------------------------------------------

    def _restore(self, settings: Settings) -> None:
        self.resize(1180, 780)
        if settings.window_geometry:
            self.restoreGeometry(QByteArray.fromBase64(QByteArray(settings.window_geometry.encode("ascii", "ignore"))))
        self._update()

    def geometry_text(self) -> str:
        """Size and place, for the settings."""
        return base64.b64encode(bytes(self.saveGeometry().data())).decode("ascii")
