"""The second half of a run: decode, embed and commit, batch by batch."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from photofinder.cores import usable_cores
from photofinder.errors import FailureReason, PhotoOutOfReach, PhotoUnreadable
from photofinder.indexing.analyst import Analysed, Analyst, LocalAnalyst
from photofinder.indexing.events import (
    Embedded,
    Failed,
    FolderProgress,
    IndexEvent,
    IndexSummary,
    Placed,
    Scanned,
    Visual,
)
from photofinder.indexing.locate import Locator
from photofinder.indexing.pace import Pace
from photofinder.indexing.plan import Job, Plan, Root
from photofinder.library.answering import DRIVES, LOOK_S
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_rows import has_entries
from photofinder.library.photo_kinds import kind_model, kinds_of
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.search.kind_phrases import KindPhrases
from photofinder.search.vectors import FloatArray

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder
    from photofinder.library.images import DecodedPhoto
    from photofinder.model.pack import Pack

    _Outcome = tuple[Job, DecodedPhoto | Analysed | PhotoUnreadable]


def load_visual_lazily(pack: Pack) -> Visual:
    """The pack's CNN; torch is imported here and not before. Raises ``PackDamaged``."""
    from photofinder.model.visual import VisualNetwork

    return VisualNetwork(pack, threads=network_threads())


def network_threads() -> int:
    """The cores that the decoders leave to the network, at least one.

    Its threads wait for one another after each layer. Where a decoder keeps one of them from running, all wait: on two
    busy cores, one thread analysed 18 and 20 photos a second, two threads 13 and 15 (12 megapixels, two decoders).
    """
    from photofinder.library.decoder import default_workers

    return max(1, usable_cores() - default_workers())


def index_folders(
    catalog: Catalog,
    folders: Sequence[Path],
    pack: Pack,
    *,
    decoder: Decoder | None = None,
    thumbnails: ThumbnailCache | None = None,
    visual: Callable[[Pack], Visual] = load_visual_lazily,
    analyst: Analyst | None = None,
    batch_size: int = 32,
    retry_failed: bool | Collection[int] = False,
    exclude: Sequence[str] | None = None,
) -> Generator[IndexEvent, None, IndexSummary]:
    """Bring the catalogue up to date with ``folders``, which are added to it when they are new.

    Each photo gets the least work: an unchanged one none, a moved one or a copy keeps or shares its vectors, the
    others are decoded and embedded, newest first. One transaction a batch; close the generator at any moment and the
    next run goes on from there. Photos that failed and did not change are tried again only with ``retry_failed``: all
    of them, or those with the photo ids that it holds. What a folder's patterns leave out is not looked at, and is
    marked missing if it was known; ``exclude``, if given, replaces the patterns of all ``folders``.

    ``decoder`` and ``visual`` analyse on this machine, or else ``analyst`` does.

    A folder that cannot be reached, from the start or from some moment on, is reported in ``summary.offline`` and
    nothing of it is marked missing. An empty folder that had photos counts as unreachable: that is how the place of an
    unmounted drive looks. (With anything else in it, its photos were deleted.)

    Raises ``FolderUnavailable`` when none of the folders can be reached, ``FolderOverlap``, ``CatalogInUse``,
    ``CatalogDamaged``, ``DiskFull``, ``DataFolderUnwritable`` and ``PackDamaged``; what was committed stays.
    """
    with catalog.lock_for_indexing():
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        plan = Plan(catalog, thumbnails, retry_failed=retry_failed, exclude=exclude)
        if analyst is None:
            if decoder is None:
                raise ValueError("neither decoder nor analyst")
            analyst = LocalAnalyst(decoder, lambda: visual(pack))
        run = _Run(catalog, analyst, thumbnails, pack, batch_size)
        return (yield from run.all_of(plan, folders))


