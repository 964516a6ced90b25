"""Real worker processes, real pipes; where a photo must crash or hang a worker, a codec that does so is put in."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image
from PIL.ExifTags import IFD, Base

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.indexing.run import network_threads
from photofinder.library import decoder as decoder_module
from photofinder.library import images
from photofinder.library.decoder import Decoder, DecoderClosed, DecoderUnavailable
from photofinder.library.images import DecodedPhoto

MakePhoto = Callable[..., Path]

ROOT = Path(decoder_module.__file__).parents[2]
posix = pytest.mark.skipif(os.name == "nt", reason="signals of this kind do not exist on Windows")
linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

EVIL_CODEC = """
import os, sys, json, time
sys.path[:] = json.loads(sys.argv[1])
from photofinder.library import decoder_worker as worker
honest = worker.decode
def evil(path, side):
    if "aborta" in path.name: os.abort()
    if "sale" in path.name: os._exit(3)
    if "cuelga" in path.name: time.sleep(3600)
    if "falla" in path.name: raise KeyError("un error nuestro")
    if "memoria" in path.name: bytearray(1 << 40)
    if "imprime" in path.name: os.write(1, b"ruido del codec" * 100); print("y más"); os.write(2, b"!")
    if "segunda" in path.name and not evil.first: os.abort()
    evil.first = False
    return honest(path, side)
evil.first = True
worker.decode = evil
worker.worker_main()
"""


@pytest.fixture
def evil_codec(monkeypatch: pytest.MonkeyPatch) -> None:
    """The file name says what decoding it does to the process."""
    command = decoder_module.worker_command()
    monkeypatch.setattr(decoder_module, "worker_command", lambda: [sys.executable, "-P", "-c", EVIL_CODEC, command[-1]])


@pytest.fixture(autouse=True)
def nothing_is_left_behind() -> Iterator[None]:
    """No process, thread or pipe of a decoder outlives the test that closed it."""
    threads, pipes, children = set(threading.enumerate()), open_pipes(), child_processes()
    yield
    assert set(threading.enumerate()) <= threads
    assert open_pipes() <= pipes
    assert child_processes() <= children


def open_pipes() -> set[tuple[str, str]]:
    """Number and name of each: what else this process opens meanwhile (a log, a library) is no decoder's."""
    found = set()
    for descriptor in Path("/proc/self/fd").glob("*"):
        with contextlib.suppress(OSError):  # that of this very listing
            found.add((descriptor.name, str(descriptor.readlink())))
    return {(number, name) for number, name in found if name.startswith("pipe:")}


def child_processes() -> set[str]:
    """Also those that ended and were not waited for."""
    found: set[str] = set()
    for children in Path("/proc/self/task").glob("*/children"):
        with contextlib.suppress(OSError):  # of a thread that ends just now
            found.update(children.read_text().split())
    return found


def reason_of(read: Callable[[], object]) -> FailureReason:
    with pytest.raises(PhotoUnreadable) as caught:
        read()
    return caught.value.reason


def assert_same(one: DecodedPhoto | PhotoUnreadable, other: DecodedPhoto) -> None:
    assert isinstance(one, DecodedPhoto)
    assert (one.pixels == other.pixels).all()
    assert (one.info, one.thumbnail) == (other.info, other.thumbnail)


# ---- what it gives -------------------------------------------------------------------------------------------------


def test_a_worker_gives_just_what_decoding_here_gives(photo_folder: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0112], exif[0x0132] = "Ñikon", 6, "2020:01:02 03:04:05"
    exif.get_ifd(IFD.Exif)[Base.FocalLength] = 35.0
    turned = photo_folder / "girada ñ😀.jpg"
    Image.open(photo_folder / "china.jpg").save(turned, exif=exif)
    with Decoder(workers=1) as decoder:
        for path in (turned, photo_folder / "flower.jpg"):
            photo = decoder.decode(path)
            assert_same(photo, images.decode(path))
            assert photo.info.exposure.focal_mm == (35.0 if path == turned else None)
            assert photo.pixels.flags.writeable
            assert photo.pixels.flags.c_contiguous


def test_the_side_can_be_chosen(photo_folder: Path) -> None:
    with Decoder(workers=1) as decoder:
        photo = decoder.decode(photo_folder / "china.jpg", side=100)
        assert max(photo.pixels.shape) == 100
        assert max(decoder.decode(photo_folder / "china.jpg", side=2000).pixels.shape) == 640
        assert [max(p.pixels.shape) for p in decoder.decode_many([photo_folder / "china.jpg"], side=64)
                if isinstance(p, DecodedPhoto)] == [64]  # fmt: skip


