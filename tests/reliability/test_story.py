"""Every feature once, in a process that watches itself, without a network and at last on a read-only mount."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.folder_state import folder_state
from tests.reliability.story import ROOT, Report, differences, watched_story
from tests.ui.surfaces import SURFACES

MISBEHAVE = """
import json, os, pickle, shutil, socket, sys
from dataclasses import asdict
from pathlib import Path
from tests.reliability.story import Report, Watch

photos, report = Path(sys.argv[1]), Report()
dumped = pickle.dumps(Path)
Watch(photos, report).start()
for attempt in (
    lambda: pickle.loads(dumped),
    lambda: pickle.Unpickler(None),
    lambda: socket.create_connection(("127.0.0.1", 9), 1),
    lambda: (photos / "a.jpg").write_bytes(b""),
    lambda: (photos / "a.jpg").touch(),
    lambda: os.utime(photos / "a.jpg", (0, 0)),
    lambda: shutil.move(photos / "a.jpg", photos.parent / "b.jpg"),
    lambda: (photos.parent / "c.txt").write_text(""),
    lambda: (photos.parent / "c.txt").read_text(),
    lambda: os.system("true"),
):
    try:
        attempt()
    except (OSError, pickle.UnpicklingError):
        pass
print(json.dumps(asdict(report)))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Report, bool]:
    """What the story reports; whether it ran without a network and with a read-only mount."""
    return watched_story(tmp_path_factory.mktemp("historia"))


def test_every_feature_was_used(told: tuple[Report, bool]) -> None:
    report, apart = told
    used = {"welcome", "index", "search", "similar", "pack", "favourite", "copy", "sheet", "retry", "exclude", "drop"}
    assert used | SURFACES.keys() <= {*report.done}
    assert ("read-only" in report.done) == apart


def test_the_photos_are_what_they_were(told: tuple[Report, bool]) -> None:
    """Names, bytes, sizes, times, modes, owners, links and attributes; and nothing even tried to change them."""
    assert told[0].folder == []
    assert told[0].changes == []


def test_nothing_asked_for_the_network(told: tuple[Report, bool]) -> None:
    report, apart = told
    assert report.network == []
    if not apart:
        pytest.skip("no network namespace of our own here: the kernel's counts are those of the whole machine")
    assert report.kernel
    assert set(report.kernel.values()) == {0}


def test_nothing_is_unpickled_and_no_command_is_run(told: tuple[Report, bool]) -> None:
    report, _ = told
    assert report.unpickled == []
    assert report.commands == []
    assert {name for name in report.programs if not name.startswith("python")} <= {"mount"}


def test_a_change_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"abc")
    before = folder_state(tmp_path)
    (tmp_path / "a.jpg").read_bytes()
    assert differences(before, folder_state(tmp_path)) == []
    (tmp_path / "a.jpg").chmod(0o600)
    assert len(differences(before, folder_state(tmp_path))) == 1
    (tmp_path / "b.jpg").write_bytes(b"")
    assert len(differences(before, folder_state(tmp_path))) == 3, "the file, the new one, and the folder's own time"


def test_what_is_forbidden_would_be_noticed(tmp_path: Path) -> None:
    (tmp_path / "fotos").mkdir()
    command = [sys.executable, "-c", MISBEHAVE, str(tmp_path / "fotos")]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = Report(**json.loads(answer.stdout))
    assert len(report.unpickled) == 2
    assert len(report.network) >= 1
    assert [change.split()[0] for change in report.changes] == [
        "open",
        "os.utime",
        "os.utime",
        "shutil.move",
        "os.rename",
    ]
    assert len(report.commands) == 1
