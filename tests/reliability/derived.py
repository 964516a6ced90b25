"""Damages each file of the program's own in each way, and looks whether it goes on.

    python -m tests.reliability.derived [--seeds 5]

A library is analysed; then one of its files is deleted, cut short, has a bit flipped, or is swapped with another one.
After that the folder is analysed again and searched: both end well, with at most one sentence, and the same photos are
found with the same scores. The files of model packs are damaged, too (``damaged_packs.py``). (Of a bit flipped in the
catalogue itself SQLite notices what breaks its pages; one inside a number or a vector may change one photo.)
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from photofinder.searches import Searches, save_searches
from photofinder.settings import Settings, load_settings, save_settings
from tests.reliability import damaged_packs
from tests.reliability.shim import Program, build, why_not
from tests.reliability.stories import PHOTOS, Place, analysed, fill

DAMAGES = ("deleted", "cut short", "a bit flipped", "swapped")
FILES = {
    "index.ann": "data/neighbors/*/index.ann",
    "ids.npy": "data/neighbors/*/ids.npy",
    "manifest.json": "data/neighbors/*/manifest.json",
    "embedding.vectors": "data/neighbors/embedding-*.vectors",
    "feature.vectors": "data/neighbors/feature-*.vectors",
    "catalog.sqlite": "data/catalog.sqlite",
    "backup": "data/backups/catalog-*.sqlite",
    "thumbnails.sqlite": "cache/thumbnails.sqlite",
    "settings.json": "config/settings.json",
    "searches.json": "data/searches.json",
    "photofinder.log": "state/photofinder.log",
    "catalog.sqlite.lock": "data/catalog.sqlite.lock",
}
"""What is damaged, by its place below the folder of the state."""


@dataclass(frozen=True)
class Damaged:
    """One file damaged once, what the program said, and what is wrong after it."""

    file: str
    damage: str
    said: str
    wrong: tuple[str, ...]


def prepare(place: Place, program: Program) -> list[dict[str, Any]]:
    """Analyse a library and remember it; what a search finds in it."""
    fill(place.photos)
    save_settings(place.paths.settings, Settings(thumbnail_side=111))
    save_searches(place.paths.searches, Searches(("mar",)))
    place.paths.log.parent.mkdir(parents=True, exist_ok=True)
    place.paths.log.write_text("una línea\n" * 50, encoding="utf-8")
    assert program.run(place.index)["code"] == 0
    place.paths.catalog.with_name("catalog.sqlite.lock").write_text("123456")
    place.keep()
    found = _hits(program)
    assert len(found) == PHOTOS
    return found


def attempt(
    file: str, damage: str, place: Place, program: Program, expected: list[dict[str, Any]], seed: int
) -> Damaged:
    """Damage one file of the remembered library, and go on."""
    place.reset()
    path = next(place.state.glob(FILES[file]))
    chance = random.Random(f"{seed} {file} {damage}")
    others = [other for one in FILES.values() for other in place.state.glob(one) if other != path]
    spoil(path, damage, chance, chance.choice([one for one in others if one != place.paths.catalog]))
    again = program.run(place.index)
    said = again["err"].strip()
    wrong = [] if again["code"] == 0 else [f"ended with {again['code']}"]
    if len(said.splitlines()) > 1 or "Traceback" in said:
        wrong.append(f"said {said}")
    found = _hits(program)
    may_differ = file == "catalog.sqlite" and damage == "a bit flipped"
    if _comparable(found) != _comparable(expected) and not (may_differ and len(found) >= PHOTOS - 1):
        wrong.append(f"found {len(found)}: {_comparable(found)[:3]}")
    if not may_differ:
        wrong += analysed(place, place.photos)
    if load_settings(place.paths.settings).thumbnail_side not in (111, Settings().thumbnail_side):
        wrong.append("settings that nobody chose")
    return Damaged(file, damage, said, tuple(wrong))


def spoil(path: Path, damage: str, chance: random.Random, other: Path) -> None:
    """Do one of ``DAMAGES`` to a file; ``other`` is the one that it changes places with."""
    data = path.read_bytes()
    if damage == "deleted":
        path.unlink()
    elif damage == "cut short":
        path.write_bytes(data[: chance.randrange(len(data))])
    elif damage == "a bit flipped":
        at = chance.randrange(len(data))
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :])
    else:
        mine = other.read_bytes()
        other.write_bytes(data)
        path.write_bytes(mine)


def _hits(program: Program) -> list[dict[str, Any]]:
    answer = program.run(["search", "flor", "--json", "--limit", "50"])
    found: list[dict[str, Any]] = json.loads(answer["out"]) if answer["code"] == 0 else []
    return found


def _comparable(found: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """Paths and scores without the last digits: a catalogue that was made anew has other numbers."""
    return sorted((hit["path"], round(hit["score"], 3)) for hit in found)


def tries(folder: Path, seeds: int, only: list[tuple[str, str]] | None = None) -> Iterator[Damaged]:
    """Every file and damage (or ``only`` these), each with so many places to flip or cut."""
    place = Place(folder)
    with Program(build(folder), place.state) as program:
        expected = prepare(place, program)
        for file, damage in only or [(file, damage) for file in FILES for damage in DAMAGES]:
            for seed in range(1 if damage == "deleted" else seeds):
                yield attempt(file, damage, place, program, expected, seed)


def pack_tries(folder: Path, seeds: int, only: list[tuple[str, str, str]] | None = None) -> Iterator[Damaged]:
    """The same with the files of model packs (``damaged_packs``)."""
    for file, damage, said, wrong in damaged_packs.tries(folder, build(folder), DAMAGES, spoil, seeds, only):
        yield Damaged(file, damage, said, tuple(wrong))


def main() -> int:
    """The command; 1 when the program did not go on after any of them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=5, help="places to cut or flip in each file")
    options = parser.parse_args()
    if reason := why_not():
        print(reason)
        return 1
    tried, survived, told = Counter[str](), Counter[str](), set[str]()
    with tempfile.TemporaryDirectory() as folder:
        for one in chain(tries(Path(folder), options.seeds), pack_tries(Path(folder), options.seeds)):
            tried[one.file] += 1
            survived[one.file] += not one.wrong
            if one.said and one.said not in told:
                told.add(one.said)
                print(f"{one.file}, {one.damage}: «{one.said}»", flush=True)
            if one.wrong:
                print(f"{one.file}, {one.damage}: {'; '.join(one.wrong)}", flush=True)
    for file, count in tried.items():
        print(f"{file:<28} {survived[file]:>4} of {count} survived")
    print(f"{sum(survived.values())} of {sum(tried.values())}")
    return int(survived != tried)


if __name__ == "__main__":
    sys.exit(main())
