"""Every expected failure has one sentence in both languages, and numbers are written as people write them."""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import string
import sys
from pathlib import Path

import pytest

import photofinder
from photofinder import errors
from photofinder.errors import FailureReason, PhotoFinderError
from photofinder.library.decoder import DecoderUnavailable
from photofinder.messages import (
    LANGUAGE_VARIABLE,
    counted,
    detect_language,
    duration,
    missing_library,
    number,
    reason_sentence,
    sentence,
    shown_path,
)

PLACE = Path("/fotos/Año/ñu😀.jpg")

EXAMPLES: list[PhotoFinderError] = [
    *(errors.PhotoUnreadable(PLACE, reason) for reason in FailureReason),
    *(errors.FolderUnavailable(PLACE, why) for why in ("missing", "not_a_folder", "no_permission")),
    errors.FolderSilent(PLACE, "Fotos"),
    errors.PhotoOutOfReach(PLACE),
    errors.FolderOverlap(PLACE, PLACE.parent),
    errors.CatalogTooNew(PLACE, 9, 1),
    errors.CatalogDamaged(PLACE, "file is not a database"),
    errors.CatalogInUse(PLACE),
    errors.DiskFull(PLACE),
    errors.DataFolderUnwritable(PLACE),
    errors.PackDamaged(PLACE, "visual.safetensors does not match its checksum"),
    errors.PackUnknown("es-otro", ("es-laptop", "es-mobilenet-v2")),
    errors.WeightsMissing("es-mobilenet-v2", "mobilenet_v2-b0353104.pth"),
    *(errors.WeightsRejected(PLACE, why) for why in ("size", "checksum", "format", "network", "fingerprint")),
    *(
        errors.DownloadFailed("https://pesos.example/red.pth", "pesos.example", why)
        for why in ("no_network", "not_found", "refused", "interrupted", "other_size")
    ),
    errors.ConsentMissing("es-mobilenet-v2", "pesos.example"),
    errors.DescriptorUnknown("resnet", ("resnet152",)),
    errors.DescriptorWeightsMissing("resnet152", "resnet152-394f9c45.pth"),
    errors.DescriptorConsentMissing("resnet152", "pesos.example"),
    errors.ExtraMissing("--store", "No module named 'psycopg'"),
    *(
        errors.StoreUnavailable("ana@equipo/fotos", why, "0.7")
        for why in (
            "address",
            "unreachable",
            "password",
            "database",
            "extension",
            "extension_old",
            "empty",
            "newer",
            "rights",
            "full",
            "lost",
        )
    ),
    *(
        errors.ClusterUnavailable("tcp://equipo:8786", why, "0.1", "/fotos")
        for why in (
            "address",
            "unreachable",
            "no_workers",
            "lost",
            "folder",
            "pack",
            "version",
            "package",
            "broken",
            "request",
            "nonsense",
        )
    ),
    errors.AlbumUnknown("Perú", ("Cuzco", "Lima")),
    errors.AlbumUnknown("", ("Cuzco", "Lima")),
    errors.AlbumUnknown("Perú", ()),
    *(errors.AlbumNameRefused("Perú/2019", why) for why in ("empty", "long", "characters", "taken")),
    errors.AlbumInItself("Perú"),
    errors.PhotoNotInLibrary(PLACE),
    errors.EmptyQuery(),
    errors.WindowUnavailable("no screen"),
    *(
        errors.CaptionsFileInvalid(PLACE, 1240, why)
        for why in ("missing", "encoding", "columns", "unknown_photo", "no_lines")
    ),
    DecoderUnavailable("no such file"),
]


def _subclasses(kind: type[PhotoFinderError]) -> set[type[PhotoFinderError]]:
    found = set(kind.__subclasses__())
    return found.union(*(_subclasses(one) for one in found))


def _is_a_sentence(text: str) -> None:
    assert text[0].isupper() or text[0] in "«“/"
    assert text.endswith(".")
    assert "\n" not in text
    assert "{" not in text
    assert ";" in text or "," in text, f"says what happened but not what to do: {text}"
    assert len(text) < 400


def test_every_error_of_every_room_has_an_example_here() -> None:
    for module in pkgutil.walk_packages(photofinder.__path__, "photofinder."):
        if module.name.split(".")[1] in ("library", "model", "search", "indexing", "albums", "evaluation", "doctor"):
            importlib.import_module(module.name)
    named = {kind for kind in _subclasses(PhotoFinderError) if kind.__module__.startswith("photofinder.")}
    assert named == {type(error) for error in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: str(error)[:60] or type(error).__name__)
def test_every_error_is_a_sentence_in_both_languages(error: PhotoFinderError) -> None:
    spanish, english = sentence(error), sentence(error, "en")
    _is_a_sentence(spanish)
    _is_a_sentence(english)
    assert spanish != english
    assert "fallado dentro" not in spanish


def test_no_two_errors_have_the_same_sentence() -> None:
    assert len({sentence(error) for error in EXAMPLES}) == len(EXAMPLES)


