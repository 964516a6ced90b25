"""Lane ``copy``: copies chosen photos to a folder, one job after another, and can be stopped between two chunks."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from pathlib import Path

from photofinder.errors import PhotoFinderError
from photofinder.library.catalog import Catalog
from photofinder.library.copying import Copied, Copying, NotCopied, copy_photos
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher, Lane

EVENT_INTERVAL_S = 0.05


class TaskPhase(Enum):
    """Where a longer task is."""

    RUNNING = auto()
    DONE = auto()
    CANCELLED = auto()
    FAILED = auto()
    """By the world: see ``error``."""


@dataclass(frozen=True, slots=True)
class TaskState:
    """A task that goes on, or its end.

    ``share``: how much is done, 0 to 1. ``done`` of ``total`` photos; ``failed`` of them could not be read, the first
    because of ``first_error``. ``where``: the folder or file that is made. ``error``: why it did not end well.
    """

    phase: TaskPhase
    total: int
    where: Path
    done: int = 0
    failed: int = 0
    share: float = 0.0
    first_error: PhotoFinderError | OSError | None = None
    error: PhotoFinderError | OSError | None = None


class CopyLane:
    """Tells a ``TaskState`` by the dispatcher's signal ``copying``, at most 20 a second."""

    def __init__(self, paths: DataPaths, dispatcher: Dispatcher) -> None:
        self._paths = paths
        self._dispatcher = dispatcher
        self.lane = Lane("copy", on_crash=lambda crash: dispatcher.post("crashed", crash), on_end=self._close)
        self._wanted = 0
        self._catalog: Catalog | None = None

    # Called by the GUI thread -------------------------------------------------------------------------------------

    def copy(self, photo_ids: Sequence[int], folder: Path) -> None:
        """Copy these photos after what is being copied."""
        wanted, ids = self._wanted, tuple(photo_ids)
        self.lane.submit(lambda: self._copy(wanted, ids, folder))

    def cancel(self) -> None:
        """Stop, also what waits; what was copied stays, what was half copied is removed."""
        self._wanted += 1

    def stop(self) -> None:
        """Cancel, and end the lane; returns at once."""
        self.lane.stop()
        self.cancel()

    # In the lane --------------------------------------------------------------------------------------------------

    def _copy(self, wanted: int, photo_ids: tuple[int, ...], folder: Path) -> None:
        state = TaskState(TaskPhase.RUNNING, len(photo_ids), folder)
        if wanted != self._wanted:
            self._post(replace(state, phase=TaskPhase.CANCELLED))
            return
        self._post(state)
        try:
            if self._catalog is None:
                self._catalog = Catalog.open(self._paths.catalog)
            known = self._catalog.photos(photo_ids)
            files = [known[photo_id].path for photo_id in photo_ids if photo_id in known]
            state = self._follow(wanted, files, replace(state, total=len(files)))
        except (PhotoFinderError, OSError) as error:
            state = replace(self._state, phase=TaskPhase.FAILED, error=error)
        self._post(state)

    def _follow(self, wanted: int, files: list[Path], state: TaskState) -> TaskState:
        self._state = state
        posted_at = time.monotonic()
        events = copy_photos(files, state.where)
        try:
            for event in events:
                if isinstance(event, Copying):
                    part = event.copied / max(1, event.size)
                    state = replace(state, share=(event.number - 1 + part) / event.total)
                elif isinstance(event, Copied):
                    state = replace(state, done=state.done + 1)
                elif isinstance(event, NotCopied):
                    first = state.first_error or event.error
                    state = replace(state, failed=state.failed + 1, first_error=first)
                self._state = state
                if wanted != self._wanted:
                    return replace(state, phase=TaskPhase.CANCELLED)
                if time.monotonic() - posted_at >= EVENT_INTERVAL_S:
                    posted_at = time.monotonic()
                    self._post(state)
        finally:
            events.close()
        return replace(state, phase=TaskPhase.DONE, share=1.0)

    def _post(self, state: TaskState) -> None:
        self._state = state
        self._dispatcher.post("copying", state)

    def _close(self) -> None:
        if self._catalog is not None:
            self._catalog.close()
