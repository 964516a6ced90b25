"""The caption regressor: a Spanish phrase to the embedding of the photo it describes. NumPy only.

The phrase's features (``photofinder.model.spanish``) are looked up in a learnt table by the CRC-32 of their text;
features never seen in training have no row and count for nothing. Weighted mean, layer normalisation, one hidden
layer (GELU), linear, unit norm. What photos say of words and phrases corrects that (``model.lexicon``), and a share of
the mean of what it makes of each word alone is added to a phrase.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from photofinder.errors import PackDamaged
from photofinder.model import spanish
from photofinder.model.lexicon import Lexicon, feature_keys, unit_rows
from photofinder.model.mapped import mapped_array
from photofinder.model.pack import CAPTION_FILE, Pack
from photofinder.model.querybank import QUERYBANK, phrase_vectors

FloatArray = NDArray[np.float32]

MAX_WORDS = 200
WORD_WEIGHT = 1.0
"""Of each ``w``, ``s`` and ``f`` feature."""
GRAMS_WEIGHT = 1.0
"""Shared equally by all ``g`` features of one word."""
PAIR_WEIGHT = 0.5
"""Of each ``b`` feature."""
FUNCTION_WORD_WEIGHT = 0.25
"""Factor for the features of function words."""
WORDS_SHARE = 1.0
"""Of the mean of a phrase's content words, each embedded alone, beside 1 of the whole phrase (docs/MODEL.md)."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """What the regressor made of a phrase.

    ``vector`` is ``(embedding_dim,)`` float32 of unit norm, or None when no content word was understood. ``known``
    and ``unknown`` are words as typed; ``corrected`` maps a misspelt word to the word that was read instead.
    ``content``: the vectors of the content words that were understood, each asked for alone, ``(n, embedding_dim)``.
    """

    text: str
    vector: FloatArray | None
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    corrected: Mapping[str, str] = field(default_factory=dict)
    content: FloatArray = field(default_factory=lambda: np.empty((0, 0), dtype=np.float32))


def phrase_features(folded: list[str]) -> tuple[list[str], list[float]]:
    """All features of a phrase (its folded words in order) and their weights."""
    names: list[str] = []
    weights: list[float] = []
    for word in folded:
        factor = FUNCTION_WORD_WEIGHT if spanish.is_function_word(word) else 1.0
        own = spanish.word_features(word)
        names += own
        weights += [WORD_WEIGHT * factor] * len(own)
        if grams := spanish.gram_features(word):
            names += grams
            weights += [GRAMS_WEIGHT * factor / len(grams)] * len(grams)
    pairs = spanish.pair_features(folded)
    return names + pairs, weights + [PAIR_WEIGHT] * len(pairs)


def content_words(folded: Iterable[str]) -> list[str]:
    """The distinct words of a phrase that are no function words, in order."""
    return [word for word in dict.fromkeys(folded) if not spanish.is_function_word(word)]


def content_of(text: str) -> list[str]:
    """The distinct content words of a text, folded, in order."""
    return content_words(spanish.fold(word) for word in spanish.words(text))


def with_words(phrase: FloatArray, words: FloatArray) -> FloatArray:
    """The vector of a phrase ``(d,)`` and those of its content words ``(n, d)``, all of unit norm, as one of unit norm.

    A whole phrase is one mean of all that it says, in which a word may drown; each word alone speaks up again. «Un
    perro», with one content word, is that word.
    """
    if len(words) < 2:
        return phrase if not len(words) else words[0]
    vector = phrase + np.float32(WORDS_SHARE) * words.mean(0)
    return np.asarray(vector / np.linalg.norm(vector), dtype=np.float32)


class CaptionRegressor:
    """Loads ``caption.npz`` of a pack; calling it never raises, whatever the phrase."""

    def __init__(self, pack: Pack) -> None:
        """Raises PackDamaged when the file does not hold what it should."""
        try:
            with np.load(pack.file(CAPTION_FILE), allow_pickle=False) as data:
                self._keys = data["keys"]
                self._table = mapped_array(pack.file(CAPTION_FILE), "table")
                self._scales = data["scales"].astype(np.float32)
                self._norm = data["norm"].astype(np.float32)
                self._hidden = (
                    data["hidden_weight"].astype(np.float32),
                    data["hidden_bias"].astype(np.float32),
                )
                self._output = (
                    data["output_weight"].astype(np.float32),
                    data["output_bias"].astype(np.float32),
                )
                self._lexicon = Lexicon.read(data)
                vocabulary = bytes(data["vocabulary"]).decode("utf-8").split("\n")
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise PackDamaged(pack.folder, f"{CAPTION_FILE}: {error}") from error
        self._compares_with_bank = bool(pack.manifest.get(QUERYBANK, 0))
        # Most frequent first; the written form (with accents) of each folded word.
        read = spanish.fold("\n".join(vocabulary)).split("\n")  # all at once: 26,000 calls would take 70 ms of a start
        folded = [(read[rank], rank, word) for rank, word in reversed(list(enumerate(vocabulary)))]
        self._spelling = {known: word for known, _, word in folded}
        self._rank = {known: rank for known, rank, _ in folded}
        self._neighbours: dict[str, list[str]] = {}

    @property
    def vocabulary(self) -> list[str]:
        """The words that training taught, in their usual spelling, the most frequent first."""
        return [self._spelling[word] for word in sorted(self._rank, key=self._rank.__getitem__)]

    def __call__(self, phrase: str) -> Phrase:
        """Embed a phrase; only its first 200 words count."""
        known: list[str] = []
        unknown: list[str] = []
        corrected: dict[str, str] = {}
        folded: list[str] = []
        content = False
        for word in spanish.words(phrase)[:MAX_WORDS]:
            read = spanish.fold(word)
            if not self._is_known(read):
                near = self._nearest(read, limit=1, for_sure=True)
                if not near:
                    unknown.append(word)
                    continue
                corrected[word] = self._spelling[near[0]]
                read = near[0]
            known.append(word)
            folded.append(read)
            content = content or not spanish.is_function_word(read)
        understood = tuple(known), tuple(dict.fromkeys(unknown)), corrected
        vectors = self._embed(folded) if content else None
        if vectors is None:
            return Phrase(phrase, None, *understood)
        return Phrase(phrase, vectors[0], *understood, content=vectors[1:])

    def suggestions(self, word: str, limit: int = 3) -> list[str]:
        """Known words that are spelled like ``word``, the likeliest first; may be empty."""
        return [self._spelling[near] for near in self._nearest(spanish.fold(word), limit, for_sure=False)]

    def _is_known(self, word: str) -> bool:
        if word in self._rank or spanish.is_function_word(word):
            return True
        if len(word) < 4:
            return False
        _, stem, sound = spanish.word_features(word)
        return bool(np.isin(feature_keys([stem, sound]), self._keys).any())

    def _embed(self, folded: list[str]) -> FloatArray | None:
        """Of the whole, then of each content word; None when nothing of it was taught."""
        words = content_words(folded)
        means, taught = self._means([folded, *([word] for word in words)])
        if not taught[0]:
            return None
        vectors = self._tower(means[taught])
        phrase, own = vectors[:1], vectors[1:]
        if self._lexicon is not None:
            known = [word for word, there in zip(words, taught[1:], strict=True) if there]
            phrase, own = self._lexicon.phrases(phrase), self._lexicon.words(known, own)
        every = np.concatenate([with_words(phrase[0], own)[None], own])
        return phrase_vectors(every) if self._compares_with_bank else every

    def _means(self, parts: list[list[str]]) -> tuple[FloatArray, NDArray[np.bool_]]:
        """The weighted mean of the rows of each part's words ``(n, width)``, and which parts anything teaches ``(n,)``.

        All at once: single steps of NumPy cost more than what they work out.
        """
        features = [phrase_features(part) for part in parts]
        part_of = np.repeat(np.arange(len(parts)), [len(names) for names, _ in features])
        keys = feature_keys(name for names, _ in features for name in names)
        weights = np.fromiter((weight for _, some in features for weight in some), dtype=np.float32)
        rows = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        found = self._keys[rows] == keys
        part_of, rows, weights = part_of[found], rows[found], weights[found]
        totals = np.bincount(part_of, weights, minlength=len(parts)).astype(np.float32)
        shares = np.zeros((len(parts), len(rows)), dtype=np.float32)
        shares[part_of, np.arange(len(rows))] = weights * self._scales[rows] / totals[part_of]
        return shares @ self._table[rows].astype(np.float32), totals > 0

    def _tower(self, means: FloatArray) -> FloatArray:
        """``(n, width)`` to ``(n, d)`` of unit norm."""
        centred = means - means.mean(1, keepdims=True)
        spread = np.sqrt(np.square(centred).mean(1, keepdims=True) + 1e-5)
        normal = centred / spread * self._norm[0] + self._norm[1]
        hidden = _gelu(normal @ self._hidden[0].T + self._hidden[1])
        return unit_rows(hidden @ self._output[0].T + self._output[1])

    def _nearest(self, word: str, limit: int, *, for_sure: bool) -> list[str]:
        """Vocabulary words one slip away: a letter missing, added, changed, or two letters swapped.

        ``for_sure`` asks for words long enough that one slip leaves no doubt.
        """
        if not spanish.is_latin(word) or len(word) < (5 if for_sure else 3) or word.isdigit():
            return []
        if not self._neighbours:
            for candidate in self._rank:
                for shape in _one_letter_less(candidate):
                    self._neighbours.setdefault(shape, []).append(candidate)
        shapes = _one_letter_less(word)
        near = {candidate for shape in shapes for candidate in self._neighbours.get(shape, ())}
        near = {candidate for candidate in near if not for_sure or len(candidate) >= 5}
        first = [candidate for candidate in near if candidate[:1] == word[:1]]
        pool = first or list(near)
        return sorted(pool, key=lambda candidate: (abs(len(candidate) - len(word)), self._rank[candidate]))[:limit]


def _one_letter_less(word: str) -> set[str]:
    return {word} | {word[:i] + word[i + 1 :] for i in range(len(word))}


def _gelu(x: FloatArray) -> FloatArray:
    """The tanh form of GELU (Hendrycks and Gimpel 2016), the one used in training."""
    inner = np.float32(0.7978845608) * x * (1 + np.float32(0.044715) * x * x)
    return np.asarray(0.5 * x * (1 + np.tanh(inner)), dtype=np.float32)
