"""The command line; the only place that prints. Every command is documented in ``docs/CLI.md``.

Exit codes: 0 done, 1 the world is in the way (a sentence on stderr), 2 not understood, 130 stopped with Ctrl+C.
"""

from __future__ import annotations

import argparse
import json
import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from photofinder.cli.albums import run_album
from photofinder.cli.descriptors import comparison_of, remarks, run_descriptors, with_description
from photofinder.cli.filters import filters_of, hit_as_json, mistakes, photos_of
from photofinder.cli.folders import run_folder
from photofinder.cli.objects import run_object
from photofinder.cli.packs import pack_in_use, run_pack, run_train
from photofinder.cli.parser import build_parser, early_options
from photofinder.cli.rescue import recovering
from photofinder.cli.stores import analyst_of, opened_catalog, opened_thumbnails
from photofinder.cli.telling import tell
from photofinder.cli.tidy import TIDY_COMMANDS
from photofinder.errors import PhotoFinderError
from photofinder.log import start_log
from photofinder.messages import (
    counted,
    detect_language,
    missing_library,
    number,
    pick,
    reason_sentence,
    sentence,
    shown_path,
)
from photofinder.messages.own_files import set_aside_sentence
from photofinder.paths import DATA_DIR_VARIABLE, DataPaths, data_paths
from photofinder.seasons import summer_in_january
from photofinder.settings import load_settings, set_damaged_aside
from photofinder.streams import flush_stdout, forget_stdout, let_streams_take_any_name

if TYPE_CHECKING:
    from photofinder.indexing import IndexSummary
    from photofinder.library.catalog import Catalog
    from photofinder.model.pack import Pack
    from photofinder.search.query import PhotoVectorsOne
    from photofinder.search.results import SearchResult

OK, FAILED, MISUSED, STOPPED = 0, 1, 2, 130
DECODE_WORKER = "--decode-worker"  # library.decoder.WORKER_ARGUMENT, without importing Pillow for every command
PROBE = "--probe"  # probes.PROBE_ARGUMENT
TIMED_WINDOW = "--timed-window"  # bench.window.TIMED_WINDOW
_FAILURES_SHOWN = 10
_log = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    multiprocessing.freeze_support()
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == [DECODE_WORKER]:
        from photofinder.library.decoder_worker import worker_main

        worker_main()
        return OK
    if arguments[:1] == [PROBE]:
        from photofinder.probes import probe_main

        probe_main(arguments[1])
        return OK
    if arguments[:1] == [TIMED_WINDOW]:
        from photofinder.ui.timed_window import main as timed_window_main

        return timed_window_main(arguments[1:])
    let_streams_take_any_name()
    language, data_dir = early_options(arguments)
    paths = data_paths(data_dir)
    start_log(paths)  # before anything is read that may be worth a line in it
    aside = [one for file in (paths.settings, paths.searches) if (one := set_damaged_aside(file)) is not None]
    language = language or detect_language(load_settings(paths.settings).language)
    try:
        options = build_parser(language).parse_args(arguments)
        options.notice = set_aside_sentence(aside, language)
        code = _run(options, paths, language)
        flush_stdout()
        return code
    except BrokenPipeError:
        forget_stdout()
        return OK


