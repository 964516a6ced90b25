"""Lane ``tidy``: looks for duplicates, and looks at photos that were analysed before looks were kept."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import TypeVar

from photofinder.albums.duplicates import Comparing, Group, find_duplicates
from photofinder.albums.looking import Looking, look_at_missing
from photofinder.albums.oddities import mark_odd
from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

_log = logging.getLogger(__name__)

_EVENT_INTERVAL_S = 0.1
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class TidyProgress:
    """The run with this serial is at ``done`` of ``total``; ``comparing``: or still looking at photos."""

    serial: int
    comparing: bool
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class DuplicatesFound:
    """All groups; the run with this serial is over."""

    serial: int
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class TidyFailed:
    """The run ended before its end, by the world."""

    serial: int
    error: PhotoFinderError | OSError


class TidyLane:
    """Answers with the dispatcher's signal ``tidy``; the latest run wins, an older one stops at its next step."""

    def __init__(self, paths: DataPaths, decoder: Decoder, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._decoder = decoder
        self._dispatcher = dispatcher
        self.lane = Lane("tidy", on_crash=lambda crash: dispatcher.post("crashed", crash))
        self._wanted = 0

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def find(self) -> int:
        """Look for duplicates in the whole library; the serial of this run."""
        self._wanted += 1
        serial = self._wanted
        self.lane.submit(lambda: self._run(serial))
        return serial

    def mark(self, *, changed: bool) -> None:
        """Look at photos that were never looked at, and (or if the library ``changed``) tell which are odd."""
        serial = self._wanted
        self.lane.submit(lambda: self._mark(serial, changed))

    def cancel(self) -> None:
        """Stop at the next step; nothing more is said. What was looked at stays known."""
        self._wanted += 1

    def stop(self) -> None:
        """Cancel, and end the lane; returns at once."""
        self.lane.stop()
        self.cancel()

    # In the lane --------------------------------------------------------------------------------------------------

    def _mark(self, serial: int, changed: bool) -> None:
        """In silence: nobody asked. What duplicates are looked for meanwhile comes first."""
        try:
            with (
                Catalog.open(self._paths.catalog, writer=True) as catalog,
                ThumbnailCache.open(self._paths.thumbnails) as thumbnails,
            ):
                looking = look_at_missing(catalog, thumbnails, self._decoder)
                if self._finish(serial, looking) or changed:
                    self._finish(serial, mark_odd(catalog))
        except (PhotoFinderError, OSError) as error:
            _log.info("odd photos are told another time: %s", error)

    def _finish(self, serial: int, run: Generator[object, None, int]) -> int:
        """What the run returned; 0 when it was left because something else is wanted."""
        try:
            while serial == self._wanted and not self.lane.stopping:
                next(run)
        except StopIteration as end:
            return int(end.value)
        finally:
            run.close()
        return 0

    def _run(self, serial: int) -> None:
        if serial != self._wanted:
            return
        try:
            answer: object = self._find(serial)
        except (PhotoFinderError, OSError) as error:
            answer = TidyFailed(serial, error)
        if answer is not None and serial == self._wanted:
            self._dispatcher.post("tidy", answer)

    def _find(self, serial: int) -> DuplicatesFound | None:
        with (
            Catalog.open(self._paths.catalog, writer=True) as catalog,
            ThumbnailCache.open(self._paths.thumbnails) as thumbnails,
        ):
            if not self._follow(serial, look_at_missing(catalog, thumbnails, self._decoder), []):
                return None
            found: list[tuple[Group, ...]] = []
            return DuplicatesFound(serial, found[0]) if self._follow(serial, find_duplicates(catalog), found) else None

    def _follow(self, serial: int, run: Generator[Looking | Comparing, None, _Found], result: list[_Found]) -> bool:
        """Whether the run came to its end, with what it returned in ``result``."""
        said = 0.0
        try:
            while serial == self._wanted:
                event = next(run)
                if time.monotonic() - said >= _EVENT_INTERVAL_S:
                    said = time.monotonic()
                    progress = TidyProgress(serial, isinstance(event, Comparing), event.done, event.total)
                    self._dispatcher.post("tidy", progress)
        except StopIteration as end:
            result.append(end.value)
            return True
        finally:
            run.close()
        return False
