"""Searching by words, by photos and by both, over a catalogue that changes meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from photofinder.errors import EmptyQuery
from photofinder.library.catalog import Catalog
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.search import neighbors, vector_files
from photofinder.search.certainty import WORDS
from photofinder.search.engine import SearchEngine
from photofinder.search.query import PhotoVectorsOne, Query
from tests.conftest import BOTH_STORES
from tests.search.search_samples import EMBEDDING_DIM, FEATURE_DIM, AddPhotos, Vectors, random_units, unit

over_both_stores = pytest.mark.parametrize("open_catalog", BOTH_STORES, indirect=True)


@pytest.fixture
def engine(reader: Catalog, small_pack: Pack) -> SearchEngine:
    return SearchEngine(reader, small_pack)


@pytest.fixture
def dog(small_pack: Pack) -> Vectors:
    """The direction of the word «perro»."""
    vector = CaptionRegressor(small_pack)("perro").vector
    assert vector is not None
    return vector


def _around(vector: Vectors, *cosines: float) -> Vectors:
    """One unit vector a cosine with ``vector``."""
    other = random_units(len(cosines), len(vector), seed=7)
    other = unit(other - (other @ vector)[:, None] * vector)
    wanted = np.asarray(cosines, dtype=np.float32)[:, None]
    return unit(wanted * vector + np.sqrt(1 - wanted**2) * other)


def _answer(engine: SearchEngine, text: str, limit: int) -> list[tuple[int, float]]:
    """Photos and scores, without the last bit that depends on how the product was cut."""
    return [(hit.photo_id, round(hit.score, 4)) for hit in engine.search(Query(text), limit).hits]


def _ids(engine: SearchEngine, query: Query, limit: int = 200) -> list[int]:
    return [hit.photo_id for hit in engine.search(query, limit).hits]


# Words


@over_both_stores
def test_photos_come_by_their_cosine_with_the_phrase(engine: SearchEngine, dog: Vectors, add_photos: AddPhotos) -> None:
    ids = add_photos(_around(dog, 0.1, 0.9, 0.5), names=["a.jpg", "b.jpg", "c.jpg"])
    result = engine.search(Query("perro"))
    assert [hit.photo_id for hit in result.hits] == [ids[1], ids[2], ids[0]]
    assert [hit.score for hit in result.hits] == pytest.approx([0.9, 0.5, 0.1], abs=2e-3)
    assert [hit.path.name for hit in result.hits] == ["b.jpg", "c.jpg", "a.jpg"]
    assert [hit.probability for hit in result.hits] == pytest.approx(
        [1 / (1 + np.exp(-(10 * hit.score - 3))) for hit in result.hits], rel=1e-4
    )
    assert (result.known, result.unknown) == (("perro",), ())


@over_both_stores
def test_a_photo_of_half_of_the_phrase_is_not_sure(
    engine: SearchEngine, small_pack: Pack, dog: Vectors, add_photos: AddPhotos
) -> None:
    phrase = CaptionRegressor(small_pack)("un perro en la playa")
    assert phrase.vector is not None
    _, beach = phrase.content
    both = unit((dog + beach)[None])[0]
    only_dog = unit((both - (both @ beach) * beach + 0.2 * dog)[None])[0]
    photos = np.stack([both, only_dog])
    ids = add_photos(photos)
    hits = engine.search(Query(phrase.text)).hits
    assert [hit.photo_id for hit in hits] == ids, "the whole phrase orders them"
    by_whole = 1 / (1 + np.exp(3 - 10 * (photos @ phrase.vector)))
    assert by_whole.min() >= WORDS.sure
    assert hits[0].probability == pytest.approx(by_whole[0], abs=2e-3)
    assert WORDS.floor <= hits[1].probability < WORDS.sure
    features = random_units(2, FEATURE_DIM, seed=3)
    far = PhotoVectorsOne(features[0], -beach)  # a wish beside the words that changes little of how alike both are
    for query in (
        Query(f"{phrase.text} o tren"),
        Query(f"{phrase.text} sin tren"),
        Query(phrase.text, photos=(far,), photo_weights=(0.01,)),
        Query(phrase.text, liked=(ids[0],)),
    ):
        first, second = engine.search(query).hits
        assert (first.photo_id, second.photo_id) == tuple(ids)
        assert first.probability >= WORDS.sure > second.probability >= WORDS.floor, query


@over_both_stores
def test_no_more_than_asked(engine: SearchEngine, dog: Vectors, add_photos: AddPhotos) -> None:
    ids = add_photos(_around(dog, 0.1, 0.9, 0.5, 0.7))
    assert _ids(engine, Query("perro"), limit=2) == [ids[1], ids[3]]
    with pytest.raises(ValueError, match="limit"):
        engine.search(Query("perro"), limit=0)


@over_both_stores
def test_the_same_vector_comes_in_the_order_of_the_catalogue(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos
) -> None:
    ids = add_photos(np.repeat(_around(dog, 0.5), 37, axis=0))
    assert _ids(engine, Query("perro")) == ids
    assert _ids(engine, Query("perro"), limit=5) == ids[:5]


@pytest.mark.parametrize("text", ["", "   \n\t", "\x00", "\u200b"])
@over_both_stores
def test_nothing_asked(engine: SearchEngine, text: str) -> None:
    with pytest.raises(EmptyQuery):
        engine.search(Query(text))


@pytest.mark.parametrize("text", ["xyzzyq", "собака", "犬", "12345 67890", "🐶", "¿?", "\udcff\udcfe zzxyq?? zzz"])
@over_both_stores
def test_words_nobody_knows_give_no_photos_and_no_exception(
    engine: SearchEngine, add_photos: AddPhotos, text: str
) -> None:
    add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    result = engine.search(Query(text))
    assert result.hits == ()
    assert result.known == ()


@over_both_stores
def test_unknown_words_are_named_with_what_may_have_been_meant(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos
) -> None:
    ids = add_photos(_around(dog, 0.9))
    result = engine.search(Query("qato perro xilófono"))
    assert [hit.photo_id for hit in result.hits] == ids
    assert "xilófono" in result.unknown
    assert result.suggestions.get("qato") == ("gato",)
    assert "xilófono" not in result.suggestions


@over_both_stores
def test_ten_thousand_characters(engine: SearchEngine, dog: Vectors, add_photos: AddPhotos) -> None:
    ids = add_photos(_around(dog, 0.9))
    assert _ids(engine, Query("perro " * 3_000)) == ids
    assert engine.search(Query("x" * 100_000)).hits == ()


@over_both_stores
def test_accents_and_capitals_as_the_keyboard_gives_them(engine: SearchEngine, add_photos: AddPhotos) -> None:
    add_photos(random_units(8, EMBEDDING_DIM, seed=1))
    plain = _ids(engine, Query("montaña"))
    assert plain
    assert _ids(engine, Query("MONTAN\u0303A")) == plain


@over_both_stores
def test_an_empty_catalogue(engine: SearchEngine) -> None:
    assert engine.search(Query("perro")).hits == ()


# Photos


@over_both_stores
def test_by_a_photo_from_anywhere(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(30, EMBEDDING_DIM, seed=1), random_units(30, FEATURE_DIM, seed=2)
    ids = add_photos(embeddings, features)
    photo = PhotoVectorsOne(features[11], embeddings[11])
    result = engine.search(Query(photos=(photo,)))
    expected = 0.6 * features @ features[11] + 0.4 * embeddings @ embeddings[11]
    assert [hit.photo_id for hit in result.hits] == [ids[place] for place in np.argsort(-expected)]
    assert result.hits[0].score == pytest.approx(1, abs=2e-3)
    assert result.hits[0].probability == pytest.approx(1 / (1 + np.exp(-3)), abs=2e-3)


@over_both_stores
def test_a_catalogued_photo_is_left_out_of_its_own_results(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(10, EMBEDDING_DIM, seed=1), random_units(10, FEATURE_DIM, seed=2)
    ids = add_photos(np.concatenate([embeddings, embeddings[3:4]]), np.concatenate([features, features[3:4]]))
    found = _ids(engine, Query(photo_ids=(ids[3],)))
    assert found[0] == ids[10]  # its copy
    assert ids[3] not in found
    assert len(found) == 10


@over_both_stores
def test_several_photos_are_averaged(engine: SearchEngine, add_photos: AddPhotos) -> None:
    embeddings, features = random_units(10, EMBEDDING_DIM, seed=1), random_units(10, FEATURE_DIM, seed=2)
    ids = add_photos(embeddings, features)
    both = engine.search(Query(photo_ids=(ids[0],), photos=(PhotoVectorsOne(features[1], embeddings[1]),)))
    one = 0.6 * features @ features[0] + 0.4 * embeddings @ embeddings[0]
    other = 0.6 * features @ features[1] + 0.4 * embeddings @ embeddings[1]
    scores = {hit.photo_id: hit.score for hit in both.hits}
    assert scores == pytest.approx({ids[place]: (one + other)[place] / 2 for place in range(1, 10)}, abs=2e-3)


@over_both_stores
def test_a_photo_that_is_not_analysed_yet_is_said_not_guessed(engine: SearchEngine, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    result = engine.search(Query(photo_ids=(12345,)))
    assert (result.hits, result.not_analysed) == ((), (12345,))
    mixed = engine.search(Query(photo_ids=(ids[0], 12345)))
    assert {hit.photo_id for hit in mixed.hits} == set(ids[1:])
    assert mixed.not_analysed == (12345,)


@over_both_stores
def test_a_photo_without_features_is_not_compared_by_photo(
    engine: SearchEngine, add_photos: AddPhotos, writer: Catalog
) -> None:
    embeddings, features = random_units(4, EMBEDDING_DIM, seed=1), random_units(4, FEATURE_DIM, seed=2)
    ids = add_photos(embeddings, features)
    writer.put_vectors(ids[2], "feature", np.zeros(FEATURE_DIM, dtype=np.float32))
    photo = PhotoVectorsOne(features[2], embeddings[2])
    assert set(_ids(engine, Query(photos=(photo,)))) == {ids[0], ids[1], ids[3]}
    assert set(_ids(engine, Query("perro"))) == set(ids)


# Both


@over_both_stores
def test_words_and_a_photo_meet_at_the_mean_of_their_log_odds(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos
) -> None:
    embeddings, features = random_units(20, EMBEDDING_DIM, seed=1), random_units(20, FEATURE_DIM, seed=2)
    ids = add_photos(embeddings, features)
    photo = PhotoVectorsOne(features[4], embeddings[4])
    result = engine.search(Query("perro", photos=(photo,)))
    by_text = 10 * embeddings @ dog - 3
    by_photo = 8 * (0.6 * features @ features[4] + 0.4 * embeddings @ embeddings[4]) - 5
    expected = {ids[place]: value for place, value in enumerate((by_text + by_photo) / 2)}
    assert {hit.photo_id: hit.score for hit in result.hits} == pytest.approx(expected, abs=3e-2)
    assert [hit.photo_id for hit in result.hits] == sorted(expected, key=lambda one: -expected[one])
    top = result.hits[0]
    assert top.probability == pytest.approx(1 / (1 + np.exp(-top.score)), rel=1e-4)


@over_both_stores
def test_words_nobody_knows_leave_the_photo_to_answer(engine: SearchEngine, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(5, EMBEDDING_DIM, seed=1))
    result = engine.search(Query("xyzzyq", photo_ids=(ids[0],)))
    assert {hit.photo_id for hit in result.hits} == set(ids[1:])
    assert result.unknown == ("xyzzyq",)


# A catalogue that changes


@over_both_stores
def test_what_another_connection_commits_is_found_at_the_next_search(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, writer: Catalog
) -> None:
    first = add_photos(_around(dog, 0.5))
    assert _ids(engine, Query("perro")) == first
    second = add_photos(_around(dog, 0.9))
    assert _ids(engine, Query("perro")) == second + first
    writer.put_vectors(first[0], "embedding", _around(dog, 0.95)[0])
    assert _ids(engine, Query("perro")) == first + second


@over_both_stores
def test_a_batch_that_is_not_committed_yet_is_not_there(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, writer: Catalog
) -> None:
    first = add_photos(_around(dog, 0.5))
    with writer.transaction():
        second = add_photos(_around(dog, 0.9))
        assert _ids(engine, Query("perro")) == first
    assert _ids(engine, Query("perro")) == second + first


@over_both_stores
def test_what_is_gone_is_not_shown_and_comes_back(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, writer: Catalog
) -> None:
    ids = add_photos(_around(dog, 0.9, 0.5))
    writer.mark_missing([ids[0]])
    assert _ids(engine, Query("perro")) == [ids[1]]
    writer.mark_found([ids[0]])
    assert _ids(engine, Query("perro")) == ids


@over_both_stores
def test_a_removed_folder_takes_its_photos_with_it(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, writer: Catalog
) -> None:
    add_photos(_around(dog, 0.9, 0.5))
    assert len(_ids(engine, Query("perro"))) == 2
    writer.remove_folder(writer.folders()[0].id)
    assert _ids(engine, Query("perro")) == []


@over_both_stores
def test_photos_of_a_drive_that_is_away_are_found_and_marked(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, tmp_path: Path
) -> None:
    ids = add_photos(_around(dog, 0.9))
    assert [hit.offline for hit in engine.search(Query("perro")).hits] == [False]
    (tmp_path / "fotos").rename(tmp_path / "away")
    hits = engine.search(Query("perro")).hits
    assert [(hit.photo_id, hit.offline) for hit in hits] == [(ids[0], True)]


@over_both_stores
def test_vectors_of_another_pack_are_never_compared(
    engine: SearchEngine, dog: Vectors, add_photos: AddPhotos, writer: Catalog, reader: Catalog, small_pack: Pack
) -> None:
    ids = add_photos(_around(dog, 0.9, 0.5))
    assert _ids(engine, Query("perro")) == ids
    writer.use_pack("b" * 32, FEATURE_DIM, EMBEDDING_DIM)
    writer.put_vectors(ids[1], "embedding", dog)
    assert _ids(engine, Query("perro")) == ids
    writer.use_pack(small_pack.fingerprint, FEATURE_DIM, EMBEDDING_DIM)
    writer.put_vectors(ids[1], "embedding", dog)
    assert _ids(engine, Query("perro")) == [ids[1], ids[0]]


# Many photos


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The index serves libraries of hundreds, so that a test need not make a hundred thousand photos."""
    monkeypatch.setattr(neighbors, "MIN_VECTORS", 100)
    monkeypatch.setattr(neighbors, "MIN_SEARCH_K", 50)
    monkeypatch.setattr(neighbors, "SEARCH_K_PER_RESULT", 20)


