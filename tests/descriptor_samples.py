"""Descriptors on small networks with generated weights, in the place of those of hundreds of megabytes.

The code that fetches, verifies, converts, loads and runs them is the one that the true descriptors go through.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from photofinder.model import descriptors
from photofinder.model.descriptor_weights import get_descriptor
from photofinder.model.descriptors import Descriptor
from photofinder.paths import DataPaths
from tests.pack_samples import BACKBONE, WeightsServer, serve

SMALL = "pequeña"
OTHER = "otra"


@contextmanager
def offered(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    """A server with ``weights`` (``pack_samples.save_weights``), and two descriptors that stand on them."""
    with serve(weights.read_bytes()) as server:
        both = tuple(
            Descriptor(
                name, f"Red {name}", BACKBONE, "pooled", 1024, weights.name, weights.stat().st_size,
                resize, 64, f"{server.address}/models/",
            )
            for name, resize in ((SMALL, 72), (OTHER, 96))
        )  # fmt: skip
        monkeypatch.setattr(descriptors, "DESCRIPTORS", both)
        yield server


def make_ready(paths: DataPaths, weights: Path, name: str = SMALL) -> Descriptor:
    """The descriptor, its weights taken from a file."""
    descriptor = descriptors.find_descriptor(name)
    for _ in get_descriptor(paths, descriptor, weights=weights):
        pass
    return descriptor
