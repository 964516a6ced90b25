"""A histogram of ranks as a PNG, drawn with Pillow: no plotting library is worth its size for one chart.

Pillow's own font has no accented letters and no dashes; the words here do without.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from photofinder.evaluation import Evaluation
from photofinder.messages import counted, number, pick

WIDTH, HEIGHT = 1000, 600
_SCALE = 2  # drawn twice as large and reduced: Pillow draws lines without smoothing
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 28, 104, 84
_PAPER, _INK, _FAINT, _GRID = "#ffffff", "#1f2430", "#5d6677", "#e3e6ec"
_BAR, _BAR_FOUND = "#9db2cf", "#2f6db3"
_FOUND_UP_TO = 10
_STEPS = (1, 2, 5)


def write_rank_plot(path: Path, evaluation: Evaluation, language: str = "es") -> None:
    """Write the PNG, 1000 x 600 pixels, whole or not at all. Raises OSError."""
    write_png(path, draw_rank_plot(evaluation, language))


def write_png(path: Path, image: Image.Image) -> None:
    """Write a picture as PNG, whole or not at all. Raises OSError."""
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", optimize=True)
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_bytes(buffer.getvalue())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def rank_bins(photos: int) -> list[tuple[int, int]]:
    """First and last rank of each bar: 1, 2, 3-5, 6-10, 11-20, 21-50 … up to ``photos``, which is at least 1."""
    uppers = [step * 10**power for power in range(len(str(photos)) + 1) for step in _STEPS]
    bins = []
    for lower, upper in itertools.pairwise([0, *uppers]):
        if lower >= photos:
            break
        bins.append((lower + 1, min(upper, photos)))
    return bins


def count_ranks(ranks: Sequence[float], bins: Sequence[tuple[int, int]]) -> list[int]:
    """How many ranks fall in each bin; a half rank (a tie) belongs to the bin of the next whole one."""
    return [sum(first - 1 < rank <= last for rank in ranks) for first, last in bins]


def draw_rank_plot(evaluation: Evaluation, language: str = "es") -> Image.Image:
    """The chart as a picture; bars of ranks up to 10 stand out, for those are what people see first."""
    bins = rank_bins(evaluation.photos)
    counts = count_ranks(evaluation.ranks, bins)
    image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE), _PAPER)
    draw = ImageDraw.Draw(image)
    _draw_heading(draw, evaluation, language)
    top = _axis_top(max(counts))
    _draw_grid(draw, top, language)
    _draw_bars(draw, bins, counts, top, language)
    _draw_axis_names(image, draw, language)
    return image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def _draw_heading(draw: ImageDraw.ImageDraw, evaluation: Evaluation, language: str) -> None:
    queries = pick(
        language,
        counted(evaluation.queries, "consulta", "consultas"),
        counted(evaluation.queries, "query", "queries", language),
    )
    photos = pick(
        language,
        counted(evaluation.photos, "foto", "fotos"),
        counted(evaluation.photos, "photo", "photos", language),
    )
    title = pick(
        language,
        f"Puesto de la foto buscada: {queries} entre {photos}",
        f"Rank of the wanted photo: {queries} among {photos}",
    )
    recalls = [f"{number(100 * evaluation.recall_at(k), language, 1)} %" for k in (1, 5, 10)]
    median = number(evaluation.median_rank, language, 0 if evaluation.median_rank.is_integer() else 1)
    mean = number(evaluation.mean_rank, language, 1)
    figures = pick(
        language,
        f"La primera: {recalls[0]}  ·  entre las 5 primeras: {recalls[1]}  ·  entre las 10: {recalls[2]}  ·  "
        f"puesto mediano {median}, medio {mean}",
        f"First: {recalls[0]}  ·  in the first 5: {recalls[1]}  ·  in the first 10: {recalls[2]}  ·  "
        f"median rank {median}, mean {mean}",
    )
    _write(draw, (_LEFT, 28), title, 24, _INK, "lt")
    _write(draw, (_LEFT, 64), figures, 15, _FAINT, "lt")


def _draw_grid(draw: ImageDraw.ImageDraw, top: int, language: str) -> None:
    for step in range(5):
        value = top * step / 4
        if not value.is_integer():
            continue
        y = _height_of(value, top)
        draw.line(
            [(_LEFT * _SCALE, y * _SCALE), ((WIDTH - _RIGHT) * _SCALE, y * _SCALE)],
            fill=_FAINT if step == 0 else _GRID,
            width=_SCALE,
        )
        _write(draw, (_LEFT - 10, y), number(value, language), 14, _FAINT, "rm")


def _draw_bars(
    draw: ImageDraw.ImageDraw, bins: list[tuple[int, int]], counts: list[int], top: int, language: str
) -> None:
    slot = (WIDTH - _LEFT - _RIGHT) / len(bins)
    for place, ((first, last), count) in enumerate(zip(bins, counts, strict=True)):
        centre = _LEFT + slot * (place + 0.5)
        half = min(slot * 0.39, 60)
        y = _height_of(count, top)
        if count:
            box = (centre - half, y, centre + half, HEIGHT - _BOTTOM)
            colour = _BAR_FOUND if last <= _FOUND_UP_TO else _BAR
            draw.rectangle([round(side * _SCALE) for side in box], fill=colour)
        _write(draw, (centre, y - 6), number(count, language), 14, _INK if count else _FAINT, "mb")
        label = number(last, language) if first == last else f"{number(first, language)}-{number(last, language)}"
        if len(label) * 8 > slot:
            label = label.replace("-", "-\n")
        _write(draw, (centre, HEIGHT - _BOTTOM + 10), label, 14, _INK, "ma")


def _draw_axis_names(image: Image.Image, draw: ImageDraw.ImageDraw, language: str) -> None:
    below = pick(language, "Puesto de la foto entre los resultados", "Rank of the photo among the results")
    _write(draw, ((_LEFT + WIDTH - _RIGHT) / 2, HEIGHT - 30), below, 15, _FAINT, "mm")
    beside = Image.new("RGB", (200 * _SCALE, 24 * _SCALE), _PAPER)
    _write(ImageDraw.Draw(beside), (100, 12), pick(language, "Consultas", "Queries"), 15, _FAINT, "mm")
    middle = (_TOP + HEIGHT - _BOTTOM) / 2
    image.paste(beside.rotate(90, expand=True), (8 * _SCALE, round((middle - 100) * _SCALE)))


def _write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: str, anchor: str) -> None:
    font = ImageFont.load_default(size * _SCALE)
    draw.text((at[0] * _SCALE, at[1] * _SCALE), text, font=font, fill=colour, anchor=anchor, align="center")


def _height_of(count: float, top: int) -> float:
    return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM - 12) * count / top


def _axis_top(highest: int) -> int:
    """The smallest round number not below ``highest``."""
    power = 1
    while True:
        for step in (1, 2, 3, 4, 5, 6, 8):
            if step * power >= highest:
                return step * power
        power *= 10
