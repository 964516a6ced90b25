"""Measure a pack, through the program's own search, and the references beside it.

    python -m photofinder.training.evaluate --data CORPUS [--pack DIR]          the pack: retrieval and plain queries
    python -m photofinder.training.evaluate --data CORPUS --recipe wishes       «sin», «y», «o» and likes
    python -m photofinder.training.evaluate --data CORPUS --features RUN/features --recipe tfidf-mlp
    python -m photofinder.training.evaluate --data CORPUS --features RUN/features --recipe probe

``tfidf-mlp`` is the university course's recipe on cached features; ``probe`` fits linear classifiers on them (scene
top-1 on MiniPlaces, top-1 on tiny-imagenet).
"""

from __future__ import annotations

import argparse
import json
import re
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from photofinder.evaluation import evaluate
from photofinder.library.decoder import Decoder
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack, load_pack
from photofinder.model.visual import PhotoVectors
from photofinder.progress import follow
from photofinder.training.caption import load_cached_features
from photofinder.training.certainty import by_word
from photofinder.training.course_recipe import evaluate_course_recipe
from photofinder.training.data import Corpus
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.photo_wishes import measure_with_photo
from photofinder.training.texts import FloatArray, IntArray
from photofinder.training.wishes import choose_without, measure_likes, measure_wishes

PLAIN_QUERIES = {
    "perro": r"\b(perr(o|a|it[oa])s?\b(?! caliente)|cachorr)",
    "playa": r"\b(playas?|mar|surf\w*|costa|arena)\b",
    "bicicleta": r"\b(bici|cicl)",
    "tren": r"\b(tren(es)?|locomotoras?|vag(ón|ones)|metro)\b",
    "comida": r"\b(comidas?\b|comiendo|platos?\b|pizza|s[aá]ndwich|ensalada|postre|pastel|tarta|hamburguesa|desayuno|"
    r"almuerzo|fruta|verdura|sopa|donas?\b|pollo|hot dog|perritos? caliente|papas|quesos?\b|pan\b|bocadillo|cenas?\b)",
    "niños jugando": r"\b(niñ|nen[ea]s?\b|beb[eé]|infantil|chic[oa]s\b)",
}
"""Six plain searches, each with what the captions of a right photo say (a proxy for looking at the photos)."""


def export_validation(corpus: Corpus, folder: Path) -> Path:
    """Write the photos of the figure of merit as files, and their captions as a TSV that ``evaluate`` reads."""
    wanted = {photo.number for photo in corpus.gallery()}
    for number in wanted:
        (folder / f"{number:06d}.webp").write_bytes(corpus.encoded(number))
    lines = [f"{number:06d}.webp\t{text}" for number, text in corpus.captions if number in wanted]
    captions = folder.parent / "captions.tsv"
    captions.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return captions


def retrieval_through_the_program(corpus: Corpus, folder: Path, pack: Pack) -> dict[str, float]:
    """What ``photofinder evaluate`` says of the validation photos, exported to the empty ``folder``."""
    captions = export_validation(corpus, folder)
    with Decoder() as decoder:
        run = evaluate(folder, captions, pack, decoder)
        return follow(run, "es", silent=True).figures()


def plain_query_precision(corpus: Corpus, pack: Pack, seen: PhotoVectors, k: int = 10) -> dict[str, float]:
    """Share of the first ``k`` photos whose captions say what each plain query asks for; ``seen``: the gallery."""
    photos = corpus.gallery()
    said: dict[int, str] = {}
    for number, text in corpus.captions:
        said[number] = f"{said.get(number, '')} {text.lower()}"
    regressor = CaptionRegressor(pack)
    precision = {}
    for query, pattern in PLAIN_QUERIES.items():
        vector = regressor(query).vector
        if vector is None:
            raise ValueError(f"{query}: not one word is known to the pack")
        best = np.argsort(-seen.embeddings @ vector)[:k]
        precision[query] = float(np.mean([bool(re.search(pattern, said[photos[i].number])) for i in best]))
    return precision


@dataclass(frozen=True, slots=True)
class WordFigures:
    """Searches for one thing: how many, and means over them, in [0, 1]."""

    searches: int
    precision_at_10: float
    average_precision: float


def word_figures(corpus: Corpus, pack: Pack, seen: PhotoVectors, least: int = 5, most: int = 100) -> WordFigures:
    """Every named concept that the captions of ``least`` to ``most`` photos of the gallery name, by its first name.

    Six plain queries are too few to choose by; captions leave out much that photos show, so the true precision is
    higher.
    """
    chances, right = by_word(corpus, pack, corpus.gallery(), seen)
    if not len(right):
        return WordFigures(0, 0.0, 0.0)
    counted = right.sum(1)
    asked = (least <= counted) & (counted <= most)
    found = np.take_along_axis(right, np.argsort(-chances, axis=1, kind="stable"), axis=1)[asked]
    precision = np.cumsum(found, axis=1) / np.arange(1, found.shape[1] + 1)
    average = (precision * found).sum(1) / found.sum(1)
    return WordFigures(len(found), float(found[:, :10].mean()), float(average.mean()))


def linear_probe(corpus: Corpus, features: FloatArray, photo_of_row: IntArray, set_name: str) -> float:
    """Top-1 of a logistic regression on the whole views of a labelled set, trained on its training photos."""
    first: dict[int, int] = {}
    for row, number in enumerate(photo_of_row.tolist()):
        first.setdefault(number, row)
    split = {}
    for part in ("train", "val"):
        photos = corpus.part(part, [set_name])
        rows = np.asarray([first[photo.number] for photo in photos])
        split[part] = (np.asarray(features[rows], dtype=np.float32), [photo.label for photo in photos])
    scaler = StandardScaler().fit(split["train"][0])
    probe = LogisticRegression(C=0.01, max_iter=200).fit(scaler.transform(split["train"][0]), split["train"][1])
    return float(probe.score(scaler.transform(split["val"][0]), split["val"][1]))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pack", type=Path)
    parser.add_argument("--features", type=Path)
    parser.add_argument("--recipe", choices=["pack", "wishes", "tfidf-mlp", "probe"], default="pack")
    options = parser.parse_args(arguments)
    corpus = Corpus(options.data)
    report: dict[str, object] = {"recipe": options.recipe}
    if options.recipe == "pack":
        pack = load_pack(options.pack)
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "photos"
            folder.mkdir()
            report |= retrieval_through_the_program(corpus, folder, pack)
        seen = pack_vectors(corpus, pack, corpus.gallery())
        report["plain_queries"] = plain_query_precision(corpus, pack, seen)
        report["words"] = asdict(word_figures(corpus, pack, seen))
    elif options.recipe == "wishes":
        pack = load_pack(options.pack)
        report |= {"«sin», chosen on training photos": choose_without(corpus, pack)}
        report |= measure_wishes(corpus, pack) | measure_with_photo(corpus, pack)
        report |= {"likes, precision at 20": measure_likes(corpus, pack)}
    else:
        if options.features is None:
            parser.error(f"--recipe {options.recipe} needs --features")
        features, photo = load_cached_features(options.features)
        if options.recipe == "tfidf-mlp":
            report |= asdict(evaluate_course_recipe(corpus, features, photo))
        else:
            report |= {name: linear_probe(corpus, features, photo, name) for name in ("miniplaces", "tiny_imagenet")}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
