"""Words for time, read on a given day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofinder.library.filters import Filters, Period
from photofinder.search import spans
from photofinder.search.moments import read_moment
from photofinder.search.query import PartKind, parse

TODAY = date(2026, 11, 21)  # a Saturday


def label(text: str, today: date = TODAY, southern: bool = False) -> str | None:
    """What a typed search says about time: the label of its only TIME part."""
    parts = [part for part in parse(text, today, southern).parts if part.kind is PartKind.TIME]
    assert len(parts) <= 1
    return parts[0].label if parts else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("en 2019", "2019"),
        ("playa 2019", "2019"),
        ("del año 2019", "2019"),
        ("en agosto de 2019", "2019-08"),
        ("agosto 2019", "2019-08"),
        ("Agosto del 2019", "2019-08"),
        ("setiembre de 2019", "2019-09"),
        ("en agosto", "*-08"),
        ("playa agosto", "*-08"),
        ("fotos de agosto", "*-08"),
        ("el 12 de octubre de 2018", "2018-10-12"),
        ("primero de mayo de 2018", "2018-05-01"),
        ("12 de octubre", "*-10-12"),
        ("12/10/2018", "2018-10-12"),
        ("2018-10-12", "2018-10-12"),
        ("2018-10", "2018-10"),
        ("hoy", "2026-11-21"),
        ("ayer", "2026-11-20"),
        ("anteayer", "2026-11-19"),
        ("esta semana", "2026-11-16..2026-11-22"),
        ("la semana pasada", "2026-11-09..2026-11-15"),
        ("el fin de semana pasado", "2026-11-14..2026-11-15"),
        ("este mes", "2026-11"),
        ("el mes pasado", "2026-10"),
        ("este año", "2026"),
        ("el año pasado", "2025"),
        ("hace 3 días", "2026-11-18"),
        ("hace dos semanas", "2026-11-02..2026-11-08"),
        ("hace 11 meses", "2025-12"),
        ("hace dos años", "2024"),
        ("hace un par de años", "2024"),
        ("los últimos 10 días", "2026-11-11..2026-11-21"),
        ("el último año", "2025-11-21..2026-11-21"),
        ("entre 2015 y 2018", "2015..2018"),
        ("de 2015 a 2018", "2015..2018"),
        ("2015-2018", "2015..2018"),
        ("entre 2018 y 2015", "2015..2018"),
        ("entre marzo y mayo de 2020", "2020-03-01..2020-05-31"),
        ("entre marzo y mayo", "*-03-01..*-05-31"),
        ("del 1 al 15 de agosto de 2019", "2019-08-01..2019-08-15"),
        ("desde marzo de 2020", "2020-03-01.."),
        ("a partir de 2020", "2020-01-01.."),
        ("después de 2015", "2016-01-01.."),
        ("antes de 2010", "..2009-12-31"),
        ("hasta 2010", "..2010-12-31"),
        ("desde agosto", "2026-08-01.."),
        ("los años 90", "1990..1999"),
        ("los 90", "1990..1999"),
        ("en los años noventa", "1990..1999"),
        ("fotos de los años 90", "1990..1999"),
        ("la década de 2010", "2010..2019"),
        ("en los años 2000", "2000..2009"),
        ("el verano pasado", "2026-06-21..2026-09-21"),
        ("este verano", "2026-06-21..2026-09-21"),
        ("verano de 2018", "2018-06-21..2018-09-21"),
        ("invierno de 2019", "2018-12-21..2019-03-19,2019-12-21..2020-03-19"),
        ("el invierno pasado", "2025-12-21..2026-03-19"),
        ("navidad de 2019", "2019-12-24..2020-01-06"),
        ("las navidades pasadas", "2025-12-24..2026-01-06"),
        ("en navidad", "*-12-24..*-01-06"),
        ("fotos de navidad", "*-12-24..*-01-06"),
        ("nochevieja", "*-12-31..*-01-01"),
        ("nochevieja 2019", "2019-12-31..2020-01-01"),
        ("fin de año", "*-12-31..*-01-01"),
        ("el día de reyes", "*-01-05..*-01-06"),
        ("reyes de 2020", "2020-01-05..2020-01-06"),
        ("semana santa de 2018", "2018-03-25..2018-04-02"),
        ("semana santa 2024", "2024-03-24..2024-04-01"),
        ("árbol de navidad de 2019", "2019"),
        ("que no sean de 2019", "-2019"),
    ],
)
def test_words_for_time(text: str, expected: str) -> None:
    assert label(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "navidad",
        "árbol de navidad",
        "Una familia cenando en Navidad",
        "bosque en otoño",
        "un día de verano",
        "procesión de semana santa",
        "los reyes magos",
        "plaza de mayo",
        "sándwich con mayo",
        "mayonesa y marte",
        "una sábana y un sábado",
        "Julio con su perro",
        "la hija de Abril",
        "los 90 metros",
        "un coche de los años 50",
        "gasolinera en los cincuenta",
        "el año nuevo chino de 1850 perros",
        "31 de febrero de 2019",
        "99/99/2019",
        "2099",
        "hace calor",
        "IMG-2019-08",
    ],
)
def test_what_only_looks_like_time_stays_words(text: str) -> None:
    found = [part for part in parse(text, TODAY).parts if part.kind is PartKind.TIME]
    assert not found or text.startswith(("el año nuevo chino", "31 de febrero", "99/99"))


def test_a_time_that_words_may_mean_is_offered() -> None:
    text = "cenando en Navidad"
    parsed = parse(text, TODAY)
    (offer,) = parsed.offers
    assert (offer.text, parsed.filters) == ("Navidad", Filters())
    taken = parse(text[: offer.start] + offer.filter_text + text[offer.end :], TODAY)
    assert taken.filters.month_days == ((12, 24, 1, 6),)
    assert taken.clauses == (("cenando en Navidad",),)
    assert taken.offers == ()


def test_what_a_time_leaves_is_searched() -> None:
    assert parse("playa en agosto de 2019", TODAY).clauses == (("playa",),)
    assert parse("árbol de navidad de 2019", TODAY).clauses == (("árbol de navidad",),)
    assert parse("navidad de 2019", TODAY).clauses == ()
    assert parse("en 2019 con la abuela", TODAY).clauses == (("con la abuela",),)


def test_several_times() -> None:
    both = parse("en 2018 o en 2019", TODAY).filters
    assert both == Filters(periods=(spans.year(2018), spans.year(2019)))
    summer = parse("agosto, en 2019", TODAY).filters
    assert summer == Filters(periods=(spans.year(2019),), month_days=((8, 1, 8, 31),))
    but = parse("entre 2015 y 2018, que no sean de 2016", TODAY).filters
    assert but.periods == (Period(date(2015, 1, 1), date(2015, 12, 31)), Period(date(2017, 1, 1), date(2018, 12, 31)))


def test_the_south_has_summer_in_january() -> None:
    assert label("el verano pasado", southern=True) == "2025-12-21..2026-03-19"
    assert label("invierno de 2019", southern=True) == "2019-06-21..2019-09-21"


def test_the_last_summer_depends_on_the_day() -> None:
    assert label("el verano pasado", date(2026, 8, 1)) == "2025-06-21..2025-09-21"
    assert label("este verano", date(2026, 8, 1)) == "2026-06-21..2026-09-21"
    assert label("este verano", date(2026, 2, 1)) == "2025-06-21..2025-09-21"
    assert label("las navidades pasadas", date(2026, 1, 3)) == "2024-12-24..2025-01-06"
    assert label("ayer", date(2024, 3, 1)) == "2024-02-29"
    assert label("29 de febrero", date(2025, 3, 1)) == "*-02-29"


@pytest.mark.parametrize(
    ("year", "sunday"),
    [(1961, (4, 2)), (2000, (4, 23)), (2008, (3, 23)), (2011, (4, 24)), (2025, (4, 20)), (2026, (4, 5))],
)
def test_easter(year: int, sunday: tuple[int, int]) -> None:
    assert spans.easter(year) == date(year, *sunday)


@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.booleans())
def test_what_was_is_over_and_what_is_has_begun(today: date, southern: bool) -> None:
    for name in (*spans.SEASONS, *spans.FEASTS, *spans.MOVABLE, *spans.MONTHS):
        over = spans.latest(name, today, southern, over=True)
        begun = spans.latest(name, today, southern, over=False)
        assert over is not None
        assert begun is not None
        assert over.end < today
        assert begun.start <= today
        assert over.start <= begun.start
        assert today - over.end < timedelta(days=400)


@given(st.dates(), st.dates())
def test_a_label_is_understood_as_what_it_labels(one: date, other: date) -> None:
    period = Period(min(one, other), max(one, other))
    if period.start.year >= 1900 and period.end.year <= TODAY.year + 1:
        assert read_moment(spans.When((period,)).label, TODAY) == spans.When((period,))
    days = (one.month, one.day, other.month, other.day)
    yearly = spans.When(month_days=(days,))
    assert read_moment(yearly.label, TODAY) == yearly


@given(st.text(max_size=40))
def test_any_value_is_a_time_or_none(text: str) -> None:
    read_moment(text, TODAY)


@pytest.mark.parametrize(
    "text",
    ["hace 999 años", "hace 999 meses", "últimos 999 años", "fecha:0001..9999", "fecha:..", "semana santa de 1900"],
)
def test_far_away_times_do_not_fail(text: str) -> None:
    parse(text, date(1, 2, 3) if "últimos" in text else TODAY)
