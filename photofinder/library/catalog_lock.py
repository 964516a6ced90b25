"""Only one process analyses photos into a catalogue; others may search it meanwhile."""

from __future__ import annotations

import errno
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photofinder.errors import CatalogDamaged, CatalogInUse, DataFolderUnwritable, DiskFull

_log = logging.getLogger(__name__)

if sys.platform == "win32":
    import msvcrt

    _FAR = 0x40000000  # Windows locks bytes, also beyond the end; there the process number stays readable

    def _try_lock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


@contextmanager
def exclusive(catalog: Path) -> Iterator[bool]:
    """Hold the lock beside ``catalog``; the value says whether the last holder ended without releasing it.

    The system frees the lock of a process that dies; the process number it wrote stays in the file, and that is
    how the next holder knows. Raises ``CatalogInUse`` at once when another process (or connection) holds it.
    """
    path = catalog.with_name(catalog.name + ".lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise _unwritable(catalog, error) from error
    try:
        try:
            _try_lock(descriptor)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN, errno.EDEADLK):
                raise CatalogInUse(catalog) from error
            # Some network drives have no locks; SQLite's own still keep the catalogue sound.
            _log.warning("no lock at %r: %s", path, error)
        unclean = os.fstat(descriptor).st_size > 0
        try:
            os.ftruncate(descriptor, 0)
            os.lseek(descriptor, 0, os.SEEK_SET)
            os.write(descriptor, str(os.getpid()).encode())
        except OSError as error:
            _unlock(descriptor)
            raise _unwritable(catalog, error) from error
        sound = True
        try:
            yield unclean
        except CatalogDamaged:
            sound = False  # the mark stays, so that the next holder looks again
            raise
        finally:
            if sound:
                os.ftruncate(descriptor, 0)
            _unlock(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(catalog: Path, error: OSError) -> Exception:
    return DiskFull(catalog) if error.errno == errno.ENOSPC else DataFolderUnwritable(catalog.parent)
