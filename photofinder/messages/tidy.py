"""What people read about duplicates and odd photos: groups, reasons for the photo to keep, kinds of photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Pair = tuple[str, str]

GROUP_KINDS: Mapping[str, Pair] = {
    "copies": ("Copias idénticas", "Identical copies"),
    "same": ("Casi iguales", "Nearly the same"),
    "burst": ("Ráfaga", "Burst"),
}
"""By ``albums.best.GroupKind``."""

REASONS: Mapping[str, Pair] = {
    "favorite": ("es tu favorita", "it is your favourite"),
    "pixels": ("tiene más píxeles", "it has more pixels"),
    "sharpest": ("es la más nítida", "it is the sharpest"),
    "light": ("tiene la mejor luz", "its light is best"),
    "camera": ("conserva los datos de la cámara", "it keeps what the camera wrote"),
    "quality": ("está menos comprimida", "it is compressed less"),
    "first": ("son igual de buenas y esta llegó antes", "they are as good as each other and this one came first"),
}
"""By ``albums.best.Reason``: why a photo is the one to keep."""


PHOTO_KINDS: Mapping[str, Pair] = {
    "screenshot": ("Capturas de pantalla", "Screenshots"),
    "document": ("Documentos", "Documents"),
    "blurred": ("Borrosas", "Blurred"),
    "dark": ("Oscuras", "Dark"),
    "odd": ("Distintas de las demás", "Unlike the others"),
}
"""By ``filters.KINDS``."""


def photo_kind_words(kind: str, language: str) -> str:
    """What photos of a kind are called."""
    return PHOTO_KINDS[kind][language != "es"]


def kind_words(kind: str, language: str) -> str:
    """What a group is, in a word or two."""
    return GROUP_KINDS[kind][language != "es"]


def reason_words(reasons: Sequence[str], language: str) -> str:
    """«tiene más píxeles y es la más nítida»."""
    return (" y " if language == "es" else " and ").join(REASONS[reason][language != "es"] for reason in reasons)
