"""What a catalogue in PostgreSQL does itself. What it shares with the embedded one is tested there, over both."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import numpy as np
import psycopg
import pytest
from numpy.typing import NDArray

from photofinder.errors import CatalogInUse, ExtraMissing, FailureReason, StoreUnavailable
from photofinder.library import catalog_shared
from photofinder.library.catalog import Catalog
from photofinder.library.catalog_shared import SharedCatalog
from photofinder.library.filters import Filters, Period
from photofinder.library.images import PhotoInfo
from photofinder.library.places import Level, Located, NamedPlace
from photofinder.library.postgres import in_postgres, place_of
from photofinder.messages import sentence
from photofinder.paths import DataPaths
from tests.postgres_server import new_database

Filled = tuple[SharedCatalog, list[int], NDArray[np.float32]]

ROOT = Path(__file__).parents[2]
PACK = ("pack-a", 12, 16)
OWN = {"album", "album_photo", "object_points"}
"""Tables of what is a person's own, which a shared catalogue does not have."""


@pytest.fixture
def catalog(store_url: str) -> Iterator[SharedCatalog]:
    with SharedCatalog.open_store(store_url, writer=True) as catalog:
        catalog.use_pack(*PACK)
        yield catalog


@pytest.fixture
def filled(catalog: SharedCatalog, tmp_path: Path) -> Filled:
    """400 photos of ten years, with their embeddings."""
    (tmp_path / "fotos").mkdir()
    folder = catalog.add_folder(tmp_path / "fotos")
    vectors = units(400, seed=1)
    with catalog.transaction():
        ids = [
            catalog.add_or_update_photo(
                folder.id, f"{n % 4}/{n:03}.jpg", 10, 20, content_hash=f"{n}", info=info(2010 + n % 10)
            )
            for n in range(400)
        ]
        catalog.put_vectors(ids, "embedding", vectors)
    return catalog, ids, vectors


def info(year: int) -> PhotoInfo:
    return PhotoInfo(width=40, height=30, taken_at=f"{year}-05-05T00:00:00", camera=None, lat=None, lon=None)


def units(count: int, seed: int) -> NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((count, PACK[2])).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def best(
    ids: list[int], vectors: NDArray[np.float32], asked: NDArray[np.float32], keep: Callable[[int], bool]
) -> list[int]:
    """All that are kept, by their cosine: what ``nearest`` is held against."""
    order = np.argsort(-(vectors.astype(np.float16).astype(np.float32) @ asked), kind="stable")
    return [ids[row] for row in order.tolist() if keep(row)]


