"""What the chips of a search say: photos, the parts of the phrase, and the filters of the panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPixmap

from photofinder.library.filters import Filters, Orientation
from photofinder.search.query import Offer, PartKind, QueryPart
from photofinder.ui.chips import NORMAL, ChipContent
from photofinder.ui.time_words import meaning, period_label

PHOTO = "photo"
PART = "part"
FILTER = "filter"
OFFER = "offer"
"""How the keys of the chips begin: ``photo:0``, ``part:2``, ``filter:camera:Canon EOS 5D``."""

ICONS = {
    "words": "search",
    "without": "minus",
    "time": "calendar",
    "folder": "folder",
    "in": "folder",
    "camera": "camera",
    "type": "file-type",
    "favorites": "heart",
    "place": "place",
    "orientation": "orientation",
    "name": "file-type",
    "kind": "why",
    "mistake": "warning",
}


@dataclass(frozen=True, slots=True, eq=False)
class BarPhoto:
    """A photo that is searched by, as the bar shows it."""

    name: str
    picture: QPixmap | None = None
    weight: float = NORMAL


def photo_chips(photos: Sequence[BarPhoto]) -> list[ChipContent]:
    """One chip a photo; the key holds its place."""
    spoken = QCoreApplication.translate("Chips", "Fotos parecidas a {name}")
    return [
        ChipContent(
            f"{PHOTO}:{place}", "photo", photo.name, spoken.format(name=photo.name), photo.picture, photo.weight
        )
        for place, photo in enumerate(photos)
    ]


def part_chips(parts: Sequence[QueryPart], *, with_words: bool) -> list[ChipContent]:
    """One chip a part of the phrase; the plain words only ``with_words``, or beside a part of another kind."""
    translate = QCoreApplication.translate
    spoken = {
        PartKind.WORDS: translate("Chips", "Palabras: {what}"),
        PartKind.WITHOUT: translate("Chips", "Excluye: {what}"),
        PartKind.TIME: translate("Chips", "Fecha: {what}"),
        PartKind.FOLDER: translate("Chips", "Carpeta: {what}"),
        PartKind.NAME: translate("Chips", "Nombre: {what}"),
        PartKind.CAMERA: translate("Chips", "Cámara: {what}"),
        PartKind.TYPE: translate("Chips", "Tipo: {what}"),
        PartKind.ORIENTATION: translate("Chips", "Forma: {what}"),
        PartKind.KIND: translate("Chips", "Clase: {what}"),
        PartKind.PLACE: translate("Chips", "Lugar: {what}"),
        PartKind.MISTAKE: translate("Chips", "No entiendo este filtro: {what}"),
    }
    alone = all(part.kind is PartKind.WORDS for part in parts)
    chips = []
    for place, part in enumerate(parts):
        if part.kind is PartKind.WORDS and alone and not with_words:
            continue
        label = part_label(part)
        said = spoken.get(part.kind, "{what}").format(what=label)
        if part.kind is PartKind.TIME and part.label and meaning(part.label).casefold() not in label.casefold():
            said = f"{said} ({meaning(part.label)})"
        chips.append(ChipContent(f"{PART}:{place}", ICONS[part.kind.value], label, said))
    return chips


def offer_chips(offers: Sequence[Offer]) -> list[ChipContent]:
    """One chip for each time or place that some words may also mean."""
    chips = []
    for number, offer in enumerate(offers):
        if offer.kind is PartKind.PLACE:
            ask = QCoreApplication.translate("Chips", "¿Solo fotos hechas en «{place}»?").format(place=offer.text)
        else:
            ask = QCoreApplication.translate("Chips", "¿Solo en fechas de «{time}»?").format(time=offer.text)
        chips.append(ChipContent(f"{OFFER}:{number}", ICONS[offer.kind.value], ask, ask, offered=True))
    return chips


def part_label(part: QueryPart) -> str:
    """What a chip says of a part: as it was typed, where that can be read by itself."""
    if part.kind is PartKind.TYPE and part.label:
        return part.label.upper()
    if part.kind is PartKind.ORIENTATION and part.label in list(Orientation):
        return orientation_label(Orientation(part.label))
    if part.kind in (PartKind.FOLDER, PartKind.NAME, PartKind.CAMERA) and part.label:
        return part.label
    if part.kind is PartKind.KIND and part.label:
        return kinds_label(part.label)
    if part.kind is PartKind.PLACE and ":" in part.text and part.label and part.label not in ("si", "yes", "no"):
        return part.label
    if part.kind is PartKind.FAVORITES:
        return QCoreApplication.translate("Chips", "Favoritas")
    return part.text


def filter_chips(filters: Filters, folders: Mapping[int, str]) -> list[ChipContent]:
    """One chip for each thing that the panel asks for; ``folders``: names of the roots by id."""
    translate = QCoreApplication.translate
    chips = []

    def add(kind: str, value: object, label: str, spoken: str) -> None:
        chips.append(ChipContent(f"{FILTER}:{kind}:{value}", ICONS[kind], label, spoken.format(what=label)))

    for place, period in enumerate(filters.periods):
        add("time", place, period_label(period), translate("Chips", "Fecha: {what}"))
    for folder_id in filters.folder_ids:
        name = folders.get(folder_id, translate("Chips", "otra carpeta"))
        add("folder", folder_id, name, translate("Chips", "Carpeta: {what}"))
    for name in filters.path_contains:
        add("in", name, name, translate("Chips", "Carpeta: {what}"))
    for name in filters.name_contains:
        add("name", name, name, translate("Chips", "Nombre: {what}"))
    for camera in filters.cameras:
        add("camera", camera, camera, translate("Chips", "Cámara: {what}"))
    if filters.orientation is not None:
        label = orientation_label(filters.orientation)
        add("orientation", filters.orientation.value, label, translate("Chips", "Forma: {what}"))
    for kind in filters.types:
        add("type", kind, kind.upper(), translate("Chips", "Tipo: {what}"))
    for sign, kinds in (("", filters.kinds), ("-", filters.not_kinds)):
        for kind in kinds:
            add("kind", sign + kind, kinds_label(sign + kind), translate("Chips", "Clase: {what}"))
    if filters.favorites:
        add("favorites", "", translate("Chips", "Favoritas"), "{what}")
    if filters.has_place is not None:
        add(
            "place",
            "",
            translate("Chips", "Con lugar") if filters.has_place else translate("Chips", "Sin lugar"),
            "{what}",
        )
    for name in filters.places:
        add("place", name, name, translate("Chips", "Lugar: {what}"))
    return chips


def without_filter(filters: Filters, key: str) -> Filters:
    """The filters without what the chip ``key`` stands for."""
    _, kind, value = key.split(":", 2)
    match kind:
        case "time":
            gone = int(value)
            return replace(filters, periods=tuple(p for i, p in enumerate(filters.periods) if i != gone))
        case "folder":
            return replace(filters, folder_ids=tuple(i for i in filters.folder_ids if str(i) != value))
        case "in":
            return replace(filters, path_contains=tuple(name for name in filters.path_contains if name != value))
        case "name":
            return replace(filters, name_contains=tuple(name for name in filters.name_contains if name != value))
        case "camera":
            return replace(filters, cameras=tuple(name for name in filters.cameras if name != value))
        case "type":
            return replace(filters, types=tuple(name for name in filters.types if name != value))
        case "orientation":
            return replace(filters, orientation=None)
        case "kind":
            kinds = tuple(kind for kind in filters.kinds if kind != value)
            return replace(filters, kinds=kinds, not_kinds=tuple(k for k in filters.not_kinds if f"-{k}" != value))
        case "favorites":
            return replace(filters, favorites=False)
        case _ if value:
            return replace(filters, places=tuple(name for name in filters.places if name != value))
        case _:
            return replace(filters, has_place=None)


def without_part(text: str, part: QueryPart) -> str:
    """The phrase without exactly this part; the spaces and commas around it become one space."""
    before, after = text[: part.start].rstrip(), text[part.end :].lstrip()
    if before.endswith(",") and (not after or after.startswith(",")):
        before = before[:-1].rstrip()
    if not before:
        after = after.lstrip(", ")
    return f"{before} {after}".strip() if not after.startswith(",") else before + after


def kinds_label(label: str) -> str:
    """Keys of ``filters.KINDS``, with commas between them, in words; after a hyphen they are unwanted."""
    translate = QCoreApplication.translate
    names = {
        "screenshot": translate("Chips", "Capturas de pantalla"),
        "document": translate("Chips", "Documentos"),
        "blurred": translate("Chips", "Borrosas"),
        "dark": translate("Chips", "Oscuras"),
        "odd": translate("Chips", "Raras"),
    }
    shown = ", ".join(names[kind] for kind in label.removeprefix("-").split(","))
    return translate("Chips", "Sin {what}").format(what=shown.lower()) if label.startswith("-") else shown


def orientation_label(orientation: Orientation) -> str:
    """The form of a photo in a word."""
    if orientation is Orientation.LANDSCAPE:
        return QCoreApplication.translate("Chips", "Horizontal")
    if orientation is Orientation.PORTRAIT:
        return QCoreApplication.translate("Chips", "Vertical")
    return QCoreApplication.translate("Chips", "Cuadrada")
