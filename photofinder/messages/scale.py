"""What people read about a shared catalogue and the workers of a cluster: templates, Spanish and English.

``messages.sentence`` fills them; ``{path}`` arrives quoted, the others bare.
"""

from __future__ import annotations

SCALE_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "ExtraMissing": {
        "": (
            "Para usar {option} hay que instalar un complemento: «pip install photofinder[scale]».",
            "Using {option} needs an extra to be installed: “pip install photofinder[scale]”.",
        ),
    },
    "StoreUnavailable": {
        "address": (
            "La dirección del catálogo compartido no se entiende; escríbela como «postgresql://usuario@equipo/base».",
            "The address of the shared catalogue is not understood; write it like “postgresql://user@host/database”.",
        ),
        "unreachable": (
            "No se puede conectar con el catálogo compartido de {place}; comprueba la dirección y que PostgreSQL esté "
            "en marcha.",
            "The shared catalogue at {place} cannot be reached; check the address and that PostgreSQL is running.",
        ),
        "password": (
            "El catálogo compartido de {place} no acepta ese usuario o esa contraseña; corrígelos, o guárdalos en "
            "el archivo .pgpass.",
            "The shared catalogue at {place} does not accept this user or password; correct them, or keep them in the "
            "file .pgpass.",
        ),
        "database": (
            "En el servidor no existe la base de datos {place}; créala con «createdb» o corrige el nombre.",
            "There is no database {place} on the server; make it with “createdb” or correct its name.",
        ),
        "extension": (
            "A la base de datos {place} le falta la extensión pgvector; que quien la administra la instale y ejecute "
            "«CREATE EXTENSION vector».",
            "The database {place} lacks the extension pgvector; have its administrator install it and run “CREATE "
            "EXTENSION vector”.",
        ),
        "extension_old": (
            "La extensión pgvector de {place} es la {detail} y hace falta la 0.8 o posterior; que quien la administra "
            "la actualice.",
            "The extension pgvector at {place} is {detail}, and 0.8 or later is needed; have its administrator update "
            "it.",
        ),
        "empty": (
            "En {place} todavía no hay ningún catálogo; empieza con «photofinder index CARPETA --store …».",
            "There is no catalogue at {place} yet; begin with “photofinder index FOLDER --store …”.",
        ),
        "newer": (
            "El catálogo compartido de {place} lo creó una versión más nueva de PhotoFinder; actualiza el programa.",
            "The shared catalogue at {place} was made by a newer version of PhotoFinder; update the program.",
        ),
        "rights": (
            "Ese usuario no puede hacer esto en el catálogo compartido de {place}; pide permiso a quien lo administra.",
            "This user may not do that in the shared catalogue at {place}; ask its administrator for the right.",
        ),
        "full": (
            "El servidor de {place} no tiene sitio o memoria para más; amplíalo y repite: lo analizado está guardado.",
            "The server of {place} has no room or memory for more; extend it and repeat: what was analysed is kept.",
        ),
        "lost": (
            "Se ha perdido la conexión con {place}; repite cuando vuelva: lo analizado está guardado.",
            "The connection to {place} was lost; repeat when it is back: what was analysed is kept.",
        ),
    },
}
