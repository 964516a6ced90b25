"""What people read when something goes wrong: one sentence that says what happened and what to do about it.

Spanish first, English second. Also how numbers and lengths of time are written in both.
"""

from __future__ import annotations

import errno
import locale
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from photofinder import errors
from photofinder.errors import FailureReason, PhotoFinderError
from photofinder.messages.albums import ALBUM_SENTENCES
from photofinder.messages.catalog import CATALOG_SENTENCES
from photofinder.messages.descriptors import DESCRIPTOR_SENTENCES
from photofinder.messages.packs import PACK_SENTENCES
from photofinder.messages.scale import SCALE_SENTENCES

SPANISH = "es"
ENGLISH = "en"
LANGUAGE_VARIABLE = "PHOTOFINDER_LANGUAGE"
"""Wins over the settings and the system; the command line's ``--language`` sets it for the window."""

_REASONS: dict[FailureReason, tuple[str, str]] = {
    FailureReason.EMPTY: (
        "el archivo está vacío; recupera la foto de una copia de seguridad si la tienes",
        "the file is empty; restore the photo from a backup if you have one",
    ),
    FailureReason.NOT_AN_IMAGE: (
        "no es una imagen, aunque su nombre lo diga; comprueba con qué programa se creó",
        "it is not an image, whatever its name says; check which program made it",
    ),
    FailureReason.DAMAGED: (
        "la imagen está dañada o incompleta; vuelve a copiarla de la cámara o de una copia de seguridad",
        "the image is damaged or incomplete; copy it again from the camera or a backup",
    ),
    FailureReason.TOO_LARGE: (
        "la imagen es demasiado grande para abrirla sin riesgo; guarda una versión más pequeña",
        "the image is too large to be opened safely; save a smaller version of it",
    ),
    FailureReason.NO_PERMISSION: (
        "no tienes permiso para leer el archivo; cambia sus permisos e inténtalo otra vez",
        "you are not allowed to read the file; change its permissions and try again",
    ),
    FailureReason.VANISHED: (
        "el archivo ya no está donde estaba; comprueba si lo has movido o si falta conectar un disco",
        "the file is no longer where it was; check whether it was moved or a drive is not connected",
    ),
    FailureReason.TOO_SLOW: (
        "tardaba demasiado en abrirse y se ha dejado de intentar; prueba a guardarla en otro formato",
        "it took too long to open and was given up; try saving it in another format",
    ),
    FailureReason.DECODER_CRASHED: (
        "el lector de imágenes se cerró al abrirla; prueba a guardarla en otro formato",
        "the image reader stopped while opening it; try saving it in another format",
    ),
    FailureReason.READ_ERROR: (
        "el disco dio un error al leerla; comprueba el disco y vuelve a intentarlo",
        "the disk gave an error while reading it; check the disk and try again",
    ),
}

_FOLDER_REASONS = {
    "missing": (
        "La carpeta {path} no existe o no está conectada; revisa el nombre o conecta el disco.",
        "The folder {path} does not exist or is not connected; check its name or connect the drive.",
    ),
    "not_a_folder": (
        "{path} no es una carpeta; elige la carpeta que contiene las fotos.",
        "{path} is not a folder; choose the folder that holds the photos.",
    ),
    "silent": (
        "La carpeta {path} no responde; revisa su disco o su red y vuelve a intentarlo.",
        "The folder {path} does not answer; check its drive or network and try again.",
    ),
    "no_permission": (
        "No tienes permiso para ver la carpeta {path}; cambia sus permisos o elige otra.",
        "You are not allowed to look into the folder {path}; change its permissions or choose another.",
    ),
}

_CAPTIONS_REASONS = {
    "missing": (
        "No se puede leer el archivo de frases {path}; revisa el nombre y los permisos.",
        "The captions file {path} cannot be read; check its name and permissions.",
    ),
    "encoding": (
        "La línea {line} de {path} no está en UTF-8; guarda el archivo como texto UTF-8.",
        "Line {line} of {path} is not UTF-8; save the file as UTF-8 text.",
    ),
    "columns": (
        "La línea {line} de {path} no tiene la forma «archivo, tabulador, frase»; corrígela y repite.",
        "Line {line} of {path} is not of the form “file, tab, phrase”; correct it and try again.",
    ),
    "unknown_photo": (
        "La línea {line} de {path} nombra una foto que no está en la carpeta; corrige el nombre o quítala.",
        "Line {line} of {path} names a photo that is not in the folder; correct the name or remove it.",
    ),
    "no_lines": (
        "El archivo de frases {path} está vacío; escribe una línea «archivo, tabulador, frase» por búsqueda.",
        "The captions file {path} is empty; write one line “file, tab, phrase” for each search.",
    ),
}

