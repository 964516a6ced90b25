"""Turn scores into probabilities and choose the mix of feature and embedding for «más como esta».

Fitted on validation photos of the labelled sets and of the captioned one; the network saw none of them. A text score
is judged at the top of a list, where people look: the best of a gallery that holds the caption's photo is right or
wrong; the best of a gallery without it is always wrong. Logistic regression (Platt 1999) on those top scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from safetensors.torch import load_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from photofinder.model.visual import PhotoHead
from photofinder.training.caption import EMBEDDING_DIM, TextTower, embed_texts, load_cached_features
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.metrics import average_precision_at
from photofinder.training.texts import FloatArray, IntArray, PackedTexts, Vocabulary

MIXES = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0)
"""Weights of the embedding's cosine tried beside the feature's."""


@dataclass(frozen=True, slots=True)
class Views:
    """Whole views of photos: unit features (n, feature_dim) and unit embeddings (n, embedding_dim)."""

    photos: list[CorpusPhoto]
    features: FloatArray
    embeddings: FloatArray

    @property
    def sets(self) -> NDArray[np.str_]:
        """The label set of each photo."""
        return np.asarray([photo.set for photo in self.photos])

    @property
    def classes(self) -> NDArray[np.str_]:
        """Set and class of each photo."""
        return np.asarray([f"{photo.set}/{photo.label}" for photo in self.photos])


def calibrate(corpus: Corpus, features_folder: Path, joint_folder: Path) -> dict[str, Any]:
    """The manifest's ``calibration`` and ``similar`` entries, with the figures they were chosen by."""
    features, photo = load_cached_features(features_folder)
    first: dict[int, int] = {}  # the first row of a photo is the whole photo
    for row, number in enumerate(photo.tolist()):
        first.setdefault(number, row)
    weights = load_file(joint_folder / "joint.safetensors")
    head = PhotoHead(features.shape[1], EMBEDDING_DIM, weights["head.hidden.weight"].shape[0])
    head.load_state_dict({k[5:]: v for k, v in weights.items() if k.startswith("head.")})
    head.eval()

    def whole_views(photos: list[CorpusPhoto]) -> Views:
        raw = torch.from_numpy(np.asarray(features[[first[p.number] for p in photos]], dtype=np.float32))
        with torch.inference_mode():
            return Views(photos, F.normalize(raw, dim=1).numpy(), head(raw).numpy())

    text, text_report = _calibrate_text(corpus, weights, whole_views(corpus.part("val", ["coco"])))
    labelled = [[p for p in corpus.part(part) if p.label] for part in ("val", "train")]
    similar, photo_slope, similar_report = _choose_similar(*(whole_views(photos) for photos in labelled))
    return {
        "calibration": {"text": text, "photo": photo_slope},
        "similar": similar,
        "calibration_figures": {**text_report, **similar_report},
    }


def _logistic(scores: FloatArray, right: IntArray, weight: FloatArray | None = None) -> dict[str, float]:
    model = LogisticRegression(C=1e6).fit(scores[:, None], right, sample_weight=weight)
    return {"slope": round(float(model.coef_[0, 0]), 4), "bias": round(float(model.intercept_[0]), 4)}


def _calibrate_text(
    corpus: Corpus, weights: dict[str, torch.Tensor], gallery: Views
) -> tuple[dict[str, float], dict[str, float]]:
    position = {photo.number: i for i, photo in enumerate(gallery.photos)}
    queries = [(position[n], text) for n, text in corpus.captions if n in position]
    table = weights["tower.table.weight"]
    tower = TextTower(table.shape[0], table.shape[1], weights["tower.hidden.weight"].shape[0])
    tower.load_state_dict({k[6:]: v for k, v in weights.items() if k.startswith("tower.")})
    vocabulary = Vocabulary(weights["keys"].numpy().astype(np.uint32), ())
    said = embed_texts(tower, PackedTexts([text for _, text in queries], vocabulary))
    scores = said @ gallery.embeddings.T
    targets = np.asarray([target for target, _ in queries])
    present = scores.max(1)
    right = (scores.argmax(1) == targets).astype(np.int64)
    without = scores.copy()
    # Captions of one photo resemble those of its likenesses: its nearest 20 photos leave the gallery too.
    alike = gallery.embeddings @ gallery.embeddings.T
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


def _choose_similar(queries: Views, gallery: Views) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    """Validation photos ask, training photos of the same label set answer."""
    same = queries.classes[:, None] == gallery.classes[None, :]
    comparable = queries.sets[:, None] == gallery.sets[None, :]  # a «beach» of one set is right for another's scene
    cosines = queries.features @ gallery.features.T, queries.embeddings @ gallery.embeddings.T
    answerable = same.sum(1) >= 10
    precision = {}
    for mix in MIXES:
        scores = np.where(comparable, (1 - mix) * cosines[0] + mix * cosines[1], -2)[answerable]
        order = np.argpartition(-scores, 10, axis=1)[:, :10]
        precision[mix] = average_precision_at(np.take_along_axis(same[answerable], order, 1), 10)
    best = max(precision, key=precision.__getitem__)
    scores = (1 - best) * cosines[0] + best * cosines[1]
    labels = same[comparable].astype(np.int64)
    sample = np.random.default_rng(1).random(len(labels)) < np.where(labels == 1, 1.0, 0.05)
    labels, values = labels[sample], scores[comparable][sample]
    weight = np.where(labels == 1, 1.0, labels.sum() / (len(labels) - labels.sum()))
    return (
        {"feature": round(1 - best, 2), "embedding": round(best, 2)},
        _logistic(values, labels, weight),
        {"class_precision_at_10": {f"{mix:g}": round(value, 4) for mix, value in precision.items()}},
    )
