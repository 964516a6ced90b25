"""What people are told about searching for the same object, in the window and on the command line."""

from __future__ import annotations

from photofinder.messages import counted, number, pick

FEW_POINTS = 15
"""With fewer points an object is hardly ever found again."""


def points_agree(points: int, language: str) -> str:
    """Why a photo was found: «12 puntos coinciden»."""
    one, many = pick(language, "punto coincide", "point agrees"), pick(language, "puntos coinciden", "points agree")
    return counted(points, one, many, language)


def few_points(points: int, language: str) -> str:
    """That an object has too little to recognise it by, and what to do; empty when it has enough."""
    if points >= FEW_POINTS:
        return ""
    return pick(
        language,
        "Lo marcado es demasiado liso o pequeño para reconocerlo: marca también letras, dibujos o bordes que lo"
        " acompañen, o busca fotos parecidas.",
        "What is marked is too plain or too small to be recognised: mark letters, drawings or edges around it, too,"
        " or search for photos like it.",
    )


def nothing_shows_it(prepared: int, language: str) -> str:
    """That no photo shows the object, honestly, and what to do."""
    one, many = pick(language, "foto preparada", "ready photo"), pick(language, "fotos preparadas", "ready photos")
    photos = counted(prepared, one, many, language)
    return pick(
        language,
        f"Ninguna otra de {photos} comparte bastantes puntos con lo marcado; prueba con un recuadro más ajustado o con"
        " una foto en que se vea de frente.",
        f"No other of {photos} shares enough points with what is marked; try a tighter box, or a photo that shows it"
        " from the front.",
    )


def nothing_prepared(language: str) -> str:
    """That no photo is ready yet, for the command line."""
    return pick(
        language,
        "Todavía no hay fotos preparadas para buscar objetos; hazlo con «photofinder object --prepare».",
        "No photos are ready for finding objects yet; make them so with “photofinder object --prepare”.",
    )


def preparation_line(new: int, prepared: int, waiting: int, language: str) -> str:
    """What a preparation did, for the command line."""
    one, many = (
        pick(language, "foto preparada", "photo prepared"),
        pick(language, "fotos preparadas", "photos prepared"),
    )
    text = counted(new, one, many, language)
    text += pick(language, f"; listas, {number(prepared)}", f"; {number(prepared, language)} ready")
    if waiting:
        text += pick(
            language,
            f"; {number(waiting)} no se pudieron leer ahora: conecta su disco y repite",
            f"; {number(waiting, language)} could not be read now: connect their drive and repeat",
        )
    return text + "."


def still_waiting(waiting: int, language: str) -> str:
    """That some photos cannot be found yet, for the command line."""
    photos = number(waiting, language)
    return pick(
        language,
        f"Faltan {photos} fotos por preparar («photofinder object --prepare»): el objeto puede salir también ahí.",
        f"{photos} photos are not ready yet (“photofinder object --prepare”): the object may be in them, too.",
    )
