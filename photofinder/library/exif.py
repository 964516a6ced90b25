"""What a camera wrote beside the pixels: when, with what and where.

Absurd values are left out, never repaired.
"""

from __future__ import annotations

import math
import re
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

DAMAGED_EXIF = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, AssertionError,
    EOFError, RuntimeError, struct.error,
)  # fmt: skip
"""What Pillow raises at EXIF that is cut short, points outside itself or has values of another type."""

_FIRST_PHOTOGRAPH = 1826
_LONGEST_CAMERA_NAME = 100
_ISO_ELSEWHERE = 65535  # the field holds 16 bits: this says "more, see ISOSpeed"
_DATE = re.compile(r"\s*(\d{4})[:/.-](\d{2})[:/.-](\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class Exposure:
    """How a photo was exposed; each value is None when it is unknown or absurd."""

    lens: str | None = None
    seconds: float | None = None
    """Exposure time, above 0 and at most a day."""
    f_number: float | None = None
    """Aperture, 0.5 to 512."""
    iso: int | None = None
    """Sensitivity, 1 to 10 million."""
    focal_mm: float | None = None
    """Focal length of the lens itself in millimetres, above 0 and at most 20 m."""
    focal_35mm: int | None = None
    """The same as a full-frame camera would need it."""


def read_taken_at(exif: Image.Exif) -> str | None:
    """When the photo was taken, as ISO 8601 local time without zone and to the second, or None.

    DateTimeOriginal goes first, then DateTimeDigitized, then DateTime (which editors overwrite). Years before
    the first photograph or after next year come from a camera whose clock was not set.
    """
    shot = _sub_ifd(exif, IFD.Exif)
    for value in (shot.get(Base.DateTimeOriginal), shot.get(Base.DateTimeDigitized), exif.get(Base.DateTime)):
        found = _DATE.match(_text(value))
        if found is None:
            continue
        try:
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            moment = datetime(year, month, day, hour, minute, second)
        except ValueError:  # month 0, 31 February, second 60
            continue
        if _FIRST_PHOTOGRAPH <= moment.year <= datetime.now().year + 1:
            return moment.isoformat()
    return None


def read_camera(exif: Image.Exif) -> str | None:
    """Make and model, the make not said twice (``"NIKON D750"``, ``"Apple iPhone 12"``), or None."""
    make, model = _text(exif.get(Base.Make)), _text(exif.get(Base.Model))
    if make and model and make.split()[0].casefold() == model.split()[0].casefold():
        make = ""
    return f"{make} {model}".strip()[:_LONGEST_CAMERA_NAME] or None


def read_position(exif: Image.Exif) -> tuple[float, float] | None:
    """Latitude and longitude in decimal degrees, north and east positive, or None.

    None too when a hemisphere is not said, and for exactly (0, 0), which is what cameras write without a fix.
    """
    gps = _sub_ifd(exif, IFD.GPSInfo)
    lat = _degrees(gps.get(GPS.GPSLatitude), _text(gps.get(GPS.GPSLatitudeRef)), "NS", 90.0)
    lon = _degrees(gps.get(GPS.GPSLongitude), _text(gps.get(GPS.GPSLongitudeRef)), "EW", 180.0)
    return None if lat is None or lon is None or lat == lon == 0.0 else (lat, lon)


def read_exposure(exif: Image.Exif) -> Exposure:
    """Lens, exposure time, aperture, sensitivity and focal length, as far as they are told and make sense."""
    shot = _sub_ifd(exif, IFD.Exif)
    seconds = _number(shot.get(Base.ExposureTime), 0.0, 86_400.0)
    if seconds is None:
        seconds = _from_apex(shot.get(Base.ShutterSpeedValue), -1.0)
    f_number = _number(shot.get(Base.FNumber), 0.5, 512.0)
    if f_number is None:
        f_number = _from_apex(shot.get(Base.ApertureValue), 0.5)
    iso = _number(shot.get(Base.ISOSpeedRatings), 1.0, 1e7)
    if iso is None or iso == _ISO_ELSEWHERE:
        iso = _number(shot.get(Base.ISOSpeed), 1.0, 1e7) or iso
    focal_35mm = _number(shot.get(Base.FocalLengthIn35mmFilm), 1.0, 20_000.0)
    return Exposure(
        lens=_text(shot.get(Base.LensModel)).strip("- ")[:_LONGEST_CAMERA_NAME] or None,
        seconds=seconds,
        f_number=f_number,
        iso=None if iso is None else round(iso),
        focal_mm=_number(shot.get(Base.FocalLength), 0.0, 20_000.0),
        focal_35mm=None if focal_35mm is None else round(focal_35mm),
    )


def _number(value: object, least: float, most: float) -> float | None:
    """The first number of an EXIF value when it is above 0 and within both limits; else None."""
    first = value[0] if isinstance(value, tuple | list) and value else value
    if isinstance(first, str | bytes | bool) or first is None:
        return None
    try:
        number = float(first)  # type: ignore[arg-type]  # a rational, or something that says it is none
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    return number if least <= number <= most and number > 0.0 else None  # NaN fails every comparison


def _from_apex(value: object, exponent: float) -> float | None:
    """``2 ** (value * exponent)``: how EXIF also writes exposure times (exponent -1) and apertures (1/2)."""
    first = value[0] if isinstance(value, tuple | list) and value else value
    try:
        power = float(first) * exponent  # type: ignore[arg-type]
    except (TypeError, ValueError, ArithmeticError, AttributeError):
        return None
    return 2.0**power if -17.0 <= power <= 9.0 and power != 0.0 else None


def _sub_ifd(exif: Image.Exif, which: IFD) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except DAMAGED_EXIF:
        return {}


def _text(value: object) -> str:
    """Printable text with single spaces; ``""`` for anything that is not text."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if not isinstance(value, str):
        return ""
    value = value.partition("\0")[0]
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _degrees(value: object, hemisphere: str, signs: str, limit: float) -> float | None:
    parts: Sequence[Any] = value if isinstance(value, tuple | list) else (value,)
    if not 1 <= len(parts) <= 3 or hemisphere[:1].upper() not in (*signs,):
        return None
    try:
        numbers = [float(part) for part in parts]
    except (TypeError, ValueError, ArithmeticError):
        return None
    # Written so that NaN (a rational with denominator 0) fails every comparison.
    if not all(0.0 <= number < math.inf for number in numbers) or not all(n <= 60.0 for n in numbers[1:]):
        return None
    degrees = sum(number / 60.0**power for power, number in enumerate(numbers))
    if not degrees <= limit:
        return None
    return round(-degrees if hemisphere[0].upper() == signs[1] else degrees, 7)
