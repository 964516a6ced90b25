"""What stands around the search bar: the filter panel, the file dialog, and later searches that were kept."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from photofinder.library.filters import TYPES, Facets, Filters
from photofinder.searches import SavedSearch
from photofinder.ui.filter_panel import FilterPanel
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.listed_keys import listed_key
from photofinder.ui.query_chips import filter_chips
from photofinder.ui.search_lane import Library, SearchLane
from photofinder.ui.search_memory import SearchMemory
from photofinder.ui.searches_menu import SearchesMenu
from photofinder.ui.theme import Theme
from photofinder.ui.top_bar import TopBar


class SearchTools(QObject):
    """Connects the bar with its neighbours; the window knows only this."""

    file_chosen = Signal(object)
    """The path of a photo to be searched by beside what is there."""
    seasons_changed = Signal()
    """«Verano» means other months: what is searched for is to be asked again."""

    def __init__(
        self, top: TopBar, lane: SearchLane, dispatcher: Dispatcher, theme: Theme, language: str, central: QWidget
    ) -> None:
        """``central``: what the panel lies over."""
        super().__init__(central)
        self._top = top
        self._bar = top.search
        self._lane = lane
        self._central = central
        self._folders: dict[int, str] = {}
        self.panel = FilterPanel(theme, language, central)
        self.panel.changed.connect(self._bar.filter)
        self.panel.left.connect(self._panel_left)
        self.memory = SearchMemory(lane, dispatcher, self)
        self.searches = SearchesMenu(theme, self._bar.star, central)
        self._connect_memory()
        self._bar.filters_changed.connect(self._filters_changed)
        self._bar.asked.connect(self._mark_star)
        self._bar.cleared.connect(self._mark_star)
        self._bar.edit.textChanged.connect(self._mark_star)
        self._bar.pick_wanted.connect(self.pick_photo)
        top.filter_button.toggled.connect(self._show_panel)
        dispatcher.facets.connect(self._take_facets)
        dispatcher.library.connect(self._take_library)
        central.installEventFilter(self)
        listed_key(central, "Ctrl+Shift+F", top.filter_button.toggle, self.tr("Filtros"))
        listed_key(central, "Ctrl+Shift+P", self.pick_photo, self.tr("Buscar con una foto de un archivo"))

    @Slot()
    def pick_photo(self) -> None:
        """Ask for photos to search by."""
        if not self._bar.isEnabled():
            return
        dialog = QFileDialog(self._central, self.tr("Elige una foto para buscar las parecidas"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        endings = " ".join(f"*{ending}" for kind in TYPES.values() for ending in kind)
        dialog.setNameFilters([self.tr("Fotos ({endings})").format(endings=endings), self.tr("Todos los archivos (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._picked)
        dialog.open()

    @Slot(str)
    def _picked(self, name: str) -> None:
        self.file_chosen.emit(Path(name))

    # Searches that are kept ---------------------------------------------------------------------------------------

    def _connect_memory(self) -> None:
        bar, memory, menu = self._bar, self.memory, self.searches
        bar.completion_wanted.connect(memory.complete)
        bar.completions.moved.connect(bar.edit.announce)
        bar.meant.connect(memory.remember)
        bar.saved_chosen.connect(self.use_saved)
        bar.star.clicked.connect(self._open_searches)
        memory.completed.connect(bar.offer)
        memory.changed.connect(self._searches_changed)
        menu.opening.connect(self._prepare_menu)
        menu.chosen.connect(self.use_saved)
        menu.save_wanted.connect(self._save)
        menu.renamed.connect(memory.rename)
        menu.removed.connect(memory.remove)
        menu.history_unwanted.connect(memory.forget_history)

    @Slot(str)
    def use_saved(self, name: str) -> None:
        """Search for what was kept under this name."""
        saved = self.memory.searches.named(name)
        if saved is not None:
            self._bar.search_for(saved.text, saved.filters)

    @Slot()
    def _open_searches(self) -> None:
        self.searches.open()

    @Slot()
    def _prepare_menu(self) -> None:
        filters = self._bar.filters
        chips = [chip.label for chip in filter_chips(filters, self._folders)]
        proposal = ", ".join([*([self._bar.text] if self._bar.text else []), *chips])
        self.searches.set_search(proposal, has_history=bool(self.memory.searches.history))

    @Slot(str)
    def _save(self, name: str) -> None:
        self.memory.save(SavedSearch(name, self._bar.text, self._bar.filters))

    @Slot()
    def _searches_changed(self) -> None:
        self.searches.set_names([saved.name for saved in self.memory.searches.saved])
        self._mark_star()

    @Slot()
    def _mark_star(self) -> None:
        text, filters = self._bar.text, self._bar.filters
        self._bar.set_starred(any((one.text, one.filters) == (text, filters) for one in self.memory.searches.saved))

    @Slot(bool)
    def set_southern(self, southern: bool) -> None:
        """Whether summer is in January."""
        if southern != self._bar.southern:
            self._bar.southern = self._lane.southern = southern
            self.panel.start.southern = self.panel.end.southern = southern
            self._bar.set_folders(self._folders, self._bar.places)  # its chips follow
            self.seasons_changed.emit()

    # The panel ----------------------------------------------------------------------------------------------------

    @Slot(bool)
    def _show_panel(self, wanted: bool) -> None:
        if not wanted:
            self.panel.hide()
        elif self._bar.isEnabled():
            self._lane.facets()
            self.panel.set_filters(self._bar.filters)
            self.panel.open_under(self._top.filter_button)

    @Slot()
    def _panel_left(self) -> None:
        self._top.filter_button.setChecked(False)
        self._top.filter_button.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def _filters_changed(self) -> None:
        filters: Filters = self._bar.filters
        self.panel.set_filters(filters)
        self._top.set_filter_count(len(filter_chips(filters, {})))

    @Slot(object)
    def _take_facets(self, facets: Facets) -> None:
        self.panel.set_facets(facets)
        if self.panel.isVisible():
            self.panel.place(self._top.filter_button)

    @Slot(object)
    def _take_library(self, answer: object) -> None:
        if isinstance(answer, Library):
            names = {folder.id: folder.path.name or str(folder.path) for folder in answer.folders}
            self._folders = names
            self._bar.set_folders(names, answer.places)
            self.panel.set_folders(names, answer.places)
            if self.panel.isVisible():
                self._lane.facets()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.panel.isVisible():
            self.panel.place(self._top.filter_button)
        return super().eventFilter(watched, event)
