"""How smooth the window is: frames while a large library is scrolled, and answers while folders are walked."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from photofinder.bench.figures import Figure, Part, Text
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.start import measure_window
from photofinder.bench.window import python_command, screen
from photofinder.errors import WindowUnavailable
from photofinder.model.pack import Pack

FRAME_MS = 1000 / 60
"""Sixty frames a second: what a turn of the event loop may usually take."""
HELD_MS = 30.0
"""What 99 turns of 100 may take at most."""
_PATIENCE_S = 300.0


def measure_ui(work: Path, photos: int, runs: int, pack: Pack, tell: Tell, *, steps: int = 600) -> Part:
    """Scroll ``photos`` photos in ``steps`` steps, then ask phrases. Raises OSError, PhotoFinderError."""
    with_neighbors(generated_library(work, photos, pack, tell), pack, tell)
    tell("pasando las fotos", "scrolling")
    seen = [frame_times(photos, steps) for _ in range(runs)]
    figures = [
        Figure(f"frame_{key}", "ms", Text(spanish, english), tuple(one[key] for one in seen), target=target)
        for key, spanish, english, target in (
            ("p50", "al pasar las fotos, un paso", "scrolling, a step", FRAME_MS),
            ("p99", "al pasar las fotos, el paso 99 de 100", "scrolling, the 99th step of 100", HELD_MS),
            ("worst", "al pasar las fotos, el paso más lento", "scrolling, the slowest step", None),
            ("first_paint", "mostrar la biblioteca", "showing the library", None),
        )
    ]
    tell("midiendo la ventana", "measuring the window")
    figures += measure_window(work, photos, runs, pack, tell)
    return Part("ui", tuple(figures), {"photos": photos, "steps": steps})


def frame_times(photos: int, steps: int) -> dict[str, Any]:
    """What ``ui.frame_times`` measures, in a process of its own: milliseconds that the GUI thread was held.

    Raises ``WindowUnavailable``.
    """
    done = subprocess.run(
        [*python_command("photofinder.ui.frame_times"), "--photos", str(photos), "--steps", str(steps), "--json"],
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
