"""Where answers are sure, and where they end: precision of what the shipped pack finds among validation photos.

``python -m photofinder.training.certainty CORPUS [PACK]`` prints, for thresholds of the calibrated probability, how
many of the photos above are right and how many right ones are above. ``search/certainty.py`` keeps the chosen ones.
A photo is right for a word when one of its captions names it: captions leave out much that photos show, so the
true precision is higher. A photo is right for a photo when both have the same label of the same set. Of phrases of two
things it tells how many photos are sure, by the whole phrase and with ``certainty.doubt``.
"""

from __future__ import annotations

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack, load_pack
from photofinder.model.visual import PhotoVectors
from photofinder.search.calibration import calibration, probability, similar_weights
from photofinder.search.certainty import WORDS, doubt, less_sure
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.supervision import lines
from photofinder.training.texts import stems
from photofinder.training.thesaurus import split
from photofinder.training.wishes import CONCEPTS, ONE_THING, Gallery, gallery

THRESHOLDS = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)

Probabilities = NDArray[np.float64]
Right = NDArray[np.bool_]


def main(arguments: list[str] | None = None) -> int:
    """The command; 0."""
    given = sys.argv[1:] if arguments is None else arguments
    corpus = Corpus(Path(given[0]))
    pack = load_pack(Path(given[1]) if len(given) > 1 else None)
    coco = corpus.part("val", ["coco"])
    _print("words", *by_word(corpus, pack, coco, pack_vectors(corpus, pack, coco)))
    _print_pairs(*by_pair(pack, gallery(corpus, pack, "val")))
    labelled = [photo for photo in corpus.part("val") if photo.label]
    _print("photos", *by_photo(pack, labelled, pack_vectors(corpus, pack, labelled)))
    return 0


def by_word(
    corpus: Corpus, pack: Pack, photos: list[CorpusPhoto], vectors: PhotoVectors
) -> tuple[Probabilities, Right]:
    """``(concepts, photos)``: how likely each photo answers each concept that captions name, and whether one does."""
    said = {photo.number: " " for photo in photos}
    for number, text in corpus.captions:
        if number in said:
            said[number] += stems(text) + " | "
    concepts = [split(row[1], ";") for row in lines(corpus.folder / "spanish" / "concepts.tsv")]
    regressor, fit = CaptionRegressor(pack), calibration(pack, "text")
    chances, right = [], []
    for names in concepts:
        stemmed = [stems(name) for name in names]
        named = np.asarray([any(f" {name} " in text for name in stemmed) for text in said.values()])
        vector = regressor(names[0]).vector
        if named.any() and vector is not None:
            chances.append(probability(fit.logit(vectors.embeddings @ vector)))
            right.append(named)
    return np.asarray(chances), np.asarray(right)


def by_photo(pack: Pack, photos: list[CorpusPhoto], vectors: PhotoVectors) -> tuple[Probabilities, Right]:
    """``(photos, photos)``: how likely each is like each other of its set, and whether their labels agree."""
    weights, fit = similar_weights(pack), calibration(pack, "photo")
    cosines = weights.feature * (vectors.features @ vectors.features.T)
    cosines += weights.embedding * (vectors.embeddings @ vectors.embeddings.T)
    sets = np.asarray([photo.set for photo in photos])
    labels = np.asarray([photo.label for photo in photos])
    comparable = (sets[:, None] == sets[None, :]) & ~np.eye(len(photos), dtype=bool)
    chances = np.where(comparable, probability(fit.logit(cosines.astype(np.float32))), 0.0)
    return chances, comparable & (labels[:, None] == labels[None, :])


def by_pair(pack: Pack, shown: Gallery, least: int = 5) -> tuple[Probabilities, Probabilities, Right]:
    """``(pairs, photos)`` of phrases of two things, each of which ``least`` photos show: how likely each photo answers
    by the whole phrase, the same as the program tells it, and whether the photo shows both.
    """
    regressor, fit = CaptionRegressor(pack), calibration(pack, "text")
    names = [name for name in CONCEPTS if shown.shows[name].sum() >= least]
    by_whole, told, both = [], [], []
    for x, y in combinations(names, 2):
        phrase = regressor(f"{x} y {y}")
        if (x, y) in ONE_THING or phrase.vector is None:
            continue
        whole = fit.logit(shown.embeddings @ phrase.vector)
        by_whole.append(probability(whole))
        told.append(less_sure(whole, doubt(whole, fit.logit(phrase.content @ shown.embeddings.T))))
        both.append(shown.shows[x] & shown.shows[y])
    return np.asarray(by_whole), np.asarray(told), np.asarray(both)


def _print_pairs(by_whole: Probabilities, told: Probabilities, both: Right) -> None:
    count = both.sum(1)
    for what, some in (("none", count == 0), ("1 to 4", (count > 0) & (count < 5)), ("5 and more", count >= 5)):
        print(f"pairs of things that {what} of {both.shape[1]} photos show: {some.sum()}")
        for how, chances in (("by the whole phrase", by_whole), ("as it is told", told)):
            sure = chances[some] >= WORDS.sure
            right = (sure & both[some]).sum()
            shares = f"precision {right / max(1, sure.sum()):.3f}, recall {right / max(1, both[some].sum()):.3f}"
            print(f"  sure {how}: {sure.sum(1).mean():.2f} a search, any in {sure.any(1).mean():.2f} of them; {shares}")


def _print(what: str, chances: Probabilities, right: Right) -> None:
    print(
        f"{what}: {len(chances)} searches among {chances.shape[1]} photos, {right.sum() / len(chances):.1f} right each"
    )
    print("threshold  precision  recall  photos a search  searches without an answer")
    for threshold in THRESHOLDS:
        above = chances >= threshold
        count = int(above.sum())
        precision = (right & above).sum() / max(1, count)
        recall = (right & above).sum() / right.sum()
        empty = (above.sum(1) == 0).mean()
        print(f"{threshold:9.2f}  {precision:9.3f}  {recall:6.3f}  {count / len(chances):15.1f}  {empty:.3f}")


if __name__ == "__main__":
    sys.exit(main())
