"""How well the search finds: each line of a captions file is a query, and its photo is the one to find.

The folder is analysed into a temporary catalogue and asked through the program's own engine, so the figures are
those of the program and not of a shortcut. Nothing of the person's catalogue is read or written.
"""

from __future__ import annotations

import math
import statistics
import tempfile
import time
import unicodedata
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import numpy as np

from photofinder.errors import CaptionsFileInvalid, FailureReason, PhotoUnreadable
from photofinder.indexing import Failed, IndexEvent, IndexSummary, index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.scan import walk
from photofinder.search.engine import SearchEngine
from photofinder.search.query import Query, clean_text
from photofinder.search.results import Ranking

if TYPE_CHECKING:
    from photofinder.library.decoder import Decoder
    from photofinder.model.pack import Pack

_ASKED_EVERY = 50


@dataclass(frozen=True, slots=True)
class Caption:
    """A line of the captions file: which photo (relative path, POSIX separators) and the phrase that should find it."""

    line: int
    rel_path: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """So many of the queries are done."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The figures. Recalls are fractions 0..1 of the queries; ranks count from 1, one a query in the file's order.

    ``unreadable``: photos of the captions file that could not be analysed, with the reason; their queries count as
    not found.
    """

    photos: int
    ranks: tuple[float, ...]
    seconds: float
    unreadable: Mapping[str, FailureReason]

    @property
    def queries(self) -> int:
        """How many lines were asked."""
        return len(self.ranks)

    @property
    def queries_per_second(self) -> float:
        """From phrase to the order of all photos."""
        return self.queries / self.seconds if self.seconds > 0 else math.inf

    @property
    def median_rank(self) -> float:
        """The middle rank."""
        return float(statistics.median(self.ranks))

    @property
    def mean_rank(self) -> float:
        """The mean rank."""
        return statistics.fmean(self.ranks)

    def recall_at(self, k: int) -> float:
        """The fraction of queries whose photo is among the first ``k``."""
        return sum(rank <= k for rank in self.ranks) / self.queries

    def figures(self) -> dict[str, int | float]:
        """The object that ``photofinder evaluate --json`` prints."""
        return {
            "photos": self.photos,
            "queries": self.queries,
            "recall_at_1": round(self.recall_at(1), 6),
            "recall_at_5": round(self.recall_at(5), 6),
            "recall_at_10": round(self.recall_at(10), 6),
            "median_rank": self.median_rank,
            "mean_rank": round(self.mean_rank, 6),
            "queries_per_second": round(self.queries_per_second, 3),
        }


