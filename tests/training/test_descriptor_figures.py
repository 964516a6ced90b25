"""How features are measured: right photos first is 1, right photos last is nearly 0, and speed is told."""

from __future__ import annotations

import numpy as np
import pytest

from photofinder.model import descriptors
from photofinder.model.descriptors import Descriptor
from photofinder.training.descriptor_figures import crop_ranks, main, retrieval
from tests.pack_samples import BACKBONE


@pytest.mark.parametrize("distance", ["cosine", "l1", "l2"])
def test_what_is_right_first_counts_most(distance: str) -> None:
    labels = np.repeat(np.arange(4), 6)
    comparable = ~np.eye(24, dtype=bool)
    right = comparable & (labels[:, None] == labels[None, :])
    grouped = np.eye(4, dtype=np.float32)[labels] + np.linspace(0, 0.01, 24, dtype=np.float32)[:, None]
    assert retrieval(grouped, distance, comparable, right) == (1.0, 1.0, 1.0, 0.5)  # five right ones among ten
    mixed = np.random.default_rng(0).standard_normal((24, 6)).astype(np.float32)
    worse = retrieval(mixed, distance, comparable, right)
    assert 0 < worse[0] < 0.6 and all(figure < 0.7 for figure in worse)


def test_speed_is_told_with_generated_weights(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = Descriptor("pequeña", "", BACKBONE, "pooled", 1024, "x-00000000.pth", 1, 72, 64)
    monkeypatch.setattr(descriptors, "DESCRIPTORS", (small,))
    assert main(["--speed", "pequeña", "--photos", "16"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("pequeña: loaded in") and "photos/s" in said and "MB" in said


@pytest.mark.parametrize("distance", ["cosine", "l1", "l2"])
def test_the_rank_of_a_part_counts_what_is_nearer_or_as_near(distance: str) -> None:
    gallery = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 1, 0]], dtype=np.float32)
    parts = np.array([[0.9, 0.1, 0], [0, 0.8, 0.1], [0.6, 0.3, 0.5]], dtype=np.float32)
    assert crop_ranks(gallery, parts, np.array([0, 1, 2]), distance).tolist() == [1, 2, 2]
