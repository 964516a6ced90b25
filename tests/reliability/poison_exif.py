"""EXIF as no camera writes it: counts and offsets beyond the end, loops, absurd values, text that is no text."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache

_BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, _SIGNED = 1, 2, 3, 4, 5, 7, 9
_EXIF_IFD, _GPS_IFD, _INTEROP_IFD = 0x8769, 0x8825, 0xA005
_ORIENTATION, _MAKE, _MODEL, _DATE, _ORIGINAL, _MAKER_NOTE = 0x0112, 0x010F, 0x0110, 0x0132, 0x9003, 0x927C

HOSTILE_TEXT = "<img src='file:///etc/passwd'><b>x</b>\u202e\u2066gnp\x1b]0;title\x07\x1b[2J\x00\x07\r\n%s{0}"
"""What someone might write where the name of a camera belongs."""


@dataclass(frozen=True, slots=True)
class _Tag:
    tag: int
    type: int
    value: bytes
    count: int | None = None
    """What is claimed instead of what there is."""
    offset: int | None = None


@lru_cache(maxsize=1)
def absurd_exif() -> dict[str, bytes]:
    """Blocks that begin with ``Exif\\0\\0``, by what is wrong with them. All shorter than 65,000 bytes."""
    blocks = {
        "harmless": _block([_text(_MAKE, "PhotoFinder"), _text(_DATE, "2024:05:04 12:30:00"), _short(_ORIENTATION, 1)]),
        "nothing": b"Exif\0\0",
        "noise": b"Exif\0\0" + bytes((number * 73) % 256 for number in range(999)),
        "no-order": b"Exif\0\0XX*\0\x08\0\0\0" + b"\0" * 60,
        "ends-in-tag": _block([_text(_MAKE, "PhotoFinder")])[:20],
        "first-outside": b"Exif\0\0II*\0" + struct.pack("<I", 2**32 - 1) + b"\0" * 60,
        "first-in-header": b"Exif\0\0II*\0\0\0\0\0" + b"\0" * 60,
        "65535-tags": b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + b"\x0f\x01\x02\0\xff\xff\0\0\0\0\0\0" * 5000,
        "next-is-itself": _block([_text(_MAKE, "x")], next_ifd=8),
        "nested-in-itself": _block([_long(_EXIF_IFD, 8), _long(_GPS_IFD, 8), _long(_INTEROP_IFD, 8)]),
        "hostile-make": _block([_text(_MAKE, HOSTILE_TEXT), _text(_MODEL, HOSTILE_TEXT)]),
        "long-make": _block([_text(_MAKE, "M" * 60_000)]),
        "latin-make": _block([_Tag(_MAKE, _ASCII, bytes(range(1, 256)))]),
        "number-make": _block([_Tag(_MAKE, _LONG, b"\xff" * 8)]),
        "garbage-note": _block([_Tag(_MAKER_NOTE, _UNDEFINED, bytes(range(256)) * 100)]),
    }
    for number in (0, 9, 255, 65_535):
        blocks[f"orientation-{number}"] = _block([_short(_ORIENTATION, number)])
    blocks["orientation-text"] = _block([_text(_ORIENTATION, "arriba")])
    blocks["orientation-many"] = _block([_Tag(_ORIENTATION, _SHORT, b"\6\0" * 500)])
    blocks["orientation-nowhere"] = _block([_Tag(_ORIENTATION, _RATIONAL, b"\1\0\0\0\0\0\0\0")])
    dates = ("0000:00:00 00:00:00", "9999:99:99 99:99:99", "9999:12:31 23:59:59", "2024:02:30 12:00:00", "    :  :  ",
             "-001:01:01 00:00:00", "2024-13-01T00:00:00Z", "x" * 5000, "")  # fmt: skip
    for number, date in enumerate(dates):
        blocks[f"date-{number}"] = _block([_text(_DATE, date)], [_text(_ORIGINAL, date)])
    for kind in (0, _BYTE, _ASCII, _SHORT, _LONG, _RATIONAL, _UNDEFINED, 10, 12, 13, 16, 255, 65_535):
        blocks[f"count-{kind}"] = _block([_Tag(_MAKE, kind, b"1234", count=2**32 - 1)])
        blocks[f"offset-{kind}"] = _block([_Tag(_MAKE, kind, b"12345678" * 9, offset=2**31)])
        blocks[f"back-{kind}"] = _block([_Tag(_MAKE, kind, b"12345678" * 9, offset=0)])
    for name, lat, ref in (
        ("zero", (0, 0), "N"), ("divided-by-zero", (40, 0), "N"), ("huge", (2**32 - 1, 1), "S"),
        ("no-ref", (40, 1), ""), ("strange-ref", (40, 1), "<b>"), ("pole", (90, 1), "N"), ("beyond", (91, 1), "N"),
    ):  # fmt: skip
        triple = struct.pack("<II", *lat) * 3
        blocks[f"gps-{name}"] = _block([], gps=[_text(1, ref), _Tag(2, _RATIONAL, triple), _text(3, "W"),
                                                 _Tag(4, _RATIONAL, triple)])  # fmt: skip
    blocks["gps-signed"] = _block([], gps=[_text(1, "N"), _Tag(2, 10, struct.pack("<ii", -40, 1) * 3), _text(3, "E"),
                                           _Tag(4, 10, struct.pack("<ii", -4, -1) * 3)])  # fmt: skip
    blocks["gps-one"] = _block([], gps=[_text(1, "N"), _Tag(2, _RATIONAL, struct.pack("<II", 40, 1))])
    blocks["gps-many"] = _block([], gps=[_text(1, "N"), _Tag(2, _RATIONAL, struct.pack("<II", 40, 1) * 3000)])
    blocks["gps-text"] = _block([], gps=[_text(1, "N"), _text(2, "cuarenta"), _text(3, "E"), _text(4, "3")])
    return blocks


def _text(tag: int, text: str) -> _Tag:
    return _Tag(tag, _ASCII, text.encode() + b"\0")


def _short(tag: int, value: int) -> _Tag:
    return _Tag(tag, _SHORT, struct.pack("<H", value))


def _long(tag: int, value: int) -> _Tag:
    return _Tag(tag, _LONG, struct.pack("<I", value))


_WIDTHS = {_SHORT: 2, _LONG: 4, _RATIONAL: 8, _SIGNED: 4, 10: 8, 12: 8}


def _block(tags: list[_Tag], shot: list[_Tag] | None = None, gps: list[_Tag] | None = None, next_ifd: int = 0) -> bytes:
    """Little-endian EXIF with one directory, and those of the shot and of the place where given."""
    below = [(pointer, found) for pointer, found in ((_EXIF_IFD, shot), (_GPS_IFD, gps)) if found]
    tags = [*tags, *(_long(pointer, 0) for pointer, _ in below)]
    body = _directory(tags, 8, next_ifd)
    for pointer, found in below:
        entry = body.index(struct.pack("<HHI", pointer, _LONG, 1))
        at = 8 + len(body)
        body = body[: entry + 8] + struct.pack("<I", at) + body[entry + 12 :] + _directory(found, at)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + body


def _directory(tags: list[_Tag], start: int, next_ifd: int = 0) -> bytes:
    """One directory that begins at ``start``, with the values that do not fit into it behind."""
    entries, values = b"", b""
    end = start + 2 + 12 * len(tags) + 4
    for one in sorted(tags, key=lambda tag: tag.tag):
        count = len(one.value) // _WIDTHS.get(one.type, 1) if one.count is None else one.count
        if len(one.value) <= 4 and one.offset is None:
            place = one.value.ljust(4, b"\0")
        else:
            place = struct.pack("<I", end + len(values) if one.offset is None else one.offset)
            values += one.value
        entries += struct.pack("<HHI", one.tag, one.type, count) + place
    return struct.pack("<H", len(tags)) + entries + struct.pack("<I", next_ifd) + values
