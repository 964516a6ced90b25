"""What the options of several commands have in common."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from photofinder.messages import pick

DEFAULT_LIMIT = 20

AddCommand = Callable[[str, str, str], argparse._ArgumentGroup]
"""``command(name, spanish, english)`` adds a command to the parser and makes the group of its own options."""


def saying(language: str) -> Callable[[str, str], str]:
    """``say(spanish, english)`` is the one in ``language``."""
    return partial(pick, language)


def positive(text: str) -> int:
    """A whole number from 1 on. Raises ValueError, which the parser explains."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def add_limit(group: argparse._ArgumentGroup, language: str) -> None:
    """``--limit``."""
    group.add_argument(
        "--limit",
        type=positive,
        default=DEFAULT_LIMIT,
        metavar="N",
        help=pick(
            language, f"Cuántas fotos, como mucho ({DEFAULT_LIMIT}).", f"How many photos at most ({DEFAULT_LIMIT})."
        ),
    )
