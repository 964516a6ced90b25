"""What people read about a shared catalogue and the workers of a cluster: templates, Spanish and English.

``messages.sentence`` fills them; ``{path}`` arrives quoted, the others bare.
"""

from __future__ import annotations

SCALE_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "ExtraMissing": {
        "": (
            "Falta un complemento para usar {option}; instálalo con «pip install photofinder[scale]».",
            "An extra is missing for {option}; install it with “pip install photofinder[scale]”.",
        ),
    },
    "ClusterUnavailable": {
        "address": (
            "La dirección del planificador de Dask no se entiende; escríbela como «tcp://equipo:8786».",
            "The address of the Dask scheduler is not understood; write it like “tcp://host:8786”.",
        ),
        "unreachable": (
            "No se puede conectar con el planificador de Dask de {address}; comprueba la dirección y que esté en "
            "marcha.",
            "The Dask scheduler at {address} cannot be reached; check the address and that it is running.",
        ),
        "no_workers": (
            "El planificador de Dask de {address} no tiene ningún trabajador; arranca alguno con «dask worker "
            "{address}» "
            "y repite: lo analizado está guardado.",
            "The Dask scheduler at {address} has no worker; start one with “dask worker {address}” and repeat: "
            "what was "
            "analysed is kept.",
        ),
        "lost": (
            "Se ha perdido la conexión con el planificador de Dask de {address}; repite cuando vuelva: lo "
            "analizado está "
            "guardado.",
            "The connection to the Dask scheduler at {address} was lost; repeat when it is back: what was analysed is "
            "kept.",
        ),
        "folder": (
            "Un trabajador de {address} no ve la carpeta «{folder}»; móntala en la misma ruta en todos los equipos y "
            "repite.",
            "A worker of {address} does not see the folder “{folder}”; mount it under the same path on all "
            "machines and "
            "repeat.",
        ),
        "pack": (
            "Un trabajador de {address} tiene otro modelo de búsqueda; pon el mismo en todos los equipos y repite.",
            "A worker of {address} has another search model; put the same one on all machines and repeat.",
        ),
        "version": (
            "Un trabajador de {address} tiene otra versión de PhotoFinder ({detail}); instala la misma en todos los "
            "equipos y repite.",
            "A worker of {address} has another version of PhotoFinder ({detail}); install the same one on all machines "
            "and repeat.",
        ),
        "package": (
            "Un trabajador de {address} no tiene PhotoFinder, o no la misma versión de él y de Dask; instálalos "
            "en todos "
            "los equipos con «pip install photofinder[scale]» y repite.",
            "A worker of {address} lacks PhotoFinder, or has another version of it or of Dask; install them on all "
            "machines with “pip install photofinder[scale]” and repeat.",
        ),
        "broken": (
            "Un trabajador de {address} no puede analizar ({detail}); arréglalo o páralo y repite.",
            "A worker of {address} cannot analyse ({detail}); repair or stop it and repeat.",
        ),
        "request": (
            "Un trabajador de {address} no entiende lo que se le pide; instala la misma versión de PhotoFinder "
            "en todos "
            "los equipos y repite.",
            "A worker of {address} does not understand what it is asked; install the same version of PhotoFinder "
            "on all "
            "machines and repeat.",
        ),
        "nonsense": (
            "Un trabajador de {address} responde sin sentido; instala la misma versión de PhotoFinder en todos los "
            "equipos y repite.",
            "A worker of {address} answers nonsense; install the same version of PhotoFinder on all machines and "
            "repeat.",
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
        "not_empty": (
            "En {place} ya hay un catálogo; para medir hace falta una base de datos vacía.",
            "There is a catalogue at {place} already; an empty database is needed for measuring.",
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