@pytest.mark.usefixtures("few_are_many")
def test_the_index_changes_nothing_but_the_time(
    reader: Catalog, small_pack: Pack, add_photos: AddPhotos, writer: Catalog, paths: DataPaths
) -> None:
    ids = add_photos(random_units(600, EMBEDDING_DIM, seed=1))
    exact = SearchEngine(reader, small_pack)
    engine = SearchEngine(reader, small_pack, paths.neighbors)
    assert engine.update_neighbors()
    assert not engine.update_neighbors()
    fresh = SearchEngine(reader, small_pack, paths.neighbors)
    add_photos(random_units(20, EMBEDDING_DIM, seed=2), names=[f"nueva-{n}.jpg" for n in range(20)])
    writer.mark_missing(ids[::3])
    for _ in range(3):
        for word in ("perro", "gato", "playa", "tren"):
            for limit in (5, 500):  # 500 is more than annoy is asked for
                expected = _answer(exact, word, limit)
                assert _answer(engine, word, limit) == expected
                assert _answer(fresh, word, limit) == expected


@pytest.mark.usefixtures("few_are_many")
def test_when_nearly_all_is_gone_the_rest_is_still_found(
    reader: Catalog, small_pack: Pack, add_photos: AddPhotos, writer: Catalog, paths: DataPaths
) -> None:
    ids = add_photos(random_units(600, EMBEDDING_DIM, seed=1))
    engine = SearchEngine(reader, small_pack, paths.neighbors)
    engine.update_neighbors()
    writer.mark_missing(ids[:-4])
    assert set(_ids(engine, Query("perro"), limit=4)) == set(ids[-4:])


