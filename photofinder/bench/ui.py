"""How smooth the window is: frames while 100,000 photos are scrolled, and how long its thread is held."""

from __future__ import annotations

from pathlib import Path

from photofinder.bench.figures import Part
from photofinder.bench.library import Tell, generated_library, with_neighbors
from photofinder.bench.start import measure_window
from photofinder.model.pack import Pack


def measure_ui(work: Path, photos: int, runs: int, pack: Pack, tell: Tell) -> Part:
    """The window on ``photos`` generated photos. Raises OSError, PhotoFinderError."""
    with_neighbors(generated_library(work, photos, pack, tell), pack, tell)
    tell("midiendo la ventana", "measuring the window")
    return Part("ui", tuple(measure_window(work, photos, runs, pack, tell)), {"photos": photos})
