"""What the catalogue answers with, and how its rows are read."""

from __future__ import annotations

import calendar
import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import FailureReason, FolderSilent, FolderUnavailable
from photofinder.library.answering import DRIVES, GLANCE_S, LOOK_S


@dataclass(frozen=True, slots=True)
class Folder:
    """A root the user added.

    ``online``: it can be listed now, and is not the empty place that an unmounted drive leaves.
    ``exclude``: patterns of what is left out (``excludes.Excludes``).
    """

    id: int
    path: Path
    online: bool
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Photo:
    """A file the user owns, as last seen.

    ``width`` and ``height`` in pixels after EXIF orientation; ``taken_at`` ISO 8601 local time without zone;
    ``lat`` and ``lon`` in degrees, ``area_id`` the smallest known place there; ``missing_since`` ISO 8601 UTC. Those
    are ``None`` until known.
    """

    id: int
    folder_id: int
    path: Path
    rel_path: str
    size: int
    mtime_ns: int
    width: int | None
    height: int | None
    taken_at: str | None
    camera: str | None
    lat: float | None
    lon: float | None
    error: FailureReason | None
    missing_since: str | None
    favorite: bool = False
    area_id: int | None = None


class KnownFile(NamedTuple):
    """What a scan is compared with. ``has_vectors`` is about the pack in use."""

    photo_id: int
    size: int
    mtime_ns: int
    missing: bool
    error: FailureReason | None
    has_vectors: bool
    content_hash: str | None


@dataclass(frozen=True, slots=True)
class Counts:
    """``photos`` are there (or offline); of them ``analysed`` can be found and ``failed`` cannot be read.

    ``missing`` were deleted from a reachable folder and are not among ``photos``.
    """

    photos: int
    analysed: int
    failed: int
    missing: int

    @classmethod
    def sum(cls, several: Iterable[Counts]) -> Counts:
        """All together."""
        total = [0, 0, 0, 0]
        for one in several:
            figures = (one.photos, one.analysed, one.failed, one.missing)
            total = [before + figure for before, figure in zip(total, figures, strict=True)]
        return cls(*total)


class Details(Protocol):
    """What decoding tells about a photo (``PhotoInfo``), or another ``Photo`` with the same content."""

    @property
    def width(self) -> int | None:
        """Pixels, after EXIF orientation."""

    @property
    def height(self) -> int | None:
        """Pixels, after EXIF orientation."""

    @property
    def taken_at(self) -> str | None:
        """ISO 8601 local time without zone."""

    @property
    def camera(self) -> str | None:
        """Maker and model."""

    @property
    def lat(self) -> float | None:
        """Degrees north."""

    @property
    def lon(self) -> float | None:
        """Degrees east."""


PHOTO_COLUMNS = (
    "photo.id, photo.folder_id, folder.path, photo.rel_path, photo.size, photo.mtime_ns, photo.width, "
    "photo.height, photo.taken_at, photo.camera, photo.lat, photo.lon, photo.error, photo.missing_since, "
    "photo.favorite, (SELECT area_id FROM photo_area WHERE photo_id = photo.id)"
)


def photo_of(row: Sequence[Any]) -> Photo:
    """A row of ``PHOTO_COLUMNS``."""
    photo_id, folder_id, root, rel, size, mtime_ns, width, height, taken_at, camera = row[:10]
    lat, lon, error, missing, favorite, area_id = row[10:]
    rel_path = os.fsdecode(rel)
    return Photo(
        id=photo_id,
        folder_id=folder_id,
        path=Path(os.fsdecode(root), rel_path),
        rel_path=rel_path,
        size=size,
        mtime_ns=mtime_ns,
        width=width,
        height=height,
        taken_at=taken_at,
        camera=camera,
        lat=lat,
        lon=lon,
        error=reason_of(error),
        missing_since=missing,
        favorite=bool(favorite),
        area_id=area_id,
    )


def integers(listed: str | None) -> NDArray[np.int64]:
    """What SQLite's ``group_concat`` made of whole numbers; None for no rows.

    One text is a third of the time of a row each: 20 instead of 65 ms for 100,000.
    """
    return np.fromstring(listed, dtype=np.int64, sep=",") if listed else np.empty(0, dtype=np.int64)


def reason_of(stored: str | None) -> FailureReason | None:
    """The reason a photo failed; one written by another version of the program reads as ``READ_ERROR``."""
    if stored is None:
        return None
    try:
        return FailureReason(stored)
    except ValueError:
        return FailureReason.READ_ERROR


def moment_of(taken_at: str | None, mtime_ns: int) -> int:
    """When a photo was made, as seconds since 1970 on the local wall clock (EXIF knows no time zone)."""
    if taken_at is not None:
        try:
            return int(datetime.fromisoformat(taken_at).replace(tzinfo=UTC).timestamp())
        except ValueError:
            pass  # a date no calendar has: the file's own time is the next best
    seconds = mtime_ns // 1_000_000_000
    try:
        return calendar.timegm(time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return seconds  # a file time that the system's calendar does not reach


def has_entries(folder: Path, patience_s: float = GLANCE_S) -> bool:
    """Whether ``folder`` can be listed and holds anything: an unmounted drive leaves an empty folder, if any.

    One that does not answer in time has nothing.
    """
    return DRIVES.says(folder, lambda: holds_anything(folder), patience_s)


def holds_anything(folder: Path) -> bool:
    """``has_entries``, however long it takes."""
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except OSError:
        return False


def must_be_listable(folder: Path) -> None:
    """Raise ``FolderUnavailable`` when ``folder`` cannot be listed."""
    try:
        DRIVES.ask(folder, lambda: os.scandir(folder).close(), LOOK_S)
    except TimeoutError as error:
        raise FolderSilent(folder) from error
    except FileNotFoundError as error:
        raise FolderUnavailable(folder, "missing") from error
    except NotADirectoryError as error:
        raise FolderUnavailable(folder, "not_a_folder") from error
    except OSError as error:
        raise FolderUnavailable(folder, "no_permission") from error


def same_folder(one: Path, other: Path) -> bool:
    """Whether two paths name one folder: through links, and in another letter case where the disk has none.

    Of one that does not answer only the names are compared.
    """
    if os.path.normcase(one) == os.path.normcase(other):
        return True
    if not (DRIVES.reached(one) and DRIVES.reached(other)):
        return False
    if os.path.normcase(one.resolve()) == os.path.normcase(other.resolve()):
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def within(inner: Path, outer: Path) -> bool:
    """Whether ``inner`` is ``outer`` or lies below it."""
    resolved = inner.resolve() if DRIVES.reached(inner) else inner
    return any(same_folder(folder, outer) for folder in (resolved, *resolved.parents))
