"""The matrix in memory says what the catalogue says, however it came to be."""

from __future__ import annotations

import numpy as np
import pytest

from photofinder.errors import CatalogDamaged
from photofinder.library.catalog import Catalog
from photofinder.search.vectors import VectorTable
from tests.search.search_samples import EMBEDDING_DIM, AddPhotos, random_units


def _by_id(table: VectorTable) -> dict[int, np.ndarray]:
    return dict(zip(table.ids.tolist(), table.matrix, strict=True))


def test_nothing_there(reader: Catalog) -> None:
    table = VectorTable("embedding", EMBEDDING_DIM)
    assert not table.follow(reader)
    assert len(table) == 0
    assert table.vector(1) is None
    assert table.rows_of(np.asarray([1, 2])).tolist() == [-1, -1]


def test_it_grows_with_the_catalogue(reader: Catalog, add_photos: AddPhotos) -> None:
    table = VectorTable("embedding", EMBEDDING_DIM)
    vectors = random_units(50, EMBEDDING_DIM, seed=1)
    ids: list[int] = []
    for start in range(0, 50, 7):
        ids += add_photos(vectors[start : start + 7])
        assert table.follow(reader)
        assert not table.follow(reader)
    assert table.ids.tolist() == ids
    np.testing.assert_allclose(table.matrix, vectors, atol=1e-3)
    assert table.matrix.dtype == np.float32
    assert table.matrix.flags.c_contiguous


def test_a_photo_embedded_again_keeps_one_row(writer: Catalog, reader: Catalog, add_photos: AddPhotos) -> None:
    table = VectorTable("embedding", EMBEDDING_DIM)
    ids = add_photos(random_units(5, EMBEDDING_DIM, seed=1))
    table.follow(reader)
    before = table.last_revision
    fresh = random_units(3, EMBEDDING_DIM, seed=2)
    writer.put_vectors(ids[2], "embedding", fresh[0])
    writer.put_vectors(ids[2], "embedding", fresh[1])
    writer.put_vectors(ids[0], "embedding", fresh[2])
    new = add_photos(fresh[:1])
    table.follow(reader)
    assert table.ids.tolist() == ids + new
    assert table.last_revision > before
    np.testing.assert_allclose(_by_id(table)[ids[2]], fresh[1], atol=1e-3)
    np.testing.assert_allclose(_by_id(table)[ids[0]], fresh[2], atol=1e-3)
    assert (table.revisions[[0, 2, 5]] > before).all()
    assert (table.revisions[[1, 3, 4]] <= before).all()


def test_rows_of_finds_ids_in_any_order(reader: Catalog, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(6, EMBEDDING_DIM, seed=3))
    table = VectorTable("embedding", EMBEDDING_DIM)
    table.follow(reader)
    wanted = np.asarray([ids[4], 10**12, ids[0], -1])
    assert table.rows_of(wanted).tolist() == [4, -1, 0, -1]


def test_a_vector_that_is_not_unit_is_not_usable(writer: Catalog, reader: Catalog, add_photos: AddPhotos) -> None:
    ids = add_photos(random_units(4, EMBEDDING_DIM, seed=4))
    writer.put_vectors(ids[1], "embedding", np.zeros(EMBEDDING_DIM, dtype=np.float32))
    writer.put_vectors(ids[2], "embedding", np.full(EMBEDDING_DIM, 100, dtype=np.float32))
    table = VectorTable("embedding", EMBEDDING_DIM)
    table.follow(reader)
    usable = dict(zip(table.ids.tolist(), table.usable.tolist(), strict=True))
    assert usable == {ids[0]: True, ids[1]: False, ids[2]: False, ids[3]: True}
    assert table.vector(ids[1]) is None


def test_vectors_of_another_length_are_damage(reader: Catalog, add_photos: AddPhotos) -> None:
    add_photos(random_units(2, EMBEDDING_DIM, seed=4))
    with pytest.raises(CatalogDamaged):
        VectorTable("embedding", EMBEDDING_DIM + 1).follow(reader)
