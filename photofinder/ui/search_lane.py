"""Lane ``search``: its own reading connection and the engine. Latest wins: an older request is not even run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError, PhotoUnreadable
from photofinder.library.catalog import Catalog, Counts, Folder, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.filters import Filters
from photofinder.library.places import Places
from photofinder.model.descriptors import Comparison
from photofinder.paths import DataPaths
from photofinder.search.engine import SearchEngine
from photofinder.search.query import PhotoVectorsOne, parse
from photofinder.search.results import SearchResult
from photofinder.ui.damage import open_or_mend
from photofinder.ui.found import Calendar, Found
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource
from photofinder.ui.object_search import ObjectFinder
from photofinder.ui.outside_pictures import Box, chip_of, cut, encoded, first_readable
from photofinder.ui.photo_comparison import PhotoComparison
from photofinder.ui.picture_lane import image_of

MOST = 2000
"""Of an answer; people look at some dozens, and act on all that are surely right."""
_IN_SIGHT = 200
"""Photos of an answer that the catalogue is asked about before it is shown: more than any screen has room for."""
_REGION_SIDE = 1536
"""Of the whole photo, in pixels, when a part of it is searched by."""
ALL = 10_000_000
"""As a limit: what only filters leave is not a ranking, and is shown whole."""


@dataclass(frozen=True, slots=True)
class CatalogPhoto:
    """Search by a photo of the catalogue."""

    photo_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class OutsideFiles:
    """Search by the first of these files that can be read; of several (``dropped``) those that cannot are left out."""

    paths: tuple[Path, ...]
    dropped: int = 1


@dataclass(frozen=True, slots=True, eq=False)
class OutsideImage:
    """Search by a picture without a file: encoded bytes, or pixels of the clipboard or a browser."""

    data: bytes | QImage


@dataclass(frozen=True, slots=True)
class PhotoRegion:
    """Search by a part of a photo of the catalogue; ``same``: for that very object, not for what is like it."""

    photo_id: int
    path: Path
    box: Box
    same: bool = False


PhotoSource = CatalogPhoto | OutsideFiles | OutsideImage | PhotoRegion


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is searched for: words, photos with their weights, photos marked in an answer, and what must hold."""

    text: str = ""
    photos: tuple[tuple[PhotoSource, float], ...] = ()
    liked: tuple[int, ...] = ()
    disliked: tuple[int, ...] = ()
    filters: Filters = field(default_factory=Filters)
    places: Places = field(default_factory=Places, compare=False, repr=False)

    def __bool__(self) -> bool:
        return bool(self.text or self.photos or self.liked or self.filters)

    @property
    def same(self) -> PhotoRegion | None:
        """The object that must be in the photos; then neither words nor other photos count."""
        return next((one for one, _ in self.photos if isinstance(one, PhotoRegion) and one.same), None)

    @property
    def only_filters(self) -> bool:
        """Whether nothing is compared: all photos that pass are the answer."""
        if self.photos or self.liked:
            return False
        parsed = parse(self.text, date.today(), places=self.places)
        return not (parsed.clauses or parsed.without)


@dataclass(frozen=True, slots=True, eq=False)
class SearchRequest:
    """What the window asks; ``serial`` grows with every request."""

    serial: int
    asked: Asked


@dataclass(frozen=True, slots=True, eq=False)
class LookedAt:
    """A photo from outside that was read: ``used`` is which of the files, ``skipped`` how many before could not be."""

    source: PhotoSource
    vectors: PhotoVectorsOne | None
    used: Path | None
    skipped: int
    chip: QImage


