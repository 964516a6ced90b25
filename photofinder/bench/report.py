"""Figures as a table that people read and as JSON that scripts read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from photofinder.bench.figures import Figure, Part
from photofinder.bench.growth import Line
from photofinder.messages import number, pick

_UNITS = {
    "ms": "ms", "s": "s", "mb": "MB", "photos_per_s": ("fotos/s", "photos/s"),
    "ms_per_photo": ("ms/foto", "ms/photo"),
    "mb_per_10000_photos": ("MB/10.000 fotos", "MB/10,000 photos"),
}  # fmt: skip

_SPANISH_HEAD = ("", "mediana", "de", "a", "límite", "meta")
_ENGLISH_HEAD = ("", "median", "from", "to", "limit", "target")


def as_json(machine: dict[str, Any], parts: Sequence[Part]) -> dict[str, Any]:
    """One part: its keys beside the machine. Several: each under its name in ``parts``."""
    if len(parts) == 1:
        return {"part": parts[0].name, "machine": machine, **parts[0].as_json()}
    return {"part": "all", "machine": machine, "parts": {part.name: part.as_json() for part in parts}}


def table(machine: dict[str, Any], parts: Sequence[Part], lines: Sequence[Line], language: str) -> str:
    """The machine in two lines, then for each part a line a figure."""
    bfloat16 = pick(language, "con bfloat16", "with bfloat16") if machine["bfloat16"] else "float32"
    cores = pick(language, "núcleos", "cores")
    load = number(machine["load"], language, 1)
    rows = [
        f"{machine['cpu']}, {machine['cores']} {cores}, {number(machine['memory_gb'], language)} GB, {bfloat16}",
        f"{machine['system']}, Python {machine['python']}; "
        + pick(language, f"carga antes de empezar: {load}", f"load before it began: {load}"),
    ]
    for part in parts:
        rows += ["", f"{part.name}: {_facts(part)}" if _facts(part) else part.name]
        if part.figures:
            rows += _figures(part.figures, language)
        if part.name == "growth":
            rows += _growth(lines, language)
        rows += [f"  {note(language)}" for note in part.notes]
    return "\n".join(rows)


def _facts(part: Part) -> str:
    return ", ".join(f"{key} {value}" for key, value in part.facts.items() if not isinstance(value, dict | list))


def _figures(figures: Sequence[Figure], language: str) -> list[str]:
    head = _SPANISH_HEAD if language == "es" else _ENGLISH_HEAD
    rows: list[tuple[str, ...]] = [head]
    remarks = []
    for figure in figures:
        target = ""
        if figure.target is not None:
            relation = "≥" if figure.more_is_better else "≤"
            verdict = pick(language, "sí", "yes") if figure.meets_target else "no"
            target = f"{relation} {_value(figure.target, language)} {verdict}"
        limit = "" if figure.limit is None else _value(figure.limit, language)
        if figure.limit_is is not None and (remark := figure.limit_is(language)) not in remarks:
            remarks.append(remark)
        rows.append(
            (
                f"{figure.text(language)}, {_unit(figure.unit, language)}",
                _value(figure.median, language),
                _value(min(figure.runs), language),
                _value(max(figure.runs), language),
                limit,
                target,
            )
        )
    found = _aligned(rows)
    label = pick(language, "límite", "limit")
    return found + [f"  {label}: {remark}" for remark in remarks]


def _growth(lines: Sequence[Line], language: str) -> list[str]:
    sizes = sorted({size for line in lines for size in line.sizes})
    rows = [("", *(number(size, language) for size in sizes), pick(language, "exponente", "exponent"))]
    for line in lines:
        values = dict(zip(line.sizes, line.values, strict=True))
        rows.append(
            (
                f"{line.text(language)}, {_unit(line.key.rpartition('_')[2], language)}",
                *(_value(values[size], language) if size in values else "" for size in sizes),
                "" if line.slope is None else number(line.slope, language, 2),
            )
        )
    return _aligned(rows)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    found = []
    for first, *others in rows:
        cells = [cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True)]
        found.append("  ".join(["", first.ljust(widths[0]), *cells]).rstrip())
    return found


def _value(value: float, language: str) -> str:
    return number(value, language, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def _unit(unit: str, language: str) -> str:
    known = _UNITS.get(unit, unit)
    return known if isinstance(known, str) else pick(language, *known)
