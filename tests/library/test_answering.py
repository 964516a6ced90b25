from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from photofinder.errors import FolderSilent, FolderUnavailable, PhotoOutOfReach
from photofinder.indexing import plan
from photofinder.library import answering, copying
from photofinder.library.answering import DRIVES, Silence
from photofinder.library.catalog import Catalog
from photofinder.library.copying import Copied, NotCopied
from photofinder.library.decoder import Decoder
from photofinder.library.scan import walk
from photofinder.messages import sentence
from photofinder.paths import DataPaths
from tests.conftest import write_photo

FOLDER = Path("/media/red")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a silent drive waits for; open at the end, so that no thread is left behind."""
    event = threading.Event()
    yield event
    event.set()
    for thread in threading.enumerate():
        if thread.name == "asking a drive":
            thread.join(60)


def wait_until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def stuck(gate: threading.Event) -> Callable[[], bool]:
    return lambda: gate.wait(60)


def test_an_answer_is_passed_on_and_so_is_an_error() -> None:
    drives = Silence()
    assert drives.ask(FOLDER, lambda: 7) == 7
    with pytest.raises(PermissionError):
        drives.ask(FOLDER, lambda: os.fspath(_raise(PermissionError())))
    assert not drives.of(FOLDER)
    assert drives.ask_all({FOLDER: lambda: _raise(PermissionError()), Path("/a"): lambda: True}) == {
        FOLDER: False,
        Path("/a"): True,
    }


def test_an_answer_that_had_no_turn_before_time_was_up_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "_TURN_S", 60)
    drives = Silence()
    assert drives.ask(FOLDER, lambda: 7, 0) == 7
    assert drives.ask_all({FOLDER: lambda: True}, 0) == {FOLDER: True}


def _raise(error: Exception) -> bool:
    raise error


def test_a_silent_folder_costs_its_time_once_and_is_there_again_when_it_answers(gate: threading.Event) -> None:
    drives = Silence()
    with pytest.raises(TimeoutError):
        drives.ask(FOLDER, stuck(gate), 0.05)
    assert drives.of(FOLDER / "Viajes" / "1.jpg") and not drives.of(FOLDER.parent)
    asked: list[int] = []
    assert drives.says(FOLDER, lambda: not asked.append(1)) is False
    assert not asked, "nobody waits for it again"
    gate.set()
    wait_until(lambda: not drives.of(FOLDER))
    assert drives.says(FOLDER, lambda: True)


def test_it_is_asked_again_ever_more_rarely_and_a_new_drive_there_is_noticed(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(answering.time, "monotonic", lambda: now)
    drives, asked = Silence(retry_s=15), 0
    for _ in range(200):
        asked += not drives.of(FOLDER)
        drives.says(FOLDER, stuck(gate), 0.001)
        now += 5
    assert 5 <= asked <= 8, "1,000 s: after 15, 30, 60, 120, 240 and 480"
    now += 10_000
    assert drives.says(FOLDER, lambda: True), "the threads before it are stuck for good"
    assert not drives.of(FOLDER)


def test_several_are_asked_at_once(gate: threading.Event) -> None:
    drives, started = Silence(), time.monotonic()
    folders = [Path(f"/media/{number}") for number in range(20)]
    answers = drives.ask_all({folder: stuck(gate) for folder in folders} | {FOLDER: lambda: True}, 0.3)
    assert answers[FOLDER] and sum(answers.values()) == 1
    assert time.monotonic() - started < 20 * 0.3, "not one after the other"


def test_a_long_step_on_a_drive_that_answers_is_waited_for(
    gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "CHECK_S", 0.05)
    drives, looks = Silence(), [True, True, False]

    def reached(*_: object) -> bool:
        if len(looks) == 2:
            gate.set()  # the answer comes at the second look
        return looks.pop(0)

    monkeypatch.setattr(drives, "reached", reached)
    assert drives.ask_while_reached(tmp_path, stuck(gate))
    gate.clear()
    looks[:] = [False]
    with pytest.raises(TimeoutError):
        drives.ask_while_reached(tmp_path, stuck(gate))


def test_a_walk_in_another_thread_finds_what_it_finds_here_and_ends_when_nobody_wants_it(tmp_path: Path) -> None:
    for number in range(1000):
        (tmp_path / f"{number % 10}").mkdir(exist_ok=True)
        (tmp_path / f"{number % 10}" / f"{number}.jpg").touch()
    taken = Silence().take(tmp_path, lambda step: walk(tmp_path, on_step=step))
    assert [file for file in taken if file is not None] == list(walk(tmp_path))
    endless = Silence().take(tmp_path, lambda step: iter(lambda: step("a"), 1))
    next(endless)
    endless.close()
    wait_until(lambda: not any(thread.name == "asking a drive" for thread in threading.enumerate()))
    with pytest.raises(FolderUnavailable):
        list(Silence().take(tmp_path / "no", lambda step: walk(tmp_path / "no", on_step=step)))


@pytest.fixture
def silent_below(tmp_path: Path, gate: threading.Event, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with photos, of which «montada» does not answer."""
    for name in ("a", "montada", "z"):
        (tmp_path / "Fotos" / name).mkdir(parents=True)
        (tmp_path / "Fotos" / name / "1.jpg").touch()
    real = os.scandir

    def scandir(path: object) -> object:
        if str(path).endswith("montada"):
            gate.wait(60)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    return tmp_path / "Fotos"


