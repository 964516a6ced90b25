"""Poison photos: files that are cut short, bent, absurd or meant to hurt, always the same for a seed.

``poison_files`` makes what is a file with bytes; ``strange_entries`` makes what is no plain file at all: pipes,
sockets, devices, loops of links, names that are no text. Families are folders, so that a name says what was done.
"""

from __future__ import annotations

import io
import os
import random
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import cycle
from pathlib import Path

import pillow_heif
from PIL import Image

from tests.conftest import draw_photo
from tests.reliability.poison_exif import absurd_exif

SIZE = (192, 144)
"""Of the photos that are damaged: small, so that twenty thousand of them are made and read in minutes."""

GOOD_EVERY = 25
"""One file in so many is a photo that is well, and has to be found among the others."""

_EXIF = absurd_exif()["harmless"]
_FLIPS = (1, 1, 2, 8, 64, 512)
_HEADER = 1024  # bytes; half of the damage falls here, where lengths and offsets are


@dataclass(frozen=True, slots=True)
class PoisonFile:
    """``name`` is relative, with ``/``; its first part is the family (``"cut"``, ``"bits"``, ``"good"`` …)."""

    name: str
    data: bytes

    @property
    def family(self) -> str:
        return self.name.partition("/")[0]


def poison_files(count: int, seed: int, *, heavy: bool = True) -> Iterator[PoisonFile]:
    """``count`` files; of these one in ``GOOD_EVERY`` is well. ``heavy``: with bombs that cost seconds each.

    First the ones that are made by hand, then cuts at every per cent of every base in turn, then random damage.
    """
    rng = random.Random(seed)
    made = 0
    good = 0
    for poison in _poisons(rng, heavy):
        if made % GOOD_EVERY == 0 and made < count:
            yield _good(good)
            good += 1
            made += 1
        if made >= count:
            return
        yield poison
        made += 1


def _poisons(rng: random.Random, heavy: bool) -> Iterator[PoisonFile]:
    bases = base_photos()
    yield from (_exif_photo(what, ending) for what in absurd_exif() for ending in _WITH_EXIF)
    yield from wrong_names(bases)
    yield from bombs(heavy)
    yield from cuts(bases, rng)
    yield from random_damage(bases, rng)


