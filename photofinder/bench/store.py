"""A shared catalogue: how fast it fills, what a photo takes on the server, how long a search takes and what it misses.

The oracle is the embedded catalogue with the same vectors, searched exactly.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np

from photofinder.bench.figures import Figure, Part, Text, seconds_of
from photofinder.bench.library import Tell, generated_library, vectors
from photofinder.bench.phrases import PHRASES
from photofinder.errors import StoreUnavailable
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_shared import SharedCatalog
from photofinder.library.filters import Filters, Period
from photofinder.model.pack import Pack
from photofinder.search.engine import DEFAULT_LIMIT, SearchEngine
from photofinder.search.query import Query

RECALL = 0.99
_TOP = 10
_BATCH = 32  # of one transaction, as when photos are analysed
_SPREAD = 20  # of so many photos one is asked about


def measure_store(work: Path, url: str, photos: int, runs: int, pack: Pack, tell: Tell) -> Part:
    """Fill the empty database at ``url`` with ``photos`` generated photos and search it, without and with its index.

    What was filled in is taken out again. Raises OSError and PhotoFinderError.
    """
    paths = generated_library(work, photos, pack, tell)
    with SharedCatalog.open_store(url, writer=True) as store, Catalog.open(paths.catalog) as embedded:
        if store.folders():
            raise StoreUnavailable(str(store.path), "not_empty")
        folder = store.add_folder(embedded.folders()[0].path)
        try:
            tell("llenando el catálogo compartido", "filling the shared catalogue")
            rates = _fill(store, embedded, folder.id, photos, pack)
            tell("preguntando sin índice", "asking without an index")
            oracle = SearchEngine(embedded, pack)
            engine = SearchEngine(store, pack)
            exact = [[_ms(engine, Query(phrase)) for phrase in PHRASES] for _ in range(runs)]
            before = store.disk_bytes()
            tell("preparando el índice del servidor", "building the server's index")
            seconds = seconds_of(store.index_vectors)
            after = store.disk_bytes()
            tell("preguntando con índice", "asking with the index")
            indexed = [[_ms(engine, Query(phrase)) for phrase in PHRASES] for _ in range(runs)]
            filtered = [[_ms(engine, one) for one in _filtered(run)] for run in range(runs)]
            ids = embedded.all_photo_ids()[:: max(1, photos // _SPREAD)]
            similar = [
                [_ms(engine, Query(photo_ids=(one,))) for one in _there(ids, store, embedded)] for _ in range(runs)
            ]
            recalls = _recalls(engine, oracle, store, embedded, ids)
        finally:
            store.remove_folder(folder.id)
    return Part("store", _figures(rates, exact, indexed, filtered, similar, seconds), {
        "photos": photos,
        "server_bytes_per_photo": round(before / photos),
        "index_bytes_per_photo": round((after - before) / photos),
        **recalls,
        "recall_at_10_target": RECALL,
    })  # fmt: skip


def _figures(
    rates: Sequence[float],
    exact: list[list[float]],
    indexed: list[list[float]],
    filtered: list[list[float]],
    similar: list[list[float]],
    seconds: float,
) -> tuple[Figure, ...]:
    return (
        Figure(
            "store_fill", "photos_per_s", Text("guardar fotos", "committing photos"), tuple(rates), more_is_better=True
        ),
        Figure("store_index", "s", Text("preparar el índice", "building the index"), (seconds,)),
        Figure("store_exact", "ms", Text("una frase, sin índice", "a phrase, no index"), _medians(exact)),
        Figure("store_phrase", "ms", Text("una frase, con índice", "a phrase, with the index"), _medians(indexed)),
        Figure(
            "store_phrase_p95", "ms", Text("una frase, la vigésima más lenta", "a phrase, the slowest in twenty"),
            tuple(sorted(run)[len(run) * 95 // 100] for run in indexed),
        ),
        Figure(
            "store_filtered", "ms", Text("una frase y unas fechas", "a phrase and a stretch of time"),
            _medians(filtered),
        ),
        Figure("store_similar", "ms", Text("parecidas a una foto", "photos like one"), _medians(similar)),
    )  # fmt: skip


def _fill(store: SharedCatalog, embedded: Catalog, folder_id: int, photos: int, pack: Pack) -> list[float]:
    """Photos a second, of each chunk, as an analysis commits them: 32 photos a transaction."""
    store.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
    ids = sorted(embedded.all_photo_ids())
    rates, start = [], 0
    for features, embeddings in vectors(photos, pack, 0):
        known = embedded.photos(ids[start : start + len(features)])
        these = [known[one] for one in ids[start : start + len(features)]]

        began = time.perf_counter()
        for first in range(0, len(these), _BATCH):
            some = slice(first, first + _BATCH)
            with store.transaction():
                new = [
                    store.add_or_update_photo(
                        folder_id, one.rel_path, one.size, one.mtime_ns, content_hash=f"{one.id:032x}", info=one
                    )
                    for one in these[some]
                ]
                store.put_vectors(new, "feature", features[some])
                store.put_vectors(new, "embedding", embeddings[some])
        rates.append(len(these) / (time.perf_counter() - began))
        start += len(features)
    return rates


def _recalls(
    engine: SearchEngine, oracle: SearchEngine, store: SharedCatalog, embedded: Catalog, ids: Sequence[int]
) -> dict[str, float]:
    """Of the ten best photos of an exact search, how many are found: for one phrase, and for several wishes."""
    like = list(zip(_there(ids, store, embedded), ids, strict=True))
    asked: dict[str, list[tuple[Query, Query]]] = {
        "recall_at_10": [(Query(phrase), Query(phrase)) for phrase in PHRASES],
        "recall_at_10_filtered": [(one, one) for one in _filtered(0)],
        "recall_at_10_photo": [(Query(photo_ids=(there,)), Query(photo_ids=(here,))) for there, here in like],
        "recall_at_10_phrase_and_photo": [
            (Query(phrase, photo_ids=(there,)), Query(phrase, photo_ids=(here,)))
            for phrase, (there, here) in zip(PHRASES, like, strict=False)
        ],
        "recall_at_10_without": [
            (Query(f"{one} sin {other}"), Query(f"{one} sin {other}"))
            for one, other in zip(PHRASES, ("gente", "nieve", "árboles", "perros", "agua"), strict=False)
        ],
    }
    found = {}
    for name, queries in asked.items():
        shares = []
        for there, here in queries:
            best = [hit.path for hit in oracle.search(here, _TOP).hits]
            answer = {hit.path for hit in engine.search(there, DEFAULT_LIMIT).hits[:_TOP]}
            shares.append(len(answer & set(best)) / max(1, len(best)))
        found[name] = round(statistics.fmean(shares), 4)
    return found


def _there(ids: Sequence[int], store: SharedCatalog, embedded: Catalog) -> list[int]:
    """The numbers that photos of the embedded catalogue have in the other one."""
    found = []
    for photo_id in ids:
        photo = embedded.photos([photo_id])[photo_id]
        (twin,) = store.find_by_content(photo.size, f"{photo_id:032x}")
        found.append(twin.id)
    return found


def _filtered(run: int) -> list[Query]:
    """Another stretch of time each, a fifteenth of the photos."""
    return [
        Query(phrase, filters=Filters(periods=(Period(date(2011 + run % 9, 1, 1 + n), date(2012 + run % 9, 1, 1)),)))
        for n, phrase in enumerate(PHRASES[:10])
    ]


def _ms(engine: SearchEngine, query: Query) -> float:
    return seconds_of(lambda: engine.search(query, DEFAULT_LIMIT)) * 1e3


def _medians(runs: list[list[float]]) -> tuple[float, ...]:
    return tuple(float(np.median(run)) for run in runs)
