"""A seeded sample of what ``faults`` and ``derived`` try in full, and a few starts of the whole program."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from photofinder.model.pack import CAPTION_FILE, MANIFEST, VISUAL_FILE
from tests.reliability import derived, faults, shim
from tests.reliability.shim import ROOT, Kind, Program
from tests.reliability.stories import STORIES, Place, analysed, fill

pytestmark = pytest.mark.skipif(bool(shim.why_not()), reason=shim.why_not() or "it can be used")

STORY = {story.name: story for story in STORIES}


@pytest.mark.parametrize(("name", "most"), [("first", 1), ("later", 1), ("upgrade", 1), ("choices", 2)])
def test_a_disk_that_fails_anywhere_loses_nothing(tmp_path: Path, name: str, most: int) -> None:
    chance = random.Random(f"six of {name}")
    done = list(faults.tries([STORY[name]], list(faults.KINDS), tmp_path, sample=chance, most=most))
    assert len(done) == most * len(faults.KINDS)
    assert [one for one in done if one.wrong] == []
    assert all(one.what for one in done), "every fault happened"


def test_careless_writing_would_be_noticed(tmp_path: Path) -> None:
    """The harness sees what it is there to see: a file written in place is lost when the program is killed."""
    place, story = Place(tmp_path), STORY["choices"]
    careless = faults.Story("careless", "", story.prepare, lambda _: "careless", story.check, again=False)
    with Program(shim.build(tmp_path), place.state) as program:
        points = faults.points_of(careless, place, program)
        found = [faults.attempt(careless, Kind.TORN, at, place, program) for at in range(1, points + 1)]
    assert any(one.wrong for one in found)


def test_damaged_files_of_our_own_stop_nothing(tmp_path: Path) -> None:
    pairs = [(file, damage) for file in derived.FILES for damage in derived.DAMAGES]
    chosen = random.Random(6).sample(pairs, 8)
    assert [one for one in derived.tries(tmp_path, 1, chosen) if one.wrong] == []


def test_damaged_packs_are_one_sentence_and_lose_nothing(tmp_path: Path) -> None:
    chosen = [
        ("own", CAPTION_FILE, "a bit flipped"),
        ("own", MANIFEST, "swapped"),
        ("bundled", MANIFEST, "a bit flipped"),
        ("bundled", VISUAL_FILE, "deleted"),
    ]
    done = list(derived.pack_tries(tmp_path, 1, chosen))
    assert [one for one in done if one.wrong] == []
    own, swapped, *bundled = [one.said for one in done]
    assert own.startswith("Se usa el modelo incluido: el modelo «mío» está dañado; cópialo otra vez en «")
    assert all(said.startswith("Falta el modelo de búsqueda o está dañado (") for said in (swapped, *bundled))


@pytest.mark.parametrize("share", [0.3, 0.8])
def test_the_program_as_it_is_started_is_killed_and_goes_on(tmp_path: Path, share: float) -> None:
    """Without anything quick in place of the network or the decoders."""
    place = Place(tmp_path)
    fill(place.photos)
    environment = shim.environment(shim.build(tmp_path), place.state)
    command = [sys.executable, "-m", "photofinder", *place.index]
    killed = subprocess.run(
        command,
        env=environment
        | {"FAULTS_KIND": str(int(Kind.KILL)), "FAULTS_AT": str(int(110 * share)), "FAULTS_ROOT": str(place.state)},
        capture_output=True,
        cwd=ROOT,
        check=False,
    )
    assert killed.returncode == -9
    assert list(faults._soundness(place, "after the kill")) == []
    done = subprocess.run(command, env=environment, capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert analysed(place, place.photos) == []
