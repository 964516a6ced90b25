"""Analysing folders of photos: walk, compare, decode, embed, commit; one generator for window and command line.

A second one gives analysed photos the vectors of a descriptor.
"""

from photofinder.indexing.describe import Describe, DescribeSummary, describe_photos, forget_descriptor
from photofinder.indexing.events import (
    Embedded,
    Failed,
    FolderProgress,
    IndexEvent,
    IndexSummary,
    Placed,
    Scanned,
    Scanning,
    Vectors,
    Visual,
)
from photofinder.indexing.run import index_folders, load_visual_lazily

__all__ = [
    "Describe",
    "DescribeSummary",
    "Embedded",
    "Failed",
    "FolderProgress",
    "IndexEvent",
    "IndexSummary",
    "Placed",
    "Scanned",
    "Scanning",
    "Vectors",
    "Visual",
    "describe_photos",
    "forget_descriptor",
    "index_folders",
    "load_visual_lazily",
]
