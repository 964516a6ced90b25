"""What is asked and what is shown of it: words, a photo, both, or all photos."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QPixmap

from photofinder.messages import number, shown_path
from photofinder.search.query import PhotoVectorsOne
from photofinder.search.results import SearchResult
from photofinder.ui.found import Found, nothing_found
from photofinder.ui.photo_grid import PhotoGrid
from photofinder.ui.photo_model import PhotoModel
from photofinder.ui.query_chips import BarPhoto
from photofinder.ui.result_sections import Arranged, Order, arrange, limits_for
from photofinder.ui.result_words import calm_line, count_line, followed, headline, short
from photofinder.ui.search_bar import SearchBar
from photofinder.ui.search_lane import (
    Asked,
    CatalogPhoto,
    Library,
    LookedAt,
    PhotoRegion,
    PhotoSource,
    SearchAnswer,
    SearchFailed,
    SearchLane,
    SearchRequest,
)
from photofinder.ui.searched_photos import SearchedPhoto, some_read, with_pictures, without_unread
from photofinder.ui.shown_view import ShownView


class SearchController(QObject):
    """Turns what the search bar says into requests with a serial, and shows the answer to the newest one."""

    changed = Signal()
    """Another search, an answer, or no search: headline and page are to be looked at again."""
    photos_changed = Signal()
    """Other photos are searched by, or one has its picture now: the chips are to be drawn again."""
    failed = Signal(object)
    """A ``SearchFailed`` of the newest request."""
    used_some = Signal(object)
    """A ``SomeRead`` of several dropped files, the first time it comes."""

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
        self._library: Library | None = None
        self._request: SearchRequest | None = None
        self._photos: tuple[SearchedPhoto, ...] = ()
        self._photos_before: tuple[SearchedPhoto, ...] = ()
        self._liked: tuple[int, ...] = ()
        self._disliked: tuple[int, ...] = ()
        self._repeating = False
        self._answer: SearchAnswer | None = None
        self._order = Order.LIKENESS
        self._with_weak = False
        self._arranged: Arranged | None = None
        self.view: ShownView | None = None  # in the place of the library; who sets it shows its photos
        bar.asked.connect(self.ask)
        bar.cleared.connect(self.clear)
        bar.photo_removed.connect(self.remove_photo_at)
        bar.photo_weighed.connect(self.weigh_photo)
        self.photos_changed.connect(self._show_photos)

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
        """What the answer that is shown says beside its photos."""
        return None if self._answer is None else self._answer.result

    @property
    def found(self) -> Found:
        """The photos of the answer, best first, also those that are not shown."""
        return nothing_found() if self._answer is None else self._answer.found

    @property
    def photos(self) -> tuple[SearchedPhoto, ...]:
        """The photos that are searched by, in the order they were given."""
        return self._photos

    @property
    def liked(self) -> tuple[int, ...]:
        """Photos of an answer marked «more like this»."""
        return self._liked

    @property
    def disliked(self) -> tuple[int, ...]:
        """Photos of an answer marked «less like this»."""
        return self._disliked

    @property
    def order(self) -> Order:
        """How the photos of an answer follow each other."""
        return self._order

    @property
    def arranged(self) -> Arranged | None:
        """The answer as it is shown: what is sure, what was left out."""
        return self._arranged

    @property
    def compared(self) -> tuple[str, tuple[int | PhotoVectorsOne, ...]]:
        """The words and photos that the answer was compared with: ids of the catalogue, vectors of others."""
        if self._request is None:
            return "", ()
        answered = () if self._answer is None else self._answer.looked
        looked = {one.source: one.vectors for one in answered if one.vectors is not None}
        examples: list[int | PhotoVectorsOne] = []
        for source, weight in self._request.asked.photos:
            if weight > 0 and source in looked:
                examples.append(looked[source])
            elif weight > 0 and isinstance(source, CatalogPhoto):
                examples.append(source.photo_id)
        return self._request.asked.text, (*examples, *self._liked)

    @property
    def only_filters(self) -> bool:
        """Whether nothing is compared, so that there is no likeness to order by."""
        return self._request is not None and self._request.asked.only_filters

    # What is asked ------------------------------------------------------------------------------------------------

    @Slot()
    def ask(self) -> None:
        """Search for what the bar and the chips hold now; nothing in them means all photos."""
        photos = tuple((photo.source, photo.weight) for photo in self._photos)
        asked = Asked(self._bar.text, photos, self._liked, self._disliked, self._bar.filters, self._bar.places)
        if not asked:
            self.clear()
        elif self._request is None or asked != self._request.asked:
            self._repeating = self._with_weak = False
            self._send(asked)

    def search_text(self, text: str) -> None:
        """Search for these words, beside the photos if there are any."""
        self._bar.set_text(text)
        self.ask()

    def search_photo(self, source: PhotoSource, name: str, picture: QPixmap | None) -> None:
        """Search by this photo and no other, beside the words if there are any."""
        self.set_photos((SearchedPhoto(source, name, picture),))

    def add_photo(self, source: PhotoSource, name: str, picture: QPixmap | None, weight: float = 1.0) -> None:
        """Search by this photo, too."""
        self.set_photos((*self._photos, SearchedPhoto(source, name, picture, weight)))

    def search_photos(self, photos: tuple[SearchedPhoto, ...], *, add: bool) -> None:
        """Search by these photos, beside the words if there are any, and (``add``) beside the photos."""
        self.set_photos((*self._photos, *photos) if add else photos)

    def set_photos(self, photos: tuple[SearchedPhoto, ...]) -> None:
        """Search by exactly these photos, beside the words if there are any."""
        self._photos = photos
        self.photos_changed.emit()
        self.ask()

    def search_similar(self, photo_id: int) -> None:
        """Search by a photo of the grid; words and marks go, they found it already."""
        path = self._model.path_of(photo_id)
        if path is not None:
            self._bar.set_text("")
            self._liked = self._disliked = ()
            self.search_photo(CatalogPhoto(photo_id, path), shown_path(path.name), self._model.thumbnail_of(photo_id))

    def search_part(self, part: PhotoRegion, name: str) -> None:
        """Search by a part of a photo and nothing else."""
        self._bar.set_text("")
        self._liked = self._disliked = ()
        self.search_photo(part, name, None)

    def search_only_text(self, text: str) -> None:
        """Search for these words and nothing else."""
        self._photos = self._photos_before = ()
        self._liked = self._disliked = ()
        self.photos_changed.emit()
        self.search_text(text)

    @Slot()
    def remove_photo(self) -> None:
        """Search on without any photo."""
        self._photos_before = ()
        self.set_photos(())

    @Slot(int)
    def remove_photo_at(self, place: int) -> None:
        """Search on without the photo at this place."""
        photos = tuple(photo for i, photo in enumerate(self._photos) if i != place)
        self._photos_before = tuple(photo for photo in self._photos_before if photo in photos)
        self.set_photos(photos)

    @Slot(int, float)
    def weigh_photo(self, place: int, weight: float) -> None:
        """Let the photo at this place count this much."""
        self.set_photos(
            tuple(replace(photo, weight=weight) if i == place else photo for i, photo in enumerate(self._photos))
        )

    def like(self, photo_id: int) -> None:
        """More like this one: the answer is ranked again. Without a search it becomes one by this photo."""
        if self._request is None:
            self.search_similar(photo_id)
            return
        self._liked = (*_without(self._liked, photo_id), photo_id)
        self._disliked = _without(self._disliked, photo_id)
        self.ask()

    def dislike(self, photo_id: int) -> None:
        """Less like this one: the answer is ranked again. Nothing happens without a search."""
        if self._request is not None:
            self._disliked = (*_without(self._disliked, photo_id), photo_id)
            self._liked = _without(self._liked, photo_id)
            self.ask()

    def unmark(self, photo_id: int) -> None:
        """Neither more nor less like this one."""
        self._liked, self._disliked = _without(self._liked, photo_id), _without(self._disliked, photo_id)
        self.ask()

    @Slot()
    def clear(self) -> None:
        """Back to all photos."""
        self._serial += 1
        self._lane.forget(self._serial)
        self._photos = self._photos_before = ()
        self._liked = self._disliked = ()
        self._request = self._answer = self._arranged = self.view = None
        self._bar.clear()
        self.photos_changed.emit()
        self._show_library()
        self._grid.scrollToTop()
        self.changed.emit()

    def show_view(self, view: ShownView) -> None:
        """Search for nothing, and leave the grid to this view until something is asked for."""
        self.clear()
        self.view = view

    def set_all(self, library: Library) -> None:
        """The library has these photos now; shown at once when nothing is searched for."""
        self._library = library
        if self._request is None and self.view is None:
            with self._grid.keeping_place():
                self._show_library()
            self.changed.emit()

    def _show_library(self) -> None:
        if self._library is not None:
            self._model.show_all(self._library.photo_ids, self._library.moments)

    def repeat(self) -> None:
        """Ask the same again, because more photos can be found now; what the person looks at stays in place."""
        if self._request is not None and not self.waiting:
            self._repeating = True
            self._send(self._request.asked)

    def _send(self, asked: Asked) -> None:
        self._serial += 1
        self.view = None
        self._request = SearchRequest(self._serial, asked)
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
        seen = {photo.source for photo in self._photos_before}
        asked = without_unread(answer.request.asked, answer.looked)
        self._request = SearchRequest(answer.request.serial, asked)
        self._answer = answer = replace(answer, request=self._request)
        self._bar.underline(answer.result.unknown)
        self._take_pictures(answer.looked)
        self._photos_before = self._photos
        if self._repeating:
            with self._grid.keeping_place():
                self._arrange()
        else:
            self._arrange()
            self._grid.scrollToTop()
        some = some_read(answer.looked, seen)
        if some is not None:
            self.used_some.emit(some)
        self.changed.emit()

    def set_order(self, order: Order) -> None:
        """Order this answer, and those to come, like this."""
        if order is not self._order:
            self._order = order
            self._rearrange()

    @Slot()
    def show_weak(self) -> None:
        """Show also what is too unlike, of this answer."""
        self._with_weak = True
        self._rearrange()

    def _rearrange(self) -> None:
        if self._answer is not None and not self.waiting:
            self._arrange()
            self._grid.scrollToTop()
        self.changed.emit()

    def _arrange(self) -> None:
        """Show the hits that are like enough, in the order that was chosen."""
        assert self._answer is not None
        answer = self._answer
        limits = limits_for(answer.request.asked, answer.result)
        self._arranged = arrange(
            answer.found, self._order, limits, with_weak=self._with_weak, locale=self._model.locale
        )
        self._model.show_found(self._arranged.shown, self._arranged.sections, answer.photos, limits)

    def _take_pictures(self, looked: tuple[LookedAt, ...]) -> None:
        photos = with_pictures(self._photos, looked)
        if photos != self._photos:
            self._photos = photos
            self.photos_changed.emit()

    def _fail(self, failure: SearchFailed) -> None:
        """Take back a photo that could not be read: words, and what was shown before, stay."""
        if self._photos != self._photos_before:
            self._photos = self._photos_before
            self.photos_changed.emit()
        self._request = None if self._answer is None else self._answer.request
        self.failed.emit(failure)
        self.changed.emit()
        if self._request is None and self._bar.text:
            self.ask()

    @Slot()
    def _show_photos(self) -> None:
        self._bar.set_photos([BarPhoto(photo.name, photo.picture, photo.weight) for photo in self._photos])

    # Words --------------------------------------------------------------------------------------------------------

    def headline(self) -> str:
        """What is shown, in a few words."""
        if self.view is not None:
            return self.view.headline
        if self._request is None:
            count = 0 if self._library is None else len(self._library.photo_ids)
            if count == 0:
                return ""
            one = self.tr("1 foto")
            return one if count == 1 else self.tr("{n} fotos").format(n=number(count, self._language))
        names = [photo.name for photo in self._photos]
        return headline(
            short(self._request.asked.text, 60), ", ".join(names), same=self._request.asked.same is not None
        )

    def detail(self) -> str:
        """A few more words beside the headline."""
        if self.view is not None:
            return self.view.detail
        if self._request is None:
            return self.tr("Las más recientes primero") if self._model.photo_ids else ""
        if self.waiting and not self._repeating:
            outside = any(not isinstance(photo.source, CatalogPhoto) for photo in self._photos)
            return self.tr("Mirando la foto…") if outside else self.tr("Buscando…")
        count = 0 if self._arranged is None else len(self._arranged.shown)
        return count_line(count, self._language, newest=self.only_filters or self._order is Order.DATE)

    def calm_line(self) -> str:
        """Rich text about words that were not understood, with links to better ones; empty when all were."""
        note = "" if self.view is None else self.view.note
        return note if self.result is None or self._request is None else calm_line(self.result, self._language)

    def use_suggestion(self, link: str) -> None:
        """A link of ``calm_line`` was followed: put the better word in the place of the unknown one."""
        self.search_text(followed(self._bar.text, link))


def _without(ids: tuple[int, ...], photo_id: int) -> tuple[int, ...]:
    return tuple(other for other in ids if other != photo_id)
