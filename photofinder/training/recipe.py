"""Recipes are frozen dataclasses of plain values; every field is a command-line option of the same name."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any, TypeVar

Recipe = TypeVar("Recipe")


def parse_recipe(
    parser: argparse.ArgumentParser, defaults: Recipe, arguments: list[str] | None
) -> tuple[Recipe, dict[str, Any]]:
    """Add an option for each field of ``defaults``, parse, and return the recipe and all values given."""
    fields = asdict(defaults)  # type: ignore[call-overload]
    for name, value in fields.items():
        option = f"--{name.replace('_', '-')}"
        if isinstance(value, bool):
            parser.add_argument(option, action=argparse.BooleanOptionalAction, default=value)
        else:
            parser.add_argument(option, type=type(value), default=value)
    given = vars(parser.parse_args(arguments))
    return type(defaults)(**{name: given[name] for name in fields}), given
