"""What the catalogue knows of each folder: how many photos, and what is to be left out."""

from __future__ import annotations

import os
from collections.abc import Iterable

from photofinder.library.catalog_rows import Counts
from photofinder.library.catalog_vectors import HAS_VECTORS, KINDS, VectorStore
from photofinder.library.excludes import patterns_of

_HIDDEN = "missing_since IS NOT NULL OR error IS NOT NULL"
"""As the index ``photo_hidden`` says it."""


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
        """How many photos there are in each root. Where all are analysed, as mostly, only indexes are read."""
        totals = self._database.rows("SELECT folder_id, count(*) FROM photo GROUP BY folder_id")
        hidden = {
            row[0]: row[1:]
            for row in self._database.rows(
                "SELECT +folder_id, count(missing_since), count(CASE WHEN missing_since IS NULL THEN error END)"
                f" FROM photo WHERE {_HIDDEN} GROUP BY +folder_id"  # the sign: by the index of the condition
            )
        }
        shown = {folder_id: total - sum(hidden.get(folder_id, (0, 0))) for folder_id, total in totals}
        analysed = shown if self._all_have_vectors(sum(shown.values())) else self._analysed_by_folder()
        counts = {}
        for folder_id, total in totals:
            missing, failed = hidden.get(folder_id, (0, 0))
            counts[folder_id] = Counts(total - missing, analysed.get(folder_id, 0), failed, missing)
        return counts

    def _all_have_vectors(self, shown: int) -> bool:
        """Whether each of the ``shown`` photos has every vector: those of hidden photos are taken off all there are.

        Of 100,000 photos 10 ms; to look for the vectors of each takes 80, and from a cold disk 400.
        """
        pack_id, _ = self._pack()
        for kind in KINDS:
            ((there,),) = self._database.rows(
                "SELECT count(*) FROM vector WHERE pack_id = ? AND kind = ?", [pack_id, kind]
            )
            ((beside,),) = self._database.rows(
                f"SELECT count(*) FROM photo WHERE ({_HIDDEN}) AND EXISTS"
                " (SELECT 1 FROM vector WHERE photo_id = photo.id AND pack_id = ? AND kind = ?)",
                [pack_id, kind],
            )
            if there - beside != shown:
                return False
        return True

    def _analysed_by_folder(self) -> dict[int, int]:
        pack_id, _ = self._pack()
        rows = self._database.rows(
            f"SELECT folder_id, count(*) FROM photo WHERE NOT ({_HIDDEN}) AND {HAS_VECTORS} GROUP BY folder_id",
            [pack_id] * len(KINDS),
        )
        return dict(rows)

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