_SYSTEM: dict[int, tuple[str, str]] = {
    errno.ENOSPC: (
        "No queda espacio en el disco{where}; libera un poco y vuelve a intentarlo.",
        "The disk is full{where}; free some room and try again.",
    ),
    errno.EACCES: (
        "No hay permiso para usar el archivo{where}; revisa sus permisos.",
        "There is no permission to use the file{where}; check its permissions.",
    ),
    errno.EROFS: (
        "El disco es de solo lectura{where}; usa otro o quita la protección.",
        "The disk is read-only{where}; use another one or remove its protection.",
    ),
    errno.ENOENT: (
        "No se encuentra el archivo{where}; revisa el nombre o conecta el disco.",
        "The file was not found{where}; check its name or connect the drive.",
    ),
    errno.EISDIR: (
        "Se esperaba un archivo y es una carpeta{where}; elige un archivo.",
        "A file was expected and this is a folder{where}; choose a file.",
    ),
    errno.ENOTDIR: (
        "Se esperaba una carpeta y es un archivo{where}; elige una carpeta.",
        "A folder was expected and this is a file{where}; choose a folder.",
    ),
    errno.EIO: (
        "El disco dio un error{where}; compruébalo y haz una copia de lo importante.",
        "The disk gave an error{where}; check it and back up what matters.",
    ),
    errno.ENAMETOOLONG: (
        "El nombre es demasiado largo para este disco{where}; usa uno más corto.",
        "The name is too long for this disk{where}; use a shorter one.",
    ),
    errno.EMFILE: (
        "Hay demasiados archivos abiertos{where}; cierra otros programas y vuelve a intentarlo.",
        "Too many files are open{where}; close other programs and try again.",
    ),
}
_SAME_AS = {errno.EPERM: errno.EACCES, errno.EDQUOT: errno.ENOSPC, errno.ENFILE: errno.EMFILE}

Pair = tuple[str, str]


def _photo_unreadable(error: errors.PhotoUnreadable) -> Pair:
    es, en = _REASONS[error.reason]
    path = shown_path(error.path)
    return f"No se pudo leer la foto «{path}»: {es}.", f"The photo “{path}” could not be read: {en}."


def _folder_overlap(error: errors.FolderOverlap) -> Pair:
    path, other = shown_path(error.path), shown_path(error.other)
    return (
        f"La carpeta «{path}» comparte fotos con «{other}», que ya está añadida; quita antes esa.",
        f"The folder “{path}” shares photos with “{other}”, which was added before; remove that one first.",
    )


def _catalog_too_new(error: errors.CatalogTooNew) -> Pair:
    return (
        "El catálogo lo escribió una versión más nueva de PhotoFinder; actualiza el programa para abrirlo.",
        "The catalogue was written by a newer version of PhotoFinder; update the program to open it.",
    )


def _catalog_in_use(error: errors.CatalogInUse) -> Pair:
    return (
        "Otra copia de PhotoFinder está analizando fotos en este catálogo; ciérrala o espera a que termine.",
        "Another copy of PhotoFinder is analysing photos into this catalogue; close it or wait for its end.",
    )


def _disk_full(error: errors.DiskFull) -> Pair:
    path = shown_path(error.path)
    return (
        f"No queda espacio en el disco de «{path}»; libera un poco y sigue: lo analizado está guardado.",
        f"The disk of “{path}” is full; free some room and go on: what was analysed is kept.",
    )


def _data_folder_unwritable(error: errors.DataFolderUnwritable) -> Pair:
    path = shown_path(error.path)
    return (
        f"No se puede escribir en «{path}», donde PhotoFinder guarda sus datos; revisa los permisos o elige "
        "otra carpeta con --data-dir.",
        f"“{path}”, where PhotoFinder keeps its data, cannot be written; check its permissions or choose "
        "another folder with --data-dir.",
    )


