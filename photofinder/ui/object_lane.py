"""Lane ``objects``: makes photos ready for «the same object», in calm: after the analysis, on mains, with one core."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum, auto

from photofinder.errors import PhotoFinderError
from photofinder.indexing.objects import prepare_objects
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.keypoints import load_vocabulary
from photofinder.paths import DataPaths
from photofinder.search.objects import ObjectEngine
from photofinder.ui.battery import Battery
from photofinder.ui.jobs import Dispatcher, Lane

_EVENT_INTERVAL_S = 0.2
_LISTED_EVERY = 1000
"""Photos after which the file of lists may be written anew, so that a search meanwhile need not read all points."""


class Preparing(Enum):
    """Where a pass is."""

    RUNNING = auto()
    WAITING = auto()
    """For the analysis to end, or for mains."""
    DONE = auto()
    STOPPED = auto()
    """By the person."""
    FAILED = auto()
    """By the world: see ``error``."""


@dataclass(frozen=True, slots=True)
class ObjectProgress:
    """``done`` of ``total`` photos of this pass; of them ``failed`` could not be read now."""

    phase: Preparing
    done: int = 0
    total: int = 0
    failed: int = 0
    seconds_left: float | None = None
    error: PhotoFinderError | OSError | None = None


class ObjectLane:
    """Tells an ``ObjectProgress`` by the dispatcher's signal ``objects``, at most five a second."""

    def __init__(
        self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher, battery: Battery | None = None
    ) -> None:
        self._paths = paths
        self._decoder = decoder
        self._dispatcher = dispatcher
        self._battery = battery or Battery()
        self.lane = Lane("objects", on_crash=lambda crash: dispatcher.post("crashed", crash))
        self._wake = threading.Condition()
        self._wanted = 0
        self._busy = False
        self._pause_on_battery = False

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take the points of all photos that wait for it; a pass that runs is ended first and goes on in this one."""
        with self._wake:
            self._wanted += 1
            wanted = self._wanted
            self._wake.notify_all()
        self.lane.submit(lambda: self._run(wanted))

    def cancel(self) -> None:
        """Stop at the next step; what is done stays."""
        with self._wake:
            self._wanted += 1
            self._wake.notify_all()

    def set_busy(self, busy: bool) -> None:
        """Whether photos are analysed at the moment: that goes before."""
        with self._wake:
            self._busy = busy
            self._wake.notify_all()

    def configure(self, *, pause_on_battery: bool) -> None:
        """Whether to wait for mains."""
        with self._wake:
            self._pause_on_battery = pause_on_battery
            self._wake.notify_all()

    def stop(self) -> None:
        """Cancel, and end the lane; returns at once."""
        self.lane.stop()
        self.cancel()

    # In the lane --------------------------------------------------------------------------------------------------

    def _run(self, wanted: int) -> None:
        if wanted != self._wanted:
            return
        state = ObjectProgress(Preparing.RUNNING)
        try:
            state = self._prepare(wanted, state)
        except (PhotoFinderError, OSError) as error:
            state = ObjectProgress(Preparing.FAILED, error=error)
        if wanted == self._wanted or state.phase is Preparing.STOPPED:
            self._dispatcher.post("objects", state)

    def _prepare(self, wanted: int, state: ObjectProgress) -> ObjectProgress:
        vocabulary = load_vocabulary()
        with (
            Catalog.open(self._paths.catalog, writer=True) as catalog,
            ThumbnailCache.open(self._paths.thumbnails) as thumbnails,
        ):
            run = prepare_objects(catalog, vocabulary, self._decoder, thumbnails)
            posted_at, listed = 0.0, 0
            try:
                while self._may_go_on(wanted, state):
                    self._dispatcher.way.give()
                    event = next(run)
                    if event.done - listed >= _LISTED_EVERY:
                        listed = event.done
                        ObjectEngine(catalog, vocabulary, self._paths.neighbors).update_lists()
                    state = ObjectProgress(Preparing.RUNNING, event.done, event.total, event.failed, event.seconds_left)
                    if time.monotonic() - posted_at >= _EVENT_INTERVAL_S:
                        posted_at = time.monotonic()
                        self._dispatcher.post("objects", state)
                return ObjectProgress(Preparing.STOPPED, state.done, state.total, state.failed)
            except StopIteration:
                ObjectEngine(catalog, vocabulary, self._paths.neighbors).update_lists()
                return ObjectProgress(Preparing.DONE, state.done, state.total, state.failed)
            finally:
                run.close()

    def _may_go_on(self, wanted: int, state: ObjectProgress) -> bool:
        """Wait while something goes before; False once the pass is not wanted any more."""
        told = False
        with self._wake:
            while wanted == self._wanted and (self._busy or (self._pause_on_battery and self._battery.draining())):
                if not told:
                    waiting = ObjectProgress(Preparing.WAITING, state.done, state.total, state.failed)
                    self._dispatcher.post("objects", waiting)
                    told = True
                self._wake.wait(None if self._busy else self._battery.look_s)
            return wanted == self._wanted
