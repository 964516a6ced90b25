"""A score becomes a probability, and a manifest that says nonsense is refused."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from photofinder.errors import PackDamaged
from photofinder.model.pack import Pack
from photofinder.search.calibration import calibration, probability, similar_weights


def test_probability_is_the_logistic_of_the_score(small_pack: Pack) -> None:
    text = calibration(small_pack, "text")
    found = probability(text.logit(np.asarray([0.0, 0.3, 0.9], dtype=np.float32)))
    assert found == pytest.approx([1 / (1 + math.exp(3)), 0.5, 1 / (1 + math.exp(-6))], rel=1e-5)


def test_huge_logits_do_not_overflow() -> None:
    assert probability(np.asarray([-1e30, -1000, 1000, 1e30], dtype=np.float32)).tolist() == [0, 0, 1, 1]


def test_a_higher_score_is_never_less_likely(small_pack: Pack) -> None:
    scores = np.linspace(-1, 1, 201, dtype=np.float32)
    for kind in ("text", "photo"):
        assert (np.diff(probability(calibration(small_pack, kind).logit(scores))) > 0).all()


def test_weights_are_scaled_to_sum_one(small_pack: Pack) -> None:
    pack = _with(small_pack, {"similar": {"feature": 3, "embedding": 1}})
    assert dataclasses.astuple(similar_weights(pack)) == (0.75, 0.25)


@pytest.mark.parametrize(
    "manifest",
    [
        {},
        {"calibration": None},
        {"calibration": {"text": {"slope": 1.0}}},
        {"calibration": {"text": {"slope": "1", "bias": 0.0}}},
        {"calibration": {"text": {"slope": float("nan"), "bias": 0.0}}},
        {"calibration": {"text": {"slope": True, "bias": 0.0}}},
        {"calibration": {"text": {"slope": -1.0, "bias": 0.0}}},
    ],
)
def test_a_manifest_without_a_usable_calibration_is_damaged(small_pack: Pack, manifest: dict[str, Any]) -> None:
    with pytest.raises(PackDamaged):
        calibration(_with(small_pack, manifest), "text")


@pytest.mark.parametrize(
    "similar", [None, {}, {"feature": 1.0}, {"feature": -1.0, "embedding": 2.0}, {"feature": 0, "embedding": 0}]
)
def test_weights_that_make_no_sense_are_damage(small_pack: Pack, similar: object) -> None:
    with pytest.raises(PackDamaged):
        similar_weights(_with(small_pack, {"similar": similar}))


def _with(pack: Pack, manifest: dict[str, Any]) -> Pack:
    return dataclasses.replace(pack, manifest=manifest)
