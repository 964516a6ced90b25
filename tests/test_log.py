"""The log file."""

from __future__ import annotations

import logging

import pytest

from photofinder.log import start_log
from photofinder.paths import DataPaths

HOSTILE = "foto\r\n2030-01-01 00:00:00,000 ERROR fake: all is lost\x1b[2J\x9b31m\u202egpj.exe\x00\u2028\udce9"


@pytest.fixture
def log(paths: DataPaths) -> logging.Logger:
    start_log(paths)
    return logging.getLogger("photofinder.test")


def _lines(paths: DataPaths) -> list[str]:
    text = paths.log.read_bytes().decode()
    assert text.endswith("\n")
    lines = text[:-1].split("\n")
    assert all(line.isprintable() for line in lines)
    return lines


def test_what_others_wrote_stays_text(log: logging.Logger, paths: DataPaths) -> None:
    log.warning("cannot read %s", HOSTILE)
    first, second = _lines(paths)
    assert first.endswith(r"WARNING photofinder.test: cannot read foto\r")
    assert second == r"  2030-01-01 00:00:00,000 ERROR fake: all is lost\x1b[2J\x9b31m\u202egpj.exe\x00\u2028\udce9"


def test_a_traceback_keeps_its_lines_and_begins_none(log: logging.Logger, paths: DataPaths) -> None:
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        log.exception("in the window", stack_info=True)
    first, *more = _lines(paths)
    assert first.endswith("ERROR photofinder.test: in the window")
    assert "  Traceback (most recent call last):" in more
    assert "  Stack (most recent call last):" in more
    assert any(line.endswith("raise ValueError(HOSTILE)") for line in more)
    assert all(line.startswith("  ") for line in more)


def test_words_of_every_language_are_written_as_they_are(log: logging.Logger, paths: DataPaths) -> None:
    log.error("%s: %d %%", "Año nuevo — 日本 🦩 <b>José</b>", 7)
    [line] = _lines(paths)
    assert line.endswith("ERROR photofinder.test: Año nuevo — 日本 🦩 <b>José</b>: 7 %")
