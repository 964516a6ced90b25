"""What people read when something about albums cannot be done; filled in like ``messages.packs``."""

from __future__ import annotations

ALBUM_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "AlbumUnknown": {
        "named": (
            "No hay ningún álbum «{name}»; los que hay son: {known}.",
            "There is no album “{name}”; there are: {known}.",
        ),
        "gone": (
            "Ese álbum ya no existe; los que hay son: {known}.",
            "That album is no longer there; there are: {known}.",
        ),
        "none": (
            "Todavía no hay álbumes; crea uno con «photofinder album create NOMBRE».",
            "There are no albums yet; make one with “photofinder album create NAME”.",
        ),
    },
    "AlbumNameRefused": {
        "empty": ("El álbum necesita un nombre; escribe uno.", "The album needs a name; type one."),
        "long": (
            "El nombre «{name}» es demasiado largo; usa 80 letras como mucho.",
            "The name “{name}” is too long; use 80 letters at most.",
        ),
        "characters": (
            "El nombre «{name}» lleva una barra o un signo que no se ve; quítalo y prueba otra vez.",
            "The name “{name}” has a slash or an invisible character in it; take it out and try again.",
        ),
        "taken": (
            "Ya hay aquí un álbum «{name}»; elige otro nombre.",
            "There is an album “{name}” here already; choose another name.",
        ),
    },
    "AlbumInItself": {
        "": (
            "El álbum «{name}» no cabe dentro de sí mismo; elige otro sitio.",
            "The album “{name}” cannot lie in itself; choose another place.",
        ),
    },
    "PhotoNotInLibrary": {
        "": (
            "La foto {path} no está en el catálogo; analiza antes su carpeta con «photofinder index CARPETA».",
            "The photo {path} is not in the catalogue; first analyse its folder with “photofinder index FOLDER”.",
        ),
    },
}

FEW, MANY = 3, 5
"""Photos of an album from which on it is learnt, and from which on there is a figure of how good it is."""


def quality_sentence(photos: int, precision: float | None, proposals: int, language: str) -> str:
    """How good the proposals of an album are, in plain words.

    ``photos`` are in the album; ``precision``: how precisely they were found among others when the album was learnt
    without them, in [0, 1], or None when that is not known.
    """
    spanish = language == "es"
    if photos == 0:
        return "Añádele unas fotos y propondrá más." if spanish else "Add some photos to it, and it will propose more."
    nothing = proposals == 0
    if precision is None or photos < MANY:
        if spanish:
            learns = "propone las más parecidas" if photos < FEW else "ya aprende qué tienen en común"
            return ("No ve ninguna bastante parecida; " if nothing else f"Con tan pocas fotos {learns}; ") + (
                "con 5 o más te dirá cuánto acierta."
            )
        learns = "it proposes the most alike" if photos < FEW else "it begins to learn what they share"
        return ("It sees none that is like enough; " if nothing else f"With so few photos {learns}; ") + (
            "with 5 or more it tells you how often it is right."
        )
    tenths = round(10 * precision)
    if spanish:
        share = "en casi todas las" if tenths == 10 else f"en unas {tenths} de cada 10 de las"
        text = f"Probado con tus propias fotos: acierta {share if tenths > 1 else 'en muy pocas de las'} que propone."
        more = " Marca más, y di que no a las que no van: aprenderá." if tenths <= 6 else ""
        return text + more + (" Ahora no ve ninguna más." if nothing else "")
    share = "nearly all" if tenths == 10 else f"about {tenths} in 10" if tenths > 1 else "very few"
    more = " Mark more, and say no to those that do not fit: it learns." if tenths <= 6 else ""
    return f"Tried on your own photos: {share} of what it proposes is right.{more}" + (
        " It sees no more now." if nothing else ""
    )
