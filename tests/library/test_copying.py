"""Copying photos to a folder: names, times, and everything that can go wrong on the way."""

from __future__ import annotations

import errno
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from photofinder.errors import FailureReason, FolderUnavailable
from photofinder.library import copying
from photofinder.library.copying import Copied, CopyEvent, Copying, CopySummary, NotCopied, copy_photos, free_name


def run(paths: list[Path], folder: Path) -> tuple[list[CopyEvent], CopySummary]:
    events = []
    steps = copy_photos(paths, folder)
    while True:
        try:
            if (event := next(steps)) is not None:  # else the disk takes its time
                events.append(event)
        except StopIteration as end:
            return events, end.value


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "Para mamá"
    folder.mkdir()
    return folder


def test_files_arrive_whole_with_their_times_and_originals_stay(photo_folder: Path, target: Path) -> None:
    photos = sorted(photo_folder.rglob("*.jpg"))
    os.utime(photos[0], ns=(1_500_000_000_000_000_000, 1_400_000_000_123_456_700))
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in photos}
    events, summary = run(photos, target)
    assert summary == CopySummary(copied=14, failed=0)
    arrived = [event for event in events if isinstance(event, Copied)]
    assert [event.path for event in arrived] == photos
    for event in arrived:
        content, time = before[event.path]
        assert event.target.parent == target
        assert event.target.read_bytes() == content == event.path.read_bytes()
        assert event.target.stat().st_mtime_ns == time == event.path.stat().st_mtime_ns


def test_nothing_is_overwritten(photo_folder: Path, target: Path) -> None:
    (target / "china.jpg").write_bytes(b"de otra persona")
    run([photo_folder / "china.jpg", photo_folder / "china.jpg"], target)
    assert (target / "china.jpg").read_bytes() == b"de otra persona"
    assert sorted(path.name for path in target.iterdir()) == ["china (2).jpg", "china (3).jpg", "china.jpg"]


def test_into_its_own_folder_a_photo_gets_another_name(photo_folder: Path) -> None:
    content = (photo_folder / "china.jpg").read_bytes()
    run([photo_folder / "china.jpg"], photo_folder)
    assert (photo_folder / "china.jpg").read_bytes() == (photo_folder / "china (2).jpg").read_bytes() == content


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("foto.jpg", "foto (2).jpg"),
        ("Año/ñu😀.jpg".rpartition("/")[2], "ñu😀 (2).jpg"),
        ("a.b.c.png", "a.b.c (2).png"),
        (".oculta", ".oculta (2)"),
        ("sin punto", "sin punto (2)"),
    ],
)
def test_free_names(name: str, second: str) -> None:
    assert free_name(name, 1) == name
    assert free_name(name, 2) == second


def test_progress_is_told_photo_by_photo_and_chunk_by_chunk(tmp_path: Path, target: Path) -> None:
    large = tmp_path / "grande.jpg"
    large.write_bytes(b"x" * (2 * 2**20 + 5))
    events, _ = run([large, large], target)
    told = [(e.number, e.total, e.copied, e.size) for e in events if isinstance(e, Copying)]
    size = 2 * 2**20 + 5
    assert told[:4] == [(1, 2, 0, size), (1, 2, 2**20, size), (1, 2, 2 * 2**20, size), (1, 2, size, size)]
    assert told[4] == (2, 2, 0, size)


def test_closing_in_the_middle_leaves_no_half_photo(tmp_path: Path, photo_folder: Path, target: Path) -> None:
    large = tmp_path / "grande.jpg"
    large.write_bytes(b"x" * (3 * 2**20))
    steps = copy_photos([photo_folder / "china.jpg", large], target)
    for event in steps:
        if isinstance(event, Copying) and event.number == 2 and event.copied:
            assert (target / "grande.jpg").exists()
            break
    steps.close()
    assert [path.name for path in target.iterdir()] == ["china.jpg"]


def test_a_photo_that_vanished_does_not_stop_the_others(photo_folder: Path, target: Path, tmp_path: Path) -> None:
    (tmp_path / "carpeta.jpg").mkdir()
    events, summary = run(
        [photo_folder / "no.jpg", tmp_path / "carpeta.jpg", photo_folder / "no.jpg" / "x", photo_folder / "china.jpg"],
        target,
    )
    assert summary == CopySummary(copied=1, failed=3)
    failures = [event.error.reason for event in events if isinstance(event, NotCopied)]
    assert failures == [FailureReason.VANISHED, FailureReason.NOT_AN_IMAGE, FailureReason.VANISHED]
    assert [path.name for path in target.iterdir()] == ["china.jpg"]


