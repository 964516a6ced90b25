"""Makes photos ready for «the same object»: a later, slower pass over those that are analysed already.

Never part of the analysis: it takes several times as long, and most searches do without it. The thumbnails hold all
that is needed, so that photos are not opened again where the cache has them, and a drive may be away.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_points import WaitingPhoto
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.keypoints import SIDE, Vocabulary, local_features

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder

    _Looked = tuple[bytes | None, bytes | None]

_BATCH = 16
_PACE_BATCHES = 20
_LASTING = frozenset(
    (
        FailureReason.EMPTY, FailureReason.NOT_AN_IMAGE, FailureReason.DAMAGED, FailureReason.TOO_LARGE,
        FailureReason.TOO_SLOW, FailureReason.DECODER_CRASHED,
    )
)  # fmt: skip
"""Such a photo counts as one without points until it changes; others are looked at again the next time."""


@dataclass(frozen=True, slots=True)
class ObjectsPrepared:
    """A batch is committed and can be found from now on. ``failed`` of ``done`` could not be read."""

    done: int
    total: int
    failed: int
    photos_per_second: float
    seconds_left: float | None


def prepare_objects(
    catalog: Catalog,
    vocabulary: Vocabulary,
    decoder: Decoder,
    thumbnails: ThumbnailCache | None = None,
    *,
    threads: int = 1,
) -> Generator[ObjectsPrepared, None, ObjectsPrepared]:
    """Take the points of all photos that wait for it, newest first; the last state is returned.

    Close it at any moment: what was committed stays, and the next call goes on from there. Photos of a folder that is
    away, without a thumbnail, are left for another time. Raises ``DecoderUnavailable``, ``DiskFull``,
    ``CatalogInUse``, ``CatalogDamaged`` and ``DataFolderUnwritable``.
    """
    catalog.share_points(vocabulary.name)
    waiting = catalog.waiting_for_points(vocabulary.name)
    online = {folder.id for folder in catalog.folders() if folder.online}
    state = ObjectsPrepared(0, len(waiting), 0, 0.0, None)
    pace: deque[tuple[int, float]] = deque(maxlen=_PACE_BATCHES)
    batch: list[tuple[WaitingPhoto, _Looked]] = []
    stream = _look_at_all(waiting, online, vocabulary, decoder, thumbnails, threads)
    try:
        since = time.monotonic()
        for one in stream:
            batch.append(one)
            if len(batch) < _BATCH and state.done + len(batch) < len(waiting):
                continue
            _commit(catalog, vocabulary, thumbnails, batch)
            pace.append((len(batch), time.monotonic() - since))
            rate = sum(photos for photos, _ in pace) / max(1e-6, sum(seconds for _, seconds in pace))
            done = state.done + len(batch)
            failed = state.failed + sum(points is None for _, (points, _) in batch)
            state = ObjectsPrepared(done, len(waiting), failed, rate, (len(waiting) - done) / rate)
            batch = []
            yield state
            since = time.monotonic()
    finally:
        stream.close()
    catalog.share_points(vocabulary.name)  # copies of what was looked at just now
    return state


def _look_at_all(
    waiting: list[WaitingPhoto],
    online: set[int],
    vocabulary: Vocabulary,
    decoder: Decoder,
    thumbnails: ThumbnailCache | None,
    threads: int,
) -> Generator[tuple[WaitingPhoto, _Looked], None, None]:
    """Each photo with its points (None: unreadable now) and a new thumbnail, if one was made; in order."""

    def look(photo: WaitingPhoto, thumbnail: bytes | None) -> _Looked:
        made = None
        try:
            if thumbnail is not None:
                pixels = decoder.decode_bytes(thumbnail, SIDE, photo.path).pixels
            elif photo.folder_id not in online:
                return None, None
            else:
                decoded = decoder.decode(photo.path, SIDE)
                pixels, made = decoded.pixels, decoded.thumbnail
        except PhotoUnreadable as error:
            if thumbnail is not None and photo.folder_id in online:  # a damaged cache: the file itself is there
                return look(photo, None)
            return (b"" if error.reason in _LASTING and thumbnail is None else None), None
        return vocabulary.points(local_features(pixels)).tobytes(), made

    with ThreadPoolExecutor(threads, thread_name_prefix="objects") as pool:
        pending: deque[tuple[WaitingPhoto, Future[_Looked]]] = deque()
        try:
            for photo, thumbnail in _with_thumbnails(waiting, thumbnails):
                pending.append((photo, pool.submit(look, photo, thumbnail)))
                if len(pending) > 2 * threads:
                    first, looked = pending.popleft()
                    yield first, looked.result()
            while pending:
                first, looked = pending.popleft()
                yield first, looked.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _with_thumbnails(
    waiting: list[WaitingPhoto], thumbnails: ThumbnailCache | None
) -> Iterator[tuple[WaitingPhoto, bytes | None]]:
    for photo in waiting:
        yield photo, None if thumbnails is None else thumbnails.get(photo.photo_id, photo.mtime_ns)


def _commit(
    catalog: Catalog,
    vocabulary: Vocabulary,
    thumbnails: ThumbnailCache | None,
    batch: list[tuple[WaitingPhoto, _Looked]],
) -> None:
    rows = [(photo.photo_id, photo.content_hash, points) for photo, (points, _) in batch if points is not None]
    catalog.put_points(vocabulary.name, rows)
    if thumbnails is not None:
        thumbnails.put_many([(photo.photo_id, photo.mtime_ns, made) for photo, (_, made) in batch if made is not None])
