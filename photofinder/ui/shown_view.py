"""What the grid shows in the place of the library when nothing is searched for: its headline, and why it is empty."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShownView:
    """``headline`` and ``detail`` stand above the photos; ``empty_title`` and ``empty_text`` in the place of none.

    ``note``: rich text below the headline.
    """

    headline: str
    detail: str
    empty_title: str
    empty_text: str
    note: str = ""
