"""Whether two photos share an object: which of their like points one movement of the object explains.

Every pair of points proposes by its places, sizes and angles how the object moved, turned and grew (Philbin et
al. 2007: each pair is a hypothesis, none is drawn by chance, so that the answer is always the same). The proposals that
explain the most are fitted to what they explain, as affine maps, with less and less tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]

_MOST_PAIRS = 400
"""Of one photo that are looked at: beyond that the nearest signatures only."""
_PROPOSALS = 4
"""The best that are fitted."""
_TOLERANCES = (0.06, 0.03, 0.015)
"""In long sides of the photo: first a size and an angle are known roughly, in the end three points or more fix all."""
_OCTAVES = 1.2
_TURNS = 0.12
"""How much size and angle of an explained pair may differ from the proposal's."""
_LEAST_FOR_AFFINE = 4
_MOST_SQUEEZED = 4.0
_CELL = 0.006
"""Points nearer than this in long sides are one place: many angles of one corner prove no more than one."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """``points``: places of the object that were found again; ``where`` ``(points, 2)``: in the photo, long sides."""

    points: int
    where: FloatArray


def matched(asked: FloatArray, found: FloatArray, distances: NDArray[np.uint8]) -> Match:
    """The largest part of the pairs that one movement explains.

    ``asked`` and ``found`` ``(m, 4)``: what looks alike in the object and in the photo, x, y and size in long
    sides and angle in turns; ``distances`` ``(m,)``: of their signatures, smaller is more alike.
    """
    if len(asked) > _MOST_PAIRS:
        nearest = np.argsort(distances, kind="stable")[:_MOST_PAIRS]
        asked, found = asked[nearest], found[nearest]
    best = Match(0, np.empty((0, 2), dtype=np.float32))
    if len(asked) < 3:
        return best
    growth = np.log2(found[:, 2]) - np.log2(asked[:, 2])
    turn = found[:, 3] - asked[:, 3]
    alike = _alike(growth, turn)
    explained = alike & _near(asked, found, growth, turn)
    counts = explained.sum(axis=1)
    for proposal in np.argsort(-counts, kind="stable")[:_PROPOSALS]:
        inside = explained[proposal]
        for tolerance in _TOLERANCES[1:]:
            inside = _refitted(asked, found, inside, tolerance) & alike[proposal]
        points = min(_places(asked[inside]), _places(found[inside]))
        if points > best.points:
            best = Match(points, found[inside, :2])
    return best


def _alike(growth: FloatArray, turn: FloatArray) -> NDArray[np.bool_]:
    """``(m, m)``: which pairs (columns) grew and turned about as much as a pair (row)."""
    other = turn - turn[:, None]
    same = np.abs(growth - growth[:, None]) <= _OCTAVES
    return np.asarray(same & (np.abs(other - np.rint(other)) <= _TURNS))


def _near(asked: FloatArray, found: FloatArray, growth: FloatArray, turn: FloatArray) -> NDArray[np.bool_]:
    """``(m, m)``: which pairs (columns) lie where the movement that a pair (row) proposes takes them."""
    radians = 2 * np.pi * turn
    across, down = np.exp2(growth) * np.cos(radians), np.exp2(growth) * np.sin(radians)
    x, y = asked[:, 0] - asked[:, :1], asked[:, 1] - asked[:, 1:2]
    moved_x = across[:, None] * x - down[:, None] * y + found[:, :1]
    moved_y = down[:, None] * x + across[:, None] * y + found[:, 1:2]
    return np.asarray((moved_x - found[:, 0]) ** 2 + (moved_y - found[:, 1]) ** 2 <= _TOLERANCES[0] ** 2)


def _refitted(asked: FloatArray, found: FloatArray, inside: NDArray[np.bool_], tolerance: float) -> NDArray[np.bool_]:
    """Which pairs the affine map explains that fits those ``inside`` best; they themselves where none can."""
    if inside.sum() < _LEAST_FOR_AFFINE:
        return inside
    ones = np.ones((len(asked), 1), dtype=np.float32)
    places = np.concatenate([asked[:, :2], ones], axis=1)
    solved, _, rank, _ = np.linalg.lstsq(places[inside], found[inside, :2], rcond=None)
    shape = np.linalg.svd(solved[:2], compute_uv=False)
    if rank < 3 or np.linalg.det(solved[:2]) <= 0 or shape[0] > _MOST_SQUEEZED * shape[1]:
        return np.zeros_like(inside)
    off = places @ solved - found[:, :2]
    return np.asarray((off**2).sum(axis=1) <= tolerance**2)


def _places(points: FloatArray) -> int:
    """How many different places there are."""
    return len(np.unique(np.rint(points[:, :2] / _CELL).astype(np.int32), axis=0)) if len(points) else 0
