"""Bursts as they are made to measure with, and what is told of them."""

from __future__ import annotations

import numpy as np

from photofinder.training.bursts import Taken, frames, judged, judged_with
from tests.albums.alike_samples import described
from tests.conftest import draw_photo


def test_one_frame_of_a_burst_is_sharp_and_all_are_a_part_of_the_photo() -> None:
    rng = np.random.default_rng(2)
    for seed in range(6):
        photo = draw_photo(seed=seed, size=(320, 240))
        shots = frames(photo, rng)
        assert 2 <= len(shots) <= 6
        assert sum(strength == 0 for _, strength in shots) == 1
        assert all(strength == 0 or strength >= 0.8 for _, strength in shots)
        assert all(0.85 * 320 < image.width < 320 and 0.85 * 240 < image.height < 240 for image, _ in shots)
        assert len({image.tobytes() for image, _ in shots}) == len(shots)


def test_pairs_and_suggestions_are_counted() -> None:
    rng = np.random.default_rng(5)
    images, burst, moments, blur, scenes = [], [], [], [], []
    for number in range(4):
        shots = frames(draw_photo(seed=number, size=(320, 240)), rng)
        images += [image for image, _ in shots] + [draw_photo(seed=100 + number, size=(320, 240))]
        burst += [number] * len(shots) + [-1]
        scenes += [number] * len(shots) + [4 + number]
        moments += [*range(number * 600, number * 600 + 5 * len(shots), 5), number * 600 + 1]
        blur += [strength for _, strength in shots] + [0.0]
    made = Taken(tuple(images), np.array(burst), np.array(moments), np.array(blur))
    known = described(images, scenes, moments=moments)
    report = judged(made, known)
    assert report["bursts"] == 4 and report["photos"] == len(images)
    assert report["precision"] == 1.0 and report["wrong pairs"] == 0
    assert isinstance(report["recall"], float) and report["recall"] > 0.8
    suggested = report["the sharp one is suggested"]
    assert isinstance(suggested, dict) and suggested["right"] == 1.0 > suggested["right by chance"]
    fewer = judged_with(made, known, BURST_SECONDS=3, HASH_LIMIT=-1, LEAST_CORRELATION=2.0)
    assert isinstance(fewer["recall"], float) and fewer["recall"] < report["recall"]
    assert judged(made, known) == report, "the limits are as they were"
