"""How much memory the program holds: the window while it searches, the command while it analyses."""

from __future__ import annotations

import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psutil

from photofinder.bench.figures import Figure, Part, Text
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.photos import photo_folder
from photofinder.bench.phrases import PHRASES
from photofinder.bench.window import resident_bytes, watch_window
from photofinder.model.pack import Pack

WINDOW_MB, INDEX_MB = 350.0, 900.0
_SAMPLE_S = 0.25
_SMALL = (320, 240)
"""Side of the photos for the slope: what they weigh does not matter to what is left behind."""
_SPANS = 20


@dataclass(frozen=True, slots=True)
class Sample:
    """Seconds since the start and resident bytes, of the command and of all its processes."""

    seconds: float
    command: int
    total: int


def measure_memory(work: Path, photos: int, index_photos: int, runs: int, pack: Pack, tell: Tell) -> Part:
    """Resident memory of a window that searched ``photos`` photos, and of ``photofinder index`` on small photos.

    The slope is over the second half of the analysis, in MB for 10,000 photos. Raises OSError, PhotoFinderError and
    ``WindowUnavailable``.
    """
    paths = generated_library(work, photos, pack, tell)
    with_neighbors(paths, pack, tell)
    tell("midiendo la ventana", "measuring the window")
    opened, searched, alike = [], [], []
    for _ in range(runs):
        with watch_window(paths, ()) as seen:
            opened.append(seen.resident_mb())
        with watch_window(paths, PHRASES, patient=True) as seen:
            searched.append(seen.resident_mb())
        with watch_window(paths, PHRASES, similar=5, patient=True) as seen:
            alike.append(seen.resident_mb())
    folder = photo_folder(work, "small", {"jpg": index_photos}, _SMALL, tell)
    tell(f"analizando {index_photos} fotos pequeñas", f"analysing {index_photos} small photos")
    samples = index_samples(folder, work / "memory-index")
    peak = max(sample.total for sample in samples) / 1e6
    alone = max(sample.command for sample in samples) / 1e6
    figures = (
        Figure("window_opened", "mb", Text("ventana abierta", "window, opened"), tuple(opened)),
        Figure(
            "window_searched", "mb", Text("ventana tras 25 frases", "window after 25 phrases"),
            tuple(searched), target=WINDOW_MB,
        ),
        Figure(
            "window_similar", "mb", Text("ventana, también tras fotos parecidas", "window, after similar photos too"),
            tuple(alike), target=WINDOW_MB,
        ),
        Figure(
            "index_peak", "mb",
            Text("analizando, con sus procesos, como mucho", "analysing, with its processes, at most"),
            (peak,), target=INDEX_MB,
        ),
        Figure("index_command_peak", "mb", Text("analizando, solo el programa", "analysing, program alone"), (alone,)),
        Figure(
            "index_slope", "mb_per_10000_photos",
            Text("lo que crece al analizar 10.000 fotos", "growth while 10,000 photos are analysed"),
            (slope(samples, index_photos),),
        ),
    )  # fmt: skip
    return Part("memory", figures, {"photos": photos, "index_photos": index_photos})


def index_samples(folder: Path, state: Path) -> list[Sample]:
    """Run ``photofinder index`` on ``folder`` into an empty ``state`` and look at its memory now and then."""
    shutil.rmtree(state, ignore_errors=True)
    started = time.monotonic()
    command = [sys.executable, "-m", "photofinder", "index", str(folder), "--data-dir", str(state), "--json"]
    if getattr(sys, "frozen", False):
        command[1:3] = []
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    samples: list[Sample] = []
    try:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                samples.append(Sample(time.monotonic() - started, watched.memory_info().rss, resident_bytes(watched)))
            except psutil.Error:
                break
            time.sleep(_SAMPLE_S)
        if process.wait() != 0:
            raise OSError(f"photofinder index ended with {process.returncode}")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        shutil.rmtree(state, ignore_errors=True)
    return samples


def slope(samples: Sequence[Sample], photos: int) -> float:
    """MB that the command grows by in 10,000 photos, over the second half; photos come at an even pace.

    Only while there are decoders: what is loaded before them, and given back after them, has nothing to do with photos.
    Of each twentieth of that half the least counts: pixels under way come and go.
    """
    samples = [sample for sample in samples if sample.total > sample.command]
    late = samples[len(samples) // 2 :]
    if len(late) < 3:
        return 0.0
    spans = min(_SPANS, len(late))
    bounds = [len(late) * n // spans for n in range(spans + 1)]
    least = [min(late[begin:end], key=lambda one: one.command) for begin, end in pairwise(bounds)]
    line = statistics.linear_regression([one.seconds for one in least], [one.command / 1e6 for one in least])
    photos_a_second = photos / (samples[-1].seconds - samples[0].seconds)
    return line.slope / photos_a_second * 10_000
