"""A damaged catalogue, in the window: recovered at the start by itself, later when the person says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QObject, Signal, Slot

from photofinder.errors import CatalogDamaged, PhotoFinderError
from photofinder.library.catalog_salvage import Rescued, rescue
from photofinder.paths import DataPaths
from photofinder.ui.jobs import Dispatcher
from photofinder.ui.notice_bar import NoticeBar


@dataclass(frozen=True, slots=True)
class CatalogRescued:
    """A damaged catalogue was set aside, and another one is in its place."""

    found: Rescued


def open_or_mend(
    paths: DataPaths,
    dispatcher: Dispatcher,
    steps: Sequence[Callable[[], object]],
    close: Callable[[], None],
    *,
    mend: bool = False,
) -> None:
    """In a lane, before any other has opened the catalogue: do the ``steps`` that open it, recovering it if it must be.

    ``mend``: it was damaged when the last session ended. Raises what ``steps`` and ``rescue`` raise.
    """
    if not mend:
        try:
            for step in steps:
                step()
        except CatalogDamaged as error:
            if error.why:
                raise
            close()
        else:
            return
    dispatcher.post("library", CatalogRescued(rescue(paths.catalog, date.today())))
    for step in steps:
        step()


class DamageCare(QObject):
    """Offers to recover the catalogue when it turns out to be damaged while the window is open.

    That takes a new session: no lane may have the file open.
    """

    mend_wanted = Signal()

    def __init__(self, dispatcher: Dispatcher, notice: NoticeBar, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        for signal in (dispatcher.library, dispatcher.answer, dispatcher.analysis, dispatcher.photos):
            signal.connect(self.take)

    @Slot(object)
    def take(self, answer: object) -> None:
        """Any answer of a lane; those that carry such an error are of interest."""
        error: PhotoFinderError | OSError | None = getattr(answer, "error", None)
        if isinstance(error, CatalogDamaged) and not error.why and not getattr(answer, "fatal", False):
            self._notice.say(
                self.tr(
                    "El catálogo está dañado; PhotoFinder puede guardarlo aparte, recuperar lo que se lee y analizar"
                    " otra vez el resto, sin tocar tus fotos."
                ),
                warning=True,
                action=self.tr("Recuperar ahora"),
                do=self.mend_wanted.emit,
            )
