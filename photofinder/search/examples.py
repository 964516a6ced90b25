"""Examples of what can be asked, for the help of the window and of the command line."""

from __future__ import annotations

from dataclasses import dataclass

from photofinder.messages import SPANISH


@dataclass(frozen=True, slots=True)
class Example:
    """A search (always Spanish: so the model was taught) and what it asks for, in the person's language."""

    text: str
    meaning: str


_EXAMPLES = (
    ("niños jugando en la playa", "Lo que se ve en la foto, con tus palabras.", "What the photo shows, in your words."),
    (
        "playa sin gente",
        "Sin algo: también «-gente», «que no sea…», «menos…».",
        "Without: also “-gente”, “que no sea…”.",
    ),
    ("perro o gato en el sofá", "Cualquiera de las dos cosas.", "Either of the two."),
    ("montaña en agosto de 2019", "De un momento: un mes, un año, una fecha.", "Of a time: a month, a year, a date."),
    ("el verano pasado", "También «ayer», «hace dos años», «entre 2015 y 2018».", "Also “ayer”, “hace dos años”."),
    ("cena fecha:2019..2021", "Entre dos fechas exactas.", "Between two exact dates."),
    (
        "atardecer en Sevilla",
        "Donde se hizo: también «en Perú», «cerca de Cusco», «lugar:Cádiz».",
        "Where it was taken: also “en Perú”, “cerca de Cusco”, “lugar:Cádiz”.",
    ),
    ("retrato carpeta:Viajes", "Solo de una carpeta.", "Of one folder only."),
    ("flores cámara:Pixel", "Solo de una cámara.", "Of one camera only."),
    ("recibo tipo:png", "Solo de un tipo de archivo.", "Of one kind of file only."),
    ("favoritas orientación:vertical", "Tus favoritas, y solo las verticales.", "Your favourites, portraits only."),
    ('"navidad"', "Entre comillas, las palabras no se interpretan.", "In quotation marks words mean themselves."),
)


def examples(language: str = SPANISH) -> tuple[Example, ...]:
    """What can be asked, one of each kind; ``language`` ``"es"`` or ``"en"``."""
    return tuple(Example(text, spanish if language == SPANISH else english) for text, spanish, english in _EXAMPLES)
