"""The first half of a run: walk the folders, compare, recognise what moved, and list what is to be analysed."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Generator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath

from photofinder.errors import FolderSilent, FolderUnavailable, PhotoUnreadable
from photofinder.indexing.events import Scanned, Scanning
from photofinder.library.answering import DRIVES, LOOK_S
from photofinder.library.catalog import Catalog, Folder, KnownFile, Photo
from photofinder.library.catalog_rows import has_entries
from photofinder.library.compare import Changes, compare
from photofinder.library.excludes import Excludes
from photofinder.library.scan import FoundFile, content_hash, walk
from photofinder.library.thumbnails import ThumbnailCache

_SCAN_STEP = 512
_SILENT_PLACES = 3
"""With more of them a folder counts as silent itself."""
_SAMPLE = 8
"""Of the photos of a folder that may be another one at a new place, so many are compared by content."""


@dataclass(slots=True, eq=False)
class Root:
    """A folder of this run; ``offline`` and ``removed`` (from the catalogue) may become true at any moment."""

    folder: Folder
    changes: Changes
    jobs: list[Job] = field(default_factory=list)
    added: list[Job] = field(default_factory=list)
    moved: list[tuple[Photo, FoundFile]] = field(default_factory=list)
    touched: list[tuple[int, int, FoundFile]] = field(default_factory=list)
    total: int = 0
    """How many ``jobs`` there were."""
    left: int = 0
    """How many of them are not finished."""
    offline: bool = False
    removed: bool = False


@dataclass(slots=True, eq=False)
class Job:
    """A photo to analyse; ``sources`` are photos with the same content, whose vectors may be taken."""

    root: Root
    file: FoundFile
    photo_id: int = 0
    content_hash: str | None = None
    sources: tuple[int, ...] = ()

    @property
    def path(self) -> Path:
        """The file, absolute."""
        return self.root.folder.path / self.file.rel_path

    def hash_content(self) -> None:
        """Hash the file unless that is done; one that cannot be read is left to the decoder, which says why."""
        if self.content_hash is None:
            with contextlib.suppress(OSError, PhotoUnreadable):
                self.content_hash = DRIVES.ask_while_reached(self.root.folder.path, lambda: content_hash(self.path))

    def has_content(self, before: KnownFile) -> bool:
        """Whether the file holds what was analysed before."""
        known = before.content_hash is not None and self.file.size == before.size
        return known and self.content_hash == before.content_hash


class Plan:
    """What one run is to do. ``prepare`` fills it; the catalogue then knows every photo that was found."""

    def __init__(
        self,
        catalog: Catalog,
        thumbnails: ThumbnailCache | None,
        *,
        retry_failed: bool | Collection[int] = False,
        exclude: Sequence[str] | None = None,
    ) -> None:
        self.roots: dict[int, Root] = {}
        self.unavailable: list[Path] = []
        self._catalog = catalog
        self._thumbnails = thumbnails
        self._retry_failed = retry_failed
        self._exclude = exclude
        self._others: dict[int, bool] = {}
        self._taken: set[int] = set()

    def prepare(self, folders: Sequence[Path]) -> Generator[Scanning | Scanned, None, None]:
        """Walk all ``folders`` before comparing any: a photo may have moved from one to another.

        Raises ``FolderUnavailable`` when none of them can be reached.
        """
        yield from self._walk_all(folders)
        sizes = self._catalog.known_sizes()
        for root in list(self.roots.values()):
            yield from self._resolve(root, sizes)
            if DRIVES.of(root.folder.path):  # without contents nothing tells a new photo from one that moved
                self.unavailable.append(root.folder.path)
                del self.roots[root.folder.id]
        for root in self.roots.values():
            yield self._record(root)

    def take_jobs(self) -> list[Job]:
        """What is to be analysed, of all folders, the newest first; the plan lets go of it."""
        jobs = [job for root in self.roots.values() for job in root.jobs]
        for root in self.roots.values():
            root.jobs.clear()
            root.added.clear()
        return sorted(jobs, key=lambda job: job.file.mtime_ns, reverse=True)

    def _walk_all(self, folders: Sequence[Path]) -> Generator[Scanning, None, None]:
        unavailable: list[FolderUnavailable] = []
        for _ in DRIVES.meet(folders):
            yield Scanning(folders[0], 0)
        for path in folders:
            try:
                if DRIVES.of(path):
                    raise FolderSilent(path)
                folder = self._catalog.add_folder(path)
                if self._exclude is not None:
                    self._catalog.set_exclude(folder.id, self._exclude)
                    folder = self._catalog.add_folder(path)  # as it is now
                if folder.id not in self.roots:
                    self.roots[folder.id] = yield from self._walk(folder)
            except FolderUnavailable as error:
                unavailable.append(error)
        if unavailable and not self.roots:
            raise unavailable[0]
        self.unavailable = list(dict.fromkeys(error.path for error in unavailable))

    def _walk(self, folder: Folder) -> Generator[Scanning, None, Root]:
        found, skipped = yield from self._files(folder)
        known = self._catalog.known_files(folder.id)
        changes = compare(found, known, skipped, retry_failed=self._retry_failed)
        if found and not changes.known and (before := self._at_another_place(folder, found)) is not None:
            with self._catalog.transaction():
                self._catalog.remove_folder(folder.id)
                moved = self._catalog.move_folder(before.id, folder.path)
            return (yield from self._walk(moved))  # with what its own patterns leave out
        if changes.gone and not has_entries(folder.path, LOOK_S):
            raise FolderUnavailable(folder.path, "missing")
        return Root(folder, changes)

    def _files(self, folder: Folder) -> Generator[Scanning, None, tuple[list[FoundFile], list[str]]]:
        """What is there, and what was skipped: also a few places below that do not answer while the folder does.

        Raises ``FolderUnavailable``.
        """
        silent: set[str] = set()
        while True:
            found: list[FoundFile] = []
            skipped: list[str] = []
            walking = partial(walk, folder.path, skipped, Excludes(folder.exclude), silent=frozenset(silent))
            try:
                for file in DRIVES.take(folder.path, lambda on_step, walking=walking: walking(on_step=on_step)):  # type: ignore[misc]
                    if file is not None:
                        found.append(file)
                    if file is None or len(found) % _SCAN_STEP == 0:
                        yield Scanning(folder.path, len(found))
                return found, skipped
            except FolderSilent as error:
                silent.add(error.rel_path)
                if not error.rel_path or len(silent) > _SILENT_PLACES or not DRIVES.reached(folder.path, LOOK_S):
                    raise

    def _at_another_place(self, folder: Folder, found: Sequence[FoundFile]) -> Folder | None:
        """The root that is offline and seems to be this new one: a drive that got another letter or mount point.

        Half of what is known of it lies here with the same path and size, and so do the contents of some.
        """
        for other in self._catalog.folders():
            if other.online or other.id in self.roots or other.id == folder.id:
                continue
            if DRIVES.of(other.path):  # it does not answer: it may well be there
                continue
            known = dict(self._catalog.known_files(other.id))
            here = [file for file in found if file.rel_path in known and known[file.rel_path].size == file.size]
            hashed = [file for file in here if known[file.rel_path].content_hash is not None]
            present = sum(not file.missing for file in known.values())
            if not hashed or 2 * len(here) < present:
                continue
            with contextlib.suppress(OSError, PhotoUnreadable):
                step = max(1, len(hashed) // _SAMPLE)
                if all(
                    DRIVES.ask_while_reached(folder.path, partial(content_hash, folder.path / file.rel_path))
                    == known[file.rel_path].content_hash
                    for file in hashed[::step]
                ):
                    return other
        return None

    def _resolve(self, root: Root, sizes: set[int]) -> Generator[Scanning, None, None]:
        """Tell by content what is new from what moved, was copied, or only got another time."""
        for number, (file, before) in enumerate(root.changes.changed + root.changes.pending):
            if number % _SCAN_STEP == 0:
                yield Scanning(root.folder.path, root.changes.found)
            same = (file.size, file.mtime_ns) == (before.size, before.mtime_ns)
            job = Job(root, file, before.photo_id, before.content_hash if same else None)
            if job.content_hash is None and file.size in sizes:
                job.hash_content()
                if before.has_vectors and job.has_content(before):
                    root.touched.append((before.photo_id, before.mtime_ns, file))
                    continue
                job.sources = tuple(photo.id for photo in self._twins(job))
            root.jobs.append(job)
        for number, file in enumerate(root.changes.new):
            if number % _SCAN_STEP == 0:
                yield Scanning(root.folder.path, root.changes.found)
            job = Job(root, file)
            if file.size in sizes:
                job.hash_content()
                twins = self._twins(job)
                moved = self._moved_from(twins, file)
                if moved is not None:
                    self._taken.add(moved.id)
                    root.moved.append((moved, file))
                    if self._catalog.vector(moved.id, "embedding") is None:
                        job.photo_id = moved.id
                        root.jobs.append(job)
                    continue
                job.sources = tuple(photo.id for photo in twins)
            root.jobs.append(job)
            root.added.append(job)

    def _twins(self, job: Job) -> list[Photo]:
        """Other catalogued photos with the content of a job."""
        if job.content_hash is None:
            return []
        twins = self._catalog.find_by_content(job.file.size, job.content_hash)
        return [photo for photo in twins if photo.id != job.photo_id]

    def _moved_from(self, twins: Sequence[Photo], file: FoundFile) -> Photo | None:
        """The photo whose file is gone from its place and seems to be this one; rather one with the same name."""
        gone = [photo for photo in twins if photo.id not in self._taken and self._is_gone(photo)]
        name = PurePosixPath(file.rel_path).name
        return min(gone, key=lambda photo: PurePosixPath(photo.rel_path).name != name, default=None)

    def _is_gone(self, photo: Photo) -> bool:
        if photo.folder_id in self.roots:
            return photo.id in self.roots[photo.folder_id].changes.absent
        if photo.missing_since is not None:
            return True
        if not self._others:  # only now, because asking a network drive that is away takes long
            self._others = {folder.id: folder.online for folder in self._catalog.folders()}
        with contextlib.suppress(TimeoutError):
            there = DRIVES.ask(photo.path.parent, lambda: os.path.lexists(photo.path))
            return self._others[photo.folder_id] and not there
        return False

    def _record(self, root: Root) -> Scanned:
        """Write what the comparison of one folder found; its photos have their ids from now on."""
        changes = root.changes
        missing = changes.gone - self._taken
        with self._catalog.transaction():
            if not self._catalog.has_folder(root.folder.id):
                return self._drop(root)
            self._catalog.mark_found(changes.returned)
            self._catalog.mark_missing(missing)
            for photo, file in root.moved:
                self._catalog.move_photo(
                    photo.id, file.rel_path, folder_id=root.folder.id, size=file.size, mtime_ns=file.mtime_ns
                )
            for photo_id, _, file in root.touched:
                self._catalog.move_photo(photo_id, file.rel_path, mtime_ns=file.mtime_ns)
            ids = self._catalog.add_photos(root.folder.id, [job.file for job in root.added])
        for job, photo_id in zip(root.added, ids, strict=True):
            job.photo_id = photo_id
        for photo, file in root.moved:
            self._keep_thumbnail(photo.id, photo.mtime_ns, file.mtime_ns)
        for photo_id, mtime_ns, file in root.touched:
            self._keep_thumbnail(photo_id, mtime_ns, file.mtime_ns)
        root.total = root.left = len(root.jobs)
        unchanged = changes.unchanged + len(root.touched)
        moved = changes.found - unchanged - len(root.jobs)
        return Scanned(root.folder.path, changes.found, len(root.jobs), unchanged, moved, len(missing))

    def _drop(self, root: Root) -> Scanned:
        """The folder was removed from the catalogue, by another window or command, while we walked it."""
        root.jobs.clear()
        root.removed = True
        return Scanned(root.folder.path, 0, 0, 0, 0, 0)

    def _keep_thumbnail(self, photo_id: int, before_ns: int, now_ns: int) -> None:
        """The content is the same, so the thumbnail is."""
        if self._thumbnails is not None and before_ns != now_ns:
            data = self._thumbnails.get(photo_id, before_ns)
            if data is not None:
                self._thumbnails.put(photo_id, now_ns, data)
