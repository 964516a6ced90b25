"""The option ``--store``: the catalogue in PostgreSQL, for ``index``, ``search`` and ``similar``."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.messages import pick
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    from photofinder.library.catalog import Catalog
    from photofinder.library.thumbnails import ThumbnailCache


def add_store_option(group: argparse._ArgumentGroup, language: str, *, writer: bool = False) -> None:
    """``--store``, and for those who search ``--root``."""
    group.add_argument(
        "--store",
        metavar="postgresql://…",
        help=pick(
            language,
            "Usa este catálogo compartido en vez del tuyo (docs/SCALE.md).",
            "Use this shared catalogue instead of your own (docs/SCALE.md).",
        ),
    )
    if writer:
        return
    group.add_argument(
        "--root",
        action="append",
        default=[],
        type=_root,
        metavar=pick(language, "SUYA=TUYA", "THEIRS=YOURS"),
        help=pick(
            language,
            "Con --store: dónde tienes tú una de sus carpetas; puede repetirse.",
            "With --store: where you have one of its folders; may be repeated.",
        ),
    )


def opened_catalog(options: argparse.Namespace, paths: DataPaths, *, writer: bool = False) -> Catalog:
    """The catalogue of the person, or the one that ``--store`` names.

    Raises what ``Catalog.open`` and ``SharedCatalog.open_store`` raise.
    """
    from photofinder.library.catalog import Catalog

    if options.store is None:
        return Catalog.open(paths.catalog, writer=writer)
    from photofinder.library.catalog_shared import SharedCatalog

    return SharedCatalog.open_store(options.store, writer=writer, roots=dict(getattr(options, "root", ())))


def opened_thumbnails(options: argparse.Namespace, paths: DataPaths) -> AbstractContextManager[ThumbnailCache | None]:
    """The person's cache; none for a shared catalogue, whose photos have other numbers."""
    if options.store is not None:
        return nullcontext()
    from photofinder.library.thumbnails import ThumbnailCache

    return ThumbnailCache.open(paths.thumbnails)


def _root(text: str) -> tuple[str, Path]:
    theirs, equals, yours = text.partition("=")
    if not (theirs and equals and yours):
        raise argparse.ArgumentTypeError(text)
    return theirs.rstrip("/") or "/", Path(yours).absolute()
