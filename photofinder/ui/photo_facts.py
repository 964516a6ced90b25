"""What is known of a photo, in words of the person's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from photofinder.library.catalog import Photo
from photofinder.library.exif import Exposure
from photofinder.messages import SPANISH, number

_TYPES = {
    "jpg": "JPEG", "jpeg": "JPEG", "jpe": "JPEG", "jfif": "JPEG", "mpo": "MPO", "tif": "TIFF", "tiff": "TIFF",
    "heif": "HEIC", "hif": "HEIC", "webp": "WebP",
}  # fmt: skip


def date_words(photo: Photo, language: str) -> str:
    """«lunes 12 de agosto de 2019, 18:04»; of a photo without a date, that of its file."""
    moment, _ = moment_of(photo)
    return _locale(language).toString(
        moment, "dddd d 'de' MMMM 'de' yyyy, H:mm" if language == SPANISH else "dddd, MMMM d, yyyy, h:mm AP"
    )


def short_date_words(photo: Photo, language: str) -> str:
    """«12 ago 2019»: where there is little room."""
    moment, _ = moment_of(photo)
    return _locale(language).toString(moment, "d MMM yyyy" if language == SPANISH else "MMM d, yyyy")


def date_is_of_the_file(photo: Photo) -> bool:
    """Whether nobody wrote into the photo when it was taken."""
    return not moment_of(photo)[1]


def exposure_words(exposure: Exposure, language: str) -> str:
    """«f/2,8 · 1/250 s · ISO 100 · 35 mm», as far as it is known."""
    words = []
    if exposure.f_number is not None:
        words.append(f"f/{_short(exposure.f_number, language)}")
    if exposure.seconds is not None:
        words.append(_seconds(exposure.seconds, language))
    if exposure.iso is not None:
        words.append(f"ISO {exposure.iso}")
    if exposure.focal_mm is not None:
        words.append(f"{_short(exposure.focal_mm, language)} mm")
    return " · ".join(words)


def size_words(size: int, language: str) -> str:
    """A file's size as file managers say it: «3,4 MB»."""
    value, unit = float(size), "bytes"
    for larger in ("kB", "MB", "GB"):
        if value < 999.5:
            break
        value, unit = value / 1000, larger
    return f"{_short(value, language)} {unit}" if value < 100 else f"{number(value, language)} {unit}"


def dimension_words(width: int, height: int, language: str) -> str:
    """«4032 × 3024 · 12,2 MP»."""
    megapixels = width * height / 1e6
    return f"{width} × {height} · {_short(megapixels, language) if megapixels >= 0.1 else number(0.1, language, 1)} MP"


def type_words(photo: Photo) -> str:
    """The kind of file by its name: «JPEG», «HEIC»."""
    suffix = photo.path.suffix.lower().removeprefix(".")
    return _TYPES.get(suffix, suffix.upper())


def place_words(lat: float, lon: float) -> str:
    """Decimal degrees as every map takes them: «43.36230, -8.41150»."""
    return f"{lat:.5f}, {lon:.5f}"


def position_words(position: int, count: int, language: str) -> str:
    """«3 de 40»; ``position`` from 1."""
    text = QCoreApplication.translate("Preview", "{n} de {count}")
    return text.format(n=number(position, language), count=number(count, language))


def moment_of(photo: Photo) -> tuple[QDateTime, bool]:
    """When a photo was taken, and whether that is known: without a date that a calendar has it is the file's time."""
    moment = QDateTime.fromString(photo.taken_at or "", Qt.DateFormat.ISODate)
    if moment.isValid():
        return moment, True
    return QDateTime.fromMSecsSinceEpoch(photo.mtime_ns // 1_000_000), False


def _locale(language: str) -> QLocale:
    return QLocale(QLocale.Language.Spanish if language == SPANISH else QLocale.Language.English)


def _seconds(seconds: float, language: str) -> str:
    """Fractions below a third of a second, as cameras write them."""
    return f"{_short(seconds, language)} s" if seconds >= 0.29 else f"1/{round(1 / seconds)} s"


def _short(value: float, language: str) -> str:
    """At most one decimal, none when it is 0."""
    return number(value, language, 0 if abs(value - round(value)) < 0.05 else 1)
