"""The command ``folder``: which folders there are, and where one is now."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from photofinder.cli.options import AddCommand
from photofinder.cli.telling import tell
from photofinder.errors import FolderUnavailable
from photofinder.messages import SPANISH, counted, pick, shown_path
from photofinder.paths import DataPaths


def add_folder_command(command: AddCommand, language: str) -> None:
    """Add ``folder`` to the parser; ``command(name, spanish, english)`` makes a command's group."""
    group = command(
        "folder",
        "Las carpetas que se conocen (list), y decir dónde está ahora una (move VIEJA NUEVA).",
        "The folders that are known (list), and where one is now (move OLD NEW).",
    )
    group.add_argument("action", choices=("list", "move"), nargs="?", default="list", metavar="list|move")
    group.add_argument("old", nargs="?", type=Path, metavar=pick(language, "VIEJA", "OLD"))
    group.add_argument("new", nargs="?", type=Path, metavar=pick(language, "NUEVA", "NEW"))


def run_folder(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """List the folders or move one; 2 when a path is missing. Raises FolderUnavailable or FolderOverlap."""
    from photofinder.library.catalog import Catalog

    if options.action == "move":
        if options.new is None:
            needed = pick(
                language,
                "«folder move» necesita dos carpetas: la de antes y la de ahora.",
                "“folder move” needs two folders: the old one and the new one.",
            )
            tell(needed)
            return 2
        with Catalog.open(paths.catalog, writer=True) as catalog, catalog.lock_for_indexing():
            old = options.old.absolute()
            folder = next((one for one in catalog.folders() if one.path == old), None)
            if folder is None:
                raise FolderUnavailable(old, "missing")
            catalog.move_folder(folder.id, options.new)
    with Catalog.open(paths.catalog) as catalog:
        counts = catalog.counts_by_folder()
        rows = [(one, counts[one.id].photos if one.id in counts else 0) for one in catalog.folders()]
    if options.json:
        listed = [{"path": str(one.path), "online": one.online, "photos": photos} for one, photos in rows]
        print(json.dumps(listed, ensure_ascii=True, indent=1))
        return 0
    words = ("foto", "fotos") if language == SPANISH else ("photo", "photos")
    for one, photos in rows:
        offline = "" if one.online else pick(language, "  (sin conexión)", "  (offline)")
        print(f"{shown_path(one.path)}  {counted(photos, *words, language)}{offline}")
    return 0