@pytest.mark.usefixtures("few_are_many")
def test_a_harmed_index_is_nobodys_business(
    reader: Catalog, small_pack: Pack, add_photos: AddPhotos, paths: DataPaths
) -> None:
    add_photos(random_units(300, EMBEDDING_DIM, seed=1))
    SearchEngine(reader, small_pack, paths.neighbors).update_neighbors()
    (folder,) = paths.neighbors.iterdir()
    (folder / "index.ann").write_bytes(b"")
    engine = SearchEngine(reader, small_pack, paths.neighbors)
    expected = _answer(SearchEngine(reader, small_pack), "perro", 5)
    for _ in range(3):
        assert _answer(engine, "perro", 5) == expected
    assert engine.update_neighbors()
    assert _answer(engine, "perro", 5) == expected


def test_a_small_library_gets_no_index(
    reader: Catalog, small_pack: Pack, add_photos: AddPhotos, paths: DataPaths
) -> None:
    add_photos(random_units(300, EMBEDDING_DIM, seed=1))
    assert not SearchEngine(reader, small_pack, paths.neighbors).update_neighbors()
    assert not paths.neighbors.exists()


def test_after_an_analysis_vectors_of_both_kinds_are_kept_and_found_again(
    reader: Catalog, small_pack: Pack, add_photos: AddPhotos, paths: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_files, "MIN_ROWS", 100)
    ids = add_photos(random_units(300, EMBEDDING_DIM, seed=1), random_units(300, FEATURE_DIM, seed=2))
    engine = SearchEngine(reader, small_pack, paths.neighbors)
    engine.update_neighbors()
    assert sorted(file.name.split("-")[0] for file in paths.neighbors.iterdir()) == ["embedding", "feature"]
    expected = _ids(SearchEngine(reader, small_pack), Query("perro", photo_ids=(ids[7],)))
    for one in (engine, SearchEngine(reader, small_pack, paths.neighbors)):
        assert _ids(one, Query("perro", photo_ids=(ids[7],))) == expected


