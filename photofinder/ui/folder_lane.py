"""Lane ``folders``: looks whether folders are there, watches them, counts what patterns leave out, measures our data.

Whatever may take long because of a slow or dead drive and belongs neither to analysing nor to searching.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from photofinder.errors import PhotoFinderError
from photofinder.library.answering import DRIVES
from photofinder.library.catalog import Catalog, Folder
from photofinder.library.catalog_rows import holds_anything
from photofinder.library.excludes import Excludes
from photofinder.library.volumes import tells_changes
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource
from photofinder.ui.watcher import Changes, FoldersChanged, Watch


@dataclass(frozen=True, slots=True)
class FoldersSeen:
    """A look at the folders: those that came ``back``, those that ``left``, and those that cannot be ``watched``.

    ``silent``: those that are away because their drive does not answer.
    """

    back: frozenset[int]
    left: frozenset[int]
    unwatched: frozenset[int]
    limit_reached: bool
    silent: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of a folder's photos some patterns leave out. ``serial``: of the question."""

    serial: int
    photos: int
    left_out: int


@dataclass(frozen=True, slots=True)
class DataSizes:
    """Bytes on disk of what is ours."""

    catalog: int
    thumbnails: int
    neighbors: int


@dataclass(frozen=True, slots=True)
class PackInfo:
    """Which pack is in use; ``card``: what it says of itself."""

    name: str
    fingerprint: str
    card: Mapping[str, Any]


class FolderLane:
    """One thread for the folders."""

    def __init__(
        self,
        paths: DataPaths,
        dispatcher: Dispatcher,
        models: ModelSource | None = None,
        *,
        tells: Callable[[Path], bool] = tells_changes,
        make_observer: Callable[[], Any] | None = None,
    ) -> None:
        """``tells`` and ``make_observer`` instead of the system's (tests)."""
        self._paths = paths
        self._dispatcher = dispatcher
        self._models = models
        self._tells = tells
        self.changes = Changes(lambda: dispatcher.post("folders", FoldersChanged()))
        self.lane = Lane("folders", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._watch = Watch(self.changes, make_observer)
        self._online: dict[int, bool] = {}
        self._latest_count = 0
        self._looking = False
        self._wanted: tuple[tuple[Folder, ...], bool] = ((), False)
        self._catalog: Catalog | None = None
        self._rel_paths: list[tuple[str, bool]] = []
        self._rel_paths_of: Folder | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def look(self, folders: tuple[Folder, ...], *, watch: bool) -> None:
        """See which folders are there and watch those that can be (all or, without ``watch``, none)."""
        self._wanted = (folders, watch)
        if not self._looking:  # a dead drive may hold the last look for minutes
            self._looking = True
            self.lane.submit(self._look)

    def count_left_out(self, serial: int, folder: Folder, patterns: tuple[str, ...]) -> None:
        """Count what patterns leave out; only the newest question is answered. Serial 1 looks at the catalogue anew."""
        self._latest_count = serial
        self.lane.submit(lambda: self._count(serial, folder, patterns))

    def measure(self) -> None:
        """Ask for ``DataSizes`` and ``PackInfo``."""
        self.lane.submit(self._measure)

    # In the lane --------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self._looking = False
        folders, watch = self._wanted
        there = DRIVES.ask_all({folder.path: partial(holds_anything, folder.path) for folder in folders})
        seen = {folder.id: there[folder.path] for folder in folders}
        before = {folder.id: self._online.get(folder.id, folder.online) for folder in folders}
        self._online = seen
        unwatched = set()
        back = frozenset(folder_id for folder_id, there in seen.items() if there and not before[folder_id])
        # What came back lies on another drive than what was watched in its place.
        for folder_id in self._watch.folder_ids - {folder.id for folder in folders if watch} | back:
            self._watch.remove(folder_id)
        for folder in folders:
            if self.lane.stopping:
                return
            if watch and not self._follow(folder):
                unwatched.add(folder.id)
        left = frozenset(folder_id for folder_id, there in seen.items() if before[folder_id] and not there)
        silent = frozenset(folder.id for folder in folders if DRIVES.of(folder.path))
        answer = FoldersSeen(back, left, frozenset(unwatched), self._watch.limit_reached, silent)
        self._dispatcher.post("folders", answer)

    def _follow(self, folder: Folder) -> bool:
        """Watch a folder if it is there, an empty one too; whether its changes are told."""
        if not DRIVES.says(folder.path, folder.path.is_dir):
            self._watch.remove(folder.id)
            return False
        return self._tells(folder.path) and self._watch.add(folder, lambda: self.lane.stopping)

    def _count(self, serial: int, folder: Folder, patterns: tuple[str, ...]) -> None:
        if serial != self._latest_count:
            return
        try:
            if self._catalog is None:
                self._catalog = Catalog.open(self._paths.catalog)
            if self._rel_paths_of != folder or serial == 1:
                self._rel_paths, self._rel_paths_of = self._catalog.rel_paths(folder.id), folder
        except (PhotoFinderError, OSError):
            return  # the number is a help, not worth a warning
        now, wanted = Excludes(folder.exclude), Excludes(patterns)
        there = [path for path, missing in self._rel_paths if not missing or now(path)]
        self._dispatcher.post("folders", LeftOut(serial, len(there), sum(map(wanted, there))))

    def _measure(self) -> None:
        paths = self._paths
        neighbors = paths.neighbors.rglob("*") if paths.neighbors.is_dir() else ()
        sizes = DataSizes(_bytes(_family(paths.catalog)), _bytes(_family(paths.thumbnails)), _bytes(neighbors))
        self._dispatcher.post("folders", sizes)
        if self._models is None:
            return
        try:
            pack = self._models.pack()
        except PhotoFinderError:
            return  # told by the lane that needs it
        self._dispatcher.post("folders", PackInfo(pack.name, pack.fingerprint, pack.manifest["card"]))

    def _close(self) -> None:
        self._watch.close()
        if self._catalog is not None:
            self._catalog.close()


def _family(path: Path) -> list[Path]:
    """A database with the files that SQLite keeps beside it."""
    return [path.with_name(path.name + suffix) for suffix in ("", "-wal", "-shm")]


def _bytes(files: Iterable[Path]) -> int:
    total = 0
    for file in files:
        try:
            total += os.stat(file).st_size  # noqa: PTH116
        except OSError:  # gone meanwhile
            continue
    return total
