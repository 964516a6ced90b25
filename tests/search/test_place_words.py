"""Places in what people type: which words are filters, and which stay words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photofinder.library.filters import Filters, Near
from photofinder.library.places import Area, Level, Places
from photofinder.search.parts import PartKind
from photofinder.search.place_words import NEAR_KM, best_areas, offered
from photofinder.search.query import ParsedQuery, parse, without_part

TODAY = date(2026, 11, 21)
_SPAIN = (
    ("España", "Spain", Level.COUNTRY, None, ()),
    ("Andalucía", "Andalusia", Level.REGION, "España", ()),
    ("Sevilla", "Sevilla", Level.TOWN, "Andalucía", ("seville",)),
    ("Cádiz", "Cadiz", Level.TOWN, "Andalucía", ()),
    ("Castilla y León", "Castille and León", Level.REGION, "España", ()),
    ("León", "León", Level.TOWN, "Castilla y León", ()),
    ("Nieves", "Nieves", Level.TOWN, "Andalucía", ()),
    ("La Playa", "La Playa", Level.TOWN, "Andalucía", ()),
    ("Triana", "Triana", Level.DISTRICT, "Sevilla", ()),
    ("Perú", "Peru", Level.COUNTRY, None, ()),
    ("Cusco", "Cuzco Department", Level.REGION, "Perú", ("cuzco",)),
    ("Pisac", "Pisac", Level.TOWN, "Cusco", ()),
    ("Estados Unidos", "United States", Level.COUNTRY, None, ("eeuu", "ee uu", "usa")),
    ("Nueva York", "New York City", Level.TOWN, "Estados Unidos", ("new york",)),
    ("San José", "San José", Level.TOWN, "Estados Unidos", ()),
)


def places() -> Places:
    """A library with photos in each of these, and a city without, near Pisac."""
    ids = {row[0]: number for number, row in enumerate(_SPAIN, 1)}
    areas = [
        Area(
            ids[es], f"x{ids[es]}", level, None if parent is None else ids[parent], es, en,
            tuple(dict.fromkeys((_key(es), _key(en), *also))),
            37.0 if level >= Level.TOWN else None, -6.0 if level >= Level.TOWN else None, 20 - ids[es],
        )
        for es, en, level, parent, also in _SPAIN
    ]  # fmt: skip
    city = Area(99, "x99", Level.TOWN, ids["Cusco"], "Cusco", "Cusco", ("cusco", "cuzco"), -13.5, -71.97, 0)
    return Places.of([*areas, city])


def _key(name: str) -> str:
    from photofinder.library.places import place_key

    return place_key(name)


def read(text: str) -> ParsedQuery:
    return parse(text, TODAY, places=places())


@pytest.mark.parametrize(
    ("text", "names", "words"),
    [
        ("en Sevilla", ("Sevilla",), ()),
        ("playa en cadiz", ("cadiz",), ("playa",)),
        ("playa en Cádiz en agosto", ("Cádiz",), ("playa",)),
        ("niños en la playa en Perú", ("Perú",), ("niños en la playa",)),
        ("en el Perú", ("Perú",), ()),
        ("gente en EE. UU.", ("EE. UU",), ("gente",)),
        ("calle en nueva york de noche", ("nueva york",), ("calle de noche",)),
        ("un perro por Sevilla", ("Sevilla",), ("un perro",)),
        ("fotos de Sevilla", ("Sevilla",), ("fotos",)),
        ("viaje a perú", ("perú",), ("viaje",)),
        ("en Sevilla o Cádiz", ("Sevilla", "Cádiz"), ()),
        ("en Sevilla o en Cádiz", ("Sevilla", "Cádiz"), ()),
        ("perros en Sevilla, Cádiz y León", ("Sevilla", "Cádiz", "León"), ("perros",)),
        ("en león", ("león",), ()),
        ("en Castilla y León", ("Castilla y León",), ()),
        ("niños en La Playa", ("La Playa",), ("niños",)),
        ("casas en Nieves", ("Nieves",), ("casas",)),
        ("en triana", ("triana",), ()),
        ("en san jose", ("san jose",), ()),
        ("in Seville", (), ("in Seville",)),
        ("en seville", ("seville",), ()),
    ],
)
def test_a_place_of_the_library_behind_its_preposition_is_a_filter(
    text: str, names: tuple[str, ...], words: tuple[str, ...]
) -> None:
    parsed = read(text)
    assert parsed.filters.places == names
    assert tuple(clause[0] for clause in parsed.clauses) == words


@pytest.mark.parametrize(
    "text",
    [
        "niños en la playa", "gente en la nieve", "esquiar en nieves", "en casa", "en coche", "en blanco y negro",
        "un león en el zoo", "león", "toros en la plaza", "en París", "en Alemania", "en sevillanas", "en playa",
        "NIÑOS EN LA PLAYA", "perro en sofá de Sevilla", "tortilla de Cádiz", "«en Sevilla»", "en", "en la", "cerca de",
        "cerca de la playa", "cerca de Perú", "a 5000 km de Sevilla", "Peruano en la calle",
    ],
)  # fmt: skip
def test_what_is_seen_stays_words(text: str) -> None:
    parsed = read(text)
    assert parsed.filters == Filters()
    assert parsed.clauses


def test_nothing_is_a_place_in_a_library_without_coordinates() -> None:
    assert parse("playa en Sevilla", TODAY) == parse("playa en Sevilla", TODAY, places=Places())
    assert parse("playa en Sevilla", TODAY).clauses == (("playa en Sevilla",),)


def test_an_exact_filter_needs_no_photo_there() -> None:
    assert read("lugar:Sevilla").filters == Filters(places=("Sevilla",))
    assert read("lugar:Atlántida gatos").filters == Filters(places=("Atlántida",))
    assert read('place:"Nueva York" perro').filters == Filters(places=("Nueva York",))
    assert read("lugar:sí").filters == Filters(has_place=True)
    assert read("lugar:no").filters == Filters(has_place=False)
    assert [part.kind for part in read("lugar:").parts] == [PartKind.MISTAKE]


@pytest.mark.parametrize(
    ("text", "km", "words"),
    [
        ("cerca de Sevilla", NEAR_KM, ()),
        ("montañas cerca de cusco", NEAR_KM, ("montañas",)),
        ("a menos de 10 km de Sevilla", 10.0, ()),
        ("perros a 5 kilometros de Cádiz", 5.0, ("perros",)),
        ("en los alrededores de Sevilla", NEAR_KM, ()),
    ],
)
def test_near_a_town(text: str, km: float, words: tuple[str, ...]) -> None:
    parsed = read(text)
    ((name, _, _, far),) = [(near.name, near.lat, near.lon, near.km) for near in parsed.filters.near]
    assert (far, tuple(clause[0] for clause in parsed.clauses)) == (km, words)
    assert name in ("Sevilla", "Cusco", "Cádiz")
    assert parsed.filters.places == ()


def test_near_a_city_that_has_no_photo_itself() -> None:
    assert read("cerca de Cuzco").filters.near == (Near("Cusco", -13.5, -71.97, NEAR_KM),)


@pytest.mark.parametrize("text", ["playa que no sea en Cádiz", "playa menos en Cádiz", "playa, excepto en Cádiz"])
def test_a_place_can_be_denied(text: str) -> None:
    parsed = read(text)
    assert parsed.filters == Filters(not_places=("Cádiz",))
    assert parsed.clauses == (("playa",),)
    assert parsed.without == ()


def test_a_bare_name_is_offered_and_not_taken() -> None:
    parsed = read("Sevilla de noche")
    assert parsed.clauses == (("Sevilla de noche",),)
    (offer,) = parsed.offers
    assert (offer.text, offer.filter_text, offer.kind) == ("Sevilla", "lugar:Sevilla", PartKind.PLACE)
    assert read("perro en new york").offers == ()
    (offer,) = read("perro nueva york").offers
    assert offer.filter_text == 'lugar:"nueva york"'
    assert read("lugar:Cádiz sevilla").offers == ()


def test_the_chip_is_where_it_was_typed_and_its_removal_removes_the_filter() -> None:
    text = "playa en Cádiz en agosto"
    parsed = read(text)
    (part,) = [part for part in parsed.parts if part.kind is PartKind.PLACE]
    assert (part.text, part.label) == ("en Cádiz", "Cádiz")
    again = read(without_part(text, part))
    assert again.filters.places == ()
    assert again.filters.month_days == parsed.filters.month_days


def test_places_combine_with_everything_else() -> None:
    parsed = read("perros sin correa en Sevilla en 2019 tipo:jpg favoritas")
    assert parsed.filters.places == ("Sevilla",)
    assert parsed.filters.types == ("jpg",)
    assert parsed.filters.favorites
    assert parsed.filters.periods
    assert parsed.without == ("correa",)
    assert parsed.clauses == (("perros",),)


def test_names_choose_among_places_of_one_name() -> None:
    areas = [
        Area(1, "c1", Level.COUNTRY, None, "España", "Spain", ("espana", "spain"), None, None, 3),
        Area(2, "c2", Level.COUNTRY, None, "Argentina", "Argentina", ("argentina",), None, None, 2),
        Area(3, "t3", Level.TOWN, 1, "Córdoba", "Córdoba", ("cordoba",), 37.9, -4.8, 3),
        Area(4, "t4", Level.TOWN, 2, "Córdoba", "Córdoba", ("cordoba",), -31.4, -64.2, 2),
    ]
    both = Places.of(areas)
    assert [area.id for area in both.named("cordoba")] == [3, 4]
    assert [area.id for area in both.named("Córdoba, Argentina")] == [4]
    assert [area.id for area in both.named("Córdoba (España)")] == [3]
    assert both.named("Córdoba, Perú") == []
    assert both.label(areas[3]) == "Córdoba, Argentina"
    assert both.words(areas[2]) == "Córdoba, España"
    assert both.words(areas[2], spanish=False) == "Córdoba, Spain"
    assert both.within([areas[0]]) == {1, 3}
    assert [area.id for area in best_areas(both)] == [3, 1, 4, 2]
    assert offered(both, True, 9) == [
        ("Córdoba, España", 3),
        ("España", 3),
        ("Córdoba, Argentina", 2),
        ("Argentina", 2),
    ]
    assert offered(both, False, 1) == [("Córdoba, Spain", 3)]


@given(st.text(alphabet="en cerca de la Sevilla cádiz o, y que no sea 30 km «»:-\n\t", max_size=60))
def test_any_text_is_read_and_every_part_is_where_it_says(text: str) -> None:
    parsed = read(text)
    end = 0
    for part in parsed.parts:
        assert text[part.start : part.end] == part.text
        assert part.start >= end
        end = part.end
    for offer in parsed.offers:
        assert text[offer.start : offer.end] == offer.text
