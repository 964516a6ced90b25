"""annoy finds what the exact search finds; where it cannot be trusted it is not used; nobody ever sees an error."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from photofinder.library.catalog import Catalog
from photofinder.search import neighbors
from photofinder.search.vectors import VectorTable
from tests.search.search_samples import EMBEDDING_DIM, AddPhotos, Vectors, random_units

PACK = "a" * 32


@pytest.fixture
def table(reader: Catalog, add_photos: AddPhotos) -> VectorTable:
    add_photos(random_units(400, EMBEDDING_DIM, seed=1))
    found = VectorTable("embedding", EMBEDDING_DIM)
    found.follow(reader)
    return found


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "neighbors"


def _open(directory: Path, table: VectorTable) -> neighbors.Neighbors | None:
    return neighbors.open_newest(directory, PACK, table)


def test_the_nearest_and_their_cosines(directory: Path, table: VectorTable) -> None:
    assert neighbors.build(directory, PACK, table)
    found = _open(directory, table)
    assert found is not None
    query = random_units(1, EMBEDDING_DIM, seed=2)[0]
    nearest = found.nearest(query, 20, table)
    exact = table.matrix @ query
    assert set(nearest.rows) == set(np.argsort(-exact)[:20])
    np.testing.assert_allclose(nearest.cosines, exact[nearest.rows], atol=1e-5)


def test_what_is_newer_than_the_index_is_its_tail(
    directory: Path, table: VectorTable, writer: Catalog, reader: Catalog, add_photos: AddPhotos
) -> None:
    neighbors.build(directory, PACK, table)
    query = random_units(1, EMBEDDING_DIM, seed=2)[0]
    best = int(table.ids[np.argmax(table.matrix @ query)])
    added = add_photos(query[None])
    writer.put_vectors(best, "embedding", -query)
    table.follow(reader)
    found = _open(directory, table)
    assert found is not None
    tail = table.ids[found.tail(table)]
    assert sorted(tail) == sorted([best, added[0]])  # the changed photo with its new vector
    assert best not in table.ids[found.nearest(query, 10, table).rows]


def test_what_is_left_is_one_complete_revision(
    directory: Path, table: VectorTable, reader: Catalog, add_photos: AddPhotos
) -> None:
    neighbors.build(directory, PACK, table)
    add_photos(random_units(5, EMBEDDING_DIM, seed=3))
    table.follow(reader)
    neighbors.build(directory, PACK, table)
    (folder,) = directory.iterdir()
    assert folder.name == str(table.last_revision)
    assert sorted(file.name for file in folder.iterdir()) == ["ids.npy", "index.ann", "manifest.json"]
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["dim"], manifest["pack"], manifest["count"]) == (EMBEDDING_DIM, PACK, 405)
    assert manifest["files"]["index.ann"]["bytes"] == (folder / "index.ann").stat().st_size


def test_a_damaged_vector_is_left_out(directory: Path, table: VectorTable, writer: Catalog, reader: Catalog) -> None:
    writer.put_vectors(int(table.ids[7]), "embedding", np.zeros(EMBEDDING_DIM, dtype=np.float32))
    table.follow(reader)
    assert neighbors.build(directory, PACK, table)
    found = _open(directory, table)
    assert found is not None
    assert len(found) == 399


def _truncate(folder: Path) -> None:
    data = (folder / "index.ann").read_bytes()
    (folder / "index.ann").write_bytes(data[: len(data) // 2])


def _flip_a_bit(folder: Path) -> None:
    data = bytearray((folder / "index.ann").read_bytes())
    data[len(data) // 2] ^= 1
    (folder / "index.ann").write_bytes(data)


def _lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _manifest_is_a_list(folder: Path) -> None:
    (folder / "manifest.json").write_text("[]")


def _manifest_is_half(folder: Path) -> None:
    text = (folder / "manifest.json").read_text()
    (folder / "manifest.json").write_text(text[: len(text) // 2])


def _no_files_in_manifest(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"files": 3}))


def _ids_are_pickled(folder: Path) -> None:
    np.save(folder / "ids.npy", np.asarray([{}], dtype=object), allow_pickle=True)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["ids.npy"] = neighbors._measure(folder / "ids.npy")
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _fewer_ids(folder: Path) -> None:
    np.save(folder / "ids.npy", np.arange(3, dtype=np.int64))
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["ids.npy"] = neighbors._measure(folder / "ids.npy")
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _another_revision(folder: Path) -> None:
    folder.rename(folder.with_name("999999"))


@pytest.mark.parametrize(
    "harm",
    [
        _truncate, _flip_a_bit, _lose_manifest, _manifest_is_a_list, _manifest_is_half, _no_files_in_manifest,
        _ids_are_pickled, _fewer_ids, _another_revision,
    ],
)  # fmt: skip
def test_a_harmed_index_is_not_used_and_is_built_again(
    directory: Path, table: VectorTable, harm: Callable[[Path], None]
) -> None:
    neighbors.build(directory, PACK, table)
    harm(directory / str(table.last_revision))
    assert _open(directory, table) is None
    assert neighbors.build(directory, PACK, table)
    assert _open(directory, table) is not None


def test_an_index_of_another_pack_is_not_used(directory: Path, table: VectorTable) -> None:
    neighbors.build(directory, "b" * 32, table)
    assert _open(directory, table) is None


def test_an_index_of_another_catalogue_is_not_used(directory: Path, table: VectorTable, writer: Catalog) -> None:
    neighbors.build(directory, PACK, table)
    vectors = random_units(len(table), EMBEDDING_DIM, seed=8)

    class OtherCatalog:
        path = writer.path

        def vector_chunks(self, kind: str, after: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
            yield table.revisions.copy(), table.ids.copy(), vectors.astype(np.float16)

        def count_vectors(self, kind: str, revision: int) -> int:
            return len(table)

    other = VectorTable("embedding", EMBEDDING_DIM)
    other.follow(OtherCatalog())  # type: ignore[arg-type]
    assert _open(directory, other) is None


def test_rows_the_index_never_saw_rule_it_out(
    directory: Path, table: VectorTable, reader: Catalog, add_photos: AddPhotos
) -> None:
    neighbors.build(directory, PACK, table)
    folder = directory / str(table.last_revision)
    add_photos(random_units(5, EMBEDDING_DIM, seed=3))
    table.follow(reader)
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(manifest | {"revision": table.last_revision}))
    folder.rename(folder.with_name(str(table.last_revision)))
    assert _open(directory, table) is None


def test_nothing_there_is_no_index(directory: Path, table: VectorTable) -> None:
    assert _open(directory, table) is None
    directory.mkdir()
    (directory / "²").mkdir()
    (directory / "notas.txt").write_text("x")
    assert _open(directory, table) is None


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path, table: VectorTable) -> None:
    blocked = tmp_path / "archivo"
    blocked.write_text("not a folder")
    assert not neighbors.build(blocked / "neighbors", PACK, table)
    assert not neighbors.build(blocked, PACK, table)


@pytest.mark.skipif(sys.platform == "win32" or sys.platform == "darwin", reason="names are any bytes on Linux")
def test_a_path_annoy_cannot_take_means_exact_search(tmp_path: Path, table: VectorTable) -> None:
    folder = tmp_path / os.fsdecode(b"datos-\xff")
    assert not neighbors.path_is_safe(folder)
    assert not neighbors.build(folder, PACK, table)
    assert _open(folder, table) is None
    assert not folder.exists()


def test_accents_are_a_problem_on_windows_only() -> None:
    assert neighbors.path_is_safe(Path("/home/maría/datos"), windows=False)
    assert not neighbors.path_is_safe(Path("C:/Users/María/datos"), windows=True)
    assert neighbors.path_is_safe(Path("C:/Users/Maria/datos"), windows=True)


def test_an_interrupted_build_is_cleared_away_later_but_a_running_one_is_not(
    directory: Path, table: VectorTable
) -> None:
    old, running = directory / "building-old", directory / "building-now"
    old.mkdir(parents=True)
    running.mkdir()
    os.utime(old, (0, 0))
    neighbors.build(directory, PACK, table)
    assert sorted(folder.name for folder in directory.iterdir()) == [
        str(table.last_revision),
        "building-now",
    ]


def test_an_index_gets_stale(directory: Path, table: VectorTable, reader: Catalog, add_photos: AddPhotos) -> None:
    neighbors.build(directory, PACK, table)
    found = _open(directory, table)
    assert found is not None
    assert not found.is_stale(table)
    found_small = neighbors.Neighbors(found._index, found._ids, revision=0)
    assert found_small.is_stale(table)


@pytest.mark.parametrize("limit", [1, 3, 10, 100, 1000])
def test_best_is_a_stable_sort(limit: int) -> None:
    rng = np.random.default_rng(limit)
    scores = np.round(rng.standard_normal(100), 1).astype(np.float32)
    scores[rng.integers(0, 100, 5)] = -np.inf
    ids = rng.permutation(100).astype(np.int64)
    expected = sorted(
        (place for place in range(100) if np.isfinite(scores[place])),
        key=lambda place: (-round(float(scores[place]), 6), ids[place]),
    )
    assert neighbors.best(scores, ids, limit).tolist() == expected[:limit]


ORDERS: dict[str, Callable[[Vectors], Vectors]] = {
    "as they come": lambda scores: scores,
    "rising": np.sort,
    "falling": lambda scores: np.sort(scores)[::-1],
    "all the same": np.zeros_like,
    "few can be shown": lambda scores: np.where(np.arange(len(scores)) % 1_000 == 7, scores, np.float32(-np.inf)),
    "the best where no sample looks": lambda scores: np.where(np.arange(len(scores)) % 64 == 1, scores + 9, scores),
    "the sample sees nothing else": lambda scores: np.where(np.arange(len(scores)) % 64 == 0, scores + 9, scores),
}


@pytest.mark.parametrize("limit", [1, 200, 5_000])
@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_the_best_of_many_are_those_of_sorting_all(order: Callable[[Vectors], Vectors], limit: int) -> None:
    rng = np.random.default_rng(limit)
    scores = order(np.round(rng.standard_normal(30_000), 3).astype(np.float32))
    ids = rng.permutation(30_000).astype(np.int64)
    sorted_all = np.lexsort((ids, -np.round(scores.astype(np.float64), 6)))
    expected = sorted_all[np.isfinite(scores[sorted_all])][:limit]
    np.testing.assert_array_equal(neighbors.best(scores, ids, limit), expected)


def test_scores_that_differ_in_the_last_bit_are_equal() -> None:
    scores = np.asarray([0.5, np.nextafter(np.float32(0.5), np.float32(1)), 0.4], dtype=np.float32)
    assert neighbors.best(scores, np.asarray([1, 2, 3]), 1).tolist() == [0]
    assert neighbors.best(scores, np.asarray([2, 1, 3]), 3).tolist() == [1, 0, 2]


def test_best_of_nothing() -> None:
    assert len(neighbors.best(np.empty(0, dtype=np.float32), np.empty(0, dtype=np.int64), 5)) == 0
