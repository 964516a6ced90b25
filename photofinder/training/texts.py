"""Texts as weighted features, packed so that a batch with word dropout is a few NumPy operations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from photofinder.model import spanish
from photofinder.model.caption import (
    FUNCTION_WORD_WEIGHT,
    GRAMS_WEIGHT,
    PAIR_WEIGHT,
    WORD_WEIGHT,
)
from photofinder.model.lexicon import feature_keys

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float32]

_WHOLE_WORD = 0
_GRAM = 1
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Feature keys (sorted, uint32) and the written words, the most frequent first."""

    keys: NDArray[np.uint32]
    words: tuple[str, ...]


def build_vocabulary(texts: Iterable[str], least_grams: int = 2, least_pairs: int = 2) -> Vocabulary:
    """Collect the features of all texts; grams count once a distinct word, pairs once a text."""
    spelled: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for text in texts:
        typed = spanish.words(text)
        spelled.update(word.lower() for word in typed)
        pairs.update(set(spanish.pair_features([spanish.fold(word) for word in typed])))
    best: dict[str, str] = {}
    for word, _ in spelled.most_common():
        best.setdefault(spanish.fold(word), word)
    grams: Counter[str] = Counter()
    names: set[str] = set()
    for folded in best:
        names.update(spanish.word_features(folded))
        grams.update(spanish.gram_features(folded))
    names.update(gram for gram, count in grams.items() if count >= least_grams)
    names.update(pair for pair, count in pairs.items() if count >= least_pairs)
    return Vocabulary(np.unique(feature_keys(sorted(names))), tuple(best.values()))


def stems(text: str) -> str:
    """The stems of a text's words with spaces between: texts that name the same thing share them."""
    return " ".join(spanish.stem(spanish.fold(word)) for word in spanish.words(text))


@dataclass(frozen=True, slots=True)
class TextBatch:
    """Arguments of ``torch.nn.EmbeddingBag(mode="sum")``: weights of each text sum to 1."""

    rows: IntArray
    offsets: IntArray
    weights: FloatArray


class PackedTexts:
    """Many texts, each a run of (table row, weight, word number, kind)."""

    def __init__(self, texts: Sequence[str], vocabulary: Vocabulary) -> None:
        self.texts = list(texts)
        rows: list[NDArray[np.int64]] = []
        weights: list[FloatArray] = []
        word_numbers: list[IntArray] = []
        kinds: list[NDArray[np.int8]] = []
        starts = [0]
        word_count = 0
        for text in self.texts:
            names, weight, word, kind = _annotated_features(text)
            keys = feature_keys(names)
            found = np.minimum(np.searchsorted(vocabulary.keys, keys), len(vocabulary.keys) - 1)
            kept = vocabulary.keys[found] == keys
            rows.append(found[kept])
            weights.append(np.asarray(weight, dtype=np.float32)[kept])
            word_numbers.append(np.asarray(word, dtype=np.int64)[kept] + word_count)
            kinds.append(np.asarray(kind, dtype=np.int8)[kept])
            word_count += max(word, default=-1) + 1
            starts.append(starts[-1] + int(kept.sum()))
        self._rows = np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)
        self._weights = np.concatenate(weights) if weights else np.empty(0, dtype=np.float32)
        self._words = np.concatenate(word_numbers) if word_numbers else np.empty(0, dtype=np.int64)
        self._kinds = np.concatenate(kinds) if kinds else np.empty(0, dtype=np.int8)
        self._starts = np.asarray(starts)

    def __len__(self) -> int:
        return len(self.texts)

    def batch(
        self,
        chosen: IntArray,
        rng: np.random.Generator | None = None,
        word_dropout: float = 0.0,
        surface_dropout: float = 0.0,
    ) -> TextBatch:
        """The texts ``chosen``. ``word_dropout``: share of words left out; ``surface_dropout``: share of words of
        which only the character grams stay, so that grams learn to stand for words never seen."""
        begins, ends = self._starts[chosen], self._starts[chosen + 1]
        lengths = ends - begins
        text_of = np.repeat(np.arange(len(chosen)), lengths)
        index = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths) + begins[text_of]
        weights = self._weights[index].copy()
        if rng is not None and len(index):
            words, kinds = self._words[index], self._kinds[index]
            local, inverse = np.unique(words, return_inverse=True)
            draw = rng.random(len(local))[inverse]
            # Runs with one feature at most would vanish; a text that loses everything is restored below.
            weights[draw < word_dropout] = 0
            bare = (draw >= word_dropout) & (draw < word_dropout + surface_dropout)
            weights[bare & (kinds != _GRAM)] = 0
        totals = np.bincount(text_of, weights, minlength=len(chosen))
        lost = (totals <= 0)[text_of]
        weights[lost] = self._weights[index[lost]]
        totals = np.maximum(np.bincount(text_of, weights, minlength=len(chosen)), 1e-6)
        kept = weights > 0
        counts = np.bincount(text_of[kept], minlength=len(chosen))
        return TextBatch(
            self._rows[index][kept],
            np.cumsum(counts) - counts,
            (weights / totals[text_of]).astype(np.float32)[kept],
        )


def _annotated_features(text: str) -> tuple[list[str], list[float], list[int], list[int]]:
    """Like ``model.caption.phrase_features``, with the number of the word and the kind of each feature."""
    folded = [spanish.fold(word) for word in spanish.words(text)]
    names: list[str] = []
    weights: list[float] = []
    numbers: list[int] = []
    kinds: list[int] = []

    def add(features: Sequence[str], weight: float, number: int, kind: int) -> None:
        names.extend(features)
        weights.extend([weight] * len(features))
        numbers.extend([number] * len(features))
        kinds.extend([kind] * len(features))

    for number, word in enumerate(folded):
        factor = FUNCTION_WORD_WEIGHT if spanish.is_function_word(word) else 1.0
        add(spanish.word_features(word), WORD_WEIGHT * factor, number, _WHOLE_WORD)
        grams = spanish.gram_features(word)
        add(grams, GRAMS_WEIGHT * factor / max(1, len(grams)), number, _GRAM)
    content = [number for number, word in enumerate(folded) if not spanish.is_function_word(word)]
    for pair, number in zip(spanish.pair_features(folded), content, strict=False):
        add([pair], PAIR_WEIGHT, number, _PAIR)
    return names, weights, numbers, kinds
