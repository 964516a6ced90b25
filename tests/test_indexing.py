from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from photofinder.errors import CatalogInUse, DiskFull, FailureReason, FolderOverlap, FolderUnavailable, PhotoUnreadable
from photofinder.indexing import Embedded, Failed, FolderProgress, IndexEvent, IndexSummary, Scanned, index_folders
from photofinder.library.catalog import Catalog, Counts
from photofinder.library.decoder import Decoder
from photofinder.library.filters import Filters
from photofinder.library.images import DecodedPhoto, decode
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from tests.conftest import BOTH_STORES, OpenCatalog, fill_photo_folder, write_photo

COLOURS = Pack(Path(), "colours", "colours-1", feature_dim=12, embedding_dim=6, manifest={})

over_both_stores = pytest.mark.parametrize("open_catalog", BOTH_STORES, indirect=True)


@dataclass(frozen=True)
class ColourVectors:
    features: NDArray[np.float32]
    embeddings: NDArray[np.float32]


def colour_vectors(images: Sequence[NDArray[np.uint8]]) -> ColourVectors:
    """A network without learning: the mean colours of the four quarters, and mean and spread of the whole."""
    features, embeddings = [], []
    for image in images:
        rows, columns = (np.array_split(np.arange(length), 2) for length in image.shape[:2])
        features.append([image[np.ix_(r, c)].mean((0, 1)) for r in rows for c in columns])
        embeddings.append([image.mean((0, 1)), image.std((0, 1))])
    return ColourVectors(*(unit(np.reshape(rows, (len(images), -1))) for rows in (features, embeddings)))


def unit(vectors: NDArray[np.float64]) -> NDArray[np.float32]:
    return ((vectors + 1) / np.linalg.norm(vectors + 1, axis=1, keepdims=True)).astype(np.float32)


@dataclass
class Library:
    """A catalogue with its cache and decoder, and what the network was asked."""

    paths: DataPaths
    decoder: Decoder
    thumbnails: ThumbnailCache
    catalog: Catalog
    pack: Pack = COLOURS
    batches: list[int] = field(default_factory=list)

    def visual(self, _: Pack) -> Callable[[Sequence[NDArray[np.uint8]]], ColourVectors]:
        def network(images: Sequence[NDArray[np.uint8]]) -> ColourVectors:
            self.batches.append(len(images))
            return colour_vectors(images)

        return network

    def events(
        self,
        *folders: Path,
        retry_failed: bool | set[int] = False,
        batch_size: int = 4,
        exclude: Sequence[str] | None = None,
    ) -> Iterator[IndexEvent]:
        return index_folders(
            self.catalog,
            folders,
            self.pack,
            decoder=self.decoder,
            thumbnails=self.thumbnails,
            visual=self.visual,
            batch_size=batch_size,
            retry_failed=retry_failed,
            exclude=exclude,
        )

    def run(
        self, *folders: Path, retry_failed: bool | set[int] = False, exclude: Sequence[str] | None = None
    ) -> tuple[list[IndexEvent], IndexSummary]:
        events, run = [], self.events(*folders, retry_failed=retry_failed, exclude=exclude)
        while True:
            try:
                events.append(next(run))
            except StopIteration as end:
                return events, end.value

    def ids(self) -> dict[str, int]:
        """Photo ids by path, of what is shown."""
        return {str(photo.path): photo_id for photo_id, photo in self.shown().items()}

    def shown(self) -> dict[int, object]:
        return self.catalog.photos(self.catalog.all_photo_ids())  # type: ignore[return-value]

    def check(self, *folders: Path) -> None:
        """Every photo on disk is shown once, with the vectors and the thumbnail of what it holds; nothing else is."""
        on_disk = {str(path) for folder in folders for path in folder.rglob("*.jpg")}
        photos = self.catalog.photos(self.catalog.searchable_ids().tolist())
        assert sorted(str(photo.path) for photo in photos.values()) == sorted(on_disk)
        for photo in photos.values():
            decoded = decode(photo.path)
            expected = colour_vectors([decoded.pixels])
            for kind, vectors in (("feature", expected.features), ("embedding", expected.embeddings)):
                np.testing.assert_allclose(self.catalog.vector(photo.id, kind), vectors[0], atol=1e-3)
            assert (photo.width, photo.height) == (decoded.info.width, decoded.info.height)
            assert photo.mtime_ns == photo.path.stat().st_mtime_ns
            assert self.thumbnails.get(photo.id, photo.mtime_ns) == decoded.thumbnail


