"""The search bar: the line that is typed in, and under it a chip for each part of the search."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from photofinder.library.filters import Filters
from photofinder.library.places import Places
from photofinder.search.query import Offer, QueryPart, parse
from photofinder.ui.chip_strip import ChipStrip
from photofinder.ui.completer import Completion, CompletionList
from photofinder.ui.query_chips import (
    FILTER,
    PART,
    PHOTO,
    BarPhoto,
    filter_chips,
    offer_chips,
    part_chips,
    photo_chips,
    without_filter,
    without_part,
)
from photofinder.ui.query_edit import MAX_CHARACTERS, QueryEdit
from photofinder.ui.theme import Theme

PAUSE_MS = 300
"""A pause in typing this long searches without Enter."""
COMPLETE_MS = 90
"""A pause this long asks for what could be typed next."""


class SearchBar(QWidget):
    """Emits ``asked`` when what is asked for may have changed."""

    asked = Signal()
    """Enter, a pause in typing, or a part was removed: look at ``text``, ``filters`` and the photos."""
    photo_removed = Signal(int)
    """The photo at this place."""
    photo_weighed = Signal(int, float)
    """The photo at this place counts this much now: see ``chips.WEIGHTS``."""
    cleared = Signal()
    """The clear button: back to all photos."""
    filters_changed = Signal()
    """Another set of filters, from whatever side."""
    paste_wanted = Signal()
    pick_wanted = Signal()
    """The button that adds a photo from a file."""
    completion_wanted = Signal(str, int)
    """The line and where the cursor is in it; an empty line wants what was searched for before."""
    saved_chosen = Signal(str)
    """The name of a saved search, from the list."""
    left_down = Signal()
    """Arrow down: to the photos."""
    meant = Signal(str)
    """Enter, a completion that was taken, or the keyboard went elsewhere: these words are worth remembering."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, today: Callable[[], date] = date.today) -> None:
        super().__init__(parent)
        self._theme = theme
        self._today, self.southern = today, False  # what «ayer» and «el verano pasado» count from
        self._photos: tuple[BarPhoto, ...] = ()
        self._filters = Filters()
        self._folders: Mapping[int, str] = {}
        self._parts: tuple[QueryPart, ...] = ()
        self._offers: tuple[Offer, ...] = ()
        self.starred, self.places = False, Places()
        self._timer, self._complete_timer = QTimer(self), QTimer(self)
        for timer, pause, slot in (
            (self._timer, PAUSE_MS, self._paused),
            (self._complete_timer, COMPLETE_MS, self._want_completion),
        ):
            timer.setSingleShot(True)
            timer.setInterval(pause)
            timer.timeout.connect(slot)
        self._glass = QLabel()
        self.edit = QueryEdit(theme)
        self.edit.setAccessibleName(self.tr("Buscar fotos"))
        self.edit.setAccessibleDescription(self.tr("Escribe lo que se ve en la foto"))
        self.edit.setToolTip(self.tr("Buscar fotos (Ctrl+F)"))
        self.edit.textEdited.connect(self._edited)
        self.edit.paste_wanted.connect(self.paste_wanted)
        self.edit.focus_changed.connect(self._restyle)
        self.edit.key_wanted.connect(self._key)
        self.pick = self._button(
            self.tr("Buscar con una foto de un archivo (Ctrl+Mayús+P)"), self.tr("Añadir una foto")
        )
        self.pick.clicked.connect(self.pick_wanted)
        self.star = self._button(self.tr("Búsquedas guardadas (Ctrl+D)"), self.tr("Búsquedas guardadas"))
        self._clear = self._button(self.tr("Quitar la búsqueda (Esc)"), self.tr("Quitar la búsqueda"))
        self._clear.clicked.connect(self.cleared)
        self.frame = QFrame()
        self.frame.setObjectName("searchBar")
        self.frame.setFixedHeight(42)
        row = QHBoxLayout(self.frame)
        row.setContentsMargins(14, 0, 6, 0)
        row.setSpacing(2)
        row.addWidget(self._glass)
        row.addSpacing(7)
        row.addWidget(self.edit, 1)
        for button in (self._clear, self.pick, self.star):
            row.addWidget(button)
        self.strip = ChipStrip(theme)
        self.strip.removed.connect(self._remove)
        self.strip.weighed.connect(self._weigh)
        self.strip.taken.connect(self._take_offer)
        self.strip.left_up.connect(self._to_words)
        self.strip.left_down.connect(self.left_down)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self.frame)
        layout.addWidget(self.strip)
        self.completions = CompletionList(theme, self.frame)
        self.completions.chosen.connect(self._take)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)
        theme.changed.connect(self._paint_icons)
        self._paint_icons()
        self._update()

    def _button(self, tip: str, name: str) -> QToolButton:
        button = QToolButton()
        button.setIconSize(QSize(18, 18))
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setToolTip(tip)
        button.setAccessibleName(name)
        return button

    # What is in the bar -------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The words, without spaces around them."""
        return self.edit.text().strip()

    @property
    def has_photo(self) -> bool:
        """Whether a photo is searched by."""
        return bool(self._photos)

    @property
    def photos(self) -> tuple[BarPhoto, ...]:
        """The photos that are searched by."""
        return self._photos

    @property
    def filters(self) -> Filters:
        """What the panel asks for; what the phrase says of dates and the like is not in it."""
        return self._filters

    @property
    def is_empty(self) -> bool:
        """No words, no photo and no filter."""
        return not (self.edit.text() or self._photos or self._filters)

    def set_text(self, text: str) -> None:
        """Write words without searching."""
        self._timer.stop()
        self.completions.hide()
        self.edit.setText(text[:MAX_CHARACTERS])
        self._update()

    def set_photos(self, photos: Sequence[BarPhoto]) -> None:
        """Show these photos as what is searched by."""
        self._photos = tuple(photos)
        self._update()

    def set_filters(self, filters: Filters) -> None:
        """Show these filters; nothing is searched."""
        if filters != self._filters:
            self._filters = filters
            self._update()
            self.filters_changed.emit()

    def filter(self, filters: Filters) -> None:
        """Search with these filters."""
        if filters != self._filters:
            self.set_filters(filters)
            self.asked.emit()

    def search_for(self, text: str, filters: Filters) -> None:
        """Search for these words and filters instead of what is there; photos stay."""
        self.set_text(text)
        self.set_filters(filters)
        self._ask()

    def set_starred(self, starred: bool) -> None:
        """Whether this very search is kept under a name."""
        self.starred = starred
        self._paint_icons()

    def underline(self, words: Sequence[str]) -> None:
        """Put a wave under words that are not understood."""
        self.edit.underline(words)

    def set_folders(self, folders: Mapping[int, str], places: Places) -> None:
        """The names of the roots, for the chips of folders, and where photos were taken, for «en Sevilla»."""
        self._folders, self.places = dict(folders), places
        self._update()

    def clear(self) -> None:
        """No words, no photo and no filter; nothing is asked."""
        self._timer.stop()
        self.completions.hide()
        self.edit.clear()
        self.edit.underline(())
        self._photos = ()
        self.set_filters(Filters())
        self._update()

    def step_back(self) -> bool:
        """What Esc does: hide the list, or take the words away, or the photos and filters; False when all is done."""
        if self.completions.items:
            self.completions.hide()
        elif self.edit.text():
            self.edit.clear()
            self._ask()
        elif not self.is_empty:
            self.cleared.emit()
        else:
            return False
        return True

    # Typing -------------------------------------------------------------------------------------------------------

    @Slot(object)
    def _key(self, event: QKeyEvent) -> None:
        """Keys that lead out of the line: the list below, the chips, the photos."""
        key, edit, offered = event.key(), self.edit, bool(self.completions.items)
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if not plain:
            return
        taken = True
        match key:
            case Qt.Key.Key_Down if offered:
                self.completions.move_line(1)
            case Qt.Key.Key_Up if offered:
                if not self.completions.move_line(-1):
                    self.completions.hide()
            case Qt.Key.Key_Down if self.is_empty:
                self.completion_wanted.emit("", 0)
                if not self.completions.items:
                    self.left_down.emit()
            case Qt.Key.Key_Down:
                self.left_down.emit()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                chosen = self.completions.current
                if chosen is not None:
                    self._take(chosen)
                else:
                    self._enter()
            case Qt.Key.Key_Escape:
                taken = self.step_back()
            case Qt.Key.Key_Backspace if not edit.text():
                taken = self._remove_last()
            case Qt.Key.Key_Left if edit.cursorPosition() == 0 and not edit.hasSelectedText():
                taken = self.strip.focus_last()
            case Qt.Key.Key_Right if edit.place == len(edit.text()) and not edit.hasSelectedText():
                taken = self.strip.focus_first()
            case _:
                taken = False
        event.setAccepted(taken)

    def _remove_last(self) -> bool:
        chips = [chip for chip in self.strip.chips if not chip.content.offered]
        if chips:
            self._remove(chips[-1].content.key)
        return bool(chips)

    @Slot()
    def _edited(self) -> None:
        self._clear.setVisible(not self.is_empty)
        self._timer.start()
        self._complete_timer.start()

    @Slot()
    def _paused(self) -> None:
        self._update()
        self.asked.emit()

    @Slot()
    def _enter(self) -> None:
        self.completions.hide()
        self.edit.finish_word()
        self._ask()
        self._mean()

    def _mean(self) -> None:
        if self.text:
            self.meant.emit(self.text)

    def _ask(self) -> None:
        self._timer.stop()
        self._complete_timer.stop()
        self._update()
        self.asked.emit()

    @Slot()
    def _want_completion(self) -> None:
        if self.edit.text().strip():
            self.completion_wanted.emit(self.edit.text(), self.edit.place)
        else:
            self.completions.hide()

    @Slot(str, object)
    def offer(self, text: str, items: Sequence[Completion]) -> None:
        """Show what could be typed after ``text``, unless something else stands there by now."""
        if text == self.edit.text() and self.edit.hasFocus():
            self.completions.offer(items)

    @Slot(object)
    def _take(self, completion: Completion) -> None:
        self.completions.hide()
        if completion.name:
            self.saved_chosen.emit(completion.name)
            return
        self.set_text(completion.text)
        if completion.text.endswith(":"):  # a filter that still wants its value
            self._complete_timer.start()
        else:
            self._enter()

    # Chips --------------------------------------------------------------------------------------------------------

    @Slot(str)
    def _remove(self, key: str) -> None:
        kind, _, rest = key.partition(":")
        if kind == PHOTO:
            self.photo_removed.emit(int(rest))
        elif kind == PART and int(rest) < len(self._parts):
            self.edit.setText(without_part(self.edit.text(), self._parts[int(rest)]))
            self._ask()
        elif kind == FILTER:
            self.filter(without_filter(self._filters, key))

    @Slot(str)
    def _take_offer(self, key: str) -> None:
        place = int(key.partition(":")[2])
        if place < len(self._offers):
            offer, text = self._offers[place], self.edit.text()
            self.edit.setText(text[: offer.start] + offer.filter_text + text[offer.end :])
            self._ask()

    @Slot(str, float)
    def _weigh(self, key: str, weight: float) -> None:
        place = int(key.partition(":")[2])
        self.photo_weighed.emit(place, weight)

    @Slot()
    def _to_words(self) -> None:
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    # What is seen -------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.completions.items:
            self.completions.place()

    @Slot()
    def _restyle(self) -> None:
        self.frame.setProperty("focused", self.edit.hasFocus())
        self.frame.style().unpolish(self.frame)
        self.frame.style().polish(self.frame)
        if not self.edit.hasFocus():
            self.completions.hide()
            self._mean()

    def _update(self) -> None:
        """Chips, placeholder and cross follow from words, photos and filters."""
        parsed = parse(self.edit.text(), self._today(), self.southern, self.places)
        self._parts, self._offers = parsed.parts, parsed.offers
        others = [*photo_chips(self._photos), *filter_chips(self._filters, self._folders)]
        self.strip.show_chips(
            [
                *others[: len(self._photos)],
                *part_chips(self._parts, with_words=bool(others)),
                *others[len(self._photos) :],
                *offer_chips(self._offers),
            ]
        )
        self._clear.setVisible(not self.is_empty)
        if self._photos:
            self.edit.setPlaceholderText(self.tr("Añade palabras para afinar…"))
        else:
            self.edit.setPlaceholderText(self.tr("Busca por lo que se ve: «perro en la playa»"))

    @Slot()
    def _paint_icons(self) -> None:
        self._glass.setPixmap(self._theme.icon("search", "muted").pixmap(20, 20))
        self._clear.setIcon(self._theme.icon("close", "muted"))
        self.pick.setIcon(self._theme.icon("photo-add", "muted"))
        star = ("star-filled", "accent") if self.starred else ("star", "muted")
        self.star.setIcon(self._theme.icon(*star))
