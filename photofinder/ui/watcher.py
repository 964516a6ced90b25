"""Hears from the system that something changes in the folders. No Qt: it lives in the lane of the folders."""

from __future__ import annotations

import errno
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


class Watch:
    """The folders that are watched now. Used by one thread."""

    def __init__(self, changes: Changes, make_observer: Callable[[], Any] | None = None) -> None:
        """``make_observer``: instead of watchdog's (tests)."""
        self._changes = changes
        self._make_observer = make_observer or _observer
        self._observer: Any = None
        self._watched: dict[int, tuple[Path, tuple[str, ...], Any]] = {}
        self.limit_reached = False
        """The system does not let this person watch more folders."""

    @property
    def folder_ids(self) -> frozenset[int]:
        """What is watched."""
        return frozenset(self._watched)

    def add(self, folder: Folder) -> bool:
        """Watch a folder with all below it, from now on or still; whether that works."""
        known = self._watched.get(folder.id)
        if known is not None:
            if known[:2] == (folder.path, folder.exclude):
                return True
            self.remove(folder.id)
        try:
            if self._observer is None:
                self._observer = self._make_observer()
                self._observer.start()
            watch = self._observer.schedule(_Handler(folder, self._changes), str(folder.path), recursive=True)
        except OSError as error:
            _log.info("not watching %r: %s", folder.path, error)
            self.limit_reached = self.limit_reached or error.errno in (errno.ENOSPC, errno.EMFILE)
            return False
        self._watched[folder.id] = (folder.path, folder.exclude, watch)
        return True

    def remove(self, folder_id: int) -> None:
        """Watch it no longer; nothing happens when it is not watched."""
        known = self._watched.pop(folder_id, None)
        if known is not None and self._observer is not None:
            self._observer.unschedule(known[2])

    def close(self) -> None:
        """Watch nothing and end the threads."""
        self._watched.clear()
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.unschedule_all()
            observer.stop()
            observer.join(_JOIN_S)


def _observer() -> Any:
    from watchdog.observers import Observer

    return Observer()
