"""Everything that can be known of a folder from outside, so that before and after can be compared."""

from __future__ import annotations

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class EntryState:
    """One entry; ``changed_ns`` (ctime) moves with every write, rename, link, mode, owner or time that is set."""

    mode: int
    size: int
    links: int
    owner: tuple[int, int]
    modified_ns: int
    changed_ns: int
    content: str
    """BLAKE2b of a file's bytes, the target of a link, ``""`` for anything else."""
    attributes: tuple[tuple[str, bytes], ...]
    accessed_ns: int = 0
    """Left out (0) unless asked for: reading moves it where the system is mounted so."""


def folder_state(folder: Path, *, accessed: bool = False, contents: bool = True) -> dict[str, EntryState]:
    """Every entry at and below ``folder`` by its path; links are not followed, and nothing special is opened.

    Reading leaves the times of access as they were where the system can do that. Raises OSError.
    """
    found = {str(folder): _entry(folder, accessed, contents)}
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name)
            found[str(path)] = _entry(path, accessed, contents)
    return found


def _entry(path: Path, accessed: bool, contents: bool) -> EntryState:
    status = path.lstat()
    content = ""
    if stat.S_ISLNK(status.st_mode):
        content = os.fsencode(path.readlink()).hex()
    elif stat.S_ISREG(status.st_mode) and contents:
        content = _hash(path)
    return EntryState(
        mode=status.st_mode,
        size=status.st_size,
        links=status.st_nlink,
        owner=(status.st_uid, status.st_gid),
        modified_ns=status.st_mtime_ns,
        changed_ns=status.st_ctime_ns,
        content=content,
        attributes=_attributes(path),
        accessed_ns=status.st_atime_ns if accessed else 0,
    )


def _hash(path: Path) -> str:
    flags = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOATIME", 0)
    try:
        descriptor = os.open(path, flags)
    except PermissionError:
        return "closed"
    with open(descriptor, "rb") as file:
        return hashlib.file_digest(file, "blake2b").hexdigest()


def _attributes(path: Path) -> tuple[tuple[str, bytes], ...]:
    if not hasattr(os, "listxattr"):
        return ()
    try:
        names = sorted(os.listxattr(path, follow_symlinks=False))
        return tuple((name, os.getxattr(path, name, follow_symlinks=False)) for name in names)
    except OSError:  # a file system without them, or a closed file
        return ()
