"""A command that meets a damaged catalogue recovers it, says so, and is done all the same."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from photofinder.errors import CatalogDamaged
from photofinder.paths import DataPaths

Command = Callable[[argparse.Namespace, DataPaths, str], int]


def recovering(
    command: Command, options: argparse.Namespace, paths: DataPaths, language: str, tell: Callable[[str], None]
) -> int:
    """The exit code of ``command``, run once more when the person's catalogue was damaged. Raises what it raises."""
    try:
        return command(options, paths, language)
    except CatalogDamaged as error:
        if error.path != paths.catalog or error.why:
            raise
    from photofinder.rescue import rescue_catalog

    tell(rescue_catalog(paths, language))
    return command(options, paths, language)
