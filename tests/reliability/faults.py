"""Tries every point at which a disk can fail the program, and says how many it survived.

    python -m tests.reliability.faults [--story first] [--kind KILL] [--every 1] [--minutes 30]

For each story (``stories.py``) the calls that write, rename, sync, create or delete below the program's own folders
are counted; then, for each of them and each kind of fault (``shim.Kind``), the story begins anew and the fault happens
at that call. After it the story is repeated without faults, and must end well: the catalogue passes ``PRAGMA
integrity_check`` (before that repetition, too), no photo is lost or doubled, at most one batch was analysed twice, a
search answers, what failed said one sentence, and the person's photos are as they were. Needs Linux and a C compiler.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photofinder.messages import sentence
from tests.reliability.program import BATCH
from tests.reliability.shim import Kind, Program, build, why_not
from tests.reliability.stories import STORIES, Place, Story, away

KINDS = tuple(kind for kind in Kind if kind is not Kind.NOTHING)
_UNEXPECTED = sentence(RuntimeError()).split(";")[0]


@dataclass(frozen=True)
class Try:
    """One fault: where it happened (empty: the program ended before that point), and what is wrong after it."""

    story: str
    kind: Kind
    at: int
    what: str
    wrong: tuple[str, ...]


def points_of(story: Story, place: Place, program: Program) -> int:
    """How many calls a story makes; ``place`` is prepared for ``attempt``."""
    story.prepare(place, program)
    place.keep()
    answer = program.run(story.run(place))
    assert (answer["code"], answer["images"]) == (0, story.images), answer
    wrong = story.check(place)
    assert not wrong, wrong
    return int(answer["points"])


def attempt(story: Story, kind: Kind, at: int, place: Place, program: Program) -> Try:
    """One fault, and all that must hold after it."""
    place.reset()
    place.state.mkdir(parents=True, exist_ok=True)
    taken = place.state if kind is Kind.DATA_AWAY else place.photos
    photos = _hashes(place.photos)
    first = program.run(story.run(place), kind, at, moved=taken, to=away(taken))
    place.put_back()
    wrong = [*_said(first, kind), *_soundness(place, "after the fault")]
    if story.again:
        second = program.run(story.run(place))
        if second["code"] != 0:
            wrong.append(f"does not go on: {second['code']} {second['err'][-400:]}")
        repeated = first["images"] + second["images"] - story.images
        if kind is not Kind.DATA_AWAY and repeated > BATCH:
            wrong.append(f"{repeated} photos were analysed twice")
        wrong += _soundness(place, "at the end")
        found = program.run(["search", "flor", "--json"])
        if found["code"] != 0 or not json.loads(found["out"]):
            wrong.append(f"search: {found['code']} {found['err'][-400:]}")
    wrong += story.check(place)
    if _hashes(place.photos) != photos:
        wrong.append("the person's photos changed")
    return Try(story.name, kind, at, first["what"], tuple(wrong))


def _said(answer: dict[str, Any], kind: Kind) -> Iterator[str]:
    """What is wrong with how the program ended."""
    code, said = answer["code"], answer["err"].strip()
    if kind in (Kind.KILL, Kind.TORN):
        if code != -9 and answer["what"]:
            yield f"was not killed: {code} {said}"
    elif code not in (0, 1):
        yield f"ended with {code}: {said[-600:]}"
    elif code == 1 and (len(said.splitlines()) != 1 or said.startswith(_UNEXPECTED)):
        yield f"said: {said[-600:]}"
    if "Traceback" in said:
        yield f"said: {said[-600:]}"


def _soundness(place: Place, when: str) -> Iterator[str]:
    path = place.paths.catalog
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("PRAGMA integrity_check").fetchall()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if found != [("ok",)] or broken:
        yield f"the catalogue {when}: {found} {broken}"


def _hashes(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, hash(path.read_bytes()))
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def tries(
    stories: list[Story],
    kinds: list[Kind],
    folder: Path,
    *,
    every: int = 1,
    sample: random.Random | None = None,
    most: int | None = None,
    count: Callable[[str, int], None] = lambda story, points: None,
) -> Iterator[Try]:
    """All of them, or with ``sample`` in any order, at most ``most`` points of each kind and story.

    ``count`` is told how many tries a story has in all.
    """
    shim = build(folder)
    for story in stories:
        place = Place(folder / story.name)
        with Program(shim, place.state) as program:
            points = list(range(1, points_of(story, place, program) + 1, every))
            count(story.name, len(kinds) * len(points))
            todo = [(kind, at) for kind in kinds for at in (points if most is None else _some(points, most, sample))]
            if sample is not None:
                sample.shuffle(todo)
            for kind, at in todo:
                yield attempt(story, kind, at, place, program)


def _some(points: list[int], most: int, sample: random.Random | None) -> list[int]:
    return (sample or random.Random(0)).sample(points, min(most, len(points)))


def _tell_count(story: str, count: int) -> None:
    print(f"{story}: {count} tries", flush=True)


def main() -> int:
    """The command; 1 when anything did not survive."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--story", action="append", choices=[story.name for story in STORIES])
    parser.add_argument("--kind", action="append", choices=[kind.name for kind in KINDS])
    parser.add_argument("--every", type=int, default=1, help="only every so many points")
    parser.add_argument(
        "--minutes", type=float, help="stop then; the points are tried in any order, the same for --seed"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if reason := why_not():
        print(reason)
        return 1
    stories = [story for story in STORIES if not options.story or story.name in options.story]
    kinds = [kind for kind in KINDS if not options.kind or kind.name in options.kind]
    started, tried, survived, late = time.monotonic(), Counter[str](), Counter[str](), 0
    order = None if options.minutes is None else random.Random(options.seed)
    with tempfile.TemporaryDirectory() as folder:
        for one in tries(stories, kinds, Path(folder), every=options.every, sample=order, count=_tell_count):
            name = f"{one.story} {one.kind.name}"
            if not one.what:
                late += 1  # the program was done before: nothing happened
                if not one.wrong:
                    continue
            tried[name] += 1
            survived[name] += not one.wrong
            if sum(tried.values()) % 50 == 0:
                print(f"{sum(tried.values())} tried, {time.monotonic() - started:.0f} s", file=sys.stderr, flush=True)
            if one.wrong:
                print(f"{name} {one.at} ({one.what}): " + "; ".join(one.wrong), flush=True)
            if options.minutes is not None and time.monotonic() - started > 60 * options.minutes:
                print(f"stopped after {options.minutes:g} minutes")
                break
    for name, count in tried.items():
        print(f"{name:<20} {survived[name]:>5} of {count} points survived")
    print(f"{sum(survived.values())} of {sum(tried.values())} in {time.monotonic() - started:.0f} s")
    return int(survived != tried)


if __name__ == "__main__":
    sys.exit(main())
