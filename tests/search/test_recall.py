"""Neighbours and filters lose nothing: the exact product over every photo is the oracle."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from photofinder.library.catalog import Catalog
from photofinder.library.catalog_filters import LibraryRows
from photofinder.library.filters import Filters, Period
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.search import neighbors, vector_files
from photofinder.search.engine import SearchEngine
from photofinder.search.query import Query
from tests.search.search_samples import EMBEDDING_DIM, WORDS, AddPhotos, Vectors, random_units, unit

COUNT, LIMIT = 6_000, 10


@pytest.fixture
def embeddings() -> Vectors:
    """In clusters, as those of photos are."""
    centres = random_units(60, EMBEDDING_DIM, seed=3)
    rng = np.random.default_rng(4)
    return unit(centres[rng.integers(0, 60, COUNT)] + 0.6 * random_units(COUNT, EMBEDDING_DIM, seed=5))


@pytest.fixture
def engines(
    reader: Catalog,
    small_pack: Pack,
    paths: DataPaths,
    add_photos: AddPhotos,
    embeddings: Vectors,
    monkeypatch: pytest.MonkeyPatch,
) -> tuple[SearchEngine, SearchEngine]:
    """With neighbours and mapped vectors, as a large library has them; and exact, from the catalogue."""
    monkeypatch.setattr(neighbors, "MIN_VECTORS", 1_000)
    monkeypatch.setattr(neighbors, "MIN_VECTORS_PER_SEARCH_K", 1)
    # the same share of all photos is inspected as of a million
    monkeypatch.setattr(neighbors, "MIN_SEARCH_K", neighbors.MIN_SEARCH_K * COUNT // 1_000_000)
    monkeypatch.setattr(neighbors, "SEARCH_K_PER_RESULT", 0)  # counted in photos of a large library
    monkeypatch.setattr(vector_files, "MIN_ROWS", 1_000)
    add_photos(embeddings[:-200])
    SearchEngine(reader, small_pack, paths.neighbors).update_neighbors()
    add_photos(embeddings[-200:])  # the tail
    large = SearchEngine(reader, small_pack, paths.neighbors)
    for _ in range(2):  # the second search opens the index
        large.rank(Query(WORDS[0]), LIMIT)
    assert large.uses_neighbors(LIMIT)
    return large, SearchEngine(reader, small_pack)


def recall(found: np.ndarray, wanted: np.ndarray) -> float:
    return len(set(found.tolist()) & set(wanted.tolist())) / len(wanted)


def test_the_ten_best_of_the_neighbours_are_the_ten_best(engines: tuple[SearchEngine, SearchEngine]) -> None:
    large, exact = engines
    phrases = [*WORDS, *(f"{one} {other}" for one in WORDS for other in WORDS)]
    recalls = []
    for phrase in phrases:
        wanted = exact.rank(Query(phrase), LIMIT)
        found = large.rank(Query(phrase), LIMIT)
        recalls.append(recall(found.photo_ids, wanted.photo_ids))
    assert np.mean(recalls) >= 0.999


@pytest.mark.parametrize("share", [0.9, 0.5, 0.1, 0.005])
def test_a_filter_costs_no_photo(
    engines: tuple[SearchEngine, SearchEngine],
    reader: Catalog,
    small_pack: Pack,
    embeddings: Vectors,
    share: float,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever passes: the best of all that pass, by a product of our own."""
    large, exact = engines
    ids = np.asarray(sorted(reader.all_photo_ids()))
    passing = np.sort(np.random.default_rng(9).choice(ids, int(share * len(ids)), replace=False))
    rows = LibraryRows(passing[::-1], np.arange(len(passing)))
    monkeypatch.setattr(Catalog, "library_rows", lambda self, filters: rows)
    filters = Filters(periods=(Period(date(2000, 1, 1), date(2001, 1, 1)),))
    regressor = CaptionRegressor(small_pack)
    for phrase in WORDS:
        vector = regressor(phrase).vector
        assert vector is not None
        scores = embeddings[np.searchsorted(ids, passing)] @ vector
        best = set(passing[np.argsort(-scores)[:LIMIT]].tolist())
        edge = np.sort(scores)[-LIMIT] - 1e-3  # float16 may swap what is nearly equal
        near = set(passing[scores >= edge].tolist())
        for engine in (large, exact):
            found = set(engine.rank(Query(phrase, filters=filters), LIMIT).photo_ids.tolist())
            assert len(found) == LIMIT
            assert found <= near
            assert len(found & best) >= LIMIT - 1


def test_mapped_vectors_answer_like_the_catalogue(engines: tuple[SearchEngine, SearchEngine]) -> None:
    large, exact = engines
    for photo_id in (1, 7, 5_990):
        found, wanted = (engine.rank(Query(photo_ids=(photo_id,)), 50) for engine in (large, exact))
        assert recall(found.photo_ids, wanted.photo_ids) >= 0.98
        np.testing.assert_allclose(found.scores, wanted.scores, atol=1e-4)
