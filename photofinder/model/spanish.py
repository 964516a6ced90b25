"""Spanish phrases to words and word features: what makes «perritos», «PERRO» and «perrro» look alike.

Every feature is a short tagged string:

=====  =====================================================================================================
``w``  the word in lower case without accents (``ñ`` counts as ``n``: people search «ninos»)
``s``  its stem: plural, gender, diminutive and the regular verb endings taken off
``f``  its sound, so that the usual Spanish misspellings agree (b/v, s/c/z, ll/y, silent h, doubled letters)
``g``  character 3- to 5-grams of the word between ``<`` and ``>`` (Bojanowski et al. 2017)
``b``  a pair of neighbouring stems, function words skipped: the little word order that matters
=====  =====================================================================================================
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

_FUNCTION_WORDS = (
    "a al ante bajo como con cual cuando de del desde donde e el ella ellas ellos en entre era es esa ese eso "
    "esta este esto estan foto fotos fotografia imagen ha hacia han hasta hay la las le les lo los me mi mis "
    "muy no nos o para pero por que se segun ser si sobre son su sus te tras tu tus u un una unas uno unos y "
    "ya "
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())

_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_LATIN = re.compile(r"[a-z0-9]+")

_VERB_ENDINGS = (
    "andose", "iendose", "andolo", "andola", "iendolo", "iendola", "ando", "iendo", "yendo",
    "aron", "ieron", "aban", "arse", "erse", "irse", "ados", "adas", "idos", "idas", "ado", "ada", "ido", "ida",
    "aba", "ian", "ar", "er", "ir", "an", "en",
)  # fmt: skip
_DIMINUTIVES = (
    "ecitos", "ecitas", "ecito", "ecita", "citos", "citas", "cito", "cita", "itos", "itas", "ito", "ita",
    "illos", "illas", "illo", "illa", "icos", "icas", "ico", "ica", "ines", "otes", "otas", "ote", "ota",
    "azos", "azo", "uelos", "uelas", "uelo", "uela",
)  # fmt: skip
_KEEP_AT_LEAST = 3


def fold(text: str) -> str:
    """Lower case, accents and the tilde of ñ taken off, compatibility characters spelled out."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    if not folded.isascii():
        for mark in {ch for ch in folded if unicodedata.combining(ch)}:
            folded = folded.replace(mark, "")
    return folded


def words(text: str) -> list[str]:
    """The words of a phrase as typed, in order, at most 40 characters each."""
    return [match.group()[:40] for match in _WORD.finditer(unicodedata.normalize("NFC", text))]


def is_function_word(word: str) -> bool:
    """Whether a folded word only glues others together («de», «una», «foto»)."""
    return word in FUNCTION_WORDS


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Stem of a folded word: ``perritos`` and ``perra`` to ``perr``, ``jugando`` and ``jugar`` to ``jug``."""
    for ending in _DIMINUTIVES:
        if word.endswith(ending) and len(word) - len(ending) >= _KEEP_AT_LEAST:
            root = word[: -len(ending)]
            # «-quito», «-guito» keep a spelling vowel: chiquito -> chic, amiguito -> amig
            return root[:-2] + "c" if root.endswith("qu") else root[:-1] if root.endswith("gu") else root
    for ending in _VERB_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _KEEP_AT_LEAST:
            return word[: -len(ending)]
    root = word
    if root.endswith("ces") and len(root) - 3 >= 2:
        return root[:-3] + "z"
    if root.endswith("es") and len(root) - 2 >= _KEEP_AT_LEAST:
        return root[:-2]
    root = root.removesuffix("s") if len(root) > _KEEP_AT_LEAST else root
    if root[-1:] in ("a", "o", "e") and len(root) - 1 >= _KEEP_AT_LEAST:
        root = root[:-1]
    return root


_SOUNDS = (
    (re.compile(r"(.)\1\1+"), r"\1\1"),
    (re.compile(r"([^lrc])\1"), r"\1"),
    (re.compile(r"ch"), "X"),
    (re.compile(r"h"), ""),
    (re.compile(r"qu(?=[ei])|k|q"), "K"),
    (re.compile(r"c(?=[ei])|z"), "s"),
    (re.compile(r"c+"), "K"),
    (re.compile(r"gu(?=[ei])"), "G"),
    (re.compile(r"g(?=[ei])"), "j"),
    (re.compile(r"g"), "G"),
    (re.compile(r"[vw]"), "b"),
    (re.compile(r"ll|y"), "i"),
    (re.compile(r"x"), "Ks"),
    (re.compile(r"^ps"), "s"),
    (re.compile(r"mb|mp"), lambda match: "n" + match.group()[1]),
)


@lru_cache(maxsize=65536)
def sound(word: str) -> str:
    """A key that is equal for words that sound alike: ``vaca`` and ``baca``, ``meza`` and ``mesa``."""
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


@lru_cache(maxsize=65536)
def word_features(word: str) -> tuple[str, ...]:
    """``w``, ``s`` and ``f`` features of one folded word, in this order."""
    return ("w" + word, "s" + stem(word), "f" + sound(word))


@lru_cache(maxsize=65536)
def gram_features(word: str) -> tuple[str, ...]:
    """Distinct character 3- to 5-grams of one folded word, sorted; none for words of one or two letters."""
    if len(word) < 3:
        return ()
    marked = f"<{word}>"
    grams = {marked[i : i + n] for n in (3, 4, 5) for i in range(len(marked) - n + 1)}
    return tuple("g" + gram for gram in sorted(grams))


def pair_features(folded: list[str]) -> list[str]:
    """Pairs of neighbouring stems of a phrase (folded words in order), function words skipped."""
    stems = [stem(word) for word in folded if not is_function_word(word)]
    return [f"b{first} {second}" for first, second in pairwise(stems)]


def is_latin(word: str) -> bool:
    """Whether a folded word is spelled in letters and digits that Spanish can be written with."""
    return _LATIN.fullmatch(word) is not None
