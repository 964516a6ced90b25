"""Albums over a catalogue: learn them from what is marked, and propose photos of the whole library.

A photo is its two vectors side by side, feature and embedding, each of unit length: that is better than either alone
(``docs/ALBUMS.md``). A score is one product with the mapped vectors of each kind. Nothing here imports torch, and
scikit-learn only where an album of three photos or more is learnt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.classifier import FloatArray, Learnt, Lesson, Method, learn
from photofinder.albums.likelihood import is_proposed, likelihoods
from photofinder.albums.tree import Branch, branches, placed
from photofinder.albums.views import views_of
from photofinder.errors import AlbumUnknown
from photofinder.library.catalog import KINDS, Catalog
from photofinder.model.pack import Pack
from photofinder.search.vectors import IntArray, VectorTable

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder
    from photofinder.search.engine import Visual

VIEWS = "views"
"""Kind of the vectors of a photo's views in the catalogue: all in one row, which goes when the photo's content does."""
LIBRARY_SAMPLE = 300
"""Photos of the library, drawn once, that stand for what is not in an album; of a small library half, because a photo
that belongs is pushed away when it is taken for one that does not."""
MOST_VIEWED = 40
"""Photos of an album of which views are made: with so many the album needs no more."""
DEFAULT_LIMIT = 60
_HALF, _MOST = 0.5, 0.75
"""As much like the album as this share of its own photos; among photos of a branch less speaks for an album in it."""
_GROWTH = 1.25
_DRAW = 20_140_623


@dataclass(frozen=True, slots=True)
class Proposal:
    """A photo that may belong: how likely (in [0, 1]), and to which album of the branch it is proposed."""

    photo_id: int
    probability: float
    album_id: int


@dataclass(frozen=True, slots=True)
class AlbumView:
    """What there is to say of one album.

    ``members``: photos of the album and those in it that may be shown, newest first. ``proposals``: best first.
    ``method`` is None, and nothing proposed, while no photo of it was analysed. ``precision``: see ``Learnt``.
    ``unviewed``: photos it could learn more from, once ``add_views`` was called for them.
    """

    branch: Branch
    members: tuple[int, ...]
    proposals: tuple[Proposal, ...]
    method: Method | None
    precision: float | None
    unviewed: tuple[int, ...]


class AlbumEngine:
    """Belongs to one thread, and so does its catalogue connection."""

    def __init__(
        self, catalog: Catalog, pack: Pack, neighbors_dir: Path | None = None, *, augment: bool = False
    ) -> None:
        """``neighbors_dir``: where mapped vectors are kept; None reads all from the catalogue.

        ``augment``: learn also from the views of photos that ``add_views`` made; they make proposals worse
        (``docs/ALBUMS.md``).
        """
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        self._catalog = catalog
        self._directory = neighbors_dir
        self._augment = augment
        self._fingerprint = pack.fingerprint
        self._dims = (pack.feature_dim, pack.embedding_dim)
        self._tables = tuple(VectorTable(kind, dim) for kind, dim in zip(KINDS, self._dims, strict=True))
        self._version: int | None = None
        self._branches_version: int | None = None
        self._branches: dict[int, Branch] = {}
        self._there: IntArray = np.empty(0, dtype=np.int64)
        self._shown: IntArray = np.empty(0, dtype=np.int64)
        self._shown_rows: tuple[IntArray, ...] = (self._shown, self._shown)
        self._sample: IntArray = np.empty(0, dtype=np.int64)
        self._drawn_from = 0
        self._learnt: dict[int, tuple[object, Learnt]] = {}
        self._scores: dict[int, FloatArray] = {}

    def branches(self) -> dict[int, Branch]:
        """Every album with those in it, siblings by name; as the catalogue is at this moment."""
        self._read_branches()
        return self._branches

    def rest(self) -> None:
        """After the questions: what is mapped from files need not stay in memory."""
        for table in self._tables:
            table.rest()

    def view(self, album_id: int, limit: int = DEFAULT_LIMIT) -> AlbumView:
        """An album's photos and at most ``limit`` proposals for it and the albums in it. Raises ``AlbumUnknown``."""
        self._follow()
        branch = self._branch(album_id)
        members = np.asarray(branch.yes, dtype=np.int64)
        members = members[np.isin(members, self._there)]
        newest = members[np.lexsort((members, self._catalog.moments(members)))][::-1].tolist()
        learnt = self._learn(branch)
        if learnt is None:
            return AlbumView(branch, tuple(newest), (), None, None, ())
        return AlbumView(
            branch,
            tuple(newest),
            self._proposals(branch, limit),
            learnt.method,
            learnt.precision,
            self.unviewed(album_id),
        )

    def count(self, album_id: int) -> tuple[int, int]:
        """How many photos an album shows, and how many more it would propose. Raises ``AlbumUnknown``."""
        self._follow()
        branch = self._branch(album_id)
        shown = int(np.isin(np.asarray(branch.yes, dtype=np.int64), self._there).sum())
        return shown, len(self._proposals(branch, DEFAULT_LIMIT))

    def unviewed(self, album_id: int) -> tuple[int, ...]:
        """Photos of an album, the last marked first, whose views are not in the catalogue yet."""
        self._follow()
        branch = self._branch(album_id)
        if len(branch.yes) < 2:
            return ()
        return tuple(photo for photo in branch.yes[::-1][:MOST_VIEWED] if self._catalog.vector(photo, VIEWS) is None)

    # Learning -----------------------------------------------------------------------------------------------------

    def _learn(self, branch: Branch) -> Learnt | None:
        """What an album looks like; None while there is nothing to learn it from. Kept until a mark changes."""
        outside = np.setdiff1d(self._sample, np.asarray([*branch.yes, *branch.no, *branch.rivals], dtype=np.int64))
        examples = [self._example(photo) for photo in branch.yes]
        yes = tuple(views for views in examples if views is not None)
        if not yes or not len(outside):
            return None
        key = (branch.yes, branch.no, branch.rivals, tuple(len(views) for views in yes))
        known = self._learnt.get(branch.album.id)
        if known is not None and known[0] == key:
            return known[1]
        wrong = self._vectors(self._rows([*branch.no, *branch.rivals[:LIBRARY_SAMPLE]]))
        learnt = learn(Lesson(yes, wrong, self._vectors(self._rows(outside))), seed=branch.album.id)
        self._learnt[branch.album.id] = (key, learnt)
        self._scores.pop(branch.album.id, None)
        return learnt

    def _example(self, photo_id: int) -> FloatArray | None:
        """A photo's own vector and those of its views, ``(views, d)``; None for one that is not analysed."""
        place = self._rows([photo_id])
        if not len(place):
            return None
        own = self._vectors(place)
        stored = self._catalog.vector(photo_id, VIEWS) if self._augment else None
        if stored is None or not len(stored) or len(stored) % sum(self._dims):
            return own
        return np.concatenate([own, stored.reshape(-1, sum(self._dims))])

    def _vectors(self, rows: IntArray) -> FloatArray:
        """Both vectors of table rows, side by side and of unit length: ``(n, d)``."""
        both = [table.take(table.rows_of(self._tables[0].ids[rows])) for table in self._tables]
        joined: FloatArray = np.concatenate(both, axis=1) * np.float32(np.sqrt(0.5))
        return joined

    def _rows(self, photo_ids: Iterable[int] | IntArray) -> IntArray:
        """Rows of the feature table of those photos that have both vectors, in order."""
        ids = np.asarray(list(photo_ids), dtype=np.int64)
        feature, embedding = self._tables
        rows, others = feature.rows_of(ids), embedding.rows_of(ids)
        there = (rows >= 0) & (others >= 0)
        there[there] = feature.usable[rows[there]] & embedding.usable[others[there]]
        return rows[there]

    # Proposing ----------------------------------------------------------------------------------------------------

    def _chances(self, branch: Branch, share: float) -> tuple[NDArray[np.float64], NDArray[np.bool_]] | None:
        """Of each shown photo, ``(shown,)``: how likely it belongs, and whether it is good enough to be proposed."""
        learnt = self._learn(branch)
        if learnt is None:
            return None
        scores = self._scores.get(branch.album.id)
        if scores is None:
            parts = np.split(learnt.direction * np.float32(np.sqrt(0.5)), [self._dims[0]])
            products = [
                table.cosines(part, rows)
                for table, part, rows in zip(self._tables, parts, self._shown_rows, strict=True)
            ]
            scores = self._scores[branch.album.id] = products[0] + products[1]
        good = is_proposed(learnt, scores, share)
        good &= ~np.isin(self._shown, np.asarray([*branch.no, *branch.yes], dtype=np.int64))
        return likelihoods(learnt, scores), good

    def _proposals(self, branch: Branch, limit: int) -> tuple[Proposal, ...]:
        own = self._chances(branch, _HALF)
        if own is None:
            return ()
        chances, good = own[0], np.flatnonzero(own[1])
        best = good[np.lexsort((self._shown[good], -chances[good]))][:limit]
        likely = {}
        waiting = list(branch.children)
        while waiting:
            child = self._branches[waiting.pop()]
            inside = self._chances(child, _MOST)
            if inside is not None:
                likely[child.album.id] = np.where(inside[1], inside[0], 0.0)[best]
            waiting += child.children
        places = placed(self._branches, branch.album.id, len(best), likely)
        return tuple(
            Proposal(int(photo), float(chance), int(place))
            for photo, chance, place in zip(self._shown[best], chances[best], places, strict=True)
        )

    # Following ----------------------------------------------------------------------------------------------------

    def _branch(self, album_id: int) -> Branch:
        if album_id not in self._branches:
            raise AlbumUnknown("", tuple(one.path for one in self._branches.values()))
        return self._branches[album_id]

    def _read_branches(self) -> None:
        """Bring albums and marks up to this moment; of the vectors nothing is read, for who has no album needs none."""
        version = self._catalog.data_version()
        if version != self._branches_version:
            self._branches = branches(self._catalog.albums(), self._catalog.album_marks())
            self._branches_version = version

    def _follow(self) -> None:
        """Bring albums, marks and vectors up to this moment."""
        self._read_branches()
        version = self._catalog.data_version()
        if version == self._version:
            return
        has_new = [table.follow(self._catalog, self._directory, self._fingerprint) for table in self._tables]
        self._there = self._catalog.searchable_ids()
        shown = self._tables[0].ids[self._rows(self._there)]
        if any(has_new) or not np.array_equal(shown, self._shown):
            self._shown = shown
            self._shown_rows = tuple(table.rows_of(shown) for table in self._tables)
            self._learnt.clear()
            self._scores.clear()
        if not self._drawn_from / _GROWTH <= len(shown) <= max(self._drawn_from, 1) * _GROWTH or not len(self._sample):
            rng = np.random.default_rng(_DRAW)
            self._sample = np.sort(rng.permutation(shown)[: min(LIBRARY_SAMPLE, -(-len(shown) // 2))])
            self._drawn_from = len(shown)
        self._version = version


def add_views(catalog: Catalog, photo_id: int, decoder: Decoder, visual: Visual) -> bool:
    """Make the views of one photo and keep their vectors in the catalogue; whether the photo could be read.

    ``catalog`` is a writer. The photo is decoded in the disposable process.
    """
    from photofinder.errors import PhotoUnreadable

    photo = catalog.photos([photo_id]).get(photo_id)
    if photo is None:
        return False
    try:
        pixels = decoder.decode(photo.path).pixels
    except PhotoUnreadable:
        return False
    vectors = visual(views_of(pixels))
    both = np.concatenate([vectors.features, vectors.embeddings], axis=1) * np.float32(np.sqrt(0.5))
    catalog.put_vectors(photo_id, VIEWS, both.reshape(-1))
    return True
