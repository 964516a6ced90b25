from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from photofinder.errors import (
    CatalogDamaged,
    CatalogInUse,
    DiskFull,
    FailureReason,
    FolderOverlap,
    FolderUnavailable,
)
from photofinder.library.catalog import Catalog, Counts, Photo
from photofinder.library.compare import compare
from photofinder.library.images import PhotoInfo
from photofinder.library.scan import FoundFile
from tests.conftest import BOTH_STORES, OpenCatalog

PACK = ("pack-a", 6, 4)


over_both_stores = pytest.mark.parametrize("open_catalog", BOTH_STORES, indirect=True)


@pytest.fixture
def catalog(open_catalog: OpenCatalog) -> Iterator[Catalog]:
    with open_catalog(writer=True) as catalog:
        catalog.use_pack(*PACK)
        yield catalog


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "Fotos de Ñandú 😀"
    folder.mkdir()
    return folder


def unit(seed: int, dim: int) -> NDArray[np.float32]:
    vector = np.random.default_rng(seed).normal(size=dim).astype(np.float32)
    return vector / np.linalg.norm(vector)


def put_both(catalog: Catalog, photo_id: int, seed: int = 0) -> None:
    catalog.put_vectors(photo_id, "feature", unit(seed, 6))
    catalog.put_vectors(photo_id, "embedding", unit(seed, 4))


def analysed(catalog: Catalog, folder_id: int, name: str, *, content: str = "aa", seed: int = 0) -> int:
    photo_id = catalog.add_or_update_photo(folder_id, name, 10, 20, content_hash=content, info=info())
    put_both(catalog, photo_id, seed)
    return photo_id


def info(taken_at: str | None = "2019-08-01T12:00:00") -> PhotoInfo:
    return PhotoInfo(width=4000, height=3000, taken_at=taken_at, camera="Canon", lat=43.4, lon=-3.8)


