"""What of a folder the person wants left out: patterns on the path below it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

EXAMPLES = ("Capturas", "*.png", "/Trabajo", "*/copia de *", "**/Borradores/**")
"""Patterns that show what can be written."""


def patterns_of(stored: str) -> tuple[str, ...]:
    """The patterns of a text with one a line; blank lines and repetitions are left out, order is kept."""
    return tuple(dict.fromkeys(line.strip() for line in stored.splitlines() if line.strip()))


class Excludes:
    """Tells whether a path is left out by any of some patterns.

    A pattern is a name, or several with ``/`` between them (``\\`` counts as ``/``). ``*`` and ``?`` stand for any
    characters and any one character of a name, ``**`` for any characters, ``/`` too. One that begins with ``/`` is
    looked for at the top of the folder only, any other one at every level; one that ends with ``/`` means folders
    only. What lies in a folder that is left out is left out. Letter case never matters, nor how accents are encoded.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self.patterns = tuple(patterns)
        expressions = {_expression(pattern) for pattern in self.patterns}
        expressions.discard("")
        self._found = re.compile("|".join(sorted(expressions))) if expressions else None

    def __bool__(self) -> bool:
        return self._found is not None

    def __call__(self, rel_path: str, *, is_folder: bool = False) -> bool:
        """Whether a file (or a folder) is left out; ``rel_path`` with ``/``, relative to its folder.

        It is enough to ask this for a file: its folders are in its path.
        """
        if self._found is None:
            return False
        return self._found.match(_plain(rel_path) + ("/" if is_folder else "")) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _expression(pattern: str) -> str:
    """The pattern as a regular expression for the beginning of a path; empty when nothing is asked for."""
    pattern = _plain(pattern.strip()).replace("\\", "/")
    body = pattern.strip("/")
    if not body:
        return ""
    middle = "".join(_wild(part) for part in re.split(r"(\*\*+|\*|\?)", body))
    start = "" if pattern.startswith("/") else "(?:.*/)?"
    end = "/" if pattern.endswith("/") else "(?:/|$)"
    return f"(?s:{start}{middle}{end})"


def _wild(part: str) -> str:
    if part.startswith("**"):
        return ".*"
    return {"*": "[^/]*", "?": "[^/]"}.get(part, re.escape(part))
