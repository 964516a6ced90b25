"""The options of ``search`` that filter and weigh: what they are called, and the filters that they make."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.messages import pick

if TYPE_CHECKING:
    from datetime import date

    from photofinder.library.filters import Filters
    from photofinder.search.results import Hit, SearchResult


def add_search_options(group: argparse._ArgumentGroup, language: str) -> None:
    """``--with``, ``--without``, ``--from``, ``--until``, ``--folder``, ``--place``, ``--camera``, ``--type``,
    ``--favorites``.
    """

    def add(name: str, metavar: tuple[str, str], spanish: str, english: str, many: bool = True) -> None:
        group.add_argument(
            name,
            dest=f"{name.strip('-')}_filter",
            action="append" if many else "store",
            type=Path if metavar[1] == "PHOTO" else str,
            default=[] if many else None,
            metavar=pick(language, *metavar),
            help=pick(language, spanish, english),
        )

    photo = ("FOTO", "PHOTO")
    add("--with", photo, "Y parecidas a esta; puede repetirse.", "And like this; may be repeated.")
    add("--without", photo, "Y no parecidas a esta; puede repetirse.", "And not like this; may be repeated.")
    day = ("FECHA", "DATE")
    add("--from", day, "Desde esta fecha (2019, 2019-08, ayer).", "From this date on (2019, 2019-08).", many=False)
    add("--until", day, "Hasta esta fecha, incluida.", "Until this date, included.", many=False)
    add("--folder", ("CARPETA", "FOLDER"), "Solo de carpetas que se llamen así.", "Of folders called so only.")
    add("--place", ("LUGAR", "PLACE"), "Solo de este lugar (Sevilla, Perú).", "Of this place only (Sevilla, Perú).")
    add("--camera", ("CÁMARA", "CAMERA"), "Solo de esta cámara.", "Of this camera only.")
    add("--type", ("TIPO", "TYPE"), "Solo de este tipo (jpg, png, heic…).", "Of this type only (jpg, png, heic…).")
    group.add_argument("--favorites", action="store_true", help=pick(language, "Solo favoritas.", "Favourites only."))


def filters_of(options: argparse.Namespace, today: date) -> Filters:
    """The filters of the options. Raises ValueError with the option and the value that mean nothing."""
    from photofinder.library.filters import TYPES, Filters
    from photofinder.search.moments import read_moment
    from photofinder.search.typed import FoldedText

    first, last = options.from_filter, options.until_filter
    periods = []
    if first is not None or last is not None:
        for name, value in (("--from", first), ("--until", last)):
            if value is not None and (".." in value or read_moment(FoldedText(value).text, today) is None):
                raise ValueError(f"{name} {value}")
        when = read_moment(FoldedText(f"{first or ''}..{last or ''}").text, today)
        periods = list(when.periods) if when is not None else []
    for kind in options.type_filter:
        if kind.lower() not in TYPES:
            raise ValueError(f"--type {kind}")
    return Filters(
        periods=tuple(periods),
        path_contains=tuple(options.folder_filter),
        places=tuple(options.place_filter),
        cameras=tuple(options.camera_filter),
        types=tuple(kind.lower() for kind in options.type_filter),
        favorites=options.favorites,
    )


def photos_of(options: argparse.Namespace) -> tuple[list[Path], tuple[float, ...]]:
    """The photos to be like and unlike, with the weight of each."""
    like = [*options.with_filter, *([] if options.photo is None else [options.photo])]
    unlike = options.without_filter
    return [*like, *unlike], (1.0,) * len(like) + (-1.0,) * len(unlike)


def mistakes(result: SearchResult, language: str) -> list[str]:
    """A sentence for each filter of the typed text that means nothing."""
    return [
        pick(language, f"El filtro «{part.text}» no se entiende.", f"The filter “{part.text}” is not understood.")
        for part in result.parts
        if part.kind == "mistake"
    ]


def hit_as_json(hit: Hit, place: str | None) -> dict[str, object]:
    """One photo of the answer as ``--json`` prints it; ``place``: where it was taken, in words."""
    measured = {} if hit.distance is None else {"distance": round(hit.distance, 6)}
    found = {"path": str(hit.path), "score": round(hit.score, 6), "photo_id": hit.photo_id, "place": place}
    return found | measured
