"""Thousands of poison photos through the program itself: ``python -m tests.reliability.poison --files 20000``.

Makes the corpus, runs ``photofinder index`` on it twice, watches time and memory, and then looks whether every file has
what it should have and is what it was. Exit code 1 if anything is amiss.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from photofinder.library.catalog import Catalog
from photofinder.paths import DataPaths, data_paths
from tests.reliability.folder_state import folder_state
from tests.reliability.poison_files import PoisonFile, poison_files, strange_entries

ROOT = Path(__file__).resolve().parents[2]
STRANGE = "extraño"
"""The folder of what is no plain file."""
_AS_ANYONE = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-dac_override,-dac_read_search"]
"""Before a command: the superuser who may read what its permissions close is no superuser any more in this."""
_HANGS_S = 90.0
"""Twice the decoder's limit for a photo and half as much again: a longer silence is a hang."""


@dataclass(slots=True)
class Verdict:
    """What became of the files; ``amiss`` says in words what should not be."""

    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """How often, by family, ending and outcome (``"read"`` or a ``FailureReason``)."""
    amiss: list[str] = field(default_factory=list)


def write_files(folder: Path, files: Iterable[PoisonFile]) -> dict[str, PoisonFile]:
    """Write them below ``folder``; the same by name, without their bytes."""
    written = {}
    for file in files:
        path = folder / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
        written[file.name] = PoisonFile(file.name, b"")
    return written


def judge(paths: DataPaths, folder: Path, files: Iterable[str], well: Iterable[str]) -> Verdict:
    """Whether each of ``files`` has vectors or a reason, those ``well`` vectors, and the log no bug of ours."""
    verdict = Verdict()
    with Catalog.open(paths.catalog) as catalog:
        known = dict(catalog.known_files(catalog.add_folder(folder).id))
    for name in files:
        found = known.get(name)
        if found is None:
            verdict.amiss.append(f"{name!r} is not in the catalogue")
            continue
        outcome = "read" if found.has_vectors else str(found.error)
        family, _, rest = name.partition("/")
        verdict.outcomes[family, rest.rpartition(".")[2], outcome] += 1
        if found.has_vectors == (found.error is not None):
            verdict.amiss.append(f"{name!r}: vectors {found.has_vectors}, reason {found.error}")
    for name in well:
        if name not in known or not known[name].has_vectors:
            verdict.amiss.append(f"{name!r} is well and was not analysed: {known.get(name)}")
    if paths.log.exists():
        lines = paths.log.read_text("utf-8", "replace").splitlines()
        verdict.amiss += [line for line in lines if " ERROR " in line or "Traceback" in line]
    return verdict


@dataclass(slots=True)
class Run:
    """One run of the program: how it ended, how long it took, and what it needed at most."""

    code: int
    seconds: float
    program_mb: float
    decoder_mb: float
    decoders: int
    """How many decoding processes there were, one after the other."""
    longest_silence_s: float
    """Between two growths of the catalogue."""
    summary: dict[str, object]


def run_index(folder: Path, state: Path) -> Run:
    """``photofinder index`` on the folder, watched from outside; it is killed when nothing happens any more."""
    command = [sys.executable, "-m", "photofinder", "--data-dir", str(state), "index", str(folder), "--json"]
    if os.geteuid() == 0 and shutil.which("setpriv"):
        command = [*_AS_ANYONE, *command]
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=sys.stderr)
    program = psutil.Process(process.pid)
    run = Run(0, 0.0, 0.0, 0.0, 0, 0.0, {})
    decoders: set[int] = set()
    journal = data_paths(state).catalog.with_name("catalog.sqlite-wal")
    moved, written = started, -1
    while process.poll() is None:
        time.sleep(0.2)
        try:
            run.program_mb = max(run.program_mb, program.memory_info().rss / 1e6)
            for child in program.children():
                decoders.add(child.pid)
                run.decoder_mb = max(run.decoder_mb, child.memory_info().rss / 1e6)
        except psutil.NoSuchProcess:
            continue
        now = journal.stat().st_mtime_ns if journal.exists() else -1
        if now != written:
            moved, written = time.monotonic(), now
        run.longest_silence_s = max(run.longest_silence_s, time.monotonic() - moved)
        if run.longest_silence_s > 10 * _HANGS_S:
            process.kill()
    output = process.stdout.read().decode("utf-8", "replace") if process.stdout else ""
    run.code, run.seconds, run.decoders = process.returncode, time.monotonic() - started, len(decoders)
    if run.code == 0:
        run.summary = json.loads(output)
    else:
        print(output, file=sys.stderr)
    return run


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, help="an empty or new folder; else one that is deleted afterwards")
    options = parser.parse_args(arguments)
    work = options.work or Path(tempfile.mkdtemp(prefix="photofinder-poison-"))
    work.mkdir(parents=True, exist_ok=True)
    folder, state = work / "fotos", work / "estado"
    state.mkdir()
    files = write_files(folder, poison_files(options.files, options.seed))
    names = [f"{STRANGE}/{name}" for name in strange_entries(folder / STRANGE)]
    before = folder_state(folder)
    run = run_index(folder, state)
    paths = data_paths(state)
    good = [name for name, file in files.items() if file.family == "good"]
    verdict = judge(paths, folder, [*files, *names], [*good, *names])
    again = run_index(folder, state)
    if run.code or again.code:
        verdict.amiss.append(f"the program ended with {run.code} and {again.code}")
    if again.summary.get("analysed") or again.summary.get("failed"):
        verdict.amiss.append(f"the second run did the work again: {again.summary}")
    if folder_state(folder) != before:
        verdict.amiss.append("the folder is not what it was")
    _print(options, run, again, verdict, len(good))
    if options.work is None:
        shutil.rmtree(work, ignore_errors=True)
    return 1 if verdict.amiss else 0


def _print(options: argparse.Namespace, run: Run, again: Run, verdict: Verdict, good: int) -> None:
    reasons = sorted({outcome for _, _, outcome in verdict.outcomes})
    for title, part in (("family", 0), ("ending", 1)):
        print(f"\n| {title} | files | {' | '.join(reasons)} |\n|---|{'---:|' * (len(reasons) + 1)}")
        for name in sorted({key[part] for key in verdict.outcomes}):
            row = [sum(n for key, n in verdict.outcomes.items() if key[part] == name and key[2] == r) for r in reasons]
            print(f"| {name} | {sum(row)} | {' | '.join(str(n) for n in row)} |")
    print(f"\nfiles {options.files}, seed {options.seed}, of them well {good}; exit codes {run.code}, {again.code}")
    print(f"{run.seconds:.0f} s, and {again.seconds:.0f} s for the second run, which finds nothing to do")
    print(f"at most {run.program_mb:.0f} MB in the program and {run.decoder_mb:.0f} MB in a decoder")
    print(f"{run.decoders} decoders, longest silence {run.longest_silence_s:.0f} s")
    print(f"{len(verdict.amiss)} amiss")
    for line in verdict.amiss[:50]:
        print(f"  {line}")


if __name__ == "__main__":
    raise SystemExit(main())
