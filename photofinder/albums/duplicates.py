"""Groups of photos of which one is enough: copies, versions of one picture, bursts. Nothing is ever deleted here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.alike import Alike, Described, Pairs, alike_pairs
from photofinder.albums.best import GroupKind, Reason, best_first
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.catalog_looks import AlikeRows
from photofinder.library.filters import Filters
from photofinder.library.look import TINY_SIDE

IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Comparing:
    """How far the comparison is: ``done`` of ``total`` steps of about equal length."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Group:
    """At least two photos, the one to keep first, and why it is that one."""

    kind: GroupKind
    photos: tuple[Photo, ...]
    reasons: tuple[Reason, ...]

    @property
    def bytes_beside(self) -> int:
        """What the others take on disk."""
        return sum(photo.size for photo in self.photos[1:])


def find_duplicates(catalog: Catalog, filters: Filters | None = None) -> Generator[Comparing, None, tuple[Group, ...]]:
    """The groups among the photos that are shown and pass ``filters``, those that take most disk first.

    Copies are told by content, whether analysed or not; all else by looks (``looking.look_at_missing``) and by the
    vectors of the pack in use. No photo is in two groups. Close the generator at any moment.
    """
    rows = catalog.alike_rows()
    if filters:
        rows = _only(rows, np.isin(rows.ids, catalog.filtered_ids(filters)))
    first_of, copies = _copies(rows)
    yield Comparing(0, 1)
    comparison = alike_pairs(_described(catalog, _only(rows, first_of)))
    alike = yield from _told(comparison)
    numbers = np.flatnonzero(first_of)
    groups = [
        (is_burst, [int(rows.ids[row]) for one in members for row in copies[int(numbers[one])]])
        for members, is_burst in grouped(alike, len(numbers))
    ]
    together = {photo_id for _, ids in groups for photo_id in ids}
    alone = ([int(rows.ids[row]) for row in same] for same in copies.values() if len(same) > 1)
    groups += [(False, ids) for ids in alone if ids[0] not in together]
    return _suggested(catalog, groups, dict(zip(rows.ids.tolist(), rows.contents, strict=True)))


def grouped(alike: Alike, count: int) -> list[tuple[list[int], bool]]:
    """Groups of rows, and whether they are a burst, of ``count`` photos of which these are alike.

    Pairs that show one picture are gathered around the photo that has most of them, so that a chain of small changes
    does not join what differs; what was taken in one go is joined as a chain, for a scene moves on.
    """
    leader = np.arange(count)
    for centre, members in _around(alike.same):
        leader[members] = centre
    joined = _Joined(leader)
    for one, other in zip(alike.bursts.first.tolist(), alike.bursts.second.tolist(), strict=True):
        joined.join(one, other)
    groups: dict[int, list[int]] = defaultdict(list)
    some = {*alike.same.first.tolist(), *alike.same.second.tolist()}
    for row in sorted({*some, *alike.bursts.first.tolist(), *alike.bursts.second.tolist()}):
        groups[joined.root(row)].append(row)
    in_burst = {joined.root(row) for row in alike.bursts.first.tolist()}
    return [(members, root in in_burst) for root, members in groups.items() if len(members) > 1]


def _around(same: Pairs) -> list[tuple[int, list[int]]]:
    """Each row once, beside the neighbour with most neighbours that is not yet beside another one."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in zip(same.first.tolist(), same.second.tolist(), strict=True):
        beside[one].append(other)
        beside[other].append(one)
    taken: set[int] = set()
    found = []
    for centre in sorted(beside, key=lambda row: (-len(beside[row]), row)):
        if centre not in taken:
            members = [row for row in beside[centre] if row not in taken]
            taken.update(members, [centre])
            found.append((centre, members))
    return found


class _Joined:
    """Sets of rows that are joined step by step; begins with what has the same leader."""

    def __init__(self, leader: IntArray) -> None:
        self._above = leader.tolist()

    def root(self, row: int) -> int:
        while self._above[row] != row:
            self._above[row] = self._above[self._above[row]]
            row = self._above[row]
        return int(row)

    def join(self, one: int, other: int) -> None:
        some, others = self.root(one), self.root(other)
        self._above[max(some, others)] = min(some, others)


def _told(comparison: Generator[tuple[int, int], None, Alike]) -> Generator[Comparing, None, Alike]:
    try:
        while True:
            yield Comparing(*next(comparison))
    except StopIteration as end:
        found: Alike = end.value
        return found
    finally:
        comparison.close()


def _only(rows: AlikeRows, kept: NDArray[np.bool_]) -> AlikeRows:
    places = np.flatnonzero(kept).tolist()
    return AlikeRows(
        rows.ids[kept],
        rows.moments[kept],
        rows.timed[kept],
        [rows.contents[place] for place in places],
        [rows.cameras[place] for place in places],
    )


def _copies(rows: AlikeRows) -> tuple[NDArray[np.bool_], dict[int, list[int]]]:
    """Which rows are the first of their content, and for each of those all rows with that content."""
    first_with: dict[tuple[int, str], int] = {}
    copies: dict[int, list[int]] = defaultdict(list)
    for row, content in enumerate(rows.contents):
        copies[row if content is None else first_with.setdefault(content, row)].append(row)
    first_of = np.zeros(len(rows), dtype=np.bool_)
    first_of[list(copies)] = True
    return first_of, copies


def _described(catalog: Catalog, rows: AlikeRows) -> Described:
    tinies = np.zeros((len(rows), TINY_SIDE, TINY_SIDE), dtype=np.uint8)
    ids, pictures = catalog.tinies(rows.ids.tolist())
    tinies[np.searchsorted(rows.ids, ids)] = pictures
    features = np.zeros((len(rows), 0), dtype=np.float16)
    for _, photo_ids, vectors in catalog.vector_chunks("feature"):
        if not features.shape[1]:
            features = np.zeros((len(rows), vectors.shape[1]), dtype=np.float16)
        wanted = np.isin(photo_ids, rows.ids)
        features[np.searchsorted(rows.ids, photo_ids[wanted])] = vectors[wanted]
    names = {name: number for number, name in enumerate(dict.fromkeys(rows.cameras))}
    cameras = np.array([names[name] for name in rows.cameras], dtype=np.int64)
    return Described(features, tinies, rows.moments, rows.timed, cameras)


def _suggested(
    catalog: Catalog, groups: Sequence[tuple[bool, list[int]]], contents: dict[int, tuple[int, str] | None]
) -> tuple[Group, ...]:
    ids = [photo_id for _, members in groups for photo_id in members]
    photos, measures = catalog.photos(ids), catalog.measures(ids)
    found = []
    for is_burst, members in groups:
        known = [photos[photo_id] for photo_id in members if photo_id in photos]
        if len(known) < 2:
            continue  # removed meanwhile
        kind = GroupKind.BURST if is_burst else _kind(contents[photo.id] for photo in known)
        ordered, reasons = best_first(kind, known, measures)
        found.append(Group(kind, tuple(ordered), reasons))
    return tuple(sorted(found, key=lambda group: (-group.bytes_beside, group.photos[0].id)))


def _kind(contents: Iterable[tuple[int, str] | None]) -> GroupKind:
    several = Counter(contents)
    return GroupKind.COPIES if len(several) == 1 and None not in several else GroupKind.SAME