def _run(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """One command, with whatever the world does to it turned into a sentence."""
    if options.notice and options.command not in (None, "gui"):
        tell(options.notice)
    try:
        return recovering(_COMMANDS[options.command or "gui"], options, paths, language, tell)
    except KeyboardInterrupt:
        tell(pick(language, "Detenido; lo hecho hasta aquí está guardado.", "Stopped; what was done so far is kept."))
        return STOPPED
    except BrokenPipeError:
        raise
    except (PhotoFinderError, OSError, MemoryError) as error:
        _log.info("%s", error, exc_info=True)
        tell(sentence(error, language))
    except Exception as error:  # noqa: BLE001 - a bug of ours: the traceback is for the log, not for the person
        _log.exception("%s failed", options.command)
        tell(f"{sentence(error, language)} ({shown_path(paths.log)})")
    return FAILED


def _index(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.indexing import index_folders
    from photofinder.progress import follow
    from photofinder.search.engine import SearchEngine

    pack = pack_in_use(paths, language)
    with (
        opened_catalog(options, paths, writer=True) as catalog,
        opened_thumbnails(options, paths) as thumbnails,
        analyst_of(options, pack, thumbnails=thumbnails is not None) as analyst,
    ):
        run = index_folders(
            catalog,
            options.folders,
            pack,
            analyst=analyst,
            thumbnails=thumbnails,
            retry_failed=options.retry_failed,
            exclude=options.exclude,
        )
        summary = follow(run, language, silent=options.json)
    with opened_catalog(options, paths, writer=options.store is not None) as catalog:
        SearchEngine(catalog, pack, paths.neighbors).update_neighbors()
        if options.json:
            _print_json(asdict(summary) | {"offline": [str(path) for path in summary.offline]})
        else:
            _print_summary(summary, catalog, language)
    return OK


def _print_summary(summary: IndexSummary, catalog: Catalog, language: str) -> None:
    es = language == "es"
    figures = [
        counted(summary.photos, *(("foto", "fotos") if es else ("photo", "photos")), language),
        counted(summary.analysed, *(("analizada", "analizadas") if es else ("analysed", "analysed")), language),
        counted(summary.unchanged, *(("sin cambios", "sin cambios") if es else ("unchanged", "unchanged")), language),
    ]
    if summary.placed:
        figures.append(counted(summary.placed, *(("con lugar", "con lugar") if es else ("placed", "placed")), language))
    if summary.moved:
        figures.append(counted(summary.moved, *(("movida", "movidas") if es else ("moved", "moved")), language))
    if summary.missing:
        gone = ("que ya no está", "que ya no están") if es else ("that is gone", "that are gone")
        figures.append(counted(summary.missing, *gone, language))
    if summary.failed:
        bad = ("que no se pudo leer", "que no se pudieron leer") if es else ("unreadable", "unreadable")
        figures.append(counted(summary.failed, *bad, language))
    print(", ".join(figures) + ".")
    failures = catalog.failures() if summary.failed else []
    for photo in failures[:_FAILURES_SHOWN]:
        if photo.error is not None:
            print(f"  {shown_path(photo.path)}: {reason_sentence(photo.error, language)}")
    if len(failures) > _FAILURES_SHOWN:
        more = number(len(failures) - _FAILURES_SHOWN, language)
        print(pick(language, f"  … y {more} más.", f"  … and {more} more."))
    for folder in summary.offline:
        path = shown_path(folder)
        tell(
            pick(
                language,
                f"La carpeta «{path}» no está conectada; sus fotos no se olvidan: conéctala y repite.",
                f"The folder “{path}” is offline; its photos are not forgotten: connect it and repeat.",
            )
        )


def _search(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.search.engine import SearchEngine
    from photofinder.search.query import Query

    try:
        filters = filters_of(options, date.today())
    except ValueError as error:
        tell(pick(language, f"No se entiende «{error}».", f"“{error}” is not understood."))
        return MISUSED
    pack = pack_in_use(paths, language)
    with opened_catalog(options, paths) as catalog:
        engine = SearchEngine(catalog, pack, paths.neighbors, southern=_southern(paths))
        photos, weights = photos_of(options)
        compare = comparison_of(options, paths, language)
        vectors = tuple(with_description(photo, _vectors_of(photo, pack), compare, paths, language) for photo in photos)
        query = Query(" ".join(options.text), vectors, photo_weights=weights, filters=filters, compare=compare)
        _show(engine.search(query, options.limit), catalog, options, language)
    return OK


def _southern(paths: DataPaths) -> bool:
    return summer_in_january(load_settings(paths.settings).seasons)


def _similar(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.search.engine import SearchEngine
    from photofinder.search.query import Query

    pack = pack_in_use(paths, language)
    with opened_catalog(options, paths) as catalog:
        engine = SearchEngine(catalog, pack, paths.neighbors, southern=_southern(paths))
        compare = comparison_of(options, paths, language)
        photo_id = _catalogued(options.photo, catalog)
        result = None
        if photo_id is not None:
            result = engine.search(Query(options.text, photo_ids=(photo_id,), compare=compare), options.limit)
        if result is None or (result.compared is not None and photo_id in result.compared.not_described):
            vectors = with_description(options.photo, _vectors_of(options.photo, pack), compare, paths, language)
            result = engine.search(Query(options.text, photos=(vectors,), compare=compare), options.limit + 1)
            hits = tuple(hit for hit in result.hits if hit.photo_id != photo_id)
            result = replace(result, hits=hits[: options.limit])
        _show(result, catalog, options, language)
    return OK


def _catalogued(photo: Path, catalog: Catalog) -> int | None:
    """Id of a file that was analysed and did not change since then: it need not be decoded again."""
    path = photo.absolute()
    try:
        found = path.stat()
    except OSError:
        return None
    for folder in catalog.folders():
        if path.is_relative_to(folder.path):
            photo_id = catalog.photo_id(folder.id, path.relative_to(folder.path).as_posix())
            if photo_id is None or catalog.vector(photo_id, "embedding") is None:
                return None
            known = catalog.photos([photo_id])[photo_id]
            if (known.size, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
                return photo_id
    return None


def _vectors_of(photo: Path, pack: Pack) -> PhotoVectorsOne:
    from photofinder.indexing import load_visual_lazily
    from photofinder.library.decoder import Decoder
    from photofinder.search.engine import external_photo

    with Decoder(workers=1) as decoder:
        # a photo that cannot be read is told before the seconds that loading torch takes
        return external_photo(photo, decoder, lambda images: load_visual_lazily(pack)(images))


def _show(result: SearchResult, catalog: Catalog, options: argparse.Namespace, language: str) -> None:
    """Hits on stdout; what there is to say about the phrase on stderr."""
    if options.json:
        places = catalog.place_words([hit.photo_id for hit in result.hits], language == "es")
        _print_json([hit_as_json(hit, places.get(hit.photo_id)) for hit in result.hits])
    else:
        for hit in result.hits:
            offline = pick(language, "  (sin conexión)", "  (offline)") if hit.offline else ""
            print(f"{100 * hit.probability:3.0f} %  {shown_path(hit.path)}{offline}")
    for remark in (*mistakes(result, language), *remarks(result, language)):
        tell(shown_path(remark))
    for typed, read in result.corrected.items():
        tell(pick(language, f"Se ha leído «{typed}» como «{read}».", f"“{typed}” was read as “{read}”."))
    for word in result.unknown:
        guesses = [pick(language, f"«{guess}»", f"“{guess}”") for guess in result.suggestions.get(word, ())]
        text = pick(language, f"No conozco la palabra «{word}»", f"The word “{word}” is not known")
        asked = pick(language, "; ¿querías decir {}?", "; did you mean {}?").format(", ".join(guesses))
        tell(shown_path(text + (asked if guesses else ".")))
    if not result.hits and catalog.counts().analysed == 0:
        tell(
            pick(
                language,
                "Todavía no hay fotos analizadas; empieza con «photofinder index CARPETA».",
                "No photos are analysed yet; begin with “photofinder index FOLDER”.",
            )
        )
    elif not result.hits and not result.known and not result.filters:
        tell(
            pick(
                language,
                "Ninguna palabra se ha entendido; prueba con lo que se ve en la foto, como «perro en la playa».",
                "No word was understood; try what the photo shows, such as “perro en la playa”.",
            )
        )


def _evaluate(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.evaluation import evaluate
    from photofinder.library.decoder import Decoder
    from photofinder.progress import follow
    from photofinder.rank_plot import write_rank_plot

    if options.plot is not None and not options.plot.absolute().parent.is_dir():
        # said before the long work, not after it
        raise FileNotFoundError(2, "no folder for the plot", str(options.plot))
    with Decoder() as decoder:
        run = evaluate(options.folder, options.captions, pack_in_use(paths, language), decoder)
        evaluation = follow(run, language)
    for name, reason in evaluation.unreadable.items():
        tell(f"{shown_path(name)}: {reason_sentence(reason, language)}")
    figures = evaluation.figures()
    if options.json:
        _print_json(figures)
    else:
        for name, value in figures.items():
            decimals = 0 if float(value).is_integer() and not name.startswith("recall") else 3
            print(f"{name:<19} {number(value, language, decimals)}")
    if options.plot is not None:
        write_rank_plot(options.plot, evaluation, language)
    return OK


def _doctor(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.doctor import Status, examine

    marks = {
        Status.OK: pick(language, "bien", "ok"),
        Status.WARNING: pick(language, "aviso", "warning"),
        Status.PROBLEM: pick(language, "problema", "problem"),
    }
    if options.data_dir is not None:
        os.environ[DATA_DIR_VARIABLE] = str(options.data_dir)  # for what is tried in processes of its own
    found = []
    for check in examine(paths, language):
        found.append(check)
        if not options.json:
            print(f"{marks[check.status]:<8}  {check.sentence}", flush=True)
    if options.json:
        _print_json([check.as_json() for check in found])
    return FAILED if any(check.status is Status.PROBLEM for check in found) else OK


def _bench(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    from photofinder.bench.command import measured

    print(measured(options, language, tell))
    return OK


def _gui(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    try:
        from photofinder.ui.app import run
    except ImportError as error:
        if missing_library(str(error)) is None and not (error.name or "").startswith(("PySide6", "shiboken6")):
            raise
        _log.warning("no window", exc_info=True)
        from photofinder.doctor import Probe, check_windows

        tell(check_windows(Probe(None, str(error)), language).sentence)
        return FAILED
    return run(paths, getattr(options, "folder", None), language=options.language, notice=options.notice)


_COMMANDS: dict[str, Callable[[argparse.Namespace, DataPaths, str], int]] = {
    "index": _index,
    "search": _search,
    "similar": _similar,
    "object": run_object,
    "album": run_album,
    "evaluate": _evaluate,
    **TIDY_COMMANDS,
    "folder": run_folder,
    "pack": run_pack,
    "descriptors": run_descriptors,
    "train": run_train,
    "doctor": _doctor,
    "bench": _bench,
    "gui": _gui,
}


def _print_json(value: Any) -> None:
    """ASCII only: a file name that is no valid UTF-8 survives as lone surrogates, which ``os.fsencode`` undoes."""
    print(json.dumps(value, ensure_ascii=True, indent=1))
