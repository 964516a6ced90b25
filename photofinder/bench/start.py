"""How long a start takes: a process measured from outside, from its first instruction to what a person sees."""

from __future__ import annotations

import os
import statistics
import sys
from pathlib import Path

from photofinder.bench.figures import Figure, Part, Text
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.phrases import PHRASES
from photofinder.bench.window import watch_window
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths

PAINTED_S, ANSWERED_S = 1.0, 1.5


def measure_start(work: Path, photos: int, runs: int, pack: Pack, tell: Tell) -> Part:
    """The window on ``photos`` generated photos, and the first phrase asked as soon as it is painted.

    Each run is a new process. Before a cold run, what the program reads (its libraries, the pack, the library) is
    pushed out of the system's memory, where the system can do that. Raises OSError, PhotoFinderError and
    ``WindowUnavailable``.
    """
    paths = generated_library(work, photos, pack, tell)
    with_neighbors(paths, pack, tell)
    files = _files_read(paths, pack)
    tell("abriendo la ventana", "opening the window")
    with watch_window(paths, ()):
        pass  # the first start after an installation compiles what is imported, and keeps it
    cold: list[tuple[float, float]] = []
    warm: list[tuple[float, float]] = []
    platform = ""
    for seconds, before in ((cold, files), (warm, [])):
        for _ in range(runs):
            is_cold = forget(before)
            with watch_window(paths, PHRASES[:1]) as seen:
                seconds.append((seen.painted_s, seen.answered_s))
                platform = seen.platform
            if before and not is_cold:
                break
        if before and not is_cold:
            cold.clear()
    figures = []
    for key, values, spanish, english in (
        ("cold", cold, "en frío", "cold"),
        ("warm", warm, "en caliente", "warm"),
    ):
        if values:
            painted, answered = zip(*values, strict=True)
            figures += [
                Figure(
                    f"{key}_window_painted", "s", Text(f"ventana pintada, {spanish}", f"window painted, {english}"),
                    painted, target=PAINTED_S,
                ),
                Figure(
                    f"{key}_first_phrase", "s",
                    Text(f"primera frase respondida, {spanish}", f"first phrase answered, {english}"),
                    answered, target=ANSWERED_S,
                ),
            ]  # fmt: skip
    notes = (
        () if cold else (Text("este sistema no deja vaciar su caché", "this system does not let its cache be emptied"),)
    )
    return Part("start", tuple(figures), {"photos": photos, "window_platform": platform}, notes)


def measure_window(work: Path, photos: int, runs: int, pack: Pack, tell: Tell) -> list[Figure]:
    """The window on ``photos`` generated photos: its start, phrases, memory. Raises as ``measure_start``."""
    paths = generated_library(work, photos, pack, tell)
    painted, answered, phrases, resident = [], [], [], []
    for _ in range(runs):
        with watch_window(paths, PHRASES) as seen:
            painted.append(seen.painted_s)
            answered.append(seen.answered_s)
            phrases.append(statistics.median(seen.phrase_ms[1:]))
            resident.append(seen.resident_mb())
    return [
        Figure("window_painted", "s", Text("ventana pintada", "window painted"), tuple(painted)),
        Figure("window_first_phrase", "s", Text("primera frase en la ventana", "first phrase in it"), tuple(answered)),
        Figure("window_phrase", "ms", Text("una frase, pintada", "a phrase, painted"), tuple(phrases)),
        Figure(
            "window_searched", "mb",
            Text("memoria de la ventana, recién respondidas", "memory of the window, just answered"), tuple(resident),
        ),
    ]  # fmt: skip


def forget(files: list[Path]) -> bool:
    """Push files out of the system's memory; whether the system can do that. What is open elsewhere may stay."""
    advise = getattr(os, "posix_fadvise", None)
    if advise is None:
        return False
    for path in files:
        try:
            descriptor = os.open(path, os.O_RDONLY)
        except OSError:
            continue
        try:
            os.fsync(descriptor)  # only what is on the disk can be forgotten
            advise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        except OSError:
            pass
        finally:
            os.close(descriptor)
    return True


def _files_read(paths: DataPaths, pack: Pack) -> list[Path]:
    """Whatever a start may read: the program, the libraries it imports, the pack, the state."""
    package = Path(__file__).parents[1]
    roots = [package, pack.folder, paths.data.parent]
    for entry in sys.path:
        roots += [Path(entry) / name for name in ("PySide6", "shiboken6", "numpy", "numpy.libs", "PIL", "pillow.libs")]
        roots += [Path(entry) / name for name in ("pillow_heif", "pillow_heif.libs", "platformdirs", "annoy")]
        roots.append(Path(entry) / "lib-dynload")
    found = [path for root in roots if root.is_dir() for path in root.rglob("*") if path.is_file()]
    for entry in sys.path:
        if Path(entry).is_dir():
            found += [path for path in Path(entry).glob("*.py*") if path.is_file()]
            found += list(Path(entry).glob("__pycache__/*.pyc"))
    return found
