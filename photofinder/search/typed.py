"""Text as people type it: cleaned for the model, and folded for the grammar without losing where each part stood."""

from __future__ import annotations

import unicodedata

MAX_CHARACTERS = 10_000  # far beyond any search; the caption regressor reads its first 200 words anyway

_KEPT_FORMAT_CHARACTERS = {"\u200c", "\u200d"}  # joiners: emoji and several scripts are spelt with them
TAKEN = "\x00"
"""What stands in folded text for a part that was understood already; no typed text folds to it."""


def clean_text(text: str) -> str:
    """The phrase as it is understood: NFC, no control characters, single spaces, at most 10,000 characters.

    Any string is accepted (lone surrogates of a damaged command line are dropped); the result may be empty.
    """
    composed = unicodedata.normalize("NFC", text[:MAX_CHARACTERS])
    kept = "".join(_plain(character) for character in composed)
    return " ".join(kept.split())[:MAX_CHARACTERS].rstrip()


class FoldedText:
    """Typed text in lower case without accents, whose every character knows where it was typed.

    ``text`` holds a space for each white or control character, nothing for what is not seen, and at most the first
    10,000 typed characters.
    """

    def __init__(self, typed: str) -> None:
        self.typed = typed
        folded: list[str] = []
        self._starts: list[int] = []
        for place, character in enumerate(typed[:MAX_CHARACTERS]):
            shown = " " if character.isspace() else _plain(character)
            decomposed = unicodedata.normalize("NFKD", shown.casefold())
            for piece in decomposed:
                if not unicodedata.combining(piece):
                    folded.append(" " if piece.isspace() else piece)
                    self._starts.append(place)
        self._starts.append(min(len(typed), MAX_CHARACTERS))
        self.text = "".join(folded)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` (not empty) was typed; accents that follow its last letter belong to it."""
        last = self._starts[end - 1]
        stop = next((place for place in self._starts[end:] if place > last), self._starts[-1])
        return self._starts[start], stop

    def take(self, start: int, end: int) -> None:
        """Say that ``text[start:end]`` is understood: nothing will match it or reach across it."""
        self.text = self.text[:start] + TAKEN * (end - start) + self.text[end:]


def _plain(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    if category == "Cs" or (category == "Cf" and character not in _KEPT_FORMAT_CHARACTERS):
        return ""
    return character
