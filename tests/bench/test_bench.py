"""The benchmark as people run it, on libraries so small that what it says about speed means nothing: only its shape."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from photofinder.bench import cluster, finder_library, finders, index, library, memory, photos, search, start, store
from photofinder.bench.command import work_folder
from photofinder.bench.figures import Part
from photofinder.bench.growth import measure_growth, write_growth_plot
from photofinder.bench.report import table
from photofinder.cli import commands as cli
from photofinder.errors import PhotoUnreadable, StoreUnavailable
from photofinder.indexing.analyst import Analysed
from photofinder.library import catalog_shared
from photofinder.library.catalog import Catalog
from photofinder.library.images import PhotoInfo, decode_bytes
from photofinder.library.look import Look
from photofinder.model.keypoints import load_vocabulary
from photofinder.model.pack import Pack
from tests.bench.test_figures import MACHINE


def silent(spanish: str, english: str) -> None:
    """Nobody is told."""


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is generated, shared by the tests of this file."""
    return tmp_path_factory.mktemp("bench")


def check_honesty(part: Part, runs: int) -> None:
    """Medians of as many runs as were asked for; no figure better than the limit beside it."""
    told = part.as_json()
    assert json.loads(json.dumps(told)) == told
    for figure in part.figures:
        values = told[f"{figure.name}_runs"]
        assert len(values) == runs
        assert min(values) <= told[f"{figure.name}_median"] <= max(values)
        if figure.limit is not None and not figure.more_is_better:
            assert figure.median >= figure.limit


def test_a_library_is_generated_once_and_nothing_of_it_is_to_do(work: Path, pack: Pack) -> None:
    paths = library.generated_library(work, 300, pack, silent)
    made_at = paths.catalog.stat().st_mtime_ns
    assert library.generated_library(work, 300, pack, silent) == paths
    assert paths.catalog.stat().st_mtime_ns == made_at
    with Catalog.open(paths.catalog) as catalog:
        catalog.use_pack(pack.fingerprint, pack.feature_dim, pack.embedding_dim)
        assert catalog.counts().analysed == 300
        (folder,) = catalog.folders()
        assert folder.online
        vectors = catalog.vector_rows("embedding")[2]
        known = dict(catalog.known_files(folder.id))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=2e-3)
    for name, file in known.items():
        found = (folder.path / name).stat()
        assert (found.st_size, found.st_mtime_ns) == (file.size, file.mtime_ns)


def test_generated_vectors_are_the_same_again(pack: Pack) -> None:
    one, other = (next(iter(library.vectors(50, pack, seed=3))) for _ in range(2))
    np.testing.assert_array_equal(one[1], other[1])
    assert not np.array_equal(one[1], next(iter(library.vectors(50, pack, seed=4)))[1])


def test_photos_of_every_kind_are_different_files_that_can_be_read(work: Path) -> None:
    counts = {"jpg": 30, "heic": 2, "png": 2}
    folder = photos.photo_folder(work, "test", counts, (160, 120), silent)
    assert photos.photo_folder(work, "test", counts, (160, 120), silent) == folder
    files = sorted(path for path in folder.iterdir() if path.suffix != ".json")
    assert len(files) == 34
    assert len({path.read_bytes() for path in files}) == 34
    assert {decode_bytes(path.read_bytes()).pixels.shape for path in files} == {(120, 160, 3)}


