"""``photofinder pack``: the list, the question, the answer no, and a choice that the other commands keep to."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.cli import commands as cli
from photofinder.doctor import Status, check_pack
from photofinder.paths import DataPaths
from photofinder.settings import load_settings
from tests.conftest import write_photo
from tests.pack_samples import WeightsServer, save_weights, serve, write_sample_pack

NAME = "es-muestra"


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    return save_weights(tmp_path / "weights")


@pytest.fixture
def server(weights: Path, paths: DataPaths) -> Iterator[WeightsServer]:
    """The server of the sample pack, which lies among the person's packs."""
    with serve(weights.read_bytes()) as running:
        write_sample_pack(paths.packs / NAME, weights, running.address)
        yield running


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the person types when asked."""
    typed = ["s\n"]
    monkeypatch.setattr("sys.stdin", _Terminal())
    monkeypatch.setattr("sys.stdin.readline", lambda: typed[0])
    yield typed


def test_without_a_terminal_it_takes_an_explicit_yes(
    server: WeightsServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("s\n"))
    assert cli.main(["pack", "get", NAME]) == 1
    assert f"photofinder pack get {NAME} --yes" in capsys.readouterr().err
    assert not server.requests
    assert cli.main(["pack", "get", NAME, "--yes"]) == 0
    assert f"photofinder pack use {NAME}" in capsys.readouterr().err
    assert len(server.requests) == 1


@pytest.mark.parametrize(("typed", "asked"), [("sí\n", 1), ("Y\n", 1), ("no\n", 0), ("\n", 0), ("", 0)])
def test_in_a_terminal_host_and_size_are_named_and_only_a_yes_is_a_yes(
    server: WeightsServer, answer: list[str], capsys: pytest.CaptureFixture[str], typed: str, asked: int
) -> None:
    answer[0] = typed
    assert cli.main(["pack", "get", NAME]) == 0
    said = capsys.readouterr().err
    assert "127.0.0.1" in said and "MB" in said
    assert len(server.requests) == asked
    assert ("listo" in said) == bool(asked)


def test_the_list_the_choice_and_the_way_back(
    server: WeightsServer, weights: Path, paths: DataPaths, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pack", "list", "--json"]) == 0
    entries = {entry["name"]: entry for entry in json.loads(capsys.readouterr().out)}
    assert entries["es-laptop"]["chosen"] and not entries[NAME]["ready"]
    assert (entries[NAME]["host"], entries[NAME]["bytes"]) == ("127.0.0.1", weights.stat().st_size)
    assert cli.main(["pack", "use", NAME]) == 1
    assert cli.main(["pack", "get", NAME, "--weights", str(weights), "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["ready"] is True
    assert cli.main(["pack", "use", NAME]) == 0
    assert "otra vez" in capsys.readouterr().err
    assert load_settings(paths.settings).pack == NAME
    assert cli.main(["pack"]) == 0
    assert f"* {NAME}" in capsys.readouterr().out
    assert cli.main(["pack", "use", "es-laptop"]) == 0
    assert load_settings(paths.settings).pack == ""
    assert not server.requests


@pytest.mark.parametrize("arguments", [["use"], ["get"], ["use", "es-otro"], ["get", "../x"]])
def test_a_pack_that_is_not_there_is_named_with_those_that_are(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["pack", *arguments]) == 1
    assert "es-laptop" in capsys.readouterr().err


def test_search_and_index_keep_to_the_choice(
    server: WeightsServer, weights: Path, paths: DataPaths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_photo(tmp_path / "fotos" / "una.jpg")
    assert cli.main(["pack", "get", NAME, "--weights", str(weights)]) == 0
    assert cli.main(["pack", "use", NAME]) == 0
    assert cli.main(["index", str(tmp_path / "fotos"), "--json"]) == 0
    capsys.readouterr()
    assert cli.main(["search", "playa", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 1
    assert check_pack("es", paths).status is Status.OK
    next(paths.weights.glob("*.safetensors")).unlink()
    assert cli.main(["search", "playa", "--json"]) == 0
    streams = capsys.readouterr()
    assert json.loads(streams.out) == []  # nothing was analysed with the bundled pack
    assert "modelo incluido" in streams.err and NAME in streams.err
    check = check_pack("es", paths)
    assert check.status is Status.WARNING and "modelo incluido" in check.sentence
    assert os.environ.get("PHOTOFINDER_PACK") is None
