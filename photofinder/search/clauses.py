"""The words of a typed search: what must be seen, what must not («sin», «-», «que no sea», «menos»), and «o».

«y» is left alone: one phrase for both finds as much as two scores that are combined (``training/wishes.py``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from photofinder.search.typed import TAKEN, FoldedText, clean_text

LITERAL = "\x01"
"""What stands in folded text for words in quotation marks, which mean themselves."""
MAX_ALTERNATIVES = 8
MAX_UNWANTED = 16
_MAX_SCOPE = 8  # words; «sin» does not reach further

_TOKEN = re.compile(
    rf"(?P<word>[^\W_]+)|(?P<literal>{LITERAL}+)|(?P<break>{TAKEN}+)|(?P<minus>-)|(?P<stop>[,;:.()!?¡¿])"
)
_MINUS = re.compile(rf"-(?:[^\W_]|{LITERAL})")

_VERB_WORDS = (
    "sea sean haya hayan tenga tengan salga salgan este esten lleve lleven aparezca aparezcan hay tiene tienen es son "
    "esta estan lleva llevan sale salen aparece aparecen muestre muestra "
)
_ARTICLE_WORDS = "un una unos unas el la los las mi mis su sus tu tus algun alguna "
_PREPOSITION_WORDS = (
    "a al en con sobre bajo junto ante hacia desde hasta entre durante por para tras mientras delante detras encima "
    "debajo dentro cerca contra segun frente "
)
_ADJECTIVE_WORDS = (
    "blanco blanca negro negra rojo roja azul verde amarillo amarilla gris marron rosa morado morada naranja dorado "
    "dorada plateado plateada grande pequeno pequena viejo vieja nuevo nueva joven alto alta bajo largo larga corto "
    "corta claro clara oscuro oscura lleno llena vacio vacia rubio rubia moreno morena "
)
_VERBS = frozenset(_VERB_WORDS.split())
_ARTICLES = frozenset(_ARTICLE_WORDS.split())
_PREPOSITIONS = frozenset(_PREPOSITION_WORDS.split())
_ADJECTIVES = frozenset(
    [*_ADJECTIVE_WORDS.split(), *_ADJECTIVE_WORDS.replace(" ", "s ").split(), "azules", "grises", "marrones", "jovenes"]
)
_GERUND = re.compile("(?:[ai]|ie|ye)ndo$")  # «hombre sin camisa asando pollo»
_EXCEPT = frozenset({"excepto", "salvo", "exceptuando", "quitando"})
_NONE_OF = frozenset({"ningun", "ninguna", "ninguno", "nada"})
_AND, _OR, _NOR = frozenset({"y", "e"}), frozenset({"o", "u"}), frozenset({"ni"})
_GLUE = _AND | _OR | _NOR | {"pero", "que"}
_EVERYTHING = frozenset({"todo", "toda", "todos", "todas"})
_NOT_AFTER_NO = frozenset({"solo", "se", "obstante"})
_NOT_AFTER_LESS = frozenset({"de", "mal", "que", ""})
_NOT_BEFORE_LESS = frozenset({"al", "lo", "o", "y"})
_MARKS = f" {TAKEN}"


@dataclass(frozen=True, slots=True)
class Token:
    """A word (``kind`` word or literal), or what separates words; ``text`` as typed, ``key`` folded."""

    kind: str
    text: str
    key: str
    start: int
    end: int

    @property
    def is_word(self) -> bool:
        """Whether it says anything."""
        return self.kind in ("word", "literal")


@dataclass(frozen=True, slots=True)
class Unwanted:
    """Phrases that must not be seen, typed as ``folded.text[start:end]``, with the word that denies them."""

    start: int
    end: int
    phrases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """``runs``: the stretches of wanted words, in folded places; ``alternatives``: what they ask for, best counts."""

    alternatives: tuple[str, ...]
    runs: tuple[tuple[int, int], ...]
    unwanted: tuple[Unwanted, ...]


def take_literals(folded: FoldedText) -> dict[int, str]:
    """Set the words in quotation marks apart; what is between them, by where it begins in the folded text."""
    found = {}
    for match in re.finditer(r"\"([^\"\x00]+)\"|«([^»\x00]+)»|“([^”\x00]+)”", folded.text):
        group = next(number for number in (1, 2, 3) if match[number] is not None)
        start, end = folded.span(*match.span(group))
        if text := clean_text(folded.typed[start:end]).strip():
            found[match.start()] = text
            folded.text = folded.text[: match.start()] + LITERAL * len(match.group()) + folded.text[match.end() :]
    return found


def read_words(folded: FoldedText, literals: dict[int, str]) -> Words:
    """What the words ask for that are left after the filters, the times and the literals were taken."""
    tokens = _tokens(folded, literals)
    wanted: list[Token] = []
    unwanted: list[Unwanted] = []
    place = 0
    while place < len(tokens):
        found = _denied(tokens, place) if len(unwanted) < MAX_UNWANTED else None
        if found is None:
            if tokens[place].kind != "minus":
                wanted.append(tokens[place])
            place += 1
            continue
        after, one = found
        unwanted.append(one)
        wanted.append(Token("break", "", "", one.start, one.end))
        place = after
    runs = _runs(wanted)
    flat = [token for run in runs for token in run]
    return Words(
        tuple(_alternatives(flat)),
        tuple(
            (run[0].start, run[-1].end) for run in ([token for token in run if token.is_word] for run in runs) if run
        ),
        tuple(unwanted),
    )


def _tokens(folded: FoldedText, literals: dict[int, str]) -> list[Token]:
    tokens = []
    text = folded.text
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "stop"
        start, end = match.span()
        if kind == "literal":
            # two that touch are one run of marks: each begins where one was found
            starts = [one for one in literals if start <= one < end]
            for one, stop in zip(starts, [*starts[1:], end], strict=True):
                tokens.append(Token("literal", literals[one], LITERAL, one, stop))
            continue
        if kind == "minus" and not ((start == 0 or text[start - 1] in _MARKS) and _MINUS.match(text, start)):
            continue  # a hyphen or a dash
        first, last = folded.span(start, end)
        tokens.append(Token(kind, folded.typed[first:last], match.group(), start, end))
    return tokens


def _denied(tokens: Sequence[Token], place: int) -> tuple[int, Unwanted] | None:
    """What is denied by the word at ``place``, and where the rest goes on; None when nothing is."""
    begin = _scope_start(tokens, place)
    if begin is None:
        return None
    if tokens[place].kind == "minus":
        one = tokens[begin]
        return begin + 1, Unwanted(tokens[place].start, one.end, (clean_text(one.text),))
    phrases: list[list[Token]] = [[]]
    end = begin
    while end < len(tokens) and end - begin < _MAX_SCOPE:
        token = tokens[end]
        has_content = any(_is_content(one) for one in phrases[-1])
        if not token.is_word:
            break
        if has_content and token.key in _AND | _OR:
            if not _goes_on(tokens, end, token.key in _OR):
                break
            phrases.append([])
        elif has_content and (
            token.key in _PREPOSITIONS
            or token.key in ("pero", "que", "ni")
            or _GERUND.search(token.key)
            or _denies(tokens, end)
        ):
            break
        else:
            phrases[-1].append(token)
        end += 1
    while phrases and not any(_is_content(one) for one in phrases[-1]):
        phrases.pop()
    if not phrases:
        return None
    while not _is_content(tokens[end - 1]):
        end -= 1
    texts = tuple(clean_text(" ".join(token.text for token in _bare(phrase))) for phrase in phrases)
    return end, Unwanted(tokens[place].start, tokens[end - 1].end, texts)


def _scope_start(tokens: Sequence[Token], place: int) -> int | None:
    """Where begins what the word at ``place`` denies; None when it denies nothing."""
    token = tokens[place]
    if token.kind == "minus":
        return place + 1 if place + 1 < len(tokens) and tokens[place + 1].is_word else None
    keys = [one.key if one.is_word else "" for one in tokens[place : place + 4]] + ["", "", "", ""]
    before = tokens[place - 1].key if place else ""
    if token.kind != "word":
        return None
    if keys[0] == "sin":
        skip = 1 if keys[1] != "que" else 3 if keys[2] in _VERBS else 0
        return place + skip if skip and keys[1] not in ("embargo", "") else None
    if keys[0] == "que" and keys[1] == "no":
        return place + (3 if keys[2] in _VERBS else 2) if keys[2] else None
    if keys[0] == "no":
        if not keys[1] or before in ("por", "o", "si") or keys[1] in _NOT_AFTER_NO:
            return None
        return place + (2 if keys[1] in _VERBS else 1)
    if keys[0] == "menos":
        return None if keys[1] in _NOT_AFTER_LESS or before in _NOT_BEFORE_LESS else place + 1
    if keys[0] in _EXCEPT or keys[0] in _NOR:
        return place + 1 if keys[1] else None
    return None


def _denies(tokens: Sequence[Token], place: int) -> bool:
    return tokens[place].kind == "minus" or _scope_start(tokens, place) is not None


def _goes_on(tokens: Sequence[Token], place: int, is_or: bool) -> bool:
    """Whether «sin gente y coches» denies both: a bare word follows, and nothing after it."""
    following = tokens[place + 1 : place + 3]
    if not following or not following[0].is_word or _denies(tokens, place + 1):
        return False
    if is_or:
        return True
    if not _is_content(following[0]):
        return False
    return len(following) == 1 or not following[1].is_word or following[1].key in _PREPOSITIONS


def _is_content(token: Token) -> bool:
    return token.kind == "literal" or (
        token.kind == "word"
        and token.key not in _ARTICLES | _NONE_OF | _PREPOSITIONS | _GLUE
        and token.key not in ("de", "del", "mas", "muy")
    )


def _bare(phrase: Sequence[Token]) -> Sequence[Token]:
    """A denied phrase without what only leads to it: «ninguna persona», «nada de gente», «la gente»."""
    first = next(place for place, token in enumerate(phrase) if _is_content(token) or token.key in _PREPOSITIONS)
    return phrase[first:]


def _runs(wanted: Sequence[Token]) -> list[list[Token]]:
    """The stretches between what was taken, without the «y», «pero», «que» that tied them to it."""
    runs: list[list[Token]] = [[]]
    for token in wanted:
        if token.kind == "break":
            runs.append([])
        else:
            runs[-1].append(token)
    result = []
    for number, run in enumerate(runs):
        first, last = 0, len(run)
        while first < last and _is_loose(run[last - 1], number < len(runs) - 1):
            last -= 1
        while first < last and (_is_loose(run[first], number > 0) or run[first].key == "pero"):
            first += 1
        if first < last:
            result.append(run[first:last])
    return result


def _is_loose(token: Token, beside_a_cut: bool) -> bool:
    """Whether nothing is lost without it at the edge of a stretch."""
    return not token.is_word or (beside_a_cut and token.key in _GLUE | _EVERYTHING)


def _alternatives(tokens: Sequence[Token]) -> list[str]:
    """The phrases of which one is enough, then the whole; one phrase when there is no «o»."""
    phrases = _split(list(tokens))[:MAX_ALTERNATIVES]
    if len(phrases) > 1:
        # «un gratinado o pizza»: of a caption the whole finds its photo a little better, of two things it costs nothing
        phrases.append(list(tokens))
    texts = [clean_text(" ".join(token.text for token in phrase if token.is_word)) for phrase in phrases]
    return list(dict.fromkeys(text for text in texts if text))


def _split(tokens: list[Token]) -> list[list[Token]]:
    places = [place for place, token in enumerate(tokens) if token.kind == "word" and token.key in _OR]
    for place in reversed(places[: MAX_ALTERNATIVES - 1]):
        left, right = tokens[:place], tokens[place + 1 :]
        is_idiom = (left and left[-1].key == "mas") or (right and right[0].key in ("sea", "menos"))
        if not is_idiom and any(map(_is_content, left)) and any(map(_is_content, right)):
            first, second = _share(left, right)
            return [*_split(first), second]
    return [tokens]


def _share(left: list[Token], right: list[Token]) -> tuple[list[Token], list[Token]]:
    """Both alternatives with what they share: «un perro o un gato en la playa», «coche rojo o azul»."""
    words = [token for token in left if _is_content(token)]
    if right[0].key in _ADJECTIVES and len(words) > 1:
        return left + right[1:], left[:-1] + right
    head: list[Token] = []
    starts = [place for place, token in enumerate(left) if token.key in _PREPOSITIONS]
    if right[0].key in _ARTICLES:
        articles = [place for place, token in enumerate(left) if token.key in _ARTICLES]
        head = left[: articles[-1]] if articles else []
    elif starts:
        head = left[: starts[-1] + 1]
    if not any(map(_is_content, head)):
        head = []
    if right[0].key in _PREPOSITIONS:
        head = left[: starts[-1]] if starts else []
    tail: list[Token] = []
    own = left[len(head) :]
    for place, token in enumerate(right):
        if place and token.key in _PREPOSITIONS and any(map(_is_content, right[:place])):
            tail = right[place:] if not any(one.key in _PREPOSITIONS for one in own) else []
            break
    return left + tail, head + right
