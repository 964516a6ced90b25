"""The command ``descriptors``, and the options ``--descriptor`` and ``--distance``. Documented in ``docs/CLI.md``."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.cli.download import consent_of, follow_download, megabytes
from photofinder.cli.options import AddCommand, saying
from photofinder.cli.telling import tell
from photofinder.messages import counted, number, pick, sentence
from photofinder.model.descriptors import BUNDLED, DISTANCES, Comparison, all_descriptors, comparison, find_descriptor
from photofinder.paths import DataPaths
from photofinder.settings import load_settings, save_settings

if TYPE_CHECKING:
    from photofinder.model.descriptors import Descriptor
    from photofinder.search.query import PhotoVectorsOne
    from photofinder.search.results import SearchResult

ACTIONS = ("list", "get", "compute", "use", "remove")


def add_descriptor_command(command: AddCommand, language: str) -> None:
    """Add ``descriptors`` to the parser; ``command(name, spanish, english)`` makes a command's group."""
    say = saying(language)
    group = command(
        "descriptors",
        "Otras formas de comparar fotos: las que hay (list), preparar una (get), calcularla para las fotos (compute), "
        "usarla (use), quitarla (remove).",
        "Other ways of comparing photos: those there are (list), make one ready (get), compute it for the photos "
        "(compute), use it (use), remove it (remove).",
    )
    group.add_argument("action", choices=ACTIONS, nargs="?", default="list", metavar="|".join(ACTIONS))
    group.add_argument("name", nargs="?", default="", metavar=say("NOMBRE", "NAME"))
    group.add_argument(
        "--yes",
        action="store_true",
        help=say("Sí a la descarga, sin preguntar.", "Yes to the download, without being asked."),
    )
    group.add_argument(
        "--weights",
        type=Path,
        metavar=say("ARCHIVO", "FILE"),
        help=say("Usa este archivo de pesos en vez de descargarlo.", "Use this weights file instead of downloading."),
    )
    _add_distance(group, language)


def add_comparison_options(group: argparse._ArgumentGroup, language: str) -> None:
    """``--descriptor`` and ``--distance`` of a search by photos."""
    group.add_argument(
        "--descriptor",
        metavar=pick(language, "NOMBRE", "NAME"),
        help=pick(
            language,
            f"Compara fotos con este descriptor («photofinder descriptors»), o con los rasgos incluidos ({BUNDLED}).",
            f"Compare photos by this descriptor (“photofinder descriptors”), or by the bundled features ({BUNDLED}).",
        ),
    )
    _add_distance(group, language)


def _add_distance(group: argparse._ArgumentGroup, language: str) -> None:
    group.add_argument(
        "--distance",
        choices=DISTANCES,
        metavar="|".join(DISTANCES),
        help=pick(language, "Cómo se mide la distancia.", "How distance is measured."),
    )


def comparison_of(options: argparse.Namespace, paths: DataPaths, language: str) -> Comparison | None:
    """What photos are to be compared by: the options, else the settings; in a shared catalogue the pack.

    Raises DescriptorUnknown.
    """
    if options.store is not None:  # it holds the vectors of the pack alone
        if options.descriptor is not None:
            tell(
                pick(
                    language,
                    "En un catálogo compartido las fotos se comparan con el modelo; --descriptor no cuenta.",
                    "In a shared catalogue photos are compared by the search model; --descriptor does not count.",
                )
            )
        return None
    settings = load_settings(paths.settings)
    distance = options.distance or settings.distance
    if options.descriptor is None:
        return comparison(settings.descriptor, distance)
    return None if options.descriptor == BUNDLED else Comparison(find_descriptor(options.descriptor), distance)


def with_description(
    photo: Path, vectors: PhotoVectorsOne, compare: Comparison | None, paths: DataPaths, language: str
) -> PhotoVectorsOne:
    """The vectors of a photo from a file, with those of the descriptor where its weights are here.

    Otherwise one sentence on stderr, and the pack's features compare. Raises PhotoUnreadable.
    """
    from photofinder.errors import WeightsMissing, WeightsRejected
    from photofinder.library.decoder import Decoder
    from photofinder.model.descriptor_weights import load_descriptor

    if compare is None:
        return vectors
    try:
        network = load_descriptor(paths, compare.descriptor)
    except (WeightsMissing, WeightsRejected) as error:
        tell(sentence(error, language))
        return vectors
    with Decoder(workers=1) as decoder:
        return replace(vectors, described=network([decoder.decode(photo).pixels])[0])


