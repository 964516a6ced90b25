"""Analysing folders of photos: walk, compare, decode, embed, commit; one generator for window and command line."""

from photofinder.indexing.events import (
    Embedded,
    Failed,
    FolderProgress,
    IndexEvent,
    IndexSummary,
    Scanned,
    Scanning,
    Vectors,
    Visual,
)
from photofinder.indexing.run import index_folders, load_visual_lazily

__all__ = [
    "Embedded",
    "Failed",
    "FolderProgress",
    "IndexEvent",
    "IndexSummary",
    "Scanned",
    "Scanning",
    "Vectors",
    "Visual",
    "index_folders",
    "load_visual_lazily",
]
