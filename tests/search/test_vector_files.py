"""Rows mapped from a file are those of the catalogue; on any doubt the catalogue is read, and nobody is told."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from photofinder.library.catalog import Catalog
from photofinder.search import vector_files
from photofinder.search.row_format import FIXED_POINT
from photofinder.search.vectors import VectorTable
from tests.search.search_samples import EMBEDDING_DIM, FEATURE_DIM, AddPhotos, random_units

PACK = "a" * 32
COUNT = 300


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vector_files, "MIN_ROWS", 10)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "vectors"


@pytest.fixture
def ids(add_photos: AddPhotos) -> list[int]:
    return add_photos(random_units(COUNT, EMBEDDING_DIM, seed=1), random_units(COUNT, FEATURE_DIM, seed=2))


def read(reader: Catalog, directory: Path | None, kind: str = "embedding") -> VectorTable:
    table = VectorTable(kind, FEATURE_DIM if kind == "feature" else EMBEDDING_DIM)
    table.follow(reader, directory, PACK)
    return table


def check_same(table: VectorTable, reader: Catalog) -> None:
    """It answers as a table that was read from the catalogue alone."""
    plain = read(reader, None, table.kind)
    query = random_units(1, table.dim, seed=5)[0]
    wanted = dict(zip(plain.ids.tolist(), plain.cosines(query).tolist(), strict=True))
    found = dict(zip(table.ids.tolist(), table.cosines(query).tolist(), strict=True))
    usable = dict(zip(table.ids.tolist(), table.usable.tolist(), strict=True))
    assert {one for one, good in usable.items() if good} == set(wanted)
    for photo_id, cosine in wanted.items():
        assert found[photo_id] == pytest.approx(cosine, abs=1e-4)
        np.testing.assert_allclose(table.vector(photo_id), plain.vector(photo_id), atol=1e-4)
    rows = table.rows_of(np.asarray(sorted(wanted)[::7]))
    np.testing.assert_allclose(table.cosines(query, rows), table.cosines(query)[rows], atol=1e-6)


@pytest.mark.parametrize("kind", ["embedding", "feature"])
def test_a_second_start_maps_all_rows(reader: Catalog, directory: Path, ids: list[int], kind: str) -> None:
    first = read(reader, directory, kind)
    assert first.mapped == 0
    assert first.keep(directory, PACK)
    second = read(reader, directory, kind)
    assert second.mapped == len(second) == COUNT
    assert second.last_revision == first.last_revision
    check_same(second, reader)
    assert not second.keep(directory, PACK)


@pytest.mark.parametrize("kind", ["embedding", "feature"])
def test_what_came_after_the_file_is_read_from_the_catalogue(
    reader: Catalog, writer: Catalog, directory: Path, ids: list[int], kind: str, add_photos: AddPhotos
) -> None:
    read(reader, directory, kind).keep(directory, PACK)
    dim = FEATURE_DIM if kind == "feature" else EMBEDDING_DIM
    writer.put_vectors(ids[3], kind, random_units(1, dim, seed=8)[0])
    add_photos(random_units(20, EMBEDDING_DIM, seed=9), random_units(20, FEATURE_DIM, seed=10))
    table = read(reader, directory, kind)
    assert table.mapped == COUNT
    assert len(table) == COUNT + 20
    check_same(table, reader)
    writer.put_vectors(ids[4], kind, random_units(1, dim, seed=11)[0])
    add_photos(random_units(5, EMBEDDING_DIM, seed=12), random_units(5, FEATURE_DIM, seed=13))
    assert table.follow(reader)
    check_same(table, reader)
    assert table.keep(directory, PACK)
    (file,) = directory.glob(f"{kind}-*")
    assert file.name == f"{kind}-{table.last_revision}.vectors"
    check_same(read(reader, directory, kind), reader)


def test_writing_to_mapped_rows_changes_no_file(
    reader: Catalog, writer: Catalog, directory: Path, ids: list[int]
) -> None:
    read(reader, directory).keep(directory, PACK)
    (file,) = directory.iterdir()
    before = file.read_bytes()
    table = read(reader, directory)
    writer.put_vectors(ids[0], "embedding", random_units(1, EMBEDDING_DIM, seed=8)[0])
    table.follow(reader)
    assert file.read_bytes() == before
    check_same(table, reader)


def test_memory_that_was_given_back_reads_the_same_and_what_was_written_stays(
    reader: Catalog, writer: Catalog, directory: Path, ids: list[int]
) -> None:
    read(reader, directory, "feature").keep(directory, PACK)
    table = read(reader, directory, "feature")
    assert table.mapped == COUNT
    table.rest()
    check_same(table, reader)
    anew = random_units(1, FEATURE_DIM, seed=9)
    writer.put_vectors(ids[:1], "feature", anew)
    table.follow(reader, directory, PACK)
    table.rest()
    check_same(table, reader)
    vector = table.vector(ids[0])
    assert vector is not None
    assert vector @ anew[0] > 0.99


def test_photos_that_are_gone_are_not_used(reader: Catalog, writer: Catalog, directory: Path, ids: list[int]) -> None:
    read(reader, directory).keep(directory, PACK)
    with writer.transaction():
        writer.add_or_update_photo(1, "foto-000007.jpg", 100, 1, content_hash="0" * 32)
    table = read(reader, directory)
    assert table.mapped == COUNT
    assert not table.usable[table.rows_of(np.asarray([ids[7]]))[0]]
    assert table.vector(ids[7]) is None
    check_same(table, reader)


def test_a_file_of_another_catalogue_is_not_used(
    reader: Catalog, writer: Catalog, directory: Path, ids: list[int]
) -> None:
    table = read(reader, None)
    rows, scales = FIXED_POINT.encode(random_units(COUNT, EMBEDDING_DIM, seed=77))
    assert vector_files.write(
        directory,
        PACK,
        "embedding",
        FIXED_POINT,
        table.last_revision,
        table.ids,
        table.revisions,
        [(rows, scales, 1 / scales)],
    )
    assert read(reader, directory).mapped == 0


def test_a_file_of_another_pack_is_not_used(reader: Catalog, directory: Path, ids: list[int]) -> None:
    read(reader, directory).keep(directory, "b" * 32)
    assert read(reader, directory).mapped == 0


def _truncate(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 1)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _flip(place: int) -> Callable[[Path], None]:
    def flip(file: Path) -> None:
        data = bytearray(file.read_bytes())
        data[place] ^= 0x40
        file.write_bytes(data)

    return flip


def _no_count(file: Path) -> None:
    data = file.read_bytes().replace(b'"count": 300', b'"count": "x"', 1)
    file.write_bytes(data[:4096].rstrip()[:4096].ljust(4096) + data[4097:])


@pytest.mark.parametrize(
    "harm", [_truncate, _empty, _no_count, _flip(3), _flip(4096 + 9), _flip(4096 + 300 * 20), _flip(-1), _flip(-701)]
)
@pytest.mark.parametrize("kind", ["embedding", "feature"])
def test_a_harmed_file_is_not_used_and_is_written_again(
    reader: Catalog, directory: Path, ids: list[int], harm: Callable[[Path], None], kind: str
) -> None:
    read(reader, directory, kind).keep(directory, PACK)
    (file,) = directory.iterdir()
    harm(file)
    table = read(reader, directory, kind)
    assert table.mapped == 0
    check_same(table, reader)
    assert table.keep(directory, PACK)
    assert read(reader, directory, kind).mapped == COUNT


def test_what_a_killed_process_left_goes_with_the_next_file(reader: Catalog, directory: Path, ids: list[int]) -> None:
    directory.mkdir()
    for name in ("writing-old", "writing-now"):
        (directory / name).write_bytes(b"half of it")
    long_ago = (directory / "writing-old").stat().st_mtime - 7 * 3600
    os.utime(directory / "writing-old", (long_ago, long_ago))
    table = read(reader, directory)
    assert table.keep(directory, PACK)
    assert {path.name for path in directory.iterdir()} == {"writing-now", f"embedding-{table.last_revision}.vectors"}


def test_a_folder_that_cannot_be_written_is_no_error(reader: Catalog, tmp_path: Path, ids: list[int]) -> None:
    blocked = tmp_path / "archivo"
    blocked.write_text("not a folder")
    assert not read(reader, blocked).keep(blocked, PACK)
    assert read(reader, blocked).mapped == 0


def test_a_small_library_keeps_no_file(
    reader: Catalog, directory: Path, ids: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_files, "MIN_ROWS", COUNT + 1)
    assert not read(reader, directory).keep(directory, PACK)
    assert not directory.exists()
