"""Exact filters in a typed search: ``fecha:2019-08``, ``carpeta:"Mis viajes"``, ``tipo:png``, ``favoritas``."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from photofinder.library.filters import TYPES, Filters, Orientation
from photofinder.library.places import place_key
from photofinder.search import spans
from photofinder.search.moments import read_moment
from photofinder.search.parts import PartKind
from photofinder.search.spans import When
from photofinder.search.typed import FoldedText, clean_text

KEYS: dict[str, PartKind] = {
    "fecha": PartKind.TIME, "date": PartKind.TIME, "desde": PartKind.TIME, "since": PartKind.TIME,
    "hasta": PartKind.TIME, "until": PartKind.TIME,
    "carpeta": PartKind.FOLDER, "folder": PartKind.FOLDER,
    "archivo": PartKind.NAME, "nombre": PartKind.NAME, "file": PartKind.NAME, "name": PartKind.NAME,
    "camara": PartKind.CAMERA, "camera": PartKind.CAMERA,
    "tipo": PartKind.TYPE, "type": PartKind.TYPE,
    "orientacion": PartKind.ORIENTATION, "orientation": PartKind.ORIENTATION,
    "clase": PartKind.KIND, "kind": PartKind.KIND,
    "lugar": PartKind.PLACE, "place": PartKind.PLACE,
}  # fmt: skip
"""Folded keys, Spanish and English, that a colon makes a filter of."""

_ORIENTATIONS = {
    "vertical": Orientation.PORTRAIT, "retrato": Orientation.PORTRAIT, "portrait": Orientation.PORTRAIT,
    "horizontal": Orientation.LANDSCAPE, "apaisada": Orientation.LANDSCAPE, "landscape": Orientation.LANDSCAPE,
    "cuadrada": Orientation.SQUARE, "cuadrado": Orientation.SQUARE, "square": Orientation.SQUARE,
}  # fmt: skip
_TYPES = {"jpeg": "jpg", "heif": "heic", "tif": "tiff"} | {kind: kind for kind in TYPES}
_KINDS = {
    "captura": "screenshot", "pantallazo": "screenshot", "screenshot": "screenshot",
    "documento": "document", "document": "document",
    "borrosa": "blurred", "borroso": "blurred", "desenfocada": "blurred", "movida": "blurred", "blurred": "blurred",
    "oscura": "dark", "oscuro": "dark", "dark": "dark", "rara": "odd", "raro": "odd", "odd": "odd",
}  # fmt: skip
"""What can follow «clase:», also in the plural; each a key of ``filters.KINDS``."""
_PLACES = {"si": True, "yes": True, "no": False}

_QUOTED = r"\"[^\"]*\"?|«[^»]*»?|“[^”]*”?"
_FILTER = re.compile(rf"(?<!\S)(?P<minus>-?)(?P<key>{'|'.join(KEYS)}):(?P<value>{_QUOTED}|[^\s\x00]*[^\s\x00,;)]|)")
_NOUN = "(?:fotos|fotografias|imagenes)"
_PHRASES: tuple[tuple[str, str], ...] = (
    ("blurred", rf"{_NOUN} (?:muy )?(?:borrosas|desenfocadas|movidas)|blurred photos|blurry photos"),
    ("dark", rf"{_NOUN} (?:muy |demasiado )?(?:oscuras|subexpuestas)|dark photos"),
    ("odd", rf"{_NOUN} raras|odd photos"),
    ("document", rf"{_NOUN} de documentos|documentos escaneados|photos of documents|scanned documents"),
    ("screenshot", r"(?:capturas?|fotos) de (?:la )?pantalla|pantallazos?|screenshots?"),
)
_ALONE: tuple[tuple[str, str], ...] = (
    ("blurred", "(?:foto |imagen )?(?:borrosas?|desenfocadas?)|blurred|blurry"),
    ("dark", "(?:foto|imagen) oscura"),
    ("odd", "(?:foto |imagen )?raras?"),
    ("document", "documentos?|documents?"),
    ("screenshot", "capturas?"),
)
"""Only when nothing else is asked: «mujer leyendo documentos» is what a photo shows, not what it is."""
_DENIALS = r"(?P<denied>(?:sin|menos|excepto|salvo|que no sean|without) )?"
_KIND_PHRASE = re.compile(
    rf"(?<!\S){_DENIALS}(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in _PHRASES) + r")(?![\w:])"
)
_KIND_ALONE = re.compile("|".join(f"(?P<{kind}>{words})" for kind, words in _ALONE))
_FAVORITES = re.compile(r"(?<![\w\-:.])(?:(?:(?:que )?(?:son|sean) )?favorit[ao]s|favorites)(?![\w:])")


@dataclass(frozen=True, slots=True)
class Found:
    """A filter at ``folded.text[start:end]``; ``when`` for a time, otherwise ``filters``; neither for a mistake."""

    start: int
    end: int
    kind: PartKind
    label: str | None = None
    filters: Filters | None = None
    when: When | None = None


def find_filters(folded: FoldedText, today: date, southern: bool) -> list[Found]:
    """The exact filters of a typed search, which are taken from ``folded``."""
    found = []
    for match in _FILTER.finditer(folded.text):
        start, end = folded.span(*match.span("value")) if match["value"] else (0, 0)
        typed = clean_text(folded.typed[start:end]).strip('"«»“”').strip()
        value = match["value"].strip('"«»“”').strip()
        read = (
            None
            if not value or (match["minus"] and KEYS[match["key"]] is not PartKind.KIND)
            else _READERS[KEYS[match["key"]]](match["key"], value, typed, today, southern)
        )
        where = match.span()
        if read and match["minus"]:
            read = _denied(read)
        found.append(replace(read, start=where[0], end=where[1]) if read else Found(*where, PartKind.MISTAKE))
    found += _kind_phrases(_without(folded.text, found))
    for match in _FAVORITES.finditer(_without(folded.text, found)):
        found.append(Found(*match.span(), PartKind.FAVORITES, filters=Filters(favorites=True)))
    for one in found:
        folded.take(one.start, one.end)
    return found


def _kind_phrases(text: str) -> list[Found]:
    """«fotos borrosas», «sin capturas de pantalla»; «documentos» when that is all. They are parts like ``clase:``."""
    found = [
        replace(_denied(one) if match["denied"] else one, start=match.start(), end=match.end())
        for match in _KIND_PHRASE.finditer(text)
        for one in [_of_kinds((str(match.lastgroup),))]
    ]
    if not found and (match := _KIND_ALONE.fullmatch(text.replace("\x00", " ").strip())):
        start = len(text) - len(text.lstrip(" \x00"))
        found.append(replace(_of_kinds((str(match.lastgroup),)), start=start, end=start + len(match.group())))
    return found


def _of_kinds(kinds: tuple[str, ...]) -> Found:
    return Found(0, 0, PartKind.KIND, ",".join(kinds), Filters(kinds=kinds))


def _denied(one: Found) -> Found:
    """Of a filter of kinds: none of them."""
    kinds = one.filters.kinds if one.filters is not None else ()
    return replace(one, label=f"-{one.label}", filters=Filters(not_kinds=kinds))


def joined(some: Filters, other: Filters) -> Filters:
    """Both as one: alternatives of one kind are joined, different kinds must all hold."""
    return Filters(
        periods=some.periods + other.periods,
        month_days=some.month_days + other.month_days,
        folder_ids=some.folder_ids + other.folder_ids,
        path_contains=some.path_contains + other.path_contains,
        name_contains=some.name_contains + other.name_contains,
        cameras=some.cameras + other.cameras,
        orientation=other.orientation or some.orientation,
        types=tuple(dict.fromkeys(some.types + other.types)),
        favorites=some.favorites or other.favorites,
        kinds=tuple(dict.fromkeys(some.kinds + other.kinds)),
        not_kinds=tuple(dict.fromkeys(some.not_kinds + other.not_kinds)),
        has_place=some.has_place if other.has_place is None else other.has_place,
        places=tuple(dict.fromkeys(some.places + other.places)),
        near=tuple(dict.fromkeys(some.near + other.near)),
        not_places=tuple(dict.fromkeys(some.not_places + other.not_places)),
    )


def _without(text: str, found: list[Found]) -> str:
    for one in found:
        text = text[: one.start] + "\x00" * (one.end - one.start) + text[one.end :]
    return text


def _time(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    if key in ("desde", "since"):
        value = f"{value}.."
    elif key in ("hasta", "until"):
        value = f"..{value}"
    when = read_moment(value, today, southern)
    return None if when is None else Found(0, 0, PartKind.TIME, when.label, when=when)


def _folder(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    return Found(0, 0, PartKind.FOLDER, typed, Filters(path_contains=(typed,)))


def _file(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    return Found(0, 0, PartKind.NAME, typed, Filters(name_contains=(typed,)))


def _camera(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    return Found(0, 0, PartKind.CAMERA, typed, Filters(cameras=(typed,)))


def _type(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    kinds = [_TYPES.get(one.strip(" .")) for one in value.split(",")]
    known = tuple(kind for kind in kinds if kind is not None)
    return Found(0, 0, PartKind.TYPE, ",".join(known), Filters(types=known)) if len(known) == len(kinds) else None


def _orientation(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    form = _ORIENTATIONS.get(value)
    return None if form is None else Found(0, 0, PartKind.ORIENTATION, form.value, Filters(orientation=form))


def _place(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    has = _PLACES.get(value)
    if has is not None:
        return Found(0, 0, PartKind.PLACE, value, Filters(has_place=has))
    return Found(0, 0, PartKind.PLACE, typed, Filters(places=(typed,))) if place_key(typed) else None


def _kind(key: str, value: str, typed: str, today: date, southern: bool) -> Found | None:
    kinds = [_KINDS.get(one.strip(" ."), _KINDS.get(one.strip(" .").removesuffix("s"))) for one in value.split(",")]
    known = tuple(dict.fromkeys(kind for kind in kinds if kind is not None))
    return _of_kinds(known) if known and None not in kinds else None


_READERS: dict[PartKind, Callable[[str, str, str, date, bool], Found | None]] = {
    PartKind.TIME: _time,
    PartKind.FOLDER: _folder,
    PartKind.NAME: _file,
    PartKind.CAMERA: _camera,
    PartKind.TYPE: _type,
    PartKind.ORIENTATION: _orientation,
    PartKind.PLACE: _place,
    PartKind.KIND: _kind,
}


def filters_of_times(times: list[tuple[When, bool]]) -> Filters:
    """Times (and whether each is denied) as filters: any of those that are asked for, none of those that are denied."""
    periods = tuple(dict.fromkeys(period for when, denied in times if not denied for period in when.periods))
    stretches = tuple(dict.fromkeys(days for when, denied in times if not denied for days in when.month_days))
    for when, denied in times:
        if denied:
            rest = spans.all_but(when)
            if rest.periods:
                periods = spans.intersected(periods, rest.periods) if periods else rest.periods
            elif not stretches:
                stretches = rest.month_days
    return Filters(periods=periods, month_days=stretches)