def test_dropped_image_data(photo_folder: Path) -> None:
    data = (photo_folder / "china.jpg").read_bytes()
    with Decoder(workers=1) as decoder:
        assert_same(decoder.decode_bytes(data), images.decode_bytes(data))
        assert reason_of(lambda: decoder.decode_bytes(b"hola")) is FailureReason.NOT_AN_IMAGE
        assert reason_of(lambda: decoder.decode_bytes(b"")) is FailureReason.EMPTY
        bitmap = io.BytesIO()
        Image.new("RGB", (3000, 2500), "red").save(bitmap, "BMP")  # 22 MB through the pipe
        assert decoder.decode_bytes(bitmap.getvalue()).pixels.shape == (427, 512, 3)


def test_relative_paths_mean_what_they_mean_here(photo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(photo_folder)
    with Decoder(workers=1) as decoder:
        assert decoder.decode(Path("china.jpg")).info.width == 640


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_names_of_any_bytes(tmp_path: Path, make_photo: MakePhoto) -> None:
    path = make_photo(tmp_path / "a.jpg").rename(tmp_path / os.fsdecode(b"a\xf1o\n.jpg"))
    with Decoder(workers=1) as decoder:
        assert decoder.decode(path).info.width == 640


def test_reasons_come_through(tmp_path: Path) -> None:
    (tmp_path / "vacía.jpg").touch()
    (tmp_path / "texto.jpg").write_text("hola")
    (tmp_path / "rota.jpg").write_bytes(b"\xff\xd8\xff\xe0 y nada")
    with Decoder(workers=1) as decoder:
        expected = {
            "vacía.jpg": FailureReason.EMPTY,
            "texto.jpg": FailureReason.NOT_AN_IMAGE,
            "rota.jpg": FailureReason.DAMAGED,
            "no está.jpg": FailureReason.VANISHED,
        }
        for name, reason in expected.items():
            with pytest.raises(PhotoUnreadable) as caught:
                decoder.decode(tmp_path / name)
            assert (caught.value.path, caught.value.reason) == (tmp_path / name, reason)
        assert len(decoder.worker_pids) == 1  # none of these costs a process


# ---- decode_many ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 3])
def test_many_come_in_order_the_bad_ones_as_errors(photo_folder: Path, workers: int) -> None:
    (photo_folder / "rota.jpg").write_text("x")
    paths = sorted(photo_folder.rglob("*.jpg"))
    with Decoder(workers=workers, look_ahead=4) as decoder:
        results = list(decoder.decode_many(paths))
    assert len(results) == len(paths) == 15
    for path, result in zip(paths, results, strict=True):
        if path.name == "rota.jpg":
            assert isinstance(result, PhotoUnreadable)
            assert (result.path, result.reason) == (path, FailureReason.NOT_AN_IMAGE)
        else:
            assert_same(result, images.decode(path))


def test_many_of_nothing_start_nothing() -> None:
    with Decoder() as decoder:
        assert list(decoder.decode_many([])) == []
        decoder.decode_many([Path("nunca empezado.jpg")])
        assert decoder.worker_pids == []


def test_the_look_ahead_is_bounded(photo_folder: Path) -> None:
    taken = 0

    def paths() -> Iterator[Path]:
        nonlocal taken
        while True:
            taken += 1
            yield photo_folder / "china.jpg"

    with Decoder(workers=2, look_ahead=5) as decoder:
        results = decoder.decode_many(paths())
        for number in range(1, 12):
            assert isinstance(next(results), DecodedPhoto)
            assert taken <= number + 5
        close(results)


def close(results: Iterator[DecodedPhoto | PhotoUnreadable]) -> None:
    results.close()  # type: ignore[attr-defined]


def test_closing_in_the_middle_leaves_the_decoder_usable(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    with Decoder(workers=2, look_ahead=8) as decoder:
        for _ in range(3):
            results = decoder.decode_many([path] * 20)
            next(results)
            close(results)
        assert_same(decoder.decode(path), images.decode(path))


@pytest.mark.usefixtures("evil_codec")
def test_closing_does_not_wait_for_a_photo_that_hangs(tmp_path: Path, make_photo: MakePhoto) -> None:
    good = make_photo(tmp_path / "buena.jpg")
    with Decoder(workers=2, timeout_s=3600, look_ahead=3) as decoder:
        results = decoder.decode_many([good, tmp_path / "cuelga.jpg", good, good, good])
        assert isinstance(next(results), DecodedPhoto)
        close(results)  # would take an hour
        assert decoder.decode(good).info.width == 640


def test_an_error_of_the_callers_paths_is_the_callers(photo_folder: Path) -> None:
    def paths() -> Iterator[Path]:
        yield photo_folder / "china.jpg"
        raise LookupError("mío")

    with Decoder(workers=1) as decoder, pytest.raises(LookupError, match="mío"):
        list(decoder.decode_many(paths()))


# ---- what photos can do to a worker --------------------------------------------------------------------------------


@pytest.mark.usefixtures("evil_codec")
@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("aborta.jpg", FailureReason.DECODER_CRASHED),
        ("sale.jpg", FailureReason.DECODER_CRASHED),
        ("falla.jpg", FailureReason.DECODER_CRASHED),
        ("memoria.jpg", FailureReason.TOO_LARGE),
    ],
)
@pytest.mark.parametrize("workers", [1, 3])
def test_only_the_guilty_photo_fails(
    tmp_path: Path, make_photo: MakePhoto, name: str, reason: FailureReason, workers: int
) -> None:
    good = [make_photo(tmp_path / f"{number}.jpg", seed=number) for number in range(6)]
    with Decoder(workers=workers) as decoder:
        results = list(decoder.decode_many([*good[:3], tmp_path / name, *good[3:], tmp_path / name]))
        reasons = [result.reason if isinstance(result, PhotoUnreadable) else None for result in results]
        assert reasons == [None, None, None, reason, None, None, None, reason]
        assert_same(decoder.decode(good[0]), images.decode(good[0]))


