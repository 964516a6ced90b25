"""Turn scores into probabilities and choose the mix of feature and embedding for «más como esta».

Fitted on validation photos, which the network never saw, by logistic regression (Platt 1999). For texts: a caption and
its photo are right; the caption and twenty random photos are wrong, and so is the best photo of a gallery without the
caption's photo and its likes, because the top of a list is where people look.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from photofinder.model.querybank import phrase_vectors
from photofinder.training.caption import load_cached_features
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.metrics import average_precision_at
from photofinder.training.saved_joint import SavedJoint
from photofinder.training.supervision import lines
from photofinder.training.texts import FloatArray, IntArray, stems
from photofinder.training.thesaurus import split

LIKES = 20
"""A caption's photo and its nearest ones by embedding: the caption may be true of any of them."""

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


class TrainedSpace:
    """Both sides of a trained joint space, over cached features."""

    def __init__(self, features_folder: Path, joint: SavedJoint) -> None:
        self._features, photo = load_cached_features(features_folder)
        self._rows: dict[int, list[int]] = {}
        for row, number in enumerate(photo.tolist()):
            self._rows.setdefault(number, []).append(row)
        self._say = joint.asking_side()
        self._head = joint.photo_head()

    def views(self, photos: list[CorpusPhoto], which: int = 0) -> Views:
        """View ``which`` of each photo: 0 the whole photo, 1 the crop of a validation photo."""
        rows = [self._rows[photo.number][which] for photo in photos]
        raw = torch.from_numpy(np.asarray(self._features[rows], dtype=np.float32))
        with torch.inference_mode():
            return Views(photos, F.normalize(raw, dim=1).numpy(), self._head(raw).numpy())

    def texts(self, texts: list[str]) -> FloatArray:
        """Embeddings of texts, ``(n, embedding_dim)``, as they are compared with photos."""
        said = self._say(texts)
        return said if self._head.bank is None else phrase_vectors(said)


def calibrate(corpus: Corpus, features_folder: Path, joint: SavedJoint) -> dict[str, Any]:
    """The manifest's ``calibration`` and ``similar`` entries, with the figures they were chosen by."""
    space = TrainedSpace(features_folder, joint)
    text, text_report = _calibrate_text(corpus, space)
    similar, photo, similar_report = _choose_similar(corpus, space)
    return {
        "calibration": {"text": text, "photo": photo},
        "similar": similar,
        "calibration_figures": {
            **text_report,
            **similar_report,
        },
    }


def _logistic(scores: FloatArray, right: IntArray, weight: FloatArray | None = None) -> dict[str, float]:
    model = LogisticRegression(C=1e6).fit(scores[:, None], right, sample_weight=weight)
    return {"slope": round(float(model.coef_[0, 0]), 4), "bias": round(float(model.intercept_[0]), 4)}


def _calibrate_text(corpus: Corpus, space: TrainedSpace) -> tuple[dict[str, float], dict[str, Any]]:
    """The curve that turns a text's score into a probability, and how well scores tell right from wrong."""
    gallery = space.views(corpus.gallery())
    position = {photo.number: i for i, photo in enumerate(gallery.photos)}
    queries = [(position[n], text) for n, text in corpus.captions if n in position]
    scores = space.texts([text for _, text in queries]) @ gallery.embeddings.T
    targets = np.asarray([target for target, _ in queries])
    everyone = np.arange(len(targets))
    without = scores.copy()
    alike = gallery.embeddings @ gallery.embeddings.T
    for query, target in enumerate(targets):
        without[query, np.argsort(-alike[target])[:LIKES]] = -1
    own, absent = scores[everyone, targets], without.max(1)
    others = np.random.default_rng(1).integers(scores.shape[1], size=(len(targets), 20))
    wrong = np.concatenate([scores[everyone[:, None], others].ravel(), absent])
    values = np.concatenate([own, wrong])
    labels = np.repeat([1, 0], [len(own), len(wrong)])
    weight = np.where(labels == 1, 1.0, len(own) / len(wrong))
    is_there = roc_auc_score(np.repeat([1, 0], len(own)), np.concatenate([scores.max(1), absent]))
    return _logistic(values, labels, weight), {
        "pair_auroc": round(float(roc_auc_score(labels, values)), 4),
        "absent_photo_auroc": round(float(is_there), 4),
        **_absent_concept_figures(corpus, space, gallery),
        "absent_class_auroc": absent_class_auroc(corpus, space),
    }


