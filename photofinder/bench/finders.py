"""How long the other finders take in a large library: filters alone, places, the same object, albums."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np

from photofinder.albums.engine import AlbumEngine
from photofinder.bench.figures import Figure, Part, Text, rounded, seconds_of
from photofinder.bench.finder_library import ALBUM, ALBUM_NAME, SHOWING, finder_library, shown_object
from photofinder.bench.library import Tell
from photofinder.library.catalog import Catalog
from photofinder.library.gazetteer import Gazetteer
from photofinder.library.places import Places
from photofinder.model.keypoints import load_vocabulary
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from photofinder.search.certainty import OBJECTS
from photofinder.search.engine import SearchEngine
from photofinder.search.objects import ObjectEngine
from photofinder.search.query import Query, parse

FILTER_MS = 50.0
"""What an answer to filters alone may take."""
OBJECT_MS, ALBUM_MS = 1_000.0, 100.0

_FILTERS: dict[str, tuple[Text, Callable[[int], str]]] = {
    "date": (Text("unas fechas", "a stretch of time"), lambda run: f"fecha:{2011 + run % 12}"),
    "season": (Text("un mes de cualquier año", "a month of any year"), lambda run: f"fecha:*-{1 + run % 12:02d}"),
    "folder": (Text("una carpeta", "a folder"), lambda run: f"carpeta:0000{run % 10}"),
    "name": (Text("un nombre de archivo", "a file's name"), lambda run: f"archivo:{run:04d}1"),
    "camera": (Text("una cámara", "a camera"), lambda run: f"cámara:{('Pixel', 'Canon', 'iPhone', 'Sony')[run % 4]}"),
    "type": (Text("un tipo de archivo", "a type of file"), lambda run: f"tipo:{('jpg', 'png', 'jpg,png')[run % 3]}"),
    "form": (
        Text("una forma", "a form"), lambda run: f"orientación:{('vertical', 'horizontal')[run % 2]} desde:{1990 + run}"
    ),
    "favorites": (Text("favoritas de un año", "a year's favourites"), lambda run: f"favoritas fecha:{2011 + run % 12}"),
    "kind": (
        Text("una clase", "a kind"),
        lambda run: ("fotos borrosas", "capturas de pantalla", "clase:documento", "-clase:oscura")[run % 4],
    ),
    "place": (
        Text("un lugar", "a place"),
        lambda run: ("en España", "lugar:Portugal", "en Andalucía", "que no sea en Madrid", "cerca de Burgos")[run % 5],
    ),
    "several": (
        Text("cinco filtros a la vez", "five filters at once"),
        lambda run: f"fecha:20{10 + run % 9}.. cámara:Pixel tipo:jpg carpeta:0 lugar:sí",
    ),
}  # fmt: skip
"""What is typed, another text each run, so that nothing is answered from memory."""


def measure_finders(work: Path, photos: int, runs: int, pack: Pack, tell: Tell) -> Part:
    """``photos`` generated photos in a real catalogue. Raises OSError and PhotoFinderError."""
    vocabulary = load_vocabulary()
    paths = finder_library(work, photos, pack, vocabulary, tell)
    tell("preguntando", "asking")
    figures = [*_filters(paths, pack, runs), *_places(paths, photos, runs), *_album(paths, pack, runs)]
    tell("buscando un objeto", "searching for an object")
    objects, found = _objects(paths, runs)
    facts = {
        "photos": photos,
        "object_found": found,
        "object_shown_by": min(photos, SHOWING),
        "album_photos": min(photos, ALBUM),
        "lists_bytes_per_photo": rounded(sum(one.stat().st_size for one in paths.neighbors.glob("*.lists")) / photos),
    }
    return Part("finders", (*figures, *objects), facts)


def _filters(paths: DataPaths, pack: Pack, runs: int) -> list[Figure]:
    """Filters alone, as the window asks for them: all photos that pass, the newest first."""

    def first(text: str) -> float:
        """In a catalogue of which no filter was asked yet."""
        with Catalog.open(paths.catalog) as catalog:
            engine = SearchEngine(catalog, pack, paths.neighbors)
            catalog.known_places()  # the window knows them before anything is typed
            return _ms(lambda: engine.rank(Query(text), photos) if text else catalog.facets())

    with Catalog.open(paths.catalog) as catalog:
        photos = len(catalog.all_photo_ids()) + 1
        engine = SearchEngine(catalog, pack, paths.neighbors)
        catalog.facets()
        figures = [
            Figure(
                "facets_first", "ms",
                Text("por qué se puede filtrar, tras un cambio", "what there is to filter by, after a change"),
                tuple(first("") for _ in range(runs)),
            ),
            Figure(
                "facets", "ms", Text("por qué se puede filtrar, después", "what there is to filter by, then"),
                tuple(_ms(catalog.facets) for _ in range(runs)), target=FILTER_MS,
            ),
        ]  # fmt: skip
        for key, (text, typed) in _FILTERS.items():
            engine.rank(Query(typed(runs)), photos)
            values = tuple(_ms(partial(engine.rank, Query(typed(run)), photos)) for run in range(runs))
            figures.append(
                Figure(
                    f"only_{key}", "ms", Text(f"solo filtros: {text.es}", f"only filters: {text.en}"), values,
                    target=FILTER_MS,
                )
            )  # fmt: skip
    cold = {key: tuple(first(typed(run)) for run in range(runs)) for key, (_, typed) in _FILTERS.items()}
    slowest = max(cold, key=lambda key: statistics.median(cold[key]))
    words = _FILTERS[slowest][0]
    figures.append(
        Figure(
            "only_filters_first", "ms",
            Text(f"el más lento tras un cambio: {words.es}", f"the slowest after a change: {words.en}"), cold[slowest],
        )
    )  # fmt: skip
    return figures


def _places(paths: DataPaths, photos: int, runs: int) -> list[Figure]:
    rng = np.random.default_rng(1)
    count = min(photos, 100_000)
    spain = rng.uniform(36, 43, count).tolist(), rng.uniform(-9, 3, count).tolist()
    globe = np.degrees(np.arcsin(rng.uniform(-1, 1, count))).tolist(), rng.uniform(-180, 180, count).tolist()
    gazetteer = Gazetteer.open()
    with Catalog.open(paths.catalog) as catalog:
        known = catalog.known_places()
    day = date(2024, 6, 1)

    def looked_up(lat: list[float], lon: list[float]) -> float:
        return seconds_of(
            lambda: [gazetteer.locate(lat[at : at + 5_000], lon[at : at + 5_000]) for at in range(0, count, 5_000)]
        )

    def parsed(places: Places | None) -> float:
        return _ms(lambda: [parse("playa en Sevilla en agosto", day, False, places) for _ in range(20)]) / 20

    more = tuple(parsed(known) - parsed(None) for _ in range(runs))
    return [
        Figure(
            "places_open", "s", Text("abrir los pueblos del mundo", "opening the towns of the world"),
            tuple(seconds_of(Gazetteer.open) for _ in range(runs)),
        ),
        Figure(
            "places_spain", "s", Text(f"{count} lugares de España", f"{count} places in Spain"),
            tuple(looked_up(*spain) for _ in range(runs)),
        ),
        Figure(
            "places_globe", "s", Text(f"{count} lugares del mundo", f"{count} places on the globe"),
            tuple(looked_up(*globe) for _ in range(runs)),
        ),
        Figure(
            "places_typed", "ms", Text("lo que añade «en …» al escribir", "what “en …” adds while typing"), more,
        ),
    ]  # fmt: skip


def _album(paths: DataPaths, pack: Pack, runs: int) -> list[Figure]:
    """An answer to a proposal, and the rest ranked again."""
    with Catalog.open(paths.catalog, writer=True) as catalog:
        engine = AlbumEngine(catalog, pack, paths.neighbors)
        album = next(one for one in catalog.albums() if one.name == ALBUM_NAME).id
        opened = tuple(_ms(lambda: AlbumEngine(catalog, pack, paths.neighbors).view(album)) for _ in range(runs))
        again = []
        for run in range(runs):
            proposals = engine.view(album).proposals
            answered = [proposals[0].photo_id] if proposals else catalog.all_photo_ids()[:1]
            before = catalog.mark_photos(album, answered, belongs=bool(run % 2))
            again.append(_ms(lambda: engine.view(album)))
            catalog.restore_marks(album, before)
    return [
        Figure("album_first", "ms", Text("el primer álbum, al abrirlo", "the first album, when it is opened"), opened),
        Figure(
            "album_answered", "ms",
            Text("un álbum tras contestar a una propuesta", "an album after a proposal was answered"), tuple(again),
            target=ALBUM_MS,
        ),
    ]  # fmt: skip


def _objects(paths: DataPaths, runs: int) -> tuple[list[Figure], int]:
    """Figures, and how many photos that show the object were found for sure."""
    features = shown_object()
    few = type(features)(features.places[:200], features.descriptors[:200])
    with Catalog.open(paths.catalog) as catalog:
        engine = ObjectEngine(catalog, load_vocabulary(), paths.neighbors)
        first = tuple(
            _ms(lambda: ObjectEngine(catalog, load_vocabulary(), paths.neighbors).search(features)) for _ in range(runs)
        )
        whole = tuple(_ms(lambda: engine.search(features)) for _ in range(runs))
        part = tuple(_ms(lambda: engine.search(few)) for _ in range(runs))
        found = sum(hit.probability >= OBJECTS.sure for hit in engine.search(features).hits)
    return [
        Figure("object_first", "ms", Text("el mismo objeto, la primera vez", "the same object, the first time"), first),
        Figure(
            "object", "ms",
            Text(f"el mismo objeto, {len(features)} puntos", f"the same object, {len(features)} points"), whole,
            target=OBJECT_MS,
        ),
        Figure(
            "object_part", "ms",
            Text(f"el mismo objeto, {len(few)} puntos", f"the same object, {len(few)} points"), part, target=OBJECT_MS,
        ),
    ], found  # fmt: skip


def _ms(action: Callable[[], object]) -> float:
    return seconds_of(action) * 1e3
