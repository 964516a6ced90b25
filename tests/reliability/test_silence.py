"""A network folder that neither answers nor fails: the others are analysed and shown, and the window closes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import write_photo
from tests.reliability import shim

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not() or "it can be used")


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """The one that will be silent, and another; six photos in each."""
    for number, name in enumerate(("red", "casa")):
        for seed in range(6):
            write_photo(tmp_path / name / f"{seed % 2}" / f"{seed}.jpg", size=(96, 64), seed=10 * number + seed)
    return tmp_path / "red", tmp_path / "casa"


def run(tmp_path: Path, silent: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = shim.environment(shim.build(tmp_path), tmp_path / "state")
    environment |= {"FAULTS_HANG": str(silent), "FAULTS_HANG_WHILE": str(tmp_path / "silent")}
    environment["QT_QPA_PLATFORM"] = "offscreen"
    command = (sys.executable, "-m", *command)
    return subprocess.run(
        command, env=environment, cwd=shim.ROOT, capture_output=True, text=True, check=False, timeout=300
    )


def told(tmp_path: Path, silent: Path, story: str, *folders: Path) -> dict[str, Any]:
    done = run(tmp_path, silent, "tests.reliability.silence", story, *map(str, folders))
    assert done.stdout, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def test_the_command_analyses_the_others_and_says_one_sentence(folders: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "silent").touch()
    done = run(tmp_path, folders[0], "photofinder", "index", *map(str, folders))
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("6 fotos, 6 analizadas")
    assert [line for line in done.stderr.splitlines() if "red" in line] == [
        f"La carpeta «{folders[0]}» no está conectada; sus fotos no se olvidan: conéctala y repite."
    ]


def test_one_that_falls_silent_in_the_middle_is_left_and_goes_on_later(
    folders: tuple[Path, Path], tmp_path: Path
) -> None:
    first, again = told(tmp_path, folders[0], "falls_silent", *folders)["runs"]
    assert first["offline"] == ["red"] and first["online"] == [False, True]
    assert first["analysed"] >= 6 and (first["failed"], first["missing"]) == (0, 0)
    assert first["seconds"] < 60
    assert (again["offline"], again["analysed"], again["failed"], again["missing"]) == ([], 12, 0, 0)


def test_what_a_person_does_with_a_silent_folder_ends_and_says_why(folders: tuple[Path, Path], tmp_path: Path) -> None:
    took = told(tmp_path, folders[0], "tasks", *folders)
    done = ("library", "watch", "answers", "watched", "copies", "copies to it", "sheet", "preview", "other preview")
    assert [what for what in done if took[what] is None] == [], took
    assert sorted(took["panel"]) == ["6 fotos · al día", "No responde · 6 fotos"]
    assert (took["copied"], took["not copied"]) == (6, 6)
    assert len([path for path in (tmp_path / "usb").iterdir() if path.suffix == ".jpg"]) == 6
    assert took["refused"] == "FolderSilent"
    assert took["sheet"] == "DONE" and (tmp_path / "usb" / "hoja.pdf").stat().st_size > 1000
    assert any(words in took["preview says"] for words in ("no responde", "no está conectado"))
    assert took["longest"] < 10, "the window lived on"
    assert took["ended"] and took["closing"] < 3


def test_the_window_shows_the_others_and_closes(folders: tuple[Path, Path], tmp_path: Path) -> None:
    took = told(tmp_path, folders[0], "window", *folders)
    for what in ("library", "thumbnails", "panel", "search", "analysis"):
        assert took[what] is not None, f"{what}: {took}"
    assert took["hits"] > 0
    assert took["ended"] and took["closing"] < 3
