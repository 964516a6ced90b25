"""The grammar: what a typed search is understood as, whatever is typed."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from photofinder.library.filters import Filters, Orientation
from photofinder.search.query import PartKind, clean_text, parse, without_part

TODAY = date(2026, 11, 21)


def clauses(text: str) -> tuple[tuple[str, ...], ...]:
    return parse(text, TODAY).clauses


@pytest.mark.parametrize(
    "text",
    [
        "niños y perros en la playa",
        "Una cocina azul y blanca",
        "cama con colcha amarilla, cojín rojo y estantes",
        "al menos dos perros",
        "más o menos tres gatos",
        "una foto sin",
        "sin embargo, un perro",
        "autorretrato - espejo",
        "T-shirt y coche-bomba",
        "planeta marte sobre una sábana con mayonesa",
        "http://playa.es/a:b",
        "100% algodón & lino",
    ],
)
def test_plain_words_stay_one_phrase(text: str) -> None:
    parsed = parse(text, TODAY)
    assert parsed.clauses == ((text,),)
    assert (parsed.without, parsed.filters) == ((), Filters())
    assert {part.kind for part in parsed.parts} == {PartKind.WORDS}


@pytest.mark.parametrize(
    ("text", "wanted", "without"),
    [
        ("playa sin gente", ("playa",), ("gente",)),
        ("sin gente", (), ("gente",)),
        ("perro -gato", ("perro",), ("gato",)),
        ('perro -"gafas de sol"', ("perro",), ("gafas de sol",)),
        ("perros que no sean negros", ("perros",), ("negros",)),
        ("perros, que no sean negros, en la playa", ("perros en la playa",), ("negros",)),
        ("hombre sin camisa con gorra azul", ("hombre con gorra azul",), ("camisa",)),
        ("hombre sin camisa asando pollo", ("hombre asando pollo",), ("camisa",)),
        ("calle sin coches ni gente", ("calle",), ("coches", "gente")),
        ("calle sin gente y coches", ("calle",), ("gente", "coches")),
        ("calle sin gente y con árboles", ("calle con árboles",), ("gente",)),
        ("calle sin gafas de sol o sombrero", ("calle",), ("gafas de sol", "sombrero")),
        ("calle sin ninguna persona", ("calle",), ("persona",)),
        ("calle sin nada de gente", ("calle",), ("gente",)),
        ("todo menos perros", (), ("perros",)),
        ("playas excepto las de noche", ("playas",), ("noche",)),
        ("no hay gente", (), ("gente",)),
        ("jardín que no tenga flores", ("jardín",), ("flores",)),
        ("playa y sin gente", ("playa",), ("gente",)),
        ("pero sin gente", (), ("gente",)),
        ("PLAYA SIN GENTE", ("PLAYA",), ("GENTE",)),
    ],
)
def test_what_is_not_wanted(text: str, wanted: tuple[str, ...], without: tuple[str, ...]) -> None:
    parsed = parse(text, TODAY)
    assert parsed.clauses == ((wanted,) if wanted else ())
    assert parsed.without == without
    labels = [part.label for part in parsed.parts if part.kind is PartKind.WITHOUT]
    assert ", ".join(label or "" for label in labels) == ", ".join(without)


@pytest.mark.parametrize(
    ("text", "alternatives"),
    [
        ("perro o gato", ("perro", "gato")),
        ("perro o gato en la playa", ("perro en la playa", "gato en la playa")),
        ("un perro o un gato en la playa", ("un perro en la playa", "un gato en la playa")),
        ("persona montando un caballo o un burro", ("persona montando un caballo", "persona montando un burro")),
        ("niño en un columpio o tobogán", ("niño en un columpio", "niño en tobogán")),
        ("coche rojo o azul en la calle", ("coche rojo en la calle", "coche azul en la calle")),
        ("niñas u ocas", ("niñas", "ocas")),
        ("perro o gato o caballo", ("perro", "gato", "caballo")),
        ("o gato", ("o gato",)),
        ("gato o", ("gato o",)),
        ("una playa o sea arena", ("una playa o sea arena",)),
        ('"perro o gato"', ("perro o gato",)),
    ],
)
def test_one_of_several_is_enough(text: str, alternatives: tuple[str, ...]) -> None:
    whole = (" ".join(text.split()),) if len(alternatives) > 1 else ()
    assert clauses(text) == (alternatives + whole,)


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("tipo:png", Filters(types=("png",))),
        ("tipo:JPEG,heif", Filters(types=("jpg", "heic"))),
        ("type:.tif", Filters(types=("tiff",))),
        ("carpeta:Viajes", Filters(path_contains=("Viajes",))),
        ('carpeta:"Mis viajes/Cádiz"', Filters(path_contains=("Mis viajes/Cádiz",))),
        ("folder:«Año nuevo»", Filters(path_contains=("Año nuevo",))),
        ("cámara:Pixel", Filters(cameras=("Pixel",))),
        ("CAMARA:pixel camera:Canon", Filters(cameras=("pixel", "Canon"))),
        ("archivo:IMG_20", Filters(name_contains=("IMG_20",))),
        ("favoritas", Filters(favorites=True)),
        ("favorites", Filters(favorites=True)),
        ("orientación:vertical", Filters(orientation=Orientation.PORTRAIT)),
        ("orientation:square", Filters(orientation=Orientation.SQUARE)),
        ("lugar:sí", Filters(has_place=True)),
        ("place:no", Filters(has_place=False)),
    ],
)
def test_exact_filters(text: str, filters: Filters) -> None:
    for typed in (text, f"perro {text}", f"  {text}  en la playa"):
        assert parse(typed, TODAY).filters == filters
    assert clauses(text) == ()
    assert clauses(f"perro {text}") == (("perro",),)


@pytest.mark.parametrize(
    "text", ["tipo:xyz", "fecha:perro", "fecha:", "tipo:", "-tipo:png", "orientacion:oblicua", "lugar:?"]
)
def test_a_filter_that_means_nothing_is_said_and_asks_nothing(text: str) -> None:
    parsed = parse(f"perro {text}", TODAY)
    assert parsed.filters == Filters()
    assert parsed.clauses == (("perro",),)
    assert [part.text for part in parsed.parts if part.kind is PartKind.MISTAKE] == [text]


def test_pero_ties_words_to_a_photo_and_says_nothing() -> None:
    assert clauses("pero de noche") == (("de noche",),)
    assert parse("pero sin gente", TODAY).without == ("gente",)
    assert clauses("Pero") == (("Pero",),)
    assert clauses("perro pero feo") == (("perro pero feo",),)


def test_everything_at_once() -> None:
    text = "playa  sin gente, en agosto de 2019 tipo:png"
    parsed = parse(text, TODAY)
    assert [(part.kind, part.text, part.label) for part in parsed.parts] == [
        (PartKind.WORDS, "playa", None),
        (PartKind.WITHOUT, "sin gente", "gente"),
        (PartKind.TIME, "en agosto de 2019", "2019-08"),
        (PartKind.TYPE, "tipo:png", "png"),
    ]
    assert without_part(text, parsed.parts[1]) == "playa , en agosto de 2019 tipo:png"


# Whatever is typed

_SNIPPET_WORDS = (
    "sin - y o ni no que sea menos en de agosto 2019 navidad el verano pasado entre hace dos años semana fecha: "
    'fecha:2019-08 carpeta:"a tipo:png favoritas " « » , . perro gato playa un la pero desde hasta 12/10/2018 *-08 '
)
_SNIPPETS = st.sampled_from(_SNIPPET_WORDS.split())
_TYPED = st.one_of(
    st.text(alphabet=st.characters(), max_size=80),
    st.lists(st.one_of(_SNIPPETS, st.text(max_size=4)), max_size=14).map(" ".join),
    st.lists(_SNIPPETS, max_size=14).map("".join),
)


@given(_TYPED)
@example("n\u0303 sin n\u0303" + "\u0301" * 3 + " en agosto")
@example("\udcff sin \udcff\u200bgente")
@example('"a""b" -"c"')
def test_parts_lie_in_the_text_in_order_and_apart(text: str) -> None:
    parsed = parse(text, TODAY)
    end = 0
    for part in parsed.parts:
        assert end <= part.start < part.end <= len(text)
        assert part.text == text[part.start : part.end]
        end = part.end
    assert bool(parsed.parts) == bool(clean_text(text))
    for phrase in [*parsed.without, *(one for clause in parsed.clauses for one in clause)]:
        assert phrase == clean_text(phrase) != ""
    for offer in parsed.offers:
        assert offer.text == text[offer.start : offer.end]
        assert offer.filter_text.startswith(offer.text)


@given(_TYPED)
def test_removing_parts_one_by_one_ends_with_nothing(text: str) -> None:
    for _ in range(len(text) + 1):
        parts = parse(text, TODAY).parts
        if not parts:
            return
        gone = parts[len(parts) // 2]
        shorter = without_part(text, gone)
        # a space may come where two parts meet; of what can be seen there is less
        assert len("".join(shorter.split())) < len("".join(text.split()))
        text = shorter
    raise AssertionError


_PIECES = [
    "perro en la playa",
    "sin gente",
    "en agosto de 2019",
    "tipo:png",
    "carpeta:«Mis viajes»",
    "favoritas",
    "hace 3 días",
]


@given(st.permutations(_PIECES), st.sets(st.sampled_from(_PIECES)), st.sampled_from(_PIECES))
def test_a_removed_part_does_not_come_back_and_the_others_stay(
    order: list[str], left_out: set[str], removed: str
) -> None:
    pieces = [piece for piece in order if piece not in left_out or piece == removed]
    text = ", ".join(pieces)
    parsed = parse(text, TODAY)
    assert [part.text for part in parsed.parts] == pieces
    chip = next(part for part in parsed.parts if part.text == removed)
    again = parse(without_part(text, chip), TODAY)
    assert [part.text for part in again.parts] == [piece for piece in pieces if piece != removed]


@given(_TYPED)
def test_decomposed_accents_change_nothing(text: str) -> None:
    composed = parse(unicodedata.normalize("NFC", text), TODAY)
    decomposed = parse(unicodedata.normalize("NFD", text), TODAY)
    assert composed.filters.periods == decomposed.filters.periods
    assert composed.filters.types == decomposed.filters.types
    assert [part.kind for part in composed.parts] == [part.kind for part in decomposed.parts]


def test_a_page_of_text_is_understood_at_once() -> None:
    parsed = parse("playa sin gente en agosto de 2019 o perro " * 2_000, TODAY)
    assert parsed.clauses
    assert len(parsed.without) <= 32
