"""Whether the machine runs on its battery."""

from __future__ import annotations

import time
from collections.abc import Callable

LOOK_S = 10.0
"""How old an answer may be: asking some machines takes milliseconds."""


def on_battery() -> bool:
    """Whether there is a battery and no mains; ``False`` where that cannot be known."""
    import psutil

    try:
        battery = psutil.sensors_battery()
    except (AttributeError, OSError, NotImplementedError):  # systems without such a question
        return False
    return battery is not None and battery.power_plugged is False


class Battery:
    """Asks the system now and then."""

    def __init__(self, read: Callable[[], bool] = on_battery, look_s: float = LOOK_S) -> None:
        self._read = read
        self.look_s = look_s
        self._asked_at = -1e9
        self._draining = False

    def draining(self) -> bool:
        """Whether the machine runs on its battery, as it was at most ``look_s`` seconds ago."""
        now = time.monotonic()
        if now - self._asked_at >= self.look_s:
            self._draining = self._read()
            self._asked_at = now
        return self._draining