@pytest.fixture
def library(paths: DataPaths, decoder: Decoder, open_catalog: OpenCatalog) -> Iterator[Library]:
    with (
        open_catalog(writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
    ):
        yield Library(paths, decoder, thumbnails, catalog)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Six small photos."""
    for seed in range(6):
        write_small(tmp_path / "Año" / f"{'viaje' if seed < 3 else 'casa'}" / f"{seed}.jpg", seed)
    return tmp_path / "Año"


_clock = iter(range(10**6))


def write_small(path: Path, seed: int) -> Path:
    """A small photo with a time of its own, later than those before: disks may count in whole seconds."""
    write_photo(path, size=(64, 48), seed=seed)
    set_time(path)
    return path


def set_time(path: Path) -> None:
    time_ns = (1_700_000_000 + next(_clock)) * 10**9
    os.utime(path, ns=(time_ns, time_ns))


def snapshot(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {str(path): (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


def work(summary: IndexSummary) -> tuple[int, int, int, int, int]:
    return summary.analysed, summary.unchanged, summary.moved, summary.failed, summary.missing


class TestLeastWork:
    @over_both_stores
    def test_a_first_run_analyses_everything_and_changes_no_file(self, library: Library, photo_folder: Path) -> None:
        before = snapshot(photo_folder)
        events, summary = library.run(photo_folder)
        library.check(photo_folder)
        assert snapshot(photo_folder) == before
        assert (summary.photos, summary.offline, work(summary)) == (14, (), (14, 0, 0, 0, 0))
        assert [event for event in events if isinstance(event, Scanned)] == [Scanned(photo_folder, 14, 14, 0, 0, 0)]
        batches = [event for event in events if isinstance(event, Embedded)]
        assert [event.done for event in batches] == [4, 8, 12, 14]
        assert {event.total for event in batches} == {14}
        assert sorted(photo_id for event in batches for photo_id in event.photo_ids) == sorted(library.ids().values())
        assert all(event.photos_per_second > 0 for event in batches)
        assert batches[0].seconds_left and batches[-1].seconds_left == 0
        assert library.catalog.counts() == Counts(photos=14, analysed=14, failed=0, missing=0)

    def test_a_second_run_decodes_nothing(self, library: Library, folder: Path) -> None:
        library.run(folder)
        library.batches.clear()
        with Decoder() as unused:
            library.decoder = unused
            _, summary = library.run(folder)
            assert unused.worker_pids == []
        assert library.batches == []
        assert work(summary) == (0, 6, 0, 0, 0)

    def test_the_network_is_loaded_beside_the_decoders(self, library: Library, folder: Path) -> None:
        """Not when a batch is full: decoders, which work ahead, would wait for it."""
        order: list[str] = []

        class Decoding:
            def decode_many(self, paths: Iterable[Path]) -> Iterator[DecodedPhoto | PhotoUnreadable]:
                for outcome in library.decoder.decode_many(paths):
                    order.append("unreadable" if isinstance(outcome, PhotoUnreadable) else "decoded")
                    yield outcome

        def load(pack: Pack) -> Callable[[Sequence[NDArray[np.uint8]]], ColourVectors]:
            order.append("loaded")
            return library.visual(pack)

        (folder / "a.jpg").write_bytes(b"no photo")
        os.utime(folder / "a.jpg", (2**32, 2**32))  # the newest, which is first
        decoder = cast(Decoder, Decoding())
        list(index_folders(library.catalog, [folder], COLOURS, decoder=decoder, visual=load, batch_size=4))
        assert order[:4] == ["unreadable", "decoded", "loaded", "decoded"]
        assert order.count("loaded") == 1

    def test_a_second_run_does_not_import_torch(self, library: Library, folder: Path) -> None:
        library.run(folder)
        code = (
            "import sys; from pathlib import Path\n"
            "from photofinder.indexing import index_folders\n"
            "from photofinder.library.catalog import Catalog\n"
            "from photofinder.library.decoder import Decoder\n"
            "from photofinder.model.pack import Pack\n"
            "pack = Pack(Path(), 'colours', 'colours-1', 12, 6, {})\n"
            "with Catalog.open(Path(sys.argv[1]), writer=True) as catalog, Decoder() as decoder:\n"
            "    print(len(list(index_folders(catalog, [Path(sys.argv[2])], pack, decoder=decoder))) > 0)\n"
            "print('torch' in sys.modules)"
        )
        command = [sys.executable, "-c", code, str(library.paths.catalog), str(folder)]
        output = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
        assert output.stdout.split() == ["True", "False"]

    def test_only_new_and_changed_photos_are_decoded(self, library: Library, folder: Path) -> None:
        library.run(folder)
        ids = library.ids()
        write_small(folder / "nueva.jpg", 20)
        write_small(folder / "casa" / "3.jpg", 21)
        library.batches.clear()
        _, summary = library.run(folder)
        assert (library.batches, work(summary)) == ([2], (2, 5, 0, 0, 0))
        library.check(folder)
        assert {path: library.ids()[path] for path in ids} == ids

    def test_another_file_time_alone_costs_no_decoding(self, library: Library, folder: Path) -> None:
        library.run(folder)
        set_time(folder / "casa" / "3.jpg")
        library.batches.clear()
        _, summary = library.run(folder)
        assert (library.batches, work(summary)) == ([], (0, 6, 0, 0, 0))
        library.check(folder)

    @over_both_stores
    def test_moved_and_renamed_photos_keep_id_and_vectors(self, library: Library, folder: Path) -> None:
        library.run(folder)
        ids = library.ids()
        (folder / "viaje").rename(folder / "playa 2019")
        (folder / "casa" / "3.jpg").rename(folder / "navidad.jpg")
        library.batches.clear()
        events, summary = library.run(folder)
        assert (library.batches, work(summary)) == ([], (0, 2, 4, 0, 0))
        assert [event for event in events if isinstance(event, Scanned)] == [Scanned(folder, 6, 0, 2, 4, 0)]
        library.check(folder)
        assert sorted(library.ids().values()) == sorted(ids.values())
        assert library.ids()[str(folder / "navidad.jpg")] == ids[str(folder / "casa" / "3.jpg")]

    @pytest.mark.parametrize("together", [True, False])
    def test_a_photo_may_move_to_another_folder(self, library: Library, folder: Path, together: bool) -> None:
        other = folder.with_name("otra")
        write_small(other / "x.jpg", 30)
        library.run(folder, other)
        moved = library.ids()[str(folder / "casa" / "4.jpg")]
        (folder / "casa" / "4.jpg").rename(other / "4.jpg")
        library.batches.clear()
        _, summary = library.run(folder, other) if together else library.run(other)
        assert (library.batches, summary.moved, summary.missing) == ([], 1, 0)
        assert library.ids()[str(other / "4.jpg")] == moved
        assert work(library.run(folder, other)[1]) == (0, 7, 0, 0, 0)
        library.check(folder, other)

    @over_both_stores
    def test_copies_share_vectors(self, library: Library, folder: Path) -> None:
        for name in ("a.jpg", "b.jpg", "c.jpg"):
            shutil.copyfile(folder / "casa" / "3.jpg", folder / name)
        events, summary = library.run(folder)
        assert (sum(library.batches), summary.analysed) == (6, 9)
        assert events[-1].done == events[-1].total == 9  # type: ignore[union-attr]
        library.check(folder)
        shutil.copytree(folder, folder / "copia de todo")
        library.batches.clear()
        _, summary = library.run(folder)
        assert (library.batches, work(summary)) == ([], (9, 9, 0, 0, 0))
        library.check(folder)

    @over_both_stores
    def test_copies_far_apart_share_vectors_too(self, library: Library, folder: Path) -> None:
        for age in range(40):
            path = folder / f"{age}.jpg"
            if age % 5:
                write_small(path, 100 + age)
            else:
                shutil.copyfile(folder / "casa" / "3.jpg", path)
            os.utime(path, (10**9 - age, 10**9 - age))
        for _ in library.events(folder, batch_size=1):
            pass
        assert sum(library.batches) == 6 + 32
        library.check(folder)

    def test_a_copy_of_a_photo_whose_drive_is_away_is_a_copy_and_no_move(self, library: Library, folder: Path) -> None:
        here = folder.with_name("aquí")
        write_small(here / "x.jpg", 30)
        library.run(folder, here)
        ids = library.ids()
        shutil.copyfile(folder / "casa" / "3.jpg", here / "3.jpg")
        folder.rename(folder.with_name("lejos"))
        folder.mkdir()
        library.batches.clear()
        _, summary = library.run(here, folder)
        assert (library.batches, work(summary), summary.offline) == ([], (1, 1, 0, 0, 0), (folder,))
        assert ids.items() < library.ids().items()

    def test_renaming_around_in_a_ring_mixes_nothing_up(self, library: Library, folder: Path) -> None:
        library.run(folder)
        names = [folder / "casa" / f"{n}.jpg" for n in (3, 4, 5)]
        for number, path in enumerate(names):
            path.rename(folder / f"{number}.tmp")
        for number, path in enumerate([names[1], names[2], folder / "casa" / "6.jpg"]):
            (folder / f"{number}.tmp").rename(path)
        library.run(folder)
        library.check(folder)

    @over_both_stores
    def test_deleted_photos_are_hidden_and_come_back_without_decoding(self, library: Library, folder: Path) -> None:
        library.run(folder)
        ids = library.ids()
        (folder / "viaje").rename(folder.with_name("papelera"))
        _, summary = library.run(folder)
        assert work(summary) == (0, 3, 0, 0, 3)
        library.check(folder)
        assert work(library.run(folder)[1]) == (0, 3, 0, 0, 0)
        folder.with_name("papelera").rename(folder / "viaje")
        library.batches.clear()
        _, summary = library.run(folder)
        assert (library.batches, work(summary)) == ([], (0, 6, 0, 0, 0))
        assert library.ids() == ids
        library.check(folder)

    @over_both_stores
    def test_another_pack_means_to_analyse_again_and_the_old_one_is_kept(self, library: Library, folder: Path) -> None:
        library.run(folder)
        library.pack = Pack(Path(), "others", "others-1", 12, 6, {})
        assert work(library.run(folder)[1]) == (6, 0, 0, 0, 0)
        library.pack = COLOURS
        assert work(library.run(folder)[1]) == (0, 6, 0, 0, 0)
        library.check(folder)

    @over_both_stores
    @pytest.mark.parametrize("seed", range(4))
    def test_whatever_happens_to_the_files_the_catalogue_follows(
        self, library: Library, folder: Path, seed: int
    ) -> None:
        rng = random.Random(seed)
        for step in range(12):
            for _ in range(rng.randint(1, 4)):
                there = sorted(folder.rglob("*.jpg"))
                target = folder / rng.choice(["viaje", "casa", "nueva"]) / f"{rng.randrange(9)}.jpg"
                target.parent.mkdir(exist_ok=True)
                source = rng.choice(there) if there else None
                match rng.choice(["write", "move", "copy", "delete", "touch"]) if source else "write":
                    case "move":
                        source.replace(target)
                    case "copy" if source != target:
                        shutil.copyfile(source, target)
                        set_time(target)
                    case "delete":
                        source.unlink()
                    case "touch":
                        set_time(source)
                    case _:
                        write_small(target, rng.randrange(12))
            run = library.events(folder, batch_size=2)
            for _ in range(rng.choice([1, 3, 100])):
                next(run, None)
            run.close()  # type: ignore[attr-defined]
            if step % 3 == 2 and any(folder.rglob("*.jpg")):
                library.run(folder)
                library.check(folder)


class TestFailures:
    @over_both_stores
    def test_unreadable_photos_are_recorded_with_their_reason(self, library: Library, folder: Path) -> None:
        (folder / "vacía.jpg").write_bytes(b"")
        (folder / "texto.jpg").write_text("no soy una foto")
        (folder / "cortada.jpg").write_bytes((folder / "casa" / "3.jpg").read_bytes()[:600])
        for name in (b"caf\xe9.jpg", "ñu😀\n.jpg".encode()):
            shutil.copyfile(folder / "casa" / "3.jpg", os.fsencode(folder) + b"/" + name)
        events, summary = library.run(folder)
        assert summary.failed == 3 and summary.analysed == 8
        reasons = {event.path.name: event.reason for event in events if isinstance(event, Failed)}
        assert set(reasons) == {"vacía.jpg", "texto.jpg", "cortada.jpg"}
        assert reasons["vacía.jpg"] == FailureReason.EMPTY
        assert reasons["texto.jpg"] == FailureReason.NOT_AN_IMAGE
        assert {photo.path.name: photo.error for photo in library.catalog.failures()} == reasons
        assert library.catalog.counts() == Counts(photos=11, analysed=8, failed=3, missing=0)

    def test_a_failed_photo_is_tried_again_when_it_changed_or_on_request(self, library: Library, folder: Path) -> None:
        for name in ("a.jpg", "b.jpg"):
            (folder / name).write_text("no soy una foto")
        assert library.run(folder)[1].failed == 2
        assert work(library.run(folder)[1]) == (0, 8, 0, 0, 0)
        assert work(library.run(folder, retry_failed=True)[1]) == (0, 6, 0, 2, 0)
        write_small(folder / "a.jpg", 40)
        assert work(library.run(folder)[1]) == (1, 7, 0, 0, 0)
        assert [photo.rel_path for photo in library.catalog.failures()] == ["b.jpg"]

    def test_one_failed_photo_is_tried_again(self, library: Library, folder: Path) -> None:
        for name in ("a.jpg", "b.jpg"):
            (folder / name).write_text("no soy una foto")
        library.run(folder)
        first = library.catalog.failures()[0].id
        events, summary = library.run(folder, retry_failed={first})
        assert [event.photo_id for event in events if isinstance(event, Failed)] == [first]
        assert work(summary) == (0, 7, 0, 1, 0)

    def test_a_photo_that_becomes_unreadable_is_not_found_any_more(self, library: Library, folder: Path) -> None:
        library.run(folder)
        (folder / "casa" / "3.jpg").write_text("adiós")
        assert work(library.run(folder)[1]) == (0, 5, 0, 1, 0)
        assert str(folder / "casa" / "3.jpg") not in library.ids()
        assert len(library.catalog.searchable_ids()) == 5

    @over_both_stores
    def test_a_photo_deleted_meanwhile_is_missing_and_not_failed(self, library: Library, folder: Path) -> None:
        run = library.events(folder)
        while not isinstance(next(run), Scanned):
            pass
        (folder / "casa" / "3.jpg").unlink()
        events = list(run)
        assert [event.reason for event in events if isinstance(event, Failed)] == [FailureReason.VANISHED]
        assert library.catalog.failures() == []
        library.check(folder)


class TestExclude:
    @over_both_stores
    def test_what_is_left_out_is_gone_and_comes_back_with_its_vectors(self, library: Library, folder: Path) -> None:
        (folder / "casa" / "rota.jpg").write_text("no soy una foto")
        library.run(folder)
        assert work(library.run(folder, exclude=["CASA"])[1]) == (0, 3, 0, 0, 4)
        library.check(folder / "viaje")
        assert library.catalog.failures() == []
        assert work(library.run(folder)[1]) == (0, 3, 0, 0, 0), "it is remembered"
        batches = list(library.batches)
        assert work(library.run(folder, exclude=[])[1]) == (0, 7, 0, 0, 0)
        assert library.batches == batches
        assert len(library.ids()) == 6
        assert [photo.rel_path for photo in library.catalog.failures()] == ["casa/rota.jpg"]

    def test_each_folder_has_its_own_count(self, library: Library, folder: Path, tmp_path: Path) -> None:
        write_small(tmp_path / "Otra" / "9.jpg", 9)
        events, _ = library.run(folder, tmp_path / "Otra")
        last = [event for event in events if isinstance(event, Embedded)][-1]
        one, other = (folder.id for folder in library.catalog.folders())
        assert last.folders == (FolderProgress(one, 6, 6), FolderProgress(other, 1, 1))


class TestInterruption:
    @pytest.mark.parametrize("after", range(1, 6))
    def test_closing_at_any_moment_keeps_what_is_done(self, library: Library, folder: Path, after: int) -> None:
        run = library.events(folder, batch_size=2)
        seen = [next(run) for _ in range(after)]
        run.close()  # type: ignore[attr-defined]
        told = {photo_id for event in seen if isinstance(event, Embedded) for photo_id in event.photo_ids}
        assert library.catalog.counts().analysed == len(told)
        _, summary = library.run(folder)
        assert (summary.analysed, summary.unchanged) == (6 - len(told), len(told))
        library.check(folder)

    def test_a_killed_process_keeps_what_is_done(self, library: Library, folder: Path) -> None:
        code = (
            "import os, signal, sys; from pathlib import Path\n"
            "from tests.test_indexing import COLOURS, colour_vectors\n"
            "from photofinder.indexing import index_folders\n"
            "from photofinder.library.catalog import Catalog\n"
            "from photofinder.library.decoder import Decoder\n"
            "calls = []\n"
            "def network(images):\n"
            "    calls.append(1)\n"
            "    if len(calls) == 3:\n"
            "        os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))\n"
            "    return colour_vectors(images)\n"
            "catalog = Catalog.open(Path(sys.argv[1]), writer=True)\n"
            "with Decoder(workers=1) as decoder:\n"
            "    list(index_folders(catalog, [Path(sys.argv[2])], COLOURS, decoder=decoder,\n"
            "                       visual=lambda pack: network, batch_size=2))\n"
        )
        command = [sys.executable, "-c", code, str(library.paths.catalog), str(folder)]
        killed = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, check=False)
        assert killed.returncode != 0, killed.stderr
        library.catalog.use_pack("colours-1", 12, 6)
        assert library.catalog.counts() == Counts(photos=6, analysed=4, failed=0, missing=0)
        assert work(library.run(folder)[1]) == (2, 4, 0, 0, 0)

    def test_what_is_done_can_be_searched_meanwhile_and_the_newest_are_first(
        self, library: Library, folder: Path
    ) -> None:
        expected = sorted(folder.rglob("*.jpg"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        order: list[str] = []
        with Catalog.open(library.paths.catalog) as reader:
            for event in library.events(folder, batch_size=2):
                if isinstance(event, Scanned):
                    assert len(reader.all_photo_ids()) == 6, "all photos are shown before any is analysed"
                elif isinstance(event, Embedded):
                    names = reader.photos(event.photo_ids)
                    order += [str(names[photo_id].path) for photo_id in event.photo_ids]
                    assert len(reader.vector_rows("embedding")[0]) == event.done
        assert order == [str(path) for path in expected]

    def test_a_full_disk_stops_the_run_and_keeps_what_is_done(self, library: Library, folder: Path) -> None:
        for seed in range(100, 200):
            write_small(folder / f"{seed}.jpg", seed)
        told: set[int] = set()
        with pytest.raises(DiskFull):
            for event in library.events(folder):
                if isinstance(event, Embedded):
                    told |= set(event.photo_ids)
                if len(told) == 4:
                    ((pages,),) = library.catalog._database.rows("PRAGMA page_count")
                    library.catalog._database.rows(f"PRAGMA max_page_count = {pages}")
        assert 0 < library.catalog.counts().analysed == len(told) < 106
        library.catalog._database.rows("PRAGMA max_page_count = 100000")
        assert library.run(folder)[1].analysed == 106 - len(told)
        library.check(folder)

    def test_one_run_at_a_time(self, library: Library, folder: Path) -> None:
        run = library.events(folder)
        next(run)
        with Catalog.open(library.paths.catalog, writer=True) as other:
            second = index_folders(other, [folder], COLOURS, decoder=library.decoder, visual=library.visual)
            with pytest.raises(CatalogInUse):
                next(second)
            run.close()  # type: ignore[attr-defined]
            third = index_folders(other, [folder], COLOURS, decoder=library.decoder, visual=library.visual)
            assert next(third)
            third.close()

    def test_a_folder_removed_meanwhile_stays_removed(self, library: Library, folder: Path) -> None:
        with Catalog.open(library.paths.catalog, writer=True) as other:
            for event in library.events(folder, batch_size=2):
                if isinstance(event, Embedded) and event.done == 2:
                    other.remove_folder(other.folders()[0].id)
        assert library.catalog.counts() == Counts(0, 0, 0, 0)
        assert library.catalog.folders() == []


class TestOffline:
    def test_one_folder_away_does_not_stop_the_others(self, library: Library, folder: Path) -> None:
        away = folder.with_name("usb")
        write_small(away / "x.jpg", 50)
        library.run(away)
        ids = library.ids()
        shutil.rmtree(away)
        events, summary = library.run(folder / ".." / "nunca", away, folder)
        assert summary.offline == (folder.with_name("nunca"), away)
        assert summary.analysed == 6 and summary.missing == 0
        assert [event.folder for event in events if isinstance(event, Scanned)] == [folder]
        assert ids.items() < library.ids().items()
        assert [known.path for known in library.catalog.folders()] == [away, folder]

    def test_all_folders_away_is_an_error_that_changes_nothing(self, library: Library, folder: Path) -> None:
        library.run(folder)
        ids = library.ids()
        folder.rename(folder.with_name("lejos"))
        with pytest.raises(FolderUnavailable) as caught:
            library.run(folder, folder.with_name("nunca"))
        assert caught.value.path == folder
        assert library.ids() == ids
        folder.with_name("lejos").rename(folder)
        assert work(library.run(folder)[1]) == (0, 6, 0, 0, 0)

    def test_the_empty_place_of_an_unmounted_drive_is_offline(self, library: Library, folder: Path) -> None:
        library.run(folder)
        folder.rename(folder.with_name("lejos"))
        folder.mkdir()
        with pytest.raises(FolderUnavailable):
            library.run(folder)
        assert library.catalog.counts().missing == 0
        (folder / "leeme.txt").write_text("")
        assert work(library.run(folder)[1]) == (0, 0, 0, 0, 6)

    def test_an_empty_folder_that_never_had_photos_is_fine(self, library: Library, tmp_path: Path) -> None:
        (tmp_path / "vacía").mkdir()
        events, summary = library.run(tmp_path / "vacía")
        assert (summary.photos, summary.offline) == (0, ())
        assert Scanned(tmp_path / "vacía", 0, 0, 0, 0, 0) in events

    @pytest.mark.parametrize("leaves_a_place", [True, False])
    def test_a_drive_pulled_midway_is_offline_and_goes_on_later(
        self, library: Library, folder: Path, leaves_a_place: bool
    ) -> None:
        for seed in range(60, 160):  # more than the decoder looks ahead
            write_small(folder / f"{seed}.jpg", seed)
        other = folder.with_name("otra")
        write_small(other / "x.jpg", 50)
        run = library.events(folder, other)
        events = []
        while not any(isinstance(event, Embedded) for event in events):
            events.append(next(run))
        folder.rename(folder.with_name("lejos"))
        if leaves_a_place:
            folder.mkdir()
        while True:
            try:
                events.append(next(run))
            except StopIteration as end:
                summary = end.value
                break
        assert summary.offline == (folder,)
        assert (summary.failed, summary.missing) == (0, 0)
        assert not any(isinstance(event, Failed) for event in events)
        assert events[-1].done == events[-1].total == summary.analysed  # type: ignore[union-attr]
        assert library.catalog.counts().photos == 107
        if leaves_a_place:
            folder.rmdir()
        folder.with_name("lejos").rename(folder)
        _, summary = library.run(folder, other)
        assert summary.analysed + summary.unchanged == 107
        library.check(folder, other)

    def test_photos_behind_a_link_to_a_drive_that_is_away_are_not_missing(self, library: Library, folder: Path) -> None:
        drive = folder.with_name("usb")
        write_small(drive / "x.jpg", 50)
        (folder / "enlace").symlink_to(drive)
        assert library.run(folder)[1].photos == 7
        drive.rename(folder.with_name("lejos"))
        assert library.run(folder)[1].missing == 0
        (folder / "enlace").unlink()
        assert library.run(folder)[1].missing == 1

    def test_a_folder_given_twice_is_one_and_one_inside_another_is_refused(
        self, library: Library, folder: Path
    ) -> None:
        _, summary = library.run(folder, folder / "casa" / "..")
        assert summary.photos == 6
        with pytest.raises(FolderOverlap):
            library.run(folder / "casa")


def test_the_real_network_and_the_bundled_pack(tmp_path: Path, paths: DataPaths, decoder: Decoder, pack: Pack) -> None:
    folder = fill_photo_folder(tmp_path / "fotos")
    with Catalog.open(paths.catalog, writer=True) as catalog:
        for _ in index_folders(catalog, [folder], pack, decoder=decoder, batch_size=8):
            pass
        assert catalog.counts() == Counts(photos=14, analysed=14, failed=0, missing=0)
        for kind, dim in (("feature", pack.feature_dim), ("embedding", pack.embedding_dim)):
            vectors = catalog.vector_rows(kind)[2]
            assert vectors.shape == (14, dim)
            np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-2)


def test_what_phrases_say_of_a_photo_is_asked_with_its_kind(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def said(embeddings: NDArray[np.float32]) -> NDArray[np.float32]:
        asked.append(len(embeddings))
        return np.full(len(embeddings), 1000, dtype=np.float32)

    monkeypatch.setattr("photofinder.indexing.run.KindPhrases", lambda pack, texts: said)
    _, summary = library.run(folder)
    assert sum(asked) == summary.analysed > 0
    photos = library.catalog.photos(library.catalog.all_photo_ids()).values()
    found = library.catalog.filtered_ids(Filters(kinds=("screenshot",)))
    assert len(found) == sum(photo.camera is None for photo in photos)
