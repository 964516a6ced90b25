"""What a scan found against what the catalogue knows: which photos need work, and which are gone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from photofinder.library.catalog_rows import KnownFile

if TYPE_CHECKING:
    from photofinder.library.scan import FoundFile


@dataclass(slots=True)
class Changes:
    """The outcome of ``compare``; every found file is in ``new``, ``changed`` or ``pending``, or ``unchanged``."""

    found: int = 0
    known: int = 0
    """Files of the catalogue that were compared with, whatever became of them."""
    new: list[FoundFile] = field(default_factory=list)
    changed: list[tuple[FoundFile, KnownFile]] = field(default_factory=list)
    """Another size or time than known."""
    pending: list[tuple[FoundFile, KnownFile]] = field(default_factory=list)
    """The same file, but without vectors of the pack in use."""
    unchanged: int = 0
    returned: list[int] = field(default_factory=list)
    """Ids of photos that were missing and are found, whatever else they are."""
    gone: set[int] = field(default_factory=set)
    """Ids of photos that were there and are not found."""
    absent: set[int] = field(default_factory=set)
    """``gone``, and the ones that were missing before."""


def compare(
    found: Iterable[FoundFile],
    known: Iterable[tuple[str, KnownFile]],
    skipped: Sequence[str] = (),
    *,
    retry_failed: bool | Collection[int] = False,
) -> Changes:
    """Compare by relative path, size and time; a file that failed and did not change is left alone.

    ``known``: each file of the catalogue with its path, once; of those that did not change nothing is kept.

    ``retry_failed``: those are to be tried again, all of them or the ones with these photo ids.

    ``skipped``: relative paths of what could not be looked into; nothing at or below them is gone.
    """
    left = {file.rel_path: file for file in found}
    changes = Changes(found=len(left))
    hidden = tuple(f"{path}/" for path in skipped)
    for rel_path, before in known:
        changes.known += 1
        file = left.pop(rel_path, None)
        if file is None:
            if before.missing:
                changes.absent.add(before.photo_id)
            elif not f"{rel_path}/".startswith(hidden):
                changes.absent.add(before.photo_id)
                changes.gone.add(before.photo_id)
            continue
        if before.missing:
            changes.returned.append(before.photo_id)
        again = retry_failed if isinstance(retry_failed, bool) else before.photo_id in retry_failed
        if (file.size, file.mtime_ns) != (before.size, before.mtime_ns):
            changes.changed.append((file, before))
        elif again if before.error is not None else not before.has_vectors:
            changes.pending.append((file, before))
        else:
            changes.unchanged += 1
    changes.new.extend(left.values())
    for several in (changes.changed, changes.pending):
        several.sort(key=lambda pair: pair[1].photo_id)  # a server tells files in any order
    return changes
