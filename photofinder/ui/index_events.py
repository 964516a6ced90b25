"""What the lane that analyses tells the window."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from photofinder.errors import PhotoFinderError
from photofinder.indexing import FolderProgress, IndexSummary
from photofinder.library.catalog import Folder


class Phase(Enum):
    """Where the analysis is."""

    LOOKING = auto()
    """Walking the folders."""
    ANALYSING = auto()
    PAUSED = auto()
    FINISHED = auto()
    STOPPED = auto()
    """By the person, before it was done."""
    REFUSED = auto()
    """By the world: see ``error``."""


@dataclass(frozen=True, slots=True)
class Progress:
    """State of the analysis.

    ``found`` files in the folder that is walked; ``done`` of ``total`` photos to analyse; ``changed_ids`` were analysed
    since the last event; ``catalogue_changed``: other photos may have come or gone. ``walking``: the folder that is
    looked through; ``folders``: the count of each. ``battery``: it is paused until there is mains. ``quiet``: nobody
    asked for this run, and so far it found nothing to do. ``describing``: it computes a descriptor of this title for
    photos that are analysed already.
    """

    phase: Phase
    found: int = 0
    done: int = 0
    total: int = 0
    photos_per_second: float = 0.0
    seconds_left: float | None = None
    failed: int = 0
    changed_ids: tuple[int, ...] = ()
    catalogue_changed: bool = False
    error: PhotoFinderError | OSError | None = None
    summary: IndexSummary | None = None
    walking: Path | None = None
    folders: tuple[FolderProgress, ...] = ()
    battery: bool = False
    quiet: bool = False
    describing: str = ""


@dataclass(frozen=True, slots=True)
class FolderAdded:
    """A folder is in the catalogue; its analysis follows."""

    folder: Folder


@dataclass(frozen=True, slots=True)
class FolderRefused:
    """A folder could not be added or removed."""

    path: Path
    error: PhotoFinderError | OSError


@dataclass(frozen=True, slots=True)
class DescriptorForgotten:
    """The vectors of a descriptor, and what of its weights nobody else needs, are deleted."""

    name: str


@dataclass(frozen=True, slots=True)
class ThumbnailsGone:
    """The cache of thumbnails was emptied; they are made again when they are looked at."""