@pytest.mark.parametrize("reason", FailureReason)
def test_every_reason_is_a_sentence_in_both_languages(reason: FailureReason) -> None:
    for language in ("es", "en"):
        _is_a_sentence(reason_sentence(reason, language))
    assert reason_sentence(reason) != reason_sentence(reason, "en")


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "No queda espacio en el disco;"),
        (OSError(errno.EDQUOT, "Quota exceeded", "/datos/x"), "No queda espacio en el disco («/datos/x»)"),
        (PermissionError(errno.EACCES, "Permission denied", b"/datos/\xff"), "permisos"),
        (PermissionError(errno.EPERM, "Operation not permitted"), "permiso"),
        (OSError(errno.EROFS, "Read-only file system"), "solo lectura"),
        (FileNotFoundError(errno.ENOENT, "No such file", Path("/a")), "No se encuentra el archivo («/a»)"),
        (OSError(errno.EIO, "Input/output error"), "El disco dio un error"),
        (OSError(errno.EMFILE, "Too many open files"), "demasiados archivos"),
        (OSError(errno.EXDEV, "Cross-device link"), "Cross-device link"),
        (OSError("just words"), "OSError"),
        (MemoryError(), "memoria"),
        (ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"), "libegl1"),
        (RuntimeError("our bug"), "registro"),
        (KeyError("x"), "registro"),
    ],
    ids=str,
)
def test_what_the_system_says_is_a_sentence_too(error: BaseException, part: str) -> None:
    assert part in sentence(error)
    assert sentence(error).endswith((".", ").")) or "Fedora" in sentence(error)
    assert sentence(error, "en") != sentence(error)


def test_a_damaged_name_cannot_break_a_sentence() -> None:
    path = Path(os.fsdecode(b"a\xff")) if sys.platform == "linux" else Path("a\udcff")
    text = sentence(errors.PhotoUnreadable(path.with_name(path.name + "\n\x1b[31mb"), FailureReason.EMPTY))
    assert "\n" not in text
    assert "\x1b" not in text
    text.encode("utf-8")


def test_shown_path_keeps_what_people_can_read() -> None:
    assert shown_path("Año/ñu😀 👩\u200d👧.jpg") == "Año/ñu😀 👩\u200d👧.jpg"
    assert shown_path("a\nb") == "a\\nb"


@pytest.mark.parametrize(
    ("value", "decimals", "spanish", "english"),
    [
        (0, 0, "0", "0"),
        (1240, 0, "1.240", "1,240"),
        (38112, 0, "38.112", "38,112"),
        (1234567.891, 2, "1.234.567,89", "1,234,567.89"),
        (-1240, 0, "-1.240", "-1,240"),
        (52.4, 1, "52,4", "52.4"),
    ],
)
def test_numbers(value: float, decimals: int, spanish: str, english: str) -> None:
    assert number(value, decimals=decimals) == spanish
    assert number(value, "en", decimals) == english


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (-3, "0 s"),
        (0.2, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (840, "14 min"),
        (3599, "1 h"),
        (7500, "2 h 5 min"),
        (4_500_000, "1.250 h"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_one_and_many() -> None:
    assert counted(1, "foto", "fotos") == "1 foto"
    assert counted(0, "foto", "fotos") == "0 fotos"
    assert counted(1240, "photo", "photos", "en") == "1,240 photos"


@pytest.mark.parametrize(
    ("text", "library"),
    [
        ("libEGL.so.1: cannot open shared object file: No such file or directory", "libEGL.so.1"),
        ("ImportError: libxkbcommon.so.0: cannot open shared object file: No such…", "libxkbcommon.so.0"),
        ("libglib-2.0.so.0: cannot open shared object file", "libglib-2.0.so.0"),
        ("No module named 'PySide6'", None),
        ("", None),
    ],
)
def test_a_missing_library_is_recognised(text: str, library: str | None) -> None:
    assert missing_library(text) == library


@pytest.mark.parametrize(
    ("environment", "setting", "language"),
    [
        ({}, "en", "en"),
        ({"LANG": "en_GB.UTF-8"}, "es", "es"),
        ({"LANG": "en_GB.UTF-8"}, "auto", "en"),
        ({"LANG": "es_MX.UTF-8"}, "auto", "es"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "auto", "es"),
        ({"LANG": "ca_ES.UTF-8"}, "auto", "es"),
        ({"LANG": "de_DE"}, "klingon", "es"),
        ({"LANG": "C.UTF-8"}, "auto", "es"),
        ({"LANG": "es_ES.UTF-8", LANGUAGE_VARIABLE: "en"}, "es", "en"),
        ({"LANG": "es_ES.UTF-8", LANGUAGE_VARIABLE: "xx"}, "auto", "es"),
    ],
)
def test_the_language(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], setting: str, language: str
) -> None:
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG", LANGUAGE_VARIABLE):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in environment.items():
        monkeypatch.setenv(variable, value)
    assert detect_language(setting) == language


def test_all_placeholders_are_filled() -> None:
    for error in EXAMPLES:
        for language in ("es", "en"):
            assert not [name for _, name, _, _ in string.Formatter().parse(sentence(error, language)) if name]