def _absent_concept_figures(corpus: Corpus, space: TrainedSpace, gallery: Views) -> dict[str, float]:
    """How well the best score of a gallery tells concepts that its captions name from concepts that they do not.

    A lower bound: captions leave out much that their photos show. Empty for a corpus without concepts, or with
    captions that name all of them or none.
    """
    numbers = {photo.number for photo in gallery.photos}
    said = " | ".join(stems(text) for number, text in corpus.captions if number in numbers)
    concepts = [split(row[1], ";") for row in lines(corpus.folder / "spanish" / "concepts.tsv")]
    present = [any(f" {stems(name)} " in f" {said} " for name in names) for names in concepts]
    if len(set(present)) < 2:
        return {}
    best = (space.texts([names[0] for names in concepts]) @ gallery.embeddings.T).max(1)
    return {"absent_concept_auroc": round(float(roc_auc_score(present, best)), 4)}


def absent_class_auroc(corpus: Corpus, space: TrainedSpace) -> dict[str, float]:
    """The same for classes with Spanish names, by label set: validation photos with those of the class and without."""
    everyone = space.views([photo for photo in corpus.part("val") if photo.label and photo.spanish_names])
    name_of = {f"{photo.set}/{photo.label}": photo.spanish_names[0] for photo in everyone.photos}
    found = {}
    for label_set in sorted(set(everyone.sets)):
        inside = everyone.sets == label_set
        classes = np.unique(everyone.classes[inside])
        if len(classes) < 2:
            continue
        scores = space.texts([name_of[name] for name in classes]) @ everyone.embeddings[inside].T
        own = everyone.classes[inside][None, :] == classes[:, None]
        best = np.concatenate([scores.max(1), np.where(own, -1, scores).max(1)])
        found[str(label_set)] = round(float(roc_auc_score(np.repeat([1, 0], len(classes)), best)), 4)
    return found


@dataclass(frozen=True, slots=True)
class ClassPairs:
    """Labelled validation photos against training photos: both cosines, and which pairs are of one class."""

    cosines: tuple[FloatArray, FloatArray]
    same: NDArray[np.bool_]
    comparable: NDArray[np.bool_]

    @classmethod
    def of(cls, corpus: Corpus, space: TrainedSpace) -> ClassPairs | None:
        """None for a corpus in which no class has ten training photos and a validation photo."""
        queries, gallery = (space.views([p for p in corpus.part(part) if p.label]) for part in ("val", "train"))
        same = queries.classes[:, None] == gallery.classes[None, :]
        if not (same.sum(1) >= 10).any():
            return None
        comparable = queries.sets[:, None] == gallery.sets[None, :]  # a «beach» of one set is right for another's scene
        cosines = queries.features @ gallery.features.T, queries.embeddings @ gallery.embeddings.T
        return cls(cosines, same, comparable)

    def precision(self, mix: float) -> float:
        """Precision@10 of the queries that have ten right answers."""
        answerable = self.same.sum(1) >= 10
        scores = np.where(self.comparable, _mixed(self.cosines, mix), -2)[answerable]
        order = np.argpartition(-scores, 10, axis=1)[:, :10]
        return average_precision_at(np.take_along_axis(self.same[answerable], order, 1), 10)


def _choose_similar(corpus: Corpus, space: TrainedSpace) -> tuple[dict[str, float], dict[str, float], dict[str, Any]]:
    """The mix with the best sum of two figures: it must be both semantic and visual.

    Precision@10 when labelled validation photos look for training photos of their class, and how often a random crop
    of a validation photo finds its photo first among all validation photos. A corpus without labels has the latter
    alone.
    """
    everyone = corpus.part("val")
    crops, whole = space.views(everyone, 1), space.views(everyone)
    by_crop = crops.features @ whole.features.T, crops.embeddings @ whole.embeddings.T
    found = {mix: float((_mixed(by_crop, mix).argmax(1) == np.arange(len(everyone))).mean()) for mix in MIXES}
    pairs = ClassPairs.of(corpus, space)
    precision = {} if pairs is None else {mix: pairs.precision(mix) for mix in MIXES}
    best = max(MIXES, key=lambda mix: precision.get(mix, 0.0) + found[mix])
    if pairs is None:
        values, labels = _mixed(by_crop, best).ravel(), np.eye(len(everyone), dtype=np.int64).ravel()
    else:
        values, labels = _mixed(pairs.cosines, best)[pairs.comparable], pairs.same[pairs.comparable].astype(np.int64)
    sample = np.random.default_rng(1).random(len(labels)) < np.where(labels == 1, 1.0, 0.05)
    values, labels = values[sample], labels[sample]
    weight = np.where(labels == 1, 1.0, labels.sum() / max(1, len(labels) - labels.sum()))
    figures = {
        name: {f"{mix:g}": round(value, 4) for mix, value in values_of.items()}
        for name, values_of in (("class_precision_at_10", precision), ("crop_recall_at_1", found))
        if values_of
    }
    similar = {"feature": round(1 - best, 2), "embedding": round(best, 2)}
    return similar, _logistic(values, labels, weight), figures


def _mixed(cosines: tuple[FloatArray, FloatArray], mix: float) -> FloatArray:
    return ((1 - mix) * cosines[0] + mix * cosines[1]).astype(np.float32)
