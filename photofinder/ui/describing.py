"""Which descriptor lane ``index`` computes after each analysis, and whether the person let it rest."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from photofinder.indexing import DescribeSummary, Embedded, describe_photos
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.model.descriptor_weights import is_ready
from photofinder.model.descriptors import Comparison, Descriptor
from photofinder.paths import DataPaths
from photofinder.search.described import Described
from photofinder.ui.model_source import ModelSource


class Describing:
    """``chosen`` is set by the GUI thread; the lane does the rest."""

    def __init__(self, paths: DataPaths, models: ModelSource) -> None:
        self._paths = paths
        self._models = models
        self.chosen: Descriptor | None = None
        self.running = False
        self.resting = False
        """The person stopped it: new photos are analysed all the same, and it waits until they start it again."""

    @property
    def wanted(self) -> Descriptor | None:
        """The descriptor to compute now, if there is one and its weights are here."""
        chosen = None if self.resting else self.chosen
        return chosen if chosen is not None and is_ready(self._paths, chosen) else None

    def events(
        self, descriptor: Descriptor, catalog: Catalog, decoder: Decoder
    ) -> Generator[Embedded, None, DescribeSummary]:
        """What ``describe_photos`` tells; at the end the vectors are kept to be mapped."""
        self.running = True
        try:
            network = partial(self._models.describe, descriptor)
            summary = yield from describe_photos(catalog, descriptor, decoder=decoder, network=network)
        finally:
            self.running = False
        if summary.described:
            Described(Comparison(descriptor), catalog, self._paths.neighbors).keep()
        return summary

    def rest(self) -> None:
        """The person ends what runs; if that is this, it stays ended."""
        self.resting = self.resting or self.running