@dataclass(frozen=True, slots=True, eq=False)
class SearchAnswer:
    """``looked``: the photos of the request that had to be read from outside the catalogue.

    ``result``: what was understood, without hits; ``found``: the photos, best first. ``photos``: what the catalogue
    knows of the first ones, by id; of the others it comes with their thumbnails.
    """

    request: SearchRequest
    result: SearchResult
    found: Found
    looked: tuple[LookedAt, ...] = ()
    photos: Mapping[int, Photo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class SearchFailed:
    """The world did not let this search be answered."""

    request: SearchRequest
    error: PhotoFinderError | OSError


@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """What is known now: the roots, every photo to show (newest first), and how many there are of each kind.

    ``moments`` ``(photos,)``: when each was taken, seconds since 1970 on the wall clock.
    """

    folders: tuple[Folder, ...]
    photo_ids: tuple[int, ...]
    moments: NDArray[np.int64]
    counts: Counts
    by_folder: Mapping[int, Counts] = field(default_factory=dict)
    places: Places = field(default_factory=Places)


@dataclass(frozen=True, slots=True)
class LibraryFailed:
    """The catalogue or the pack cannot be used; ``fatal`` when the program cannot go on."""

    error: PhotoFinderError | OSError
    fatal: bool


@dataclass(frozen=True, slots=True)
class PackReplaced:
    """The chosen model pack cannot be used, and the bundled one goes on."""

    problem: PhotoFinderError


@dataclass(frozen=True, slots=True)
class Failures:
    """The photos that could not be read, each with its reason."""

    photos: tuple[Photo, ...]


class SearchLane:
    """Answers searches and questions about the library, one at a time, off the GUI thread."""

    def __init__(self, paths: DataPaths, models: ModelSource, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self.searches_path = paths.searches
        self._models = models
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("search", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._latest = 0
        self._refresh_waiting = False
        self._catalog: Catalog | None = None
        self._engine: SearchEngine | None = None
        self._looked: tuple[LookedAt, ...] = ()
        self._objects = ObjectFinder(paths.neighbors, decoder)
        self._calendar = Calendar(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))
        self.southern = False
        """Whether summer is in January, from the next search on."""
        self._comparison = PhotoComparison(paths, models)

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def open(self, *, mend: bool = False) -> None:
        """Tell the library (``mend``: recover it first), then check that it can be searched: a failure is fatal."""
        self.lane.submit(lambda: self._open(mend))

    def refresh(self) -> None:
        """Ask for the library; requests that wait are answered together."""
        if not self._refresh_waiting:
            self._refresh_waiting = True
            self.lane.submit(self._refresh)

    def failures(self) -> None:
        """Ask for the photos that could not be read."""
        self.lane.submit(self._failures)

    def facets(self) -> None:
        """Ask what the library can be filtered by."""
        self.lane.submit(self._facets)

    def search(self, request: SearchRequest) -> None:
        """Search; requests with a smaller serial are forgotten."""
        self._latest = request.serial
        self.lane.submit(lambda: self._search(request))

    def compare_by(self, compare: Comparison | None) -> None:
        """Compare photos with photos by this from the next search on; None: by the features of the pack."""
        self.lane.submit(lambda: self._compare_by(compare))

    def forget(self, serial: int) -> None:
        """Requests up to ``serial`` need no answer any more."""
        self._latest = serial

    # In the lane --------------------------------------------------------------------------------------------------

    def _open(self, mend: bool) -> None:
        try:
            steps = (self._tell_library, self._engine_of)
            open_or_mend(self._paths, self._dispatcher, steps, self._close, mend=mend)
            if self._models.problem is not None:
                self._dispatcher.post("library", PackReplaced(self._models.problem))
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("library", LibraryFailed(error, fatal=True))

    def _refresh(self) -> None:
        self._refresh_waiting = False
        try:
            self._tell_library()
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("library", LibraryFailed(error, fatal=False))

    def _failures(self) -> None:
        try:
            self._dispatcher.post("library", Failures(tuple(self._catalog_of().failures())))
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("library", LibraryFailed(error, fatal=False))

    def _facets(self) -> None:
        try:
            self._dispatcher.post("facets", self._catalog_of().facets())
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("library", LibraryFailed(error, fatal=False))

    def _tell_library(self) -> None:
        catalog = self._catalog_of()
        by_folder = catalog.counts_by_folder()
        rows = catalog.library_rows()
        self._calendar = Calendar(rows.ids, rows.moments)
        counts, ids = Counts.sum(by_folder.values()), tuple(rows.ids.tolist())
        places = catalog.known_places()
        library = Library(tuple(catalog.folders()), ids, rows.moments, counts, by_folder, places)
        self._dispatcher.post("library", library)

    def _search(self, request: SearchRequest) -> None:
        if request.serial != self._latest:
            return
        try:
            with self._dispatcher.way.taken():
                same = request.asked.same
                answer = self._answer(request) if same is None else self._answer_same(request, same)
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("answer", SearchFailed(request, error))
        else:
            self._dispatcher.post("answer", answer)
            self._engine_of().rest()

    def _answer_same(self, request: SearchRequest, region: PhotoRegion) -> SearchAnswer:
        catalog, parsed = self._catalog_of(), parse(request.asked.text, date.today(), self.southern)
        result, found, chip = self._objects.find(catalog, self._calendar, region, parsed, request.asked.filters)
        photos = catalog.photos(found.photo_ids[:_IN_SIGHT].tolist())
        return SearchAnswer(request, result, found, (LookedAt(region, None, None, 0, chip_of(chip)),), photos)

    def _answer(self, request: SearchRequest) -> SearchAnswer:
        engine, asked = self._engine_of(), request.asked
        engine.southern = self.southern
        known = tuple((source.photo_id, weight) for source, weight in asked.photos if isinstance(source, CatalogPhoto))
        outside: list[tuple[PhotoSource, float]] = [
            (source, weight) for source, weight in asked.photos if not isinstance(source, CatalogPhoto)
        ]
        limit = ALL if asked.only_filters else MOST
        unanalysed: set[int] = set()
        ranking = None
        if not outside:
            ranking = engine.rank(self._comparison.query(asked, (), known), limit)
            unanalysed = set(ranking.not_analysed) | self._comparison.unread(ranking) & {one for one, _ in known}
        if ranking is None or unanalysed:  # those without vectors yet are read from their files
            outside += [
                (source, weight)
                for source, weight in asked.photos
                if isinstance(source, CatalogPhoto) and source.photo_id in unanalysed
            ]
            # kept while words are typed beside them
            self._looked = self._look_at([source for source, _ in outside])
            known = tuple(one for one in known if one[0] not in unanalysed)
            read = {one.source: one.vectors for one in self._looked if one.vectors is not None}
            pairs = tuple((read[source], weight) for source, weight in outside if source in read)
            ranking = engine.rank(self._comparison.query(asked, pairs, known), limit)
        catalog, ids = self._catalog_of(), ranking.photo_ids
        moments = self._calendar.moments(ids, catalog) if ranking.moments is None else ranking.moments
        found = Found(ids, ranking.probabilities, moments)
        if unanalysed:
            found = found.at(~np.isin(ids, list(unanalysed)))
        photos = catalog.photos(found.photo_ids[:_IN_SIGHT].tolist())
        return SearchAnswer(request, engine.understood(ranking), found, self._looked if outside else (), photos)

    def _compare_by(self, compare: Comparison | None) -> None:
        if self._comparison.choose(compare):
            self._looked = ()

    def _look_at(self, sources: Sequence[PhotoSource]) -> tuple[LookedAt, ...]:
        """Each, but of several files dropped together those that can be read; raises when there is none."""
        looked, first_error = [], None
        for source in sources:
            try:
                looked.append(self._look(source))
            except PhotoUnreadable as error:
                if not isinstance(source, OutsideFiles) or source.dropped == 1:
                    raise
                first_error = first_error or error
        is_any_read = any(isinstance(one.source, OutsideFiles) and one.source.dropped > 1 for one in looked)
        if first_error is not None and not is_any_read:
            raise first_error
        return tuple(looked)

    def _look(self, source: PhotoSource) -> LookedAt:
        """The vectors of a photo from outside, read once; of several files the first that can be read."""
        for looked in self._looked:
            if looked.source == source:
                return looked
        used: Path | None = None
        skipped = 0
        if isinstance(source, OutsideImage):
            data = source.data if isinstance(source.data, bytes) else encoded(source.data)
            decoded = self._decoder.decode_bytes(data)
        elif isinstance(source, PhotoRegion):
            decoded = self._decoder.decode(source.path, side=_REGION_SIDE)
        else:
            paths = (source.path,) if isinstance(source, CatalogPhoto) else source.paths
            decoded, used, skipped = first_readable(paths, self._decoder)
        pixels, chip = decoded.pixels, QImage.fromData(decoded.thumbnail)
        if isinstance(source, PhotoRegion):
            pixels = cut(pixels, source.box)
            chip = image_of(pixels)
        vectors = self._models.visual()([pixels])
        one = PhotoVectorsOne(vectors.features[0], vectors.embeddings[0], self._comparison.described(pixels))
        return LookedAt(source, one, used, skipped, chip_of(chip))

    def places(self) -> Places:
        """In the lane only: where photos were taken."""
        return self._catalog_of().known_places()

    def vocabulary(self) -> list[str]:
        """In the lane only: the words that the model was taught, the most frequent first."""
        return self._engine_of().vocabulary()

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog)
        return self._catalog

    def _engine_of(self) -> SearchEngine:
        if self._engine is None:
            catalog, pack = self._catalog_of(), self._models.pack()
            catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
            self._engine = SearchEngine(catalog, pack, self._paths.neighbors)
        return self._engine

    def _close(self) -> None:
        self._engine = None
        if self._catalog is not None:
            self._catalog.close()
            self._catalog = None
