"""The command ``album`` of the command line: albums that learn, without the window. See ``docs/ALBUMS.md``."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photofinder.cli.options import AddCommand, positive, saying
from photofinder.cli.packs import pack_in_use
from photofinder.cli.telling import tell
from photofinder.errors import PhotoNotInLibrary
from photofinder.messages import counted, pick, shown_path
from photofinder.messages.albums import quality_sentence
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    from photofinder.albums.engine import AlbumEngine
    from photofinder.albums.tree import Branch
    from photofinder.library.catalog import Catalog
    from photofinder.model.pack import Pack

ACTIONS = ("list", "show", "create", "add", "remove", "suggest", "rename", "move", "delete")
_SUGGESTED = 20
_MISUSED = 2

_Action = Callable[[argparse.Namespace, "Catalog", DataPaths, str], dict[str, Any] | list[dict[str, Any]]]


def add_album_command(command: AddCommand, language: str) -> None:
    """Add ``album`` to the parser; ``command(name, spanish, english)`` makes a command's group."""
    say = saying(language)
    album = command(
        "album",
        "Álbumes que aprenden de las fotos que les das y proponen más.",
        "Albums that learn from the photos you give them, and propose more.",
    )
    album.add_argument("action", choices=ACTIONS, nargs="?", default="list", metavar="|".join(ACTIONS))
    album.add_argument("name", nargs="?", default="", metavar=say("ÁLBUM", "ALBUM"))
    album.add_argument("photos", nargs="*", metavar=say("FOTO", "PHOTO"))
    album.add_argument(
        "--no",
        action="store_true",
        help=say("De «add»: estas fotos no son del álbum.", "Of “add”: these photos are not of the album."),
    )
    album.add_argument(
        "--in",
        dest="parent",
        metavar=say("ÁLBUM", "ALBUM"),
        help=say("De «create» y «move»: dentro de este («move» sin --in lo saca).",
                 "Of “create” and “move”: in this one (“move” without --in takes it out)."),
    )  # fmt: skip
    album.add_argument(
        "--views",
        action="store_true",
        help=say(
            "De «suggest»: aprende también de recortes y reflejos.",
            "Of “suggest”: learn from crops and mirror images, too.",
        ),
    )
    album.add_argument(
        "--limit",
        type=positive,
        default=_SUGGESTED,
        metavar="N",
        help=say(f"De «suggest»: cuántas, como mucho ({_SUGGESTED}).", f"Of “suggest”: at most ({_SUGGESTED})."),
    )