def sample(count: int, seed: int) -> list[PoisonFile]:
    """A small choice of all families, for seconds instead of minutes."""
    rng = random.Random(seed)
    bases = base_photos()
    chosen = [_good(number) for number in range(max(1, count // GOOD_EVERY))]
    chosen += bombs(heavy=False)
    blocks = [(what, ending) for what in absurd_exif() for ending in _WITH_EXIF]
    chosen += [_exif_photo(what, ending) for what, ending in rng.sample(blocks, count // 8)]
    chosen += rng.sample(list(wrong_names(bases)), count // 12)
    chosen += rng.sample(list(cuts(bases, rng)), count // 4)
    damaged = random_damage(bases, rng)
    chosen += [next(damaged) for _ in range(count - len(chosen))]
    return chosen


@lru_cache(maxsize=1)
def base_photos() -> dict[str, bytes]:
    """One small, healthy file of every kind by the name that random damage is done under."""
    image = draw_photo(SIZE, seed=1)
    return {
        "baseline.jpg": _saved(image, "JPEG", quality=85, exif=_EXIF),
        "progressive.jpg": _saved(image, "JPEG", quality=85, progressive=True, exif=_EXIF),
        "grey.jpeg": _saved(image.convert("L"), "JPEG", quality=80),
        "cmyk.jpg": _saved(image.convert("CMYK"), "JPEG", quality=80),
        "several.mpo": _several("MPO"),
        "rgb.png": _saved(image, "PNG", exif=_EXIF),
        "palette.png": _saved(image.quantize(64), "PNG"),
        "grey16.png": _saved(image.convert("I;16"), "PNG"),
        "alpha.png": _saved(image.convert("RGBA"), "PNG"),
        "lossy.webp": _saved(image, "WEBP", quality=80, exif=_EXIF),
        "lossless.webp": _saved(image, "WEBP", lossless=True),
        "moving.webp": _several("WEBP"),
        "one.avif": _saved(image, "AVIF", quality=70, speed=10, exif=_EXIF),
        "moving.avif": _several("AVIF", speed=10),
        "one.heic": _heic(image, _EXIF),
        "raw.tif": _saved(image, "TIFF"),
        "lzw.tif": _saved(image, "TIFF", compression="tiff_lzw"),
        "deflate.tiff": _saved(image, "TIFF", compression="tiff_adobe_deflate"),
        "jpeg.tif": _saved(image, "TIFF", compression="jpeg"),
        "pages.tif": _several("TIFF"),
        "fax.tif": _saved(image.convert("1"), "TIFF", compression="group4"),
        "one.gif": _saved(image.quantize(64), "GIF"),
        "moving.gif": _several("GIF", loop=0),
        "rgb.bmp": _saved(image, "BMP"),
        "palette.bmp": _saved(image.quantize(64), "BMP"),
    }


def cuts(bases: dict[str, bytes], rng: random.Random) -> Iterator[PoisonFile]:
    """Every base cut at every per cent of its length, and after each of its first and last bytes."""
    lengths = {name: {len(data) * per_cent // 100 for per_cent in range(100)} for name, data in bases.items()}
    for name, data in bases.items():
        lengths[name] |= {rng.randrange(len(data)) for _ in range(8)} | set(range(1, 16)) | {len(data) - 1}
    for name, data in bases.items():
        for length in sorted(lengths[name]):
            yield PoisonFile(f"cut/{length:06d}-{name}", data[:length])


def random_damage(bases: dict[str, bytes], rng: random.Random) -> Iterator[PoisonFile]:
    """Without end: bits, blocks and lengths of one base after the other are changed at random."""
    for number, (name, data) in enumerate(cycle(bases.items())):
        kind, damage = rng.choice(_DAMAGES)
        yield PoisonFile(f"{kind}/{number:06d}-{name}", damage(data, rng, bases))


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randrange(min(_HEADER, len(data)) if rng.random() < 0.5 else len(data))


def _flip_bits(data: bytes, rng: random.Random, _: dict[str, bytes]) -> bytes:
    bent = bytearray(data)
    for _flip in range(rng.choice(_FLIPS)):
        bent[_place(data, rng)] ^= 1 << rng.randrange(8)
    return bytes(bent)


def _extreme_number(data: bytes, rng: random.Random, _: dict[str, bytes]) -> bytes:
    """A length, a count or an offset becomes the largest, the smallest or a negative one."""
    width = rng.choice((1, 2, 4, 8))
    value = rng.choice((b"\0", b"\xff", b"\x7f" + b"\xff" * 7, b"\x80" + b"\0" * 7, b"\0\0\0\0\0\0\0\1"))
    at = _place(data, rng)
    patch = (value * 8)[:width] if len(value) == 1 else value[-width:] if value[0] == 0 else value[:width]
    return data[:at] + patch + data[at + width :]


def _zeros(data: bytes, rng: random.Random, _: dict[str, bytes]) -> bytes:
    """A block of the disk that was never written."""
    at, length = rng.randrange(len(data)), rng.choice((16, 512, 4096))
    return data[:at] + b"\0" * min(length, len(data) - at) + data[at + length :]


def _block_of_another(data: bytes, rng: random.Random, bases: dict[str, bytes]) -> bytes:
    """A block of another file in the middle: how undeleting and crossed sectors look."""
    other = rng.choice(list(bases.values()))
    at = rng.randrange(len(data))
    return data[:at] + other[rng.randrange(len(other)) :][: rng.choice((16, 512, 4096))] + data[at:]


def _repeated(data: bytes, rng: random.Random, _: dict[str, bytes]) -> bytes:
    at, length = _place(data, rng), rng.choice((8, 64, 1024))
    return data[:at] + data[at : at + length] * rng.choice((2, 16, 200)) + data[at + length :]


def _missing(data: bytes, rng: random.Random, _: dict[str, bytes]) -> bytes:
    at = _place(data, rng)
    return data[:at] + data[at + rng.choice((1, 4, 64, 1024)) :]


Damage = Callable[[bytes, random.Random, dict[str, bytes]], bytes]
_DAMAGES: tuple[tuple[str, Damage], ...] = (
    *[("bits", _flip_bits)] * 6,
    *[("number", _extreme_number)] * 4,
    ("zeros", _zeros),
    ("block", _block_of_another),
    ("repeated", _repeated),
    ("missing", _missing),
)


def wrong_names(bases: dict[str, bytes]) -> Iterator[PoisonFile]:
    """Every kind under the name of every other, and files that are no pictures at all."""
    endings = (".jpg", ".png", ".webp", ".avif", ".heic", ".tif", ".gif", ".bmp")
    for name, data in bases.items():
        for ending in endings:
            if not name.endswith(ending):
                yield PoisonFile(f"named/{name.replace('.', '-')}{ending}", data)
    others = {
        "empty": b"",
        "one-byte": b"\xff",
        "text": b"Esto no es una foto.\n" * 50,
        "page": b"<html><body onload='alert(1)'><img src=x></body></html>",
        "drawing": b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><script>1</script></svg>",
        "archive": b"PK\x03\x04" + b"\0" * 200,
        "program": b"\x7fELF" + bytes(range(256)),
        "document": b"%PDF-1.7\n" + b"0 0 obj " * 90,
        "film": b"\0\0\0\x20ftypisom\0\0\2\0isomiso2mp41" + b"\0" * 500,
        "pickle": b"\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R.",
        "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(%pipe%true) (r) file\n",
        "layers": b"8BPS\0\1" + b"\0" * 600,
        "zeros": b"\0" * 5000,
        "ones": b"\xff" * 5000,
        "only-signature": b"\x89PNG\r\n\x1a\n",
    }
    for what, data in others.items():
        for ending in endings:
            yield PoisonFile(f"named/{what}{ending}", data)


def bombs(heavy: bool) -> Iterator[PoisonFile]:
    """Small files that ask for gigabytes or for hours; ``heavy``: also those that are read, within the limits."""
    zeros = zlib.compress(b"\0" * 50_000_000, 1)
    small = zlib.compress(b"\0" * 1000)
    text = b"Comment\0\0" + zeros
    yield PoisonFile("bomb/60000x60000.png", png((60_000, 60_000), 1, 0, zeros))
    yield PoisonFile("bomb/2147483647x1.png", png((2**31 - 1, 1), 8, 2, small))
    yield PoisonFile("bomb/0x0.png", png((0, 0), 8, 2, small))
    yield PoisonFile("bomb/text.png", png((9, 9), 8, 2, zlib.compress(b"\0" * 252), (b"zTXt", text)))
    yield PoisonFile("bomb/profile.png", png((9, 9), 8, 2, zlib.compress(b"\0" * 252), (b"iCCP", b"p\0\0" + zeros)))
    yield PoisonFile("bomb/too-much.png", png((9, 9), 8, 2, zeros))
    chunks = [(b"tEXt", b"k\0v")] * 100_000
    yield PoisonFile("bomb/chunks.png", png((9, 9), 8, 2, zlib.compress(b"\0" * 252), *chunks))
    yield PoisonFile("bomb/65535x65535.gif", gif((65_535, 65_535)))
    yield PoisonFile("bomb/endless.gif", gif((64, 64), frames=100_000, trailer=False))
    yield PoisonFile("bomb/frame-larger.gif", gif((16, 16), frame=(65_535, 65_535)))
    yield PoisonFile("bomb/comments.gif", gif((64, 64), comments=20_000))
    for width, height in ((2**31 - 1, 2**31 - 1), (65_535, -65_535), (0, 0), (-1, 5), (1, 2**31 - 1)):
        yield PoisonFile(f"bomb/{width}x{height}.bmp", bmp(width, height))
    yield PoisonFile("bomb/run-lengths.bmp", bmp(30_000, 30_000, compression=1))
    for tag, value in (
        (273, 2**32 - 1),
        (279, 2**32 - 1),
        (277, 65_535),
        (258, 65_535),
        (322, 2**31),
        (257, 2**32 - 1),
    ):
        yield PoisonFile(f"bomb/tag{tag}.tif", tiff({tag: value}))
    yield PoisonFile("bomb/itself.tif", tiff({}, next_ifd=8))
    yield PoisonFile("bomb/sixty-five-thousand-tags.tif", b"II*\0\x08\0\0\0" + b"\xff\xff" + b"\0" * (12 * 65_535))
    jpeg = _saved(draw_photo(SIZE, 2), "JPEG")
    yield PoisonFile("bomb/65500x65500.jpg", _jpeg_sized(jpeg, 65_500, 65_500))
    yield PoisonFile("bomb/30000x30000.jpg", _jpeg_sized(jpeg, 30_000, 30_000))
    yield PoisonFile("bomb/0x0.jpg", _jpeg_sized(jpeg, 0, 0))
    yield PoisonFile("bomb/comments.jpg", jpeg[:2] + (b"\xff\xfe\x00\x04hi") * 200_000 + jpeg[2:])
    for kind in ("avif", "heic"):
        base = base_photos()[f"one.{kind}"]
        for value in (0, 1, 65_535, 2**31 - 1, 2**32 - 1):
            at = base.index(b"ispe") + 8
            yield PoisonFile(f"bomb/{value}.{kind}", base[:at] + struct.pack(">II", value, value) + base[at + 8 :])
    if heavy:
        yield from _heavy_bombs()


def _heavy_bombs() -> Iterator[PoisonFile]:
    """Just within the limit of pixels: these are read, in seconds and in hundreds of megabytes."""
    side = 14_000
    for name, depth, colour, channels in (
        ("rgb", 8, 2, 3),
        ("alpha", 8, 6, 4),
        ("grey16", 16, 0, 2),
        ("deep", 16, 6, 8),
    ):
        packer = zlib.compressobj(1)
        row = b"\0" * (1 + side * channels)
        data = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
        yield PoisonFile(f"bomb/14000x14000-{name}.png", png((side, side), depth, colour, data))
    flat = Image.new("L", (side, side), 128)
    progressive = _saved(flat, "JPEG", progressive=True)
    scan = progressive.rindex(b"\xff\xda")
    yield PoisonFile("bomb/scans.jpg", progressive[:scan] + progressive[scan:-2] * 300 + b"\xff\xd9")
    yield PoisonFile("bomb/14000x14000.tif", _saved(flat, "TIFF", compression="tiff_adobe_deflate"))
    yield PoisonFile("bomb/14000x14000.gif", _saved(Image.new("P", (side, side)), "GIF"))
    yield PoisonFile("bomb/comment.gif", gif((64, 64), comments=300_000))


def png(size: tuple[int, int], depth: int, colour: int, data: bytes, *chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks, with right checksums."""
    header = struct.pack(">IIBBBBB", *size, depth, colour, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", data), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in parts
    )


def gif(
    size: tuple[int, int],
    *,
    frame: tuple[int, int] | None = None,
    frames: int = 1,
    comments: int = 0,
    trailer: bool = True,
) -> bytes:
    """A GIF whose frames have the pixels of 64 x 64; ``comments``: blocks of 255 bytes in one comment."""
    head = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    comment = b"\x21\xfe" + (b"\xff" + b"A" * 255) * comments + b"\0" if comments else b""
    whole = _saved(Image.new("P", (64, 64)), "GIF")
    pixels = whole[whole.index(b"\x2c\0\0\0\0") + 10 : -1]
    picture = b"\x2c" + struct.pack("<HHHHB", 0, 0, *(frame or size), 0) + pixels
    return head + comment + picture * frames + (b"\x3b" if trailer else b"")


def bmp(width: int, height: int, compression: int = 0) -> bytes:
    """A BMP that says how large it is and brings hardly any pixels."""
    depth = 8 if compression else 24
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, compression, 0, 0, 0, 256 if depth == 8 else 0, 0)
    palette = b"\0" * 1024 if depth == 8 else b""
    offset = 14 + len(info) + len(palette)
    return b"BM" + struct.pack("<IHHI", offset + 500, 0, 0, offset) + info + palette + b"\xff\x01" * 250


def tiff(tags: dict[int, int], next_ifd: int = 0) -> bytes:
    """An 8 x 8 grey TIFF in which some tags have other values."""
    plain = {256: 8, 257: 8, 258: 8, 259: 1, 262: 1, 273: 300, 277: 1, 278: 8, 279: 64} | tags
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(plain.items()))
    ifd = struct.pack("<H", len(plain)) + entries + struct.pack("<I", next_ifd)
    return (b"II*\0" + struct.pack("<I", 8) + ifd).ljust(300, b"\0") + b"\x80" * 64


def _jpeg_sized(data: bytes, width: int, height: int) -> bytes:
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


_WITH_EXIF = ("jpeg", "png", "webp", "heic", "tif")


def _exif_photo(what: str, ending: str) -> PoisonFile:
    """A small photo with one of the absurd blocks; as TIFF, the block itself."""
    image, block = draw_photo((96, 72), seed=3), absurd_exif()[what]
    match ending:
        case "heic":
            data = _heic(image, block)
        case "tif":
            data = block[6:]
        case _:
            data = _saved(image, ending.upper(), exif=block)
    return PoisonFile(f"exif/{what}.{ending}", data)


def _good(number: int) -> PoisonFile:
    """A photo that is well, unlike any other."""
    return PoisonFile(f"good/{number:05d}.jpg", _saved(draw_photo(SIZE, seed=100_000 + number), "JPEG", quality=88))


def _several(kind: str, **options: object) -> bytes:
    first, *others = (draw_photo((96, 72), seed=seed) for seed in range(4))
    return _saved(first, kind, save_all=True, append_images=others, **options)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _heic(image: Image.Image, exif: bytes) -> bytes:
    buffer = io.BytesIO()
    pillow_heif.from_pillow(image).save(buffer, quality=60, exif=exif, enc_params={"preset": "ultrafast"})
    return buffer.getvalue()


def strange_entries(folder: Path) -> list[str]:
    """What may lie in a folder besides files; returns the names of the photos among it that are well.

    Devices are made where the system lets us (the superuser's).
    """
    folder.mkdir(parents=True, exist_ok=True)
    photo = _good(99_999).data
    os.mkfifo(folder / "pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket is at most 107 bytes long
        listening.bind("socket.png")
        os.chdir(here)
    if os.geteuid() == 0:
        for name, major, minor in (
            ("zero.jpg", 1, 5),
            ("random.png", 1, 8),
            ("full.gif", 1, 7),
            ("terminal.heic", 5, 0),
        ):
            os.mknod(folder / name, 0o20666, os.makedev(major, minor))
        os.mknod(folder / "disk.tif", 0o60666, os.makedev(259, 999))
    (folder / "itself.jpg").symlink_to("itself.jpg")
    (folder / "one.jpg").symlink_to("two.jpg")
    (folder / "two.jpg").symlink_to("one.jpg")
    (folder / "nowhere.jpg").symlink_to("/no/such/place.jpg")
    (folder / "to-zero.jpg").symlink_to("/dev/zero")
    (folder / "deep").mkdir()
    (folder / "deep" / "up").symlink_to("..")
    (folder / "deep" / "root").symlink_to(folder.resolve())
    (folder / "folder.jpg").mkdir()
    closed = folder / "closed.jpg"
    closed.write_bytes(photo + b"closed")
    closed.chmod(0)
    (folder / "closed folder").mkdir()
    (folder / "closed folder" / "inside.jpg").write_bytes(photo)
    (folder / "closed folder").chmod(0)
    names = [
        "line\nbreak.jpg", "tab\tand\rreturn.jpg", "bell\a-escape\x1b[31m.jpg", "right\u202egpj.exe.jpg",
        "<img src=x onerror=alert(1)>.jpg", "&amp;%s%d{0}{name}.jpg", "'; DROP TABLE photo; --.jpg",
        "año ñandú 😀.jpg", "-rf.jpg", "$(reboot).jpg", "*.jpg", os.fsdecode(b"invalid-\xff\xfe\x80.jpg"),
        "n" * 246 + ".jpg",
    ]  # fmt: skip
    for number, name in enumerate(names):
        (folder / name).write_bytes(_good(90_000 + number).data)
    for number, moment in enumerate((2**40, -(2**40), -1, 2**33)):  # years 36812, -32873, 1969 and 2242
        names.append(f"moment {moment}.jpg")
        (folder / names[-1]).write_bytes(_good(95_000 + number).data)
        os.utime(folder / names[-1], (moment, moment))
    return names
