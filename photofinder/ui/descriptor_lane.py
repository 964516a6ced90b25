"""Lanes ``descriptors`` (which are ready, and for how many photos) and ``weights`` (fetches those of one)."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from pathlib import Path

from photofinder.consent import Consent, Downloaded
from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_descriptors import DescriptorStore
from photofinder.model.descriptor_weights import get_descriptor, is_ready
from photofinder.model.descriptors import Descriptor, all_descriptors
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

_EVENT_INTERVAL_S = 0.05


@dataclass(frozen=True, slots=True)
class DescriptorState:
    """A descriptor now. ``ready``: its weights are here; ``described``: so many of the analysed ``photos`` have it."""

    descriptor: Descriptor
    ready: bool
    described: int
    photos: int


@dataclass(frozen=True, slots=True)
class DescriptorStates:
    """All of them, in the order they are listed."""

    states: tuple[DescriptorState, ...]


@dataclass(frozen=True, slots=True)
class Fetching:
    """So many bytes are here; ``checking`` once all are, and the weights are verified and converted."""

    serial: int
    done: int
    total: int
    checking: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """The end of a fetch: the weights are ready, unless ``error`` says why not, or the person ended it."""

    serial: int
    descriptor: Descriptor
    ready: bool
    error: PhotoFinderError | OSError | None = None


class DescriptorLane:
    """Answers with the dispatcher's signal ``descriptors``."""

    def __init__(self, paths: DataPaths, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._dispatcher = dispatcher
        self.lane = Lane("descriptors", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self.fetching = Lane("weights", on_crash=lambda crash: dispatcher.post("crashed", crash))
        """A thread of its own: a server may keep silent for half a minute."""
        self._serial = 0
        self._ended = threading.Event()
        self._catalog: Catalog | None = None
        self._counting: DescriptorStore | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def look(self) -> None:
        """Ask for the ``DescriptorStates``."""
        self.lane.submit(self._look)

    def fetch(self, descriptor: Descriptor, consent: Consent | None, own: Path | None = None) -> int:
        """Fetch weights, with the person's yes or from a file of theirs; the serial of what is told of it."""
        self.end_fetch()
        self._serial += 1
        serial, ended = self._serial, threading.Event()
        self._ended = ended
        self.fetching.submit(lambda: self._fetch(serial, descriptor, consent, own, ended))
        return serial

    def end_fetch(self) -> None:
        """End what is being fetched: at once, or when a server that keeps silent is given up. What came is kept."""
        self._ended.set()

    def stop(self) -> None:
        """End both lanes; returns at once."""
        self.end_fetch()
        self.fetching.stop()
        self.lane.stop()
        if self._counting is not None:
            self._counting.interrupt()

    # In the lanes -------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        try:
            if self._catalog is None:
                self._catalog = Catalog.open(self._paths.catalog)
            catalog, states = self._catalog, list[DescriptorState]()
            photos: int | None = None
            for one in all_descriptors():
                if self.lane.stopping:
                    return
                self._counting = catalog.descriptor(one.name, one.fingerprint, one.dim)
                described, photos = self._counting.progress(photos)
                states.append(DescriptorState(one, is_ready(self._paths, one), described, photos))
        except (PhotoFinderError, OSError):
            return  # told by the lane that searches
        self._dispatcher.post("descriptors", DescriptorStates(tuple(states)))

    def _fetch(
        self, serial: int, descriptor: Descriptor, consent: Consent | None, own: Path | None, ended: threading.Event
    ) -> None:
        run = get_descriptor(self._paths, descriptor, consent, own)
        error: PhotoFinderError | OSError | None = None
        posted_at = 0.0
        try:
            for event in run:
                if ended.is_set():
                    break
                if not isinstance(event, Downloaded):
                    now = Fetching(serial, descriptor.bytes, descriptor.bytes, checking=True)
                elif time.monotonic() - posted_at < _EVENT_INTERVAL_S:
                    continue
                else:
                    now = Fetching(serial, event.done, event.total)
                posted_at = time.monotonic()
                self._dispatcher.post("descriptors", now)
        except (PhotoFinderError, OSError) as problem:
            error = None if ended.is_set() else problem
        finally:
            run.close()
        self._dispatcher.post("descriptors", Fetched(serial, descriptor, is_ready(self._paths, descriptor), error))
        self.look()

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()
