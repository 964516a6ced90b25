from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from photofinder.library.thumbnails import ThumbnailCache


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "caché" / "thumbnails.sqlite"


@pytest.fixture
def cache(path: Path) -> Iterator[ThumbnailCache]:
    with ThumbnailCache.open(path) as cache:
        yield cache


def test_a_thumbnail_belongs_to_one_photo_at_one_time(cache: ThumbnailCache, path: Path) -> None:
    cache.put(1, 10, b"uno")
    cache.put_many([(2, 20, b"dos"), (3, 30, b"")])
    cache.put(1, 11, b"uno nuevo")
    with ThumbnailCache.open(path) as other:
        assert [other.get(1, 10), other.get(1, 11)] == [None, b"uno nuevo"]
        assert [other.get(2, 20), other.get(3, 30), other.get(4, 0)] == [b"dos", b"", None]


@pytest.mark.parametrize("size", [10, 100_000])
def test_a_damaged_cache_is_made_anew(path: Path, size: int) -> None:
    path.parent.mkdir()
    path.write_bytes(os.urandom(size))
    with ThumbnailCache.open(path) as cache:
        cache.put(1, 1, b"x")
        assert cache.get(1, 1) == b"x"


def test_damage_met_while_it_is_used_is_mended(path: Path) -> None:
    with ThumbnailCache.open(path) as cache:
        cache.put_many([(n, n, os.urandom(3000)) for n in range(200)])
    content = bytearray(path.read_bytes())
    content[4096 * 2 :] = os.urandom(len(content) - 4096 * 2)
    path.write_bytes(content)
    with ThumbnailCache.open(path) as cache:
        assert cache.get(7, 7) is None
        cache.put(7, 7, b"again")
        assert cache.get(7, 7) == b"again"


@pytest.mark.parametrize("sql", ["CREATE TABLE bookmarks (url)", "CREATE TABLE thumbnail (photo_id, data)"])
def test_a_database_that_is_no_cache_of_this_version_is_made_anew(path: Path, sql: str) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(sql)
    with ThumbnailCache.open(path) as cache:
        cache.put(1, 1, b"x")
        assert cache.get(1, 1) == b"x"


def test_a_cache_that_cannot_be_kept_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    for path in (tmp_path / "file" / "t.sqlite", tmp_path):
        with ThumbnailCache.open(path) as cache:
            cache.put(1, 1, b"x")
            assert cache.get(1, 1) is None
            cache.trim(0)


def test_a_full_disk_loses_thumbnails_and_nothing_else(cache: ThumbnailCache) -> None:
    cache.put(1, 1, b"x")
    assert cache._connection is not None
    cache._connection.execute("PRAGMA max_page_count = 1")
    cache.put_many([(n, n, bytes(5000)) for n in range(2, 50)])
    assert cache.get(1, 1) == b"x"
    assert cache.get(2, 2) is None
    cache._connection.execute("PRAGMA max_page_count = 100000")
    cache.put(2, 2, b"y")
    assert cache.get(2, 2) == b"y"


def test_trimming_drops_the_oldest_and_gives_the_space_back(cache: ThumbnailCache, path: Path) -> None:
    cache.put_many([(n, 0, bytes(10_000)) for n in range(1000)])
    cache.put(3, 0, bytes(10_000))  # drawn again, so among the newest
    cache.trim(2_000_000)
    assert path.stat().st_size <= 2_000_000
    kept = [n for n in range(1000) if cache.get(n, 0) is not None]
    assert kept[0] == 3 and kept[1:] == list(range(kept[1], 1000)) and kept[1] > 700
    cache.trim(2_000_000)
    assert len(kept) == sum(cache.get(n, 0) is not None for n in range(1000))
    cache.trim(0)
    assert all(cache.get(n, 0) is None for n in range(1000))


def test_many_threads_each_with_its_own(path: Path) -> None:
    def work(thread: int) -> bool:
        with ThumbnailCache.open(path) as cache:
            for n in range(50):
                cache.put(thread * 100 + n, n, bytes([thread]))
            return all(cache.get(thread * 100 + n, n) == bytes([thread]) for n in range(50))

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(work, range(6)))


def test_closing_twice_is_harmless(cache: ThumbnailCache) -> None:
    cache.close()
    cache.close()
    assert cache.get(1, 1) is None
