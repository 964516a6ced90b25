"""Giving analysed photos the vectors of a descriptor: decode, compute and commit, batch by batch."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PhotoUnreadable
from photofinder.indexing.events import Embedded
from photofinder.indexing.pace import Pace
from photofinder.library.answering import DRIVES
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.catalog_descriptors import DescribedPhoto, DescriptorStore
from photofinder.model.descriptor_weights import remove_weights
from photofinder.model.descriptors import Descriptor, sharing
from photofinder.model.official_fetch import our_disk
from photofinder.paths import DataPaths
from photofinder.search import vector_files

if TYPE_CHECKING:
    from pathlib import Path

    from photofinder.library.decoder import Decoder

Describe = Callable[[Sequence[NDArray[np.uint8]]], NDArray[np.float32]]
"""A ``model.torchvision_descriptors.DescriptorNetwork``, whose module is not imported here because it needs torch."""

_LOOKED_UP = 256


@dataclass(slots=True)
class DescribeSummary:
    """A finished run. ``described`` photos have a vector now, ``copied`` of them that of a photo with their content.

    ``left``: those without one still: their folder is away, they changed since they were analysed, or cannot be read.
    """

    described: int = 0
    copied: int = 0
    left: int = 0
    seconds: float = 0.0


def describe_photos(
    catalog: Catalog,
    descriptor: Descriptor,
    *,
    decoder: Decoder,
    network: Callable[[], Describe],
    batch_size: int = 16,
) -> Generator[Embedded, None, DescribeSummary]:
    """Give every analysed photo that lacks it the vector of ``descriptor``, the newest first.

    One transaction a batch; close the generator at any moment, and the next run goes on from there. A photo that is
    not as it was analysed is left for after its next analysis, one of a folder that is away for when it is back.
    ``network`` is called when the first photo is to be computed. Raises ``CatalogInUse``, ``CatalogDamaged``,
    ``DiskFull``, ``DataFolderUnwritable``, and what ``network`` raises.
    """
    with catalog.lock_for_indexing():
        store = catalog.descriptor(descriptor.name, descriptor.fingerprint, descriptor.dim)
        store.begin()
        run = _Run(catalog, store, decoder, network, batch_size)
        return (yield from run.all())


def forget_descriptor(paths: DataPaths, catalog: Catalog, descriptor: Descriptor) -> Generator[None, None, int]:
    """Delete a descriptor's vectors, some hundred a step, then its files; about how many bytes that made free.

    The weights stay when a model pack stands on them, or another descriptor for which vectors were computed. Close it
    at any moment; called again it goes on. Raises ``CatalogInUse``, ``DiskFull`` or ``DataFolderUnwritable``.
    """
    store = catalog.descriptor(descriptor.name, descriptor.fingerprint, descriptor.dim)
    freed = len(store.held()) * 2 * descriptor.dim
    while store.delete_some():
        yield
    vector_files.delete(paths.neighbors, descriptor.name)
    others = [one for one in sharing(descriptor) if one.name != descriptor.name]
    if not any(len(catalog.descriptor(one.name, one.fingerprint, one.dim).held()) for one in others):
        with our_disk(paths.weights):
            freed += remove_weights(paths, descriptor)
    return freed


class _Run:
    """One call of ``describe_photos``."""

    def __init__(
        self,
        catalog: Catalog,
        store: DescriptorStore,
        decoder: Decoder,
        network: Callable[[], Describe],
        batch_size: int,
    ) -> None:
        self._catalog = catalog
        self._store = store
        self._decoder = decoder
        self._load = network
        self._describe: Describe | None = None
        self._batch_size = batch_size
        self._in_flight: deque[Photo] = deque()
        self._pace = Pace()
        self._summary = DescribeSummary()
        self._done = 0
        self._total = 0

    def all(self) -> Generator[Embedded, None, DescribeSummary]:
        started = time.monotonic()
        folders = self._catalog.folders()
        photo_ids = self._store.lacking([folder.id for folder in folders if folder.online])
        self._total = len(photo_ids)
        copied = self._store.copy_from_twins(photo_ids)
        self._summary.copied = self._summary.described = self._done = len(copied)
        left = [photo_id for photo_id in photo_ids if photo_id not in copied]
        if left:
            yield self._event()
            yield from self._compute(left)
        self._summary.left = len(self._store.lacking([folder.id for folder in folders]))
        self._summary.seconds = time.monotonic() - started
        return self._summary

    def _compute(self, photo_ids: Sequence[int]) -> Generator[Embedded, None, None]:
        stream = self._decoder.decode_many(self._feed(photo_ids))
        photos: list[Photo] = []
        pixels: list[NDArray[np.uint8]] = []
        try:
            self._pace.restart()
            for outcome in stream:
                photo = self._in_flight.popleft()
                if isinstance(outcome, PhotoUnreadable):
                    self._done += 1
                    continue
                photos.append(photo)
                pixels.append(outcome.pixels)
                if len(photos) == self._batch_size:
                    yield self._commit(photos, pixels)
                    photos, pixels = [], []
            if photos:
                yield self._commit(photos, pixels)
        finally:
            if isinstance(stream, Generator):
                stream.close()  # now, not when it is collected: its processes are busy

    def _feed(self, photo_ids: Sequence[int]) -> Iterator[Path]:
        """The paths to decode, as far as the decoder looks ahead; their photos go to ``_in_flight``."""
        for start in range(0, len(photo_ids), _LOOKED_UP):
            known = self._catalog.photos(photo_ids[start : start + _LOOKED_UP])
            for photo_id in photo_ids[start : start + _LOOKED_UP]:
                photo = known.get(photo_id)
                if photo is not None and _is_as_analysed(photo):
                    self._in_flight.append(photo)
                    yield photo.path
                else:
                    self._done += 1

    def _commit(self, photos: Sequence[Photo], pixels: Sequence[NDArray[np.uint8]]) -> Embedded:
        if self._describe is None:
            started = time.monotonic()
            self._describe = self._load()
            self._pace.leave_out(time.monotonic() - started)
        vectors = self._describe(pixels)
        seen = [DescribedPhoto(photo.id, photo.size, photo.mtime_ns) for photo in photos]
        self._summary.described += self._store.put(seen, vectors)
        self._done += len(photos)
        self._pace.add(len(photos))
        event = self._event()
        self._pace.restart()
        return event

    def _event(self) -> Embedded:
        rate, left = self._pace.rate, self._total - self._done
        return Embedded(self._done, self._total, (), rate, left / rate if rate > 0 else None)


def _is_as_analysed(photo: Photo) -> bool:
    try:
        found = DRIVES.ask(photo.path.parent, photo.path.stat)
    except (OSError, ValueError):
        return False
    return (found.st_size, found.st_mtime_ns) == (photo.size, photo.mtime_ns)
