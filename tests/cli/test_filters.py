"""Filters and weights of ``search`` on the command line."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from photofinder.cli.filters import filters_of
from photofinder.cli.parser import build_parser
from photofinder.library.filters import Filters, Period
from tests.cli.test_commands import answer, run
from tests.conftest import write_photo

TODAY = date(2026, 11, 21)


def _options(*arguments: str) -> argparse.Namespace:
    return build_parser("es").parse_args(["search", *arguments])


def test_options_are_filters() -> None:
    assert filters_of(_options("perro"), TODAY) == Filters()
    assert filters_of(_options("--from", "2019", "--until", "2020-03"), TODAY) == Filters(
        periods=(Period(date(2019, 1, 1), date(2020, 3, 31)),)
    )
    assert filters_of(_options("--from", "ayer"), TODAY).periods == (Period(date(2026, 11, 20), date.max),)
    assert filters_of(_options("--until", "2010"), TODAY).periods == (Period(date.min, date(2010, 12, 31)),)
    several = _options("--type", "PNG", "--type", "jpg", "--folder", "Viajes", "--camera", "Pixel", "--favorites")
    assert filters_of(several, TODAY) == Filters(
        path_contains=("Viajes",), cameras=("Pixel",), types=("png", "jpg"), favorites=True
    )


@pytest.mark.parametrize("arguments", [("--from", "perro"), ("--until", "2019..2020"), ("--type", "doc")])
def test_what_means_nothing_is_named(arguments: tuple[str, str]) -> None:
    with pytest.raises(ValueError, match=" ".join(arguments)):
        filters_of(_options(*arguments), TODAY)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Three photos of three days and two types, and the data folder that knows them."""
    root = tmp_path_factory.mktemp("filtros")
    for seed, name in enumerate(("Viajes/a.jpg", "Viajes/b.png", "c.jpg")):
        path = write_photo(root / "fotos" / name, seed=seed)
        when = datetime(2019 + seed, 8, 15, 12, tzinfo=UTC).timestamp()
        os.utime(path, (when, when))
    assert run("index", root / "fotos", "--data-dir", root / "datos").returncode == 0
    return root / "fotos", root / "datos"


def test_a_search_with_filters(library: tuple[Path, Path]) -> None:
    _, data = library

    def names(*arguments: str | Path) -> list[str]:
        return [Path(hit["path"]).name for hit in answer("search", *arguments, "--data-dir", data)]

    assert sorted(names("playa")) == ["a.jpg", "b.png", "c.jpg"]
    assert sorted(names("playa", "--folder", "viajes")) == ["a.jpg", "b.png"]
    assert names("playa tipo:png") == names("--type", "png") == ["b.png"]
    assert names("en agosto de 2019") == ["a.jpg"]
    assert names("fecha:2020..") == names("--from", "2020") == ["c.jpg", "b.png"]
    assert names("playa sin gente carpeta:Viajes", "--until", "2019") == ["a.jpg"]
    assert names("favoritas") == []


def test_photos_for_and_against(library: tuple[Path, Path]) -> None:
    photos, data = library
    hits = answer("search", "--with", photos / "c.jpg", "--without", photos / "Viajes" / "a.jpg", "--data-dir", data)
    assert Path(hits[0]["path"]).name == "c.jpg"
    assert Path(hits[-1]["path"]).name == "a.jpg"


def test_mistakes_are_told(library: tuple[Path, Path]) -> None:
    _, data = library
    done = run("search", "playa tipo:doc", "--data-dir", data)
    assert done.returncode == 0
    assert "tipo:doc" in done.stderr
    refused = run("search", "playa", "--from", "perro", "--data-dir", data)
    assert refused.returncode == 2
    assert "--from perro" in refused.stderr
