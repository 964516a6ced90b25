"""What a process holds while none of its windows is open, and how that grows with use.

Resident memory alone cannot answer whether something leaks: it moves by tens of megabytes with the pieces that malloc
could not give back. So it is told apart: what malloc and Python have handed out and nobody returned (a leak shows there
first, and the noise is that of the objects alone), and what stays resident besides mapped files. Each is fitted with a
straight line over the use that follows the warm-up, and the slope is told with its standard error.
"""

from __future__ import annotations

import contextlib
import csv
import ctypes
import gc
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import psutil

ACTION_S = 5.0
"""How long a person takes for an action: looks at what came, decides, moves the hand."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the process holds after so many actions."""

    actions: int
    held_mb: float
    """Resident after freed memory was given back to the system, where that can be asked for; without the pages of
    files that are mapped (vectors, neighbours, code) where these are told apart: those the system takes back."""
    malloc_mb: float
    """Handed out by malloc and not returned, in all of its arenas; 0 where it cannot be asked (not glibc)."""
    blocks: int
    """Handed out by Python's own allocator and not returned."""
    objects: int
    threads: int
    files: int
    processes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """The slope of a straight line through samples and its standard error, both for each hour of use."""

    an_hour: float
    error: float
    samples: int

    @property
    def is_none(self) -> bool:
        """Whether it does not differ from none by more than twice its error."""
        return abs(self.an_hour) <= 2 * self.error

    def per_thousand(self) -> tuple[float, float]:
        """Slope and error for each thousand actions."""
        return self.an_hour * 1000 * ACTION_S / 3600, self.error * 1000 * ACTION_S / 3600


def sample(actions: int) -> Sample:
    """Take stock of this process; garbage is collected and freed memory given back before."""
    for _ in range(3):
        gc.collect()
    _give_back_freed_memory()
    process = psutil.Process()
    memory = process.memory_info()
    return Sample(
        actions,
        (memory.rss - getattr(memory, "shared", 0)) / 1e6,
        _malloc_bytes() / 1e6,
        sys.getallocatedblocks(),
        len(gc.get_objects()),
        threading.active_count(),
        process.num_fds() if hasattr(process, "num_fds") else process.num_handles(),
        len(process.children(recursive=True)),
    )


def growth(samples: Sequence[Sample], value: Callable[[Sample], float], warm_up: float = 0.5) -> Growth:
    """Growth of a value by least squares over the samples after ``warm_up`` of all actions, which fill caches.

    With fewer than three samples left the error is infinite: nothing is known.
    """
    first, last = samples[0].actions, samples[-1].actions
    later = [one for one in samples if one.actions >= first + warm_up * (last - first)]
    if len(later) < 3:
        return Growth(0.0, float("inf"), len(later))
    hours = np.array([one.actions * ACTION_S / 3600 for one in later])
    values = np.array([value(one) for one in later], dtype=float)
    hours -= hours.mean()
    spread = float(hours @ hours)
    slope = float(hours @ values) / spread
    rest = values - values.mean() - slope * hours
    return Growth(slope, float(np.sqrt(rest @ rest / (len(later) - 2) / spread)), len(later))


def told(samples: Sequence[Sample], warm_up: float = 0.5) -> list[str]:
    """A line for each thing that is held: at first, at last, at most, and how it grows."""
    lines = []
    for name in (field.name for field in fields(Sample) if field.name != "actions"):
        values = [float(getattr(one, name)) for one in samples]
        grows = growth(samples, lambda one, name=name: float(getattr(one, name)), warm_up)  # type: ignore[misc]
        slope, error = grows.per_thousand()
        lines.append(
            f"{name}: {values[0]:.0f} at first, {values[-1]:.0f} at last, at most {max(values):.0f}; "
            f"{grows.an_hour:+.3f} ± {grows.error:.3f} an hour, {slope:+.3f} ± {error:.3f} per 1,000 actions "
            f"({grows.samples} samples)"
        )
    return lines


def write_samples(samples: Sequence[Sample], path: Path) -> None:
    """All of them as CSV, to look at."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Sample)])
        writer.writeheader()
        writer.writerows(asdict(one) for one in samples)


class _Mallinfo2(ctypes.Structure):
    """``struct mallinfo2`` of glibc 2.33 and newer."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in (
            *("arena", "ordblks", "smblks", "hblks", "hblkhd"),
            *("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost"),
        )
    ]


def _malloc_bytes() -> int:
    with contextlib.suppress(OSError, AttributeError):
        ask = ctypes.CDLL("libc.so.6").mallinfo2
        ask.restype = _Mallinfo2
        told = ask()
        return int(told.uordblks + told.hblkhd)
    return 0


def _give_back_freed_memory() -> None:
    """Ask glibc for what it keeps of freed memory, so that what is measured is what is held; nothing elsewhere."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
