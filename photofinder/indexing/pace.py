"""How fast a run is, over its last batches."""

from __future__ import annotations

import time
from collections import deque

_BATCHES = 20


class Pace:
    """Photos a second over the last batches; the time the consumer lets the generator wait does not count."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, float]] = deque(maxlen=_BATCHES)
        self._since = time.monotonic()

    def restart(self) -> None:
        """A batch begins now."""
        self._since = time.monotonic()

    def leave_out(self, seconds: float) -> None:
        """So much of this batch was something else, such as loading the network."""
        self._since += seconds

    def add(self, photos: int) -> None:
        """A batch of so many photos ended."""
        self._batches.append((photos, time.monotonic() - self._since))

    @property
    def rate(self) -> float:
        """Photos a second; 0 before the first batch."""
        seconds = sum(seconds for _, seconds in self._batches)
        return sum(photos for photos, _ in self._batches) / seconds if seconds > 0 else 0.0
