"""Photos analysed by a Dask cluster: the same answers as this machine's, whatever happens to the workers."""

from __future__ import annotations

import io
import json
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

import photofinder
from photofinder.cli.commands import main
from photofinder.cluster.analyst import ClusterAnalyst
from photofinder.cluster.task import analyse, outcomes_of, request_frame
from photofinder.errors import ClusterUnavailable, ExtraMissing, FailureReason, PhotoUnreadable
from photofinder.indexing import Embedded, index_folders, load_visual_lazily
from photofinder.indexing.analyst import Analysed, LocalAnalyst
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.decoder_worker import read_frame, write_frame
from photofinder.library.thumbnails import ThumbnailCache
from photofinder.messages import sentence
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from tests.cluster.conftest import ROOT, LocalCluster, started_cluster
from tests.conftest import write_photo

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes are killed with signals")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 small photos and two files that are none."""
    folder = tmp_path_factory.mktemp("Año ñu😀")
    for seed in range(24):
        write_photo(folder / f"{seed % 3}" / f"{seed:02}.jpg", size=(160, 120), seed=seed)
    (folder / "rota.jpg").write_text("no soy una foto")
    (folder / "vacía.jpg").write_bytes(b"")
    return folder


@pytest.fixture(scope="module")
def analyst(cluster: LocalCluster, pack: Pack, folder: Path) -> Iterator[ClusterAnalyst]:
    with ClusterAnalyst(cluster.address, pack, [folder], thumbnails=True, group=2, patience_s=120) as analyst:
        yield analyst


