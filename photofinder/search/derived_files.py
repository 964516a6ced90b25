"""Files that are derived from the catalogue and mapped: ``<kind>-<revision><ending>``, and never an error for anyone.

Each is written beside its name and renamed, and what is older goes. What cannot be used is passed over and told to the
log; what cannot be written is done without.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

_TEMPORARY = "writing-"
_ABANDONED_S = 6 * 3600
"""Nothing takes so long to write: whoever began it was killed."""
_log = logging.getLogger(__name__)

_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class DerivedFiles:
    """The files of one ``kind`` in a folder, which need not exist; ``ending`` begins with a point."""

    directory: Path
    kind: str
    ending: str

    def newest(self, opened: Callable[[Path], _Opened], fits: Callable[[_Opened], bool]) -> _Opened | None:
        """The newest one that is whole and of this catalogue; None on any doubt.

        ``opened`` raises OSError, ValueError, KeyError or TypeError for what is not as it was written; ``fits`` says
        whether what it returned is of this catalogue.
        """
        for path in self.paths():
            try:
                found = opened(path)
            except (OSError, ValueError, KeyError, TypeError) as error:
                _log.warning("%r is not usable: %s", str(path), error)
                continue
            if fits(found):
                return found
            _log.warning("%r is of another catalogue", str(path))
        return None

    def write(self, fill: Callable[[Path], int | None]) -> bool:
        """Let ``fill`` write an empty file and say its revision, or None if it is not to be kept; whether it is."""
        temporary: Path | None = None
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(prefix=_TEMPORARY, dir=self.directory)
            temporary = Path(name)
            os.close(descriptor)
            revision = fill(temporary)
            if revision is not None:
                target = self.directory / f"{self.kind}-{revision}{self.ending}"
                temporary.replace(target)
        except (OSError, MemoryError) as error:
            _log.warning("%s%s is not kept in %r: %s", self.kind, self.ending, str(self.directory), error)
            revision = None
        if revision is None:
            _remove([temporary] if temporary is not None else [])
            return False
        _remove([older for older in self.paths() if older != target])
        _remove([one for one in self.directory.glob(f"{_TEMPORARY}*") if _is_abandoned(one)])
        return True

    def delete(self) -> None:
        """Delete all; one that is mapped somewhere may stay, and is not used without its catalogue."""
        _remove(self.paths())

    def paths(self) -> list[Path]:
        """What there is, the newest first."""
        found = []
        with contextlib.suppress(OSError):
            for path in self.directory.glob(f"{self.kind}-*{self.ending}"):
                revision = path.name[len(self.kind) + 1 : -len(self.ending)]
                if revision.isascii() and revision.isdigit():
                    found.append((int(revision), path))
        return [path for _, path in sorted(found, reverse=True)]


def _remove(paths: list[Path]) -> None:
    for path in paths:
        with contextlib.suppress(OSError):  # Windows: still mapped somewhere
            path.unlink(missing_ok=True)


def _is_abandoned(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return time.time() - path.stat().st_mtime > _ABANDONED_S
    return False
