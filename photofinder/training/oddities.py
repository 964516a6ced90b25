"""Train and measure the models that tell pictures of a screen, documents, blurred and dark photos.

    python -m photofinder.training.oddities --data CORPUS --out resources/looks/kinds.json     train, then measure
    python -m photofinder.training.oddities --data CORPUS                                      measure what ships
    … --screens FOLDER                                                              and real pictures of a screen
    … --phrases                                              and what phrases alone, or beside the models, would tell
    … --density                                                           and the density that finds odd photos

Examples are generated (``odd_examples.py``), for training from training photos, for measuring from validation photos
with other words, sizes and places. A threshold lets ``FALSE_ALARMS`` of other, untouched training photos pass.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from photofinder.albums.oddities import Density
from photofinder.library.images import EXTENSIONS
from photofinder.library.look import LOOK_VERSION, MEASURES
from photofinder.library.looks import look_at
from photofinder.library.photo_kinds import SPOKEN, KindModel, Spoken, kind_model, products
from photofinder.model.pack import Pack, load_pack
from photofinder.model.visual import VisualNetwork
from photofinder.search.kind_phrases import KindPhrases
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.odd_examples import blurred, dark, document, screenshot

FloatArray = NDArray[np.float32]
BoolArray = NDArray[np.bool_]

KIND_NAMES = ("screenshot", "document", "blurred", "dark")
FALSE_ALARMS = 0.005
"""Share of untouched photos that a threshold lets pass, for each kind."""
_SETS = ("coco", "imagenet", "sport_photos")
"""Photos of 176 pixels and more on the short side, as sharp as larger ones made small."""
_OTHERS = 1_500
"""Untouched training photos by which thresholds are chosen."""
_PHRASES = {
    "screenshot": ("captura de pantalla", "pantalla de un teléfono móvil", "pantalla de un ordenador"),
    "document": ("documento", "documento escaneado", "una hoja de papel con texto"),
    "blurred": ("foto borrosa", "foto desenfocada", "foto movida"),
    "dark": ("foto oscura", "de noche, casi no se ve nada"),
}
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
    """Fit on generated examples of some training photos; thresholds by ``_OTHERS`` others, untouched."""
    rng = np.random.default_rng(_SEED)
    photos = corpus.part("train", _SETS)
    order = rng.permutation(len(photos))
    learnt = examples(corpus, [photos[place] for place in order[: 3 * each]], each, rng)
    rest = [corpus.image(photos[place].number) for place in order[3 * each :][:_OTHERS]]
    centre, scale = learnt.measures.mean(axis=0), learnt.measures.std(axis=0) + np.float32(1e-3)
    inputs = products((learnt.measures - centre) / scale)
    weights, biases = [], []
    for kind in range(len(KIND_NAMES)):
        fitted = LogisticRegression(C=_REGULARISATION, class_weight="balanced", max_iter=400)
        fitted.fit(inputs, learnt.holds[:, kind])
        weights.append(fitted.coef_[0])
        biases.append(fitted.intercept_[0])
    none = np.zeros(len(KIND_NAMES), dtype=np.float32)
    texts = _PHRASES[SPOKEN]
    said = Saying(load_pack(), texts)(rest)
    spoken = Spoken(texts, round(float(said.mean()), 3), round(float(said.std()), 3), 0.0)
    fits = np.array(weights, dtype=np.float32), np.array(biases, dtype=np.float32)
    model = KindModel(KIND_NAMES, centre, scale, *fits, none, spoken)
    odds = model.log_odds(measured(rest))
    thresholds = np.maximum(np.quantile(odds, 1 - FALSE_ALARMS, axis=0), 0.0).astype(np.float32)
    threshold = float(np.quantile(model.with_phrases(odds, said), 1 - FALSE_ALARMS))
    return replace(model, thresholds=thresholds, spoken=replace(spoken, threshold=round(max(0.0, threshold), 3)))


class Saying:
    """What phrases say of pictures, as while photos are analysed."""

    def __init__(self, pack: Pack, texts: Sequence[str]) -> None:
        self._network, self._phrases = VisualNetwork(pack), KindPhrases(pack, texts)

    def __call__(self, images: Sequence[Image.Image]) -> FloatArray:
        """Calibrated log-odds of the best phrase, (n,)."""
        pixels = [np.ascontiguousarray(np.asarray(image.convert("RGB"))) for image in images]
        parts = [self._network(pixels[at : at + 64]).embeddings for at in range(0, len(pixels), 64)]
        said = self._phrases(np.concatenate(parts))
        if said is None:
            raise ValueError("the pack knows none of the phrases")
        return said


def write_model(path: Path, model: KindModel) -> None:
    """As JSON with four digits, which changes no log-odds by more than 0.01."""

    def rounded(values: FloatArray) -> object:
        return [float(f"{value:.4g}") for value in values] if values.ndim == 1 else [rounded(row) for row in values]

    stored = {
        "made_by": "python -m photofinder.training.oddities",
        "look_version": LOOK_VERSION,
        "measures": list(MEASURES),
        "kinds": list(model.names),
        "spoken": asdict(model.spoken),
    } | {name: rounded(getattr(model, name)) for name in ("centre", "scale", "weights", "biases", "thresholds")}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")


def measure(corpus: Corpus, model: KindModel, each: int, screens: Path | None) -> dict[str, object]:
    """AUROC against untouched validation photos; recall, precision and false alarms at the threshold that ships."""
    rng = np.random.default_rng(_SEED + 1)
    photos = corpus.part("val", ("coco",))
    saying = Saying(load_pack(), model.spoken.texts)
    margins = np.append(model.thresholds, model.spoken.threshold)

    def scores(images: Sequence[Image.Image]) -> FloatArray:
        """Log-odds (n, 4), and those of ``SPOKEN`` with phrases, above their thresholds: (n, 5)."""
        odds = model.log_odds(measured(images))
        return np.asarray(np.column_stack([odds, model.with_phrases(odds, saying(images))]) - margins, dtype=np.float32)

    plain = scores([corpus.image(photo.number) for photo in photos])
    pictures = [corpus.image(photo.number) for photo in photos[: max(each, 60)]]
    styles = ("chat", "list", "page", "windows", "gallery", "viewer", "sparse", "dialog")
    tried: dict[str, tuple[str, FloatArray]] = {
        f"screenshot: {style}": ("screenshot", scores([screenshot(pictures, rng, style) for _ in range(each)]))
        for style in styles
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
    columns = {name: [place] for place, name in enumerate(model.names)}
    columns[SPOKEN].append(len(model.names))
    truth_of = [False] * len(plain)
    for name, (kind, odds) in tried.items():
        for place in columns[kind]:
            said = ", with phrases" if place == len(model.names) else ""
            truth = np.array(truth_of + [True] * len(odds))
            report[name + said] = {
                "AUROC": round(float(roc_auc_score(truth, np.concatenate([plain[:, place], odds[:, place]]))), 4),
                "found": round(float((odds[:, place] >= 0).mean()), 3),
            }
    for kind, place in [(name, place) for name in model.names for place in columns[name]]:
        wrong = plain[:, place] >= 0
        mean = float(np.mean([(odds[:, place] >= 0).mean() for of, odds in tried.values() if of == kind]))
        said = ", with phrases" if place == len(model.names) else ""
        report[f"{kind}{said}: false alarms among {len(photos)} photos"] = {
            "share": round(float(wrong.mean()), 4),
            "precision where 1 photo in 20 is of the kind": round(
                mean * 0.05 / max(1e-9, mean * 0.05 + float(wrong.mean()) * 0.95), 3
            ),
            "photos": [photos[row].number for row in np.flatnonzero(wrong)[:12]],
        }
    return report


def measure_density(corpus: Corpus) -> dict[str, float]:
    """AUROC of ``albums.oddities.Density`` for six photos of a kind among the captioned validation photos."""
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
        every = np.concatenate([library, features(images)]).astype(np.float16)
        distances = Density.of(every).distances(every)
        found[name] = round(float(roc_auc_score(np.arange(len(distances)) >= len(library), distances)), 3)
    return found


def measure_phrases(corpus: Corpus, model: KindModel, each: int, screens: Path | None) -> dict[str, object]:
    """By phrases («captura de pantalla») in the joint space, by the models, and by both: AUROC, and the share found
    where ``FALSE_ALARMS`` of untouched training photos pass; false alarms among validation photos.

    Of both, the log-odds and what the best phrase says, in standard deviations of untouched training photos, are added.
    """
    rng = np.random.default_rng(_SEED + 3)
    photos = [corpus.image(photo.number) for photo in corpus.part("val", ("coco",))]
    others = corpus.part("train", _SETS)
    usual = [corpus.image(others[place].number) for place in rng.choice(len(others), 600, replace=False)]
    pictures = photos[: max(each, 60)]
    of_kind: dict[str, dict[str, list[Image.Image]]] = {
        "screenshot": {"drawn": [screenshot(pictures, rng) for _ in range(each)]},
        "document": {"drawn": [document(pictures, rng) for _ in range(each)]},
        "blurred": {"by 1.2 to 4 pixels": [blurred(image, rng) for image in pictures[:each]]},
        "dark": {"to 0.08 to 0.3 of its light": [dark(image, rng) for image in pictures[:each]]},
    }
    if screens is not None:
        images = [Image.open(path).convert("RGB") for path in sorted(screens.iterdir()) if path.suffix in EXTENSIONS]
        of_kind["screenshot"]["real windows"] = images
    usual_odds, plain_odds = model.log_odds(measured(usual)), model.log_odds(measured(photos))
    report: dict[str, object] = {}
    for kind, examples_of in of_kind.items():
        saying, place = Saying(load_pack(), _PHRASES[kind]), model.names.index(kind)
        of_usual = saying(usual)

        def told(
            said: FloatArray, odds: FloatArray, of_usual: FloatArray = of_usual, place: int = place
        ) -> dict[str, FloatArray]:
            far = (said - of_usual.mean()) / of_usual.std()
            return {"phrases": far, "model": odds[:, place], "both": odds[:, place] + far}

        usual_scores, plain = told(of_usual, usual_odds), told(saying(photos), plain_odds)
        for name, images in examples_of.items():
            scores = told(saying(images), model.log_odds(measured(images)))
            truth = np.arange(len(photos) + len(images)) >= len(photos)
            for way, values in scores.items():
                limit = np.quantile(usual_scores[way], 1 - FALSE_ALARMS)
                report[f"{kind}, {name}: {way}"] = {
                    "AUROC": round(float(roc_auc_score(truth, np.concatenate([plain[way], values]))), 3),
                    "found": round(float((values >= limit).mean()), 3),
                    "false alarms": round(float((plain[way] >= limit).mean()), 4),
                }
    return report


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--screens", type=Path)
    parser.add_argument("--phrases", action="store_true")
    parser.add_argument("--density", action="store_true")
    parser.add_argument("--examples", type=int, default=800)
    parser.add_argument("--measured", type=int, default=150)
    options = parser.parse_args(arguments)
    corpus = Corpus(options.data)
    model = kind_model() if options.out is None else train(corpus, options.examples)
    if options.out is not None:
        write_model(options.out, model)
    report = measure(corpus, model, options.measured, options.screens)
    if options.phrases:
        report["by phrases"] = measure_phrases(corpus, model, options.measured, options.screens)
    if options.density:
        report["density: AUROC of 6 odd photos among validation photos"] = measure_density(corpus)
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
