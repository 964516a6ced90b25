"""What people read about model packs and official weights: templates by kind of error and reason, Spanish and English.

``messages.sentence`` fills them; ``{path}`` arrives quoted, ``{name}``, ``{file}``, ``{host}`` and ``{known}`` bare.
"""

from __future__ import annotations

PACK_SENTENCES: dict[str, dict[str, tuple[str, str]]] = {
    "PackUnknown": {
        "": (
            "No hay ningún modelo de búsqueda «{name}»; los que hay son: {known}.",
            "There is no search model “{name}”; there are: {known}.",
        ),
    },
    "WeightsMissing": {
        "": (
            "El modelo «{name}» necesita los pesos {file}, que aún no están aquí; «photofinder pack get {name}» los "
            "descarga, si quieres.",
            "The model “{name}” needs the weights {file}, which are not here yet; “photofinder pack get {name}” "
            "downloads them if you want.",
        ),
    },
    "WeightsRejected": {
        "size": (
            "El archivo de pesos {path} no tiene el tamaño esperado, así que no se usa; descárgalo otra vez.",
            "The weights file {path} is not of the expected size, so it is not used; download it again.",
        ),
        "checksum": (
            "El archivo de pesos {path} no coincide con su suma de comprobación, así que no se usa; descárgalo otra "
            "vez.",
            "The weights file {path} does not match its checksum, so it is not used; download it again.",
        ),
        "format": (
            "El archivo {path} no es un archivo de pesos de torch; elige el original, sin modificar.",
            "The file {path} is not a weights file of torch; choose the original one, unchanged.",
        ),
        "network": (
            "Los pesos de {path} son de otra red; elige el archivo que nombra «photofinder pack list».",
            "The weights in {path} belong to another network; choose the file that “photofinder pack list” names.",
        ),
        "fingerprint": (
            "Con los pesos de {path} la red no da los números con los que se hizo el modelo, así que no se usan; "
            "sigue con el modelo incluido.",
            "With the weights in {path} the network does not give the numbers that the model was made with, so they "
            "are not used; go on with the bundled model.",
        ),
    },
    "DownloadFailed": {
        "no_network": (
            "No se puede conectar con {host}; revisa la conexión a internet y repite, o usa un archivo tuyo con "
            "--weights.",
            "The server {host} cannot be reached; check the internet connection and try again, or use a file of yours "
            "with --weights.",
        ),
        "not_found": (
            "El servidor {host} ya no ofrece ese archivo; consíguelo de otro sitio y dalo con --weights.",
            "The server {host} no longer offers that file; get it elsewhere and give it with --weights.",
        ),
        "refused": (
            "El servidor {host} ha respondido con un error; vuelve a intentarlo más tarde.",
            "The server {host} answered with an error; try again later.",
        ),
        "interrupted": (
            "La descarga de {host} se ha cortado; repite y seguirá donde se quedó.",
            "The download from {host} was cut off; try again and it goes on where it stopped.",
        ),
        "other_size": (
            "Lo que envía {host} no es el archivo esperado y no se ha guardado; vuelve a intentarlo más tarde.",
            "What {host} sends is not the expected file and was not kept; try again later.",
        ),
    },
    "ConsentMissing": {
        "": (
            "Para descargar los pesos de {host} hace falta tu permiso; repite con «photofinder pack get {name} --yes».",
            "Downloading the weights from {host} needs your permission; repeat with “photofinder pack get {name} "
            "--yes”.",
        ),
    },
}
