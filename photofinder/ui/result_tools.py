"""What is done with an answer: its order, more and less like this, why a photo is in it, and a part to search by."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QPixmap
from PySide6.QtWidgets import QWidget

from photofinder.messages import shown_path
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.listed_keys import listed_key
from photofinder.ui.object_search import WHOLE
from photofinder.ui.outside_pictures import Box
from photofinder.ui.pages import EmptyPage
from photofinder.ui.photo_actions import PhotoActions
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.preview import Preview
from photofinder.ui.region_select import RegionSelect
from photofinder.ui.result_sections import Order
from photofinder.ui.search_controller import SearchController
from photofinder.ui.search_lane import PhotoRegion
from photofinder.ui.theme import Theme
from photofinder.ui.top_bar import Header
from photofinder.ui.why_lane import Why, WhyAsked, WhyLane
from photofinder.ui.why_panel import WhyPanel


@dataclass(frozen=True, slots=True, eq=False)
class ResultParts:
    """What of the window is worked on."""

    search: SearchController
    grid: PhotoGrid
    model: PhotoModel
    header: Header
    empty: EmptyPage
    preview: Preview
    actions: PhotoActions


class ResultTools(QObject):
    """Keeps header, menu and panels in step with the search."""

    def __init__(
        self, parts: ResultParts, lane: WhyLane, dispatcher: Dispatcher, theme: Theme, language: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._parts = parts
        self._lane = lane
        self._theme = theme
        self._serial = 0
        self.panel = WhyPanel(theme, language, parent)
        self.region = RegionSelect(parts.preview.canvas, lambda: parts.preview.canvas.place)
        self.more = self._action(self.tr("Más como esta"), "Ctrl+M", self._like)
        self.less = self._action(self.tr("Menos como esta"), "Ctrl+Shift+M", self._dislike)
        self.why = self._action(self.tr("¿Por qué esta foto?"), "Ctrl+Shift+E", self._why_current)
        self.part = self._action(self.tr("Buscar una parte de la foto…"), "Ctrl+R", self._region_of_current)
        self.same = self._action(self.tr("Buscar este mismo objeto o lugar"), "Ctrl+Shift+R", self._same_as_current)
        parts.actions.extend((self.more, self.less, self.why, self.part, self.same))
        search, header, preview = parts.search, parts.header, parts.preview
        header.order.chosen.connect(search.set_order)
        header.marks.removed.connect(search.unmark)
        parts.empty.show_weak_wanted.connect(search.show_weak)
        search.changed.connect(self._update)
        parts.grid.selectionModel().selectionChanged.connect(self._update)
        parts.model.modelReset.connect(self._update)
        dispatcher.why.connect(self.take_why)
        self.panel.word_wanted.connect(self._search_word)
        self.panel.left.connect(self._back)
        self.region.chosen.connect(self._search_region)
        self.region.same_chosen.connect(self._search_same)
        self.region.left.connect(preview.setFocus)
        listed_key(parent, "Ctrl+Shift+D", self._turn_order, self.tr("Ordenar por parecido o por fecha"))
        preview.changed.connect(self._update)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    @property
    def order(self) -> str:
        """For the settings."""
        return str(self._parts.search.order)

    def set_order(self, order: str) -> None:
        """As the settings say; a word that means nothing counts as likeness."""
        self._parts.search.set_order(Order(order) if order in set(Order) else Order.LIKENESS)

    def explain(self, photo_id: int) -> None:
        """Open the panel about a photo of the model."""
        model, search = self._parts.model, self._parts.search
        path = model.path_of(photo_id)
        if path is None:
            return
        self._serial += 1
        match = model.likeness_of(photo_id)
        self.panel.open(shown_path(path.name), match, model.thumbnail_of(photo_id))
        self._lane.ask(WhyAsked(self._serial, photo_id, *search.compared))

    @Slot(object)
    def take_why(self, why: Why) -> None:
        """An answer of the lane; late ones are dropped."""
        if why.serial == self._serial and not self.panel.isHidden():
            self.panel.show_why(why)

    @Slot()
    def _update(self) -> None:
        search, header = self._parts.search, self._parts.header
        count = self._parts.grid.selected_count() if self._parts.preview.photo_id is None else 1
        ranked = search.active and not search.only_filters
        header.order.setVisible(ranked and bool(self._parts.model.photo_ids))
        header.order.show_order(search.order)
        marks = [(photo_id, True) for photo_id in search.liked] + [(photo_id, False) for photo_id in search.disliked]
        header.marks.show_marks([(photo_id, more, *self._shown(photo_id)) for photo_id, more in marks])
        for action in (self.more, self.why, self.part, self.same):
            action.setEnabled(count == 1)
        self.less.setEnabled(count == 1 and ranked)

    def _shown(self, photo_id: int) -> tuple[str, QPixmap | None]:
        path = self._parts.model.path_of(photo_id)
        return ("" if path is None else shown_path(path.name)), self._parts.model.thumbnail_of(photo_id)

    def _chosen(self) -> int | None:
        chosen = self._parts.actions.chosen_ids()
        return chosen[0] if len(chosen) == 1 else None

    @Slot()
    def _like(self) -> None:
        if (photo_id := self._chosen()) is not None:
            self._parts.preview.leave()
            self._parts.search.like(photo_id)

    @Slot()
    def _dislike(self) -> None:
        if (photo_id := self._chosen()) is not None:
            self._parts.preview.leave()
            self._parts.search.dislike(photo_id)

    @Slot()
    def _why_current(self) -> None:
        if (photo_id := self._chosen()) is not None:
            self.explain(photo_id)

    @Slot()
    def _region_of_current(self) -> None:
        if (photo_id := self._chosen()) is not None:
            if self._parts.preview.photo_id is None:
                self._parts.preview.open(photo_id)
            self.region.start()

    @Slot(object)
    def _search_region(self, box: Box) -> None:
        if (photo_id := self._parts.preview.photo_id) is not None:
            self._search_part(photo_id, box, same=False)

    @Slot(object)
    def _search_same(self, box: Box) -> None:
        if (photo_id := self._parts.preview.photo_id) is not None:
            self._search_part(photo_id, box, same=True)

    @Slot()
    def _same_as_current(self) -> None:
        """By the whole photo: the same building, painting or page, also where it was cut out of."""
        if (photo_id := self._chosen()) is not None:
            self._search_part(photo_id, WHOLE, same=True)

    def _search_part(self, photo_id: int, box: Box, *, same: bool) -> None:
        path = self._parts.model.path_of(photo_id)
        if path is None:
            return
        self._parts.preview.leave()
        name = shown_path(path.name)
        if box != WHOLE:
            name = self.tr("una parte de {name}").format(name=name)
        self._parts.search.search_part(PhotoRegion(photo_id, path, box, same), name)

    @Slot(str)
    def _search_word(self, word: str) -> None:
        self.panel.leave()
        self._parts.preview.leave()
        self._parts.search.search_only_text(word)

    @Slot()
    def _turn_order(self) -> None:
        if self._parts.header.order.isVisible():
            turned = Order.DATE if self._parts.search.order is Order.LIKENESS else Order.LIKENESS
            self._parts.search.set_order(turned)

    @Slot()
    def _back(self) -> None:
        is_previewed = self._parts.preview.photo_id is not None
        (self._parts.preview if is_previewed else self._parts.grid).setFocus()

    def _action(self, text: str, keys: str, slot: object) -> QAction:
        action = QAction(text, self)
        action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(slot)
        self._parts.grid.addAction(action)
        return action

    @Slot()
    def _paint_icons(self) -> None:
        for action, icon in (
            (self.more, "more-like"),
            (self.less, "less-like"),
            (self.why, "why"),
            (self.part, "crop"),
            (self.same, "target"),
        ):
            action.setIcon(self._theme.icon(icon))
