from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from photofinder.errors import DataFolderUnwritable
from photofinder.searches import Searches, load_searches
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
    assert sorted(file.name for file in path.parent.iterdir()) == ["settings.json", "settings.json.copy"]


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


@pytest.mark.parametrize(
    ("key", "value"),
    [("language", "xx"), ("appearance", ""), ("threads", 10**9), ("threads", -1), ("thumbnail_side", 10**400),
     ("text_scale", 0), ("slideshow_seconds", -5), ("pack", "x" * 100_000), ("result_order", "../x")],
)  # fmt: skip
def test_a_value_that_nobody_can_have_chosen_counts_as_the_default(tmp_path: Path, key: str, value: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({key: value, "pictures_proposed": True}), encoding="utf-8")
    assert load_settings(path) == replace(Settings(), pictures_proposed=True)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*asdict(Settings()), "history", "saved"])
ONE = st.dictionaries(
    st.sampled_from(["name", "text", "filters"]),
    JSON
    | st.dictionaries(
        st.sampled_from(["periods", "month_days", "folder_ids", "types", "orientation", "has_place", "cameras"]), JSON
    ),
)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(stored=st.dictionaries(KEYS, JSON | st.lists(ONE, max_size=2), max_size=4))
def test_any_json_is_taken_calmly(tmp_path: Path, stored: dict[str, object]) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert isinstance(load_settings(path), Settings)
    assert isinstance(load_searches(path), Searches)
