"""What ``photofinder bench`` does: the parts that were asked for, as a table or as JSON."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from photofinder.bench.cluster import measure_cluster
from photofinder.bench.figures import LEAST_RUNS, Part
from photofinder.bench.finders import measure_finders
from photofinder.bench.growth import Line, measure_growth, write_growth_plot
from photofinder.bench.index import measure_index
from photofinder.bench.library import Tell
from photofinder.bench.machine import describe
from photofinder.bench.memory import measure_memory
from photofinder.bench.report import as_json, table
from photofinder.bench.search import measure_search
from photofinder.bench.start import measure_start
from photofinder.bench.store import measure_store
from photofinder.bench.ui import measure_ui
from photofinder.messages import pick
from photofinder.model.pack import Pack, load_pack

PARTS = ("index", "search", "finders", "start", "memory", "ui", "growth")
DEFAULT_RUNS = LEAST_RUNS
LIBRARY_PHOTOS = 100_000
INDEX_PHOTOS = 200
SMALL_PHOTOS = 2_000


def measured(options: argparse.Namespace, language: str, say: Callable[[str], None]) -> str:
    """Measure ``options.part`` and return what is to be printed; ``say`` is told what goes on.

    Raises OSError, PhotoFinderError and ``WindowUnavailable``.
    """
    if options.plot is not None and not options.plot.absolute().parent.is_dir():
        # said before the long work, not after it
        raise FileNotFoundError(2, "no folder for the plot", str(options.plot))
    work = work_folder(options.work)
    machine = describe()

    def tell(spanish: str, english: str) -> None:
        say(pick(language, spanish, english))

    parts: list[Part] = []
    lines: list[Line] = []
    pack = load_pack()
    for name in PARTS if options.part == "all" else (options.part,):
        if name == "growth":
            part, lines = measure_growth(work, options.photos or LIBRARY_PHOTOS, options.runs, pack, tell)
            if options.plot is not None:
                write_growth_plot(options.plot, lines, language)
        else:
            part = _measure(name, options, work, pack, tell)
        parts.append(part)
    if options.json:
        return json.dumps(as_json(machine, parts), ensure_ascii=True, indent=1)
    return table(machine, parts, lines, language)


def work_folder(given: Path | None) -> Path:
    """Where photos and libraries for measuring are kept: ``given``, or one of this person's own for temporary files.

    Made unless it is there. Raises OSError, also when somebody else's folder has that name.
    """
    own = getattr(os, "getuid", lambda: "")()
    folder = given.absolute() if given is not None else Path(tempfile.gettempdir()) / f"photofinder-bench-{own}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if given is None and own != "" and folder.stat().st_uid != own:
        raise PermissionError(13, "belongs to somebody else", str(folder))
    return folder


def _measure(name: str, options: argparse.Namespace, work: Path, pack: Pack, tell: Tell) -> Part:
    photos, runs = options.photos, options.runs
    if name == "index":
        return measure_index(work, photos or INDEX_PHOTOS, runs, pack, tell, folder=options.folder)
    if name == "search":
        return measure_search(work, photos or LIBRARY_PHOTOS, runs, pack, tell)
    if name == "finders":
        return measure_finders(work, photos or LIBRARY_PHOTOS, runs, pack, tell)
    if name == "cluster":
        return measure_cluster(work, photos or INDEX_PHOTOS, runs, pack, tell)
    if name == "store":
        return measure_store(work, options.store or "", photos or LIBRARY_PHOTOS, runs, pack, tell)
    if name == "start":
        return measure_start(work, photos or LIBRARY_PHOTOS, runs, pack, tell)
    if name == "memory":
        return measure_memory(work, photos or LIBRARY_PHOTOS, options.index_photos or SMALL_PHOTOS, runs, pack, tell)
    return measure_ui(work, photos or LIBRARY_PHOTOS, runs, pack, tell)
