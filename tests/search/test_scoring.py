"""What a photo loses for showing what is not wanted."""

from __future__ import annotations

import numpy as np
import pytest

from photofinder.search.scoring import UNWANTED_USUAL, but_not, unwanted_loss


def test_a_usual_photo_loses_nothing_and_one_that_shows_it_much() -> None:
    other = np.array([-np.inf, -12.0, UNWANTED_USUAL, 0.0, 4.0], dtype=np.float32)
    loss = unwanted_loss(other)
    assert loss.dtype == np.float32
    assert loss[0] == 0.0, "without features nothing is known of it"
    assert loss[1] == pytest.approx(-0.31, abs=0.01), "the most that can be gained"
    assert loss[2] == pytest.approx(0.0, abs=1e-6)
    assert 1.0 < loss[3] < loss[4] < 4.0


def test_losses_add_up_and_weigh_and_a_photo_without_features_stays_out() -> None:
    logit = np.array([1.0, -np.inf], dtype=np.float32)
    shown = np.array([2.0, -np.inf], dtype=np.float32)
    once = but_not(logit, [shown], [1.0])
    twice = but_not(logit, [shown, shown], [1.0, 1.0])
    assert twice[0] == pytest.approx(1.0 - 2 * (1.0 - once[0]), abs=1e-5)
    assert but_not(logit, [shown], [2.0])[0] == pytest.approx(twice[0], abs=1e-5)
    assert np.isneginf(once[1])
    assert but_not(None, [shown], [1.0])[0] == -2.0