def run_album(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """``photofinder album …``; the exit code. Raises ``AlbumUnknown``, ``AlbumNameRefused`` and the catalogue's."""
    from photofinder.library.catalog import Catalog

    missing = _missing(options)
    if missing:
        tell(
            pick(
                language,
                f"photofinder album {options.action}: falta {missing}; «photofinder album --help» lo explica.",
                f"photofinder album {options.action}: {missing} is missing; see “photofinder album --help”.",
            )
        )
        return _MISUSED
    changes = options.action not in ("list", "show", "suggest") or options.views
    with Catalog.open(paths.catalog, writer=changes) as catalog:
        answer = _ACTIONS[options.action](options, catalog, paths, language)
    if options.json:
        print(json.dumps(answer, ensure_ascii=True, indent=1))
    return 0


def _missing(options: argparse.Namespace) -> str:
    """The argument that an action lacks."""
    if options.action != "list" and not options.name:
        return "ÁLBUM"
    if options.action in ("add", "remove") and not options.photos:
        return "FOTO"
    return "NOMBRE" if options.action == "rename" and len(options.photos) != 1 else ""


def _list(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> list[dict[str, Any]]:
    known = _known(catalog)
    marks = catalog.album_marks()
    if not known:
        tell(
            pick(
                language,
                "Todavía no hay álbumes; crea uno con «photofinder album create NOMBRE».",
                "There are no albums yet; make one with “photofinder album create NAME”.",
            )
        )
    if not options.json:
        for one in known.values():
            print(f"{shown_path(one.path)}  ({_photos(len(one.yes), language)})")
    return [
        {
            "album_id": one.album.id,
            "path": one.path,
            "photos": len(one.yes),
            "own": len(one.own),
            "no": len(marks[one.album.id].no) if one.album.id in marks else 0,
        }
        for one in known.values()
    ]


def _show(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    branch = _found(catalog, options.name)
    places = catalog.places(branch.yes)
    photos = [(photo_id, places[photo_id][1]) for photo_id in branch.yes if photo_id in places]
    if not options.json:
        for _, path in photos:
            print(shown_path(path))
    return {"path": branch.path, "photos": [{"path": str(path), "photo_id": one} for one, path in photos]}


def _create(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    parent = _found(catalog, options.parent).album.id if options.parent else None
    album = catalog.add_album(options.name, parent)
    return {"album_id": album.id, "path": _known(catalog)[album.id].path}


def _add(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    return _mark(options, catalog, not options.no)


def _remove(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    return _mark(options, catalog, None)


def _mark(options: argparse.Namespace, catalog: Catalog, belongs: bool | None) -> dict[str, Any]:
    branch = _found(catalog, options.name)
    ids = [_photo_id(catalog, Path(photo)) for photo in options.photos]
    before = catalog.mark_photos(branch.album.id, ids, belongs)
    return {"path": branch.path, "changed": sum(said is not belongs for said in before.values())}


def _suggest(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    from photofinder.albums.engine import AlbumEngine

    pack = pack_in_use(paths, language)
    engine = AlbumEngine(catalog, pack, paths.neighbors, augment=options.views)
    branch = _found(catalog, options.name)
    if options.views:
        _make_views(engine, branch.album.id, catalog, pack)
    view = engine.view(branch.album.id, options.limit)
    places = catalog.places([one.photo_id for one in view.proposals])
    known = engine.branches()
    if not options.json:
        for one in view.proposals:
            inside = "" if one.album_id == branch.album.id else f"  → {shown_path(known[one.album_id].path)}"
            print(f"{100 * one.probability:3.0f} %  {shown_path(places[one.photo_id][1])}{inside}")
        tell(quality_sentence(len(branch.yes), view.precision, len(view.proposals), language))
    return {
        "path": branch.path,
        "method": view.method,
        "precision": None if view.precision is None else round(view.precision, 4),
        "proposals": [
            {
                "path": str(places[one.photo_id][1]),
                "photo_id": one.photo_id,
                "probability": round(one.probability, 4),
                "album": known[one.album_id].path,
            }
            for one in view.proposals
        ],
    }


def _make_views(engine: AlbumEngine, album_id: int, catalog: Catalog, pack: Pack) -> None:
    """Of the album's photos that have none yet; one that cannot be read now does without."""
    from photofinder.albums.engine import add_views
    from photofinder.indexing import load_visual_lazily
    from photofinder.library.decoder import Decoder

    waiting = engine.unviewed(album_id)
    if not waiting:
        return
    visual = load_visual_lazily(pack)
    with Decoder(workers=1) as decoder:
        for photo_id in waiting:
            add_views(catalog, photo_id, decoder, visual)


def _rename(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    branch = _found(catalog, options.name)
    catalog.rename_album(branch.album.id, options.photos[0])
    return {"path": _known(catalog)[branch.album.id].path}


def _move(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    branch = _found(catalog, options.name)
    catalog.move_album(branch.album.id, _found(catalog, options.parent).album.id if options.parent else None)
    return {"path": _known(catalog)[branch.album.id].path}


def _delete(options: argparse.Namespace, catalog: Catalog, paths: DataPaths, language: str) -> dict[str, Any]:
    branch = _found(catalog, options.name)
    removed = catalog.remove_album(branch.album.id)
    if not options.json:
        tell(
            pick(
                language,
                f"Álbum «{shown_path(branch.path)}» borrado; tus fotos siguen en su sitio, sin cambios.",
                f"Album “{shown_path(branch.path)}” deleted; your photos are where they were, unchanged.",
            )
        )
    return {"path": branch.path, "albums": len(removed.albums), "photos": len(branch.yes)}


_ACTIONS: dict[str, _Action] = {
    "list": _list,
    "show": _show,
    "create": _create,
    "add": _add,
    "remove": _remove,
    "suggest": _suggest,
    "rename": _rename,
    "move": _move,
    "delete": _delete,
}


def _known(catalog: Catalog) -> dict[int, Branch]:
    from photofinder.albums.tree import branches

    return branches(catalog.albums(), catalog.album_marks())


def _found(catalog: Catalog, name: str) -> Branch:
    from photofinder.albums.tree import find_album

    return find_album(_known(catalog), name)


def _photo_id(catalog: Catalog, photo: Path) -> int:
    """Raises ``PhotoNotInLibrary``."""
    path = Path(os.path.abspath(photo))  # noqa: PTH100 - Path.resolve replaces the links people see
    for folder in catalog.folders():
        if path.is_relative_to(folder.path):
            found = catalog.photo_id(folder.id, path.relative_to(folder.path).as_posix())
            if found is not None:
                return found
    raise PhotoNotInLibrary(photo)


def _photos(count: int, language: str) -> str:
    return counted(count, *(("foto", "fotos") if language == "es" else ("photo", "photos")), language)