@over_both_stores
class TestFolders:
    def test_a_folder_is_added_once(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        assert (folder.path, folder.online) == (root, True)
        assert catalog.add_folder(root) == folder
        assert catalog.add_folder(root / "x" / "..") == folder
        assert catalog.folders() == [folder]

    def test_a_link_to_a_known_folder_is_that_folder(self, catalog: Catalog, root: Path, tmp_path: Path) -> None:
        (tmp_path / "enlace").symlink_to(root)
        assert catalog.add_folder(tmp_path / "enlace") == catalog.add_folder(root)
        assert [folder.path for folder in catalog.folders()] == [tmp_path / "enlace"]

    def test_folders_may_not_overlap(self, catalog: Catalog, root: Path, tmp_path: Path) -> None:
        (root / "2019").mkdir()
        catalog.add_folder(root)
        for other in (root / "2019", tmp_path):
            with pytest.raises(FolderOverlap) as caught:
                catalog.add_folder(other)
            assert caught.value.other == root
        sibling = root.with_name(root.name + " 2")
        sibling.mkdir()
        catalog.add_folder(sibling)

    def test_what_is_no_folder_is_refused(self, catalog: Catalog, root: Path) -> None:
        (root / "a.jpg").write_bytes(b"x")
        for path, why in ((root / "nada", "missing"), (root / "a.jpg", "not_a_folder")):
            with pytest.raises(FolderUnavailable) as caught:
                catalog.add_folder(path)
            assert caught.value.why == why
        assert catalog.folders() == []

    def test_a_known_folder_that_is_away_stays_and_is_offline(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        analysed(catalog, folder.id, "a.jpg")
        root.rename(root.with_name("away"))
        assert catalog.add_folder(root).online is False
        root.mkdir()  # the empty place of an unmounted drive
        assert [folder.online for folder in catalog.folders()] == [False]
        (root / "note.txt").write_text("")
        assert [folder.online for folder in catalog.folders()] == [True]

    def test_a_removed_folder_takes_its_photos_and_vectors_along(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        first = analysed(catalog, folder.id, "a.jpg")
        catalog.remove_folder(folder.id)
        assert catalog.folders() == []
        assert catalog.photos([first]) == {}
        assert len(catalog.vector_rows("embedding")[0]) == 0
        again = catalog.add_folder(root)
        assert analysed(catalog, again.id, "a.jpg") > first, "a photo id is never used again"

    def test_the_last_vectors_revision_is_never_used_again(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        analysed(catalog, folder.id, "a.jpg")
        newest = int(catalog.vector_rows("embedding")[0][-1])
        catalog.remove_folder(folder.id)
        analysed(catalog, catalog.add_folder(root).id, "a.jpg")
        assert catalog.vector_rows("embedding", after=newest)[0].size == 1


@over_both_stores
class TestPhotos:
    @pytest.mark.parametrize("name", [b"a/b.jpg", "Año/ñu😀\n.jpg".encode(), b"caf\xe9/\xff.jpg"])
    def test_any_name_survives(self, catalog: Catalog, root: Path, name: bytes) -> None:
        rel_path = os.fsdecode(name)
        folder = catalog.add_folder(root)
        (by_scan,) = catalog.add_photos(folder.id, [FoundFile(rel_path, 1, 2)])
        assert catalog.add_or_update_photo(folder.id, rel_path, 1, 2) == by_scan
        photo = catalog.photos([by_scan])[by_scan]
        assert os.fsencode(photo.path) == os.fsencode(root) + b"/" + name
        assert photo.rel_path == rel_path
        assert [name for name, _ in catalog.known_files(folder.id)] == [rel_path]

    def test_a_photo_comes_back_as_it_was_put(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        photo_id = catalog.add_or_update_photo(folder.id, "a.jpg", 10, 20, content_hash="cc", info=info())
        assert catalog.photos([photo_id, photo_id + 99]) == {
            photo_id: Photo(
                photo_id, folder.id, root / "a.jpg", "a.jpg", 10, 20, 4000, 3000, "2019-08-01T12:00:00",
                "Canon", 43.4, -3.8, None, None,
            )
        }  # fmt: skip

    def test_photos_are_ordered_by_when_they_were_taken_or_else_by_file_time(
        self, catalog: Catalog, root: Path
    ) -> None:
        folder = catalog.add_folder(root)
        summer_2020 = 1_593_600_000 * 10**9
        old = catalog.add_or_update_photo(folder.id, "1.jpg", 1, summer_2020, info=info("2001-01-01T00:00:00"))
        new = catalog.add_or_update_photo(folder.id, "2.jpg", 1, 0, info=info("2024-01-01T00:00:00"))
        undated = catalog.add_or_update_photo(folder.id, "3.jpg", 1, summer_2020, info=info(None))
        odd = catalog.add_or_update_photo(folder.id, "4.jpg", 1, summer_2020 - 10**15, info=info("0000:00:00"))
        assert catalog.all_photo_ids() == [new, undated, odd, old]
        assert catalog.all_photo_ids(newest_first=False) == [old, odd, undated, new]

    @pytest.mark.parametrize("mtime_ns", [-(2**62), 2**62, -1, 0])
    def test_any_file_time_is_accepted(self, catalog: Catalog, root: Path, mtime_ns: int) -> None:
        folder = catalog.add_folder(root)
        (photo_id,) = catalog.add_photos(folder.id, [FoundFile("a.jpg", 1, mtime_ns)])
        assert catalog.photos([photo_id])[photo_id].mtime_ns == mtime_ns

    def test_what_is_known_is_what_a_scan_needs(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        done = analysed(catalog, folder.id, "hecha.jpg", content="aa")
        new, failed, missing = catalog.add_photos(
            folder.id, [FoundFile(f"{name}.jpg", 5, 6) for name in ("nueva", "rota", "ida")]
        )
        catalog.set_error(failed, FailureReason.DAMAGED, size=7, mtime_ns=8)
        catalog.mark_missing([missing])
        assert dict(catalog.known_files(folder.id)) == {
            "hecha.jpg": (done, 10, 20, False, None, True, "aa"),
            "nueva.jpg": (new, 5, 6, False, None, False, None),
            "rota.jpg": (failed, 7, 8, False, FailureReason.DAMAGED, False, None),
            "ida.jpg": (missing, 5, 6, True, None, False, None),
        }
        assert list(catalog.known_files(folder.id + 1)) == []
        assert catalog.counts() == Counts(photos=3, analysed=1, failed=1, missing=1)

    def test_missing_photos_are_not_shown_and_come_back_with_their_vectors(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        here, gone = (analysed(catalog, folder.id, name) for name in ("a.jpg", "b.jpg"))
        catalog.mark_missing([gone])
        assert catalog.searchable_ids().tolist() == catalog.all_photo_ids() == [here]
        since = catalog.photos([gone])[gone].missing_since
        assert since is not None and since.endswith("+00:00")
        catalog.mark_missing([gone])
        assert catalog.photos([gone])[gone].missing_since == since
        catalog.mark_found([gone])
        assert catalog.searchable_ids().tolist() == [here, gone]
        assert catalog.vector(gone, "embedding") is not None

    def test_failures_tell_why_and_are_not_shown(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg")
        catalog.set_error(photo_id, FailureReason.TOO_SLOW)
        (failure,) = catalog.failures()
        assert (failure.id, failure.error) == (photo_id, FailureReason.TOO_SLOW)
        assert catalog.all_photo_ids() == [] and catalog.searchable_ids().size == 0
        assert catalog.vector(photo_id, "embedding") is None, "vectors of what the file was before"
        analysed(catalog, folder.id, "a.jpg")
        assert catalog.failures() == []
        assert catalog.all_photo_ids() == [photo_id]

    def test_a_reason_of_another_version_of_the_program_can_be_read(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg")
        catalog._database.rows("UPDATE photo SET error = 'moon_phase' WHERE id = ?", [photo_id])
        assert [photo.error for photo in catalog.failures()] == [FailureReason.READ_ERROR]

    def test_moving_keeps_the_photo(self, catalog: Catalog, root: Path, tmp_path: Path) -> None:
        (tmp_path / "otra").mkdir()
        first, second = catalog.add_folder(root), catalog.add_folder(tmp_path / "otra")
        photo_id = analysed(catalog, first.id, "a.jpg")
        catalog.mark_missing([photo_id])
        catalog.move_photo(photo_id, "Año/b.jpg", folder_id=second.id, mtime_ns=99)
        photo = catalog.photos([photo_id])[photo_id]
        assert (photo.path, photo.size, photo.mtime_ns) == (tmp_path / "otra" / "Año" / "b.jpg", 10, 99)
        assert photo.missing_since is None
        assert photo.camera == "Canon" and catalog.vector(photo_id, "feature") is not None

    def test_photos_are_found_by_content(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        one, _, two = (analysed(catalog, folder.id, f"{n}.jpg", content=c) for n, c in enumerate(("aa", "bb", "aa")))
        catalog.mark_missing([two])
        assert [photo.id for photo in catalog.find_by_content(10, "aa")] == [one, two]
        assert catalog.find_by_content(11, "aa") == []
        assert catalog.known_sizes() == {10}

    def test_an_analysed_photo_is_found_by_content(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        (waiting,) = catalog.add_photos(folder.id, [FoundFile("0.jpg", 10, 1)])
        catalog.add_or_update_photo(folder.id, "0.jpg", 10, 1, content_hash="aa")
        one, _ = (analysed(catalog, folder.id, f"{n}.jpg", content="aa") for n in (1, 2))
        assert waiting < one
        assert catalog.analysed_with_content(10, "aa") == one
        assert catalog.analysed_with_content(11, "aa") is None
        assert catalog.analysed_with_content(10, "bb") is None

    def test_another_content_drops_the_vectors_and_the_same_content_keeps_them(
        self, catalog: Catalog, root: Path
    ) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg", content="aa")
        catalog.add_or_update_photo(folder.id, "a.jpg", 10, 21, content_hash="aa")
        assert catalog.vector(photo_id, "feature") is not None
        assert catalog.add_or_update_photo(folder.id, "a.jpg", 10, 22, content_hash="bb") == photo_id
        assert catalog.vector(photo_id, "feature") is None

    def test_a_copy_takes_details_and_vectors(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        source = analysed(catalog, folder.id, "a.jpg", content="aa", seed=5)
        file = FoundFile("b.jpg", 10, 77)
        assert not catalog.copy_analysis(source, file, folder.id, "bb"), "it has another content by now"
        assert catalog.counts().photos == 1
        assert catalog.copy_analysis(source, file, folder.id, "aa")
        (copy_id,) = set(catalog.all_photo_ids()) - {source}
        assert catalog.photos([copy_id])[copy_id].camera == "Canon"
        for kind in ("feature", "embedding"):
            assert np.array_equal(catalog.vector(copy_id, kind), catalog.vector(source, kind))  # type: ignore[arg-type]
        assert catalog.counts().analysed == 2


@over_both_stores
class TestVectors:
    def test_vectors_survive_a_restart_as_unit_float32(
        self, catalog: Catalog, open_catalog: OpenCatalog, root: Path
    ) -> None:
        folder = catalog.add_folder(root)
        ids = catalog.add_photos(folder.id, [FoundFile(f"{n}.jpg", 1, n) for n in range(50)])
        stored = np.stack([unit(n, 4) for n in range(50)])
        catalog.put_vectors(ids, "embedding", stored)
        with open_catalog() as reader:
            revisions, photo_ids, vectors = reader.vector_rows("embedding")
        assert (revisions.dtype, photo_ids.dtype, vectors.dtype) == (np.int64, np.int64, np.float32)
        assert photo_ids.tolist() == ids and (np.diff(revisions) > 0).all()
        assert vectors.flags.c_contiguous and vectors.shape == (50, 4)
        np.testing.assert_allclose(vectors, stored, atol=5e-4)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)

    def test_a_reader_gets_only_what_is_new(self, catalog: Catalog, open_catalog: OpenCatalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        first = analysed(catalog, folder.id, "a.jpg", seed=1)
        with open_catalog() as reader:
            version = reader.data_version()
            (seen,) = reader.vector_rows("embedding")[0]
            assert reader.data_version() == version
            second = analysed(catalog, folder.id, "b.jpg", seed=2)
            assert reader.data_version() > version
            assert reader.vector_rows("embedding", after=int(seen))[1].tolist() == [second]
            catalog.put_vectors(first, "embedding", unit(9, 4))
            revisions, ids, vectors = reader.vector_rows("embedding", after=int(seen))
            assert ids.tolist() == [second, first]
            np.testing.assert_allclose(vectors[1], unit(9, 4), atol=5e-4)
            assert reader.vector_rows("embedding", after=int(revisions[-1]))[2].shape == (0, 4)

    def test_own_changes_count_as_a_new_version_too(self, catalog: Catalog, root: Path) -> None:
        version = catalog.data_version()
        catalog.add_folder(root)
        assert catalog.data_version() > version

    def test_vectors_of_another_pack_are_not_used_and_not_lost(
        self, catalog: Catalog, open_catalog: OpenCatalog, root: Path
    ) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg", seed=3)
        catalog.use_pack("pack-b", 8, 2)
        assert not dict(catalog.known_files(folder.id))["a.jpg"].has_vectors
        assert catalog.counts().analysed == 0
        assert catalog.vector(photo_id, "embedding") is None
        assert catalog.vector_rows("embedding")[2].shape == (0, 2)
        with open_catalog() as reader:
            assert reader.vector_rows("feature")[2].shape == (0, 8), "a reader follows the pack last used"
            reader.use_pack(*PACK)
            np.testing.assert_allclose(reader.vector(photo_id, "embedding"), unit(3, 4), atol=5e-4)
            reader.use_pack("never seen", 8, 2)
            assert reader.vector(photo_id, "embedding") is None
            assert reader.vector_rows("embedding")[0].size == 0
        catalog.use_pack(*PACK)
        assert dict(catalog.known_files(folder.id))["a.jpg"].has_vectors

    def test_vectors_that_would_spoil_the_search_are_refused(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg")
        for bad in (np.full(4, np.nan, np.float32), unit(0, 5)):
            with pytest.raises(ValueError, match="embedding"):
                catalog.put_vectors(photo_id, "embedding", bad)
        with pytest.raises(ValueError):
            catalog.put_vectors([photo_id, photo_id], "embedding", unit(0, 4))


class TestWorld:
    @over_both_stores
    def test_nothing_of_a_failed_transaction_stays(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        with pytest.raises(GeneratorExit), catalog.transaction():
            analysed(catalog, folder.id, "a.jpg")
            raise GeneratorExit
        assert catalog.all_photo_ids() == []

    def test_a_full_disk_is_said_and_nothing_is_lost(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        photo_id = analysed(catalog, folder.id, "a.jpg")
        ((pages,),) = catalog._database.rows("PRAGMA page_count")
        catalog._database.rows(f"PRAGMA max_page_count = {pages}")  # what a full disk looks like to SQLite
        with pytest.raises(DiskFull), catalog.transaction():
            catalog.add_photos(folder.id, [FoundFile(f"{n:0200}.jpg", 1, n) for n in range(1000)])
        assert catalog.all_photo_ids() == [photo_id]
        catalog._database.rows("PRAGMA max_page_count = 1000000")
        assert len(catalog.add_photos(folder.id, [FoundFile("b.jpg", 1, 1)])) == 1

    def test_damage_is_said_wherever_it_is_met(self, tmp_path: Path, root: Path) -> None:
        path = tmp_path / "catalog.sqlite"
        with Catalog.open(path, writer=True) as catalog:
            folder = catalog.add_folder(root)
            catalog.add_photos(folder.id, [FoundFile(f"{n:0100}.jpg", 1, n) for n in range(500)])
            catalog._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        content = bytearray(path.read_bytes())
        content[4096 * 3 :] = os.urandom(len(content) - 4096 * 3)
        path.write_bytes(content)
        with pytest.raises(CatalogDamaged), Catalog.open(path) as catalog:
            list(catalog.known_files(folder.id))
            catalog.all_photo_ids()
        assert path.read_bytes() == bytes(content), "a damaged catalogue is left for whoever can save it"

    def test_only_one_process_analyses_and_others_search(self, catalog: Catalog, root: Path) -> None:
        analysed(catalog, catalog.add_folder(root).id, "a.jpg")
        with catalog.lock_for_indexing(), catalog.lock_for_indexing():
            assert run(LOCK, catalog.path) == "CatalogInUse"
            assert run(READ, catalog.path) == "[1]"
            with Catalog.open(catalog.path, writer=True) as other, pytest.raises(CatalogInUse):
                other.lock_for_indexing().__enter__()
        assert run(LOCK, catalog.path) == "locked"

    def test_after_a_kill_the_lock_is_free_and_the_file_is_checked(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        catalog.add_photos(folder.id, [FoundFile(f"{n:0100}.jpg", 1, n) for n in range(500)])
        assert run(KILLED, catalog.path) == ""
        with catalog.lock_for_indexing():
            pass
        assert run(KILLED, catalog.path) == ""
        catalog._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        catalog.close()
        content = bytearray(catalog.path.read_bytes())
        content[-4096 * 4 :] = bytes(4096 * 4)
        catalog.path.write_bytes(content)
        with Catalog.open(catalog.path, writer=True) as again:
            for _ in range(2):
                with pytest.raises(CatalogDamaged):
                    again.lock_for_indexing().__enter__()

    def test_a_search_does_not_load_what_only_decoding_needs(self) -> None:
        code = "import sys, photofinder.library.catalog; print([m for m in ('PIL', 'torch') if m in sys.modules])"
        assert run(code, Path()) == "[]"


LOCK = """
from photofinder.errors import CatalogInUse
try:
    with Catalog.open(path, writer=True).lock_for_indexing():
        print("locked")
except CatalogInUse:
    print("CatalogInUse")
"""
READ = "print(Catalog.open(path).all_photo_ids())"
KILLED = """
import os, signal
lock = Catalog.open(path, writer=True).lock_for_indexing()
lock.__enter__()
os.kill(os.getpid(), signal.SIGTERM if os.name == 'nt' else signal.SIGKILL)
"""


def run(code: str, path: Path) -> str:
    """What ``code`` prints in another process."""
    start = "import sys; from pathlib import Path; from photofinder.library.catalog import Catalog\n"
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", f"{start}path = Path(sys.argv[1])\n{code}", str(path)]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout.strip()


@over_both_stores
class TestCompare:
    def test_each_file_is_what_happened_to_it(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        same, edited, gone, back, hidden, elsewhere = (
            analysed(catalog, folder.id, name)
            for name in ("a.jpg", "b.jpg", "c.jpg", "d.jpg", "no/e.jpg", "no estaba/f.jpg")
        )
        broken, waiting = catalog.add_photos(folder.id, [FoundFile("g.jpg", 1, 1), FoundFile("h.jpg", 1, 1)])
        catalog.set_error(broken, FailureReason.EMPTY)
        catalog.mark_missing([back])
        known = list(catalog.known_files(folder.id))
        found = [
            FoundFile("a.jpg", 10, 20), FoundFile("b.jpg", 10, 21), FoundFile("d.jpg", 10, 20),
            FoundFile("g.jpg", 1, 1), FoundFile("h.jpg", 1, 1), FoundFile("z.jpg", 1, 1),
        ]  # fmt: skip
        changes = compare(found, known, skipped=["no"])
        assert (changes.found, changes.known) == (6, 8)
        assert changes.new == [found[5]]
        assert [(file, before.photo_id) for file, before in changes.changed] == [(found[1], edited)]
        assert [before.photo_id for _, before in changes.pending] == [waiting]
        assert changes.unchanged == 3, (same, back, broken)
        assert changes.returned == [back]
        assert changes.gone == changes.absent == {gone, elsewhere}
        assert hidden not in changes.absent
        retried = compare(found, known, skipped=["no"], retry_failed=True)
        assert [before.photo_id for _, before in retried.pending] == [broken, waiting]

    def test_a_skipped_file_itself_is_not_gone(self, catalog: Catalog, root: Path) -> None:
        folder = catalog.add_folder(root)
        analysed(catalog, folder.id, "link.jpg")
        assert compare([], catalog.known_files(folder.id), skipped=["link.jpg"]).gone == set()


@over_both_stores
def test_what_a_folder_leaves_out_is_remembered(catalog: Catalog, root: Path) -> None:
    folder = catalog.add_folder(root)
    assert folder.exclude == ()
    catalog.set_exclude(folder.id, ["*.png", " /Trabajo ", "", "*.png"])
    assert catalog.add_folder(root).exclude == catalog.folders()[0].exclude == ("*.png", "/Trabajo")
    catalog.set_exclude(folder.id, [""])
    assert catalog.folders()[0].exclude == ()


@over_both_stores
def test_counts_and_paths_of_each_folder(catalog: Catalog, root: Path, tmp_path: Path) -> None:
    (tmp_path / "otra").mkdir()
    one, other = catalog.add_folder(root).id, catalog.add_folder(tmp_path / "otra").id
    analysed(catalog, one, "a.jpg")
    gone = analysed(catalog, one, "b.jpg", content="bb")
    catalog.mark_missing([gone])
    (bad,) = catalog.add_photos(other, [FoundFile("c.jpg", 1, 1)])
    catalog.set_error(bad, FailureReason.EMPTY)
    assert catalog.counts_by_folder() == {one: Counts(1, 1, 0, 1), other: Counts(1, 0, 1, 0)}
    catalog.add_photos(one, [FoundFile("nueva.jpg", 1, 1)])
    assert catalog.counts_by_folder() == {one: Counts(2, 1, 0, 1), other: Counts(1, 0, 1, 0)}
    analysed(catalog, one, "nueva.jpg", content="n")
    later_bad = analysed(catalog, other, "d.jpg", content="d")
    assert catalog.counts_by_folder() == {one: Counts(2, 2, 0, 1), other: Counts(2, 1, 1, 0)}
    catalog.set_error(later_bad, FailureReason.DAMAGED)  # whether or not its vectors go
    assert catalog.counts_by_folder() == {one: Counts(2, 2, 0, 1), other: Counts(2, 0, 2, 0)}
    assert Counts.sum(catalog.counts_by_folder().values()) == catalog.counts()
    assert sorted(catalog.rel_paths(one)) == [("a.jpg", False), ("b.jpg", True), ("nueva.jpg", False)]
