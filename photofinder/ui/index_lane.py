"""Lane ``index``: owns the writing connection and runs ``index_folders``, one run at a time.

Every run has a number. Whatever must end a run (cancel, another folder, closing the window) takes the next number;
the run sees between two batches that it is not the current one and closes the generator, which commits what is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from pathlib import Path

from photofinder.errors import PhotoFinderError
from photofinder.indexing import Embedded, Failed, IndexEvent, IndexSummary, Scanned, Scanning, index_folders
from photofinder.library.catalog import Catalog, Folder
from photofinder.library.decoder import Decoder, DecoderClosed
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from photofinder.search.engine import SearchEngine
from photofinder.search.neighbors import MIN_VECTORS
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource

EVENT_INTERVAL_S = 0.05
"""At most 20 events a second reach the window."""


class Phase(Enum):
    """Where the analysis is."""

    LOOKING = auto()
    """Walking the folders."""
    ANALYSING = auto()
    PAUSED = auto()
    FINISHED = auto()
    STOPPED = auto()
    """By the person, before it was done."""
    REFUSED = auto()
    """By the world: see ``error``."""


@dataclass(frozen=True, slots=True)
class Progress:
    """State of the analysis.

    ``found`` files in the folder that is walked; ``done`` of ``total`` photos to analyse; ``changed_ids`` were analysed
    since the last event; ``catalogue_changed``: other photos may have come or gone.
    """

    phase: Phase
    found: int = 0
    done: int = 0
    total: int = 0
    photos_per_second: float = 0.0
    seconds_left: float | None = None
    failed: int = 0
    changed_ids: tuple[int, ...] = ()
    catalogue_changed: bool = False
    error: PhotoFinderError | OSError | None = None
    summary: IndexSummary | None = None


@dataclass(frozen=True, slots=True)
class FolderAdded:
    """A folder is in the catalogue; its analysis follows."""

    folder: Folder


@dataclass(frozen=True, slots=True)
class FolderRefused:
    """A folder could not be added or removed."""

    path: Path
    error: PhotoFinderError | OSError


@dataclass(slots=True)
class _Run:
    """What one run has to tell; events in between two posts are added up."""

    progress: Progress = field(default_factory=lambda: Progress(Phase.LOOKING))
    pending: list[int] = field(default_factory=list)
    catalogue_changed: bool = False
    posted_at: float = 0.0


class IndexLane:
    """Analyses the catalogue's folders; everything that writes to the catalogue happens here."""

    def __init__(self, paths: DataPaths, models: ModelSource, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._models = models
        self._dispatcher = dispatcher
        self.lane = Lane("index", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._wake = threading.Condition()
        self._current = 0
        self._paused = False
        self._catalog: Catalog | None = None
        self._thumbnails: ThumbnailCache | None = None
        self._decoder: Decoder | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Analyse what is new in all folders; a run that goes on is ended first."""
        run = self._next_run()
        self.lane.submit(lambda: self._run(run))

    def add_folder(self, path: Path) -> None:
        """Add a folder to the catalogue and analyse."""
        run = self._next_run()
        self.lane.submit(lambda: self._add(path))
        self.lane.submit(lambda: self._run(run))

    def remove_folder(self, folder: Folder) -> None:
        """Forget a folder; its files are not touched. The analysis of the others goes on."""
        run = self._next_run()
        self.lane.submit(lambda: self._remove(folder))
        self.lane.submit(lambda: self._run(run))

    def retry_failures(self) -> None:
        """Analyse again, also the photos that could not be read."""
        run = self._next_run()
        self.lane.submit(lambda: self._run(run, retry=True))

    def pause(self) -> None:
        """Wait after the batch that is being worked on."""
        with self._wake:
            self._paused = True

    def resume(self) -> None:
        """Go on where ``pause`` stopped."""
        with self._wake:
            self._paused = False
            self._wake.notify_all()

    def cancel(self) -> None:
        """End the run after the batch that is being worked on; what is done is kept."""
        self._next_run()

    def stop(self) -> None:
        """Cancel, and end the lane; returns at once."""
        self.lane.stop()
        self._next_run()

    def abandon(self) -> None:
        """After ``stop``, when the lane does not end: a photo may be slow to decode, so its process is killed."""
        decoder = self._decoder
        if decoder is not None:
            decoder.close()

    def _next_run(self) -> int:
        with self._wake:
            self._current += 1
            self._paused = False
            self._wake.notify_all()
            return self._current

    # In the lane --------------------------------------------------------------------------------------------------

    def _add(self, path: Path) -> None:
        try:
            folder = self._catalog_of().add_folder(path)
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("analysis", FolderRefused(path, error))
        else:
            self._dispatcher.post("analysis", FolderAdded(folder))

    def _remove(self, folder: Folder) -> None:
        try:
            self._catalog_of().remove_folder(folder.id)
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("analysis", FolderRefused(folder.path, error))
        else:
            self._dispatcher.post("analysis", Progress(Phase.STOPPED, catalogue_changed=True))

    def _run(self, number: int, *, retry: bool = False) -> None:
        run = _Run()
        try:
            if number == self._current:
                self._analyse(number, run, retry)
        except (PhotoFinderError, OSError) as error:
            run.progress = replace(run.progress, phase=Phase.REFUSED, error=error)
            self._post(run)
        except DecoderClosed:
            if not self.lane.stopping:
                raise

    def _analyse(self, number: int, run: _Run, retry: bool) -> None:
        catalog = self._catalog_of()
        folders = [folder.path for folder in catalog.folders()]
        if not folders:
            run.progress = Progress(Phase.STOPPED)
            self._post(run)
            return
        if self._thumbnails is None:
            self._thumbnails = ThumbnailCache.open(self._paths.thumbnails)
        if self._decoder is None:
            self._decoder = Decoder()
        events = index_folders(
            catalog,
            folders,
            self._models.pack(),
            decoder=self._decoder,
            thumbnails=self._thumbnails,
            visual=self._models.visual,
            retry_failed=retry,
        )
        self._post(run)
        try:
            summary = self._follow(number, run, events)
        finally:
            events.close()
        if summary is None:
            if not self.lane.stopping:
                run.progress = replace(run.progress, phase=Phase.STOPPED)
                self._post(run)
            return
        run.progress = replace(run.progress, phase=Phase.FINISHED, summary=summary)
        run.catalogue_changed = True
        self._post(run)
        if catalog.counts().analysed >= MIN_VECTORS:
            SearchEngine(catalog, self._models.pack(), self._paths.neighbors).update_neighbors()

    def _follow(self, number: int, run: _Run, events: Generator[IndexEvent, None, IndexSummary]) -> IndexSummary | None:
        """Take events until the end (its summary) or until another run is wanted (None)."""
        while self._may_go_on(number, run):
            try:
                event = next(events)
            except StopIteration as end:
                summary: IndexSummary = end.value
                return summary
            self._absorb(event, run)
            if time.monotonic() - run.posted_at >= EVENT_INTERVAL_S:
                self._post(run)
        return None

    def _may_go_on(self, number: int, run: _Run) -> bool:
        with self._wake:
            if self._paused and number == self._current:
                phase = run.progress.phase
                run.progress = replace(run.progress, phase=Phase.PAUSED)
                self._post(run)
                while self._paused and number == self._current:
                    self._wake.wait()
                run.progress = replace(run.progress, phase=phase)
                self._post(run)
            return number == self._current

    def _absorb(self, event: IndexEvent, run: _Run) -> None:
        progress = run.progress
        if isinstance(event, Scanning):
            run.progress = replace(progress, found=event.found)
        elif isinstance(event, Scanned):
            run.catalogue_changed = True
            run.progress = replace(progress, total=progress.total + event.to_analyse)
        elif isinstance(event, Embedded):
            run.pending += event.photo_ids
            run.progress = replace(
                progress,
                phase=Phase.ANALYSING,
                done=event.done,
                total=event.total,
                photos_per_second=event.photos_per_second,
                seconds_left=event.seconds_left,
            )
        else:
            assert isinstance(event, Failed)
            run.catalogue_changed = True
            run.progress = replace(progress, failed=progress.failed + 1)

    def _post(self, run: _Run) -> None:
        progress = replace(run.progress, changed_ids=tuple(run.pending), catalogue_changed=run.catalogue_changed)
        run.pending.clear()
        run.catalogue_changed = False
        run.posted_at = time.monotonic()
        self._dispatcher.post("analysis", progress)

    def _catalog_of(self) -> Catalog:
        if self._catalog is None:
            self._catalog = Catalog.open(self._paths.catalog, writer=True)
        return self._catalog

    def _close(self) -> None:
        if self._decoder is not None:
            self._decoder.close()
        if self._thumbnails is not None:
            self._thumbnails.close()
        if self._catalog is not None:
            self._catalog.close()
