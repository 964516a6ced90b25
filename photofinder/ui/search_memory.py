"""What is remembered of searches, and which words could be meant: read, written and looked up in lane ``search``."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

from photofinder.errors import PhotoFinderError
from photofinder.model.spanish import fold
from photofinder.search.completion import Vocabulary, filters_starting, word_before
from photofinder.search.place_words import names_starting
from photofinder.searches import SavedSearch, Searches, forget_damaged, load_searches, save_searches
from photofinder.ui.completer import ROWS, Completion, Source
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.search_lane import LibraryFailed, SearchLane

_SAVED, _HISTORY, _PLACES = 2, 3, 3
"""Of each at most so many lines beside the words."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offered:
    """Words that could stand for the one that ends at ``cursor`` in ``text``, whose letters are ``beginning``.

    ``places``: what could stand between ``place_start`` and ``cursor``.
    """

    text: str
    cursor: int
    beginning: str
    words: tuple[str, ...]
    place_start: int = 0
    places: tuple[str, ...] = ()


class SearchMemory(QObject):
    """History, saved searches and completion."""

    changed = Signal()
    """Other searches are kept now."""
    completed = Signal(str, object)
    """The line that was asked about, and its list of ``Completion``."""

    def __init__(self, lane: SearchLane, dispatcher: Dispatcher, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = lane
        self._dispatcher = dispatcher
        self._searches = Searches()
        self._vocabulary: Vocabulary | None = None  # the lane's
        self._wanted = ("", 0)
        dispatcher.searches.connect(self._take_searches)
        dispatcher.completions.connect(self._take_words)
        lane.lane.submit(self._load)

    @property
    def searches(self) -> Searches:
        """What is kept."""
        return self._searches

    # What is kept -------------------------------------------------------------------------------------------------

    @Slot(str)
    def remember(self, text: str) -> None:
        """This was searched for."""
        self._keep(self._searches.remembering(text))

    def save(self, search: SavedSearch) -> None:
        """Keep a search under its name."""
        self._keep(self._searches.saving(search))

    @Slot(str, str)
    def rename(self, old: str, new: str) -> None:
        """Give a saved search another name."""
        self._keep(self._searches.renamed(old, new))

    @Slot(str)
    def remove(self, name: str) -> None:
        """Forget a saved search."""
        self._keep(self._searches.removed(name))

    @Slot()
    def forget_history(self) -> None:
        """Forget what was searched for, but not what has a name."""
        self._keep(self._searches.without_history())
        self._lane.lane.submit(lambda: forget_damaged(self._lane.searches_path))

    def _keep(self, searches: Searches) -> None:
        if searches != self._searches:
            self._searches = searches
            self._lane.lane.submit(lambda: self._write(searches))
            self.changed.emit()

    @Slot(object)
    def _take_searches(self, searches: Searches) -> None:
        for text in reversed(self._searches.history):  # searched before the file was read
            searches = searches.remembering(text)
        self._searches = searches
        self.changed.emit()

    # Completion ---------------------------------------------------------------------------------------------------

    @Slot(str, int)
    def complete(self, text: str, cursor: int) -> None:
        """Ask what could be typed next; an empty line is answered at once with what was searched for before."""
        self._wanted = (text, cursor)
        if text.strip():
            self._lane.lane.submit(lambda: self._look_up(text, cursor))
        else:
            self.completed.emit(text, [Completion(old, old, Source.HISTORY) for old in self._searches.history[:ROWS]])

    @Slot(object)
    def _take_words(self, offered: Offered) -> None:
        if (offered.text, offered.cursor) != self._wanted:
            return
        text, typed = offered.text, fold(" ".join(offered.text.split()))
        saved = [
            Completion(one.text, one.name, Source.SAVED, one.name)
            for one in self._searches.saved
            if _begins(typed, fold(one.name))
        ]
        history = [
            Completion(old, old, Source.HISTORY)
            for old in self._searches.history
            if _begins(typed, fold(old)) and fold(old) != typed
        ]
        start = offered.cursor - len(offered.beginning)
        words = [Completion(text[:start] + word + text[offered.cursor :], word, Source.WORD) for word in offered.words]
        rest = offered.text[offered.cursor :]
        places = [
            Completion(text[: offered.place_start] + name + rest, name, Source.PLACE)
            for name in offered.places[:_PLACES]
        ]
        found = [*saved[:_SAVED], *history[:_HISTORY], *places]
        known = {completion.text for completion in found}
        self.completed.emit(text, [*found, *(one for one in words if one.text not in known)][:ROWS])

    # In the lane --------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        self._dispatcher.post("searches", load_searches(self._lane.searches_path))

    def _write(self, searches: Searches) -> None:
        try:
            save_searches(self._lane.searches_path, searches)
        except PhotoFinderError as error:
            self._dispatcher.post("library", LibraryFailed(error, fatal=False))

    def _look_up(self, text: str, cursor: int) -> None:
        if self._wanted != (text, cursor):
            return
        beginning = word_before(text, cursor)
        start, named = cursor, tuple[str, ...]()
        token = text[:cursor].rpartition(" ")[2]
        at_end = text[cursor : cursor + 1] in ("", " ")
        filters = filters_starting(token) if at_end else ()
        words: tuple[str, ...] = ()
        if filters and token != beginning:  # «tipo:p»
            words, beginning = tuple(filters), token
        elif beginning:
            try:
                if self._vocabulary is None:
                    self._vocabulary = Vocabulary(self._lane.vocabulary())
                words = (*filters, *self._vocabulary.starting(beginning))
            except (PhotoFinderError, OSError):  # the search itself says what is wrong
                _log.info("no completions", exc_info=True)
        try:
            start, named = names_starting(self._lane.places(), text[:cursor]) if at_end else (cursor, ())
        except (PhotoFinderError, OSError):
            _log.info("no places", exc_info=True)
        self._dispatcher.post("completions", Offered(text, cursor, beginning, words, start, named))


def _begins(typed: str, phrase: str) -> bool:
    """Whether a phrase, or one of its words, begins with what is typed."""
    return phrase.startswith(typed) or f" {typed}" in phrase
