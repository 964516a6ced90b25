"""Words for time in a typed search: «en agosto de 2019», «el verano pasado», «entre 2015 y 2018».

Everything is understood here, from the calendar alone. A word that also has a look («navidad», «otoño») is time only
with something that dates it (a year, «pasado», «este») or when nothing else is asked; else it stays among the words
and its time is offered. People write captions such as «una familia cenando en Navidad» of photos without any date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache

from photofinder.library.filters import Period
from photofinder.search import spans
from photofinder.search.parts import Offer
from photofinder.search.spans import When
from photofinder.search.typed import TAKEN, FoldedText

_YEAR = r"(?:19|20)\d\d"
_MONTHS = "|".join((*spans.MONTHS, "setiembre", "sept?"))
_NAMES = (
    "navidad(?:es)?|primavera|verano|otono|invierno|noche ?buena|noche ?vieja|fin de ano|ano nuevo|"
    "(?:dia de |noche de )?(?:los )?reyes(?: magos)?|halloween|semana santa|carnaval(?:es)?"
)
_COUNTS = {
    "un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
    "diez": 10, "once": 11, "doce": 12, "quince": 15, "veinte": 20, "un par de": 2,
}  # fmt: skip
_COUNT = r"\d{1,3}|" + "|".join(sorted(_COUNTS, key=len, reverse=True))
_TENS = {
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90,
}  # fmt: skip
_UNIT = "dias?|semanas?|fin(?:es)? de semana|findes?|mes(?:es)?|anos?"
_OF_YEAR = rf"(?:(?: del?)?(?: ano)? (?P<y>{_YEAR}))"
_LOOKS = ("navidad", *spans.SEASONS)
_MIXED = ("reyes", "halloween", "carnaval")
_PEOPLE = ("abril", "julio")
_OF_PHOTOS = r"(?:fotos?|fotografias?|imagen(?:es)?|recuerdos?|videos?|vacaciones|viajes?)"
_ARTICLE = "(?:(?:el|la|los|las) )?"
_BEFORE, _AFTER = r"(?<![\w\-./:*])", r"(?![\w\-/:*]|\.\w)"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time that was found at ``folded.text[start:end]``; ``negated``: the photo must not be of it."""

    start: int
    end: int
    when: When
    negated: bool = False


@dataclass(frozen=True, slots=True)
class _Now:
    today: date
    southern: bool


_Reader = Callable[[re.Match[str], _Now], When | None]


def _one(period: Period | None) -> When | None:
    return None if period is None else When((period,))


def _day(number: int, which: int, day: int) -> When | None:
    try:
        found = date(number, which, day)
    except ValueError:
        return None
    return When((Period(found, found),))


def _month(found: str) -> int:
    return 9 if found.startswith("se") else spans.MONTHS.index(found) + 1


def _name(found: str) -> str:
    if "reyes" in found:
        return "reyes"
    if found.replace(" ", "") in ("nochevieja", "findeano"):
        return "nochevieja"
    if found.startswith(("navidad", "carnaval")):
        return found.removesuffix("es")
    if found in ("sep", "sept", "setiembre"):
        return "septiembre"
    return "nochebuena" if found.replace(" ", "") == "nochebuena" else found


def _unit(found: str) -> str:
    if found.startswith("fin"):
        return "finde"
    return next(unit for unit in ("dia", "semana", "mes", "ano") if found.startswith(unit))


def _numbers(found: re.Match[str], _: _Now) -> When | None:
    number, which = int(found["y"]), int(found["m"])
    if "d" in found.groupdict():
        return _day(number, which, int(found["d"]))
    return _one(spans.month(number, which)) if 1 <= which <= 12 else None


def _day_of_month(found: re.Match[str], _: _Now) -> When | None:
    day = 1 if found["d"] in ("primero", "uno") else int(found["d"])
    which = _month(found["month"])
    if found["y"]:
        return _day(int(found["y"]), which, day)
    return When(month_days=((which, day, which, day),)) if _day(2000, which, day) else None


def _decade(found: re.Match[str], _: _Now) -> When:
    typed = found["n"]
    number = _TENS.get(typed) or int(typed)
    if number < 100:
        number += 1900 if number >= 30 else 2000
    return When((Period(date(number, 1, 1), date(number + 9, 12, 31)),))


def _named_year(found: re.Match[str], now: _Now) -> When | None:
    periods = spans.of_year(_name(found["name"]), int(found["y"]), now.southern)
    return When(periods) if periods else None


