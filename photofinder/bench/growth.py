"""How time and memory grow with the library, and the chart of it."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from photofinder.bench.figures import Figure, Part, Text, exponent, rounded
from photofinder.bench.library import Tell
from photofinder.bench.search import measure_search
from photofinder.bench.start import measure_window
from photofinder.errors import WindowUnavailable
from photofinder.messages import number, pick
from photofinder.model.pack import Pack
from photofinder.rank_plot import write_png

SIZES = (1_000, 10_000, 100_000, 1_000_000)
LARGEST_WINDOW = 100_000

WIDTH, HEIGHT = 1000, 640
_SCALE = 2  # drawn twice as large and reduced: Pillow draws lines without smoothing
_LEFT, _RIGHT, _TOP, _BOTTOM = 90, 250, 84, 70
_PAPER, _INK, _FAINT, _GRID = "#ffffff", "#1f2430", "#5d6677", "#e3e6ec"
_COLOURS = ("#2f6db3", "#c2571a", "#2b8a5a", "#8a4fb0", "#b0243f", "#6b6f1d", "#0f8a94")


@dataclass(frozen=True, slots=True)
class Line:
    """One quantity over the sizes it was measured at; ``slope`` is its exponent."""

    key: str
    text: Text
    sizes: tuple[int, ...]
    values: tuple[float, ...]

    @property
    def slope(self) -> float | None:
        """The exponent: 1 grows like the library, 0 does not grow."""
        return exponent(self.sizes, self.values)


def measure_growth(work: Path, largest: int, runs: int, pack: Pack, tell: Tell) -> tuple[Part, list[Line]]:
    """Searching at 1,000, 10,000 … photos up to ``largest``, and the window up to 100,000 of them.

    Raises OSError and PhotoFinderError.
    """
    sizes = [size for size in SIZES if size <= largest] or [largest]
    parts = []
    notes: list[Text] = []
    for size in sizes:
        part = measure_search(work, size, runs, pack, tell, window=False)
        figures = list(part.figures)
        if size <= LARGEST_WINDOW and not notes:
            try:
                figures += measure_window(work, size, runs, pack, tell)
            except WindowUnavailable as error:
                notes.append(Text(f"sin ventana: {error}", f"no window: {error}"))
        parts.append(figures)
    lines = _lines(sizes, parts)
    facts: dict[str, Any] = {
        "sizes": sizes,
        "growth": {
            line.key: {
                "photos": list(line.sizes),
                "values": [rounded(value) for value in line.values],
                "exponent": None if line.slope is None else round(line.slope, 3),
            }
            for line in lines
        },
    }
    return Part("growth", (), facts, tuple(notes)), lines


def _lines(sizes: Sequence[int], parts: Sequence[Sequence[Figure]]) -> list[Line]:
    found: dict[str, list[tuple[int, Figure]]] = {}
    for size, figures in zip(sizes, parts, strict=True):
        for figure in figures:
            found.setdefault(figure.name, []).append((size, figure))
    return [
        Line(key, rows[0][1].text, tuple(size for size, _ in rows), tuple(figure.median for _, figure in rows))
        for key, rows in found.items()
        if key != "phrase_p95_ms"
    ]


def write_growth_plot(path: Path, lines: Sequence[Line], language: str) -> None:
    """Write the chart, 1000 x 640 pixels, both axes logarithmic, whole or not at all. Raises OSError."""
    write_png(path, draw_growth(lines, language))


def draw_growth(lines: Sequence[Line], language: str) -> Image.Image:
    """The chart as a picture: one line a quantity, with its exponent."""
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _PAPER)
    draw = ImageDraw.Draw(image)
    shown = [line for line in lines if line.values and min(line.values) > 0]
    title = pick(language, "Crecimiento con la biblioteca", "How it grows with the library")
    below = pick(
        language,
        "Ambos ejes son logarítmicos; entre paréntesis, el exponente: 1 crece como la biblioteca, 0 no crece",
        "Both axes are logarithmic; in brackets the exponent: 1 grows like the library, 0 does not grow",
    )
    _write(draw, (_LEFT, 24), title, 24, _INK, "lt")
    _write(draw, (_LEFT, 56), below, 14, _FAINT, "lt")
    if shown:
        frame = _Frame(shown)
        frame.draw_grid(draw, language)
        frame.draw_lines(draw, shown, language)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


class _Frame:
    """From sizes and values to pixels."""

    def __init__(self, lines: Sequence[Line]) -> None:
        sizes = [size for line in lines for size in line.sizes]
        values = [value for line in lines for value in line.values]
        self._powers_x = _powers(sizes)
        self._powers_y = _powers(values)

    def x(self, size: float) -> float:
        low, high = self._powers_x
        return _LEFT + (math.log10(size) - low) / (high - low) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        low, high = self._powers_y
        return HEIGHT - _BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM - 12)

    def draw_grid(self, draw: ImageDraw.ImageDraw, language: str) -> None:
        for power in range(self._powers_y[0], self._powers_y[1] + 1):
            y = self.y(10**power)
            draw.line([(_LEFT * _SCALE, y * _SCALE), ((WIDTH - _RIGHT) * _SCALE, y * _SCALE)], fill=_GRID, width=_SCALE)
            _write(draw, (_LEFT - 10, y), number(10.0**power, language, max(0, -power)), 14, _FAINT, "rm")
        for power in range(self._powers_x[0], self._powers_x[1] + 1):
            x = self.x(10**power)
            draw.line(
                [(x * _SCALE, _TOP * _SCALE), (x * _SCALE, (HEIGHT - _BOTTOM) * _SCALE)], fill=_GRID, width=_SCALE
            )
            _write(draw, (x, HEIGHT - _BOTTOM + 10), number(10**power, language), 14, _FAINT, "ma")
        middle = (_LEFT + WIDTH - _RIGHT) / 2
        _write(draw, (middle, HEIGHT - 24), pick(language, "Fotos", "Photos"), 15, _FAINT, "mm")

    def draw_lines(self, draw: ImageDraw.ImageDraw, lines: Sequence[Line], language: str) -> None:
        taken: list[float] = []
        for line, colour in zip(sorted(lines, key=lambda line: -line.values[-1]), _cycle(len(lines)), strict=True):
            points = [(self.x(size), self.y(value)) for size, value in zip(line.sizes, line.values, strict=True)]
            draw.line([(x * _SCALE, y * _SCALE) for x, y in points], fill=colour, width=2 * _SCALE, joint="curve")
            for x, y in points:
                box = [(x - 4) * _SCALE, (y - 4) * _SCALE, (x + 4) * _SCALE, (y + 4) * _SCALE]
                draw.ellipse(box, fill=colour)
            unit = line.key.rpartition("_")[2].replace("mb", "MB")
            slope = "" if line.slope is None else f" ({number(line.slope, language, 2)})"
            y = max(points[-1][1], *(other + 36 for other in taken), _TOP + 8.0)
            taken.append(y)
            words = f"{line.text(language)},\n{unit}{slope}"
            _write(draw, (WIDTH - _RIGHT + 14, y), words, 13, colour, "lm")


def _cycle(count: int) -> list[str]:
    return [_COLOURS[place % len(_COLOURS)] for place in range(count)]


def _powers(values: Sequence[float]) -> tuple[int, int]:
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return low, max(high, low + 1)


def _write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, anchor: str) -> None:
    # Pillow's own font has no accented letters
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    font = ImageFont.load_default(size * _SCALE)
    place = (at[0] * _SCALE, at[1] * _SCALE)
    if "\n" in text:
        draw.multiline_text(place, text, font=font, fill=colour, anchor=anchor, spacing=2 * _SCALE)
    else:
        draw.text(place, text, font=font, fill=colour, anchor=anchor)
