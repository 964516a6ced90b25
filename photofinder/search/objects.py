"""«The same object»: from the local descriptors of an object to the photos that show that very thing.

Inverted lists of visual words say which photos are worth a look (TF-IDF, Sivic and Zisserman 2003); of the best, the
points are compared one by one, and only those count that one movement of the object explains (``geometry``).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters
from photofinder.model.keypoints import POINT, LocalFeatures, Vocabulary, unpacked
from photofinder.search import object_files
from photofinder.search.certainty import object_probability
from photofinder.search.geometry import Match, matched
from photofinder.search.object_lists import MOST_APART, ObjectLists, idf
from photofinder.search.results import Hit, ObjectSearch, SearchResult

CANDIDATES = 150
"""Photos whose points are compared; figures for other numbers are in ``docs/OBJECTS.md``."""
KEPT_FROM = 1_000
"""With fewer photos the lists are made from the catalogue in some tenths of a second, and no file is written."""
MOST_IN_MEMORY = 10_000
"""Photos newer than the file; with more of them the file is written before the search, some hundred at a time."""
_STALE_SHARE = 10
"""When more than one photo in so many is newer than the file, it is written anew."""


class ObjectEngine:
    """Searches the points of one catalogue. Belongs to one thread, and so does its catalogue connection."""

    def __init__(self, catalog: Catalog, vocabulary: Vocabulary, directory: Path | None = None) -> None:
        """``directory``: where the file of lists is kept; None makes them in memory."""
        self._catalog = catalog
        self._vocabulary = vocabulary
        self._directory = directory
        self._version = -1
        self._kept: ObjectLists | None = None
        self._looked_for_file = False
        self._newer: ObjectLists | None = None
        self._weights = np.empty(0, dtype=np.float32)
        self._current: dict[int, int] = {}
        self._counted = (0, 0)
        self._shown: NDArray[np.int64] = np.empty(0, dtype=np.int64)

    def search(
        self, features: LocalFeatures, *, filters: Sequence[Filters] = (), excluded: Sequence[int] = ()
    ) -> SearchResult:
        """The photos that show the same object, most points first, then by id; what shares too few comes last.

        The score of a hit is its number of points. ``excluded``: ids that are not to be found, as that of the photo
        the object was marked on.
        """
        found = self.find(features, filters=filters, excluded=excluded)
        places = self._catalog.places(found)
        online = {folder.id: folder.online for folder in self._catalog.folders()}
        hits = [
            Hit(photo_id, path, float(points), object_probability(points), not online.get(root, False), points=points)
            for photo_id, (root, path) in places.items()
            for points in (found[photo_id].points,)
        ]
        hits.sort(key=lambda hit: (-hit.score, hit.photo_id))
        prepared, waiting = self._counted
        return SearchResult(tuple(hits), objects=ObjectSearch(len(features), prepared, waiting))

    def find(
        self, features: LocalFeatures, *, filters: Sequence[Filters] = (), excluded: Sequence[int] = ()
    ) -> dict[int, Match]:
        """The photos that share points with the object, by id: those that may be shown and pass all ``filters``.

        None of them need show it: how many points are enough is said by ``certainty.OBJECTS``.
        """
        self._follow()
        if not len(features):
            return {}
        asked = self._vocabulary.asked(features)
        allowed = self._shown
        for one in filters:
            allowed = np.intersect1d(allowed, self._catalog.filtered_ids(one), assume_unique=True)
        allowed = np.setdiff1d(allowed, np.asarray(excluded, dtype=np.int64))
        candidates = self._candidates(asked, allowed)
        stored = self._catalog.points_of(self._vocabulary.name, candidates)
        found = {}
        for photo_id in candidates:
            match = compare(asked, np.frombuffer(stored.get(photo_id, b""), dtype=POINT))
            if match.points:
                found[photo_id] = match
        return found

    def update_lists(self) -> bool:
        """Write the file of lists if there are enough photos and it is missing or stale; whether it was written."""
        if self._directory is None:
            return False
        current = self._catalog.point_revisions(self._vocabulary.name)
        self._look_for_file(current)
        newer = self._newer_than_file(current)
        if len(current) < KEPT_FROM or newer * _STALE_SHARE < len(current):
            return False
        return self._write(self._directory)

    def _write(self, directory: Path) -> bool:
        self._kept = self._newer = None  # Windows cannot delete a file that is mapped
        self._version = -1
        self._looked_for_file = False
        return object_files.write(directory, self._vocabulary, self._catalog)

    def _follow(self) -> None:
        """Bring lists and the photos that may be shown up to this moment."""
        version = self._catalog.data_version()
        if version == self._version:
            return
        before = self._newer
        current = self._catalog.point_revisions(self._vocabulary.name)
        if self._newer is None or current != self._current:
            self._look_for_file(current)
            if self._directory is not None and self._newer_than_file(current) > MOST_IN_MEMORY:
                self._write(self._directory)  # else the lists of a whole library would be made in memory
                self._look_for_file(current)
            self._newer = self._read(self._kept_to)
        self._current = current
        if self._newer is not before:
            lists = [one for one in (self._kept, self._newer) if one is not None]
            self._weights = idf(len(self._vocabulary), sum(len(one) for one in lists), lists)
        self._shown = self._catalog.searchable_ids()
        self._counted = self._catalog.count_points(self._vocabulary.name)
        self._version = version

    @property
    def _kept_to(self) -> int:
        """The newest revision in the file; 0 without one."""
        return 0 if self._kept is None else int(self._kept.revisions[-1])

    def _look_for_file(self, current: dict[int, int]) -> None:
        """Use the newest file, the first time and whenever so much is newer that another one may have been written."""
        newer = self._newer_than_file(current)
        if self._directory is None or (self._looked_for_file and newer * _STALE_SHARE < len(current)):
            return
        self._looked_for_file = True
        found = object_files.open_newest(self._directory, self._vocabulary, self._catalog)
        if found is not None:
            self._kept = found

    def _newer_than_file(self, current: dict[int, int]) -> int:
        return sum(revision > self._kept_to for revision in current.values())

    def _read(self, after: int) -> ObjectLists:
        rows = [row for chunk in self._catalog.point_chunks(self._vocabulary.name, after) for row in chunk]
        return ObjectLists.of(
            len(self._vocabulary),
            [row[1] for row in rows],
            [row[0] for row in rows],
            [np.frombuffer(row[2], dtype=POINT) for row in rows],
        )

    def _candidates(self, asked: NDArray[np.void], allowed: NDArray[np.int64]) -> list[int]:
        """Ids of the photos to compare, the most promising first."""
        ids, votes = [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.float32)]
        for lists in (self._kept, self._newer):
            if lists is None or not len(lists):
                continue
            total = lists.votes(asked, self._weights)
            total[~np.isin(lists.ids, allowed)] = 0
            best = np.argsort(-total, kind="stable")[: 2 * CANDIDATES]
            best = best[total[best] > 0]
            fresh = [row for row in best if self._current.get(int(lists.ids[row])) == int(lists.revisions[row])]
            ids.append(lists.ids[fresh])
            votes.append(total[fresh])
        every, scores = np.concatenate(ids), np.concatenate(votes)
        return [int(one) for one in every[np.lexsort((every, -scores))[:CANDIDATES]]]


def compare(asked: NDArray[np.void], kept: NDArray[np.void]) -> Match:
    """What of an object (``Vocabulary.asked``) is in a photo (its kept points); both are ordered by word."""
    first = np.searchsorted(kept["word"], asked["word"], "left")
    counts = np.searchsorted(kept["word"], asked["word"], "right") - first
    ours = np.repeat(np.arange(len(asked)), counts)
    theirs = np.arange(len(ours)) - np.repeat(counts.cumsum() - counts, counts) + np.repeat(first, counts)
    apart = np.bitwise_count(asked["signature"][ours] ^ kept["signature"][theirs])
    near = apart <= MOST_APART
    ours, theirs = ours[near], theirs[near]
    return matched(unpacked(asked[ours]), unpacked(kept[theirs]), apart[near])