def _named_last(found: re.Match[str], now: _Now) -> When | None:
    return _one(spans.latest(_name(found["name"]), now.today, now.southern, over=True))


def _named_this(found: re.Match[str], now: _Now) -> When | None:
    return _one(spans.latest(_name(found["name"]), now.today, now.southern, over=False))


def _named_any(found: re.Match[str], now: _Now) -> When:
    return spans.every_year(_name(found["name"]), now.today, now.southern)


def _days_ago(found: re.Match[str], now: _Now) -> When | None:
    back = {"hoy": 0, "ayer": 1}.get(found["day"], 2)
    return _one(spans.around("dia", back, now.today))


def _year(found: re.Match[str], _: _Now) -> When:
    return When((spans.year(int(found["y"])),))


def _around(found: re.Match[str], back: int, now: _Now) -> When | None:
    return _one(spans.around(_unit(found["unit"]), back, now.today))


def _count(found: re.Match[str]) -> int:
    return _COUNTS.get(found["n"] or "un") or int(found["n"])


# What dates itself, wherever it stands; the first that fits counts. A space stands for any number of them.
_DATED: tuple[tuple[str, _Reader], ...] = (
    (rf"(?P<y>{_YEAR})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)", _numbers),
    (rf"(?P<d>\d\d?)[-/.](?P<m>\d\d?)[-/.](?P<y>{_YEAR})", _numbers),
    (rf"(?P<y>{_YEAR})[-/](?P<m>\d\d?)", _numbers),
    (rf"(?P<m>\d\d?)/(?P<y>{_YEAR})", _numbers),
    (rf"(?:dia )?(?P<d>\d\d?|primero|uno) de (?P<month>{_MONTHS}){_OF_YEAR}?", _day_of_month),
    (rf"(?P<name>{_MONTHS}|{_NAMES}){_OF_YEAR}", _named_year),
    (rf"(?P<name>{_MONTHS}|{_NAMES}) pasad[oa]s?", _named_last),
    (rf"pasad[oa]s? (?P<name>{_MONTHS}|{_NAMES})", _named_last),
    (rf"est[ea]s? (?P<name>{_MONTHS}|{_NAMES})", _named_this),
    (rf"decada (?:de )?(?:los )?(?:anos )?(?P<n>(?:19|20)?\d0|{'|'.join(_TENS)})", _decade),
    (rf"anos (?P<n>(?:19|20)?\d0|{'|'.join(_TENS)})", _decade),
    (r"(?P<day>hoy|ayer|anteayer|antes de ayer|antier)", _days_ago),
    (rf"hace (?P<n>{_COUNT}) (?P<unit>{_UNIT})", lambda found, now: _around(found, _count(found), now)),
    (rf"(?P<unit>{_UNIT}) pasad[oa]", lambda found, now: _around(found, 1, now)),
    (rf"pasad[oa] (?P<unit>{_UNIT})", lambda found, now: _around(found, 1, now)),
    (rf"est[ea] (?P<unit>{_UNIT})", lambda found, now: _around(found, 0, now)),
    (rf"ultim[oa]s?(?: (?P<n>{_COUNT}))? (?P<unit>{_UNIT})",
     lambda found, now: _one(spans.last(_unit(found["unit"]), _count(found), now.today))),
    (rf"(?:ano )?(?P<y>{_YEAR})", _year),
)  # fmt: skip
_ANY_YEAR = rf"(?P<name>{_MONTHS}|{_NAMES})"


def _spaced(pattern: str) -> str:
    """A space of a pattern stands for one or more."""
    return re.sub(r" (?![?*+])", " +", pattern)


def _bare(pattern: str) -> str:
    """Without the names of its groups, to stand in another pattern more than once."""
    return re.sub(r"\(\?P<\w+>", "(?:", pattern)


_ANY = "(?:" + "|".join(_bare(pattern) for pattern, _ in (*_DATED, (_ANY_YEAR, _named_any))) + ")"
_DATE = _ARTICLE + _ANY
_LEAD = r"(?:(?P<lead>en|durante|por|de|del|para) )?"
_MAYBE = re.compile(_spaced(rf"\d|\b(?:{_MONTHS}|{_NAMES}|{_UNIT}|hoy|ayer|anteayer|antier|decada)\b"))
"""What every expression below has something of: most phrases have no time, and need none of the other patterns."""