@contextlib.contextmanager
def hurried(decoder: Decoder) -> Iterator[None]:
    """For the one photo that never ends: a good one may take its time on a machine that does much else."""
    patience, decoder._timeout_s = decoder._timeout_s, 0.5
    yield
    decoder._timeout_s = patience


@pytest.mark.usefixtures("evil_codec")
def test_a_photo_that_hangs_is_too_slow_and_only_that_one(tmp_path: Path, make_photo: MakePhoto) -> None:
    good = make_photo(tmp_path / "buena.jpg")
    with Decoder(workers=1) as decoder:
        before = decoder.decode(good)
        with hurried(decoder):
            assert reason_of(lambda: decoder.decode(tmp_path / "cuelga.jpg")) is FailureReason.TOO_SLOW
        assert_same(decoder.decode(good), before)


@pytest.mark.usefixtures("evil_codec")
def test_a_photo_is_not_blamed_for_what_others_left_in_the_process(tmp_path: Path, make_photo: MakePhoto) -> None:
    paths = [make_photo(tmp_path / f"segunda {number}.jpg", seed=number) for number in range(3)]
    with Decoder(workers=1) as decoder:  # the codec aborts at the second photo of every process
        assert all(isinstance(result, DecodedPhoto) for result in decoder.decode_many(paths))


@pytest.mark.usefixtures("evil_codec")
def test_our_own_bugs_are_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with Decoder(workers=1) as decoder, caplog.at_level(logging.ERROR):
        reason_of(lambda: decoder.decode(tmp_path / "falla.jpg"))
    assert "KeyError: 'un error nuestro'" in caplog.text


@pytest.mark.usefixtures("evil_codec")
def test_what_a_codec_prints_disturbs_nothing(tmp_path: Path, make_photo: MakePhoto) -> None:
    path = make_photo(tmp_path / "imprime.jpg")
    with Decoder(workers=1) as decoder:
        for _ in range(3):
            assert_same(decoder.decode(path), images.decode(path))


@linux
def test_memory_is_limited(tmp_path: Path) -> None:
    path, small = tmp_path / "grande.png", tmp_path / "pequeña.png"
    Image.new("P", (9000, 9000)).save(path, compress_level=1)  # 81 MB, and four times as much to turn it into RGB
    Image.new("P", (500, 500)).save(small)
    with Decoder(workers=1, memory_limit_mb=500) as decoder:
        assert reason_of(lambda: decoder.decode(path)) is FailureReason.TOO_LARGE
        assert decoder.decode(small).info.width == 500
    with Decoder(workers=1, timeout_s=200) as decoder:
        assert decoder.decode(path).info.width == 9000