def _pack_damaged(error: errors.PackDamaged) -> Pair:
    path = shown_path(error.path)
    return (
        f"Falta el modelo de búsqueda o está dañado («{path}»); vuelve a instalar PhotoFinder.",
        f"The search model is missing or damaged (“{path}”); install PhotoFinder again.",
    )


def _empty_query(error: errors.EmptyQuery) -> Pair:
    return (
        "No has pedido nada; escribe lo que se ve en la foto, como «perro en la playa», o da una foto.",
        "Nothing was asked; write what the photo shows, such as “perro en la playa”, or give a photo.",
    )


def _folder_unavailable(error: errors.FolderUnavailable) -> Pair:
    return _filled(_FOLDER_REASONS.get(error.why, _FOLDER_REASONS["missing"]), path=error.path)


def _captions_file_invalid(error: errors.CaptionsFileInvalid) -> Pair:
    pair = _CAPTIONS_REASONS.get(error.why, _CAPTIONS_REASONS["columns"])
    return _filled(pair, path=error.path, line=error.line)


def _decoder_unavailable(error: PhotoFinderError) -> Pair:
    return (
        "No arranca el proceso que abre las fotos; reinicia PhotoFinder y, si se repite, vuelve a instalarlo.",
        "The process that opens photos does not start; restart PhotoFinder or, failing that, install it again.",
    )


# By name, so that an error which an upper room defines has its sentence here without being imported.
def _window_unavailable(error: errors.WindowUnavailable) -> Pair:
    return (
        f"La ventana no se pudo abrir para medirla ({error.detail}); prueba «photofinder doctor».",
        f"The window could not be opened to be measured ({error.detail}); try “photofinder doctor”.",
    )


_SENTENCES: dict[str, Callable[[Any], Pair]] = {
    "WindowUnavailable": _window_unavailable,
    "PhotoUnreadable": _photo_unreadable,
    "FolderUnavailable": _folder_unavailable,
    "FolderOverlap": _folder_overlap,
    "CatalogTooNew": _catalog_too_new,
    "CatalogInUse": _catalog_in_use,
    "DiskFull": _disk_full,
    "DataFolderUnwritable": _data_folder_unwritable,
    "PackDamaged": _pack_damaged,
    "EmptyQuery": _empty_query,
    "CaptionsFileInvalid": _captions_file_invalid,
    "DecoderUnavailable": _decoder_unavailable,
}

_TEMPLATES = PACK_SENTENCES | DESCRIPTOR_SENTENCES | CATALOG_SENTENCES | ALBUM_SENTENCES | SCALE_SENTENCES
_UNEXPECTED = (
    "Algo ha fallado dentro de PhotoFinder; vuelve a intentarlo y, si se repite, mira el archivo de registro.",
    "Something failed inside PhotoFinder; try again and, if it happens again, look into the log file.",
)
_NO_MEMORY = (
    "No queda memoria; cierra otros programas y vuelve a intentarlo.",
    "There is no memory left; close other programs and try again.",
)
_SYSTEM_OTHER = (
    "El sistema no ha podido completar la operación{where} ({detail}); vuelve a intentarlo.",
    "The system could not complete the operation{where} ({detail}); try again.",
)


def sentence(error: BaseException, language: str = SPANISH) -> str:
    """One clear sentence with a way out, in ``language`` (``"es"``; anything else is English). Never
    raises.
    """
    for kind in type(error).__mro__:
        if issubclass(kind, PhotoFinderError) and kind.__name__ in _SENTENCES:
            return pick(language, *_SENTENCES[kind.__name__](error))
        if kind.__name__ in _TEMPLATES:
            return pick(language, *_filled_in(_TEMPLATES[kind.__name__], error))
    if isinstance(error, MemoryError):
        return pick(language, *_NO_MEMORY)
    if isinstance(error, OSError) and not isinstance(error, ImportError):
        return _system_sentence(error, language)
    library = missing_library(str(error)) if isinstance(error, ImportError) else None
    return missing_library_sentence(library, language) if library else pick(language, *_UNEXPECTED)


def reason_sentence(reason: FailureReason, language: str = SPANISH) -> str:
    """Why a photo could not be read, as a sentence of its own."""
    clause = pick(language, *_REASONS[reason])
    return f"{clause[0].upper()}{clause[1:]}."


