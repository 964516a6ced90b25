"""Lane ``index``: owns the writing connection and runs ``index_folders``, one run at a time.

Every run has a number. Whatever must end a run (cancel, another folder, closing the window) takes the next number;
the run sees between two batches that it is not the current one and closes the generator, which commits what is done.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Generator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from photofinder.errors import PhotoFinderError
from photofinder.indexing import (
    Embedded,
    Failed,
    IndexEvent,
    Placed,
    Scanned,
    Scanning,
    forget_descriptor,
    index_folders,
)
from photofinder.library.catalog import Catalog, Folder, Photo
from photofinder.library.decoder import Decoder, DecoderClosed
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.descriptors import Descriptor
from photofinder.paths import DataPaths
from photofinder.search.engine import SearchEngine
from photofinder.search.vector_files import MIN_ROWS
from photofinder.ui.battery import Battery
from photofinder.ui.describing import Describing
from photofinder.ui.index_events import (
    DescriptorForgotten,
    FolderAdded,
    FolderRefused,
    Phase,
    Progress,
    ThumbnailsGone,
)
from photofinder.ui.jobs import Dispatcher, Lane
from photofinder.ui.model_source import ModelSource

__all__ = ["FolderAdded", "FolderRefused", "IndexLane", "Phase", "Progress", "ThumbnailsGone"]

EVENT_INTERVAL_S = 0.05
"""At most 20 events a second reach the window."""
_Summary = TypeVar("_Summary")


@dataclass(slots=True)
class _Run:
    """What one run has to tell; events in between two posts are added up. ``to_scan``: folders not compared yet."""

    number: int
    to_scan: int = 0
    progress: Progress = field(default_factory=lambda: Progress(Phase.LOOKING))
    pending: list[int] = field(default_factory=list)
    catalogue_changed: bool = False
    posted_at: float = 0.0


class IndexLane:
    """Analyses the catalogue's folders; everything that writes to the catalogue happens here."""

    def __init__(
        self, paths: DataPaths, models: ModelSource, dispatcher: Dispatcher, battery: Battery | None = None
    ) -> None:
        self._paths = paths
        self._battery = battery or Battery()
        self._pause_on_battery = False
        self._threads = 0
        self._insisted = 0
        self._owed: set[int] | None = set()
        self._models = models
        self._dispatcher = dispatcher
        self.lane = Lane(
            "index", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close, behind=True
        )
        self._wake = threading.Condition()
        self._current = 0
        self._paused = False
        self._catalog: Catalog | None = None
        self._thumbnails: ThumbnailCache | None = None
        self._decoder: Decoder | None = None
        self._decoder_threads = 0
        self.describing = Describing(paths, models)

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def configure(self, *, pause_on_battery: bool, threads: int) -> None:
        """``threads``: decoding processes and threads of the network, 0 for the program's own choice (next run)."""
        with self._wake:
            self._pause_on_battery = pause_on_battery
            self._threads = threads
            self._wake.notify_all()

    def start(self) -> None:
        """Analyse what is new in all folders; a run that goes on is ended first."""
        self.describing.resting = False
        run = self._next_run()
        self.lane.submit(lambda: self._run(run, None))

    def start_folders(self, folder_ids: Collection[int], *, retry: bool = False, quiet: bool = False) -> None:
        """Analyse what is new in some folders, and what a run that goes on (it is ended) left undone.

        ``retry``: also what could not be read. ``quiet``: say nothing unless there is something to do.
        """
        run, wanted = self._next_run(), frozenset(folder_ids)
        self.lane.submit(lambda: self._run(run, wanted, retry=retry, quiet=quiet))

    def change_folder(self, folder: Folder, change: Callable[[Catalog], object]) -> None:
        """Change what the catalogue says of a folder (what is left out, where it is), and analyse it."""
        run = self._next_run()
        self.lane.submit(lambda: self._change(folder, change))
        self.lane.submit(lambda: self._run(run, {folder.id}))

    def clear_thumbnails(self) -> None:
        """Empty the cache of thumbnails, once the run that goes on has ended; then that goes on."""
        run = self._next_run()
        self.lane.submit(self._clear_thumbnails)
        self.lane.submit(lambda: self._run(run, (), quiet=True))

    def add_folder(self, path: Path) -> None:
        """Add a folder to the catalogue and analyse."""
        run = self._next_run()
        self.lane.submit(lambda: self._add(path))
        self.lane.submit(lambda: self._run(run, None))

    def remove_folder(self, folder: Folder) -> None:
        """Forget a folder; its files are not touched. The analysis of the others goes on."""
        run = self._next_run()
        self.lane.submit(lambda: self._change(folder, lambda catalog: catalog.remove_folder(folder.id)))
        self.lane.submit(lambda: self._run(run, ()))

    def retry_failures(self, photos: Collection[Photo] | None = None) -> None:
        """Try again the photos that could not be read: these, or all (``None``)."""
        run = self._next_run()
        if photos is None:
            self.lane.submit(lambda: self._run(run, None, retry=True))
        else:
            folders, ids = {photo.folder_id for photo in photos}, frozenset(photo.id for photo in photos)
            self.lane.submit(lambda: self._run(run, folders, retry=ids))

    def describe(self) -> None:
        """Compute the chosen descriptor now, after whatever a run that goes on (it is ended) left undone."""
        self.describing.resting = False
        run = self._next_run()
        self.lane.submit(lambda: self._run(run, (), quiet=True))

    def forget_descriptor(self, descriptor: Descriptor) -> None:
        """Delete the vectors and weights of a descriptor; then the analysis goes on."""
        run = self._next_run()
        self.lane.submit(lambda: self._forget_descriptor(descriptor))
        self.lane.submit(lambda: self._run(run, (), quiet=True))

    def pause(self) -> None:
        """Wait after the batch that is being worked on."""
        with self._wake:
            self._paused = True

    def resume(self) -> None:
        """Go on where ``pause`` stopped, this time also on battery."""
        with self._wake:
            self._paused = False
            self._insisted = self._current
            self._wake.notify_all()

    def cancel(self) -> None:
        """End the run after the batch that is being worked on; what is done is kept."""
        self.describing.rest()
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

    def _change(self, folder: Folder, change: Callable[[Catalog], object]) -> None:
        try:
            change(self._catalog_of())
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("analysis", FolderRefused(folder.path, error))
        else:
            self._dispatcher.post("analysis", Progress(Phase.STOPPED, catalogue_changed=True))

    def _clear_thumbnails(self) -> None:
        self._thumbnails_of().trim(0)
        self._dispatcher.post("analysis", ThumbnailsGone())

    def _run(
        self,
        number: int,
        wanted: Collection[int] | None,
        *,
        retry: bool | Collection[int] = False,
        quiet: bool = False,
    ) -> None:
        """``wanted``: folder ids, None for all; what an earlier run owes comes with them."""
        run = _Run(number)
        run.progress = Progress(Phase.LOOKING, quiet=quiet)
        self._owed = None if wanted is None or self._owed is None else self._owed | set(wanted)
        try:
            if number == self._current:
                self._analyse(run, retry)
                self._describe(run)
        except (PhotoFinderError, OSError) as error:
            run.progress = replace(run.progress, phase=Phase.REFUSED, error=error)
            self._post(run)
        except DecoderClosed:
            if not self.lane.stopping:
                raise

    def _analyse(self, run: _Run, retry: bool | Collection[int]) -> None:
        catalog = self._catalog_of()
        chosen = [folder for folder in catalog.folders() if self._owed is None or folder.id in self._owed]
        if not chosen:
            self._owed = set()
            if not run.progress.quiet:
                run.progress = Progress(Phase.STOPPED)
                self._post(run)
            return
        run.to_scan = sum(folder.online for folder in chosen)
        events = index_folders(
            catalog,
            [folder.path for folder in chosen],
            self._models.pack(),
            decoder=self._decoder_of(),
            thumbnails=self._thumbnails_of(),
            visual=self._models.visual,
            retry_failed=retry,
        )
        self._post(run)
        try:
            summary = self._follow(run, events)
        finally:
            events.close()
        if summary is None:
            if not self.lane.stopping:
                run.progress = replace(run.progress, phase=Phase.STOPPED)
                self._post(run)
            return
        self._owed = set()
        run.progress = replace(run.progress, phase=Phase.FINISHED, summary=summary, walking=None)
        run.catalogue_changed = True
        self._post(run)
        if summary.analysed and catalog.counts().analysed >= MIN_ROWS:
            SearchEngine(catalog, self._models.pack(), self._paths.neighbors).update_neighbors()

    def _describe(self, run: _Run) -> None:
        """The vectors of the chosen descriptor, for the photos that lack them; nothing is said where none does."""
        descriptor = self.describing.wanted
        if descriptor is None or run.number != self._current:
            return
        run.progress = Progress(Phase.ANALYSING, quiet=True, describing=descriptor.title)
        events = self.describing.events(descriptor, self._catalog_of(), self._decoder_of())
        try:
            summary = self._follow(run, events)
        finally:
            events.close()
        if not self.lane.stopping and (summary is None or summary.described):
            run.progress = replace(run.progress, phase=Phase.STOPPED if summary is None else Phase.FINISHED)
            self._post(run)

    def _forget_descriptor(self, descriptor: Descriptor) -> None:
        try:
            for _ in forget_descriptor(self._paths, self._catalog_of(), descriptor):
                if self.lane.stopping:
                    return
        except (PhotoFinderError, OSError) as error:
            self._dispatcher.post("analysis", Progress(Phase.REFUSED, error=error))
        self._dispatcher.post("descriptors", DescriptorForgotten(descriptor.name))

    def _follow(self, run: _Run, events: Generator[IndexEvent, None, _Summary]) -> _Summary | None:
        """Take events until the end (its summary) or until another run is wanted (None)."""
        while self._may_go_on(run):
            self._dispatcher.way.give()
            try:
                event = next(events)
            except StopIteration as end:
                summary: _Summary = end.value
                return summary
            self._absorb(event, run)
            if time.monotonic() - run.posted_at >= EVENT_INTERVAL_S:
                self._post(run)
        return None

    def _may_go_on(self, run: _Run) -> bool:
        """Wait while it is paused, by the person or for want of mains; False once another run is wanted."""
        with self._wake:
            before = run.progress
            while run.number == self._current and (self._paused or self._waits_for_mains(run)):
                now = replace(before, phase=Phase.PAUSED, battery=not self._paused)
                if run.progress != now:
                    run.progress = now
                    self._post(run)
                self._wake.wait(None if self._paused else self._battery.look_s)
            if run.progress is not before:
                run.progress = before
                self._post(run)
            return run.number == self._current

    def _waits_for_mains(self, run: _Run) -> bool:
        """Walking costs little, so it is done on battery, too; photos are opened and embedded later."""
        wanted = self._pause_on_battery and run.to_scan <= 0 and run.progress.done < run.progress.total
        return wanted and run.number != self._insisted and self._battery.draining()

    def _absorb(self, event: IndexEvent, run: _Run) -> None:
        progress = run.progress
        if isinstance(event, Scanning):
            run.progress = replace(progress, found=event.found, walking=event.folder)
        elif isinstance(event, Scanned):
            run.to_scan -= 1
            changed = event.to_analyse + event.moved + event.missing > 0
            run.catalogue_changed = run.catalogue_changed or changed or not progress.quiet
            total = progress.total + event.to_analyse
            run.progress = replace(progress, total=total, quiet=progress.quiet and total == 0)
        elif isinstance(event, Embedded):
            run.pending += event.photo_ids
            run.progress = replace(
                progress,
                phase=Phase.ANALYSING,
                quiet=False,
                done=event.done,
                total=event.total,
                photos_per_second=event.photos_per_second,
                seconds_left=event.seconds_left,
                folders=event.folders,
                walking=None,
            )
        elif isinstance(event, Placed):
            run.catalogue_changed = True
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

    def _decoder_of(self) -> Decoder:
        """As many processes as are wanted now."""
        threads = self._threads
        if self._decoder is not None and self._decoder_threads != threads:
            self._decoder.close()
            self._decoder = None
        if self._decoder is None:
            self._decoder, self._decoder_threads = Decoder(workers=threads or None), threads
        self._models.threads = threads
        return self._decoder

    def _thumbnails_of(self) -> ThumbnailCache:
        if self._thumbnails is None:
            self._thumbnails = ThumbnailCache.open(self._paths.thumbnails)
        return self._thumbnails

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
