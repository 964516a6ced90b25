from __future__ import annotations

import unicodedata

import pytest

from photofinder.library.excludes import Excludes, patterns_of


@pytest.mark.parametrize(
    ("pattern", "left_out", "kept"),
    [
        ("Capturas", ["Capturas/a.png", "2019/capturas/b.jpg", "x/CAPTURAS"], ["Capturas2/a.png", "mis capturas.jpg"]),
        ("*.png", ["a.PNG", "x/y/b.png"], ["a.png.jpg", "png"]),
        ("/Trabajo", ["Trabajo/a.jpg", "trabajo"], ["2019/Trabajo/a.jpg"]),
        (
            "Viajes/*/raw",
            ["Viajes/Roma/raw/a.tif", "Mis/Viajes/Roma/RAW/a.tif"],
            ["Viajes/raw/a.tif", "Viajes/a/b/raw/c"],
        ),
        ("Viajes/**/raw", ["Viajes/a/b/raw/c.tif"], ["Viajes.jpg"]),
        ("/2019/*.jpg", ["2019/a.jpg"], ["2019/b/a.jpg", "x/2019/a.jpg"]),
        ("IMG_????.jpg", ["img_0001.jpg"], ["IMG_00001.jpg"]),
        ("niños", ["NIÑOS/a.jpg", unicodedata.normalize("NFD", "Niños/a.jpg")], ["ninos/a.jpg"]),
        ("[copia] (1).jpg", ["x/[copia] (1).jpg"], ["c (1).jpg"]),
        ("Mis\\Cosas", ["Mis/Cosas/a.jpg"], ["MisCosas/a.jpg"]),
        ("borradores/", ["x/Borradores/a.jpg"], ["borradores"]),
        ("salto*", ["x/salto\nde línea.jpg"], ["x/sal\nto.jpg"]),
    ],
)
def test_what_a_pattern_leaves_out(pattern: str, left_out: list[str], kept: list[str]) -> None:
    excludes = Excludes([pattern])
    assert [path for path in left_out if not excludes(path)] == []
    assert [path for path in kept if excludes(path)] == []


@pytest.mark.parametrize("patterns", [[], [""], ["/"], ["  ", "//"]])
def test_nothing_asked_for_leaves_nothing_out(patterns: list[str]) -> None:
    assert not Excludes(patterns)
    assert not Excludes(patterns)("a.jpg")


def test_a_folder_is_left_out_before_it_is_entered() -> None:
    assert Excludes(["borradores/"])("x/Borradores", is_folder=True)
    assert not Excludes(["*.jpg"])("x", is_folder=True)


def test_patterns_are_lines() -> None:
    assert patterns_of(" *.png \r\n\n/a b\n*.png\n") == ("*.png", "/a b")
    assert patterns_of("") == ()
