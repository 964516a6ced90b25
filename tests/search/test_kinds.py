"""«clase:», and the phrases that mean it."""

from __future__ import annotations

from datetime import date

import pytest

from photofinder.library.filters import Filters
from photofinder.search.completion import filters_starting
from photofinder.search.parts import without_part
from photofinder.search.query import ParsedQuery, PartKind, parse

TODAY = date(2026, 11, 21)


def read(text: str) -> ParsedQuery:
    return parse(text, TODAY)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("clase:captura", ("screenshot",)),
        ("clase:capturas,documentos", ("screenshot", "document")),
        ("kind:blurred", ("blurred",)),
        ("fotos borrosas", ("blurred",)),
        ("Fotos MUY oscuras", ("dark",)),
        ("capturas de pantalla", ("screenshot",)),
        ("pantallazos", ("screenshot",)),
        ("fotos de documentos", ("document",)),
        ("documentos", ("document",)),
        ("imágenes raras", ("odd",)),
        ("foto borrosa", ("blurred",)),
        ("clase:rara clase:oscura", ("odd", "dark")),
    ],
)
def test_kinds_are_filters_and_nothing_else_is_asked(text: str, kinds: tuple[str, ...]) -> None:
    parsed = read(text)
    assert parsed.filters == Filters(kinds=kinds)
    assert parsed.clauses == parsed.without == ()
    assert {part.kind for part in parsed.parts} == {PartKind.KIND}
    assert without_part(text, parsed.parts[0]) == ("clase:oscura" if " clase" in text else "")


@pytest.mark.parametrize(
    ("text", "words", "kinds"),
    [
        ("viajes sin capturas de pantalla", "viajes", ("screenshot",)),
        ("playa -clase:borrosa", "playa", ("blurred",)),
        ("perros que no sean fotos oscuras", "perros", ("dark",)),
    ],
)
def test_kinds_can_be_unwanted(text: str, words: str, kinds: tuple[str, ...]) -> None:
    parsed = read(text)
    assert parsed.filters == Filters(not_kinds=kinds)
    assert parsed.clauses == ((words,),)
    assert [part.label for part in parsed.parts if part.kind is PartKind.KIND] == [f"-{kinds[0]}"]


@pytest.mark.parametrize(
    "caption",
    [
        "mujer leyendo documentos",
        "dos hombres peleando, imagen borrosa",
        "multitud en la calle, imagen oscura y borrosa",
        "captura de videojuego de baloncesto",
        "habitación oscura",
        '"documentos"',
        "«fotos borrosas»",
    ],
)
def test_what_a_photo_shows_stays_words(caption: str) -> None:
    assert read(caption).filters == Filters()
    assert read(caption).clauses


def test_a_kind_nobody_knows_is_a_mistake_and_words_for_time_go_on() -> None:
    assert [part.kind for part in read("clase:nada").parts] == [PartKind.MISTAKE]
    parsed = read("fotos borrosas de agosto de 2019")
    assert parsed.filters.kinds == ("blurred",)
    assert parsed.filters.periods
    assert not parsed.clauses


def test_kinds_are_completed() -> None:
    assert filters_starting("cla") == ("clase:",)
    assert "clase:borrosa" in filters_starting("clase:")
