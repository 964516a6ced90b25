"""Albums in the catalogue: their tree, and the photos that a person said belong to one, or do not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from photofinder.errors import AlbumInItself, AlbumNameRefused, AlbumUnknown
from photofinder.library.catalog_vectors import VectorStore

LONGEST_NAME = 80
"""Of an album, in characters."""
SEPARATOR = "/"
"""Between the names of an album and those it lies in, as people write a place in the tree."""

_MARKS = "SELECT album_id, photo_id, verdict FROM album_photo"


@dataclass(frozen=True, slots=True)
class Album:
    """``parent_id``: the album that it lies in, None at the top. ``created``: ISO 8601 UTC."""

    id: int
    name: str
    parent_id: int | None
    created: str


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person said of photos of one album, ids in the order they were marked: in it, or surely not in it."""

    yes: tuple[int, ...] = ()
    no: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RemovedAlbums:
    """What ``remove_album`` took away, enough for ``restore_albums``; the album itself comes first."""

    albums: tuple[Album, ...]
    marks: tuple[tuple[int, int, bool], ...]
    """Album, photo, whether it belongs."""


class AlbumStore(VectorStore):
    """The part of the catalogue that people fill themselves. Marks hang on photo ids: a moved photo keeps them."""

    def albums(self) -> list[Album]:
        """All albums, by name; those that lie in others among them."""
        rows = self._database.rows("SELECT id, name, parent_id, created FROM album")
        return sorted((Album(*row) for row in rows), key=lambda album: (album.name.casefold(), album.id))

    def add_album(self, name: str, parent_id: int | None = None) -> Album:
        """Make an album. Raises ``AlbumNameRefused``, or ``AlbumUnknown`` when the parent is gone."""
        name = tidy_name(name)
        created = datetime.now(UTC).isoformat(timespec="seconds")
        with self._database.transaction():
            self._check_parent(parent_id)
            self._check_free(name, parent_id, None)
            album_id = self._database.insert(
                "INSERT INTO album (name, parent_id, created) VALUES (?, ?, ?)", [name, parent_id, created]
            )
        return Album(album_id, name, parent_id, created)

    def rename_album(self, album_id: int, name: str) -> None:
        """Call an album otherwise. Raises ``AlbumNameRefused`` or ``AlbumUnknown``."""
        name = tidy_name(name)
        with self._database.transaction():
            album = self._album(album_id)
            self._check_free(name, album.parent_id, album_id)
            self._database.rows("UPDATE album SET name = ? WHERE id = ?", [name, album_id])

    def move_album(self, album_id: int, parent_id: int | None) -> None:
        """Put an album into another one, or to the top.

        Raises ``AlbumInItself``, ``AlbumNameRefused`` or ``AlbumUnknown``.
        """
        with self._database.transaction():
            album = self._album(album_id)
            self._check_parent(parent_id)
            if parent_id in self._branch(album_id):
                raise AlbumInItself(album.name)
            self._check_free(album.name, parent_id, album_id)
            self._database.rows("UPDATE album SET parent_id = ? WHERE id = ?", [parent_id, album_id])

    def remove_album(self, album_id: int) -> RemovedAlbums:
        """Forget an album with those that lie in it; no photo is touched. Raises ``AlbumUnknown``."""
        with self._database.transaction():
            self._album(album_id)
            branch = self._branch(album_id)
            known = {album.id: album for album in self.albums()}
            rows = self._database.rows(
                f"{_MARKS} WHERE album_id IN (SELECT value FROM json_each(?)) ORDER BY id", [json.dumps(branch)]
            )
            self._database.rows("DELETE FROM album WHERE id = ?", [album_id])
        marks = tuple((album, photo, bool(verdict)) for album, photo, verdict in rows)
        return RemovedAlbums(tuple(known[one] for one in branch), marks)

    def restore_albums(self, removed: RemovedAlbums) -> None:
        """Undo ``remove_album``; an album whose parent is gone comes to the top.

        Raises ``AlbumNameRefused`` when the name is taken meanwhile.
        """
        with self._database.transaction():
            first = removed.albums[0]
            known = {album.id for album in self.albums()}
            parent_id = first.parent_id if first.parent_id in known else None
            self._check_free(first.name, parent_id, first.id)
            for album in removed.albums:
                self._database.rows(
                    "INSERT OR IGNORE INTO album (id, name, parent_id, created) VALUES (?, ?, ?, ?)",
                    [album.id, album.name, parent_id if album is first else album.parent_id, album.created],
                )
            for album_id, photo_id, belongs in removed.marks:
                self._mark(album_id, [photo_id], belongs)

    def mark_photos(self, album_id: int, photo_ids: Iterable[int], belongs: bool | None) -> dict[int, bool | None]:
        """Say that photos belong to an album, surely do not, or (None) that nothing is said of them any more.

        Returns what was said of each before, to be undone with. Unknown photos are ignored. Raises ``AlbumUnknown``.
        """
        wanted = list(dict.fromkeys(int(photo_id) for photo_id in photo_ids))
        with self._database.transaction():
            self._album(album_id)
            said = self._database.rows(
                "SELECT photo_id, verdict FROM album_photo"
                " WHERE album_id = ? AND photo_id IN (SELECT value FROM json_each(?))",
                [album_id, json.dumps(wanted)],
            )
            known = self._database.rows(
                "SELECT id FROM photo WHERE id IN (SELECT value FROM json_each(?))", [json.dumps(wanted)]
            )
            before: dict[int, bool | None] = dict.fromkeys(photo_id for (photo_id,) in known)
            before |= {photo_id: bool(verdict) for photo_id, verdict in said}
            if belongs is None:
                self._database.rows(
                    "DELETE FROM album_photo WHERE album_id = ? AND photo_id IN (SELECT value FROM json_each(?))",
                    [album_id, json.dumps(wanted)],
                )
            else:
                self._mark(album_id, [photo_id for photo_id in wanted if before.get(photo_id) is not belongs], belongs)
        return {photo_id: before[photo_id] for photo_id in wanted if photo_id in before}

    def restore_marks(self, album_id: int, before: Mapping[int, bool | None]) -> None:
        """Undo ``mark_photos`` with what it returned. Raises ``AlbumUnknown``."""
        with self._database.transaction():
            for said in (True, False, None):
                photo_ids = [photo_id for photo_id, verdict in before.items() if verdict is said]
                if photo_ids:
                    self.mark_photos(album_id, photo_ids, said)

    def album_marks(self) -> dict[int, Marks]:
        """What was said of each album's photos; photos that are missing now are among them, albums without any not."""
        found: dict[int, tuple[list[int], list[int]]] = {}
        for album_id, photo_id, verdict in self._database.rows(f"{_MARKS} ORDER BY id"):
            yes, no = found.setdefault(album_id, ([], []))
            (yes if verdict else no).append(photo_id)
        return {album_id: Marks(tuple(yes), tuple(no)) for album_id, (yes, no) in found.items()}

    def _mark(self, album_id: int, photo_ids: Iterable[int], belongs: bool) -> None:
        """A row that changes is written anew, so that rows are in the order of the last word."""
        self._database.many(
            "INSERT OR REPLACE INTO album_photo (album_id, photo_id, verdict) SELECT ?, id, ? FROM photo WHERE id = ?",
            [(album_id, int(belongs), photo_id) for photo_id in photo_ids],
        )

    def _album(self, album_id: int) -> Album:
        rows = self._database.rows("SELECT id, name, parent_id, created FROM album WHERE id = ?", [album_id])
        if not rows:
            raise AlbumUnknown("", tuple(album.name for album in self.albums()))
        return Album(*rows[0])

    def _branch(self, album_id: int) -> list[int]:
        """An album and all that lie in it, each after the one that it lies in."""
        rows = self._database.rows(
            "WITH RECURSIVE branch (id, depth) AS (VALUES (?, 0)"
            " UNION ALL SELECT album.id, depth + 1 FROM album JOIN branch ON album.parent_id = branch.id)"
            " SELECT id FROM branch ORDER BY depth, id",
            [album_id],
        )
        return [one for (one,) in rows]

    def _check_parent(self, parent_id: int | None) -> None:
        if parent_id is not None:
            self._album(parent_id)

    def _check_free(self, name: str, parent_id: int | None, except_id: int | None) -> None:
        for album in self.albums():
            if album.parent_id == parent_id and album.id != except_id and album.name.casefold() == name.casefold():
                raise AlbumNameRefused(name, "taken")


def tidy_name(name: str) -> str:
    """The name of an album without needless blanks. Raises ``AlbumNameRefused``."""
    tidy = " ".join(name.split())
    if not tidy:
        raise AlbumNameRefused(name, "empty")
    if len(tidy) > LONGEST_NAME:
        raise AlbumNameRefused(tidy, "long")
    if SEPARATOR in tidy or not tidy.isprintable():
        raise AlbumNameRefused(tidy, "characters")
    return tidy
