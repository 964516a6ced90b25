"""Photos compared by a descriptor: exact distances, and an answer in their order with the pack's certainty."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from photofinder.library.catalog import Catalog
from photofinder.library.catalog_descriptors import DescribedPhoto
from photofinder.library.filters import Filters
from photofinder.model.descriptors import Comparison, Descriptor
from photofinder.model.pack import Pack
from photofinder.search import vector_files
from photofinder.search.described import Described
from photofinder.search.engine import SearchEngine
from photofinder.search.query import PhotoVectorsOne, Query
from photofinder.search.scoring import mean_photo
from tests.search.search_samples import AddPhotos, Vectors, random_units

DIM = 48
ONE = Descriptor("uno", "Uno", "alexnet", "fc7", DIM, "uno-00000000.pth", 10)
TWO = Descriptor("dos", "Dos", "alexnet", "fc6", DIM, "uno-00000000.pth", 10)


def describe(catalog: Catalog, ids: list[int], vectors: Vectors, descriptor: Descriptor = ONE) -> None:
    store = catalog.descriptor(descriptor.name, descriptor.fingerprint, descriptor.dim)
    store.begin()
    photos = catalog.photos(ids)
    seen = [DescribedPhoto(photo_id, photos[photo_id].size, photos[photo_id].mtime_ns) for photo_id in ids]
    assert store.put(seen, vectors) == len(ids)


def raw_numbers(count: int, seed: int = 7) -> Vectors:
    """As layers after a rectifier give them: many zeros, lengths of dozens."""
    numbers = np.random.default_rng(seed).standard_normal((count, DIM)) * 9
    return np.maximum(numbers, 0).astype(np.float16).astype(np.float32)


@pytest.fixture
def catalog(writer: Catalog) -> Catalog:
    """The connection that both analyses and searches here."""
    return writer


@pytest.fixture
def photos(add_photos: AddPhotos) -> tuple[list[int], Vectors, Vectors]:
    """Ids, features and embeddings of 60 photos."""
    features, embeddings = random_units(60, 12, 1), random_units(60, 16, 2)
    return add_photos(embeddings, features), features, embeddings


@pytest.fixture
def engine(catalog: Catalog, small_pack: Pack) -> Iterator[SearchEngine]:
    yield SearchEngine(catalog, small_pack)


def expected_distances(vectors: Vectors, one: Vectors, distance: str) -> np.ndarray:
    wide, point = vectors.astype(np.float64), one.astype(np.float64)
    if distance == "l1":
        return np.abs(wide - point).sum(1)
    if distance == "l2":
        return np.linalg.norm(wide - point, axis=1)
    return 1 - wide @ point / np.linalg.norm(wide, axis=1) / np.linalg.norm(point)


@pytest.mark.parametrize("distance", ["cosine", "l1", "l2"])
def test_distances_are_exact_and_order_the_answer(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors], distance: str
) -> None:
    ids, _, _ = photos
    vectors = raw_numbers(60)
    describe(catalog, ids, vectors)
    expected = expected_distances(vectors, vectors[3], distance)
    result = engine.search(Query(photo_ids=(ids[3],), compare=Comparison(ONE, distance)))
    order = [ids[i] for i in np.argsort(expected, kind="stable") if i != 3]
    assert [hit.photo_id for hit in result.hits] == order
    measured = [expected[ids.index(hit.photo_id)] for hit in result.hits]
    np.testing.assert_allclose([hit.distance for hit in result.hits], measured, rtol=1e-5, atol=2e-6)
    plain = engine.search(Query(photo_ids=(ids[3],)))
    assert [hit.photo_id for hit in plain.hits] != order and plain.hits[0].distance is None
    # how sure the first, the second and so on are is what the pack says
    np.testing.assert_allclose(
        [hit.probability for hit in result.hits], [hit.probability for hit in plain.hits], rtol=1e-6
    )
    assert result.compared is not None and result.compared.used and result.compared.lacking == 0
    assert plain.compared is None


def test_the_three_distances_are_not_the_same(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, _, _ = photos
    describe(catalog, ids, raw_numbers(60) * np.linspace(0.2, 4, 60, dtype=np.float32)[:, None])
    orders = {
        distance: tuple(
            hit.photo_id for hit in engine.search(Query(photo_ids=(ids[0],), compare=Comparison(ONE, distance))).hits
        )
        for distance in ("cosine", "l1", "l2")
    }
    assert len(set(orders.values())) == 3


def test_photos_without_a_vector_keep_their_places_and_are_counted(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, _, _ = photos
    vectors = raw_numbers(60)
    describe(catalog, ids[:40], vectors[:40])
    compare = Comparison(ONE, "l1")
    plain = {hit.photo_id: hit.probability for hit in engine.search(Query(photo_ids=(ids[0],))).hits}
    result = engine.search(Query(photo_ids=(ids[0],), compare=compare))
    assert result.compared is not None and (result.compared.used, result.compared.lacking) == (True, 20)
    for hit in result.hits:
        if hit.photo_id in ids[40:]:
            assert hit.distance is None and hit.probability == pytest.approx(plain[hit.photo_id])
    described = [hit for hit in result.hits if hit.distance is not None]
    assert len(described) == 39
    assert [hit.distance for hit in described] == sorted(hit.distance or 0 for hit in described)
    # asked about one that has none: the pack's features compare, and it is named
    result = engine.search(Query(photo_ids=(ids[50],), compare=compare))
    assert result.compared is not None and not result.compared.used and result.compared.not_described == (ids[50],)
    assert [hit.photo_id for hit in result.hits] == [
        hit.photo_id for hit in engine.search(Query(photo_ids=(ids[50],))).hits
    ]
    # what comes while the engine lives is seen
    describe(catalog, ids[40:], vectors[40:])
    result = engine.search(Query(photo_ids=(ids[50],), compare=compare))
    assert result.compared is not None and (result.compared.used, result.compared.lacking) == (True, 0)


def test_a_photo_from_outside_words_likes_and_filters_go_together_with_it(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, features, embeddings = photos
    vectors = raw_numbers(60)
    describe(catalog, ids, vectors)
    compare = Comparison(ONE, "l2")
    outside = PhotoVectorsOne(features[9], embeddings[9], vectors[9] + 0.01)
    result = engine.search(Query(photos=(outside,), compare=compare))
    assert result.hits[0].photo_id == ids[9]
    assert engine.search(Query("perro", photos=(outside,), compare=compare)).hits
    unlike = engine.search(Query(photos=(outside,), photo_weights=(-1.0,), compare=compare))
    assert unlike.hits[-1].photo_id == ids[9]
    liked = engine.search(Query("perro", liked=(ids[9],), compare=compare))
    before = engine.search(Query("perro", compare=compare))
    assert before.compared is None, "words alone compare no photos"
    place = {hit.photo_id: i for i, hit in enumerate(liked.hits)}
    assert place[ids[9]] <= [hit.photo_id for hit in before.hits].index(ids[9])
    assert liked.compared is not None and liked.compared.used
    none = engine.search(Query(photos=(outside,), compare=compare, filters=Filters(path_contains=("no hay",))))
    assert not none.hits
    lacking = PhotoVectorsOne(features[9], embeddings[9])
    result = engine.search(Query(photos=(lacking,), compare=compare))
    assert result.compared is not None and not result.compared.used


def test_what_the_catalogue_drops_is_not_compared_any_longer(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, _, _ = photos
    describe(catalog, ids, raw_numbers(60))
    compare = Comparison(ONE)
    assert engine.search(Query(photo_ids=(ids[0],), compare=compare)).hits
    (photo,) = catalog.photos([ids[1]]).values()
    features, embeddings = random_units(1, 12, 5), random_units(1, 16, 6)
    with catalog.transaction():  # its file changed and was analysed again
        catalog.add_or_update_photo(photo.folder_id, photo.rel_path, 77, 88, content_hash="otro")
        catalog.put_vectors(ids[1], "feature", features)
        catalog.put_vectors(ids[1], "embedding", embeddings)
    result = engine.search(Query(photo_ids=(ids[0],), compare=compare))
    assert result.compared is not None and result.compared.lacking == 1
    assert next(hit for hit in result.hits if hit.photo_id == ids[1]).distance is None
    store = catalog.descriptor(ONE.name, ONE.fingerprint, ONE.dim)
    while store.delete_some():
        pass
    result = engine.search(Query(photo_ids=(ids[0],), compare=compare))
    assert result.compared is not None and not result.compared.used and len(result.hits) == 59


def test_two_descriptors_are_two_things(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, _, _ = photos
    describe(catalog, ids, raw_numbers(60, 1), ONE)
    describe(catalog, ids, raw_numbers(60, 2), TWO)
    answers = [
        [hit.photo_id for hit in engine.search(Query(photo_ids=(ids[0],), compare=Comparison(one))).hits]
        for one in (ONE, TWO, ONE)
    ]
    assert answers[0] == answers[2] != answers[1]
    assert catalog.counts().analysed == 60, "the pack in use is still the pack"


def test_copies_and_vectors_of_zeros(
    catalog: Catalog, engine: SearchEngine, photos: tuple[list[int], Vectors, Vectors]
) -> None:
    ids, features, embeddings = photos
    vectors = raw_numbers(60)
    vectors[7] = vectors[5]
    vectors[8] = 0
    describe(catalog, ids, vectors)
    result = engine.search(Query(photo_ids=(ids[5],), compare=Comparison(ONE, "l1")))
    assert result.hits[0].photo_id == ids[7] and result.hits[0].distance == 0
    result = engine.search(Query(photo_ids=(ids[0],), compare=Comparison(ONE)))
    assert result.compared is not None and result.compared.lacking == 1, "nothing resembles nothing"
    nothing = PhotoVectorsOne(features[0], embeddings[0], np.zeros(DIM, np.float32))
    assert len(engine.search(Query(photos=(nothing,), compare=Comparison(ONE))).hits) == 60


def test_mapped_vectors_answer_as_those_of_the_catalogue(
    catalog: Catalog, photos: tuple[list[int], Vectors, Vectors], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_files, "MIN_ROWS", 20)
    ids, _, _ = photos
    vectors = raw_numbers(60)
    describe(catalog, ids[:50], vectors[:50])
    everything = np.asarray(ids, dtype=np.int64)
    first = Described(Comparison(ONE, "l1"), catalog, tmp_path / "neighbors")
    assert first.keep()
    assert not Described(Comparison(ONE), catalog, tmp_path / "neighbors").keep(), "it is there already"
    before = first.distances(vectors[2], everything)
    describe(catalog, ids[50:], vectors[50:])
    second = Described(Comparison(ONE, "l1"), catalog, tmp_path / "neighbors")
    second.follow()
    assert second._table.mapped == 50 and len(second) == 60
    np.testing.assert_array_equal(second.distances(vectors[2], everything)[:50], before[:50])
    assert np.isfinite(second.distances(vectors[2], everything)).all()
    vector_files.delete(tmp_path / "neighbors", ONE.name)
    assert not list((tmp_path / "neighbors").iterdir())


def test_a_mean_has_a_description_only_if_all_do() -> None:
    one = PhotoVectorsOne(np.ones(2, np.float32), np.ones(2, np.float32), np.ones(3, np.float32))
    other = PhotoVectorsOne(np.ones(2, np.float32), np.ones(2, np.float32))
    assert mean_photo([one, other], [1, 1]).described is None
    np.testing.assert_allclose(mean_photo([one, one], [1, 3]).described, 1)
