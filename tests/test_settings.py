from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from photofinder.errors import DataFolderUnwritable
from photofinder.settings import Settings, load_settings, save_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "configuración" / "settings.json"


def test_without_a_file_there_are_defaults(path: Path) -> None:
    assert load_settings(path) == Settings()
    assert not path.parent.exists()


def test_settings_come_back(path: Path) -> None:
    chosen = Settings(
        language="en",
        thumbnail_side=240,
        pictures_proposed=True,
        window_geometry="AbCd==",
        threads=3,
        watch_folders=False,
    )
    save_settings(path, Settings())
    save_settings(path, chosen)
    assert load_settings(path) == chosen
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe{}", b'"es"', b"[" * 100_000])
def test_a_damaged_file_is_set_aside(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert load_settings(path) == Settings()
    assert path.with_name("settings.json.damaged").read_bytes() == content
    assert not path.exists()
    save_settings(path, Settings(language="es"))
    assert load_settings(path) == Settings(language="es")


def test_what_is_wrong_or_unknown_costs_only_itself(path: Path) -> None:
    path.parent.mkdir()
    stored = {"language": "es", "thumbnail_side": "big", "pictures_proposed": 1, "from_the_future": {"a": []}}
    path.write_text(json.dumps(stored))
    assert load_settings(path) == Settings(language="es")
    assert path.exists()


def test_a_file_that_cannot_be_opened_gives_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path) == Settings()
    assert tmp_path.is_dir()


def test_failing_to_save_keeps_the_old_settings(path: Path, tmp_path: Path) -> None:
    save_settings(path, Settings(language="es"))
    with pytest.raises(DataFolderUnwritable):
        save_settings(path / "below a file" / "settings.json", Settings())
    occupied = tmp_path / "occupied"
    (occupied / "settings.json" / "something").mkdir(parents=True)
    with pytest.raises(DataFolderUnwritable):
        save_settings(occupied / "settings.json", Settings())
    assert [file.name for file in occupied.iterdir()] == ["settings.json"]
    assert load_settings(path) == replace(Settings(), language="es")
