"""A person's yes to a download, and how far it is.

Apart from ``photofinder.download``, so that whoever only carries them does not load what can open a connection.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's explicit yes to fetch one file: this address, about this many bytes.

    Made only where the yes was heard, after host and size were named.
    """

    url: str
    bytes: int

    @property
    def host(self) -> str:
        """Whom the machine will talk to."""
        return urlsplit(self.url).hostname or ""

    def covers(self, total: int) -> bool:
        """Whether a file of ``total`` bytes is what was agreed to: within one per cent of the size named."""
        return abs(total - self.bytes) <= self.bytes * 0.01


@dataclass(frozen=True, slots=True)
class Downloaded:
    """So many bytes of the file are here."""

    done: int
    total: int


def partial_path(target: Path) -> Path:
    """Where ``target`` grows until it is complete."""
    return target.with_name(target.name + ".partial")
