from __future__ import annotations

import numpy as np
import pytest

from photofinder.search.geometry import matched


def moved(points: np.ndarray, growth: float, turn: float, shift: tuple[float, float]) -> np.ndarray:
    """Places after the object grew, turned (in turns) and moved."""
    angle = 2 * np.pi * turn
    there = points.copy()
    there[:, 0] = growth * (np.cos(angle) * points[:, 0] - np.sin(angle) * points[:, 1]) + shift[0]
    there[:, 1] = growth * (np.sin(angle) * points[:, 0] + np.cos(angle) * points[:, 1]) + shift[1]
    there[:, 2] = points[:, 2] * growth
    there[:, 3] = (points[:, 3] + turn) % 1
    return there


def some_points(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    points = rng.uniform(0, 1, (count, 4)).astype(np.float32)
    points[:, 2] = rng.uniform(0.01, 0.05, count)
    return points


def apart(count: int) -> np.ndarray:
    return np.zeros(count, dtype=np.uint8)


@pytest.mark.parametrize("growth", [0.3, 1.0, 2.0])
@pytest.mark.parametrize("turn", [0.0, 0.1, 0.5, 0.9])
def test_what_moved_together_is_found_among_twice_as_many_chance_pairs(growth: float, turn: float) -> None:
    asked = some_points(60)
    found = some_points(60, seed=1)
    found[:20] = moved(asked[:20], growth, turn, (0.1, 0.2))
    match = matched(asked, found, apart(60))
    assert 19 <= match.points <= 22
    assert np.abs(match.where[:, None] - found[None, :20, :2]).sum(axis=2).min(axis=1).max() < 0.05


def test_a_plate_seen_from_the_side_is_found() -> None:
    asked = some_points(40)
    found = moved(asked, 0.5, 0.05, (0.2, 0.1))
    found[:, 0] = 0.1 + 0.6 * found[:, 0] + 0.15 * found[:, 1]
    assert matched(asked, found, apart(40)).points > 30


def test_chance_pairs_agree_on_little() -> None:
    most = max(matched(some_points(100, seed), some_points(100, seed + 50), apart(100)).points for seed in range(20))
    assert most < 6


def test_many_angles_of_one_corner_prove_one_point() -> None:
    asked = np.repeat(some_points(1), 30, axis=0)
    asked[:, 3] = np.linspace(0, 0.9, 30)
    assert matched(asked, moved(asked, 1.0, 0.0, (0.1, 0.1)), apart(30)).points <= 1


def test_a_mirrored_object_is_another_one() -> None:
    asked = some_points(40)
    found = asked.copy()
    found[:, 0] = 1 - found[:, 0]
    assert matched(asked, found, apart(40)).points < 6


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_pairs_prove_nothing(count: int) -> None:
    assert matched(some_points(count), some_points(count), apart(count)).points == 0


def test_of_very_many_pairs_the_nearest_are_looked_at() -> None:
    asked, found = some_points(1500), some_points(1500, seed=1)
    found[1400:] = moved(asked[1400:], 1.0, 0.2, (0.1, 0.0))
    distances = np.full(1500, 20, dtype=np.uint8)
    distances[1400:] = 5
    assert matched(asked, found, distances).points > 80
