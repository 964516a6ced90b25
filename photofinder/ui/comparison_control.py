"""Joins the page «Parecidos» with the lanes: what is chosen there is fetched, computed, compared by and removed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Slot

from photofinder.consent import Consent
from photofinder.model.descriptors import Comparison, Descriptor, comparison
from photofinder.settings import Settings
from photofinder.ui.descriptor_lane import DescriptorLane, Fetched
from photofinder.ui.index_events import DescriptorForgotten, Phase, Progress
from photofinder.ui.index_lane import IndexLane
from photofinder.ui.search_lane import SearchLane
from photofinder.ui.similar_page import SimilarPage


class ComparisonControl(QObject):
    """Lives as long as the window; the page is there while the settings are open."""

    def __init__(self, lane: DescriptorLane, index: IndexLane, search: SearchLane, parent: QObject) -> None:
        super().__init__(parent)
        self._lane = lane
        self._index = index
        self._search = search
        self._page: SimilarPage | None = None
        self._chosen: Comparison | None = None
        self._applied = False
        self._serial = 0
        """Of the fetch that goes on; it does when the settings are closed, too."""

    def attend(self, page: SimilarPage) -> None:
        """The settings were opened."""
        self._page = page
        page.destroyed.connect(self._forget)
        page.fetch_wanted.connect(self._fetch)
        page.end_wanted.connect(self._end_fetch)
        page.removal_wanted.connect(self._index.forget_descriptor)
        if self._serial:
            page.follow(self._serial)
        self._lane.look()

    def apply(self, settings: Settings) -> None:
        """Compare by what is chosen from now on."""
        chosen = comparison(settings.descriptor, settings.distance)
        first, self._applied = not self._applied, True
        if chosen == self._chosen:
            return
        before, self._chosen = self._chosen, chosen
        self._search.compare_by(chosen)
        self._index.describing.chosen = None if chosen is None else chosen.descriptor
        is_other = chosen is not None and (before is None or before.descriptor != chosen.descriptor)
        if is_other and not first:  # when the window opens, the first analysis is followed by it
            self._index.describe()

    @Slot(object, object, object)
    def _fetch(self, descriptor: Descriptor, consent: Consent | None, own: Path | None) -> None:
        self._serial = self._lane.fetch(descriptor, consent, own)
        if self._page is not None:
            self._page.follow(self._serial)

    @Slot()
    def _end_fetch(self) -> None:
        self._serial = 0
        self._lane.end_fetch()

    @Slot(object)
    def take(self, event: object) -> None:
        """What the lane of the descriptors says."""
        if isinstance(event, DescriptorForgotten) and self._page is not None:
            self._lane.look()
        elif self._page is not None:
            self._page.take(event)
        if isinstance(event, Fetched) and event.serial == self._serial:
            self._serial = 0
        if isinstance(event, Fetched) and event.ready and self._index.describing.chosen == event.descriptor:
            self._index.describe()

    @Slot(object)
    def take_analysis(self, event: object) -> None:
        """When a descriptor was computed, or its computing was stopped, its state is another one."""
        ended = isinstance(event, Progress) and event.phase in (Phase.FINISHED, Phase.STOPPED) and event.describing
        if self._page is not None and ended:
            self._lane.look()

    @Slot()
    def _forget(self) -> None:
        self._page = None