def files(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.jpg"))


def check(catalog: Catalog, folder: Path) -> None:
    """Every photo once, each analysed or with its reason."""
    photos = catalog.photos(catalog.all_photo_ids())
    assert sorted(photo.path for photo in photos.values()) == [
        path for path in files(folder) if path.name not in ("rota.jpg", "vacía.jpg")
    ]
    assert catalog.counts().analysed == 24
    assert {photo.path.name: photo.error for photo in catalog.failures()} == {
        "rota.jpg": FailureReason.NOT_AN_IMAGE,
        "vacía.jpg": FailureReason.EMPTY,
    }


def workers_of(cluster: LocalCluster) -> list[psutil.Process]:
    """The processes that compute, whose nannies start them again."""
    found = [child for worker in cluster.workers for child in psutil.Process(worker.pid).children(recursive=True)]
    return [one for one in found if "spawn_main" in " ".join(one.cmdline())]


def test_what_comes_back_is_what_this_machine_finds(analyst: ClusterAnalyst, pack: Pack, folder: Path) -> None:
    with Decoder(workers=1) as decoder:
        local = LocalAnalyst(decoder, lambda: load_visual_lazily(pack))
        expected = list(local.outcomes(files(folder)))
        analysed = iter(local.analysed([one for one in expected if not isinstance(one, PhotoUnreadable)]))
        found = list(analyst.outcomes(files(folder)))
        assert len(found) == len(expected) == 26
        for here, there in zip(expected, found, strict=True):
            if isinstance(here, PhotoUnreadable):
                assert isinstance(there, PhotoUnreadable)
                assert (there.path, there.reason) == (here.path, here.reason)
                continue
            own = next(analysed)
            assert isinstance(there, Analysed)
            assert (there.info, there.thumbnail) == (own.info, own.thumbnail)
            assert there.content_hash is not None and len(there.content_hash) == 32
            # each process runs the network in the type that it finds fastest, int8 or another
            assert own.feature @ there.feature > 0.98
            assert own.embedding @ there.embedding > 0.98
            np.testing.assert_array_equal(there.look.tiny, own.look.tiny)
            np.testing.assert_allclose(there.look.measures, own.look.measures)


def test_killed_workers_lose_and_double_nothing(
    cluster: LocalCluster, analyst: ClusterAnalyst, pack: Pack, folder: Path, paths: DataPaths
) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog, ThumbnailCache.open(paths.thumbnails) as thumbnails:
        run = index_folders(catalog, [folder], pack, analyst=analyst, thumbnails=thumbnails, batch_size=4)
        killed = False
        for event in run:
            if isinstance(event, Embedded) and not killed and (victims := workers_of(cluster)):
                victims[0].send_signal(signal.SIGKILL)  # with what it has under way
                killed = True
        assert killed
        check(catalog, folder)
        for photo in catalog.photos(catalog.all_photo_ids()).values():
            assert thumbnails.get(photo.id, photo.mtime_ns) is not None
        again = index_folders(catalog, [folder], pack, analyst=analyst, batch_size=4)
        assert not [event for event in again if isinstance(event, Embedded)]


def test_a_run_that_is_closed_goes_on_later(
    analyst: ClusterAnalyst, pack: Pack, folder: Path, paths: DataPaths
) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        run = index_folders(catalog, [folder], pack, analyst=analyst, batch_size=4)
        assert any(isinstance(event, Embedded) for event in run)  # up to the first batch
        run.close()
        assert 0 < catalog.counts().analysed < 24
        for _ in index_folders(catalog, [folder], pack, analyst=analyst, batch_size=4):
            pass
        check(catalog, folder)


def test_the_command_and_ctrl_c(cluster: LocalCluster, folder: Path, tmp_path: Path) -> None:
    """Stopped in the middle, begun again, and all is there; the program itself never loads Dask."""
    command = [sys.executable, "-X", "importtime", "-m", "photofinder", "index", str(folder), "--dask", cluster.address]
    environment = os.environ | {"PHOTOFINDER_DATA_DIR": str(tmp_path / "estado"), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stderr is not None
        for line in first.stderr:
            if "photofinder.cluster.analyst" in line:  # imported: it is about to connect
                first.send_signal(signal.SIGINT)
                break
        _, told = first.communicate(timeout=120)
        assert first.returncode == 130 and "Traceback" not in told, told
    done = subprocess.run([*command, "--json"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    summary = json.loads(done.stdout)
    assert (summary["photos"], summary["analysed"], summary["failed"]) == (26, 24, 2)
    loaded = [line.rpartition("|")[2].strip() for line in done.stderr.splitlines() if line.startswith("import time")]
    assert "photofinder.cluster.analyst" in loaded
    assert not {"distributed", "dask", "cloudpickle", "torch", "psycopg"} & set(loaded)


FAKE_GATEWAY = """
import io, sys
from photofinder.library.decoder_worker import HELLO, read_frame, write_frame
out = sys.stdout.buffer
read_frame(sys.stdin.buffer)
out.write(HELLO)
write_frame(out, {"ready": 1})
while (frame := read_frame(sys.stdin.buffer)) is not None:
    header, body = frame
    if "task" not in header:
        continue
    paths = bytes(read_frame(io.BytesIO(bytes(body)))[1]).split(b"\\0")
    if any(path.endswith(b"end.jpg") for path in paths):
        break
    if any(path.endswith(b"poison.jpg") for path in paths):
        write_frame(out, {"failed": header["task"], "why": "error", "detail": "KilledWorker(...)"})
        continue
    answer = io.BytesIO()
    write_frame(answer, {"photos": [{"error": "damaged"}] * len(paths)})
    write_frame(out, {"done": header["task"]}, answer.getvalue())
"""


class TestWithoutDask:
    """What the program makes of what the go-between tells it."""

    @pytest.fixture
    def answered(self, monkeypatch: pytest.MonkeyPatch, pack: Pack, folder: Path) -> Iterator[ClusterAnalyst]:
        monkeypatch.setattr("photofinder.cluster.analyst._command", lambda: [sys.executable, "-c", FAKE_GATEWAY])
        monkeypatch.setenv("PYTHONPATH", str(ROOT))
        with ClusterAnalyst("tcp://nobody:1", pack, [folder], thumbnails=False, group=4) as analyst:
            yield analyst

    def test_of_a_group_that_kills_workers_only_the_photo_to_blame_fails(
        self, answered: ClusterAnalyst, folder: Path
    ) -> None:
        names = ["a", "b", "poison", "c", "d"]
        found = list(answered.outcomes([folder / f"{name}.jpg" for name in names]))
        assert [(one.path.stem, one.reason.value) for one in found if isinstance(one, PhotoUnreadable)] == [
            (name, "decoder_crashed" if name == "poison" else "damaged") for name in names
        ]

    def test_a_go_between_that_ends_is_one_sentence(self, answered: ClusterAnalyst, folder: Path) -> None:
        with pytest.raises(ClusterUnavailable) as caught:
            list(answered.outcomes([folder / "end.jpg"]))
        assert caught.value.why == "lost" and "guardado" in sentence(caught.value)


class TestRefusals:
    def request(self, folder: Path, fingerprint: str, **changes: object) -> dict[str, object]:
        """What a worker answers to a request with ``changes``, without a cluster."""
        frame = read_frame(io.BytesIO(request_frame([folder / "a.jpg"], [folder], fingerprint, thumbnails=False)))
        assert frame is not None
        stream = io.BytesIO()
        write_frame(stream, frame[0] | changes, bytes(frame[1]))
        answer = read_frame(io.BytesIO(analyse(stream.getvalue())))
        assert answer is not None
        return answer[0]

    def test_a_worker_says_what_it_lacks(self, folder: Path, tmp_path: Path, pack: Pack) -> None:
        assert self.request(folder, pack.fingerprint, version="0.0.1") == {
            "refused": "version",
            "detail": photofinder.__version__,
        }
        assert self.request(tmp_path / "nada", pack.fingerprint)["refused"] == "folder"
        assert read_frame(io.BytesIO(analyse(b"")))[0] == {"refused": "request"}  # type: ignore[index]

    def test_another_pack_is_refused(self, cluster: LocalCluster, pack: Pack, folder: Path) -> None:
        other = Pack(pack.folder, "other", "f" * 32, pack.feature_dim, pack.embedding_dim, pack.manifest)
        with ClusterAnalyst(cluster.address, other, [folder], thumbnails=False) as analyst:
            with pytest.raises(ClusterUnavailable) as caught:
                list(analyst.outcomes(files(folder)))
            assert caught.value.why == "pack"

    def test_a_folder_that_workers_do_not_see(
        self, cluster: LocalCluster, pack: Pack, tmp_path: Path, paths: DataPaths
    ) -> None:
        """None of its photos counts as missing."""
        mine = tmp_path / "solo mía"
        write_photo(mine / "a.jpg", size=(64, 48))
        with ClusterAnalyst(cluster.address, pack, [mine], thumbnails=False) as analyst:
            hidden = mine.with_name("escondida")
            mine.rename(hidden)
            with pytest.raises(ClusterUnavailable) as caught:
                list(analyst.outcomes([mine / "a.jpg"]))
        assert caught.value.why == "folder"
        assert f"no ve la carpeta «{mine}»" in sentence(caught.value)

    def test_nonsense_is_told_from_an_answer(self, folder: Path) -> None:
        for header in ({"photos": []}, {"photos": [{"hash": 1}]}, {"photos": [{"error": "moon"}]}, {}):
            with pytest.raises((ValueError, KeyError, TypeError)):
                outcomes_of((header, bytearray(b"x")), [folder / "a.jpg"], (4, 2))


class TestWorld:
    @pytest.mark.parametrize(
        ("address", "why"),
        [("localhost", "address"), ("http://localhost:1", "address"), ("tcp://127.0.0.1:1", "unreachable"),
         ("tcp://no-such-host.invalid:8786", "unreachable")],
    )  # fmt: skip
    def test_an_address_where_nobody_is(self, address: str, why: str, pack: Pack, tmp_path: Path) -> None:
        with pytest.raises(ClusterUnavailable) as caught:
            ClusterAnalyst(address, pack, [tmp_path], thumbnails=False, patience_s=1)
        assert caught.value.why == why, caught.value.detail

    def test_a_scheduler_without_workers(self, pack: Pack, tmp_path: Path) -> None:
        pytest.importorskip("distributed")
        with started_cluster(tmp_path, workers=0) as empty:
            with pytest.raises(ClusterUnavailable) as caught:
                ClusterAnalyst(empty.address, pack, [tmp_path], thumbnails=False, patience_s=1)
            assert caught.value.why == "no_workers"
            assert "dask worker tcp://" in sentence(caught.value)

    def test_the_command_says_it_in_one_sentence(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write_photo(tmp_path / "fotos" / "a.jpg", size=(64, 48))
        assert main(["index", str(tmp_path / "fotos"), "--dask", "localhost", "--language", "es"]) == 1
        assert capsys.readouterr().err == (
            "La dirección del planificador de Dask no se entiende; escríbela como «tcp://equipo:8786».\n"
        )

    def test_without_the_extra(self, pack: Pack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        nothing = tmp_path / "distributed.py"
        nothing.write_text("raise ImportError('not here')")
        monkeypatch.syspath_prepend(str(tmp_path))
        with pytest.raises(ExtraMissing) as caught:
            ClusterAnalyst("tcp://127.0.0.1:1", pack, [tmp_path], thumbnails=False)
        assert sentence(caught.value, "en") == (
            "An extra is missing for --dask; install it with “pip install photofinder[scale]”."
        )


class Evil:
    def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
        return Path.touch, ("/tmp/never",)  # type: ignore[return-value]


GUARDED = """
import pickle, sys, socket
from photofinder.cluster import gateway
from photofinder.network_guard import allow_only
sys.addaudithook(gateway._refuse_classes)
allow_only("127.0.0.1", {("127.0.0.1", 9)})
print(pickle.loads(pickle.dumps(bytes)), repr(pickle.loads(pickle.dumps(ValueError("x")))))
for attempt in (
    lambda: pickle.loads(bytes.fromhex(sys.argv[1])),
    lambda: pickle._loads(bytes.fromhex(sys.argv[1])),
    lambda: socket.create_connection(("127.0.0.1", 10)),
    lambda: socket.getaddrinfo("example.org", 80),
    lambda: socket.socket().bind(("127.0.0.1", 0)),
):
    try:
        attempt()
    except PermissionError as error:
        print("refused")
"""


def test_the_go_between_unpickles_no_code_and_connects_to_nobody_else() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARDED, pickle.dumps(Evil()).hex()],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[0] == "<class 'bytes'> ValueError('x')"
    assert done.stdout.count("refused") == 5
