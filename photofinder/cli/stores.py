"""The options ``--store``, a catalogue in PostgreSQL, and ``--dask``, photos analysed by many machines."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.messages import pick
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    from photofinder.indexing.analyst import Analyst
    from photofinder.library.catalog import Catalog
    from photofinder.library.thumbnails import ThumbnailCache
    from photofinder.model.pack import Pack


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
        group.add_argument(
            "--dask",
            metavar="tcp://…",
            help=pick(
                language,
                "Analiza con los trabajadores de este planificador de Dask (docs/SCALE.md).",
                "Analyse with the workers of this Dask scheduler (docs/SCALE.md).",
            ),
        )
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


@contextmanager
def analyst_of(options: argparse.Namespace, pack: Pack, *, thumbnails: bool) -> Iterator[Analyst]:
    """Who analyses: this machine, or the cluster that ``--dask`` names.

    Raises ``ClusterUnavailable`` and ``ExtraMissing``.
    """
    if options.dask is not None:
        from photofinder.cluster.analyst import ClusterAnalyst

        with ClusterAnalyst(options.dask, pack, options.folders, thumbnails=thumbnails) as cluster:
            yield cluster
        return
    from photofinder.indexing import load_visual_lazily
    from photofinder.indexing.analyst import LocalAnalyst
    from photofinder.library.decoder import Decoder

    with Decoder() as decoder:
        yield LocalAnalyst(decoder, lambda: load_visual_lazily(pack))


def _root(text: str) -> tuple[str, Path]:
    theirs, equals, yours = text.partition("=")
    if not (theirs and equals and yours):
        raise argparse.ArgumentTypeError(text)
    return theirs.rstrip("/") or "/", Path(yours).absolute()
