"""What analysing tells while it runs, and at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import FailureReason


class Vectors(Protocol):
    """What a network answers: float32 unit vectors, ``(n, feature_dim)`` and ``(n, embedding_dim)``."""

    @property
    def features(self) -> NDArray[np.float32]:
        """The pooled outputs of the CNN."""

    @property
    def embeddings(self) -> NDArray[np.float32]:
        """The places in the joint space of photos and phrases."""


Visual = Callable[[Sequence[NDArray[np.uint8]]], Vectors]


@dataclass(frozen=True, slots=True)
class Scanning:
    """A folder is being walked or compared: a moment to stop, and a sign of life in a huge or slow folder."""

    folder: Path
    found: int


@dataclass(frozen=True, slots=True)
class Scanned:
    """A folder is compared, once a run: ``found = to_analyse + unchanged + moved``; ``missing`` since the last run.

    The new photos are in the catalogue now (not analysed yet), the missing ones are marked.
    """

    folder: Path
    found: int
    to_analyse: int
    unchanged: int
    moved: int
    missing: int


@dataclass(frozen=True, slots=True)
class FolderProgress:
    """How many of a folder's photos to analyse are done in this run."""

    folder_id: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Embedded:
    """A batch is committed. ``photo_ids`` can be searched from now on; ``done`` of ``total`` counts failures too.

    ``folders``: the same count for each folder of the run.
    """

    done: int
    total: int
    photo_ids: tuple[int, ...]
    photos_per_second: float
    seconds_left: float | None
    folders: tuple[FolderProgress, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A photo could not be read; the reason is in the catalogue (``VANISHED``: it is missing, not failed)."""

    photo_id: int
    path: Path
    reason: FailureReason


@dataclass(frozen=True, slots=True)
class Placed:
    """The places of so many photos are known now that were analysed before: a moment to stop."""

    photos: int


IndexEvent = Scanning | Scanned | Embedded | Failed | Placed


@dataclass(slots=True)
class IndexSummary:
    """A finished run: ``photos`` found in its folders, and what was done about them; ``placed``: of how many, of any
    folder, a known place was looked up. ``seconds`` with pauses."""

    photos: int = 0
    analysed: int = 0
    unchanged: int = 0
    moved: int = 0
    failed: int = 0
    missing: int = 0
    placed: int = 0
    offline: tuple[Path, ...] = ()
    seconds: float = 0.0