def read_captions(path: Path) -> list[Caption]:
    """Read ``file name <TAB> phrase`` lines: UTF-8 (a byte-order mark is allowed), no header, empty lines skipped.

    Raises CaptionsFileInvalid with the number of the first line that is not of that form.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CaptionsFileInvalid(path, 0, "missing") from error
    captions = []
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        try:
            line = raw.decode("utf-8").rstrip("\r")
        except UnicodeDecodeError as error:
            raise CaptionsFileInvalid(path, number, "encoding") from error
        if not line.strip():
            continue
        name, tab, text = line.partition("\t")
        if not tab or "\t" in text or not name.strip() or not clean_text(text):
            raise CaptionsFileInvalid(path, number, "columns")
        captions.append(Caption(number, PurePath(name.strip()).as_posix(), text))
    if not captions:
        raise CaptionsFileInvalid(path, 0, "no_lines")
    return captions


def match_captions(path: Path, captions: Sequence[Caption], rel_paths: Sequence[str]) -> list[Caption]:
    """The captions with the names that the photos have on disk; accents may be composed in another way there.

    Raises CaptionsFileInvalid at the first caption of a photo that is not among ``rel_paths``.
    """
    exact = set(rel_paths)
    composed = {unicodedata.normalize("NFC", rel_path): rel_path for rel_path in rel_paths}
    matched = []
    for caption in captions:
        name = caption.rel_path
        if name not in exact:
            name = composed.get(unicodedata.normalize("NFC", name), "")
        if not name:
            raise CaptionsFileInvalid(path, caption.line, "unknown_photo")
        matched.append(Caption(caption.line, name, caption.text))
    return matched


def evaluate(
    folder: Path, captions_file: Path, pack: Pack, decoder: Decoder
) -> Generator[IndexEvent | Asked, None, Evaluation]:
    """Analyse ``folder`` into a temporary catalogue and ask every caption. Closable at any moment.

    A photo's rank is 1 + the photos that score higher + half of those that score the same (to six decimals). A query
    of which no word is understood, or whose photo could not be read, ranks last.

    Raises CaptionsFileInvalid before anything is analysed, FolderUnavailable, PhotoUnreadable when not one photo can
    be read, and what ``index_folders`` raises.
    """
    captions = read_captions(captions_file)
    captions = match_captions(captions_file, captions, [found.rel_path for found in walk(folder)])
    with tempfile.TemporaryDirectory(prefix="photofinder-evaluate-", ignore_cleanup_errors=True) as temporary:
        database = Path(temporary) / "catalog.sqlite"
        with Catalog.open(database, writer=True) as catalog:
            failed = yield from _index(catalog, folder, pack, decoder)
        with Catalog.open(database) as catalog:
            ids = {photo.rel_path: photo.id for photo in catalog.photos(catalog.all_photo_ids()).values()}
            if not ids:
                raise PhotoUnreadable(*next(iter(failed.items())))
            engine = SearchEngine(catalog, pack)
            wanted = [ids.get(caption.rel_path) for caption in captions]
            ranks: list[float] = []
            seconds = 0.0
            _warm_up(engine, captions[0].text)
            for number, (caption, photo_id) in enumerate(zip(captions, wanted, strict=True), start=1):
                started = time.perf_counter()
                ranking = engine.rank(Query(caption.text), limit=len(ids))
                seconds += time.perf_counter() - started
                ranks.append(rank_of(photo_id, ranking, len(ids)))
                if number % _ASKED_EVERY == 0 or number == len(captions):
                    yield Asked(number, len(captions))
    by_name = {path.relative_to(folder.absolute()).as_posix(): reason for path, reason in failed.items()}
    named = {caption.rel_path for caption in captions}
    return Evaluation(
        photos=len(ids),
        ranks=tuple(ranks),
        seconds=seconds,
        unreadable={name: reason for name, reason in sorted(by_name.items()) if name in named},
    )


def rank_of(photo_id: int | None, ranking: Ranking, photos: int) -> float:
    """The place of a photo in a ranking of all ``photos``, from 1; ties count half; last when it is absent."""
    places = np.flatnonzero(ranking.photo_ids == (-1 if photo_id is None else photo_id))
    if len(places) == 0:
        return float(photos)
    scores = np.round(ranking.scores.astype(np.float64), 6)
    own = scores[places[0]]
    return float(1 + np.count_nonzero(scores > own) + (np.count_nonzero(scores == own) - 1) / 2)


def _index(
    catalog: Catalog, folder: Path, pack: Pack, decoder: Decoder
) -> Generator[IndexEvent, None, dict[Path, FailureReason]]:
    failed: dict[Path, FailureReason] = {}
    run: Generator[IndexEvent, None, IndexSummary] = index_folders(catalog, [folder], pack, decoder=decoder)
    for event in _closing(run):
        if isinstance(event, Failed):
            failed[event.path] = event.reason
        yield event
    return failed


def _closing(run: Generator[IndexEvent, None, IndexSummary]) -> Iterator[IndexEvent]:
    try:
        yield from run
    finally:
        run.close()


def _warm_up(engine: SearchEngine, text: str) -> None:
    """Load the caption regressor and the vectors: the figure is of a search, not of starting."""
    engine.rank(Query(text), limit=1)
