"""Our thesaurus of visual Spanish: concepts, the words for them in every country, and typical phrases.

``thesaurus/*.tsv``: concept id, names (``;``), broader concepts (``;``), phrases (``|``).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from photofinder.model import spanish

FOLDER = Path(__file__).parent / "thesaurus"
_LONGEST_NAME = 4
REWORDED_SHARE = 0.6
"""Of the names in a caption that have others."""


@dataclass(frozen=True, slots=True)
class Concept:
    """One line of the thesaurus."""

    id: str
    names: tuple[str, ...]
    broader: tuple[str, ...]
    phrases: tuple[str, ...]


def load_thesaurus(folder: Path = FOLDER) -> list[Concept]:
    """All concepts, those of one id merged; raises ValueError for a line without four columns or without a name."""
    merged: dict[str, Concept] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            columns = line.split("\t")
            if len(columns) != 4 or not columns[0] or not columns[1].strip(" ;"):
                raise ValueError(f"{path.name}:{number}: expected id, names, broader, phrases")
            id, names, broader, phrases = columns[0], *map(split, columns[1:], ";;|")
            known = merged.get(id, Concept(id, (), (), ()))
            merged[id] = Concept(
                id,
                tuple(dict.fromkeys([*known.names, *names])),
                tuple(dict.fromkeys([*known.broader, *broader])),
                tuple(dict.fromkeys([*known.phrases, *phrases])),
            )
    return list(merged.values())


def split(text: str, separator: str) -> list[str]:
    """The parts of ``text``, trimmed, the empty ones left out."""
    return [part.strip() for part in text.split(separator) if part.strip()]


class Rewording:
    """Says a caption with other words for the same things: «perro en el coche» as «lomito en el carro»."""

    def __init__(self, concepts: list[Concept]) -> None:
        self._concepts_of: dict[tuple[str, ...], list[Concept]] = {}
        for concept in concepts:
            for name in concept.names:
                self._concepts_of.setdefault(_key(name), []).append(concept)

    def __call__(self, text: str, rng: np.random.Generator) -> str | None:
        """``text`` with one or more names exchanged, or None when it names nothing with another name.

        A name that stands for several concepts is left alone: nobody knows which one the caption means.
        """
        typed = spanish.words(text)
        said: list[str] = []
        position = 0
        while position < len(typed):
            length, other = self._replacement(typed, position, rng)
            said += [other] if other is not None else typed[position : position + length]
            position += length
        return " ".join(said) if said != typed else None

    def _replacement(self, typed: list[str], position: int, rng: np.random.Generator) -> tuple[int, str | None]:
        for length in range(min(_LONGEST_NAME, len(typed) - position), 0, -1):
            key = tuple(word.lower() for word in typed[position : position + length])
            if (concepts := self._concepts_of.get(key)) is None:
                continue
            others = [name for name in concepts[0].names if _key(name) != key]
            if len(concepts) > 1 or not others or rng.random() > REWORDED_SHARE:
                return length, None
            return length, others[rng.integers(len(others))]
        return 1, None


def _key(name: str) -> tuple[str, ...]:
    # Accents stay: «una» is not «uña».
    return tuple(word.lower() for word in spanish.words(name))
