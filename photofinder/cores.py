"""How many of the machine's cores are ours."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """The cores that this process may use, at least one; all of them where the system does not say which."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
