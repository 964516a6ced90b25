"""Correct the text side of a pack by what the photos of a corpus say of words (``photofinder.model.lexicon``).

    python -m photofinder.training.lexicon --data CORPUS --pack RUN/pack --vectors RUN/vectors \
        --out resources/models/es-laptop

The last step: in closed form, a minute once the vectors of the photos are there. Only the text side changes: photos
that were analysed with the pack stay analysed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from photofinder.model import spanish
from photofinder.model.caption import content_words
from photofinder.model.lexicon import Lexicon, feature_keys
from photofinder.model.pack import CAPTION_FILE, load_pack
from photofinder.training.calibrate import PackSpace, calibrate_text
from photofinder.training.data import Corpus
from photofinder.training.recipe import parse_recipe
from photofinder.training.saved_joint import load_joint
from photofinder.training.short_queries import named_things, photo_vectors, text_side_parser
from photofinder.training.texts import FloatArray
from photofinder.training.thesaurus import Concept, load_thesaurus
from photofinder.training.write_pack import write_text_side

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
    most: float = 0.5
    doubt: float = 10.0
    kin: float = 30.0
    ridge: float = 0.3
    everyday: float = 10.0


def learn_lexicon(
    captions: Sequence[tuple[int, str]], concepts: Sequence[Concept], photos: Photos, usual: FloatArray,
    options: LexiconOptions,
) -> Lexicon:  # fmt: skip
    """From captions ``(row, text)`` of ``photos``; ``usual`` (d,) is the mean vector of phrases."""
    rows_of: dict[str, set[int]] = defaultdict(set)
    for row, text in captions:
        for word in content_words(spanish.fold(word) for word in spanish.words(text)):
            rows_of[spanish.stem(word)].add(row)
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
    return Lexicon(usual.astype(np.float32), precision, keys, vectors[first].astype(np.float16))


def _of_other_names(concepts: Sequence[Concept], rows_of: Mapping[str, set[int]]) -> dict[str, set[int]]:
    """By the stem of a word that names one thing alone: rows of photos whose captions hold any name of it."""
    found: dict[str, set[int]] = defaultdict(set)
    for name in named_things(concepts, rows_of, least=1):
        words = spanish.words(name.text)
        if len(words) == 1:
            found[spanish.stem(spanish.fold(words[0]))].update(name.photos)
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
        covariance /= np.trace(covariance) / len(covariance)
        return np.asarray(np.linalg.inv(covariance + ridge * np.eye(len(covariance))), dtype=np.float32)


def main(arguments: list[str] | None = None) -> int:
    parser = text_side_parser(__doc__)
    options, given = parse_recipe(parser, LexiconOptions(), arguments)
    corpus, pack = Corpus(given["data"]), load_pack(given["pack"])
    captions = corpus.training_captions()
    photos = [corpus.photos[number] for number in sorted({number for number, _ in captions})]
    vectors = photo_vectors(corpus, pack, photos, given["vectors"])
    weights = np.asarray([options.everyday if photo.set == EVERYDAY else 1.0 for photo in photos], dtype=np.float32)
    row_of = {photo.number: row for row, photo in enumerate(photos)}
    joint = load_joint(given["pack"])
    usual = joint.texts([text for _, text in captions]).mean(0)
    said = [(row_of[number], text) for number, text in captions]
    lexicon = learn_lexicon(said, load_thesaurus(), Photos(vectors, weights), usual, options)
    joint = replace(joint, lexicon=lexicon)
    calibration, figures = calibrate_text(corpus, PackSpace(corpus, pack, joint))
    with np.load(pack.folder / CAPTION_FILE, allow_pickle=False) as caption:
        arrays = {**caption, **lexicon.arrays()}
    card = {"lexicon": {"words": len(lexicon.keys), **asdict(options)}}
    write_text_side(given["out"], pack, arrays, calibration, figures, card)
    print(json.dumps({"words": len(lexicon.keys), "calibration": calibration, **figures}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
