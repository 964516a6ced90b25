"""How long a search takes: at the engine, from the phrase to the photos with their paths, and until it is painted."""

from __future__ import annotations

import statistics
from datetime import date
from pathlib import Path

from photofinder.bench.figures import Figure, Part, Text, seconds_of
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.machine import read_bandwidth
from photofinder.bench.phrases import PHRASES
from photofinder.bench.window import watch_window
from photofinder.errors import WindowUnavailable
from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters, Period
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.search.engine import DEFAULT_LIMIT, SearchEngine
from photofinder.search.holdings import EMBEDDING, FEATURE
from photofinder.search.query import Query

EXACT_PHOTOS = 100_000
"""Up to here the target of an exact search holds; beyond, that of a million."""
PHRASE_MS, LARGE_PHRASE_MS, PAINTED_MS = 15.0, 60.0, 50.0
RECALL = 0.999
_TOP = 10
_SLOW = 95  # per cent

_SCAN = Text("leer una vez los vectores de la memoria", "reading the vectors from memory once")


def measure_search(work: Path, photos: int, runs: int, pack: Pack, tell: Tell, *, window: bool = True) -> Part:
    """``photos`` generated vectors in a real catalogue; each run asks all of ``PHRASES``.

    ``window``: also until the window has painted the answer, where there is a window library. Raises OSError and
    PhotoFinderError.
    """
    paths = generated_library(work, photos, pack, tell)
    with_neighbors(paths, pack, tell)
    tell("preguntando", "asking")
    bandwidth = read_bandwidth()
    target = PHRASE_MS if photos <= EXACT_PHOTOS else LARGE_PHRASE_MS
    first = [_first_phrase_ms(paths, pack) for _ in range(runs)]
    with Catalog.open(paths.catalog) as catalog:
        engine = SearchEngine(catalog, pack, paths.neighbors)
        for phrase in PHRASES[:3]:  # annoy is opened by the second search
            engine.search(Query(phrase), DEFAULT_LIMIT)
        approximate = engine.uses_neighbors(DEFAULT_LIMIT)
        asked = [[_ms(engine, Query(phrase)) for phrase in PHRASES] for _ in range(runs)]
        filtered = [[_ms(engine, one) for one in _filtered(run)] for run in range(runs)]
        similar = [[_ms(engine, one) for one in _similar(catalog)] for _ in range(runs)]
        scan_ms = {kind: engine.scanned_bytes(kind) / bandwidth * 1e3 for kind in (EMBEDDING, FEATURE)}
        bytes_a_photo = sum(engine.scanned_bytes(kind) for kind in (EMBEDDING, FEATURE)) / photos
        recall = _recall(engine, catalog, pack) if approximate else 1.0
    exact_scan = None if approximate else scan_ms[EMBEDDING]
    figures = [
        Figure(
            "phrase", "ms", Text("una frase, en el motor", "a phrase, at the engine"), _medians(asked),
            exact_scan, _SCAN, target,
        ),
        Figure(
            "phrase_p95", "ms", Text("una frase, la vigésima más lenta", "a phrase, the slowest in twenty"),
            tuple(_percentile(run, _SLOW) for run in asked), exact_scan, _SCAN,
        ),
        Figure(
            "filtered_phrase", "ms", Text("una frase y unas fechas", "a phrase and a stretch of time"),
            _medians(filtered),
        ),
        Figure(
            "similar", "ms", Text("parecidas a una foto", "photos like one"), _medians(similar),
            scan_ms[FEATURE], _SCAN,
        ),
        Figure(
            "first_phrase", "ms", Text("la primera frase, al abrir", "the first phrase, after opening"), tuple(first),
        ),
    ]  # fmt: skip
    facts = {
        "photos": photos,
        "neighbors": approximate,
        "recall_at_10": recall,
        "recall_at_10_target": RECALL,
        "memory_bytes_per_photo": round(bytes_a_photo, 1),
        "catalog_bytes_per_photo": round(paths.catalog.stat().st_size / photos, 1),
    }
    notes: list[Text] = []
    if window and photos <= EXACT_PHOTOS:
        figures += _painted(paths, runs, notes)
    return Part("search", tuple(figures), facts, tuple(notes))


def _painted(paths: DataPaths, runs: int, notes: list[Text]) -> list[Figure]:
    text = Text("una frase, hasta verla pintada", "a phrase, until it is painted")
    try:
        with watch_window(paths, PHRASES[:1] + PHRASES * -(-runs * 5 // len(PHRASES))) as seen:
            each = seen.phrase_ms[1:]  # the first one reads the vectors
    except WindowUnavailable as error:
        notes.append(Text(f"sin ventana: {error}", f"no window: {error}"))
        return []
    size = len(each) // runs
    values = tuple(statistics.median(each[run * size : (run + 1) * size]) for run in range(runs))
    return [Figure("painted", "ms", text, values, target=PAINTED_MS)]


def _first_phrase_ms(paths: DataPaths, pack: Pack) -> float:
    """Catalogue, vectors and regressor are opened for it; the files may be in the system's memory already."""

    def ask() -> None:
        with Catalog.open(paths.catalog) as catalog:
            SearchEngine(catalog, pack, paths.neighbors).search(Query(PHRASES[0]), DEFAULT_LIMIT)

    return seconds_of(ask) * 1e3


def _ms(engine: SearchEngine, query: Query) -> float:
    return seconds_of(lambda: engine.search(query, DEFAULT_LIMIT)) * 1e3


def _filtered(run: int) -> list[Query]:
    """Another stretch of time each, so that no filter is answered from memory."""
    return [
        Query(phrase, filters=Filters(periods=(Period(date(2011 + run % 9, 1, 1 + n), date(2012 + run % 9, 1, 1)),)))
        for n, phrase in enumerate(PHRASES[:10])
    ]


def _similar(catalog: Catalog) -> list[Query]:
    ids = catalog.all_photo_ids()
    return [Query(photo_ids=(photo_id,)) for photo_id in ids[:: max(1, len(ids) // 10)][:10]]


def _recall(engine: SearchEngine, catalog: Catalog, pack: Pack) -> float:
    """Of the ten best photos of the exact search, how many the neighbours find, over all phrases."""
    exact = SearchEngine(catalog, pack, None)
    shares = []
    for phrase in PHRASES:
        found = {int(one) for one in engine.rank(Query(phrase), DEFAULT_LIMIT).photo_ids[:_TOP]}
        best = {int(one) for one in exact.rank(Query(phrase), _TOP).photo_ids}
        shares.append(len(found & best) / max(1, len(best)))
    return statistics.fmean(shares)


def _medians(runs: list[list[float]]) -> tuple[float, ...]:
    return tuple(statistics.median(run) for run in runs)


def _percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]
