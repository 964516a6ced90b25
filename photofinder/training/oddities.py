"""Train and measure the models that tell pictures of a screen, documents, blurred and dark photos.

    python -m photofinder.training.oddities --data CORPUS --out resources/looks/kinds.json     train, then measure
    python -m photofinder.training.oddities --data CORPUS                                      measure what ships
    … --screens FOLDER                                                              and real pictures of a screen
    … --density                                                           and the density that finds odd photos

Examples are generated (``odd_examples.py``), for training from training photos, for measuring from validation photos
with other words, sizes and places. A threshold lets ``FALSE_ALARMS`` of other, untouched training photos pass.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from photofinder.albums.oddities import oddness
from photofinder.library.images import EXTENSIONS
from photofinder.library.look import LOOK_VERSION, MEASURES
from photofinder.library.looks import look_at
from photofinder.library.photo_kinds import KindModel, kind_model, products
from photofinder.model.pack import load_pack
from photofinder.model.visual import VisualNetwork
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.odd_examples import blurred, dark, document, screenshot

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

KIND_NAMES = ("screenshot", "document", "blurred", "dark")
FALSE_ALARMS = 0.005
"""Share of untouched photos that a threshold lets pass, for each kind."""
_SETS = ("coco", "imagenet", "sport_photos")
"""Photos of 176 pixels and more on the short side, as sharp as larger ones made small."""
_REGULARISATION = 0.03
_SEED = 11


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """``measures`` (n, 25) and for each of ``KIND_NAMES`` whether it holds (n, 4)."""

    measures: FloatArray
    holds: BoolArray


def measured(images: Sequence[Image.Image]) -> FloatArray:
    """``look.MEASURES`` of each, ``(n, 25)``."""
    return np.stack([look_at(np.asarray(image.convert("RGB"))).measures for image in images])


def examples(corpus: Corpus, photos: Sequence[CorpusPhoto], each: int, rng: np.random.Generator) -> Examples:
    """The photos as they are, and ``each`` generated ones of every kind."""

    def some(make: Callable[[Image.Image, np.random.Generator], Image.Image]) -> FloatArray:
        chosen = rng.choice(len(photos), each, replace=each > len(photos))
        return measured([make(corpus.image(photos[place].number), rng) for place in chosen])

    chosen = [corpus.image(photos[place].number) for place in rng.choice(len(photos), min(200, len(photos)), False)]
    parts = [
        measured([corpus.image(photo.number) for photo in photos]),
        measured([screenshot(chosen, rng) for _ in range(each)]),
        measured([document(chosen, rng) for _ in range(each)]),
        some(lambda image, rng: blurred(image, rng)),
        some(lambda image, rng: dark(image, rng)),
        some(lambda image, rng: dark(blurred(image, rng), rng)),
    ]
    holds = [(), (0,), (1,), (2,), (3,), (2, 3)]
    marks = np.zeros((sum(map(len, parts)), len(KIND_NAMES)), dtype=np.bool_)
    start = 0
    for part, kinds in zip(parts, holds, strict=True):
        marks[start : start + len(part), list(kinds)] = True
        start += len(part)
    return Examples(np.concatenate(parts), marks)


def train(corpus: Corpus, each: int) -> KindModel:
    """Fit on generated examples of three quarters of the training photos; thresholds by the others, untouched."""
    rng = np.random.default_rng(_SEED)
    photos = corpus.part("train", _SETS)
    order = rng.permutation(len(photos))[: 4 * each]
    cut = 3 * len(order) // 4
    learnt = examples(corpus, [photos[place] for place in order[:cut]], each, rng)
    others = measured([corpus.image(photos[place].number) for place in order[cut:]])
    centre, scale = learnt.measures.mean(axis=0), learnt.measures.std(axis=0) + np.float32(1e-3)
    inputs = products((learnt.measures - centre) / scale)
    weights, biases = [], []
    for kind in range(len(KIND_NAMES)):
        fitted = LogisticRegression(C=_REGULARISATION, class_weight="balanced", max_iter=400)
        fitted.fit(inputs, learnt.holds[:, kind])
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    none = np.zeros(len(KIND_NAMES), dtype=np.float32)
    model = KindModel(
        KIND_NAMES,
        centre,
        scale,
        np.array(weights, dtype=np.float32),
        np.array(biases, dtype=np.float32),
        none,
    )
    thresholds = np.maximum(np.quantile(model.log_odds(others), 1 - FALSE_ALARMS, axis=0), 0.0)
    return KindModel(KIND_NAMES, centre, scale, model.weights, model.biases, thresholds.astype(np.float32))


def write_model(path: Path, model: KindModel) -> None:
    """As JSON with four digits, which changes no log-odds by more than 0.01."""

    def rounded(values: FloatArray) -> object:
        return [float(f"{value:.4g}") for value in values] if values.ndim == 1 else [rounded(row) for row in values]

    stored = {
        "made_by": "python -m photofinder.training.oddities",
        "look_version": LOOK_VERSION,
        "measures": list(MEASURES),
        "kinds": list(model.names),
    } | {name: rounded(getattr(model, name)) for name in ("centre", "scale", "weights", "biases", "thresholds")}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


def measure(corpus: Corpus, model: KindModel, each: int, screens: Path | None) -> dict[str, object]:
    """AUROC against untouched validation photos; recall, precision and false alarms at the threshold that ships."""
    rng = np.random.default_rng(_SEED + 1)
    photos = corpus.part("val", ("coco",))
    plain = model.log_odds(measured([corpus.image(photo.number) for photo in photos]))
    pictures = [corpus.image(photo.number) for photo in photos[: max(each, 60)]]

    def scores(images: Sequence[Image.Image]) -> FloatArray:
        return model.log_odds(measured(images))

    tried: dict[str, tuple[str, FloatArray]] = {
        f"screenshot: {style}": ("screenshot", scores([screenshot(pictures, rng, style) for _ in range(each)]))
        for style in ("chat", "list", "page", "windows", "gallery")
    }
    for name, scanned in (("scanned", True), ("photographed", False)):
        tried[f"document: {name}"] = ("document", scores([document(pictures, rng, scanned) for _ in range(each)]))
    for strength in (0.8, 1.2, 2.0, 3.0, 4.0):
        shown = [blurred(image, rng, strength) for image in pictures[:each]]
        tried[f"blurred by {strength} pixels"] = ("blurred", scores(shown))
    for light in (0.4, 0.3, 0.2, 0.1):
        tried[f"dark: {light} of its light"] = ("dark", scores([dark(image, rng, light) for image in pictures[:each]]))
    if screens is not None:
        images = [Image.open(path).convert("RGB") for path in sorted(screens.iterdir()) if path.suffix in EXTENSIONS]
        tried["screenshot: real windows"] = ("screenshot", scores(images))
    report: dict[str, object] = {}
    for name, (kind, odds) in tried.items():
        place = model.names.index(kind)
        found = odds[:, place] >= model.thresholds[place]
        truth = np.concatenate([np.zeros(len(plain)), np.ones(len(odds))])
        report[name] = {
            "AUROC": round(float(roc_auc_score(truth, np.concatenate([plain[:, place], odds[:, place]]))), 4),
            "found": round(float(found.mean()), 3),
        }
    for place, kind in enumerate(model.names):
        wrong = plain[:, place] >= model.thresholds[place]
        of_kind = [odds[:, place] >= model.thresholds[place] for of, odds in tried.values() if of == kind]
        mean = float(np.mean([found.mean() for found in of_kind]))
        report[f"{kind}: false alarms among {len(photos)} photos"] = {
            "share": round(float(wrong.mean()), 4),
            "precision where 1 photo in 20 is of the kind": round(
                mean * 0.05 / max(1e-9, mean * 0.05 + float(wrong.mean()) * 0.95), 3
            ),
            "photos": [photos[row].number for row in np.flatnonzero(wrong)[:12]],
        }
    return report


def measure_density(corpus: Corpus) -> dict[str, float]:
    """AUROC of ``albums.oddities.oddness`` for six photos of a kind among the captioned validation photos."""
    rng = np.random.default_rng(_SEED + 2)
    network = VisualNetwork(load_pack())
    pictures = [corpus.image(photo.number) for photo in corpus.part("val", ("coco",))]

    def features(images: Sequence[Image.Image]) -> FloatArray:
        pixels = [np.ascontiguousarray(np.asarray(image.convert("RGB"))) for image in images]
        return np.concatenate([network(pixels[start : start + 64]).features for start in range(0, len(pixels), 64)])

    library = features(pictures)
    found = {}
    for name, images in {
        "screenshot": [screenshot(pictures, rng) for _ in range(6)],
        "document": [document(pictures, rng) for _ in range(6)],
        "blurred": [blurred(image, rng, 4.0) for image in pictures[:6]],
        "dark": [dark(image, rng, 0.1) for image in pictures[:6]],
    }.items():
        distances = oddness(np.concatenate([library, features(images)]).astype(np.float16))
        found[name] = round(float(roc_auc_score(np.arange(len(distances)) >= len(library), distances)), 3)
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--screens", type=Path)
    parser.add_argument("--density", action="store_true")
    parser.add_argument("--examples", type=int, default=800)
    parser.add_argument("--measured", type=int, default=150)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.data)
    if options.out is not None:
        write_model(options.out, train(corpus, options.examples))
        kind_model.cache_clear()
    report = measure(corpus, kind_model(), options.measured, options.screens)
    if options.density:
        report["density: AUROC of 6 odd photos among validation photos"] = measure_density(corpus)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