def columns(rows: list[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for table, column in rows:
        found.setdefault(table, set()).add(column)
    return found


def test_the_tables_are_those_of_the_embedded_catalogue(catalog: SharedCatalog, paths: DataPaths) -> None:
    with Catalog.open(paths.catalog, writer=True) as embedded:
        expected = columns(
            embedded._database.rows(
                "SELECT m.name, c.name FROM sqlite_schema m, pragma_table_info(m.name) c WHERE m.type = 'table'"
                " AND m.name NOT LIKE 'sqlite%'"
            )
        )
    there = columns(
        catalog._database.rows(
            "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'photofinder'"
        )
    )
    assert set(expected) > OWN
    for table in set(expected) - OWN:
        assert there[table] == expected[table], f"{table}: postgres_schema.py has other columns than schema.py"


def test_statements_are_said_in_the_other_dialect() -> None:
    assert in_postgres("SELECT a FROM t WHERE b IS NOT ? AND c LIKE '%x'") == (
        "SELECT a FROM t WHERE b IS DISTINCT FROM %s AND c LIKE '%%x'"
    )
    assert in_postgres("INSERT OR REPLACE INTO look (photo_id, kinds) VALUES (?, ?)") == (
        "INSERT INTO look (photo_id, kinds) VALUES (%s, %s) ON CONFLICT (photo_id) DO UPDATE SET kinds = excluded.kinds"
    )


class TestNearest:
    @pytest.mark.parametrize("indexed", [False, True])
    def test_the_nearest_are_those_of_a_comparison_with_all(
        self,
        filled: Filled,
        monkeypatch: pytest.MonkeyPatch,
        indexed: bool,
    ) -> None:
        catalog, ids, vectors = filled
        monkeypatch.setattr(catalog_shared, "INDEX_FROM", 100)
        assert catalog.index_vectors() if indexed else True
        assert not indexed or not catalog.index_vectors(), "it is there already"
        for asked in units(10, seed=2):
            found = catalog.nearest("embedding", asked, 20).tolist()
            assert len(set(found) & set(best(ids, vectors, asked, lambda _: True)[:20])) >= 19
            assert len(found) == 20

    @pytest.mark.parametrize("few", [0, 20_000])
    def test_a_filter_loses_nothing(self, filled: Filled, monkeypatch: pytest.MonkeyPatch, few: int) -> None:
        """Neither where the index goes on until enough pass, nor where all that pass are compared."""
        catalog, ids, vectors = filled
        monkeypatch.setattr(catalog_shared, "INDEX_FROM", 100)
        monkeypatch.setattr(catalog_shared, "EXACT_PASSING", few)
        assert catalog.index_vectors()
        year = Filters(periods=(Period(date(2013, 1, 1), date(2013, 12, 31)),))
        for asked in units(10, seed=3):
            expected = best(ids, vectors, asked, lambda row: row % 10 == 3)
            found = catalog.nearest("embedding", asked, 40, [year])
            assert sorted(found.tolist()) == sorted(expected) and len(expected) == 40
            cosines = vectors[[ids.index(one) for one in found.tolist()]] @ asked
            assert (np.diff(cosines) < 2e-3).all(), "best first, but for what halves cannot tell apart"
            assert len(catalog.nearest("embedding", asked, 500, [year])) == 40
            folder = Filters(path_contains=("1",))
            both = best(ids, vectors, asked, lambda row: row % 10 == 3 and row % 4 == 1)
            assert sorted(catalog.nearest("embedding", asked, 40, [year, folder]).tolist()) == sorted(both)

    def test_of_photos_that_are_the_same_those_of_the_lowest_ids_come(self, filled: Filled) -> None:
        """In whatever order the server keeps them: here they are put last to first, as a second analysis may."""
        catalog, ids, vectors = filled
        with catalog.transaction():
            catalog.put_vectors(ids[::-1], "embedding", np.repeat(vectors[:1], len(ids), axis=0))
        assert catalog.nearest("embedding", vectors[0], 17).tolist() == ids[:17]

    def test_what_is_gone_failed_or_asked_about_is_left_out(self, filled: Filled) -> None:
        catalog, ids, vectors = filled
        first = best(ids, vectors, vectors[0], lambda _: True)[:4]
        catalog.mark_missing([first[1]])
        catalog.set_error(first[2], FailureReason.DAMAGED)
        found = catalog.nearest("embedding", vectors[0], 3, excluded=[first[0]]).tolist()
        assert found[0] == first[3] and not set(first[:3]) & set(found)

    def test_nothing_analysed_gives_nothing(self, catalog: SharedCatalog) -> None:
        assert catalog.nearest("embedding", units(1, 0)[0], 5).tolist() == []
        catalog.use_pack("never used", 12, 16)
        assert catalog.nearest("embedding", np.zeros(16, np.float32), 5).tolist() == []


class TestManyPeople:
    def test_who_only_searches_changes_nothing(self, catalog: SharedCatalog, store_url: str, tmp_path: Path) -> None:
        folder = catalog.add_folder(tmp_path)
        with SharedCatalog.open_store(store_url) as reader:
            with pytest.raises(StoreUnavailable) as caught:
                reader.remove_folder(folder.id)
            assert caught.value.why == "rights"
            assert [one.id for one in reader.folders()] == [folder.id]

    def test_each_has_the_folders_elsewhere(self, filled: Filled, store_url: str, tmp_path: Path) -> None:
        _, ids, _ = filled
        here = tmp_path / "montado"
        here.mkdir()
        (here / "algo").write_text("")
        with SharedCatalog.open_store(store_url, roots={str(tmp_path / "fotos"): here}) as reader:
            (folder,) = reader.folders()
            assert (folder.path, folder.online) == (here, True)
            assert reader.places(ids[:2]) == {
                ids[0]: (folder.id, here / "0/000.jpg"),
                ids[1]: (folder.id, here / "1/001.jpg"),
            }

    def test_one_analyses_and_a_killed_one_holds_nobody_up(self, catalog: SharedCatalog, store_url: str) -> None:
        with (
            catalog.lock_for_indexing(),
            catalog.lock_for_indexing(),
            SharedCatalog.open_store(store_url, writer=True) as other,
            pytest.raises(CatalogInUse),
        ):
            other.lock_for_indexing().__enter__()
        code = (
            "import sys; from photofinder.library.catalog_shared import SharedCatalog\n"
            "catalog = SharedCatalog.open_store(sys.argv[1], writer=True)\n"
            "lock = catalog.lock_for_indexing(); lock.__enter__(); print('locked', flush=True); sys.stdin.read()"
        )
        with subprocess.Popen(
            [sys.executable, "-c", code, store_url], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None and process.stdout.readline() == b"locked\n"
            with pytest.raises(CatalogInUse):
                catalog.lock_for_indexing().__enter__()
            process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
        _until_free(catalog)

    def test_places_are_known_without_counting_photos(self, catalog: SharedCatalog, tmp_path: Path) -> None:
        folder = catalog.add_folder(tmp_path)
        placed = PhotoInfo(width=1, height=1, taken_at=None, camera=None, lat=37.4, lon=-6.0)
        photo_id = catalog.add_or_update_photo(folder.id, "a.jpg", 1, 1, content_hash="a", info=placed)
        spain = NamedPlace("C1", Level.COUNTRY, "España", "Spain")
        town = NamedPlace("T1", Level.TOWN, "Sevilla", "Seville", lat=37.4, lon=-6.0)
        catalog.put_places([photo_id], [Located((spain, town))])
        known = catalog.known_places()
        assert [area.es for area in known.with_photos("españa")] == ["España"]
        assert catalog.place_words([photo_id]) == {photo_id: "Sevilla, España"}
        assert catalog.filtered_ids(Filters(places=("Spain",))).tolist() == [photo_id]


class TestWorld:
    def test_an_address_that_is_none(self) -> None:
        for url in ("mysql://a/b", "postgresql://a:b/c", "fotos"):
            with pytest.raises(StoreUnavailable) as caught:
                SharedCatalog.open_store(url)
            assert caught.value.why == "address"

    def test_a_password_is_never_shown(self) -> None:
        assert place_of("postgresql://ana:secreto@archivo:5433/fotos") == "archivo:5433/fotos"
        with pytest.raises(StoreUnavailable) as caught:
            SharedCatalog.open_store("postgresql://ana:secreto@127.0.0.1:1/fotos")
        assert caught.value.why == "unreachable"
        assert "secreto" not in str(caught.value) + sentence(caught.value)
        assert "127.0.0.1:1/fotos" in sentence(caught.value)

    def test_a_wrong_password_and_a_database_that_is_not_there(self, database: str) -> None:
        wrong = database.replace(":de-prueba@", ":otra@")
        if wrong == database:
            pytest.skip("the server that is named has another password")
        for url, why in ((wrong, "password"), (database + "_no", "database")):
            with pytest.raises(StoreUnavailable) as caught:
                SharedCatalog.open_store(url)
            assert caught.value.why == why, str(caught.value)

    def test_without_tables_and_without_pgvector(self, postgres: str) -> None:
        with new_database(postgres) as url:
            with pytest.raises(StoreUnavailable) as caught:
                SharedCatalog.open_store(url)
            assert caught.value.why == "extension"
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE ROLE ana LOGIN PASSWORD 'x'")
                try:
                    ana = url.replace("postgres:de-prueba@", "ana:x@")
                    with pytest.raises(StoreUnavailable) as caught:
                        SharedCatalog.open_store(ana, writer=True)
                    assert caught.value.why == "extension"
                    connection.execute("CREATE EXTENSION vector")
                    for writer, why in ((False, "empty"), (True, "rights")):
                        with pytest.raises(StoreUnavailable) as caught:
                            SharedCatalog.open_store(ana, writer=writer)
                        assert caught.value.why == why
                finally:
                    connection.execute("DROP ROLE ana")
            SharedCatalog.open_store(url, writer=True).close()
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("UPDATE photofinder.about SET version = 99")
            for writer in (False, True):
                with pytest.raises(StoreUnavailable) as caught:
                    SharedCatalog.open_store(url, writer=writer)
                assert caught.value.why == "newer"

    def test_without_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(ExtraMissing) as caught:
            SharedCatalog.open_store("postgresql://localhost/fotos")
        assert sentence(caught.value) == (
            "Falta un complemento para usar --store; instálalo con «pip install photofinder[scale]»."
        )

    def test_a_connection_that_ends_midway_loses_only_the_batch(
        self, catalog: SharedCatalog, store_url: str, tmp_path: Path
    ) -> None:
        folder = catalog.add_folder(tmp_path)
        kept = catalog.add_or_update_photo(folder.id, "a.jpg", 1, 1, content_hash="a")
        with pytest.raises(StoreUnavailable) as caught, catalog.transaction():
            catalog.add_or_update_photo(folder.id, "b.jpg", 1, 1, content_hash="b")
            with psycopg.connect(store_url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid != pg_backend_pid()"
                )
            catalog.counts()
        assert caught.value.why == "lost"
        with SharedCatalog.open_store(store_url) as again:
            assert again.all_photo_ids() == [kept]

    def test_special_characters_of_an_address_are_read(self) -> None:
        assert place_of(f"postgresql://{quote('ñu@x')}:p@%2Ftmp%2Fs/fotos") == "/tmp/s/fotos"


def _until_free(catalog: SharedCatalog) -> None:
    """The server notices the end of a killed process at once, but not in the same instant."""
    while True:
        try:
            with catalog.lock_for_indexing():
                return
        except CatalogInUse:
            catalog._database.rows("SELECT pg_sleep(0.01)")
