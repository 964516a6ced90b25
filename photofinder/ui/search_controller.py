"""What is asked and what is shown of it: words, a photo, both, or all photos."""

from __future__ import annotations

import html
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QPixmap

from photofinder.messages import number, shown_path
from photofinder.search.engine import SearchResult
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.search_bar import SearchBar
from photofinder.ui.search_lane import (
    CatalogPhoto,
    OutsideFiles,
    PhotoSource,
    SearchAnswer,
    SearchFailed,
    SearchLane,
    SearchRequest,
)


@dataclass(frozen=True, slots=True, eq=False)
class _Photo:
    """The photo that is searched by, as the chip shows it."""

    source: PhotoSource
    name: str
    picture: QPixmap | None


class SearchController(QObject):
    """Turns what the search bar says into requests with a serial, and shows the answer to the newest one."""

    changed = Signal()
    """Another search, an answer, or no search: headline and page are to be looked at again."""
    failed = Signal(object)
    """A ``SearchFailed`` of the newest request."""
    used_one_of_many = Signal(object)
    """A ``SearchAnswer`` to several dropped files, the first time it comes."""

    def __init__(
        self, bar: SearchBar, grid: PhotoGrid, model: PhotoModel, lane: SearchLane, language: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bar = bar
        self._grid = grid
        self._model = model
        self._lane = lane
        self._language = language
        self._serial = 0
        self._all_ids: tuple[int, ...] = ()
        self._request: SearchRequest | None = None
        self._photo: _Photo | None = None
        self._photo_before: _Photo | None = None
        self._repeating = False
        self._answer: SearchAnswer | None = None
        bar.asked.connect(self.ask)
        bar.cleared.connect(self.clear)
        bar.photo_removed.connect(self.remove_photo)

    @property
    def active(self) -> bool:
        """Whether something is searched for."""
        return self._request is not None

    @property
    def waiting(self) -> bool:
        """Whether the newest request has no answer yet."""
        return self._request is not None and (self._answer is None or self._answer.request is not self._request)

    @property
    def result(self) -> SearchResult | None:
        """The answer that is shown."""
        return None if self._answer is None else self._answer.result

    # What is asked ------------------------------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Search for what the bar holds now; nothing in it means all photos."""
        text = self._bar.text
        if not text and self._photo is None:
            self.clear()
            return
        source = None if self._photo is None else self._photo.source
        if self._request is not None and (text, source) == (self._request.text, self._request.source):
            return
        self._repeating = False
        self._send(text, source)

    def search_text(self, text: str) -> None:
        """Search for these words, beside the photo if there is one."""
        self._bar.set_text(text)
        self.ask()

    def search_photo(self, source: PhotoSource, name: str, picture: QPixmap | None) -> None:
        """Search by a photo, beside the words if there are any."""
        self._photo_before, self._photo = self._photo, _Photo(source, name, picture)
        self._bar.set_photo(name, picture)
        self.ask()

    def search_similar(self, photo_id: int) -> None:
        """Search by a photo of the grid; the words go, they found it already."""
        path = self._model.path_of(photo_id)
        if path is not None:
            self._bar.set_text("")
            self.search_photo(CatalogPhoto(photo_id, path), shown_path(path.name), self._model.thumbnail_of(photo_id))

    @Slot()
    def remove_photo(self) -> None:
        """Search on without the photo."""
        self._photo = self._photo_before = None
        self._bar.remove_photo()
        self.ask()

    @Slot()
    def clear(self) -> None:
        """Back to all photos."""
        self._serial += 1
        self._lane.forget(self._serial)
        self._photo = self._photo_before = None
        self._request = self._answer = None
        self._bar.clear()
        self._model.show_all(self._all_ids)
        self._grid.scrollToTop()
        self.changed.emit()

    def set_all(self, photo_ids: tuple[int, ...]) -> None:
        """The library has these photos now; shown at once when nothing is searched for."""
        self._all_ids = photo_ids
        if self._request is None:
            with self._grid.keeping_place():
                self._model.show_all(photo_ids)
            self.changed.emit()

    def repeat(self) -> None:
        """Ask the same again, because more photos can be found now; what the person looks at stays in place."""
        if self._request is not None and not self.waiting:
            self._repeating = True
            self._send(self._request.text, self._request.source)

    def _send(self, text: str, source: PhotoSource | None) -> None:
        self._serial += 1
        self._request = SearchRequest(self._serial, text, source)
        self._lane.search(self._request)
        self.changed.emit()

    # What is answered ---------------------------------------------------------------------------------------------

    @Slot(object)
    def take_answer(self, answer: SearchAnswer | SearchFailed) -> None:
        """An answer of the lane; late ones are dropped."""
        if self._request is None or answer.request.serial != self._request.serial:
            return
        if isinstance(answer, SearchFailed):
            self._fail(answer)
            return
        first_look = self._photo is not self._photo_before
        self._photo_before = self._photo
        self._answer = answer
        if self._photo is not None and answer.chip is not None and self._photo.picture is None:
            picture = QPixmap.fromImage(answer.chip)
            name = self._photo.name if answer.used is None else shown_path(answer.used.name)
            self._photo = self._photo_before = _Photo(self._photo.source, name, picture)
            self._bar.set_photo(name, picture)
        if self._repeating:
            with self._grid.keeping_place():
                self._model.show_hits(answer.result.hits)
        else:
            self._model.show_hits(answer.result.hits)
            self._grid.scrollToTop()
        source = answer.request.source
        if first_look and isinstance(source, OutsideFiles) and len(source.paths) > 1:
            self.used_one_of_many.emit(answer)
        self.changed.emit()

    def _fail(self, failure: SearchFailed) -> None:
        """Take back a photo that could not be read: words, and what was shown before, stay."""
        if self._photo is not None and self._photo is not self._photo_before:
            self._photo = self._photo_before
            if self._photo is None:
                self._bar.remove_photo()
            else:
                self._bar.set_photo(self._photo.name, self._photo.picture)
        self._request = None if self._answer is None else self._answer.request
        self.failed.emit(failure)
        self.changed.emit()
        if self._request is None and self._bar.text:
            self.ask()

    # Words --------------------------------------------------------------------------------------------------------

    def headline(self) -> str:
        """What is shown, in a few words."""
        if self._request is None:
            count = len(self._all_ids)
            if count == 0:
                return ""
            one = self.tr("1 foto")
            return one if count == 1 else self.tr("{n} fotos").format(n=number(count, self._language))
        name = "" if self._photo is None else self._photo.name
        text = self._request.text if len(self._request.text) < 60 else self._request.text[:57] + "…"
        if text and name:
            return self.tr("«{text}» y parecidas a {name}, por ambos").format(text=text, name=name)
        if name:
            return self.tr("Parecidas a {name}").format(name=name)
        return self.tr("Resultados para «{text}»").format(text=text)

    def detail(self) -> str:
        """A few more words beside the headline."""
        if self._request is None:
            return self.tr("Las más recientes primero") if self._all_ids else ""
        if self.waiting and not self._repeating:
            outside = self._photo is not None and not isinstance(self._photo.source, CatalogPhoto)
            return self.tr("Mirando la foto…") if outside else self.tr("Buscando…")
        count = 0 if self.result is None else len(self.result.hits)
        if count == 0:
            return ""
        one = self.tr("1 foto")
        return one if count == 1 else self.tr("{n} fotos, las mejores primero").format(n=number(count, self._language))

    def calm_line(self) -> str:
        """Rich text about words that were not understood, with links to better ones; empty when all were."""
        result = self.result
        if result is None or self._request is None:
            return ""
        parts = []
        if result.corrected:
            read = ", ".join(f"“{word}”" for word in result.corrected.values())
            typed = ", ".join(f"“{word}”" for word in result.corrected)
            parts.append(html.escape(self.tr("He leído {read} donde pone {typed}.").format(read=read, typed=typed)))
        if result.unknown:
            words = ", ".join(f"“{_short(word)}”" for word in result.unknown[:5])
            one = self.tr("No conozco la palabra {words}.").format(words=words)
            many = self.tr("No conozco las palabras {words}.").format(words=words)
            parts.append(html.escape(one if len(result.unknown) == 1 else many))
            links = [
                f'<a href="{html.escape(f"{word} {better}", quote=True)}">{html.escape(better)}</a>'
                for word in result.unknown
                for better in result.suggestions.get(word, ())
            ][:4]
            if links:
                parts.append(self.tr("¿Quisiste decir {words}?").format(words=", ".join(links)))
        return " ".join(parts)

    def use_suggestion(self, link: str) -> None:
        """A link of ``calm_line`` was followed: put the better word in the place of the unknown one."""
        word, _, better = link.partition(" ")
        self.search_text(self._bar.text.replace(word, better))


def _short(word: str) -> str:
    return word if len(word) <= 24 else word[:23] + "…"
