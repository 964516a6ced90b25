"""What photo files a folder holds, and how to recognise one that was moved. Writes nothing."""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from photofinder.errors import FolderUnavailable
from photofinder.library.excludes import Excludes
from photofinder.library.images import EXTENSIONS, open_regular
from photofinder.paths import data_paths

_log = logging.getLogger(__name__)

_NOT_THE_PERSONS = frozenset(
    name.casefold()
    for name in (
        "$RECYCLE.BIN", "RECYCLER", "System Volume Information", "lost+found",  # Windows, Linux
        "@eaDir", "#recycle", "@Recycle", "@Recently-Snapshot",  # network drives of Synology and QNAP
        "__MACOSX",  # what macOS leaves in archives
    )
)  # fmt: skip

_HASHED_WHOLE = 2**18  # bytes
_SAMPLE = 2**16  # bytes, at the start, in the middle and at the end
_UNCOMPRESSED = (b"BM", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")  # BMP and TIFF


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file whose name promises a photo."""

    rel_path: str
    """Below the folder, with ``/`` on every system; bytes that are not UTF-8 survive (``surrogateescape``)."""
    size: int
    """Bytes; may be 0."""
    mtime_ns: int
    """Within 64 bits."""


def walk(
    folder: Path,
    on_skipped: list[str] | None = None,
    excludes: Excludes | None = None,
    on_step: Callable[[str], None] = lambda _: None,
    silent: Collection[str] = (),
) -> Iterator[FoundFile]:
    """All photo files under ``folder``, by name, each folder's files before its subfolders.

    Left out: names not in ``images.EXTENSIONS``, whatever is not a regular file, hidden files and folders (also
    by attribute on Windows and macOS; ``._*`` and ``.Trash*`` with them), recycle bins and the like, our own
    data, and what ``excludes`` names. Links to files count as files. Links to folders are followed after all real
    folders, and no folder is entered twice, so loops end and a new link never changes the path of a photo that was
    there before.

    ``on_skipped`` receives the ``rel_path`` of every subfolder, file or dangling link that is there but could not
    be looked into (permissions, read errors, a link to a drive that is away). **Nothing at or below these may be
    taken for deleted**; if the list is empty when the walk ends, the walk was complete. A subfolder that vanishes
    meanwhile is not skipped but gone.

    ``on_step`` is called with the ``rel_path`` of whatever is about to be looked at, for it may never answer.
    ``silent``: what did not; it is skipped without being looked at.

    Raises ``FolderUnavailable``, at the first item, when ``folder`` cannot be listed, and later when it goes away
    or comes to lie on another device: what was yielded was there, of the rest nothing may be concluded.
    """
    skipped = on_skipped if on_skipped is not None else []
    device = _listable_device(folder)
    visited = _own_data(folder)
    pending, links = [""], deque[str]()  # depth first: the next folder is the last of `pending`
    while pending or links:
        rel = pending.pop() if pending else links.popleft()
        path = _below(folder, rel)
        on_step(rel)
        try:
            identity = _identity(path)
            if identity in visited:
                continue
            listing = _list(path, rel, skipped, excludes, on_step, silent)
        except OSError as error:
            if not rel or _listable_device(folder) != device:
                raise FolderUnavailable(folder, "missing") from error
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                _skip(rel, skipped, error)
            continue
        visited.add(identity)
        yield from listing.files
        pending.extend(reversed(listing.folders))
        links.extend(listing.links)
    if _listable_device(folder) != device:  # the drive went, and its empty mount point was walked
        raise FolderUnavailable(folder, "missing")


def content_hash(path: Path) -> str:
    """128 bits of BLAKE2b over size and content, as 32 hexadecimal digits.

    Files over 256 KB are sampled: 64 KB at the start, in the middle and at the end. In a compressed photo another
    picture means other bytes everywhere, so the samples tell photos apart as well as the whole does, for 0.19 MB
    of reading instead of 2-12 MB (a slow card or network gives 10-20 MB/s). BMP and TIFF, where blank paper is
    the same bytes in every scan, are read whole.

    Raises ``OSError``, also when the path is not a regular file.
    """
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        digest = hashlib.blake2b(size.to_bytes(8, "little"), digest_size=16)
        if size <= _HASHED_WHOLE or file.read(4).startswith(_UNCOMPRESSED):
            file.seek(0)
            while chunk := file.read(_SAMPLE):
                digest.update(chunk)
        else:
            for start in (0, (size - _SAMPLE) // 2, size - _SAMPLE):
                file.seek(start)
                digest.update(file.read(_SAMPLE))
    return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class _Listing:
    files: list[FoundFile]
    folders: list[str]
    links: list[str]
    """Symbolic links to folders."""


def _list(
    path: str,
    rel: str,
    skipped: list[str],
    excludes: Excludes | None,
    on_step: Callable[[str], None],
    silent: Collection[str],
) -> _Listing:
    """One folder, sorted by name. Raises ``OSError`` when it cannot be listed to its end."""
    with os.scandir(path) as entries:
        ordered = sorted(entries, key=lambda entry: entry.name)
    listing = _Listing([], [], [])
    for entry in ordered:
        if entry.name.startswith(".") or entry.name.casefold() in _NOT_THE_PERSONS:
            continue
        below = f"{rel}/{entry.name}" if rel else entry.name
        if below in silent:
            _log.warning("skipping %r: it does not answer", below)
            skipped.append(below)
            continue
        on_step(below)
        try:
            _sort(entry, below, listing, excludes)
        except FileNotFoundError as error:  # vanished meanwhile, or a link to what is not there now
            if entry.is_symlink():
                _skip(below, skipped, error)
        except OSError as error:
            _skip(below, skipped, error)
    return listing


def _sort(entry: os.DirEntry[str], rel: str, listing: _Listing, excludes: Excludes | None) -> None:
    """Put an entry where it belongs. Raises ``OSError``."""
    photo = os.path.splitext(entry.name)[1].lower() in EXTENSIONS  # noqa: PTH122  # one Path per file is slow
    linked = entry.is_symlink()
    if not photo and not linked and not entry.is_dir():
        return
    if excludes and excludes(rel, is_folder=not photo):
        return  # before it is looked at: what cannot be read may be left out, too
    status = entry.stat()
    if _is_hidden(entry.stat(follow_symlinks=False) if linked else status):
        return
    if stat.S_ISDIR(status.st_mode):
        (listing.links if linked else listing.folders).append(rel)
    elif photo and stat.S_ISREG(status.st_mode):
        listing.files.append(FoundFile(rel, status.st_size, _kept_time(status.st_mtime_ns)))


def _kept_time(mtime_ns: int) -> int:
    """The time of a file as the catalogue can hold it: some disks keep years beyond 2262, a damaged one any number."""
    return min(max(mtime_ns, -(2**63)), 2**63 - 1)


def _is_hidden(status: os.stat_result) -> bool:
    """Hidden by attribute, on Windows and macOS."""
    windows = getattr(status, "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN
    return bool(windows or getattr(status, "st_flags", 0) & stat.UF_HIDDEN)


def _skip(rel: str, skipped: list[str], error: OSError) -> None:
    _log.warning("skipping %r: %s", rel, error)
    skipped.append(rel)


def _below(folder: Path, rel: str) -> str:
    return os.path.join(folder, *rel.split("/")) if rel else str(folder)  # noqa: PTH118


def _identity(path: str) -> tuple[int, int] | str:
    """The same for two paths to one folder. Raises ``OSError``."""
    status = os.stat(path)  # noqa: PTH116
    # Some network file systems have no inode numbers.
    return (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)


def _own_data(folder: Path) -> set[tuple[int, int] | str]:
    """The folders of our own state, but ``folder`` itself: whoever asks for that gets it."""
    own = data_paths()
    found = set()
    for path in (own.data, own.cache, own.config, own.state):
        with contextlib.suppress(OSError):
            found.add(_identity(str(path)))
    with contextlib.suppress(OSError):
        found.discard(_identity(str(folder)))
    return found


def _listable_device(folder: Path) -> int:
    """The device a folder is on. Raises ``FolderUnavailable``."""
    try:
        device = folder.stat().st_dev
        with os.scandir(folder):
            return device
    except NotADirectoryError as error:
        raise FolderUnavailable(folder, "not_a_folder") from error
    except PermissionError as error:
        raise FolderUnavailable(folder, "no_permission") from error
    except (OSError, ValueError) as error:  # not there, a loop of links, a dead network drive; a NUL in the name
        raise FolderUnavailable(folder, "missing") from error
