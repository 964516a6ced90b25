"""Copies photos to a folder of the person's: nothing is overwritten, nothing is half there, originals are only read."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import TypeVar

from photofinder.errors import FailureReason, FolderSilent, FolderUnavailable, PhotoOutOfReach, PhotoUnreadable
from photofinder.library.answering import DRIVES
from photofinder.library.images import NotARegularFileError, open_regular

_CHUNK = 2**20  # bytes; between two of them a copy can be stopped
_MOST_OF_A_NAME = 9999
_FORBIDDEN_SOMEWHERE = '<>:"/\\|?*'  # in names on the file systems of USB sticks and of Windows
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Copying:
    """On the way: ``copied`` bytes of ``size`` of photo number ``number`` (from 1) of ``total``."""

    path: Path
    number: int
    total: int
    copied: int
    size: int


@dataclass(frozen=True, slots=True)
class Copied:
    """A photo is in the folder, whole."""

    path: Path
    target: Path


@dataclass(frozen=True, slots=True)
class NotCopied:
    """A photo that could not be read; the others go on."""

    path: Path
    error: PhotoUnreadable


@dataclass(frozen=True, slots=True)
class CopySummary:
    """What a whole run did."""

    copied: int
    failed: int


CopyEvent = Copying | Copied | NotCopied


def copy_photos(paths: Sequence[Path], folder: Path) -> Generator[CopyEvent | None, None, CopySummary]:
    """Copy files into ``folder`` with their times; a name that is taken becomes «name (2).jpg».

    Close the generator to stop: what was being written is removed, what was copied stays. ``None`` is a moment to do so
    while a drive takes its time. A photo that cannot be read, or whose drive does not answer, is a ``NotCopied``.

    What is wrong with the folder ends the run: ``FolderUnavailable`` when it is not there (any more) or does not
    answer, else the ``OSError`` of the system (disk full, read-only, no permission) with the folder as its file name.
    """
    copied = failed = 0
    for number, path in enumerate(paths, start=1):
        try:
            yield from DRIVES.follow(_copy(path, folder, number, len(paths)), (folder, path.parent))
        except FolderSilent as error:
            if error.path == folder:
                raise
            failed += 1
            yield NotCopied(path, PhotoOutOfReach(path))
        except PhotoUnreadable as error:
            failed += 1
            yield NotCopied(path, error)
        else:
            copied += 1
    return CopySummary(copied, failed)


def free_name(name: str, number: int) -> str:
    """``name`` for ``number`` 1, else with the number before its suffix: «foto (2).jpg»."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path would take "a." and ".a" for other things
    return name if number == 1 else f"{stem} ({number}){suffix}"


def _copy(path: Path, folder: Path, number: int, total: int) -> Generator[Copying | Copied, None, None]:
    _check_folder(folder)
    with _reading(path, lambda: open_regular(path)) as source:
        size = os.fstat(source.fileno()).st_size
        yield Copying(path, number, total, 0, size)
        output, target = _writing(folder, lambda: _create(folder, path.name))
        whole = False
        try:
            with output:
                done = 0
                while chunk := _reading(path, lambda: source.read(_CHUNK)):
                    _writing(folder, lambda chunk=chunk: _write_all(output, chunk))  # type: ignore[misc]
                    done += len(chunk)
                    yield Copying(path, number, total, done, size)
                _writing(folder, lambda: _finish(output))
                there = _reading(path, lambda: os.fstat(source.fileno()))
                arrived = _writing(folder, lambda: os.fstat(output.fileno()).st_size)
                if not done == arrived == there.st_size:  # it is being written to, or the disk lost something
                    raise PhotoUnreadable(path, FailureReason.READ_ERROR)
            with contextlib.suppress(OSError):  # a disk that keeps no such times still has the photo
                os.utime(target, ns=(there.st_atime_ns, there.st_mtime_ns))
            whole = True
        finally:
            if not whole:
                with contextlib.suppress(OSError):  # the drive may be gone, and the beginning with it
                    target.unlink()
    yield Copied(path, target)


def _create(folder: Path, name: str) -> tuple[FileIO, Path]:
    """A new file with the first name that is free, made in one step so that no other program can take it."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for number in range(1, _MOST_OF_A_NAME):
        target = folder / free_name(name, number)
        try:
            return os.fdopen(os.open(target, flags, 0o666), "wb", buffering=0), target
        except FileExistsError:
            continue
        except OSError as error:
            plain = "".join("_" if c in _FORBIDDEN_SOMEWHERE or ord(c) < 32 else c for c in name)
            if error.errno != errno.EINVAL or plain == name:
                raise
            return _create(folder, plain)
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder / name))


def _write_all(output: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[output.write(rest) :]


def _finish(output: FileIO) -> None:
    """Have the disk take it now: a full one may say so only here, and a stick may be pulled the next moment."""
    try:
        os.fsync(output.fileno())
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that knows no fsync
            raise


def _check_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise FolderUnavailable(folder, "not_a_folder" if folder.exists() else "missing")


def _reading(path: Path, step: Callable[[], _Made]) -> _Made:
    """What goes wrong here is the photo's: ``PhotoUnreadable``."""
    try:
        return step()
    except NotARegularFileError as error:
        raise PhotoUnreadable(path, FailureReason.NOT_AN_IMAGE) from error
    except OSError as error:
        reasons = {
            errno.ENOENT: FailureReason.VANISHED,
            errno.ENOTDIR: FailureReason.VANISHED,
            errno.ENODEV: FailureReason.VANISHED,
            errno.EACCES: FailureReason.NO_PERMISSION,
            errno.EPERM: FailureReason.NO_PERMISSION,
        }
        raise PhotoUnreadable(path, reasons.get(error.errno or 0, FailureReason.READ_ERROR)) from error


def _writing(folder: Path, step: Callable[[], _Made]) -> _Made:
    """What goes wrong here is the folder's: it is gone, or the ``OSError`` says its name."""
    try:
        return step()
    except OSError as error:
        _check_folder(folder)
        raise OSError(error.errno, error.strerror, str(folder)) from error
