"""What the catalogue knows of each folder: how many photos, and what is to be left out."""

from __future__ import annotations

import os
from collections.abc import Iterable

from photofinder.library.catalog_rows import Counts
from photofinder.library.catalog_vectors import HAS_VECTORS, KINDS, VectorStore
from photofinder.library.excludes import patterns_of


class FolderStore(VectorStore):
    """The part of the catalogue that is about its roots."""

    def set_exclude(self, folder_id: int, patterns: Iterable[str]) -> None:
        """Leave out of a root what these patterns say (``excludes.Excludes``), from its next analysis on.

        What is in the catalogue and newly left out then counts as missing: it is not shown, but kept with its
        vectors until the pattern is taken back.
        """
        stored = "\n".join(patterns_of("\n".join(patterns)))
        self._database.rows("UPDATE folder SET exclude = ? WHERE id = ?", [stored, folder_id])

    def counts_by_folder(self) -> dict[int, Counts]:
        """How many photos there are in each root; one query."""
        pack_id, _ = self._pack()
        rows = self._database.rows(
            "SELECT folder_id, count(*), count(missing_since), count(CASE WHEN missing_since IS NULL THEN error END),"
            f" count(CASE WHEN missing_since IS NULL AND error IS NULL AND {HAS_VECTORS} THEN 1 END) FROM photo"
            " GROUP BY folder_id",
            [pack_id] * len(KINDS),
        )
        return {
            folder_id: Counts(photos=total - missing, analysed=analysed, failed=failed, missing=missing)
            for folder_id, total, missing, failed, analysed in rows
        }

    def rel_paths(self, folder_id: int) -> list[tuple[str, bool]]:
        """Every path the catalogue knows in a root, and whether it is missing (deleted or left out)."""
        rows = self._database.rows(
            "SELECT rel_path, missing_since IS NOT NULL FROM photo WHERE folder_id = ?", [folder_id]
        )
        return [(os.fsdecode(rel), bool(missing)) for rel, missing in rows]

    def photo_id(self, folder_id: int, rel_path: str) -> int | None:
        """The id of a file of a root, when the catalogue knows it."""
        rows = self._database.rows(
            "SELECT id FROM photo WHERE folder_id = ? AND rel_path = ?", [folder_id, os.fsencode(rel_path)]
        )
        return int(rows[0][0]) if rows else None
