"""The one door to threads: named lanes that run jobs in order, and the dispatcher that brings answers back.

A lane is a thread with a queue. What runs on it sees plain data and never a widget; it answers by calling
``Dispatcher.post`` with a frozen dataclass. The dispatcher lives in the GUI thread and owns the signals, so Qt queues
every answer that comes from another thread.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal, Slot

_log = logging.getLogger(__name__)

Job = Callable[[], None]

SWITCH_S = 0.001
"""How long a lane may keep Python from the GUI thread, which asks for its turn after each of many calls into Qt: with
Python's own 5 ms answers were painted in 174 ms, with this in 132 (medians of four runs each, on a busy machine)."""
_LOOK_S = 0.005
_BEHIND = 10
"""Niceness of what steps back: while photos were analysed the 99th step of scrolling took 69 and 71 ms at 0, 34 and 46
at 10, 46 at 5 and 40 at 19 (two cores)."""


@dataclass(frozen=True, slots=True)
class Crashed:
    """A job ended with an exception that nobody expected: a bug of ours, its traceback is in the log."""

    lane: str


class RightOfWay:
    """A person's search goes before what can wait a moment: walking folders, thumbnails of what was shown before.

    All threads share the cores and Python's lock: a phrase that takes 20 ms of a core was answered in 60 beside them.
    """

    def __init__(self, longest_s: float = 0.3, painting_s: float = 0.03) -> None:
        """Others wait for one search at most ``longest_s``, and ``painting_s`` more while its answer is painted."""
        self._longest_s = longest_s
        self._painting_s = painting_s
        self._until = 0.0

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        """Meanwhile the others wait."""
        self._until = time.monotonic() + self._longest_s
        try:
            yield
        finally:
            self._until = time.monotonic() + self._painting_s

    def give(self) -> None:
        """Called by the others between two steps: return when nobody has the right of way."""
        while (left := self._until - time.monotonic()) > 0:
            time.sleep(min(left, _LOOK_S))


class Dispatcher(QObject):
    """Brings what workers say to the GUI thread; one signal a kind of answer."""

    library = Signal(object)
    """A ``search_lane.Library``, ``LibraryFailed`` or ``Failures``, or a ``damage.CatalogRescued``."""
    answer = Signal(object)
    """A ``search_lane.SearchAnswer`` or ``SearchFailed``."""
    facets = Signal(object)
    """A ``library.filters.Facets``."""
    completions = Signal(object)
    """A ``search_memory.Offered``."""
    searches = Signal(object)
    """The ``searches.Searches`` that are kept."""
    analysis = Signal(object)
    """An ``index_lane.Progress`` or ``FolderRefused``; at most 20 a second."""
    thumbnails = Signal(object)
    """A ``thumbnail_loader.ThumbnailsWait``."""
    albums = Signal(object)
    """What ``album_lane`` answers."""
    why = Signal(object)
    """A ``why_lane.Why``."""
    picture = Signal(object)
    """A ``picture_lane.Picture``."""
    folders = Signal(object)
    """A ``watcher.FoldersChanged``, ``folder_lane.FoldersSeen``, ``LeftOut``, ``DataSizes`` or ``PackInfo``."""
    photos = Signal(object)
    """A ``photo_lane.PhotosFound``, ``FavoritesSet`` or ``PhotosFailed``."""
    copying = Signal(object)
    """A ``copy_lane.TaskState``."""
    sheet = Signal(object)
    """A ``copy_lane.TaskState`` of a contact sheet."""
    tidy = Signal(object)
    """A ``tidy_lane.TidyProgress``, ``DuplicatesFound`` or ``TidyFailed``."""
    objects = Signal(object)
    """An ``object_lane.ObjectProgress``."""
    descriptors = Signal(object)
    """A ``descriptor_lane.DescriptorStates``, ``Fetching`` or ``Fetched``."""
    crashed = Signal(object)
    """A ``Crashed``."""

    _posted = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.way = RightOfWay()
        """Shared by all lanes, which all know the dispatcher."""
        self._open = True
        self._posted.connect(self._deliver)

    def post(self, kind: str, answer: object) -> None:
        """Called by any thread: emit the signal called ``kind`` with ``answer`` in the GUI thread."""
        if self._open:
            self._posted.emit(kind, answer)

    def close(self) -> None:
        """From now on answers are dropped: the window that wanted them is going."""
        self._open = False

    @Slot(object, object)
    def _deliver(self, kind: str, answer: object) -> None:
        if self._open:
            getattr(self, kind).emit(answer)


class Lane:
    """One named thread that runs its jobs one after another, from the first job until ``stop``."""

    def __init__(
        self, name: str, *, on_crash: Callable[[Crashed], None], on_end: Job | None = None, behind: bool = False
    ) -> None:
        """``on_end`` runs in the lane's own thread when it stops: there connections are closed. ``behind``: the lane,
        and threads and processes that it starts, let others have the cores first."""
        self.name = name
        self._behind = behind
        self._on_crash = on_crash
        self._on_end = on_end
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._stopping = False
        self._thread: threading.Thread | None = None

    @property
    def stopping(self) -> bool:
        """Whether ``stop`` was asked for; long jobs look at it between steps."""
        return self._stopping

    def submit(self, job: Job) -> None:
        """Run ``job`` after those already waiting; nothing happens once the lane is stopping."""
        with self._changed:
            if self._stopping:
                return
            self._jobs.append(job)
            if self._thread is None:
                # daemon: a job stuck in someone else's code must not keep the process alive after ``stop``
                self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
                self._thread.start()
            self._changed.notify()

    def stop(self) -> None:
        """Forget the waiting jobs and end after the one that runs; returns at once."""
        with self._changed:
            self._stopping = True
            self._jobs.clear()
            self._changed.notify_all()

    def join(self, until: float) -> bool:
        """Wait for the thread's end until ``time.monotonic()`` reaches ``until``; whether it ended."""
        if self._thread is None:
            return True
        self._thread.join(max(0.0, until - time.monotonic()))
        return not self._thread.is_alive()

    def _run(self) -> None:
        if self._behind:
            step_back()
        while (job := self._next()) is not None:
            self._guarded(job)
        if self._on_end is not None:
            self._guarded(self._on_end)

    def _next(self) -> Job | None:
        with self._changed:
            while not self._jobs and not self._stopping:
                self._changed.wait()
            return None if self._stopping else self._jobs.popleft()

    def _guarded(self, job: Job) -> None:
        try:
            job()
        except Exception:  # noqa: BLE001 - the end of a thread: whatever it is goes to the log and is told
            if self._stopping:  # closing killed the process that decoded for this job
                _log.info("lane %s ended inside a job", self.name, exc_info=True)
                return
            _log.exception("lane %s", self.name)
            self._on_crash(Crashed(self.name))


def step_back() -> None:
    """Let other threads have the cores first, from now on; of Linux alone a thread has a priority of its own that what
    it starts inherits."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, thread, max(_BEHIND, os.getpriority(os.PRIO_PROCESS, thread)))
