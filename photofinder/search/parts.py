"""The parts of a typed search, as chips show them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PartKind(StrEnum):
    """What a part of a typed search is."""

    WORDS = "words"
    WITHOUT = "without"
    TIME = "time"
    FOLDER = "folder"
    NAME = "name"
    CAMERA = "camera"
    TYPE = "type"
    ORIENTATION = "orientation"
    FAVORITES = "favorites"
    PLACE = "place"
    KIND = "kind"
    MISTAKE = "mistake"


@dataclass(frozen=True, slots=True)
class QueryPart:
    """A part of the typed text: ``text == typed[start:end]``, code points as Python counts them.

    ``label``: what was understood, in no language, where it says more than the text: ``"2019-08"``, ``"png"``, for
    WITHOUT the words that are taken away. A MISTAKE is a filter whose value means nothing; it asks for nothing.
    """

    kind: PartKind
    text: str
    start: int
    end: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """A time or place that the words may also mean («navidad», «León»): searched as words until the offer is taken.

    Taking it is to put ``filter_text`` in place of ``typed[start:end]``; ``text`` is what stands there now.
    """

    text: str
    start: int
    end: int
    filter_text: str
    kind: PartKind = PartKind.TIME


def without_part(typed: str, part: QueryPart | Offer) -> str:
    """The typed text when a chip is removed."""
    before, after = typed[: part.start].rstrip(), typed[part.end :].lstrip()
    return f"{before} {after}" if before and after else before or after
