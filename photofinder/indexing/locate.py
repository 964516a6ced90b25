"""Look up where photos were taken: new ones, and those analysed before the program knew places."""

from __future__ import annotations

import logging
import zipfile
from collections.abc import Callable, Iterator

from photofinder.library.catalog import Catalog
from photofinder.library.gazetteer import Gazetteer

BATCH = 5_000
"""Photos of one transaction: some tenths of a second."""

_log = logging.getLogger(__name__)


class Locator:
    """Writes the places of photos that say their coordinates; opens the gazetteer when the first one waits."""

    def __init__(self, catalog: Catalog, open_gazetteer: Callable[[], Gazetteer] = Gazetteer.open) -> None:
        self._catalog = catalog
        self._open = open_gazetteer
        self._gazetteer: Gazetteer | None = None
        self._failed = False

    def waiting(self) -> Iterator[int]:
        """Write all that wait, a transaction at a time, and yield how many photos have a place now; closable.

        Photos that share a town share its row. Without a readable gazetteer nothing is written and photos have only
        their coordinates: the log says why. Raises what a changing method of ``Catalog`` raises.
        """
        while not self._failed and (photos := self._catalog.unlocated(BATCH)):
            gazetteer = self._opened()
            if gazetteer is None:
                return
            located = gazetteer.locate([one.lat for one in photos], [one.lon for one in photos])
            self._catalog.put_places([one.photo_id for one in photos], located)
            yield sum(bool(one.chain) for one in located)

    def _opened(self) -> Gazetteer | None:
        if self._gazetteer is None:
            try:
                self._gazetteer = self._open()
            except (OSError, ValueError, KeyError, zipfile.BadZipFile):
                _log.exception("the towns that ship with the program cannot be read")
                self._failed = True
        return self._gazetteer
