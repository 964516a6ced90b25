"""The examples of the help: each must be understood as it says."""

from __future__ import annotations

from datetime import date

import pytest

from photofinder.search.examples import examples
from photofinder.search.query import PartKind, parse


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_example_is_understood(language: str) -> None:
    for example in examples(language):
        parts = parse(example.text, date(2026, 11, 21)).parts
        assert parts
        assert PartKind.MISTAKE not in {part.kind for part in parts}
        assert example.meaning


def test_there_is_one_of_each_kind() -> None:
    found = {part.kind for one in examples() for part in parse(one.text, date(2026, 11, 21)).parts}
    kinds = {PartKind.WORDS, PartKind.WITHOUT, PartKind.TIME, PartKind.FOLDER, PartKind.CAMERA, PartKind.TYPE}
    assert found >= kinds | {PartKind.FAVORITES, PartKind.ORIENTATION}
