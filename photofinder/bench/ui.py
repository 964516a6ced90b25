"""How smooth the window is: frames while a large library is scrolled, and answers while folders are walked."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from photofinder.bench.figures import Figure, Part, Text
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.photos import SIZE, photo_folder
from photofinder.bench.start import measure_window
from photofinder.bench.window import python_command, screen
from photofinder.errors import WindowUnavailable
from photofinder.model.pack import Pack

FRAME_MS = 1000 / 60
"""Sixty frames a second: what a turn of the event loop may usually take."""
HELD_MS = 30.0
"""What 99 turns of 100 may take at most."""
_PATIENCE_S = 300.0
_ANALYSED = 200
"""Photos that are analysed while the library is scrolled: some hundred steps."""


def measure_ui(
    work: Path,
    photos: int,
    runs: int,
    pack: Pack,
    tell: Tell,
    *,
    steps: int = 600,
    analysed: int = _ANALYSED,
    size: tuple[int, int] = SIZE,
) -> Part:
    """Scroll ``photos`` photos in ``steps`` steps, alone and while ``analysed`` photos of 12 megapixels are analysed,
    then ask phrases. Raises OSError, PhotoFinderError.
    """
    with_neighbors(generated_library(work, photos, pack, tell), pack, tell)
    tell("pasando las fotos", "scrolling")
    figures = _frames("frame", [frame_times(photos, steps) for _ in range(runs)], {
        "p50": (Text("al pasar las fotos, un paso", "scrolling, a step"), FRAME_MS),
        "p99": (Text("al pasar las fotos, el paso 99 de 100", "scrolling, the 99th step of 100"), HELD_MS),
        "worst": (Text("al pasar las fotos, el paso más lento", "scrolling, the slowest step"), None),
        "first_paint": (Text("mostrar la biblioteca", "showing the library"), None),
    })  # fmt: skip
    folder = photo_folder(work, "jpeg", {"jpg": analysed}, size, tell)
    tell("pasando las fotos mientras se analizan otras", "scrolling while others are analysed")
    figures += _frames("frame_analysing", [frame_times(photos, steps, analysed=folder) for _ in range(runs)], {
        "p50": (Text("un paso mientras se analizan fotos", "a step while photos are analysed"), FRAME_MS),
        "p95": (Text("lo mismo, el paso 95 de 100", "the same, the 95th step of 100"), FRAME_MS),
        "p99": (Text("lo mismo, el paso 99 de 100", "the same, the 99th step of 100"), HELD_MS),
    })  # fmt: skip
    tell("midiendo la ventana", "measuring the window")
    figures += measure_window(work, photos, runs, pack, tell)
    return Part("ui", tuple(figures), {"photos": photos, "steps": steps})


def _frames(name: str, seen: list[dict[str, Any]], wanted: dict[str, tuple[Text, float | None]]) -> list[Figure]:
    """``wanted``: what each key of ``frame_times`` is called, and its target."""
    return [
        Figure(f"{name}_{key}", "ms", text, tuple(one[key] for one in seen), target=target)
        for key, (text, target) in wanted.items()
    ]


def frame_times(photos: int, steps: int, *, analysed: Path | None = None) -> dict[str, Any]:
    """What ``ui.frame_times`` measures, in a process of its own: milliseconds that the GUI thread was held.

    Raises ``WindowUnavailable``.
    """
    beside = [] if analysed is None else ["--analyse", str(analysed)]
    command = python_command("photofinder.ui.frame_times")
    done = subprocess.run(
        [*command, "--photos", str(photos), "--steps", str(steps), *beside, "--json"],
        capture_output=True,
        timeout=_PATIENCE_S,
        check=False,
        env=os.environ | screen(),
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise WindowUnavailable(said[-1] if said else str(done.returncode))
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
