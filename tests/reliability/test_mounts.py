"""Real mounts: a drive is unmounted, leaves its empty mount point, and returns there or elsewhere. Needs root."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photofinder.cli.commands import main
from tests.conftest import write_photo


class Drive:
    """A tmpfs that stays in a drawer, and is mounted where the person sees it."""

    def __init__(self, folder: Path) -> None:
        self.drawer, self.place, self.elsewhere = folder / "cajón", folder / "media/usb", folder / "media/usb1"
        self._mounted: list[Path] = []
        for path in (self.drawer, self.place, self.elsewhere):
            path.mkdir(parents=True)
        self._mount(self.drawer, "-t", "tmpfs", "-o", "size=8m", "photos")

    def plug_in(self, at: Path) -> None:
        self._mount(at, "--bind", str(self.drawer))

    def another(self, at: Path) -> None:
        self._mount(at, "-t", "tmpfs", "-o", "size=8m", "other")

    def unplug(self, at: Path, *how: str) -> None:
        subprocess.run(["umount", *how, str(at)], check=True, capture_output=True)
        self._mounted.remove(at)

    def throw_away(self) -> None:
        for path in reversed(self._mounted[:]):
            self.unplug(path, "-l")

    def _mount(self, at: Path, *how: str) -> None:
        subprocess.run(["mount", *how, str(at)], check=True, capture_output=True)
        self._mounted.append(at)


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Drive]:
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root of a Linux can mount")
    try:
        drive = Drive(tmp_path)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"nothing can be mounted here: {error.stderr.decode(errors='replace').strip()}")
    try:
        for seed in range(5):
            write_photo(drive.drawer / "Viajes" / f"{seed}.jpg", size=(96, 64), seed=seed)
        drive.plug_in(drive.place)
        yield drive
    finally:
        drive.throw_away()


@pytest.fixture
def index(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Any:
    """``photofinder index`` of some folders and the one that is always there; what it says as JSON."""
    write_photo(tmp_path / "casa" / "una.jpg", size=(96, 64), seed=50)

    def run(*folders: Path) -> dict[str, Any]:
        assert main(["index", *map(str, folders), str(tmp_path / "casa"), "--json"]) == 0
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return run


def offline(capsys: pytest.CaptureFixture[str]) -> set[bool]:
    """Of the photos of the drive, whether a search says so."""
    assert main(["search", "tipo:jpg", "--language", "es"]) == 0
    hits = capsys.readouterr().out.splitlines()
    found = [hit.endswith("(sin conexión)") for hit in hits if "Viajes" in hit]
    assert len(found) >= 5
    return set(found)


def test_a_mounted_drive_goes_and_returns(drive: Drive, index: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert (first := index(drive.place))["analysed"] == 6 and first["offline"] == []
    drive.unplug(drive.place)
    assert list(drive.place.iterdir()) == [], "its empty mount point stays"
    away = index(drive.place)
    assert (away["offline"], away["missing"], away["analysed"]) == ([str(drive.place)], 0, 0)
    assert offline(capsys) == {True}
    drive.plug_in(drive.place)
    same = index(drive.place)
    assert (same["offline"], same["unchanged"], same["analysed"]) == ([], 6, 0)
    assert offline(capsys) == {False}
    drive.unplug(drive.place, "-l")
    write_photo(drive.drawer / "Viajes" / "0.jpg", size=(96, 64), seed=70)
    write_photo(drive.drawer / "Viajes" / "nueva.jpg", size=(96, 64), seed=71)
    drive.plug_in(drive.place)
    changed = index(drive.place)
    assert (changed["unchanged"], changed["analysed"], changed["missing"]) == (5, 2, 0)


def test_a_mounted_drive_returns_elsewhere(drive: Drive, index: Any, capsys: pytest.CaptureFixture[str]) -> None:
    index(drive.place)
    drive.unplug(drive.place)
    drive.plug_in(drive.elsewhere)
    moved = index(drive.elsewhere)
    assert (moved["unchanged"], moved["analysed"], moved["missing"]) == (6, 0, 0)
    assert main(["folder", "--json"]) == 0
    assert str(drive.elsewhere) in [folder["path"] for folder in json.loads(capsys.readouterr().out)]
    drive.unplug(drive.elsewhere)
    drive.another(drive.elsewhere)  # an empty drive in its place
    assert (empty := index(drive.elsewhere))["offline"] == [str(drive.elsewhere)] and empty["missing"] == 0