def test_where_a_walk_is_stuck_is_known(silent_below: Path) -> None:
    with pytest.raises(FolderSilent) as caught:
        list(Silence().take(silent_below, lambda step: walk(silent_below, on_step=step), silent_s=1.5))
    assert caught.value.rel_path == "montada"
    assert "no responde" in sentence(caught.value) and "does not answer" in sentence(caught.value, "en")


def test_a_place_below_that_does_not_answer_is_skipped_and_nothing_there_is_missing(
    silent_below: Path, gate: threading.Event, paths: DataPaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = DRIVES.take
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog.use_pack("colours", 12, 6)
        gate.set()
        for _ in plan.Plan(catalog, None).prepare([silent_below]):
            pass
        assert len(catalog.all_photo_ids()) == 3
        gate.clear()
        monkeypatch.setattr(plan.DRIVES, "take", lambda folder, make: take(folder, make, 1.5))
        planned = plan.Plan(catalog, None)
        list(planned.prepare([silent_below]))
        assert planned.unavailable == [] and len(planned.take_jobs()) == 2
        assert len(catalog.all_photo_ids()) == 3


def test_a_photo_on_a_silent_drive_is_not_to_blame(
    gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = write_photo(tmp_path / "una.jpg", size=(96, 64), seed=1)
    silent = Silence()
    monkeypatch.setattr("photofinder.library.decoder.DRIVES", silent)
    silent.says(tmp_path, stuck(gate), 0.01)
    with Decoder(workers=1) as decoder:
        with pytest.raises(PhotoOutOfReach):
            decoder.decode(photo)
        assert decoder.worker_pids == [], "nobody tried"
        assert decoder.decode_bytes(photo.read_bytes(), path=photo).pixels.shape == (64, 96, 3)


def test_the_steps_of_a_generator_are_left_when_the_drive_falls_silent_and_cleaned_up_later(
    gate: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "CHECK_S", 0.1)
    monkeypatch.setattr(answering, "_look", lambda folder: gate.wait(60))
    drives, closed = Silence(), threading.Event()

    def steps() -> Generator[int, None, None]:
        try:
            yield 1
            gate.wait(60)
            yield 2
        finally:
            closed.set()

    following = drives.follow(steps(), (FOLDER,))
    told = []
    with pytest.raises(FolderSilent) as caught:
        told.extend(following)
    assert caught.value.path == FOLDER and drives.of(FOLDER)
    assert list(filter(None, told)) == [1] and None in told, "there were moments to stop"
    assert not closed.is_set()
    with pytest.raises(FolderSilent):
        next(drives.follow(steps(), (Path("/a"), FOLDER)))
    closed.clear()
    gate.set()
    assert closed.wait(60), "whoever was left behind ends what it began"


def test_following_ends_with_the_generator_or_closes_it(gate: threading.Event) -> None:
    drives, closed = Silence(), threading.Event()

    def steps() -> Generator[int, None, None]:
        try:
            yield from (1, 2)
        finally:
            closed.set()

    assert list(filter(None, drives.follow(steps(), (FOLDER,)))) == [1, 2]
    closed.clear()
    following = drives.follow(steps(), (FOLDER,))
    while next(following) is None:
        pass
    following.close()
    assert closed.wait(60)
    with pytest.raises(PermissionError):
        list(drives.follow((_raise(PermissionError()) for _ in "a"), (FOLDER,)))


def test_copies_from_and_to_a_drive_that_falls_silent(
    gate: threading.Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    red, casa, away = tmp_path / "red", tmp_path / "casa", tmp_path / "usb"
    for folder in (red, casa):
        write_photo(folder / f"{folder.name}.jpg", size=(96, 64), seed=3)
    away.mkdir()
    drives, silent = Silence(), set[Path]()
    monkeypatch.setattr(answering, "CHECK_S", 0.1)
    monkeypatch.setattr(answering, "_look", lambda folder: folder in silent and gate.wait(60))
    monkeypatch.setattr(copying, "DRIVES", drives)
    opened = copying.open_regular
    monkeypatch.setattr(
        copying, "open_regular", lambda path: (path.parent in silent and gate.wait(60), opened(path))[1]
    )
    create = copying._create

    def created(folder: Path, name: str) -> object:
        made = create(folder, name)
        silent.add(folder)
        gate.wait(60)
        return made

    silent.add(red)
    photos = [red / "red.jpg", casa / "casa.jpg", red / "red.jpg"]
    events = [event for event in copying.copy_photos(photos, away) if isinstance(event, NotCopied | Copied)]
    assert [(type(event), event.path.name) for event in events] == [
        (NotCopied, "red.jpg"),
        (Copied, "casa.jpg"),
        (NotCopied, "red.jpg"),
    ]
    assert all(isinstance(event.error, PhotoOutOfReach) for event in events if isinstance(event, NotCopied))
    monkeypatch.setattr(copying, "_create", created)
    with pytest.raises(FolderSilent) as caught:
        list(copying.copy_photos([casa / "casa.jpg"], away))
    assert "no responde" in sentence(caught.value, "es")
    gate.set()
    wait_until(lambda: sorted(path.name for path in away.iterdir()) == ["casa.jpg"])  # the half one is removed
