"""Fit the constants that make honest probabilities of the scores of albums, and say how honest they are elsewhere.

    python -m photofinder.training.albums --data CORPUS --calibrate [--work FOLDER]

Fitted on albums of training photos, whole albums at a time: everyday ones by their captions, narrow ones by class, half
of the weight each, every album as much as any other of its kind. Told on albums of validation photos, beside the
constants that ship: the mean of the log loss, and of photos that were given about some chance the share that belongs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from photofinder.albums import classifier, likelihood
from photofinder.albums.classifier import Learnt, Lesson, Method
from photofinder.albums.engine import LIBRARY_SAMPLE
from photofinder.albums.likelihood import Constants
from photofinder.model.pack import Pack
from photofinder.training.albums import Shown, corpus_albums
from photofinder.training.data import Corpus

COUNTS = (1, 2, 3, 5, 10, 20)
"""Photos in an album; the constants hold for all of them."""
_USUAL_COUNTS = (0.0, 3.0, 6.0, 10.0, 20.0)
_LEFT = 4
_BINS = ((0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 1.1))
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """What one album says of the photos left: ``places`` (n,), scores in standard deviations of the library, and
    which of them ``belong`` (n,).
    """

    kind: str
    learnt: Learnt
    places: FloatArray
    belong: NDArray[np.bool_]


def scored(albums: dict[str, Shown], draws: int) -> list[Scored]:
    """Every album, for every number of photos and draw."""
    return [one for kind, shown in albums.items() for one in _scored(kind, shown, draws)]


def _scored(kind: str, shown: Shown, draws: int) -> Iterator[Scored]:
    own = np.stack([views[0] for views in shown.views])
    for number, (able, right) in enumerate(shown.albums.values()):
        for count in COUNTS:
            for draw in range(draws):
                rng = np.random.default_rng([draw, count, number, 9])
                examples = rng.permutation(able)[:count]
                left = np.setdiff1d(shown.gallery, examples)
                belong = np.isin(left, right)
                if len(examples) < count or (able is right and belong.sum() < _LEFT):
                    continue
                library = own[rng.permutation(left)[:LIBRARY_SAMPLE]]
                yes = tuple(own[one : one + 1] for one in examples)
                learnt = classifier.learn(Lesson(yes, np.empty((0, own.shape[1]), np.float32), library))
                places = (own[left] @ learnt.direction - learnt.middle) / learnt.spread
                yield Scored(kind, learnt, places.astype(np.float64), belong)


def fitted(every: list[Scored]) -> Constants:
    """The constants with the least log loss, rounded to two digits behind the point."""
    near = [one for one in every if one.learnt.method is Method.NEAREST]
    far = [one for one in every if one.learnt.method is Method.SVM]
    (slope,), bias, _ = _fit(near, lambda one: one.places[:, None])
    usual = float(np.mean([one.learnt.held_out.mean() for one in far]))
    best: tuple[float, float, FloatArray, float] | None = None
    for counts in _USUAL_COUNTS:
        weights, offset, loss = _fit(far, partial(_with_lead, usual=usual, counts=counts))
        if best is None or loss < best[0]:
            best = (loss, counts, weights, offset)
    assert best is not None
    _, counts, weights, offset = best
    slope, bias, by_place, by_lead, offset, usual = (
        round(float(value), 2) for value in (slope, bias, weights[0], weights[1], offset, usual)
    )
    return Constants(slope, bias, by_place, by_lead, offset, usual, counts)


def _with_lead(one: Scored, usual: float, counts: float) -> FloatArray:
    lead = (counts * usual + one.learnt.held_out.sum()) / (counts + len(one.learnt.held_out))
    return np.stack([one.places, np.full(len(one.places), lead)], axis=1)


def _fit(every: list[Scored], inputs_of: Callable[[Scored], FloatArray]) -> tuple[FloatArray, float, float]:
    """Weights, offset and log loss of a logistic regression."""
    inputs = np.concatenate([inputs_of(one) for one in every])
    belong = np.concatenate([one.belong for one in every])
    weights = _weights(every)
    machine = LogisticRegression(C=1e6, max_iter=1000).fit(inputs, belong, weights)
    odds = inputs @ machine.coef_[0] + machine.intercept_[0]
    return machine.coef_[0], float(machine.intercept_[0]), _loss(1 / (1 + np.exp(-odds)), belong, weights)


def _weights(every: list[Scored]) -> FloatArray:
    """Of each photo: kinds count alike, and albums of a kind; 1 on average."""
    kinds = [one.kind for one in every]
    weights = np.concatenate([np.full(len(one.belong), 1 / (kinds.count(one.kind) * len(one.belong))) for one in every])
    scaled: FloatArray = weights * len(weights) / weights.sum()
    return scaled


def _loss(chances: FloatArray, belong: NDArray[np.bool_], weights: FloatArray) -> float:
    said = np.where(belong, chances, 1 - chances).clip(1e-9)
    return float(-(np.log(said) * weights).sum() / weights.sum())


def judged(every: list[Scored], constants: Constants) -> dict[str, object]:
    """How honest: log loss, that of saying the same of every photo, and the share of right ones by chance given."""
    chances = [likelihood.chances(one.learnt, one.places, constants) for one in every]
    belong = np.concatenate([one.belong for one in every])
    weights = _weights(every)
    usual = np.full(len(belong), float((belong * weights).sum() / weights.sum()))
    report: dict[str, object] = {
        "log loss": round(_loss(np.concatenate(chances), belong, weights), 4),
        "log loss of one chance for all": round(_loss(usual, belong, weights), 4),
    }
    for kind in dict.fromkeys(one.kind for one in every):
        for count in COUNTS:
            some = [
                (c, one.belong)
                for c, one in zip(chances, every, strict=True)
                if (one.kind, one.learnt.photos) == (kind, count)
            ]
            if not some:
                continue
            chance, right = (np.concatenate(part) for part in zip(*some, strict=True))
            inside = [(chance >= low) & (chance < high) for low, high in _BINS]
            report[f"{kind}, {count}"] = [
                f"{100 * right[one].mean():.0f} % ({one.sum()})" if one.any() else "-" for one in inside
            ]
    return report


def calibrate(corpus: Corpus, pack: Pack, work: Path, draws: int) -> None:
    """Fit, and print what was fitted and how it does on validation photos, beside what ships."""
    learnt = scored(corpus_albums(corpus, pack, work, "train", viewed=False), draws)
    constants = fitted(learnt)
    print(json.dumps({"fitted on training photos": constants._asdict(), "albums": len(learnt)}), flush=True)
    unseen = scored(corpus_albums(corpus, pack, work, "val", viewed=False), draws)
    for name, some in (("what ships", likelihood.SHIPPED), ("fitted", constants)):
        print(json.dumps({"validation photos": name, **judged(unseen, some)}), flush=True)
