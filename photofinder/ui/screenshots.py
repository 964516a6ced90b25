"""Makes the pictures of the documentation: the real window on a real folder.

``python -m photofinder.ui.screenshots --folder FOLDER --out docs/images`` remakes all of them in about two minutes: the
photos of ``FOLDER`` are analysed once, then each of ``SETS`` (language, theme, device pixel ratio) is taken in a
program of its own, because Qt reads its scale when it starts. The view of a set is
``<view>[-en][-light][-2x].<suffix>``; what the README shows is PNG, the rest WebP, which is a fifth of the size.

``--data-dir DIR`` keeps the analysis for the next time. ``--set es-dark-1`` takes one set, ``--views search,similar``
only some views of it. No screen is needed (``QT_QPA_PLATFORM=offscreen`` is used where there is no display).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from photofinder.messages import ENGLISH, SPANISH
from photofinder.model.pack import load_pack
from photofinder.paths import data_paths
from photofinder.ui.app import Session
from photofinder.ui.photographer import Photographer
from photofinder.ui.pictured_views import VIEWS
from photofinder.ui.theme import DARK, LIGHT

_SIZE = QSize(1280, 800)
_IN_README = ("welcome", "search", "similar")
_PHRASE = "gata mirando"


@dataclass(frozen=True, slots=True)
class Set:
    """Views taken in one language, theme and device pixel ratio."""

    language: str
    theme: str
    ratio: int
    views: tuple[str, ...]

    @property
    def name(self) -> str:
        """As ``--set`` knows it."""
        return f"{self.language}-{self.theme}-{self.ratio}"

    def file(self, view: str) -> str:
        """How the picture of a view is called."""
        marks = [
            mark
            for mark, is_so in (
                ("-en", self.language == ENGLISH),
                ("-light", self.theme == LIGHT),
                (f"-{self.ratio}x", self.ratio > 1),
            )
            if is_so
        ]
        return view + "".join(marks) + (".png" if not marks and view in _IN_README else ".webp")


SETS = (
    Set(SPANISH, DARK, 1, tuple(VIEWS)),
    Set(SPANISH, LIGHT, 1, ("library", "search", "chips", "times", "preview", "albums", "descriptors", "settings")),
    Set(ENGLISH, DARK, 1, ("search", "saved", "why", "odd", "duplicates", "folders", "settings", "keys")),
    Set(ENGLISH, LIGHT, 1, ("welcome", "chips", "places", "preview", "same", "albums", "descriptors", "sheet")),
    Set(SPANISH, DARK, 2, ("search", "preview")),
    Set(ENGLISH, LIGHT, 2, ("library", "albums")),
)


def scans(folder: Path) -> Path:
    """A second folder, of which nothing can be read: the list of such photos is to be seen."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "abuela 1962.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut off")
    (folder / "boda.png").write_bytes(b"")
    return folder


def take_set(taken: Set, data: Path, folder: Path, out: Path, phrase: str) -> bool:
    """All views of one set, in this program; whether every thread ended. Raises ScreenshotFailed."""
    all_ended = True
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication)
    with tempfile.TemporaryDirectory() as empty:
        for place, is_first_day in ((Path(empty), True), (data, False)):
            views = [view for view in taken.views if (view == "welcome") == is_first_day]
            if not views:
                continue
            session = Session(
                app,
                data_paths(place),
                load_pack(),
                theme=taken.theme,
                language=taken.language,
                pictures=folder,
                watch=False,
            )
            session.window.resize(_SIZE)
            session.start()
            try:
                at = Photographer(app, session, lambda view: out / taken.file(view), phrase)
                if not is_first_day:
                    at.analyse((folder, scans(data / "Escaneos")))
                at.wait_for_a_page()
                for view in views:
                    VIEWS[view](at)
                    at.to_the_library()
            finally:
                session.close()
            all_ended = all_ended and session.all_ended
    return all_ended


def main(arguments: list[str] | None = None) -> int:
    """The command; 0 when all pictures were written."""
    parser = argparse.ArgumentParser(prog="python -m photofinder.ui.screenshots", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--search", default=_PHRASE)
    parser.add_argument("--set", choices=[one.name for one in SETS])
    parser.add_argument("--views", type=lambda text: text.split(","))
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="photofinder-") as temporary:
        data = options.data_dir or Path(temporary)
        if options.set is not None:
            taken = next(one for one in SETS if one.name == options.set)
            if options.views is not None:
                taken = replace(taken, views=tuple(options.views))
            if not take_set(taken, data, options.folder.resolve(), options.out, options.search):
                os._exit(0)  # a thread is inside someone else's code; ending the interpreter under it would crash
            return 0
        for one in SETS:
            views = [view for view in one.views if options.views is None or view in options.views]
            if not views:
                continue
            command = [
                sys.executable,
                "-m",
                "photofinder.ui.screenshots",
                "--set",
                one.name,
                "--views",
                ",".join(views),
            ]
            command += ["--folder", str(options.folder), "--out", str(options.out), "--data-dir", str(data)]
            subprocess.run([*command, "--search", options.search], check=True, env=_environment(one))
    return 0


def _environment(taken: Set) -> dict[str, str]:
    environment = dict(os.environ)
    environment["QT_SCALE_FACTOR"] = str(taken.ratio)
    if sys.platform.startswith("linux") and not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        environment.setdefault("QT_QPA_PLATFORM", "offscreen")
    return environment


if __name__ == "__main__":
    sys.exit(main())
