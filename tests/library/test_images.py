"""Every kind of file a person may own, whole or broken, through ``images.decode``."""

from __future__ import annotations

import io
import os
import random
import socket
import stat
import struct
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, TiffImagePlugin
from PIL.ExifTags import GPS, IFD, Base

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.library import images
from photofinder.library.exif import Exposure, read_exposure
from photofinder.library.images import DecodedPhoto, PhotoInfo, decode, decode_bytes

MakePhoto = Callable[..., Path]

RED, GREEN, BLUE, GREY = (220, 30, 30), (30, 200, 40), (30, 50, 210), (128, 128, 128)


def quadrants(size: tuple[int, int] = (80, 60)) -> Image.Image:
    """Red, green / blue, grey: tells every one of the eight orientations apart."""
    width, height = size
    image = Image.new("RGB", size, GREY)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image


def encoded(image: Image.Image, format: str, **options: Any) -> bytes:
    if format == "HEIF":
        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    image.save(buffer, format, **options)
    return buffer.getvalue()


def corners(pixels: NDArray[np.uint8]) -> list[tuple[int, ...]]:
    """Colours in the middle of the four quadrants: top left, top right, bottom left, bottom right."""
    height, width = pixels.shape[:2]
    places = [(height // 4, width // 4), (height // 4, 3 * width // 4)]
    places += [(3 * height // 4, width // 4), (3 * height // 4, 3 * width // 4)]
    return [tuple(int(v) for v in pixels[place]) for place in places]


def assert_colours(found: list[tuple[int, ...]], expected: list[tuple[int, ...]], tolerance: int = 12) -> None:
    assert np.abs(np.array(found) - np.array(expected)).max() <= tolerance, (found, expected)


def reason_of(read: Callable[[], object]) -> FailureReason:
    with pytest.raises(PhotoUnreadable) as caught:
        read()
    return caught.value.reason


def camera_exif(**tags: object) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = "Canon", "Canon EOS 5D"
    exif[Base.DateTime] = "2022:02:03 04:05:06"
    exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = "2019:07:14 12:33:01"
    for name, value in tags.items():
        exif[Base[name]] = value
    return exif


# ---- formats -------------------------------------------------------------------------------------------------------


FORMATS: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: encoded(quadrants(), "JPEG", quality=95, subsampling=0),
    "progressive jpeg": lambda: encoded(quadrants(), "JPEG", quality=95, subsampling=0, progressive=True),
    "cmyk jpeg": lambda: encoded(quadrants().convert("CMYK"), "JPEG", quality=95),
    "mpo": lambda: encoded(quadrants(), "MPO", save_all=True, append_images=[Image.new("RGB", (80, 60))]),
    "png": lambda: encoded(quadrants(), "PNG"),
    "palette png": lambda: encoded(quadrants().quantize(8), "PNG"),
    "rgba png": lambda: encoded(quadrants().convert("RGBA"), "PNG"),
    "webp": lambda: encoded(quadrants(), "WEBP", lossless=True),
    "avif": lambda: encoded(quadrants(), "AVIF", quality=95, subsampling="4:4:4"),
    "heic": lambda: encoded(quadrants(), "HEIF", quality=95, chroma=444),
    "tiff": lambda: encoded(quadrants(), "TIFF"),
    "lzw tiff": lambda: encoded(quadrants(), "TIFF", compression="tiff_lzw"),
    "jpeg in tiff": lambda: encoded(quadrants(), "TIFF", compression="jpeg", quality=95),
    "cmyk tiff": lambda: encoded(quadrants().convert("CMYK"), "TIFF"),
    "lab tiff": lambda: encoded(to_lab(quadrants()), "TIFF"),
    "multi-page tiff": lambda: encoded(quadrants(), "TIFF", save_all=True, append_images=[Image.new("RGB", (10, 10))]),
    "gif": lambda: encoded(quadrants().quantize(8), "GIF"),
    "animated gif": lambda: encoded(
        quadrants().quantize(8), "GIF", save_all=True, append_images=[Image.new("P", (80, 60))]
    ),
    "bmp": lambda: encoded(quadrants(), "BMP"),
}


def to_lab(image: Image.Image) -> Image.Image:
    transform = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
    return transform.apply(image)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_gives_the_same_picture(name: str, tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"  # the wrong extension for most: the content decides
    path.write_bytes(FORMATS[name]())
    photo = decode(path)
    assert photo.pixels.shape == (60, 80, 3)
    assert (photo.info.width, photo.info.height) == (80, 60)
    assert_colours(corners(photo.pixels), [RED, GREEN, BLUE, GREY], tolerance=20)


def test_pixels_are_what_the_network_and_the_cache_expect(tmp_path: Path, make_photo: MakePhoto) -> None:
    photo = decode(make_photo(tmp_path / "a.jpg", size=(1600, 1200)))
    assert photo.pixels.dtype == np.uint8
    assert photo.pixels.shape == (384, 512, 3)
    assert photo.pixels.flags.c_contiguous
    assert photo.pixels.flags.writeable
    thumbnail = Image.open(io.BytesIO(photo.thumbnail))
    assert (thumbnail.format, thumbnail.size) == ("JPEG", (512, 384))
    assert "exif" not in thumbnail.info
    assert np.abs(np.asarray(thumbnail).astype(int) - photo.pixels).mean() < 6
    assert photo.info == PhotoInfo(1600, 1200, None, None, None, None)


def test_a_larger_side_keeps_the_thumbnail_small(tmp_path: Path, make_photo: MakePhoto) -> None:
    photo = decode(make_photo(tmp_path / "a.jpg", size=(3000, 1000)), side=2000)
    assert photo.pixels.shape == (667, 2000, 3)
    assert Image.open(io.BytesIO(photo.thumbnail)).size == (512, 171)


def test_a_small_photo_is_never_enlarged(tmp_path: Path, make_photo: MakePhoto) -> None:
    assert decode(make_photo(tmp_path / "a.png", size=(20, 30))).pixels.shape == (30, 20, 3)
    assert decode(make_photo(tmp_path / "b.png", size=(1, 1))).pixels.shape == (1, 1, 3)


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_very_long_photo_keeps_at_least_one_pixel(tmp_path: Path, format: str) -> None:
    path = tmp_path / "tira"
    Image.new("RGB", (20000, 2), RED).save(path, format)
    photo = decode(path)
    assert photo.pixels.shape == (1, 512, 3)
    assert (photo.info.width, photo.info.height) == (20000, 2)


def test_a_side_below_one_is_our_bug(tmp_path: Path, make_photo: MakePhoto) -> None:
    with pytest.raises(ValueError, match="side"):
        decode(make_photo(tmp_path / "a.jpg"), side=0)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize(
    ("size", "expected"),
    [((2203, 1651), (512, 384)), ((2003, 1501), (501, 376)), ((1900, 1400), (512, 377))],
    ids=["scaled down from a quarter", "a quarter is nearly as large as asked", "a quarter is too small"],
)
def test_draft_size_shows_what_the_full_size_shows(
    tmp_path: Path, make_photo: MakePhoto, progressive: bool, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    source = Image.open(make_photo(tmp_path / "a.png", size=size, seed=4))
    path = tmp_path / "a.jpg"
    source.save(path, quality=95, progressive=progressive)
    photo = decode(path)
    whole = np.asarray(source.resize(expected, Image.Resampling.BICUBIC)).astype(int)
    assert photo.pixels.shape == (*reversed(expected), 3)
    assert np.abs(whole - photo.pixels).mean() < 4
    assert (photo.info.width, photo.info.height) == size


@pytest.mark.parametrize("side", [800, 1600])
def test_a_picture_larger_than_a_thumbnail_is_exactly_as_large_as_asked(side: int) -> None:
    data = encoded(Image.new("RGB", (2 * side - 10, side), RED), "JPEG")
    assert decode_bytes(data, side).pixels.shape[1] == side


# ---- grey, deep, transparent ---------------------------------------------------------------------------------------


def ramp16() -> NDArray[np.uint16]:
    return np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (48, 1))


@pytest.mark.parametrize("format", ["PNG", "TIFF"])
def test_16_bit_grey_keeps_its_range(format: str) -> None:
    photo = decode_bytes(encoded(Image.fromarray(ramp16()), format))
    assert photo.pixels.shape == (48, 64, 3)
    expected = (ramp16() >> 8).astype(int)
    assert np.abs(photo.pixels[:, :, 1].astype(int) - expected).max() <= 1


def test_16_bit_big_endian_tiff() -> None:
    image = Image.frombytes("I;16B", (64, 48), ramp16().astype(">u2").tobytes())
    photo = decode_bytes(encoded(image, "TIFF"))
    assert (int(photo.pixels[0, 0, 0]), int(photo.pixels[0, 63, 0])) == (0, 255)


def test_16_bit_colour_png() -> None:
    rows = b"".join(b"\0" + struct.pack(">3H", 65535, 32768, 0) * 4 for _ in range(3))
    photo = decode_bytes(png(struct.pack(">2I5B", 4, 3, 16, 2, 0, 0, 0), rows))
    assert_colours([tuple(int(v) for v in photo.pixels[1, 1])], [(255, 128, 0)], tolerance=1)


@pytest.mark.parametrize(
    ("dtype", "low", "high"),
    [(np.int32, 0, 65535), (np.int32, 0, 255), (np.int32, -500, 90000), (np.float32, 0.0, 1.0), (np.float32, -3, 9)],
)
def test_32_bit_grey_is_brought_to_eight(dtype: type, low: float, high: float) -> None:
    values: NDArray[Any] = np.tile(np.linspace(low, high, 64), (48, 1)).astype(dtype)
    row = decode_bytes(encoded(Image.fromarray(values), "TIFF")).pixels[0, :, 0].astype(int)
    assert (row[0], row[-1]) == (0, 255)
    assert (np.diff(row) >= 0).all()


def test_float_grey_without_numbers_is_black_not_an_error() -> None:
    values = np.full((8, 8), np.nan, np.float32)
    assert decode_bytes(encoded(Image.fromarray(values), "TIFF")).pixels.max() == 0


def test_black_and_white_and_grey() -> None:
    assert decode_bytes(encoded(Image.new("1", (40, 40), 1), "TIFF", compression="group4")).pixels.min() == 255
    assert decode_bytes(encoded(Image.new("L", (40, 40), 77), "JPEG")).pixels[5, 5].tolist() == [77] * 3


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "RGB"])
@pytest.mark.parametrize("size", [(60, 60), (1200, 1200)])
def test_what_is_transparent_becomes_white(mode: str, size: tuple[int, int]) -> None:
    options: dict[str, Any] = {}
    if mode == "P":
        image = Image.new("P", size, 1)
        image.putpalette([0, 0, 0, *RED])
        image.paste(0, (0, 0, size[0] // 2, size[1]))
        options["transparency"] = 0
    elif mode == "RGB":
        image = Image.new("RGB", size, RED)
        image.paste((0, 0, 0), (0, 0, size[0] // 2, size[1]))
        options["transparency"] = (0, 0, 0)
    else:
        image = Image.new("RGBA", size, (*RED, 255))
        image.paste((0, 0, 0, 0), (0, 0, size[0] // 2, size[1]))
        image = image.convert(mode)
    pixels = decode_bytes(encoded(image, "PNG", **options)).pixels
    middle = pixels.shape[1] // 2
    assert (pixels[:, : middle - 3] == 255).all()
    shown = image.convert("RGB").getpixel((size[0] - 1, 5))
    assert isinstance(shown, tuple)
    assert_colours([tuple(int(v) for v in pixels[5, -1])], [shown], tolerance=2)
    # No dark seam where the hidden black meets the colour.
    seam = pixels[:, middle - 3 : middle + 3].astype(int)
    assert (seam.min(axis=(0, 1)) >= np.array(shown) - 20).all()


def test_half_transparent_mixes_with_white() -> None:
    photo = decode_bytes(encoded(Image.new("RGBA", (30, 30), (0, 0, 0, 128)), "PNG"))
    assert abs(int(photo.pixels[3, 3, 0]) - 127) <= 1


# ---- colour --------------------------------------------------------------------------------------------------------


def wide_gamut_profile() -> bytes:
    """sRGB's own profile with its red and green columns exchanged: an honest RGB profile far from sRGB."""
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    count = int.from_bytes(data[128:132], "big")
    for at in range(132, 132 + 12 * count, 12):
        swapped = {b"rXYZ": b"gXYZ", b"gXYZ": b"rXYZ"}.get(bytes(data[at : at + 4]))
        if swapped is not None:
            data[at : at + 4] = swapped
    return bytes(data).replace("sRGB".encode("utf-16-be"), "Swap".encode("utf-16-be"))


def test_an_embedded_profile_is_applied() -> None:
    data = encoded(Image.new("RGB", (40, 40), (255, 0, 0)), "PNG", icc_profile=wide_gamut_profile())
    assert_colours([tuple(int(v) for v in decode_bytes(data).pixels[5, 5])], [(0, 255, 0)], tolerance=4)


def test_an_srgb_profile_changes_nothing() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = encoded(Image.new("RGB", (40, 40), (12, 200, 99)), "PNG", icc_profile=profile)
    assert decode_bytes(data).pixels[5, 5].tolist() == [12, 200, 99]


@pytest.mark.parametrize("profile", [b"rubbish", b"\0" * 200, wide_gamut_profile()[:300]])
def test_a_damaged_profile_is_ignored(profile: bytes) -> None:
    data = encoded(Image.new("RGB", (40, 40), (12, 200, 99)), "PNG", icc_profile=profile)
    assert decode_bytes(data).pixels[5, 5].tolist() == [12, 200, 99]


def test_a_profile_for_other_pixels_is_ignored() -> None:
    data = encoded(Image.new("L", (40, 40), 90), "JPEG", icc_profile=wide_gamut_profile())
    assert decode_bytes(data).pixels[5, 5].tolist() == [90, 90, 90]


# ---- orientation ---------------------------------------------------------------------------------------------------

UPRIGHT: dict[int, list[tuple[int, ...]]] = {
    1: [RED, GREEN, BLUE, GREY],
    2: [GREEN, RED, GREY, BLUE],
    3: [GREY, BLUE, GREEN, RED],
    4: [BLUE, GREY, RED, GREEN],
    5: [RED, BLUE, GREEN, GREY],
    6: [BLUE, RED, GREY, GREEN],
    7: [GREY, GREEN, BLUE, RED],
    8: [GREEN, GREY, RED, BLUE],
}
"""Colours by corner once a stored picture with that EXIF orientation is turned as the standard says."""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_orientation_is_applied(orientation: int, format: str) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    image = quadrants((1040, 780))
    image.info["exif"] = exif.tobytes()  # from here pillow-heif makes the rotation that a HEIC really obeys
    options: dict[str, Any] = {"exif": exif} if format not in ("TIFF", "HEIF") else {}
    if format == "TIFF":
        options = {"tiffinfo": {Base.Orientation: orientation}}
    photo = decode_bytes(encoded(image, format, quality=95, **options), side=520)
    sideways = orientation >= 5
    assert photo.pixels.shape == ((520, 390, 3) if sideways else (390, 520, 3))
    assert (photo.info.width, photo.info.height) == ((780, 1040) if sideways else (1040, 780))
    assert_colours(corners(photo.pixels), UPRIGHT[orientation])
    thumbnail = Image.open(io.BytesIO(photo.thumbnail))
    assert_colours(corners(np.asarray(thumbnail)), UPRIGHT[orientation])


def test_the_exif_orientation_of_a_heic_is_for_information_only() -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = 6
    data = encoded(quadrants(), "HEIF", quality=95, chroma=444, exif=exif)
    assert b"irot" not in data
    assert_colours(corners(decode_bytes(data).pixels), UPRIGHT[1], tolerance=20)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_an_absurd_orientation_is_ignored(orientation: object) -> None:
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    data = encoded(quadrants(), "JPEG", quality=95, subsampling=0, exif=exif)
    assert_colours(corners(decode_bytes(data).pixels), UPRIGHT[1])


# ---- what the camera says ------------------------------------------------------------------------------------------


def info_of(exif: Image.Exif | bytes, format: str = "JPEG") -> PhotoInfo:
    return decode_bytes(encoded(quadrants(), format, exif=exif)).info


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF", "MPO"])
def test_date_and_camera_are_read(format: str) -> None:
    info = info_of(camera_exif().tobytes(), format)  # as bytes: only so does Pillow write all of it into a TIFF
    assert (info.taken_at, info.camera) == ("2019-07-14T12:33:01", "Canon EOS 5D")


@pytest.mark.parametrize(
    ("original", "modified", "expected"),
    [
        (None, "2022:02:03 04:05:06", "2022-02-03T04:05:06"),
        ("0000:00:00 00:00:00", "2022:02:03 04:05:06", "2022-02-03T04:05:06"),
        ("    :  :     :  :  ", "2022:02:03 04:05:06", "2022-02-03T04:05:06"),
        ("2019:02:30 00:00:00", None, None),
        ("2019:07:14 25:00:00", None, None),
        ("0001:01:01 00:00:00", None, None),
        ("9999:01:01 00:00:00", None, None),
        ("2019-07-14T12:33:01", None, "2019-07-14T12:33:01"),
        ("2019:07:14 12:33:01.250\0", None, "2019-07-14T12:33:01"),
        ("2019:07:14", None, "2019-07-14T00:00:00"),
        ("1931:05:01 10:00:00", None, "1931-05-01T10:00:00"),
        ("ayer", None, None),
        (7, None, None),
    ],
)
def test_dates(original: object, modified: str | None, expected: str | None) -> None:
    exif = Image.Exif()
    if original is not None:
        exif.get_ifd(IFD.Exif)[Base.DateTimeOriginal] = original
    if modified is not None:
        exif[Base.DateTime] = modified
    assert info_of(exif).taken_at == expected


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("NIKON CORPORATION", "NIKON D750", "NIKON D750"),
        ("Apple", "iPhone 12", "Apple iPhone 12"),
        ("samsung", "SM-G991B", "samsung SM-G991B"),
        ("SONY\0\0\0", "  DSC-RX100  ", "SONY DSC-RX100"),
        ("Canon", None, "Canon"),
        (None, "Lumia 950", "Lumia 950"),
        ("", "", None),
        ("A" * 500, "x", "A" * 100),
    ],
)
def test_camera(make: str | None, model: str | None, expected: str | None) -> None:
    exif = Image.Exif()
    if make is not None:
        exif[Base.Make] = make
    if model is not None:
        exif[Base.Model] = model
    assert info_of(exif).camera == expected


def gps_exif(lat: object, lat_ref: object, lon: object, lon_ref: object) -> Image.Exif:
    exif = Image.Exif()
    values = {GPS.GPSLatitude: lat, GPS.GPSLatitudeRef: lat_ref, GPS.GPSLongitude: lon, GPS.GPSLongitudeRef: lon_ref}
    exif.get_ifd(IFD.GPSInfo).update({tag: value for tag, value in values.items() if value is not None})
    return exif


def test_position_in_decimal_degrees() -> None:
    info = info_of(gps_exif((40.0, 25.0, 1.2), "N", (3.0, 42.0, 9.0), "W"))
    assert info.lat == pytest.approx(40.417, abs=1e-6)
    assert info.lon == pytest.approx(-3.7025, abs=1e-6)
    info = info_of(gps_exif((33.0, 51.5, 0.0), "S", (151.0, 12.0, 0.0), "E"))
    assert info.lat == pytest.approx(-33.8583333)
    assert info.lon == pytest.approx(151.2)


NAN = TiffImagePlugin.IFDRational(0, 0)


@pytest.mark.parametrize(
    ("lat", "lat_ref", "lon", "lon_ref"),
    [
        ((NAN, NAN, NAN), "N", (3.0, 42.0, 9.0), "W"),
        ((91.0, 0.0, 0.0), "N", (3.0, 42.0, 9.0), "W"),
        ((40.0, 0.0, 0.0), "N", (181.0, 0.0, 0.0), "W"),
        ((40.0, 99.0, 0.0), "N", (3.0, 42.0, 9.0), "W"),
        ((40.0, 1.0, 0.0), None, (3.0, 42.0, 9.0), "W"),
        ((40.0, 1.0, 0.0), "X", (3.0, 42.0, 9.0), "W"),
        ((40.0, 1.0, 0.0), "N", None, None),
        ((0.0, 0.0, 0.0), "N", (0.0, 0.0, 0.0), "E"),
        ((40.0, 1.0, 0.0, 0.0), "N", (3.0, 42.0, 9.0), "W"),
    ],
)
def test_an_absurd_position_is_left_out(lat: object, lat_ref: object, lon: object, lon_ref: object) -> None:
    info = info_of(gps_exif(lat, lat_ref, lon, lon_ref))
    assert (info.lat, info.lon) == (None, None)


def shot_exif(values: dict[Base, object]) -> Image.Exif:
    exif = Image.Exif()
    exif.get_ifd(IFD.Exif).update(values)
    return exif


SHOT: dict[Base, object] = {
    Base.ExposureTime: TiffImagePlugin.IFDRational(1, 250),
    Base.FNumber: TiffImagePlugin.IFDRational(28, 10),
    Base.ISOSpeedRatings: 100,
    Base.FocalLength: TiffImagePlugin.IFDRational(35, 1),
    Base.FocalLengthIn35mmFilm: 52,
    Base.LensModel: "EF-S 18-55mm f/3.5-5.6",
}


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIF"])
def test_exposure_is_read(format: str) -> None:
    assert info_of(shot_exif(SHOT).tobytes(), format).exposure == Exposure(
        lens="EF-S 18-55mm f/3.5-5.6",
        seconds=pytest.approx(0.004),
        f_number=pytest.approx(2.8),
        iso=100,
        focal_mm=pytest.approx(35.0),
        focal_35mm=52,
    )


def test_exposure_in_apex_units() -> None:
    rational = TiffImagePlugin.IFDRational
    exif = shot_exif({Base.ShutterSpeedValue: rational(8, 1), Base.ApertureValue: rational(3, 1)})
    assert info_of(exif).exposure == Exposure(seconds=pytest.approx(1 / 256), f_number=pytest.approx(2**1.5))


def test_a_sensitivity_too_large_for_its_field_stands_elsewhere() -> None:
    exif = shot_exif({Base.ISOSpeedRatings: 65535, Base.ISOSpeed: 102400})
    assert info_of(exif).exposure.iso == 102400


@pytest.mark.parametrize(
    "value",
    [NAN, TiffImagePlugin.IFDRational(0, 1), TiffImagePlugin.IFDRational(2**31, 1), "mucho", b"\0\xff", (NAN, NAN)],
)
def test_an_absurd_exposure_is_left_out(value: object) -> None:
    numbers = (Base.ExposureTime, Base.FNumber, Base.FocalLength, Base.ShutterSpeedValue, Base.ApertureValue)
    exif = Image.Exif()
    exif._ifds[IFD.Exif] = dict.fromkeys((*numbers, Base.ISOSpeedRatings, Base.FocalLengthIn35mmFilm), value)
    exif._ifds[IFD.Exif][Base.LensModel] = "----"
    assert read_exposure(exif) == Exposure()


@pytest.mark.parametrize("keep", [6, 12, 40, 90, 130])
def test_damaged_exif_does_not_cost_the_photo(keep: int) -> None:
    whole = camera_exif(Orientation=6).tobytes()
    broken = whole[:keep] + b"\xff" * (len(whole) - keep)
    data = encoded(quadrants(), "JPEG", exif=broken)
    assert decode_bytes(data).pixels.shape[2] == 3


# ---- what cannot be read -------------------------------------------------------------------------------------------


def png(header: bytes, rows: bytes) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def test_empty(tmp_path: Path) -> None:
    path = tmp_path / "vacía.jpg"
    path.touch()
    assert reason_of(lambda: decode(path)) is FailureReason.EMPTY
    assert reason_of(lambda: decode_bytes(b"")) is FailureReason.EMPTY


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        "Lista de la compra: pan, leña\n".encode(),
        b"BMW es una marca de coches, y esto es un texto\n",
        b"<html><body>No encontrado</body></html>",
        b"%PDF-1.4\n",
        b"\0" * 4096,
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 100,
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"8BPS\0\1" + b"\0" * 60,
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    ],
)
def test_what_is_no_image_of_ours(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(content)
    assert reason_of(lambda: decode(path)) is FailureReason.NOT_AN_IMAGE


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kept", [0.15, 0.6])
def test_a_truncated_photo_is_damaged(name: str, kept: float) -> None:
    data = FORMATS[name]()
    if name in ("mpo", "multi-page tiff", "animated gif"):
        kept /= 3  # only the first picture matters
    assert reason_of(lambda: decode_bytes(data[: max(40, int(len(data) * kept))])) is FailureReason.DAMAGED


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_its_last_rows_is_damaged_and_not_half_grey(
    tmp_path: Path, make_photo: MakePhoto, progressive: bool
) -> None:
    source = Image.open(make_photo(tmp_path / "a.png", size=(1200, 900)))
    data = encoded(source, "JPEG", quality=95, progressive=progressive)
    assert reason_of(lambda: decode_bytes(data[:-400])) is FailureReason.DAMAGED


def test_a_jpeg_whose_end_became_zeros_is_damaged(tmp_path: Path, make_photo: MakePhoto) -> None:
    data = make_photo(tmp_path / "a.jpg", size=(1200, 900)).read_bytes()
    zeroed = data[: len(data) // 2] + b"\0" * (len(data) - len(data) // 2)
    assert reason_of(lambda: decode_bytes(zeroed)) is FailureReason.DAMAGED


def test_padding_after_the_end_of_a_jpeg_is_harmless() -> None:
    data = encoded(quadrants(), "JPEG", quality=95, subsampling=0)
    for padding in (b"\0" * 5000, b"SEFT trailer of a phone" * 20):
        assert_colours(corners(decode_bytes(data + padding).pixels), UPRIGHT[1])


def test_a_jpeg_with_a_broken_list_of_further_pictures_is_read() -> None:
    data = bytearray(FORMATS["mpo"]())
    at = data.index(b"MPF\0")
    data[at + 12 : at + 60] = b"\xff" * 48
    assert decode_bytes(bytes(data)).pixels.shape == (60, 80, 3)


def test_a_damaged_header_is_damaged_not_something_else() -> None:
    assert reason_of(lambda: decode_bytes(b"\xff\xd8\xff\xe0")) is FailureReason.DAMAGED
    assert reason_of(lambda: decode_bytes(b"\x89PNG\r\n\x1a\n")) is FailureReason.DAMAGED
    broken = bytearray(FORMATS["png"]())
    broken[20] ^= 0xFF  # the checksum of the header no longer fits
    assert reason_of(lambda: decode_bytes(bytes(broken))) is FailureReason.DAMAGED


def test_a_png_of_400_megapixels_is_too_large(tmp_path: Path) -> None:
    header = struct.pack(">2I5B", 20000, 20000, 1, 0, 0, 0, 0)
    path = tmp_path / "enorme.png"
    path.write_bytes(png(header, (b"\0" + b"\xaa" * 2500) * 20000))  # a whole, valid photo of a few kilobytes
    assert reason_of(lambda: decode(path)) is FailureReason.TOO_LARGE


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "JPEG"])
def test_the_cap_is_checked_before_decoding_in_every_format(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.new("L", (300, 200)), kind, **({"progressive": True} if kind == "JPEG" else {}))
    monkeypatch.setattr(images, "MAX_PIXELS", 60_000)
    decode_bytes(data)
    monkeypatch.setattr(images, "MAX_PIXELS", 59_999)
    assert reason_of(lambda: decode_bytes(data)) is FailureReason.TOO_LARGE


def test_a_jpeg_larger_than_the_cap_is_read_by_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    data = encoded(Image.new("RGB", (2000, 1000), RED), "JPEG")
    monkeypatch.setattr(images, "MAX_PIXELS", 1_000_000)
    photo = decode_bytes(data)
    assert photo.pixels.shape == (250, 500, 3)
    assert (photo.info.width, photo.info.height) == (2000, 1000)
    monkeypatch.setattr(images, "MAX_DRAFT_PIXELS", 1_999_999)
    assert reason_of(lambda: decode_bytes(data)) is FailureReason.TOO_LARGE


def test_pillows_own_cap_lies_no_lower_than_ours() -> None:
    """Pillow alone refuses 179 million pixels of a TIFF, although ``MAX_PIXELS`` lets 182 million pass."""
    data = encoded(Image.new("1", (13_500, 13_500)), "TIFF", compression="group4")
    assert (decode_bytes(data).info.width, len(data) < 100_000) == (13_500, True)


def test_a_gif_whose_frame_is_larger_than_its_screen_is_too_large() -> None:
    data = bytearray(encoded(Image.new("P", (64, 64)), "GIF"))
    frame = data.index(b"\x2c\0\0\0\0") + 5
    data[frame : frame + 4] = b"\xff" * 4
    assert reason_of(lambda: decode_bytes(bytes(data))) is FailureReason.TOO_LARGE


def test_vanished(tmp_path: Path, make_photo: MakePhoto) -> None:
    assert reason_of(lambda: decode(tmp_path / "no está.jpg")) is FailureReason.VANISHED
    assert reason_of(lambda: decode(tmp_path / "con\0nulo.jpg")) is FailureReason.VANISHED
    inside = make_photo(tmp_path / "a.jpg") / "b.jpg"
    assert reason_of(lambda: decode(inside)) is FailureReason.VANISHED


def test_a_folder_is_no_image(tmp_path: Path) -> None:
    folder = tmp_path / "carpeta.jpg"
    folder.mkdir()
    assert reason_of(lambda: decode(folder)) is FailureReason.NOT_AN_IMAGE


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes on this system")
def test_pipes_sockets_and_devices_are_never_opened(tmp_path: Path) -> None:
    pipe = tmp_path / "tubería.jpg"
    os.mkfifo(pipe)
    assert reason_of(lambda: decode(pipe)) is FailureReason.NOT_AN_IMAGE  # opening it would wait for ever
    with socket.socket(socket.AF_UNIX) as listening:
        short = Path(tempfile.mkdtemp()) / "s.jpg"  # the path of a socket may not be long
        listening.bind(str(short))
        assert reason_of(lambda: decode(short)) is FailureReason.NOT_AN_IMAGE
        short.unlink()
        short.parent.rmdir()
    assert reason_of(lambda: decode(Path("/dev/zero"))) is FailureReason.NOT_AN_IMAGE


@contextmanager
def ordinary_person() -> Iterator[None]:
    """Permissions bind in here also when the tests are run by the superuser."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="permissions of Windows are not those of chmod")
def test_no_permission(make_photo: MakePhoto) -> None:
    with tempfile.TemporaryDirectory() as name:  # not tmp_path, which is closed to others as a whole
        folder = Path(name)
        folder.chmod(0o755)
        closed, opened = make_photo(folder / "cerrada.jpg"), make_photo(folder / "abierta.jpg")
        closed.chmod(0)
        opened.chmod(0o644)
        with ordinary_person():
            assert reason_of(lambda: decode(closed)) is FailureReason.NO_PERMISSION
            assert isinstance(decode(opened), DecodedPhoto)


def test_the_photo_is_left_as_it_was(tmp_path: Path, make_photo: MakePhoto) -> None:
    path = make_photo(tmp_path / "a.jpg", exif=camera_exif())
    before = (path.read_bytes(), path.stat().st_mtime_ns, stat.S_IMODE(path.stat().st_mode))
    path.chmod(0o444)
    decode(path)
    path.chmod(before[2])
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before[:2]
    assert [entry.name for entry in tmp_path.iterdir() if entry.is_file()] == ["a.jpg"]


@pytest.mark.parametrize("name", ["Año/ñu😀.jpg", "con\nsalto.jpg", " .jpg", "x" * 200 + ".jpg"])
def test_names(tmp_path: Path, make_photo: MakePhoto, name: str) -> None:
    assert decode(make_photo(tmp_path / name, format="JPEG")).pixels.shape == (384, 512, 3)


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_a_name_that_is_not_utf8(tmp_path: Path, make_photo: MakePhoto) -> None:
    make_photo(tmp_path / "a.jpg").rename(tmp_path / os.fsdecode(b"a\xf1o.jpg"))
    assert decode(tmp_path / os.fsdecode(b"a\xf1o.jpg")).pixels.shape == (384, 512, 3)


def test_a_file_too_large_to_be_held_in_memory_is_read_from_disk(
    tmp_path: Path, make_photo: MakePhoto, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make_photo(tmp_path / "a.jpg")
    expected = decode(path)
    monkeypatch.setattr(images, "_READ_WHOLE", 1000)
    assert (decode(path).pixels == expected.pixels).all()
    path.write_bytes(path.read_bytes()[:3000])
    assert reason_of(lambda: decode(path)) is FailureReason.DAMAGED


@pytest.mark.parametrize("seed", range(8))
def test_random_damage_gives_a_photo_or_a_reason(seed: int) -> None:
    rng = random.Random(seed)
    whole = [make() for make in FORMATS.values()]
    for _ in range(60):
        data = bytearray(rng.choice(whole))
        for _ in range(rng.choice([1, 3, 20])):
            at = rng.randrange(min(len(data), rng.choice([64, 500, len(data)])))
            data[at] = rng.choice([0, 255, rng.randrange(256)])
        del data[rng.choice([len(data), rng.randrange(1, len(data))]) :]
        try:
            photo = decode_bytes(bytes(data))
        except PhotoUnreadable as error:
            assert error.reason in (FailureReason.DAMAGED, FailureReason.NOT_AN_IMAGE, FailureReason.TOO_LARGE)
        else:
            assert max(photo.pixels.shape) <= 512