def remarks(result: SearchResult, language: str) -> list[str]:
    """What there is to say about the descriptor of an answer."""
    if result.compared is None:
        return []
    name = result.compared.comparison.descriptor.name
    compute = f"photofinder descriptors compute {name}"
    if not result.compared.used:
        return [
            pick(
                language,
                f"La foto no tiene vector de «{name}», así que han comparado los rasgos incluidos; «{compute}» lo "
                "calcula.",
                f"The photo has no vector of “{name}”, so the bundled features compared; “{compute}” computes it.",
            )
        ]
    if not result.compared.lacking:
        return []
    nouns = ("foto", "fotos") if language == "es" else ("photo", "photos")
    photos = counted(result.compared.lacking, *nouns, language)
    return [
        pick(
            language,
            f"Sin vector de «{name}» todavía: {photos}, que han comparado los rasgos incluidos; «{compute}» las "
            "completa.",
            f"Without a vector of “{name}” yet: {photos}, compared by the bundled features; “{compute}” completes "
            "them.",
        )
    ]


def run_descriptors(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """``photofinder descriptors``; the exit code. Raises what ``descriptor_weights`` and the catalogue raise."""
    if options.action == "list":
        entries = _entries(paths)
        if options.json:
            print(json.dumps(entries, indent=1))
        else:
            _print_list(entries, language)
        return 0
    if options.action == "use" and options.name == BUNDLED:
        _store(paths, "", options.distance)
        tell(pick(language, "Desde ahora comparan los rasgos incluidos.", "The bundled features compare from now on."))
        return 0
    descriptor = find_descriptor(options.name)
    _ACTIONS[options.action](options, paths, language, descriptor)
    if options.json:
        print(json.dumps(next(entry for entry in _entries(paths) if entry["name"] == descriptor.name)))
    return 0


def _entries(paths: DataPaths) -> list[dict[str, object]]:
    from photofinder.library.catalog import Catalog
    from photofinder.model.descriptor_weights import is_ready

    settings = load_settings(paths.settings)
    entries: list[dict[str, object]] = []
    photos: int | None = None
    with Catalog.open(paths.catalog) as catalog:
        for one in all_descriptors():
            described, photos = catalog.descriptor(one.name, one.fingerprint, one.dim).progress(photos)
            entry: dict[str, object] = {
                "name": one.name, "title": one.title, "chosen": one.name == settings.descriptor,
                "ready": is_ready(paths, one), "dim": one.dim, "bytes_per_photo": 2 * one.dim,
                "file": one.file, "host": one.official.host, "bytes": one.bytes,
                "described": described, "photos": photos,
            }  # fmt: skip
            entries.append(entry)
    return entries


def _print_list(entries: list[dict[str, object]], language: str) -> None:
    for entry in entries:
        mark = "*" if entry["chosen"] else " "
        size = megabytes(int(str(entry["bytes"])), language)
        missing = pick(
            language, f"faltan los pesos ({size}, {entry['host']})", f"needs weights ({size}, {entry['host']})"
        )
        state = pick(language, "pesos listos", "weights ready") if entry["ready"] else missing
        done, all_ = (number(int(str(entry[key])), language) for key in ("described", "photos"))
        count = pick(language, f"{done} de {all_} fotos", f"{done} of {all_} photos")
        print(f"{mark} {entry['name']:<13} {entry['dim']:>5}  {state}; {count}")


def _get(options: argparse.Namespace, paths: DataPaths, language: str, descriptor: Descriptor) -> None:
    from photofinder.model.descriptor_weights import consent_needed, get_descriptor

    wanted = None if options.weights is not None else consent_needed(paths, descriptor)
    size, host = megabytes(descriptor.bytes, language), descriptor.official.host
    question = pick(
        language,
        f"«{descriptor.name}» necesita un archivo de {host} ({size}); se descarga una vez, y ni tus fotos ni tus "
        "búsquedas salen de este equipo. ¿Descargarlo? [s/N]",
        f"“{descriptor.name}” needs a file from {host} ({size}); it is downloaded once, and neither your photos nor "
        "your searches leave this machine. Download it? [y/N]",
    )
    consent, refused = consent_of(wanted, question, yes=options.yes)
    if refused:
        tell(pick(language, "No se ha descargado nada; siguen los rasgos incluidos.",
                  "Nothing was downloaded; the bundled features go on."))  # fmt: skip
        return
    follow_download(get_descriptor(paths, descriptor, consent, options.weights), language, silent=options.json)
    tell(
        pick(
            language,
            f"Los pesos de «{descriptor.name}» están listos; «photofinder descriptors compute {descriptor.name}» "
            "calcula los vectores de tus fotos.",
            f"The weights of “{descriptor.name}” are ready; “photofinder descriptors compute {descriptor.name}” "
            "computes the vectors of your photos.",
        )
    )


def _compute(options: argparse.Namespace, paths: DataPaths, language: str, descriptor: Descriptor) -> None:
    from photofinder.indexing import describe_photos
    from photofinder.library.catalog import Catalog
    from photofinder.library.decoder import Decoder
    from photofinder.model.descriptor_weights import load_descriptor, weights_of
    from photofinder.progress import follow
    from photofinder.search.described import Described

    weights_of(paths, descriptor)  # told now, not after the photos were listed
    with Catalog.open(paths.catalog, writer=True) as catalog, Decoder() as decoder:
        run = describe_photos(catalog, descriptor, decoder=decoder, network=lambda: load_descriptor(paths, descriptor))
        summary = follow(run, language, silent=options.json)
        Described(Comparison(descriptor), catalog, paths.neighbors).keep()
    done, left = (number(count, language) for count in (summary.described, summary.left))
    tell(
        pick(
            language,
            f"Calculadas: {done}; sin calcular: {left} (su carpeta no está, cambiaron o no se pudieron leer).",
            f"Computed: {done}; not computed: {left} (their folder is away, they changed or could not be read).",
        )
        if summary.left
        else pick(language, f"Calculadas: {done}; no falta ninguna.", f"Computed: {done}; none is missing.")
    )


def _use(options: argparse.Namespace, paths: DataPaths, language: str, descriptor: Descriptor) -> None:
    from photofinder.model.descriptor_weights import weights_of

    weights_of(paths, descriptor)
    _store(paths, descriptor.name, options.distance)
    tell(
        pick(
            language,
            f"Desde ahora las fotos se comparan con «{descriptor.name}».",
            f"Photos are compared by “{descriptor.name}” from now on.",
        )
    )


def _remove(options: argparse.Namespace, paths: DataPaths, language: str, descriptor: Descriptor) -> None:
    from photofinder.indexing import forget_descriptor
    from photofinder.library.catalog import Catalog

    if load_settings(paths.settings).descriptor == descriptor.name:
        _store(paths, "", None)
    with Catalog.open(paths.catalog, writer=True) as catalog:
        freed = _result(forget_descriptor(paths, catalog, descriptor))
    size = megabytes(freed, language)
    tell(
        pick(
            language,
            f"«{descriptor.name}» se ha quitado; ocupaba {size}.",
            f"“{descriptor.name}” was removed; it took {size}.",
        )
    )


def _result(run: Generator[None, None, int]) -> int:
    """What a generator returns."""
    try:
        while True:
            next(run)
    except StopIteration as end:
        return int(end.value)
    finally:
        run.close()


_ACTIONS: dict[str, Callable[[argparse.Namespace, DataPaths, str, Descriptor], None]] = {
    "get": _get,
    "compute": _compute,
    "use": _use,
    "remove": _remove,
}


def _store(paths: DataPaths, name: str, distance: str | None) -> None:
    settings = load_settings(paths.settings)
    save_settings(paths.settings, replace(settings, descriptor=name, distance=distance or settings.distance))
