"""The commands ``duplicates`` (which photos are of one picture, and which to keep) and ``oddities``."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from photofinder.messages import counted, number, pick, shown_path
from photofinder.messages.tidy import kind_words, photo_kind_words, reason_words

if TYPE_CHECKING:
    from photofinder.albums.duplicates import Comparing, Group
    from photofinder.albums.looking import Looking
    from photofinder.library.catalog import Photo
    from photofinder.paths import DataPaths

_MEGABYTE = 1_000_000


def run_duplicates(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """Groups of photos of which one is enough, on stdout; nothing is deleted."""
    from photofinder.albums.duplicates import find_duplicates
    from photofinder.albums.looking import look_at_missing
    from photofinder.library.catalog import Catalog
    from photofinder.library.decoder import Decoder
    from photofinder.library.filters import Filters
    from photofinder.library.thumbnails import ThumbnailCache
    from photofinder.progress import follow

    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
        Decoder() as decoder,
    ):
        follow(look_at_missing(catalog, thumbnails, decoder), language, silent=options.json, words=_words)
        filters = Filters(path_contains=tuple(options.folder))
        groups = follow(find_duplicates(catalog, filters), language, silent=options.json, words=_words)
    if options.json:
        print(json.dumps([_as_json(group) for group in groups], ensure_ascii=True, indent=1))
    else:
        _print_groups(groups, language)
    return 0


def run_oddities(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """Photos of the kinds that a library hides, newest first, on stdout."""
    from photofinder.albums.looking import look_at_missing
    from photofinder.albums.oddities import mark_odd
    from photofinder.library.catalog import Catalog
    from photofinder.library.decoder import Decoder
    from photofinder.library.filters import KINDS, Filters
    from photofinder.library.thumbnails import ThumbnailCache
    from photofinder.progress import follow

    with (
        Catalog.open(paths.catalog, writer=True) as catalog,
        ThumbnailCache.open(paths.thumbnails) as thumbnails,
        Decoder() as decoder,
    ):
        follow(look_at_missing(catalog, thumbnails, decoder), language, silent=options.json, words=_words)
        follow(mark_odd(catalog), language, silent=options.json, words=_words)
        found: dict[str, list[Photo]] = {}
        for kind in options.kinds or KINDS:
            ids = catalog.library_rows(Filters(kinds=(kind,))).ids.tolist()
            known = catalog.photos(ids)
            found[kind] = [known[photo_id] for photo_id in ids if photo_id in known]
    if options.json:
        shown = {
            kind: [{"path": str(photo.path), "photo_id": photo.id} for photo in photos]
            for kind, photos in found.items()
        }
        print(json.dumps(shown, ensure_ascii=True, indent=1))
        return 0
    for kind, photos in found.items():
        several = pick_pair(language, ("foto", "fotos"), ("photo", "photos"))
        print(f"{photo_kind_words(kind, language)}: {counted(len(photos), *several, language)}")
        for photo in photos:
            print(f"  {shown_path(photo.path)}")
    return 0


def _words(event: Looking | Comparing, language: str) -> str:
    from photofinder.albums.looking import Looking

    verb = ("mirando", "looking at") if isinstance(event, Looking) else ("comparando", "comparing")
    done, total = number(event.done, language), number(event.total, language)
    return pick(language, f"{verb[0]} {done} de {total}", f"{verb[1]} {done} of {total}")


def _as_json(group: Group) -> dict[str, Any]:
    return {
        "kind": group.kind.value,
        "reasons": [reason.value for reason in group.reasons],
        "bytes": group.bytes_beside,
        "photos": [{"path": str(photo.path), "photo_id": photo.id} for photo in group.photos],
    }


def _print_groups(groups: tuple[Group, ...], language: str) -> None:
    if not groups:
        print(pick(language, "No hay fotos duplicadas ni ráfagas.", "There are no duplicates and no bursts."))
        return
    photos = sum(len(group.photos) for group in groups)
    size = number(sum(group.bytes_beside for group in groups) / _MEGABYTE, language, 1)
    several = counted(len(groups), *pick_pair(language, ("grupo", "grupos"), ("group", "groups")), language)
    members = counted(photos, *pick_pair(language, ("foto", "fotos"), ("photo", "photos")), language)
    print(
        pick(
            language,
            f"{several}, {members}. Las que no se proponen guardar ocupan {size} MB.",
            f"{several}, {members}. Those that are not suggested take {size} MB.",
        )
    )
    for group in groups:
        print(f"\n{kind_words(group.kind, language)}: {reason_words(group.reasons, language)}")
        for place, photo in enumerate(group.photos):
            print(f"{'*' if place == 0 else ' '} {shown_path(photo.path)}")


def pick_pair(language: str, spanish: tuple[str, str], english: tuple[str, str]) -> tuple[str, str]:
    """One and many, in the language."""
    return spanish if language == "es" else english


TIDY_COMMANDS = {"duplicates": run_duplicates, "oddities": run_oddities}
"""What ``photofinder`` is told, and what does it."""
