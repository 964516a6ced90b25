"""Lane ``albums``: everything about albums that asks the catalogue or computes. Latest wins for what is shown.

It has a writing connection of its own: what a person marks is a short transaction. The number of proposals of each
album is worked out one album a job, so that whatever the person does meanwhile comes between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from photofinder.albums.engine import AlbumEngine, AlbumView
from photofinder.albums.tree import Branch
from photofinder.errors import AlbumUnknown, PhotoFinderError
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.catalog_albums import Album, RemovedAlbums
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource


@dataclass(frozen=True, slots=True)
class AlbumsKnown:
    """All albums, each after the one it lies in, and how many photos of each can be shown."""

    branches: Mapping[int, Branch]


@dataclass(frozen=True, slots=True)
class AlbumCounted:
    """An album shows so many photos and would propose so many more."""

    album_id: int
    photos: int
    proposals: int


@dataclass(frozen=True, slots=True)
class AlbumShown:
    """The answer to ``show`` number ``serial``, with what is known of each photo in it."""

    serial: int
    view: AlbumView
    photos: Mapping[int, Photo]


@dataclass(frozen=True, slots=True)
class AlbumAdded:
    """A new album; ``marked``: photos that were put into it at once."""

    album: Album
    marked: int


@dataclass(frozen=True, slots=True)
class AlbumRemoved:
    """Enough to bring it back."""

    removed: RemovedAlbums


@dataclass(frozen=True, slots=True)
class AlbumMarked:
    """What was said of photos before, to be undone with. ``belongs`` as in ``Catalog.mark_photos``."""

    album_id: int
    path: str
    belongs: bool | None
    before: Mapping[int, bool | None]


@dataclass(frozen=True, slots=True)
class AlbumsFailed:
    """Something that cannot be: a name that is taken, an album that is gone, a disk that is full."""

    error: PhotoFinderError | OSError


class AlbumLane:
    """Answers with the dispatcher's signal ``albums``. Each change is followed by ``AlbumsKnown``."""

    def __init__(self, paths: DataPaths, models: ModelSource, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._models = models
        self._dispatcher = dispatcher
        self.lane = Lane("albums", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._catalog: Catalog | None = None
        self._engine: AlbumEngine | None = None
        self._latest = 0
        self._counting = 0

    def refresh(self) -> None:
        """Tell what albums there are and, one by one, what they would propose."""
        self._submit(self._tell)

    def show(self, serial: int, album_id: int) -> None:
        """An ``AlbumShown`` with this serial comes, unless another is asked for before."""
        self._latest = serial
        self._submit(lambda: self._show(serial, album_id))

    def create(self, name: str, parent_id: int | None, photo_ids: Sequence[int] = ()) -> None:
        """Make an album, with these photos in it."""

        def change() -> None:
            catalog = self._catalog_of()
            with catalog.transaction():
                album = catalog.add_album(name, parent_id)
                marked = catalog.mark_photos(album.id, photo_ids, True)
            self._post(AlbumAdded(album, len(marked)))

        self._change(change)

    def rename(self, album_id: int, name: str) -> None:
        """Call an album otherwise."""
        self._change(lambda: self._catalog_of().rename_album(album_id, name))

    def move(self, album_id: int, parent_id: int | None) -> None:
        """Put an album into another one, or to the top."""
        self._change(lambda: self._catalog_of().move_album(album_id, parent_id))

    def remove(self, album_id: int) -> None:
        """Forget an album and those in it."""
        self._change(lambda: self._post(AlbumRemoved(self._catalog_of().remove_album(album_id))))

    def restore(self, removed: RemovedAlbums) -> None:
        """Undo ``remove``."""
        self._change(lambda: self._catalog_of().restore_albums(removed))

    def mark(self, marks: Mapping[int, Sequence[int]], belongs: bool | None) -> None:
        """Say of photos, by album, that they belong, do not, or that nothing is said any more."""

        def change() -> None:
            catalog = self._catalog_of()
            for album_id, photo_ids in marks.items():
                before = catalog.mark_photos(album_id, photo_ids, belongs)
                path = self._engine_of().branches()[album_id].path
                self._post(AlbumMarked(album_id, path, belongs, before))

        self._change(change)

    def restore_marks(self, album_id: int, before: Mapping[int, bool | None]) -> None:
        """Undo ``mark``."""
        self._change(lambda: self._catalog_of().restore_marks(album_id, before))

    # In the lane --------------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[], None]) -> None:
        def run() -> None:
            change()
            self._tell()

        self._submit(run)

    def _tell(self) -> None:
        known = self._engine_of().branches()
        self._post(AlbumsKnown(known))
        self._counting += 1
        serial = self._counting
        self._submit(lambda: self._count(serial, tuple(known)))

    def _count(self, serial: int, waiting: tuple[int, ...]) -> None:
        """The first of ``waiting``, and the others after what else there is to do."""
        if serial != self._counting:
            return
        if not waiting:
            self._engine_of().rest()
            return
        try:
            photos, proposals = self._engine_of().count(waiting[0])
        except AlbumUnknown:
            return  # removed meanwhile: they are told again
        self._post(AlbumCounted(waiting[0], photos, proposals))
        self._submit(lambda: self._count(serial, waiting[1:]))

    def _show(self, serial: int, album_id: int) -> None:
        if serial != self._latest:
            return
        view = self._engine_of().view(album_id)
        photos = self._catalog_of().photos([*(one.photo_id for one in view.proposals), *view.members])
        self._post(AlbumShown(serial, view, photos))
        self._engine_of().rest()

    def _submit(self, job: Callable[[], None]) -> None:
        def guarded() -> None:
            try:
                job()
            except (PhotoFinderError, OSError) as error:
                self._post(AlbumsFailed(error))

        self.lane.submit(guarded)

    def _post(self, answer: object) -> None:
        self._dispatcher.post("albums", answer)

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog, writer=True)
        return self._catalog

    def _engine_of(self) -> AlbumEngine:
        if self._engine is None:
            self._engine = AlbumEngine(self._catalog_of(), self._models.pack(), self._paths.neighbors)
        return self._engine

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()