# What is imported

_SEARCH = """
import json, sys
from pathlib import Path
from photofinder.library.catalog import Catalog
from photofinder.model.pack import Pack
from photofinder.search.engine import SearchEngine
from photofinder.search.query import Query
catalog, folder, manifest = sys.argv[1:]
pack = Pack(Path(folder), "small", "a" * 32, 12, 16, json.loads(manifest))
with Catalog.open(Path(catalog)) as reader:
    engine = SearchEngine(reader, pack)
    hits = engine.search(Query("perro")).hits
    hits += engine.search(Query("perro", photo_ids=(hits[0].photo_id,))).hits
heavy = [name for name in ("torch", "torchvision", "PySide6", "sklearn") if name in sys.modules]
print(json.dumps([len(hits), heavy]))
"""


def test_searching_imports_neither_torch_nor_qt(small_pack: Pack, add_photos: AddPhotos, paths: DataPaths) -> None:
    add_photos(random_units(3, EMBEDDING_DIM, seed=1))
    done = subprocess.run(
        [sys.executable, "-c", _SEARCH, paths.catalog, small_pack.folder, json.dumps(dict(small_pack.manifest))],
        capture_output=True,
        text=True,
        check=True,
        timeout=200,
    )
    assert json.loads(done.stdout) == [5, []]
