"""Sentences for the person, beside what a command prints."""

from __future__ import annotations

import sys


def tell(text: str) -> None:
    """A sentence on stderr; a windowed program has none."""
    if sys.stderr is not None:
        print(text, file=sys.stderr, flush=True)
