"""A photo and words together: «[foto] pero Z» and «[foto] sin Y», by the rules of the program and by parts of them.

The photo asked with shows X by its captions, and not Z, or Y too; right are photos that show X and Z, or X without Y.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.calibration import calibration, similar_weights
from photofinder.search.scoring import all_of, but_not
from photofinder.training.data import Corpus
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.wishes import CONCEPTS, Gallery, gallery

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
K = 10
_ASKED = 3
"""Photos that each pair of concepts is asked with, at most."""


def measure_with_photo(corpus: Corpus, pack: Pack, part: str = "val") -> dict[str, object]:
    """Precision@10 over pairs of concepts, of captioned photos of ``part``."""
    shown = gallery(corpus, pack, part)
    captioned = {number for number, _ in corpus.captions}
    photos = [photo for photo in corpus.part(part, ["coco"]) if photo.number in captioned]
    features = pack_vectors(corpus, pack, photos).features
    regressor, of_text, of_photo = CaptionRegressor(pack), calibration(pack, "text"), calibration(pack, "photo")
    weights = similar_weights(pack)

    def words(phrase: str) -> FloatArray:
        vector = regressor(phrase).vector
        if vector is None:
            raise ValueError(f"{phrase}: not one word is known to the pack")
        return of_text.logit(shown.embeddings @ vector)

    def like(row: int) -> FloatArray:
        cosines = np.float32(weights.feature) * (features @ features[row])
        return of_photo.logit(cosines + np.float32(weights.embedding) * (shown.embeddings @ shown.embeddings[row]))

    of_concept = {name: words(name) for name in CONCEPTS}
    return {
        "[photo] pero Z": _measured(
            shown,
            lambda x, z: (x & ~z, x & z),
            {
                "photo alone": lambda row, z: like(row),
                "words alone": lambda row, z: of_concept[z],
                "both (chosen)": lambda row, z: all_of([like(row), of_concept[z]]),
            },
        ),
        "[photo] sin Y": _measured(
            shown,
            lambda x, y: (x & y, x & ~y),
            {
                "photo alone": lambda row, y: like(row),
                "chosen": lambda row, y: but_not(like(row), [of_concept[y]], [1.0]),
            },
        ),
    }


def _measured(
    shown: Gallery,
    split: Callable[[BoolArray, BoolArray], tuple[BoolArray, BoolArray]],
    methods: dict[str, Callable[[int, str], FloatArray]],
) -> dict[str, object]:
    """``split``: of two concepts the photos to ask with, and those that are right."""
    rng = np.random.default_rng(4)
    found: dict[str, list[float]] = {name: [] for name in methods}
    pairs = 0
    for x, y in ((x, y) for x in CONCEPTS for y in CONCEPTS if x != y):
        able, right = split(shown.shows[x], shown.shows[y])
        if able.sum() < 1 or right.sum() < K or (shown.shows[x] & shown.shows[y]).sum() < 5:
            continue
        pairs += 1
        for row in rng.permutation(np.flatnonzero(able))[:_ASKED].tolist():
            for name, method in methods.items():
                scores = method(row, y).copy()
                scores[row] = -np.inf
                found[name].append(float(right[np.argsort(-scores, kind="stable")[:K]].mean()))
    values = {name: np.array(some) for name, some in found.items()}
    *_, last = values.values()
    gain = last - values["photo alone"]
    return (
        {"pairs": pairs, "searches": len(gain)}
        | {name: round(float(some.mean()), 4) for name, some in values.items()}
        | {"gain over the photo alone": [round(float(gain.mean()), 4), round(float(gain.std() / len(gain) ** 0.5), 4)]}
    )
