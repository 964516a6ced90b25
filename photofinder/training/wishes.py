"""How wishes combine: «X sin Y», «X y Y», «X o Y», and answers that were called right or wrong.

What a photo shows is judged by its captions, with patterns: whether Y is not mentioned is a proxy for its absence, and
counts against every method alike. Weights were chosen on captioned training photos; the figures are of validation.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from photofinder.albums.classifier import average_precision
from photofinder.model.caption import CaptionRegressor
from photofinder.model.pack import Pack
from photofinder.search.calibration import calibration
from photofinder.search.scoring import any_of, but_not, by_likes, unwanted_loss
from photofinder.training.data import Corpus, CorpusPhoto
from photofinder.training.pack_vectors import pack_vectors
from photofinder.training.texts import FloatArray

BoolArray = NDArray[np.bool_]
K = 10
CONCEPTS = {
    "perro": r"\bperr|cachorr", "gato": r"\bgat[oa]|gatit",
    "gente": r"person|gente|hombre|mujer|niñ|chic[oa]|señor|joven|jugador|beb[eé]|muchach|tenista|surfist|esquiador|"
    r"ciclist|bateador|familia|pareja|grupo|amig|público|turist|madre|padre|skater|patinador|jinete|hij[oa]|anciano|nen[ea]",
    "hombre": r"\bhombre|señor\b|chico|muchacho",
    "mujer": r"mujer|señora|chica|muchacha", "niños": r"niñ|nen[ea]|beb[eé]",
    "coches": r"coche|\bautos?\b|carro|camioneta|vehículo|taxi", "bicicleta": r"bici|cicl(?!o)", "moto": r"\bmoto",
    "tren": r"\btren|vag[oó]n|locomotora", "autobús": r"autob[uú]s|\bbus|colectivo", "playa": r"playa|\barena",
    "mar": r"\bmar\b|\bolas?\b|océano|playa", "agua": r"agua|\bmar\b|\blago|\brío|\bola", "nieve": r"nieve|nevad",
    "árboles": r"árbol|palmera|bosque", "hierba": r"hierba|césped|pasto|pradera|prado",
    "calle": r"calle|carretera|avenida|acera|ciudad", "edificios": r"edific|casa\b|torre|iglesia|ciudad",
    "mesa": r"\bmesa", "silla": r"\bsill[ao]", "pizza": r"pizza",
    "comida": r"comida|plato|pizza|s[aá]ndwich|ensalada|postre|pastel|tarta|hamburg|sopa|dona|"
    r"pollo|verdura|fruta|carne|queso",
    "verduras": r"verdura|ensalada|br[oó]coli|zanahoria|lechuga|tomate|vegetal", "pastel": r"pastel|tarta",
    "fruta": r"frut|manzana|naranja|plátano|banana|mandarina|fresa", "plato": r"plato", "botella": r"botella",
    "vaso": r"vaso|copa|taza", "cama": r"\bcama|colcha", "sofá": r"sof[aá]|sillón", "ventana": r"ventan",
    "ordenador": r"ordenador|computador|port[aá]til|laptop|teclado|monitor", "móvil": r"móvil|celular|tel[eé]fono",
    "tabla de surf": r"surf|tabla", "tenis": r"tenis|raqueta", "béisbol": r"b[eé]isbol|bate\b|bateador",
    "esquí": r"esqu[ií]", "monopatín": r"monopat|patinet|skate", "gorra": r"gorr[ao]|casco|sombrero",
    "paraguas": r"paraguas|sombrilla", "caballo": r"caball", "elefante": r"elefant", "jirafa": r"jiraf",
    "cebra": r"cebra",
    "vaca": r"\bvaca|ganado", "oveja": r"ovej", "pájaro": r"p[aá]jar|\baves?\b|paloma|gaviota", "flores": r"flor",
    "reloj": r"reloj", "semáforo": r"sem[aá]foro", "señal": r"señal|cartel|letrero",
    "barco": r"barco|bote|lancha|velero",
    "avión": r"avi[oó]n|avioneta", "cielo": r"cielo|nubes", "montañas": r"montañ|nevad|cerro", "banco": r"\bbanc[oa]",
    "baño": r"\bbaño|inodoro|lavabo|ducha|retrete", "cocina": r"cocina|horno|nevera|fregadero",
    "noche": r"noche|nocturn|oscur", "blanco y negro": r"blanco y negro|monocrom",
}  # fmt: skip
"""What is searched, and what the captions of a photo that shows it say."""

ONE_THING = {("playa", "mar"), ("mar", "playa"), ("mar", "agua"), ("agua", "mar")}


@dataclass(frozen=True, slots=True)
class Gallery:
    """Unit embeddings ``(n, d)`` and what each photo shows by its captions, ``(n,)`` a concept."""

    embeddings: FloatArray
    shows: dict[str, BoolArray]


def gallery(corpus: Corpus, pack: Pack, part: str) -> Gallery:
    """The captioned COCO photos of ``"val"`` or ``"train"``."""
    said: dict[int, str] = defaultdict(str)
    for number, text in corpus.captions:
        said[number] += f" | {text.lower()}"
    photos = [photo for photo in corpus.part(part, ["coco"]) if photo.number in said]
    shows = {
        name: np.asarray([bool(re.search(pattern, said[photo.number])) for photo in photos])
        for name, pattern in CONCEPTS.items()
    }
    return Gallery(pack_vectors(corpus, pack, photos).embeddings, shows)


def measure_wishes(corpus: Corpus, pack: Pack) -> dict[str, object]:
    """Precision@10 over pairs of concepts: «sin», «y», «o», each beside what else was tried."""
    shown, text = gallery(corpus, pack, "val"), CaptionRegressor(pack)
    calibrated = calibration(pack, "text")

    @cache
    def logit(phrase: str) -> FloatArray:
        return calibrated.logit(shown.embeddings @ _known(text, phrase))

    without = _pairs(shown, _enough_without, ordered=True)
    both = _pairs(shown, lambda x, y: K <= (x & y).sum() < 0.7 * min(x.sum(), y.sum()))
    either = _pairs(shown, lambda x, y: min(x.sum(), y.sum()) >= 8 and (x & y).sum() < 0.05 * min(x.sum(), y.sum()))

    def figures(pairs: list[tuple[str, str]], right: _Right, methods: dict[str, _Method]) -> dict[str, object]:
        values = {name: _precisions(shown, pairs, right, method) for name, method in methods.items()}
        return {"pairs": len(pairs)} | {name: round(float(value.mean()), 4) for name, value in values.items()}

    def no_y(x: str, y: str) -> FloatArray:
        return but_not(logit(x), [logit(y)], [1.0])

    beside: dict[str, _Method] = {"X": lambda x, y: logit(x), "chosen": no_y}
    unwanted = {
        f"unwanted, {name}": round(float(_precisions(shown, without, lambda x, y: y, method).mean()), 4)
        for name, method in beside.items()
    }
    firsts = {name: _precisions(shown, without, _not, method) for name, method in beside.items()}
    averages = {name: _average_precisions(shown, without, _not, method) for name, method in beside.items()}
    return {
        "X sin Y": figures(without, _not, {
            "X": lambda x, y: logit(x),
            "one phrase": lambda x, y: logit(f"{x} sin {y}"),
            "vectors subtracted, 0.25": lambda x, y: logit(x) - 0.25 * logit(y),
            "vectors subtracted, 0.5": lambda x, y: logit(x) - 0.5 * logit(y),
            "left out above 50 %": lambda x, y: logit(x) - 100 * (logit(y) > 0),
            "chosen": no_y,
        }) | unwanted | {
            "gain over X": _with_error(firsts["chosen"] - firsts["X"]),
            "average precision": {name: round(float(values.mean()), 4) for name, values in averages.items()},
            "gain in average precision": _with_error(averages["chosen"] - averages["X"]),
        },
        "X y Y": figures(both, np.logical_and, {
            "one phrase (chosen)": lambda x, y: logit(f"{x} y {y}"),
            "mean": lambda x, y: logit(x) + logit(y),
            "least": lambda x, y: np.minimum(logit(x), logit(y)),
        }),
        "X o Y": figures(either, np.logical_or, {
            "one phrase": lambda x, y: logit(f"{x} o {y}"),
            "mean": lambda x, y: logit(x) + logit(y),
            "best, or the whole (chosen)": lambda x, y: any_of([logit(x), logit(y), logit(f"{x} o {y}")]),
        }),
    }  # fmt: skip


def choose_without(corpus: Corpus, pack: Pack) -> dict[str, object]:
    """Weight and shift of «sin» by the mean average precision of the captioned training photos, beside plain «X».

    By the whole order, since precision@10 of so few photos hangs on single ones: two roundings of the same network
    differ by one and a half points in it.
    """
    shown, text = gallery(corpus, pack, "train"), CaptionRegressor(pack)
    calibrated = calibration(pack, "text")
    pairs = _pairs(shown, _enough_without, ordered=True)
    logits = {name: calibrated.logit(shown.embeddings @ _known(text, name)) for name in CONCEPTS}
    plain = _average_precisions(shown, pairs, _not, lambda x, y: logits[x])

    def gain(weight: float, shift: float) -> FloatArray:
        def weighed(x: str, y: str) -> FloatArray:
            return logits[x] - unwanted_loss(logits[y], weight, shift)

        return _average_precisions(shown, pairs, _not, weighed) - plain

    tried = [(weight, shift) for weight in (0.2, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0) for shift in (0, 1, 2, 3, 4, 5, 6, 8)]
    best = max(tried, key=lambda one: float(gain(*one).mean()))
    return {
        "pairs": len(pairs),
        "chosen weight, shift": best,
        "average precision of X": round(float(plain.mean()), 4),
        "gain": _with_error(gain(*best)),
    }


def measure_likes(corpus: Corpus, pack: Pack, classes: int = 60, each: int = 50) -> dict[str, float]:
    """Precision@20 of a search for three classes at once of which the person wants one, before and after likes.

    Labelled training photos (validation has too few of a class). The first right and wrong answers are called so and
    left out of the figure.
    """
    rng = np.random.default_rng(0)
    by_class: dict[tuple[str, str], list[CorpusPhoto]] = defaultdict(list)
    for photo in corpus.part("train", ["miniplaces", "sports100", "caltech101", "clothing"]):
        by_class[photo.set, photo.label].append(photo)
    names = [name for name in sorted(by_class) if len(by_class[name]) >= each]
    names = [names[place] for place in rng.permutation(len(names))[:classes]]
    photos = [by_class[name][place] for name in names for place in rng.permutation(len(by_class[name]))[:each]]
    kind = np.asarray([names.index((photo.set, photo.label)) for photo in photos])
    embeddings = pack_vectors(corpus, pack, photos).embeddings
    regressor, calibrated = CaptionRegressor(pack), calibration(pack, "text")
    firsts = [photos[int(np.argmax(kind == number))] for number in range(len(names))]
    asked = [calibrated.logit(_cosines(photo, regressor, embeddings)) for photo in firsts]
    report: dict[str, float] = {}
    for liked, disliked in ((0, 0), (1, 0), (1, 1), (2, 2), (5, 5)):
        found = []
        for number in range(len(names)):
            logit = any_of([asked[number], asked[number - 7], asked[number - 13]])
            order, right = np.argsort(-logit, kind="stable"), kind == number
            yes, no = order[right[order]][:liked], order[~right[order]][:disliked]
            if liked or disliked:
                cosines = ([embeddings @ embeddings[one] for one in some] for some in (yes, no))
                logit = logit + by_likes(*cosines)
            logit = logit.copy()
            logit[np.concatenate([yes, no])] = -np.inf
            found.append(right[np.argsort(-logit, kind="stable")[:20]].mean())
        report[f"{liked} liked, {disliked} disliked"] = round(float(np.mean(found)), 4)
    return report


_Right = Callable[[BoolArray, BoolArray], BoolArray]
_Method = Callable[[str, str], FloatArray]


def _enough_without(x: BoolArray, y: BoolArray) -> bool:
    return bool((x & y).sum() >= 5 and (x & ~y).sum() >= K)


def _not(x: BoolArray, y: BoolArray) -> BoolArray:
    return x & ~y


def _pairs(
    shown: Gallery, fits: Callable[[BoolArray, BoolArray], bool], ordered: bool = False
) -> list[tuple[str, str]]:
    names = list(CONCEPTS)
    return [
        (x, y)
        for place, x in enumerate(names)
        for y in (names if ordered else names[place + 1 :])
        if x != y and (x, y) not in ONE_THING and fits(shown.shows[x], shown.shows[y])
    ]


def _precisions(shown: Gallery, pairs: Sequence[tuple[str, str]], right: _Right, method: _Method) -> FloatArray:
    values = []
    for x, y in pairs:
        best = np.argsort(-method(x, y), kind="stable")[:K]
        values.append(right(shown.shows[x], shown.shows[y])[best].mean())
    return np.asarray(values, dtype=np.float32)


def _average_precisions(shown: Gallery, pairs: Sequence[tuple[str, str]], right: _Right, method: _Method) -> FloatArray:
    """Of the whole order, one for each pair."""
    values = []
    for x, y in pairs:
        wanted, scores = right(shown.shows[x], shown.shows[y]), method(x, y).astype(np.float64)
        values.append(average_precision(scores[wanted], scores[~wanted]))
    return np.asarray(values, dtype=np.float32)


def _with_error(values: FloatArray) -> tuple[float, float]:
    """The mean and its standard error."""
    return round(float(values.mean()), 4), round(float(values.std() / len(values) ** 0.5), 4)


def _known(text: CaptionRegressor, phrase: str) -> FloatArray:
    vector = text(phrase).vector
    if vector is None:
        raise ValueError(f"{phrase}: not one word is known to the pack")
    return vector


def _cosines(photo: CorpusPhoto, regressor: CaptionRegressor, embeddings: FloatArray) -> FloatArray:
    """With the name of the photo's class; zeros for a class without one."""
    vector = regressor(photo.spanish_names[0]).vector if photo.spanish_names else None
    return np.zeros(len(embeddings), dtype=np.float32) if vector is None else embeddings @ vector