def test_search_says_how_long_a_phrase_takes(work: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["bench", "search", "--photos", "300", "--runs", "2", "--work", str(work), "--json"]
    assert cli.main(arguments) == cli.OK
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert told["part"] == "search"
    assert told["photos"] == 300
    assert told["phrase_ms_median"] > told["phrase_ms_limit"] > 0
    assert len(told["phrase_ms_runs"]) == len(told["painted_ms_runs"]) == 2
    assert told["phrase_ms_target"] == search.PHRASE_MS
    assert told["painted_ms_median"] > told["phrase_ms_limit"]
    assert told["recall_at_10"] == 1
    assert not told["neighbors"]
    assert told["machine"]["cores"] >= 1


def test_finders_are_measured_on_a_library_that_has_what_they_ask_for(work: Path, pack: Pack) -> None:
    part = finders.measure_finders(work, 300, 2, pack, silent)
    check_honesty(part, 2)
    told = part.as_json()
    assert told["object_found"] == told["object_shown_by"] == 20
    assert told["lists_bytes_per_photo"] == 0  # so few photos need no file
    assert told["only_folder_ms_median"] > 0
    assert told["places_spain_s_median"] > 0
    vocabulary = load_vocabulary()
    paths = finder_library.finder_library(work, 300, pack, vocabulary, silent)
    with Catalog.open(paths.catalog) as catalog:
        facets = catalog.facets()
        (album,) = catalog.albums()
        assert len(catalog.album_marks()[album.id].yes) == finder_library.ALBUM  # as it was before
        assert catalog.count_points(vocabulary.name) == (300, 0)
        assert catalog.known_places().areas
    assert facets.favorites == 3
    assert 3 < sum(count for _, count in facets.kinds) < 40


def test_start_is_measured_from_outside(work: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    # a test leaves the system's memory alone: nothing is pushed out of it
    monkeypatch.setattr(start, "_files_read", lambda paths, pack: [])
    part = start.measure_start(work, 300, 1, pack, silent)
    check_honesty(part, 1)
    told = part.as_json()
    assert 0 < told["warm_window_painted_s_median"] < told["warm_first_phrase_s_median"]
    assert told["window_platform"]


def test_memory_of_window_and_analysis(work: Path, pack: Pack) -> None:
    part = memory.measure_memory(work, 300, 40, 1, pack, silent)
    check_honesty(part, 1)
    told = part.as_json()
    assert 20 < told["window_opened_mb_median"] < 5_000
    assert told["index_command_peak_mb_median"] <= told["index_peak_mb_median"]


def test_index_beside_its_limits(work: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "_ALONE", 32)
    part = index.measure_index(work, 24, 1, pack, silent, size=(320, 240))
    check_honesty(part, 1)
    told = part.as_json()
    assert told["index_photos"] == 24
    assert told["index_mixed_photos"] == 10
    limit = min(told["network_photos_per_s_median"], told["index_decode_photos_per_s_median"])
    assert told["index_photos_per_s_limit"] == limit
    both = told["index_limit_of_shared_cores_photos_per_s"]
    assert both <= limit
    assert told["index_limit_of_shared_cores_share"] == pytest.approx(both / limit, rel=1e-3)
    assert told["index_share_of_limit"] == pytest.approx(told["index_photos_per_s_median"] / limit, rel=1e-3)
    assert told["network_runs_in"] in ("int8", "bfloat16", "float32")
    assert told["index_decoders_cpu_ms_per_photo_median"] > 0
    assert told["index_program_cpu_ms_per_photo_median"] > 0
    printed = table(MACHINE, [part], [], "es")
    assert "comparten los núcleos" in printed
    assert "ms/foto" in printed


def test_index_of_a_folder_of_ones_own(
    work: Path, pack: Pack, photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "_ALONE", 32)
    before = {path: path.stat().st_mtime_ns for path in photo_folder.rglob("*")}
    told = index.measure_index(work, 0, 1, pack, silent, folder=photo_folder).as_json()
    assert told["index_photos"] == 14
    assert {path: path.stat().st_mtime_ns for path in photo_folder.rglob("*")} == before


def test_growth_has_an_exponent_a_quantity(
    work: Path, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photofinder.bench.growth.SIZES", (100, 300))
    part, lines = measure_growth(work, 300, 1, pack, silent)
    assert "una frase, en el motor" in table(MACHINE, [part], lines, "es")
    grown = part.as_json()["growth"]
    assert grown["phrase_ms"]["photos"] == [100, 300]
    assert isinstance(grown["phrase_ms"]["exponent"], float)
    assert set(grown) == {line.key for line in lines}
    plot = tmp_path / "crece.png"
    write_growth_plot(plot, lines, "es")
    with Image.open(plot) as image:
        assert image.size == (1000, 640)


def test_a_plot_without_a_folder_is_told_at_once(
    work: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["bench", "growth", "--work", str(work), "--plot", str(tmp_path / "nada" / "x.png")]
    assert cli.main(arguments) == cli.FAILED
    assert "nada" in capsys.readouterr().err


def test_where_generated_things_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert work_folder(None).parent == tmp_path
    assert work_folder(tmp_path / "otra") == tmp_path / "otra"


def test_what_is_not_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--language", "es", "bench", "nada"])
    assert ended.value.code == 2
    assert "growth" in capsys.readouterr().err


def test_a_shared_catalogue_is_filled_measured_and_left_empty(
    work: Path, pack: Pack, store_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog_shared, "INDEX_FROM", 100)
    monkeypatch.setattr(store, "PHRASES", store.PHRASES[:3])
    monkeypatch.setattr(store, "_SPREAD", 3)
    part = store.measure_store(work, store_url, 300, 1, pack, silent)
    told = part.as_json()
    assert [told[f"store_{name}_median"] > 0 for name in ("fill_photos_per_s", "index_s", "exact_ms", "phrase_ms")]
    assert told["recall_at_10"] >= 0.95 and told["recall_at_10_photo"] >= 0.95
    assert told["server_bytes_per_photo"] > 2 * (pack.feature_dim + pack.embedding_dim)
    assert told["index_bytes_per_photo"] > 0
    with catalog_shared.SharedCatalog.open_store(store_url, writer=True) as catalog:
        assert catalog.folders() == [] and catalog.counts().photos == 0
        catalog.add_folder(work)
    with pytest.raises(StoreUnavailable) as caught:
        store.measure_store(work, store_url, 300, 1, pack, silent)
    assert caught.value.why == "not_empty"


class StandIn:
    """For a cluster: ``tests/cluster`` has a real one."""

    workers, received_bytes = 4, 0

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def ping(self) -> None:
        pass

    def outcomes(self, paths: Sequence[Path]) -> Iterator[Analysed | PhotoUnreadable]:
        for path in paths:
            self.received_bytes += 5_000
            look = Look(np.zeros((32, 32), np.uint8), np.zeros(25, np.float32))
            info = PhotoInfo(1, 1, None, None, None, None)
            yield Analysed(info, np.ones(4, np.float32), np.ones(2, np.float32), look, path.name.encode())


def test_workers_are_measured_beside_one_core(work: Path, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "local_cluster", lambda workers: contextlib.nullcontext("tcp://nobody:1"))
    monkeypatch.setattr(cluster, "ClusterAnalyst", lambda *_, **__: StandIn())
    told = cluster.measure_cluster(work, 4, 1, pack, silent, size=(320, 240)).as_json()
    assert (told["photos"], told["bytes_per_photo"]) == (4, 5_000)
    names = ("one_core", "workers_1", "workers_2", "workers_4")
    assert all(told[f"{name}_photos_per_s_median"] > 0 for name in names)
    assert told["dask_ms_median"] >= 0
