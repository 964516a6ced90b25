"""Turn scores into probabilities and choose the mix of feature and embedding for «más como esta».

Fitted on validation photos of the labelled sets and of the captioned one; the network saw none of them. A text score
is judged at the top of a list, where people look: the best of a gallery that holds the caption's photo is right or
wrong; the best of a gallery without it is always wrong. Logistic regression (Platt 1999) on those top scores.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from photofinder.model.visual import PhotoHead
from photofinder.training.caption import EMBEDDING_DIM, TextTower, embed_texts, load_cached_features
from photofinder.training.data import Corpus
from photofinder.training.metrics import average_precision_at
from photofinder.training.texts import FloatArray, IntArray, PackedTexts, Vocabulary

MIXES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Weights of the embedding's cosine tried beside the feature's."""


def calibrate(corpus: Corpus, features_folder: Path, joint_folder: Path) -> dict[str, Any]:
    """The manifest's ``calibration`` and ``similar`` entries, with the figures they were chosen by."""
    features, photo = load_cached_features(features_folder)
    rows: dict[int, int] = {}
    for row, number in enumerate(photo.tolist()):
        if corpus.photos[number].part == "val":
            rows.setdefault(number, row)
    numbers = np.asarray(list(rows))
    weights = load_file(joint_folder / "joint.safetensors")
    head = PhotoHead(features.shape[1], EMBEDDING_DIM, weights["head.hidden.weight"].shape[0])
    head.load_state_dict({k[5:]: v for k, v in weights.items() if k.startswith("head.")})
    raw = torch.from_numpy(np.asarray(features[list(rows.values())], dtype=np.float32))
    with torch.inference_mode():
        embeddings = head.eval()(raw).numpy()
    unit = F.normalize(raw, dim=1).numpy()
    text, text_report = _calibrate_text(corpus, weights, numbers, embeddings)
    similar, photo_slope, similar_report = _choose_similar(corpus, numbers, unit, embeddings)
    return {
        "calibration": {"text": text, "photo": photo_slope},
        "similar": similar,
        "calibration_figures": {**text_report, **similar_report},
    }


def _logistic(scores: FloatArray, right: IntArray, weight: FloatArray | None = None) -> dict[str, float]:
    model = LogisticRegression(C=1e6).fit(scores[:, None], right, sample_weight=weight)
    return {"slope": round(float(model.coef_[0, 0]), 4), "bias": round(float(model.intercept_[0]), 4)}


def _calibrate_text(
    corpus: Corpus, weights: dict[str, torch.Tensor], numbers: IntArray, embeddings: FloatArray
) -> tuple[dict[str, float], dict[str, float]]:
    gallery = np.asarray([corpus.photos[n].set == "coco" for n in numbers])
    position = {int(n): i for i, n in enumerate(numbers[gallery])}
    queries = [(position[n], text) for n, text in corpus.captions if n in position]
    table = weights["tower.table.weight"]
    tower = TextTower(table.shape[0], table.shape[1], weights["tower.hidden.weight"].shape[0])
    tower.load_state_dict({k[6:]: v for k, v in weights.items() if k.startswith("tower.")})
    vocabulary = Vocabulary(weights["keys"].numpy().astype(np.uint32), ())
    said = embed_texts(tower, PackedTexts([text for _, text in queries], vocabulary))
    scores = said @ embeddings[gallery].T
    targets = np.asarray([target for target, _ in queries])
    present = scores.max(1)
    right = (scores.argmax(1) == targets).astype(np.int64)
    without = scores.copy()
    # Captions of one photo resemble those of its likenesses: its nearest 20 photos leave the gallery too.
    alike = embeddings[gallery] @ embeddings[gallery].T
    for query, target in enumerate(targets):
        without[query, np.argsort(-alike[target])[:20]] = -1
    absent = without.max(1)
    # Photos other than the target may be right too; the target's own score stands for a right photo at any rank.
    own = scores[np.arange(len(targets)), targets]
    rng = np.random.default_rng(1)
    other = scores[np.arange(len(targets))[:, None], rng.integers(scores.shape[1], size=(len(targets), 20))]
    values = np.concatenate([own, other.ravel(), absent])
    labels = np.concatenate([np.ones(len(own)), np.zeros(other.size), np.zeros(len(absent))]).astype(np.int64)
    weight = np.where(labels == 1, 1.0, len(own) / (other.size + len(absent)))
    report = {
        "text_top1_right": round(float(right.mean()), 4),
        "absent_auroc": round(float(roc_auc_score(np.r_[np.ones(len(present)), np.zeros(len(absent))],
                                                  np.r_[present, absent])), 4),
        "pair_auroc": round(float(roc_auc_score(labels, values)), 4),
    }  # fmt: skip
    return _logistic(values, labels, weight), report


def _choose_similar(
    corpus: Corpus, numbers: IntArray, features: FloatArray, embeddings: FloatArray
) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    labelled = np.asarray([bool(corpus.photos[n].label) for n in numbers])
    classes = np.asarray([f"{corpus.photos[n].set}/{corpus.photos[n].label}" for n in numbers[labelled]])
    sets = np.asarray([corpus.photos[n].set for n in numbers[labelled]])
    same = (classes[:, None] == classes[None, :]) & ~np.eye(len(classes), dtype=bool)
    comparable = sets[:, None] == sets[None, :]  # a «beach» of one set may well be right for a scene of another
    cosines = [part[labelled] @ part[labelled].T for part in (features, embeddings)]
    precision = {}
    has_two = same.sum(1) >= 2
    for mix in MIXES:
        scores = (1 - mix) * cosines[0] + mix * cosines[1]
        np.fill_diagonal(scores, -2)
        scores[~comparable] = -2
        order = np.argsort(-scores, axis=1)[:, :10]
        precision[mix] = average_precision_at(np.take_along_axis(same, order, 1)[has_two], 10)
    best = max(precision, key=precision.__getitem__)
    scores = (1 - best) * cosines[0] + best * cosines[1]
    pairs = comparable & ~np.eye(len(classes), dtype=bool)
    labels = same[pairs].astype(np.int64)
    weight = np.where(labels == 1, 1.0, labels.sum() / (len(labels) - labels.sum()))
    return (
        {"feature": round(1 - best, 2), "embedding": round(best, 2)},
        _logistic(scores[pairs], labels, weight),
        {"class_precision_at_10": {f"{mix:g}": round(value, 4) for mix, value in precision.items()}},
    )