@cache
def _readers() -> list[tuple[re.Pattern[str], _Reader]]:
    return [(re.compile(_spaced(pattern)), reader) for pattern, reader in (*_DATED, (_ANY_YEAR, _named_any))]


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(_BEFORE + _spaced(source) + _AFTER)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Compiled with the first phrase that may have a time, for that takes 40 ms."""

    between_days: re.Pattern[str]
    ranges: tuple[re.Pattern[str], ...]
    since: re.Pattern[str]
    until: re.Pattern[str]
    alone: tuple[re.Pattern[str], ...]
    decade_alone: re.Pattern[str]
    undated: re.Pattern[str]


@cache
def _patterns() -> _Patterns:
    return _Patterns(
        between_days=_pattern(
            r"(?:(?:en|durante) )?(?:del?|entre|desde)(?: el)? (?P<a>\d\d?) (?:al?|y|hasta)(?: el)? "
            rf"(?P<b>\d\d? de (?:{_MONTHS})(?:(?: del?)? {_YEAR})?)"
        ),
        ranges=(
            _pattern(rf"entre (?P<a>{_DATE}) (?:y|e|hasta) (?P<b>{_DATE})"),
            _pattern(rf"(?:del?|desde) (?P<a>{_DATE}) (?:al?|hasta) (?P<b>{_DATE})"),
            _pattern(rf"{_LEAD}(?P<a>{_YEAR})(?: ?[-–] ?|\.\.)(?P<b>{_YEAR})"),
        ),
        since=_pattern(rf"(?P<how>desde|a partir del?|despues del?) (?P<a>{_DATE})"),
        until=_pattern(rf"(?P<how>hasta|antes del?) (?P<b>{_DATE})"),
        alone=tuple(_pattern(_LEAD + _ARTICLE + "(?P<a>" + _bare(pattern) + ")") for pattern, _ in _DATED),
        decade_alone=_pattern(_LEAD + r"(?P<a>los \d0)(?! (?:anos|dias|metros|kilos|centimetros|euros|grados)\b)"),
        undated=_pattern(_LEAD + _ARTICLE + "(?P<a>" + _bare(_ANY_YEAR) + ")"),
    )


_NEGATED = re.compile(
    r"(?:(?:que +)?no +(?:sean?|esten?|son|es)|(?<!al )(?<!o )menos|excepto|salvo)"
    r"(?: +(?:las?|los?|el))?(?: +(?:de|en))? *$"
)


def read_moment(text: str, today: date, southern: bool = False) -> When | None:
    """What one folded expression dates («agosto de 2019», «2019..2021», «ayer»); None when it is no time."""
    now = _Now(today, southern)
    text = " ".join(text.split())
    if "," in text:
        several = [read_moment(one, today, southern) for one in text.split(",")]
        known = [one for one in several if one is not None]
        if len(known) < len(several):
            return None
        return When(sum((one.periods for one in known), ()), sum((one.month_days for one in known), ()))
    if text.startswith("*-"):
        return _every_year(text)
    first, dots, last = text.partition("..")
    if dots:
        start, end = _read(first, now), _read(last, now)
        if first and last:
            return spans.between(start, end, now.today)
        return spans.since(start, False, now.today) if first else spans.until(end, False, now.today)
    found = _read(text, now)
    if found is None:
        moments, _ = find_moments(FoldedText(text), today, southern)
        if len(moments) == 1 and (moments[0].start, moments[0].end, moments[0].negated) == (0, len(text), False):
            return moments[0].when
    return found


def find_moments(folded: FoldedText, today: date, southern: bool = False) -> tuple[list[Moment], list[Offer]]:
    """The times of a typed search, which are taken from ``folded``, and those its words may also mean."""
    if not _MAYBE.search(folded.text):
        return [], []
    now, patterns = _Now(today, southern), _patterns()
    found: list[Moment] = []

    def take(match: re.Match[str], when: When | None) -> None:
        if when is None or not (when.periods or when.month_days):
            return
        start, end = match.span()
        denied = _NEGATED.search(folded.text[:start])
        if denied:
            start = denied.start()
        found.append(Moment(start, end, when, denied is not None))
        folded.take(start, end)

    for match in patterns.between_days.finditer(folded.text):
        end = _read(match["b"], now)
        month_part = match["b"].partition(" ")[2]
        take(match, spans.between(_read(f"{match['a']} {month_part}", now), end, now.today))
    for pattern in patterns.ranges:
        for match in pattern.finditer(folded.text):
            take(match, spans.between(*_same_year(match["a"], match["b"], now), now.today))
    for match in patterns.since.finditer(folded.text):
        take(match, spans.since(_read(match["a"], now), match["how"].startswith("despues"), now.today))
    for match in patterns.until.finditer(folded.text):
        take(match, spans.until(_read(match["b"], now), match["how"].startswith("antes"), now.today))
    for pattern in patterns.alone:
        for match in pattern.finditer(folded.text):
            if not _is_of_a_look(match, folded.text):
                take(match, _read(match["a"], now))
    for match in patterns.decade_alone.finditer(folded.text):
        if not _is_of_a_look(match, folded.text):
            take(match, _read("anos " + match["a"].split()[1], now))
    offers = []
    for match in patterns.undated.finditer(folded.text):
        name = _name(match["a"])
        if _dates_itself(match, name, folded):
            take(match, _read(match["a"], now))
        elif name not in spans.MONTHS:
            first, last = folded.span(*match.span("a"))
            typed = folded.typed[first:last]
            offers.append(Offer(typed, first, last, f'{typed} fecha:"{match["a"]}"'))
    return sorted(found, key=lambda moment: moment.start), offers


def _read(text: str, now: _Now) -> When | None:
    text = " ".join(text.split())
    for article in ("", "el ", "la ", "los ", "las "):
        if text.startswith(article):
            for pattern, reader in _readers():
                if (match := pattern.fullmatch(text[len(article) :])) is not None:
                    year = match.groupdict().get("y")
                    if year and not spans.FIRST_YEAR <= int(year) <= now.today.year + 1:
                        return None
                    return reader(match, now)
    return None


def _same_year(first: str, last: str, now: _Now) -> tuple[When | None, When | None]:
    """Both ends of a range; «entre marzo y mayo de 2020» names the year once."""
    start, end = _read(first, now), _read(last, now)
    if start is not None and start.month_days and end is not None and end.periods:
        number = end.periods[-1].end.year
        start = _read(f"{first} de {number}", now) or start
    return start, end


def _every_year(text: str) -> When | None:
    match = re.fullmatch(r"\*-(\d\d)(?:-(\d\d)(?:\.\.\*-(\d\d)-(\d\d))?)?", text)
    if match is None:
        return None
    month, day, last_month, last_day = (int(part) if part else 0 for part in match.groups())
    if not 1 <= month <= 12:
        return None
    if not day:
        return When(month_days=(spans.month_days(month),))
    last_month, last_day = (last_month, last_day) if match[3] else (month, day)
    if _day(2000, month, day) is None or _day(2000, last_month, last_day) is None:
        return None
    return When(month_days=((month, day, last_month, last_day),))


def _is_of_a_look(match: re.Match[str], text: str) -> bool:
    """Whether it belongs to a thing: of an «árbol de navidad de 2019» only the year is a time, and a «coche de los
    años 50» looks so in any photo.
    """
    if match["lead"] not in ("de", "del"):
        return False
    name = re.match(_NAMES, match["a"])
    is_look = name is not None and _name(name.group()) in (*_LOOKS, *_MIXED)
    if not is_look and not match["a"].startswith(("anos", "decada", "los")):
        return False
    return not re.search(rf"(?:^|{TAKEN}|\b{_OF_PHOTOS}) *$", text[: match.start()])


def _dates_itself(match: re.Match[str], name: str, folded: FoldedText) -> bool:
    """Whether a name without a year is meant as a time where it stands."""
    text, lead = folded.text, match["lead"]
    before, after = text[: match.start()].rstrip(), text[match.end() :].strip(f" ,;.{TAKEN}")
    of_photos = re.search(rf"\b{_OF_PHOTOS}$", before) is not None
    nothing_else = not after and (
        not before.strip(f" {TAKEN}") or re.fullmatch(rf" *(?:mis |las |unas )?{_OF_PHOTOS}", before)
    )
    if name in _LOOKS:
        return bool(lead and nothing_else)
    # Abril and Julio are people, too
    is_person = folded.typed[folded.span(*match.span("a"))[0]].isupper() and bool(before) and name in _PEOPLE
    if lead in ("de", "del"):
        return not is_person and (of_photos or not before)
    if lead is not None:
        return True
    if name in _MIXED:
        return match["a"].startswith(("dia de", "noche de"))
    if name not in spans.MONTHS:
        return True  # «nochevieja», «semana santa»: little else is called so
    if (
        re.search(r"\b(?:del?|con|el|la|los|las|una?|sin|[yoeu]|mi|san|santa)$", before)
        or "el" in match.group().split()
    ):
        return False
    return not after and not is_person  # «playa agosto», but not «julio con su perro»
