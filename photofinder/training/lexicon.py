"""Correct a trained joint space by what the photos of a corpus say (``photofinder.model.lexicon``).

    python -m photofinder.training.lexicon --data CORPUS --features RUN/features --joint RUN/joint --out RUN/corrected

The step before the pack is written: in closed form, a minute or two. Nothing that was trained changes, so a later
training may begin with what this leaves, too.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from photofinder.model import spanish
from photofinder.model.caption import content_of
from photofinder.model.lexicon import Lexicon, feature_keys, unit_rows
from photofinder.training.caption import load_cached_features
from photofinder.training.data import Corpus
from photofinder.training.joint_weights import write_joint_weights
from photofinder.training.recipe import parse_recipe
from photofinder.training.saved_joint import SavedJoint, load_joint
from photofinder.training.texts import FloatArray, IntArray
from photofinder.training.thesaurus import Concept, load_thesaurus

CARD = "lexicon.json"
"""What was done, beside the corrected joint space: for the card of the pack."""
EVERYDAY = "coco"


@dataclass(frozen=True, slots=True)
class LexiconOptions:
    """The recipe; every field is a command-line option of the same name.

    ``least``: photos that a word must have; ``most``: how much a word of many photos counts, 1 leaving nothing of the
    text side; ``doubt``: photos with which it counts half of that; ``kin``: photos of its own with which those of the
    other names of the same thing count as much as they do; ``ridge``: of the mean variance of photos, added to
    each before inverting; ``everyday``: how often an everyday photo counts.
    """

    least: int = 5
    most: float = 0.7
    doubt: float = 10.0
    kin: float = 30.0
    ridge: float = 0.3
    everyday: float = 10.0


def with_lexicon(
    corpus: Corpus, features: FloatArray, photo_of_row: IntArray, joint: SavedJoint, options: LexiconOptions
) -> SavedJoint:
    """A joint space with the projection and the lexicon that the captioned training photos give it.

    ``features`` (n, feature_dim) raw, the whole view of each photo (``photo_of_row``) before its others.
    """
    joint = joint.as_trained()
    captions = corpus.training_captions()
    numbers = sorted({number for number, _ in captions})
    row_of_photo = dict(zip(*np.unique(photo_of_row, return_index=True), strict=True))
    raw = torch.from_numpy(np.asarray(features[[row_of_photo[number] for number in numbers]], dtype=np.float32))
    weights = np.asarray(
        [options.everyday if corpus.photos[number].set == EVERYDAY else 1.0 for number in numbers], dtype=np.float32
    )
    phrases = joint.texts([text for _, text in captions])
    with torch.inference_mode():
        centre = torch.from_numpy(weights / weights.sum()) @ joint.photo_head().standardise(raw)
        joint = replace(joint, head={**joint.head, "centre": centre})
        wide = joint.photo_head().wide(raw).numpy()
    projection = common_projection(wide, weights, phrases)
    photos = Photos(unit_rows(wide @ projection), weights)
    heard = projection[: phrases.shape[1]]
    row_of = {number: row for row, number in enumerate(numbers)}
    said = [(row_of[number], text) for number, text in captions]
    lexicon = learn_lexicon(said, load_thesaurus(), photos, heard, unit_rows(phrases @ heard).mean(0), options)
    return replace(joint, head={**joint.head, "projection": torch.from_numpy(projection.T.copy())}, lexicon=lexicon)


def common_projection(wide: FloatArray, weights: FloatArray, phrases: FloatArray) -> FloatArray:
    """Columns ``(w, t)``: as many principal components of photos and of phrases together as phrases have numbers.

    ``wide`` (n, w): photos that count as ``weights`` (n,) say; ``phrases`` (m, t), in the first ``t`` of their numbers.
    Neither side has the say: each counts one half. Not centred, for it is cosines that are to be kept.
    """
    size = phrases.shape[1]
    photos = (wide * weights[:, None]).T @ wide
    both = photos / np.trace(photos)
    texts = phrases.T @ phrases
    both[:size, :size] += texts / np.trace(texts)
    _, components = np.linalg.eigh(both)
    return np.asarray(components[:, -size:], dtype=np.float32)


def learn_lexicon(
    captions: Sequence[tuple[int, str]], concepts: Sequence[Concept], photos: Photos, heard: FloatArray,
    usual: FloatArray, options: LexiconOptions,
) -> Lexicon:  # fmt: skip
    """From captions ``(row, text)`` of ``photos``; ``heard`` (t, d) brings the text side to their space, where
    ``usual`` (d,) is the mean phrase."""
    rows_of: dict[str, set[int]] = defaultdict(set)
    for row, text in captions:
        for stem in _stems(text):
            rows_of[stem].add(row)
    kin = _of_other_names(concepts, rows_of)
    stems = sorted(stem for stem in rows_of.keys() | kin.keys() if len(rows_of[stem] | kin[stem]) >= options.least)
    precision = photos.precision(options.ridge)
    vectors = np.zeros((len(stems), len(usual)), dtype=np.float32)
    for place, stem in enumerate(stems):
        own, everyone = rows_of[stem], rows_of[stem] | kin[stem]
        apart = options.kin * photos.apart(everyone)
        if own:
            apart += len(own) * photos.apart(own)
        direction = apart @ precision
        share = options.most * len(everyone) / (len(everyone) + options.doubt)
        vectors[place] = share * direction / max(float(np.linalg.norm(direction)), 1e-12)
    keys, first = np.unique(feature_keys(stems), return_index=True)
    return Lexicon(heard, usual.astype(np.float32), precision, keys, vectors[first].astype(np.float16))


def _stems(text: str) -> list[str]:
    return [spanish.stem(word) for word in content_of(text)]


def _of_other_names(concepts: Sequence[Concept], rows_of: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """By the stem of a word that names one thing alone: rows of photos whose captions hold any name of it.

    So «lomito» finds what «perro» does.
    """
    uses = Counter(name.lower() for concept in concepts for name in concept.names)
    found: dict[str, set[int]] = defaultdict(set)
    for concept in concepts:
        names = [_stems(name) for name in concept.names if uses[name.lower()] == 1]
        rows = set().union(*(set.intersection(*(rows_of.get(stem, set()) for stem in name)) for name in names if name))
        for name in names:
            if len(name) == 1:
                found[name[0]] |= rows
    return found


class Photos:
    """Photos, and how often each counts."""

    def __init__(self, vectors: FloatArray, weights: FloatArray) -> None:
        """``vectors`` (n, d) of unit norm, ``weights`` (n,) above 0."""
        self._apart = vectors - np.average(vectors, axis=0, weights=weights)
        self._weights = weights

    def apart(self, rows: Collection[int]) -> FloatArray:
        """The mean of some photos less that of all, (d,)."""
        chosen = np.fromiter(rows, dtype=np.int64)
        return np.asarray(np.average(self._apart[chosen], axis=0, weights=self._weights[chosen]), dtype=np.float32)

    def precision(self, ridge: float) -> FloatArray:
        """Inverse covariance (d, d) in units of the mean variance, ``ridge`` of which is added before inverting."""
        covariance = (self._apart * self._weights[:, None]).T @ self._apart
        covariance /= max(float(np.trace(covariance)) / len(covariance), 1e-12)  # of one photo: nothing
        return np.asarray(np.linalg.inv(covariance + ridge * np.eye(len(covariance))), dtype=np.float32)


def lexicon_card(joint: SavedJoint, options: LexiconOptions) -> dict[str, float]:
    """What a pack's card says of a corrected joint space."""
    return {"words": 0 if joint.lexicon is None else len(joint.lexicon.keys), **asdict(options)}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--features", type=Path, required=True)
    parser.add_argument("--joint", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options, given = parse_recipe(parser, LexiconOptions(), arguments)
    joint = with_lexicon(
        Corpus(given["data"]), *load_cached_features(given["features"]), load_joint(given["joint"]), options
    )
    write_joint_weights(joint, given["out"])
    card = json.dumps(lexicon_card(joint, options))
    (given["out"] / CARD).write_text(card, encoding="utf-8")
    print(card)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