class _Run:
    """One call of ``index_folders``."""

    def __init__(
        self,
        catalog: Catalog,
        analyst: Analyst,
        thumbnails: ThumbnailCache | None,
        pack: Pack,
        batch_size: int,
    ) -> None:
        self._catalog = catalog
        self._analyst = analyst
        self._is_warm = False
        self._thumbnails = thumbnails
        self._pack = pack
        self._phrases: KindPhrases | None = None
        self._batch_size = batch_size
        self._locator = Locator(catalog)
        self._summary = IndexSummary()
        self._pace = Pace()
        self._roots: dict[int, Root] = {}
        self._done = 0
        self._under_way: dict[tuple[int, str | None], int] = {}

    def all_of(self, plan: Plan, folders: Sequence[Path]) -> Generator[IndexEvent, None, IndexSummary]:
        started = time.monotonic()
        for event in plan.prepare(folders):
            if isinstance(event, Scanned):
                self._summary.photos += event.found
                self._summary.unchanged += event.unchanged
                self._summary.moved += event.moved
                self._summary.missing += event.missing
            yield event
        for placed in self._locator.waiting():
            self._summary.placed += placed
            yield Placed(placed)
        jobs = plan.take_jobs()
        self._roots = plan.roots
        waiting, known = deque(job for job in jobs if not job.sources), [job for job in jobs if job.sources]
        jobs.clear()
        waiting += yield from self._copy(known)
        copies = yield from self._decode(waiting, share=True)
        left = yield from self._copy(copies)
        yield from self._decode(deque(left), share=False)
        offline = (root.folder.path for root in plan.roots.values() if root.offline)
        self._summary.offline = (*plan.unavailable, *offline)
        self._summary.seconds = time.monotonic() - started
        self._catalog.back_up_if_due()
        return self._summary

    def _copy(self, jobs: Sequence[Job]) -> Generator[IndexEvent, None, list[Job]]:
        """Take the vectors of photos with the same content; returns the jobs that found none after all."""
        left: list[Job] = []
        for start in range(0, len(jobs), self._batch_size):
            batch = jobs[start : start + self._batch_size]
            with self._catalog.transaction():
                existing = self._existing(batch)
                copied = [job for job in batch if job.photo_id in existing and self._copy_one(job)]
            left += [job for job in batch if job not in copied]
            if copied:
                self._locate()
                yield self._embedded([job.photo_id for job in copied], copied)
        return left

    def _copy_one(self, job: Job) -> bool:
        if job.content_hash is None:
            return False
        for source_id in job.sources:
            before = self._catalog.photos([source_id]).get(source_id)
            folder_id = job.root.folder.id
            if before and self._catalog.copy_analysis(source_id, job.file, folder_id, job.content_hash):
                if self._thumbnails is not None:
                    data = self._thumbnails.get(source_id, before.mtime_ns)
                    if data is not None:
                        self._thumbnails.put(job.photo_id, job.file.mtime_ns, data)
                return True
        return False

    def _decode(self, jobs: deque[Job], *, share: bool) -> Generator[IndexEvent, None, list[Job]]:
        """Decode and embed, and let go of what is done (otherwise the hashes of a large folder stay).

        With ``share``, of files with one content only the first; returns the others.
        """
        if not jobs:
            return []
        in_flight: deque[Job] = deque()
        copies: list[Job] = []
        stream = self._analyst.outcomes(self._feed(jobs, in_flight, copies if share else None))
        batch: list[_Outcome] = []
        try:
            self._pace.restart()
            for outcome in stream:
                job = in_flight.popleft()
                if isinstance(outcome, PhotoOutOfReach):
                    self._is_there(job)  # if it is not, no more of its photos are tried
                    continue
                batch.append((job, outcome))
                if not isinstance(outcome, PhotoUnreadable):
                    self._warm_up()  # loaded while the decoders work on the rest of the first batch
                if len(batch) == self._batch_size:
                    yield from self._finish(batch)
                    batch = []
            if batch:
                yield from self._finish(batch)
        finally:
            if isinstance(stream, Generator):
                stream.close()  # now, not when it is collected: its processes are busy
        return copies

    def _feed(self, jobs: deque[Job], in_flight: deque[Job], copies: list[Job] | None) -> Iterator[Path]:
        """The paths to decode, as far as the decoder looks ahead; their jobs go from ``jobs`` to ``in_flight``."""
        sizes = Counter(job.file.size for job in jobs)
        while jobs:
            job = jobs.popleft()
            if job.root.offline or job.root.removed:
                continue
            if not self._analyst.hashes:
                job.hash_content()
            if job.content_hash is None and DRIVES.of(job.root.folder.path):
                job.root.offline = True
                continue
            if copies is not None and sizes[job.file.size] > 1:
                job.sources = self._first_with_content(job)
                if job.sources:
                    copies.append(job)
                    continue
            in_flight.append(job)
            yield job.path

    def _first_with_content(self, job: Job) -> tuple[int, ...]:
        """The photo of the same content that is being analysed, or was; of the latter the catalogue knows."""
        if job.content_hash is None:
            return ()
        first = self._under_way.get(_content(job))
        if first is None:
            first = self._catalog.analysed_with_content(job.file.size, job.content_hash)
        if first is not None:
            return (first,)
        self._under_way[_content(job)] = job.photo_id
        return ()

    def _finish(self, batch: Sequence[_Outcome]) -> Generator[IndexEvent, None, None]:
        """Embed and commit one batch, then tell about it."""
        read: list[tuple[Job, DecodedPhoto | Analysed]] = []
        unread: list[tuple[Job, FailureReason]] = []
        for job, outcome in batch:
            if not isinstance(outcome, PhotoUnreadable):
                read.append((job, outcome))
            elif self._is_there(job):
                unread.append((job, outcome.reason))
        analysed = self._commit(read, unread)
        for job, _ in batch:
            self._under_way.pop(_content(job), None)
        if any(photo.info.lat is not None for _, photo in read):
            self._locate()
        self._pace.add(len(batch))
        for job, reason in unread:
            yield Failed(job.photo_id, job.path, reason)
        yield self._embedded(analysed, [job for job, _ in (*read, *unread)])
        self._pace.restart()

    def _locate(self) -> None:
        self._summary.placed += sum(self._locator.waiting())

    def _said(self, embeddings: FloatArray) -> FloatArray | None:
        """What phrases say of the kind of these photos."""
        if self._phrases is None:
            self._phrases = KindPhrases(self._pack, kind_model().spoken.texts)
        return self._phrases(embeddings)

    def _is_there(self, job: Job) -> bool:
        """Whether the folder of an unreadable photo can be reached; if not, the photo is not to blame."""
        if not job.root.offline and not has_entries(job.root.folder.path, LOOK_S):
            job.root.offline = True
        return not job.root.offline

    def _commit(
        self, read: Sequence[tuple[Job, DecodedPhoto | Analysed]], unread: Sequence[tuple[Job, FailureReason]]
    ) -> list[int]:
        """One transaction; returns the ids of the photos that are analysed now."""
        photos = self._analyst.analysed([photo for _, photo in read])
        said = self._said(np.stack([photo.embedding for photo in photos])) if photos else None
        kinds = kinds_of([photo.look.measures for photo in photos], [photo.info.camera for photo in photos], said)
        if self._thumbnails is not None:
            self._thumbnails.put_many(
                [
                    (job.photo_id, job.file.mtime_ns, photo.thumbnail)
                    for (job, _), photo in zip(read, photos, strict=True)
                ]
            )
        with self._catalog.transaction():
            existing = self._existing([job for job, _ in (*read, *unread)])
            rows = [row for row, (job, _) in enumerate(read) if job.photo_id in existing]
            ids = [read[row][0].photo_id for row in rows]
            for job, photo in ((read[row][0], photos[row]) for row in rows):
                self._catalog.add_or_update_photo(
                    job.root.folder.id,
                    job.file.rel_path,
                    job.file.size,
                    job.file.mtime_ns,
                    content_hash=photo.content_hash or job.content_hash,
                    info=photo.info,
                )
            if rows:
                self._catalog.put_vectors(ids, "feature", np.stack([photos[row].feature for row in rows]))
                self._catalog.put_vectors(ids, "embedding", np.stack([photos[row].embedding for row in rows]))
                self._catalog.put_looks(ids, [photos[row].look for row in rows], [kinds[row] for row in rows])
            for job, reason in unread:
                if job.photo_id not in existing:
                    continue
                if reason is FailureReason.VANISHED:
                    self._catalog.mark_missing([job.photo_id])
                    self._summary.missing += 1
                else:
                    self._catalog.set_error(job.photo_id, reason, size=job.file.size, mtime_ns=job.file.mtime_ns)
                    self._summary.failed += 1
        return ids

    def _existing(self, jobs: Sequence[Job]) -> set[int]:
        """Ids of the photos that still are in the catalogue: another window or command may remove a folder."""
        existing = self._catalog.existing(job.photo_id for job in jobs)
        for job in jobs:
            if job.photo_id not in existing and not job.root.removed:
                job.root.removed = not self._catalog.has_folder(job.root.folder.id)
        return existing

    def _warm_up(self) -> None:
        if not self._is_warm:
            self._is_warm = True
            started = time.monotonic()
            self._analyst.warm_up()
            self._pace.leave_out(time.monotonic() - started)

    def _embedded(self, photo_ids: Sequence[int], finished: Sequence[Job]) -> Embedded:
        for job in finished:
            job.root.left -= 1
        self._done += len(finished)
        self._summary.analysed += len(photo_ids)
        left = sum(root.left for root in self._roots.values() if not (root.offline or root.removed))
        rate = self._pace.rate
        return Embedded(
            self._done,
            self._done + left,
            tuple(photo_ids),
            rate,
            left / rate if rate > 0 else None,
            tuple(FolderProgress(root.folder.id, root.total - root.left, root.total) for root in self._roots.values()),
        )


def _content(job: Job) -> tuple[int, str | None]:
    return job.file.size, job.content_hash
