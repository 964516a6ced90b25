"""Hears from the system that something changes in the folders. No Qt: it lives in the lane of the folders."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from photofinder.errors import FolderSilent
from photofinder.library.answering import DRIVES, Question
from photofinder.library.catalog import Folder
from photofinder.library.excludes import Excludes
from photofinder.library.images import EXTENSIONS

if TYPE_CHECKING:
    from watchdog.events import FileSystemEvent

_log = logging.getLogger(__name__)

_FILE_EVENTS = frozenset(("created", "deleted", "moved", "modified", "closed"))
_FOLDER_EVENTS = frozenset(("created", "deleted", "moved"))
_JOIN_S = 2.0


@dataclass(frozen=True, slots=True)
class FoldersChanged:
    """Something began to change; ``Changes.take`` says what, once it is calm."""


class Changes:
    """Which folders changed since they were last asked for. Told by the system's threads, asked by the window's."""

    def __init__(self, on_first: Callable[[], None]) -> None:
        """``on_first`` is called by the telling thread, once until ``take``: thousands of files make one call."""
        self._on_first = on_first
        self._lock = threading.Lock()
        self._folders: set[int] = set()
        self._first_at = self._last_at = 0.0

    def tell(self, folder_id: int) -> None:
        """Something changed there."""
        with self._lock:
            self._last_at = time.monotonic()
            is_first = not self._folders
            if is_first:
                self._first_at = self._last_at
            self._folders.add(folder_id)
        if is_first:
            self._on_first()

    def ages(self) -> tuple[float, float]:
        """Seconds since the first and since the last change that nobody took yet."""
        now = time.monotonic()
        with self._lock:
            return now - self._first_at, now - self._last_at

    def take(self) -> frozenset[int]:
        """The ids of the folders that changed; from now on it begins anew."""
        with self._lock:
            taken = frozenset(self._folders)
            self._folders.clear()
            return taken


class _Handler:
    """Judges one folder's events in watchdog's thread. (Duck-typed: watchdog is imported when first needed.)"""

    def __init__(self, folder: Folder, changes: Changes) -> None:
        self._root = str(folder.path)
        self._id = folder.id
        self._excludes = Excludes(folder.exclude)
        self._changes = changes

    def dispatch(self, event: FileSystemEvent) -> None:
        """Called for every event."""
        wanted = _FOLDER_EVENTS if event.is_directory else _FILE_EVENTS
        if event.event_type not in wanted:
            return
        for path in (event.src_path, getattr(event, "dest_path", "")):
            if path and self._matters(os.fsdecode(path), event.is_directory):
                self._changes.tell(self._id)
                return

    def _matters(self, path: str, is_folder: bool) -> bool:
        """Whether analysing would look at it: not hidden, not left out, and a photo or a folder."""
        rel = path.removeprefix(self._root).lstrip("/\\").replace(os.sep, "/")
        if any(part.startswith(".") for part in rel.split("/")):
            return False
        if not is_folder and os.path.splitext(rel)[1].lower() not in EXTENSIONS:  # noqa: PTH122 - many a second
            return False
        return not self._excludes(rel, is_folder=is_folder)


class _Watched:
    """One folder with an observer of its own: watchdog's has one lock, which a drive that falls silent would keep."""

    def __init__(self, folder: Folder, observer: Any) -> None:
        self.path, self.exclude = folder.path, folder.exclude
        self._observer = observer

    def begin(self, handler: _Handler) -> Generator[bool, None, None]:
        """Look through the folder, which may take long, or for ever; yields once. Closed there, the threads end."""
        self._observer.start()
        is_watched = False
        try:
            self._observer.schedule(handler, str(self.path), recursive=True)
            yield True
            is_watched = True
        finally:
            if not is_watched:
                self.end()

    def end(self) -> None:
        """End the threads."""
        self._observer.unschedule_all()
        self._observer.stop()
        self._observer.join(_JOIN_S)


class Watch:
    """The folders that are watched now. Used by one thread."""

    def __init__(self, changes: Changes, make_observer: Callable[[], Any] | None = None) -> None:
        """``make_observer``: instead of watchdog's (tests)."""
        self._changes = changes
        self._make_observer = make_observer or _observer
        self._watched: dict[int, _Watched] = {}
        self.limit_reached = False
        """The system does not let this person watch more folders."""

    @property
    def folder_ids(self) -> frozenset[int]:
        """What is watched."""
        return frozenset(self._watched)

    def add(self, folder: Folder, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Watch a folder with all below it, from now on or still; whether that works.

        False, too, when its drive does not answer, or when ``stopping`` while it is looked through.
        """
        known = self._watched.get(folder.id)
        if known is not None:
            if (known.path, known.exclude) == (folder.path, folder.exclude):
                return True
            self.remove(folder.id)
        watched, is_watched = _Watched(folder, self._make_observer()), False
        beginning = DRIVES.follow(watched.begin(_Handler(folder, self._changes)), (folder.path,))
        try:
            for done in beginning:
                is_watched = is_watched or bool(done)  # None: it takes its time
                if stopping():
                    return False
        except (FolderSilent, OSError) as error:
            _log.info("not watching %r: %s", folder.path, error)
            number = getattr(error, "errno", None)
            self.limit_reached = self.limit_reached or number in (errno.ENOSPC, errno.EMFILE)
        finally:
            beginning.close()
        if is_watched:
            self._watched[folder.id] = watched
        return is_watched

    def remove(self, folder_id: int) -> None:
        """Watch it no longer; nothing happens when it is not watched. A thread that a drive holds is left behind."""
        known = self._watched.pop(folder_id, None)
        if known is not None:
            Question(known.end).wait(2 * _JOIN_S)

    def close(self) -> None:
        """Watch nothing and end the threads."""
        ending = [Question(watched.end) for watched in self._watched.values()]
        self._watched.clear()
        until = time.monotonic() + 2 * _JOIN_S
        for question in ending:
            question.wait(max(0.0, until - time.monotonic()))


def _observer() -> Any:
    from watchdog.observers import Observer

    return Observer()