def test_a_folder_that_is_not_there(photo_folder: Path, tmp_path: Path) -> None:
    with pytest.raises(FolderUnavailable) as caught:
        run([photo_folder / "china.jpg"], tmp_path / "usb")
    assert caught.value.why == "missing"
    with pytest.raises(FolderUnavailable) as caught:
        run([photo_folder / "china.jpg"], photo_folder / "china.jpg")
    assert caught.value.why == "not_a_folder"


def test_a_drive_that_is_pulled_between_two_photos(photo_folder: Path, target: Path) -> None:
    steps = copy_photos([photo_folder / "china.jpg", photo_folder / "flower.jpg"], target)
    with pytest.raises(FolderUnavailable):
        for event in steps:
            if isinstance(event, Copied):
                event.target.unlink()
                target.rmdir()


def failing(call: Callable[..., object], code: int, after: int) -> Callable[..., object]:
    calls = iter(range(1000))

    def wrapped(*arguments: object) -> object:
        if next(calls) >= after:
            raise OSError(code, os.strerror(code))
        return call(*arguments)

    return wrapped


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_a_full_disk_ends_it_and_the_half_photo_goes(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    large = tmp_path / "grande.jpg"
    large.write_bytes(b"x" * (3 * 2**20))
    monkeypatch.setattr(copying, "_write_all", failing(copying._write_all, code, after=4))
    with pytest.raises(OSError, match=os.strerror(code)) as caught:
        run([large, large, large], target)
    assert (caught.value.errno, caught.value.filename) == (code, str(target))
    assert [path.name for path in target.iterdir()] == ["grande.jpg"]
    assert (target / "grande.jpg").stat().st_size == large.stat().st_size


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
def test_what_a_really_full_device_says(tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = tmp_path / "foto.jpg"
    photo.write_bytes(b"x")
    monkeypatch.setattr(copying, "_create", lambda folder, name: (io.FileIO("/dev/full", "w"), target / name))
    with pytest.raises(OSError, match="No space left"):
        run([photo], target)


def test_a_photo_that_grows_meanwhile_is_not_taken_for_whole(tmp_path: Path, target: Path) -> None:
    growing = tmp_path / "se escribe.jpg"
    growing.write_bytes(b"x" * 2**20)
    steps = copy_photos([growing], target)
    events: list[CopyEvent] = []
    for event in filter(None, steps):
        events.append(event)
        if isinstance(event, Copying) and event.copied == 2**20:
            growing.write_bytes(b"y")
    failed = events[-1]
    assert isinstance(failed, NotCopied)
    assert failed.error.reason is FailureReason.READ_ERROR
    assert list(target.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_names_of_any_bytes(tmp_path: Path, target: Path) -> None:
    photo = Path(os.fsdecode(os.fsencode(tmp_path) + b"/a\xf1o.jpg"))
    photo.write_bytes(b"x")
    run([photo, photo], target)
    assert sorted(os.fsencode(path.name) for path in target.iterdir()) == [b"a\xf1o (2).jpg", b"a\xf1o.jpg"]


def test_a_name_the_disk_does_not_take_is_made_plain(
    tmp_path: Path, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = tmp_path / "12:30 ¿qué?.jpg"
    photo.write_bytes(b"x")
    real_open = os.open

    def fat(path: Path, flags: int, mode: int = 0o777) -> int:
        if Path(path).parent == target and ":" in Path(path).name:
            raise OSError(errno.EINVAL, "Invalid argument")
        return real_open(path, flags, mode)

    monkeypatch.setattr(os, "open", fat)
    run([photo], target)
    assert [path.name for path in target.iterdir()] == ["12_30 ¿qué_.jpg"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who may do everything is refused nothing")
def test_a_folder_that_may_not_be_written(photo_folder: Path, target: Path) -> None:
    target.chmod(0o500)
    try:
        with pytest.raises(PermissionError):
            run([photo_folder / "china.jpg"], target)
    finally:
        target.chmod(0o700)
