"""Searching with filters, weights, and what the person liked."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from photofinder.errors import EmptyQuery
from photofinder.library.catalog import Catalog
from photofinder.library.filters import Filters, Period
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.search import neighbors
from photofinder.search.engine import SearchEngine
from photofinder.search.query import PartKind, PhotoVectorsOne, Query
from tests.conftest import BOTH_STORES
from tests.search.search_samples import EMBEDDING_DIM, FEATURE_DIM, AddPhotos, random_units

over_both_stores = pytest.mark.parametrize("open_catalog", BOTH_STORES, indirect=True)


@pytest.fixture
def engine(reader: Catalog, small_pack: Pack) -> SearchEngine:
    return SearchEngine(reader, small_pack, today=lambda: date(2026, 11, 21))


def _ids(engine: SearchEngine, query: Query, limit: int = 200) -> list[int]:
    return [hit.photo_id for hit in engine.search(query, limit).hits]


@over_both_stores
def test_a_filter_keeps_the_order_and_loses_nothing(
    engine: SearchEngine, writer: Catalog, add_photos: AddPhotos
) -> None:
    ids = add_photos(random_units(300, EMBEDDING_DIM, seed=1))
    everything = _ids(engine, Query("perro"), 300)
    chosen = set(ids[::20])
    writer.set_favorite(chosen, True)
    favourites = Filters(favorites=True)
    assert _ids(engine, Query("perro", filters=favourites)) == [one for one in everything if one in chosen]
    assert _ids(engine, Query("perro", filters=favourites), 5) == [one for one in everything if one in chosen][:5]
    writer.set_favorite([ids[0]], False)
    assert len(_ids(engine, Query("perro", filters=favourites))) == 14


@pytest.mark.parametrize("share", [1, 20])
def test_a_filter_loses_nothing_when_annoy_serves(
    monkeypatch: pytest.MonkeyPatch,
    reader: Catalog,
    writer: Catalog,
    small_pack: Pack,
    add_photos: AddPhotos,
    paths: DataPaths,
    share: int,
) -> None:
    monkeypatch.setattr(neighbors, "MIN_VECTORS", 100)
    monkeypatch.setattr(neighbors, "MIN_SEARCH_K", 50)
    monkeypatch.setattr(neighbors, "SEARCH_K_PER_RESULT", 20)
    ids = add_photos(random_units(600, EMBEDDING_DIM, seed=1))
    writer.set_favorite(ids[::share], True)
    engine = SearchEngine(reader, small_pack, paths.neighbors)
    assert engine.update_neighbors()
    exact = SearchEngine(reader, small_pack)
    query = Query("perro", filters=Filters(favorites=True))
    for _ in range(3):
        assert _ids(engine, query, 5) == _ids(exact, query, 5)


@over_both_stores
def test_filters_alone_give_the_newest_first_and_all_for_sure(
    engine: SearchEngine, writer: Catalog, add_photos: AddPhotos
) -> None:
    ids = add_photos(random_units(4, EMBEDDING_DIM, seed=1))
    for photo_id, day in zip(ids, (3, 9, 1, 5), strict=True):
        name = writer.photos([photo_id])[photo_id].rel_path
        writer._database.rows("UPDATE photo SET moment = ? WHERE id = ?", [day * 86_400, photo_id])
        assert name
    (unread,) = [writer.add_or_update_photo(1, "nueva.jpg", 1, 7 * 86_400 * 10**9)]  # not analysed yet
    result = engine.search(Query(filters=Filters(periods=(Period(date(1970, 1, 3), date(1970, 1, 20)),))))
    assert [hit.photo_id for hit in result.hits] == [ids[1], unread, ids[3], ids[0]]
    assert {hit.probability for hit in result.hits} == {1.0}
    assert _ids(engine, Query(filters=Filters(folder_ids=(99,)))) == []


@over_both_stores
def test_an_unknown_word_is_not_ignored_because_there_is_a_filter(engine: SearchEngine, add_photos: AddPhotos) -> None:
    add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    result = engine.search(Query("xyzzyq", filters=Filters(folder_ids=(1,))))
    assert (result.hits, result.unknown) == ((), ("xyzzyq",))


@over_both_stores
def test_weights_of_photos(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(30, EMBEDDING_DIM, seed=1), random_units(30, FEATURE_DIM, seed=2)
    ids = add_photos(embeddings, features)
    likeness = 0.6 * features @ features.T + 0.4 * embeddings @ embeddings.T
    mixed = (3 * likeness[0] + likeness[1]) / 4
    query = Query(photos=(PhotoVectorsOne(features[0], embeddings[0]),), photo_ids=(ids[1],), photo_weights=(3, 1))
    expected = [ids[place] for place in np.argsort(-mixed) if place != 1]
    assert _ids(engine, query) == expected
    nothing = engine.search(Query(photo_ids=(ids[1],), photo_weights=(0.0,)))
    assert nothing.hits == ()


@over_both_stores
def test_less_like_this(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(30, EMBEDDING_DIM, seed=1), random_units(30, FEATURE_DIM, seed=2)
    ids = add_photos(np.concatenate([embeddings, embeddings[7:8]]), np.concatenate([features, features[7:8]]))
    alone = _ids(engine, Query(photo_ids=(ids[7],), photo_weights=(-1.0,)))
    assert alone[-1] == ids[30]  # its copy
    assert ids[7] not in alone
    before = _ids(engine, Query("perro"))
    after = _ids(engine, Query("perro", photo_ids=(ids[7],), photo_weights=(-1.0,)))
    assert after.index(ids[30]) > before.index(ids[30])


@over_both_stores
def test_likes_bring_their_likes_forward(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(60, EMBEDDING_DIM, seed=1), random_units(60, FEATURE_DIM, seed=2)
    ids = add_photos(np.concatenate([embeddings, embeddings[:4]]), np.concatenate([features, features[:4]]))
    before = _ids(engine, Query("perro"))
    middle = [one for one in before[20:40] if one in ids[:4] or one in ids[60:]] or [ids[0]]
    liked = middle[0]
    twin = ids[60 + ids.index(liked)] if liked in ids[:4] else ids[ids.index(liked) - 60]
    after = _ids(engine, Query("perro", liked=(liked,)))
    assert after.index(twin) < before.index(twin)
    assert set(after) == set(before)  # nothing is lost, neither the liked one
    worse = _ids(engine, Query("perro", disliked=(liked,)))
    assert worse.index(twin) > before.index(twin)
    best = before[0]
    assert _ids(engine, Query("perro", disliked=(best,)))[-1] == best  # called wrong, it comes last


@over_both_stores
def test_a_like_moves_photos_farther_than_it_makes_them_sure(engine: SearchEngine, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(60, EMBEDDING_DIM, seed=1), random_units(60, FEATURE_DIM, seed=2))
    before = {hit.photo_id: hit.probability for hit in engine.search(Query("perro")).hits}
    after = engine.search(Query("perro", liked=(ids[0],), disliked=(ids[1],))).hits
    compared = [hit for hit in after if hit.photo_id != ids[1]]
    odds = np.array([before[hit.photo_id] for hit in compared])
    odds = np.log(odds / (1 - odds))
    now = np.array([hit.probability for hit in compared])
    moved = np.array([hit.score for hit in compared]) - odds
    assert np.abs(moved).max() > 1
    np.testing.assert_allclose(np.log(now / (1 - now)) - odds, moved / 4, atol=0.02)


@over_both_stores
def test_a_like_without_vectors_is_said(engine: SearchEngine, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    result = engine.search(Query("perro", liked=(777,)))
    assert {hit.photo_id for hit in result.hits} == set(ids)
    assert result.not_analysed == (777,)


@over_both_stores
def test_an_empty_filter_asks_nothing(engine: SearchEngine) -> None:
    with pytest.raises(EmptyQuery):
        engine.search(Query("  ", filters=Filters()))


# The grammar, through the engine


@over_both_stores
def test_what_is_typed_filters_and_is_told(engine: SearchEngine, writer: Catalog, add_photos: AddPhotos) -> None:
    ids = add_photos(
        random_units(6, EMBEDDING_DIM, seed=1), names=[f"{n}.{'png' if n < 2 else 'jpg'}" for n in range(6)]
    )
    result = engine.search(Query("perro tipo:png"))
    assert {hit.photo_id for hit in result.hits} == set(ids[:2])
    assert [part.text for part in result.parts] == ["perro", "tipo:png"]
    assert result.filters == Filters(types=("png",))
    assert result.known == ("perro",)
    writer.set_favorite(ids[1:3], True)
    assert _ids(engine, Query("perro tipo:png", filters=Filters(favorites=True))) == [ids[1]]
    assert set(_ids(engine, Query("fotos favoritas"))) == set(ids[1:3])  # «fotos» asks for nothing
    assert _ids(engine, Query("perro tipo:png fecha:2019")) == []


@over_both_stores
def test_without_brings_back_what_shows_it(engine: SearchEngine, small_pack: Pack, add_photos: AddPhotos) -> None:
    regressor = CaptionRegressor(small_pack)
    dog, cat = (regressor(word).vector for word in ("perro", "gato"))
    assert dog is not None
    assert cat is not None
    both, only = dog + cat, dog + 0.2 * random_units(1, EMBEDDING_DIM, seed=3)[0]
    ids = add_photos(np.stack([both / np.linalg.norm(both), only / np.linalg.norm(only), cat]))
    found = engine.search(Query("perro sin gato")).hits
    assert found[0].photo_id == ids[1]
    assert all(0 <= hit.probability <= 1 for hit in found)
    plain = {hit.photo_id: hit.probability for hit in engine.search(Query("perro")).hits}
    assert {hit.photo_id: hit.probability for hit in found}[ids[0]] < plain[ids[0]]
    assert _ids(engine, Query("sin gato"))[-1] == ids[2]
    nothing = engine.search(Query("sin xyzzyq"))
    assert (nothing.hits, nothing.unknown) == ((), ("xyzzyq",))


@over_both_stores
def test_either_is_enough(engine: SearchEngine, small_pack: Pack, add_photos: AddPhotos) -> None:
    regressor = CaptionRegressor(small_pack)
    vectors = [regressor(word).vector for word in ("perro", "gato", "tren")]
    ids = add_photos(np.stack([vector for vector in vectors if vector is not None]))
    assert set(_ids(engine, Query("perro o gato"), 2)) == set(ids[:2])


@over_both_stores
def test_a_mistake_alone_finds_nothing_and_is_told(engine: SearchEngine, add_photos: AddPhotos) -> None:
    add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    result = engine.search(Query("tipo:xyz"))
    assert result.hits == ()
    assert [part.kind for part in result.parts] == [PartKind.MISTAKE]
