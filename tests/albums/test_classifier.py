"""An album learns what its photos have in common, and says honestly how good it is."""

from __future__ import annotations

import numpy as np
import pytest

from photofinder.albums.classifier import FloatArray, Learnt, Lesson, Method, average_precision, learn
from photofinder.albums.likelihood import likelihoods

DIM = 24
NOTHING = np.empty((0, DIM), dtype=np.float32)


def photos(count: int, seed: int, towards: int | None = None, strength: float = 2.0) -> FloatArray:
    """Unit vectors; those of a theme share the direction ``towards``."""
    vectors = np.random.default_rng(seed).standard_normal((count, DIM))
    if towards is not None:
        vectors[:, towards] += strength * np.sqrt(DIM) / 2
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def lesson(yes: FloatArray, no: FloatArray = NOTHING, library: FloatArray | None = None) -> Lesson:
    return Lesson(tuple(one[None] for one in yes), no, photos(200, seed=9) if library is None else library)


def precision(learnt: Learnt, right: FloatArray, wrong: FloatArray) -> float:
    return average_precision((right @ learnt.direction).astype(float), (wrong @ learnt.direction).astype(float))


@pytest.mark.parametrize("count", [1, 2, 3, 5, 20])
def test_photos_of_the_theme_come_first(count: int) -> None:
    learnt = learn(lesson(photos(count, seed=1, towards=3)))
    assert learnt.method is (Method.NEAREST if count < 3 else Method.SVM)
    found = precision(learnt, photos(50, seed=2, towards=3), photos(300, seed=3))
    assert found > (0.6 if count == 1 else 0.8)
    assert np.linalg.norm(learnt.direction) == pytest.approx(1, abs=1e-5)


def test_more_photos_teach_more_and_what_was_called_wrong_goes_down() -> None:
    right, wrong = photos(60, seed=2, towards=3), photos(300, seed=3)
    few, many = (precision(learn(lesson(photos(n, seed=1, towards=3))), right, wrong) for n in (1, 20))
    assert many > few
    decoys = photos(40, seed=5, towards=3, strength=1.5)
    decoys[:, 7] += 0.4
    plain = learn(lesson(photos(6, seed=1, towards=3)))
    told = learn(lesson(photos(6, seed=1, towards=3), no=decoys[:6]))
    assert precision(told, right, decoys[6:]) > precision(plain, right, decoys[6:]) + 0.05


def test_the_same_marks_give_the_same_numbers() -> None:
    once, again = (learn(lesson(photos(8, seed=1, towards=3), photos(3, seed=4)), seed=7) for _ in range(2))
    assert np.array_equal(once.direction, again.direction)
    assert np.array_equal(once.held_out, again.held_out)
    assert once.precision == again.precision


def test_held_out_photos_say_how_good_the_album_is() -> None:
    clear = learn(lesson(photos(10, seed=1, towards=3, strength=4)))
    vague = learn(lesson(photos(10, seed=1)))
    assert clear.precision is not None
    assert vague.precision is not None
    assert clear.precision > 0.95
    assert vague.precision < 0.5
    assert len(clear.held_out) == 10
    assert clear.held_out.mean() > vague.held_out.mean() + 2
    assert learn(lesson(photos(2, seed=1, towards=3))).precision is None


@pytest.mark.parametrize("count", [1, 3, 5, 20])
def test_chances_are_no_boast(count: int) -> None:
    """Of what is given some chance, about so many are right; over many albums, a tenth of whose library belongs."""
    chances, right = [], []
    for seed in range(12):
        library = np.concatenate([photos(30, seed=100 + seed, towards=3, strength=1.2), photos(270, seed=200 + seed)])
        learnt = learn(lesson(photos(count, seed=300 + seed, towards=3, strength=1.2), library=library[::2]))
        tested = np.concatenate([photos(40, seed=400 + seed, towards=3, strength=1.2), photos(360, seed=500 + seed)])
        chances.append(likelihoods(learnt, tested @ learnt.direction))
        right.append(np.arange(400) < 40)
    chance, belongs = np.concatenate(chances), np.concatenate(right)
    high = chance >= 0.5
    assert belongs[high].mean() > 0.5 if high.sum() > 20 else True
    assert chance.mean() < 0.2


def test_likelihood_grows_with_the_score_and_stays_within_its_range() -> None:
    learnt = learn(lesson(photos(5, seed=1, towards=3)))
    scores = np.linspace(-2, 2, 50).astype(np.float32)
    chances = likelihoods(learnt, scores)
    assert (np.diff(chances) >= 0).all()
    assert chances[0] < 0.01
    assert chances[-1] <= 1


def test_odd_lessons_are_no_trouble() -> None:
    same = np.repeat(photos(1, seed=1), 6, axis=0)
    assert np.isfinite(learn(lesson(same)).direction).all()
    assert np.isfinite(learn(lesson(same, library=same)).direction).all(), "the library is the album"
    assert np.isfinite(learn(lesson(photos(3, seed=1), library=photos(1, seed=2))).direction).all()
    assert np.isfinite(likelihoods(learn(lesson(same, library=same)), same @ same[0])).all()
    for nothing in (lesson(NOTHING), lesson(same, library=NOTHING)):
        with pytest.raises(ValueError, match="needs"):
            learn(nothing)


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [([3.0, 2.0], [1.0], 1.0), ([1.0], [2.0, 3.0], 1 / 3), ([3.0, 1.0], [2.0], (1 + 2 / 3) / 2), ([2.0], [2.0], 0.5)],
)
def test_average_precision_counts_ties_against_the_album(
    right: list[float], wrong: list[float], expected: float
) -> None:
    assert average_precision(np.array(right), np.array(wrong)) == pytest.approx(expected)
