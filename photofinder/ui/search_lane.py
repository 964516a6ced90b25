"""Lane ``search``: its own reading connection and the engine. Latest wins: an older request is not even run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage

from photofinder.errors import PhotoFinderError, PhotoUnreadable
from photofinder.library.catalog import Catalog, Counts, Folder, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.images import DecodedPhoto
from photofinder.paths import DataPaths
from photofinder.search.engine import SearchEngine, SearchResult
from photofinder.search.query import PhotoVectorsOne, Query
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource

_CHIP_SIDE = 96


@dataclass(frozen=True, slots=True)
class CatalogPhoto:
    """Search by a photo of the catalogue."""

    photo_id: int
    path: Path


@dataclass(frozen=True, slots=True)
class OutsideFiles:
    """Search by the first of these files that can be read."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OutsideImage:
    """Search by a picture without a file: encoded bytes, or pixels of the clipboard or a browser."""

    data: bytes | QImage


PhotoSource = CatalogPhoto | OutsideFiles | OutsideImage


@dataclass(frozen=True, slots=True, eq=False)
class SearchRequest:
    """What the window asks; ``serial`` grows with every request."""

    serial: int
    text: str
    source: PhotoSource | None


@dataclass(frozen=True, slots=True, eq=False)
class SearchAnswer:
    """``used``: which of the dropped files was read; ``skipped``: how many before it could not be."""

    request: SearchRequest
    result: SearchResult
    used: Path | None = None
    skipped: int = 0
    chip: QImage | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SearchFailed:
    """The world did not let this search be answered."""

    request: SearchRequest
    error: PhotoFinderError | OSError


@dataclass(frozen=True, slots=True)
class Library:
    """What is known now: the roots, every photo to show (newest first), and how many there are of each kind."""

    folders: tuple[Folder, ...]
    photo_ids: tuple[int, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class LibraryFailed:
    """The catalogue or the pack cannot be used; ``fatal`` when the program cannot go on."""

    error: PhotoFinderError | OSError
    fatal: bool


@dataclass(frozen=True, slots=True)
class Failures:
    """The photos that could not be read, each with its reason."""

    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Looked:
    """The vectors of the outside photo last searched by, kept while words are typed beside it."""

    source: PhotoSource
    vectors: PhotoVectorsOne
    used: Path | None
    skipped: int
    chip: QImage


class SearchLane:
    """Answers searches and questions about the library, one at a time, off the GUI thread."""

    def __init__(self, paths: DataPaths, models: ModelSource, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._models = models
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("search", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._latest = 0
        self._refresh_waiting = False
        self._catalog: Catalog | None = None
        self._engine: SearchEngine | None = None
        self._looked: _Looked | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def open(self) -> None:
        """Tell the library, then check that pack and catalogue can be searched: a failure of either is fatal."""
        self.lane.submit(self._open)

    def refresh(self) -> None:
        """Ask for the library; requests that wait are answered together."""
        if not self._refresh_waiting:
            self._refresh_waiting = True
            self.lane.submit(self._refresh)

    def failures(self) -> None:
        """Ask for the photos that could not be read."""
        self.lane.submit(self._failures)

    def search(self, request: SearchRequest) -> None:
        """Search; requests with a smaller serial are forgotten."""
        self._latest = request.serial
        self.lane.submit(lambda: self._search(request))

    def forget(self, serial: int) -> None:
        """Requests up to ``serial`` need no answer any more."""
        self._latest = serial

    # In the lane --------------------------------------------------------------------------------------------------

    def _open(self) -> None:
        try:
            self._tell_library()
            self._engine_of()
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

    def _tell_library(self) -> None:
        catalog = self._catalog_of()
        library = Library(tuple(catalog.folders()), tuple(catalog.all_photo_ids()), catalog.counts())
        self._dispatcher.post("library", library)

    def _search(self, request: SearchRequest) -> None:
        if request.serial != self._latest:
            return
        try:
            answer = self._answer(request)
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("answer", SearchFailed(request, error))
        else:
            self._dispatcher.post("answer", answer)

    def _answer(self, request: SearchRequest) -> SearchAnswer:
        engine = self._engine_of()
        source = request.source
        if source is None:
            return SearchAnswer(request, engine.search(Query(request.text)))
        if isinstance(source, CatalogPhoto):
            result = engine.search(Query(request.text, photo_ids=(source.photo_id,)))
            if not result.not_analysed:
                return SearchAnswer(request, result)
        looked = self._look(source)
        result = engine.search(Query(request.text, photos=(looked.vectors,)))
        if isinstance(source, CatalogPhoto):  # not analysed yet: read from its file, and left out like the others
            hits = tuple(hit for hit in result.hits if hit.photo_id != source.photo_id)
            result = SearchResult(hits, result.known, result.unknown, result.suggestions, result.corrected)
        return SearchAnswer(request, result, looked.used, looked.skipped, looked.chip)

    def _look(self, source: PhotoSource) -> _Looked:
        """The vectors of a photo from outside, read once; of several files the first that can be read."""
        if self._looked is not None and self._looked.source == source:
            return self._looked
        used: Path | None = None
        skipped = 0
        if isinstance(source, OutsideImage):
            data = source.data if isinstance(source.data, bytes) else _encoded(source.data)
            decoded = self._decoder.decode_bytes(data)
        else:
            paths = (source.path,) if isinstance(source, CatalogPhoto) else source.paths
            decoded, used, skipped = _first_readable(paths, self._decoder)
        vectors = self._models.visual()([decoded.pixels])
        one = PhotoVectorsOne(vectors.features[0], vectors.embeddings[0])
        self._looked = _Looked(source, one, used, skipped, _chip(decoded.thumbnail))
        return self._looked

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


def _first_readable(paths: Sequence[Path], decoder: Decoder) -> tuple[DecodedPhoto, Path, int]:
    """The first photo that can be read, its path and how many before it could not; raises what the first one did."""
    first_error: PhotoUnreadable | None = None
    for skipped, path in enumerate(paths):
        try:
            return decoder.decode(path), path, skipped
        except PhotoUnreadable as error:
            first_error = first_error or error
    assert first_error is not None, "a search by files names at least one"
    raise first_error


def _encoded(image: QImage) -> bytes:
    """The pixels as an uncompressed PNG: the decoder takes files, and zlib would cost a second for a big picture."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG", 100)  # type: ignore[call-overload]
    return bytes(data.data())


def _chip(thumbnail: bytes) -> QImage:
    """A small picture for the search bar, from a thumbnail that our own decoder wrote."""
    return QImage.fromData(thumbnail).scaled(
        _CHIP_SIDE,
        _CHIP_SIDE,
        Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )
