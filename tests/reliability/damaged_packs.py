"""What becomes of a model pack that was damaged: the bundled one, and one that the person added.

Part of ``python -m tests.reliability.derived``. Both are copies: two packs of the same size, of which the second has
other weights and is chosen in the settings or not. One file of one of them is deleted, cut short, has a bit flipped, or
changes places with the file of the other pack; then the folder is analysed again and searched. If the person's pack is
the damaged one, the bundled one goes on. If the bundled one is, that is one sentence, exit code 1, and nothing is lost:
with the file back in its place the same photos are found.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from photofinder.model.pack import BUNDLED, CAPTION_FILE, MANIFEST, VISUAL_FILE, load_pack
from photofinder.paths import resource
from photofinder.settings import Settings, save_settings
from tests.conftest import write_manifest
from tests.reliability.shim import Program
from tests.reliability.stories import PHOTOS, Place, fill

FILES = (MANIFEST, VISUAL_FILE, CAPTION_FILE)
OWN = "mío"
"""The pack of the person's."""
WHICH = ("bundled", "own")
Spoil = Callable[[Path, str, random.Random, Path], None]


@dataclass(frozen=True)
class Packs:
    """Where the two packs are, and as they were."""

    folders: dict[str, Path]
    sound: Path

    def restore(self, file: str) -> None:
        """The file is whole again in both."""
        for which, folder in self.folders.items():
            shutil.copy2(self.sound / which / file, folder / file)


def resources_of(base: Path) -> Path:
    """Where the bundled pack of these tries is, in the place of ``resources``."""
    return base / "recursos"


def make_packs(place: Place) -> Packs:
    """Copy the bundled pack twice; the second gets another network and another text table."""
    bundled = resources_of(place.base) / "models" / BUNDLED
    own = place.paths.packs / OWN
    for folder in (bundled, own):
        shutil.copytree(resource("models", BUNDLED), folder)
    data = bytearray((own / VISUAL_FILE).read_bytes())
    data[-2] ^= 1  # the last bits of a weight
    (own / VISUAL_FILE).write_bytes(data)
    with np.load(own / CAPTION_FILE) as arrays:
        caption = {name: arrays[name] for name in arrays.files}
    caption["output_bias"] = caption["output_bias"] + np.float32(1e-3)
    np.savez_compressed(own / CAPTION_FILE, **caption)
    manifest = json.loads((own / MANIFEST).read_text(encoding="utf-8")) | {"name": OWN}
    for name in (VISUAL_FILE, CAPTION_FILE):
        data = bytearray((own / name).read_bytes())
        manifest["files"][name] = {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
    write_manifest(own, manifest)
    assert load_pack(own).fingerprint != load_pack(bundled).fingerprint
    sound = place.base / "modelos sanos"
    for which, folder in zip(WHICH, (bundled, own), strict=True):
        shutil.copytree(folder, sound / which)
    return Packs({"bundled": bundled, "own": own}, sound)


def attempt(
    which: str, file: str, damage: str, packs: Packs, place: Place, program: Program, spoil: Spoil, seed: int
) -> tuple[str, list[str]]:
    """Damage one file of the pack that is used, go on, and mend it: what was said, and what is wrong."""
    place.reset()
    save_settings(place.paths.settings, Settings(pack=OWN if which == "own" else ""))
    assert program.run(place.index)["code"] == 0
    before = _paths(program.run(_SEARCH))
    other = packs.folders["bundled" if which == "own" else "own"] / file
    spoil(packs.folders[which] / file, damage, random.Random(f"{seed} {which} {file} {damage}"), other)
    both = damage == "swapped"
    wrong, said = [], ""
    for command in (place.index, _SEARCH):
        answer = program.run(command)
        said = said or answer["err"].strip()
        if len(answer["err"].strip().splitlines()) > 1 or "Traceback" in answer["err"]:
            wrong.append(f"said {answer['err']}")
        if answer["code"] not in ((0, 1) if which == "bundled" or both else (0,)):
            wrong.append(f"{command[0]} ended with {answer['code']}")
        if answer["code"] == 1 and not answer["err"].strip():
            wrong.append(f"{command[0]} failed without a word")
        if command == _SEARCH and answer["code"] == 0 and _paths(answer) != before:
            wrong.append(f"found {_paths(answer)}")
    with closing(sqlite3.connect(place.paths.catalog)) as connection:
        if (found := connection.execute("PRAGMA integrity_check").fetchall()) != [("ok",)]:
            wrong.append(f"the catalogue: {found}")
    packs.restore(file)
    again = program.run(place.index)
    if again["code"] != 0 or again["err"].strip() or _paths(program.run(_SEARCH)) != before:
        wrong.append(f"with the pack mended: {again['code']} {again['err']}")
    return said, wrong


_SEARCH = ["search", "flor", "--json", "--limit", "50"]


def _paths(answer: dict[str, Any]) -> list[str]:
    return sorted(hit["path"] for hit in json.loads(answer["out"])) if answer["code"] == 0 else []


def tries(
    folder: Path,
    shim: Path,
    damages: tuple[str, ...],
    spoil: Spoil,
    seeds: int,
    only: list[tuple[str, str, str]] | None = None,
) -> Iterator[tuple[str, str, str, list[str]]]:
    """Every pack, file and damage (or ``only`` these): its name, the damage, what was said, and what is wrong."""
    place = Place(folder / "modelos")
    with Program(shim, place.state, resources=resources_of(place.base)) as program:
        fill(place.photos)
        packs = make_packs(place)
        assert program.run(place.index)["code"] == 0
        assert len(_paths(program.run(_SEARCH))) == PHOTOS
        place.keep()
        chosen = [(which, file, damage) for which in WHICH for file in FILES for damage in damages]
        for which, file, damage in only if only is not None else chosen:
            for seed in range(seeds if damage in ("cut short", "a bit flipped") else 1):
                yield f"{which} {file}", damage, *attempt(which, file, damage, packs, place, program, spoil, seed)
