"""Looks of photos that were analysed before looks were kept, from their thumbnails: nothing is analysed again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photofinder.errors import PhotoUnreadable
from photofinder.library.catalog import Catalog, Photo
from photofinder.library.decoder import Decoder
from photofinder.library.look import Look
from photofinder.library.looks import look_at, look_at_thumbnail
from photofinder.library.photo_kinds import kinds_of
from photofinder.library.thumbnails import ThumbnailCache

_BATCH = 64


@dataclass(frozen=True, slots=True)
class Looking:
    """How many photos were looked at, of those whose look was not known."""

    done: int
    total: int


def look_at_missing(
    catalog: Catalog, thumbnails: ThumbnailCache | None, decoder: Decoder
) -> Generator[Looking, None, int]:
    """Look at every photo without a look and store it, a batch a transaction; returns how many there are now.

    The cached thumbnail is enough; a photo without one is decoded, and one that cannot be read now (its drive is away)
    is left for another time. ``catalog`` must be open for writing. Close the generator at any moment.
    """
    waiting = catalog.without_look()
    looked = 0
    for start in range(0, len(waiting), _BATCH):
        yield Looking(start, len(waiting))
        batch = waiting[start : start + _BATCH]
        known = catalog.photos(batch)
        found = list(_looks(list(known.values()), thumbnails, decoder))
        with catalog.transaction():
            existing = catalog.existing(photo_id for photo_id, _ in found)
            kept = [(photo_id, look) for photo_id, look in found if photo_id in existing]
            kinds = kinds_of([look.measures for _, look in kept], [known[photo_id].camera for photo_id, _ in kept])
            catalog.put_looks([photo_id for photo_id, _ in kept], [look for _, look in kept], kinds)
        looked += len(kept)
    return looked


def _looks(photos: Sequence[Photo], thumbnails: ThumbnailCache | None, decoder: Decoder) -> Iterator[tuple[int, Look]]:
    without: list[Photo] = []
    for photo in photos:
        data = None if thumbnails is None else thumbnails.get(photo.id, photo.mtime_ns)
        look = None if data is None else look_at_thumbnail(data)
        if look is None:
            without.append(photo)
        else:
            yield photo.id, look
    paths: list[Path] = [photo.path for photo in without]
    for photo, outcome in zip(without, decoder.decode_many(paths), strict=True):
        if not isinstance(outcome, PhotoUnreadable):
            yield photo.id, look_at(outcome.pixels)