@posix
def test_a_worker_that_was_killed_between_photos_is_replaced(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    with Decoder(workers=1) as decoder:
        decoder.decode(path)
        [pid] = decoder.worker_pids
        os.kill(pid, signal.SIGKILL)
        assert_same(decoder.decode(path), images.decode(path))
        assert decoder.worker_pids != [pid]


@posix
def test_a_worker_that_was_stopped_is_replaced_after_the_time_limit(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    with Decoder(workers=1) as decoder:
        decoder.decode(path)
        os.kill(decoder.worker_pids[0], signal.SIGSTOP)
        with hurried(decoder):
            assert reason_of(lambda: decoder.decode(path)) is FailureReason.TOO_SLOW
        assert_same(decoder.decode(path), images.decode(path))


# ---- starting and ending -------------------------------------------------------------------------------------------


def test_processes_are_started_when_needed_and_kept(photo_folder: Path) -> None:
    with Decoder(workers=2) as decoder:
        assert decoder.worker_pids == []
        decoder.decode(photo_folder / "china.jpg")
        first = decoder.worker_pids
        assert len(first) == 1
        decoder.decode(photo_folder / "flower.jpg")
        assert decoder.worker_pids == first
        list(decoder.decode_many(sorted(photo_folder.rglob("*.jpg"))))
        assert len(decoder.worker_pids) <= 2


def test_a_process_with_nothing_to_do_ends_and_another_takes_its_place(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    with Decoder(workers=1, idle_s=0.2) as decoder:
        decoder.decode(path)
        [worker] = decoder._alive  # its process may have ended by now
        pid = worker.process.pid
        end = time.monotonic() + 60
        while psutil.pid_exists(pid) and time.monotonic() < end:  # nobody asks the decoder: a zombie would stay
            time.sleep(0.02)
        assert not psutil.pid_exists(pid), "it ended itself, and nothing of it is left"
        assert decoder.worker_pids == []
        assert_same(decoder.decode(path), images.decode(path))
        assert decoder.worker_pids != [pid]
    assert decoder.worker_pids == []


def test_a_process_that_decodes_for_long_is_not_idle(photo_folder: Path, tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    Image.new("RGB", (5000, 5000), "red").save(path)  # takes longer than a worker may be idle
    with Decoder(workers=1, idle_s=0.05, timeout_s=200) as decoder:
        for _ in range(2):
            assert decoder.decode(path).info.width == 5000


def test_a_worker_is_light() -> None:
    script = "import sys, photofinder.library.decoder_worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert "PIL" in loaded
    assert not loaded & {"torch", "PySide6", "sqlite3", "scipy", "sklearn", "annoy", "pillow_heif", "multiprocessing"}


def test_the_module_can_be_run_and_ends_when_nobody_asks() -> None:
    command = [sys.executable, "-m", "photofinder.library.decoder_worker"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_a_frozen_program_starts_itself_as_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert decoder_module.worker_command() == [sys.executable, "--decode-worker"]


def test_a_module_in_the_persons_folder_is_not_taken_for_ours(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("json.py", "PIL.py", "photofinder.py"):
        (photo_folder / name).write_text("raise SystemExit('código ajeno')")
    monkeypatch.chdir(photo_folder)
    with Decoder(workers=1) as decoder:
        assert decoder.decode(photo_folder / "china.jpg").info.width == 640


def test_when_no_worker_starts_no_photo_is_blamed(photo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "raise SystemExit('falta una biblioteca')"
    monkeypatch.setattr(decoder_module, "worker_command", lambda: [sys.executable, "-c", script])
    with Decoder(workers=2) as decoder:
        with pytest.raises(DecoderUnavailable, match="falta una biblioteca"):
            decoder.decode(photo_folder / "china.jpg")
        with pytest.raises(DecoderUnavailable):
            list(decoder.decode_many([photo_folder / "china.jpg"] * 3))
        monkeypatch.setattr(decoder_module, "worker_command", lambda: [str(photo_folder / "no está")])
        with pytest.raises(DecoderUnavailable):
            decoder.decode(photo_folder / "china.jpg")


def test_what_the_interpreter_says_while_starting_is_no_obstacle(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *rest, script, imports = decoder_module.worker_command()
    noisy = f"print('aviso', flush=True); {script}"
    monkeypatch.setattr(decoder_module, "worker_command", lambda: [*rest, noisy, imports])
    with Decoder(workers=1) as decoder:
        assert decoder.decode(photo_folder / "china.jpg").info.width == 640


def test_after_close_nothing_is_decoded(photo_folder: Path) -> None:
    decoder = Decoder(workers=1)
    decoder.decode(photo_folder / "china.jpg")
    decoder.close()
    decoder.close()
    with pytest.raises(DecoderClosed):
        decoder.decode(photo_folder / "china.jpg")
    with pytest.raises(DecoderClosed):
        list(decoder.decode_many([photo_folder / "china.jpg"]))
    Decoder().close()


@posix
def test_close_from_another_thread_ends_a_photo_in_flight(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    decoder = Decoder(workers=1, timeout_s=3600)
    decoder.decode(path)
    [pid] = decoder.worker_pids
    os.kill(pid, signal.SIGSTOP)  # the next photo never ends
    with ThreadPoolExecutor(3) as threads:
        waiting = [threads.submit(decoder.decode, path) for _ in range(3)]  # one in flight, two queued
        decoder.close()
        for future in waiting:
            with pytest.raises(DecoderClosed):
                future.result()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)  # ended, and no zombie


def test_many_threads_share_the_workers(photo_folder: Path) -> None:
    paths = sorted(photo_folder.rglob("*.jpg")) * 3
    with Decoder(workers=2) as decoder, ThreadPoolExecutor(6) as threads:
        results = list(threads.map(decoder.decode, paths))
        assert len(decoder.worker_pids) <= 2
    for path, result in zip(paths, results, strict=True):
        assert_same(result, images.decode(path))


def test_two_batches_at_once_do_not_mix(photo_folder: Path) -> None:
    paths = sorted(photo_folder.rglob("*.jpg"))
    with Decoder(workers=2, look_ahead=3) as decoder:
        pairs = list(zip(decoder.decode_many(paths), decoder.decode_many(reversed(paths)), strict=True))
    for path, (one, _) in zip(paths, pairs, strict=True):
        assert_same(one, images.decode(path))
    for path, (_, other) in zip(reversed(paths), pairs, strict=True):
        assert_same(other, images.decode(path))


@linux
def test_workers_end_when_the_program_is_killed(photo_folder: Path) -> None:
    script = (
        "import sys, os, signal; from pathlib import Path; from photofinder.library.decoder import Decoder\n"
        "decoder = Decoder(workers=1); decoder.decode(Path(sys.argv[1]))\n"
        "print(decoder.worker_pids[0], flush=True); sys.stdin.read()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", script, str(photo_folder / "china.jpg")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with program:
        assert program.stdout is not None
        worker = os.pidfd_open(int(program.stdout.readline()))
        program.kill()
    ended, _, _ = select.select([worker], [], [], 60)
    os.close(worker)
    assert ended


@posix
def test_ctrl_c_of_the_terminal_does_not_reach_the_worker(photo_folder: Path) -> None:
    path = photo_folder / "china.jpg"
    with Decoder(workers=1) as decoder:
        decoder.decode(path)
        [pid] = decoder.worker_pids
        assert os.getpgid(pid) != os.getpgid(0)
        os.kill(pid, signal.SIGINT)
        assert_same(decoder.decode(path), images.decode(path))
        assert decoder.worker_pids == [pid]


def test_limits_that_make_no_sense() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        Decoder(workers=0)
    with pytest.raises(ValueError, match="at least 1"):
        Decoder(look_ahead=0)


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (4, 4), (8, 4), (12, 4), (16, 6), (64, 6)])
def test_as_many_workers_as_the_network_keeps_pace_with(
    cores: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(cores)), raising=False)
    assert decoder_module.default_workers() == workers
    assert network_threads() == max(1, cores - workers)


def test_a_decoder_that_is_forgotten_hurts_nobody(photo_folder: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from photofinder.library.decoder import Decoder\n"
        "Decoder(workers=1).decode(Path(sys.argv[1])); print('bien')"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(photo_folder / "china.jpg")],
        cwd=ROOT, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "bien", "")


def test_pixels_may_be_changed_by_whoever_got_them(photo_folder: Path) -> None:
    with Decoder(workers=1) as decoder:
        photo = decoder.decode(photo_folder / "china.jpg")
    photo.pixels[:] = 7
    assert np.asarray(Image.open(io.BytesIO(photo.thumbnail))).std() > 10