def _system_sentence(error: OSError, language: str) -> str:
    number = error.errno or 0
    text = pick(language, *_SYSTEM.get(_SAME_AS.get(number, number), _SYSTEM_OTHER))
    name = error.filename
    where = ""
    if isinstance(name, str | bytes | os.PathLike):
        path = shown_path(os.fsdecode(name))
        where = pick(language, f" («{path}»)", f" (“{path}”)")
    return text.format(where=where, detail=error.strerror or type(error).__name__)


_LIBRARY = re.compile(r"(lib[\w.+-]+?\.so(?:\.\d+)*): cannot open shared object file")
_APT = "libegl1 libgl1 libxkbcommon0 libfontconfig1 libdbus-1-3 libglib2.0-0 libxcb-cursor0"
_DNF = "libglvnd-egl libglvnd-glx libxkbcommon fontconfig dbus-libs glib2 xcb-util-cursor"


def missing_library(text: str) -> str | None:
    """The system library an import error (or a traceback) complains about, such as ``libEGL.so.1``; or None."""
    found = _LIBRARY.search(text)
    return found.group(1) if found else None


def missing_library_sentence(library: str, language: str = SPANISH) -> str:
    """What to install when a library that windows need is not in the system."""
    return pick(
        language,
        f"Falta la biblioteca del sistema {library}, que la ventana necesita; instálala con "
        f"«sudo apt install {_APT}» (Debian, Ubuntu) o «sudo dnf install {_DNF}» (Fedora).",
        f"The system library {library}, which the window needs, is missing; install it with "
        f"“sudo apt install {_APT}” (Debian, Ubuntu) or “sudo dnf install {_DNF}” (Fedora).",
    )


def pick(language: str, spanish: str, english: str) -> str:
    """The text of a language: ``"es"`` is Spanish, anything else English."""
    return spanish if language == SPANISH else english


def shown_path(path: Path | str) -> str:
    """A path as it can be shown: line breaks, other control characters and invalid UTF-8 appear escaped."""
    return "".join(character if _is_shown(character) else _escaped(character) for character in str(path))


def number(value: float, language: str = SPANISH, decimals: int = 0) -> str:
    """``1240`` as «1.240» in Spanish and “1,240” in English; ``decimals`` digits after «,» or “.”."""
    text = f"{value:,.{decimals}f}"
    return text.translate(str.maketrans(",.", ".,")) if language == SPANISH else text


def counted(value: int, one: str, many: str, language: str = SPANISH) -> str:
    """A number with its noun: «1 foto», «1.240 fotos»."""
    return f"{number(value, language)} {one if value == 1 else many}"


def duration(seconds: float, language: str = SPANISH) -> str:
    """A length of time as one speaks of it: «8 s», «14 min», «2 h 5 min»."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes = round(whole / 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{number(minutes // 60, language)} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def detect_language(setting: str = "auto") -> str:
    """``"es"`` or ``"en"``: $PHOTOFINDER_LANGUAGE or the setting when they name one, else the system's.

    English only where the system clearly speaks it: Spanish is the program's first language.
    """
    for chosen in (os.environ.get(LANGUAGE_VARIABLE), setting):
        if chosen in (SPANISH, ENGLISH):
            return chosen
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:  # "C" names no language; Python would take it for American English
            return ENGLISH if value.lower().startswith("en") else SPANISH
    try:
        name = locale.getlocale()[0] or ""
    except ValueError:  # a locale that Python does not know
        name = ""
    return ENGLISH if name.lower().startswith("en") else SPANISH


def _filled(pair: Pair, *, path: Path, line: int = 0) -> Pair:
    spanish, english = pair
    shown = shown_path(path)
    return (
        spanish.format(path=f"«{shown}»", line=number(line, SPANISH)),
        english.format(path=f"“{shown}”", line=number(line, ENGLISH)),
    )


def _filled_in(templates: dict[str, Pair], error: BaseException) -> Pair:
    values = {name: shown_path(value) for name, value in vars(error).items()}
    spanish, english = templates[values.get("why", "")]
    path = values.pop("path", "")
    return spanish.format(path=f"«{path}»", **values), english.format(path=f"“{path}”", **values)


def _is_shown(character: str) -> bool:
    return character.isprintable() or character == "\u200d"  # the joiner inside many emoji


def _escaped(character: str) -> str:
    return "\N{REPLACEMENT CHARACTER}" if "\ud800" <= character <= "\udfff" else repr(character)[1:-1]
