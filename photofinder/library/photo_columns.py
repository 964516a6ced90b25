"""What filters ask of photos, as columns in memory: a filter of 100,000 photos takes a millisecond or two."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from photofinder.library.filters import Facets, Filters, Orientation, plain, type_of

IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Paths = Callable[[], tuple[IntArray, bytes]]

ENDING = 5
"""Bytes of the end of a path that say which type of file it is."""
FORMS = (None, Orientation.LANDSCAPE, Orientation.PORTRAIT, Orientation.SQUARE)
"""By the lowest two bits of a mark; None where width and height are not known."""
FAVORITE, PLACED = 4, 8
"""Further bits of a mark."""

_FORM = 3
_FOLDERS = re.compile(rb"[^\0]*/")
_NO_MARK = ord("0")


@dataclass(slots=True, eq=False)
class PhotoColumns:
    """``n`` photos that may be shown; a photo takes 26 bytes here, and 4 and its name's more once folders and
    names were asked for.

    ``ids``, ascending, ``moments`` (seconds since 1970 on the wall clock) and ``roots``: (n,) int64. ``marks``: (n,)
    uint8, ``FORMS``, ``FAVORITE`` and ``PLACED``. ``camera_of`` (n,) int32 and ``type_of`` (n,) int8: places in
    ``cameras``, whose empty name is that of no camera, and in ``types``, keys of ``filters.TYPES`` or None. ``paths``
    reads ids and the paths of those photos from their roots, with a zero between them.
    """

    ids: IntArray
    moments: IntArray
    roots: IntArray
    marks: NDArray[np.uint8]
    camera_of: NDArray[np.int32]
    cameras: tuple[str, ...]
    type_of: NDArray[np.int8]
    types: tuple[str | None, ...]
    paths: Paths
    _folders: tuple[NDArray[np.int32], list[tuple[int, str]]] | None = field(default=None, init=False)
    _names: tuple[IntArray, str] | None = field(default=None, init=False)

    @classmethod
    def of(
        cls,
        numbers: tuple[IntArray, IntArray, IntArray],
        marks: str | None,
        cameras: str | None,
        endings: bytes | None,
        paths: Paths,
    ) -> PhotoColumns:
        """From columns as SQLite joins them; None for no photos.

        ``numbers``: ids, ascending, moments and roots. ``marks``: a character each, ``0`` for none. ``cameras``: lines.
        ``endings``: ``ENDING`` bytes each.
        """
        known: dict[str, int] = {}
        camera_of = [] if cameras is None else [known.setdefault(one, len(known)) for one in cameras.split("\n")]
        ends, end_of = np.unique(np.frombuffer(endings or b"", dtype=f"V{ENDING}"), return_inverse=True)
        kinds = [type_of(os.fsdecode(end.tobytes())) for end in ends]
        types = tuple(dict.fromkeys(kinds))
        type_of_end = np.array([types.index(kind) for kind in kinds], dtype=np.int8)
        return cls(
            *numbers,
            np.frombuffer((marks or "").encode("ascii"), dtype=np.uint8) - np.uint8(_NO_MARK),
            np.array(camera_of, dtype=np.int32),
            tuple(known),
            type_of_end[end_of],
            types,
            paths,
        )

    def passing(self, filters: Filters, root_names: Callable[[], Mapping[int, str]]) -> BoolArray:
        """Which photos pass what ``asks_columns`` names, (n,) bool.

        ``root_names``: what the roots are called, asked only when a folder's name is.
        """
        passes = np.ones(len(self.ids), dtype=np.bool_)
        if filters.folder_ids:
            passes &= np.isin(self.roots, filters.folder_ids)
        if filters.cameras:
            needles = [plain(name) for name in filters.cameras]
            like = [bool(camera) and any(needle in plain(camera) for needle in needles) for camera in self.cameras]
            passes &= np.array(like, dtype=np.bool_)[self.camera_of]
        if filters.types:
            passes &= np.array([kind in filters.types for kind in self.types], dtype=np.bool_)[self.type_of]
        if filters.orientation is not None:
            passes &= (self.marks & _FORM) == FORMS.index(filters.orientation)
        if filters.has_place is not None:
            passes &= ((self.marks & PLACED) != 0) == filters.has_place
        if filters.path_contains:
            passes &= self._in_folders(filters.path_contains, root_names())
        if filters.name_contains:
            passes &= self._named(filters.name_contains)
        return passes

    def facets(self, kinds: Mapping[str, int]) -> Facets:
        """What there is to filter by; ``kinds``: how many photos are of each kind."""
        cameras = Counter(dict(zip(self.cameras, np.bincount(self.camera_of).tolist(), strict=True)))
        types = Counter({kind: int(n) for kind, n in zip(self.types, np.bincount(self.type_of), strict=True) if kind})
        del cameras[""]
        years, in_year = np.unique(self.moments.astype("M8[s]").astype("M8[Y]").astype(np.int64), return_counts=True)
        forms = np.bincount(self.marks & _FORM, minlength=len(FORMS)).tolist()
        return Facets(
            photos=len(self.ids),
            cameras=tuple(sorted(cameras.items(), key=lambda one: (-one[1], one[0]))),
            types=tuple(sorted(types.items(), key=lambda one: (-one[1], one[0]))),
            years=tuple((int(year) + 1970, int(count)) for year, count in zip(years[::-1], in_year[::-1], strict=True)),
            orientations=tuple(
                (form, count) for form, count in zip(FORMS, forms, strict=True) if form is not None and count
            ),
            kinds=tuple((kind, count) for kind, count in kinds.items() if count),
            favorites=int(np.count_nonzero(self.marks & FAVORITE)),
            with_place=int(np.count_nonzero(self.marks & PLACED)),
        )

    def _in_folders(self, wanted: tuple[str, ...], root_names: Mapping[int, str]) -> BoolArray:
        if self._folders is None:
            self._folders = self._read_folders()
        folder_of, folders = self._folders
        needles = [plain(part).strip("/") for part in wanted]
        paths = [plain(f"{root_names.get(root, '')}/{folder}") for root, folder in folders]
        passes = np.array([all(needle in path for needle in needles) for path in paths], dtype=np.bool_)
        return np.where(folder_of >= 0, np.append(passes, False)[folder_of], False)

    def _read_folders(self) -> tuple[NDArray[np.int32], list[tuple[int, str]]]:
        """Of each photo its place in a list of (root, folder within); -1 for one that was removed meanwhile."""
        rows, joined = self._known_paths()
        known: dict[tuple[int, bytes], int] = {}
        folder_of = np.full(len(self.ids), -1, dtype=np.int32)
        if len(rows):
            folder_of[rows] = [
                known.setdefault((root, path.rpartition(b"/")[0]), len(known))
                for root, path in zip(self.roots[rows].tolist(), joined.split(b"\0"), strict=True)
            ]
        return folder_of, [(root, os.fsdecode(folder)) for root, folder in known]

    def _named(self, wanted: tuple[str, ...]) -> BoolArray:
        if self._names is None:
            rows, joined = self._known_paths()
            names = os.fsdecode(_FOLDERS.sub(b"", joined))
            # read as one text: no name contains a zero, and nothing that is compared becomes one
            self._names = (rows, plain(names))
        rows, text = self._names
        needles = [plain(part) for part in wanted]
        passes = np.zeros(len(self.ids), dtype=np.bool_)
        if len(rows):
            passes[rows] = [all(needle in name for needle in needles) for name in text.split("\0")]
        return passes

    def _known_paths(self) -> tuple[IntArray, bytes]:
        """Rows of these columns and their paths, with a zero between them; what was added meanwhile is left out."""
        ids, joined = self.paths()
        rows = np.minimum(np.searchsorted(self.ids, ids), len(self.ids) - 1)
        there = self.ids[rows] == ids
        if not there.all():
            joined = b"\0".join(path for path, known in zip(joined.split(b"\0"), there.tolist(), strict=True) if known)
        return rows[there], joined


def asks_columns(filters: Filters) -> bool:
    """Whether something is asked that ``PhotoColumns.passing`` tells."""
    return bool(
        filters.folder_ids
        or filters.cameras
        or filters.types
        or filters.orientation is not None
        or filters.has_place is not None
        or filters.path_contains
        or filters.name_contains
    )


def in_days(moments: IntArray, stretches: tuple[tuple[int, int, int, int], ...]) -> BoolArray:
    """Which ``moments`` (n,) lie in any of these stretches of any year (``Filters.month_days``)."""
    days = moments.astype("M8[s]").astype("M8[D]")
    months = days.astype("M8[M]")
    month_day = (months.astype(np.int64) % 12 + 1) * 100 + (days - months.astype("M8[D]")).astype(np.int64) + 1
    inside = np.zeros(len(moments), dtype=np.bool_)
    for month, first, last_month, last in stretches:
        start, end = month * 100 + first, last_month * 100 + last
        after, before = month_day >= start, month_day <= end
        inside |= (after & before) if start <= end else (after | before)
    return inside
