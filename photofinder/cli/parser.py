"""What can be typed after ``photofinder``, and how a mistake in it is explained."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import photofinder
from photofinder.cli.albums import add_album_command
from photofinder.cli.descriptors import add_comparison_options, add_descriptor_command
from photofinder.cli.filters import add_search_options
from photofinder.cli.folders import add_folder_command
from photofinder.cli.objects import add_object_command
from photofinder.cli.options import add_limit, positive, saying
from photofinder.cli.packs import add_pack_commands
from photofinder.cli.stores import add_store_option
from photofinder.messages import ENGLISH, SPANISH, pick

COMMANDS = (
    "index",
    "search",
    "similar",
    "object",
    "album",
    "evaluate",
    "duplicates",
    "oddities",
    "folder",
    "pack",
    "descriptors",
    "train",
    "doctor",
    "bench",
    "gui",
)
BENCH_PARTS = ("index", "search", "finders", "start", "memory", "ui", "growth", "cluster", "store", "all")
ODD_KINDS = ("screenshot", "document", "blurred", "dark", "odd")  # the keys of library.filters.KINDS

# What argparse says, in Spanish; anything else stays as it is.
_MISTAKES = (
    (r"the following arguments are required: (.+)", r"falta {0}"),
    (r"unrecognized arguments: (.+)", r"no se conoce «{0}»"),
    (r"argument (.+?): expected (?:one|at least one) argument", r"{0} necesita un valor"),
    (r"argument (.+?): invalid choice: (.+?) \(choose from (.+)\)", r"{0} no admite {1}; puede ser {2}"),
    (r"argument (.+?): invalid .+ value: (.+)", r"{0} necesita un número mayor que cero, no {1}"),
)


def build_parser(language: str) -> argparse.ArgumentParser:
    """The parser of the whole command line, with its help in ``language``.

    The namespace has ``command`` (None: nothing was asked for, so the window) and the options of that command.
    """
    say = saying(language)
    formatter = _SpanishFormatter if language == SPANISH else argparse.HelpFormatter
    parser = _Parser(
        prog="photofinder",
        add_help=False,
        allow_abbrev=False,
        formatter_class=formatter,
        description=say(
            "Encuentra tus fotos pidiéndolas en español, en tu propio equipo. Sin orden, abre la ventana.",
            "Find your own photos by asking in Spanish, on your own machine. Without a command it opens the window.",
        ),
    )
    parser.language = language
    _add_common(parser, language, default=None).add_argument(
        "--version",
        action="version",
        version=f"PhotoFinder {photofinder.__version__}",
        help=say("Muestra la versión.", "Show the version."),
    )
    commands = parser.add_subparsers(dest="command", title=say("órdenes", "commands"), metavar="ORDEN")

    def command(name: str, spanish: str, english: str) -> argparse._ArgumentGroup:
        text = say(spanish, english)
        sub = commands.add_parser(
            name, help=text, description=text, add_help=False, allow_abbrev=False, formatter_class=formatter
        )
        sub.language = language
        own = sub.add_argument_group(say("qué", "what"))
        _add_common(sub, language, default=argparse.SUPPRESS)
        return own

    index = command("index", "Analiza carpetas y las recuerda.", "Analyse folders and remember them.")
    index.add_argument("folders", nargs="+", type=Path, metavar=say("CARPETA", "FOLDER"))
    index.add_argument(
        "--retry-failed",
        action="store_true",
        help=say("Vuelve a intentar las fotos que no se pudieron leer.", "Try again the photos that failed."),
    )
    index.add_argument(
        "--exclude",
        action="append",
        metavar=say("PATRÓN", "PATTERN"),
        help=say(
            "Deja fuera lo que encaja, como «Capturas» o «*.png»; se puede repetir y se recuerda"
            " («--exclude ''» lo olvida).",
            "Leave out what matches, such as “Capturas” or “*.png”; may be repeated and is remembered"
            " (“--exclude ''” forgets it).",
        ),
    )

    add_store_option(index, language, writer=True)

    search = command("search", "Busca fotos por palabras.", "Search photos by words.")
    search.add_argument("text", nargs="*", metavar=say("TEXTO", "TEXT"))
    search.add_argument(
        "--photo", type=Path, metavar=say("FOTO", "PHOTO"), help=say("Y parecidas a esta.", "And like this.")
    )
    add_search_options(search, language)
    add_comparison_options(search, language)
    add_store_option(search, language)
    add_limit(search, language)

    similar = command("similar", "Busca fotos parecidas a una.", "Search photos like one.")
    similar.add_argument("photo", type=Path, metavar=say("FOTO", "PHOTO"))
    similar.add_argument(
        "--text", default="", metavar=say("TEXTO", "TEXT"), help=say("Y con estas palabras.", "And these words.")
    )
    add_comparison_options(similar, language)
    add_store_option(similar, language)
    add_limit(similar, language)

    add_object_command(command, language)
    add_folder_command(command, language)
    add_album_command(command, language)
    evaluate = command(
        "evaluate",
        "Mide la búsqueda con un archivo de líneas «archivo, tabulador, frase».",
        "Measure the search with a file of lines “file, tab, phrase”.",
    )
    evaluate.add_argument("folder", type=Path, metavar=say("CARPETA", "FOLDER"))
    evaluate.add_argument("captions", type=Path, metavar="FRASES.tsv")
    evaluate.add_argument(
        "--plot", type=Path, metavar="PNG", help=say("Dibuja el histograma de puestos.", "Draw the rank histogram.")
    )

    duplicates = command(
        "duplicates",
        "Muestra copias, versiones y ráfagas, y propone cuál guardar; no borra nada.",
        "Show copies, versions and bursts, and suggest which to keep; nothing is deleted.",
    )
    duplicates.add_argument(
        "--folder",
        action="append",
        default=[],
        metavar=say("CARPETA", "FOLDER"),
        help=say("Solo de carpetas que se llamen así.", "Of folders called so only."),
    )
    oddities = command(
        "oddities",
        "Muestra capturas de pantalla, documentos, fotos borrosas, oscuras y distintas de las demás.",
        "Show screenshots, documents, blurred and dark photos, and photos unlike the others.",
    )
    oddities.add_argument(
        "--kind",
        dest="kinds",
        action="append",
        choices=ODD_KINDS,
        metavar="|".join(ODD_KINDS),
        help=say("Solo de esta clase; puede repetirse.", "Of this kind only; may be repeated."),
    )
    add_pack_commands(command, language)
    add_descriptor_command(command, language)
    command("doctor", "Comprueba que no falta nada.", "Check that nothing is missing.")
    _add_bench(command("bench", "Mide el programa en este equipo.", "Measure the program on this machine."), language)
    gui = command("gui", "Abre la ventana.", "Open the window.")
    gui.add_argument("folder", nargs="?", type=Path, metavar=say("CARPETA", "FOLDER"))
    return parser


def early_options(arguments: Sequence[str]) -> tuple[str | None, Path | None]:
    """``--language`` and ``--data-dir``, before the rest can be read: mistakes in it are told in that language."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--language")
    parser.add_argument("--data-dir", type=Path)
    try:
        found, _ = parser.parse_known_args(arguments)
    except argparse.ArgumentError:  # an option without its value: told by the real parser
        return None, None
    return (found.language if found.language in (SPANISH, ENGLISH) else None), found.data_dir


class _Parser(argparse.ArgumentParser):
    """Tells mistakes in the person's language and ends with exit code 2."""

    language = SPANISH

    def error(self, message: str) -> NoReturn:
        if self.language != SPANISH:
            super().error(message)
        for pattern, spanish in _MISTAKES:
            if found := re.fullmatch(pattern, message):
                message = spanish.format(*found.groups())
                break
        self.exit(2, f"{self.format_usage()}{self.prog}: {message}; «{self.prog} --help» lo explica.\n")


class _SpanishFormatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, "uso: " if prefix is None else prefix)


def _add_common(parser: argparse.ArgumentParser, language: str, default: str | None) -> argparse._ArgumentGroup:
    """What every command takes. ``default`` SUPPRESS: an option given before the command is not undone after it."""
    group = parser.add_argument_group(pick(language, "opciones", "options"))
    group.add_argument("-h", "--help", action="help", help=pick(language, "Muestra esta ayuda.", "Show this help."))
    group.add_argument(
        "--json",
        action="store_true",
        default=default or False,
        help=pick(language, "Escribe JSON, como dice docs/CLI.md.", "Write JSON, as docs/CLI.md says."),
    )
    group.add_argument(
        "--data-dir",
        type=Path,
        default=default,
        metavar=pick(language, "CARPETA", "FOLDER"),
        help=pick(
            language,
            "Guarda todo lo propio del programa aquí (o en $PHOTOFINDER_DATA_DIR).",
            "Keep all of the program's own state here (or in $PHOTOFINDER_DATA_DIR).",
        ),
    )
    group.add_argument(
        "--language",
        choices=(SPANISH, ENGLISH),
        default=default,
        help=pick(language, "Idioma de los mensajes.", "Language of the messages."),
    )
    return group


def _add_bench(group: argparse._ArgumentGroup, language: str) -> None:
    say = saying(language)

    group.add_argument("part", choices=BENCH_PARTS, metavar=say("PARTE", "PART"), help=", ".join(BENCH_PARTS))
    group.add_argument(
        "--runs",
        type=positive,
        default=5,
        metavar="N",
        help=say("Cuántas veces, para la mediana (5).", "How often, for the median (5)."),
    )
    group.add_argument(
        "--photos",
        type=positive,
        metavar="N",
        help=say("Cuántas fotos (100000; de «index», 200).", "How many photos (100000; of “index”, 200)."),
    )
    group.add_argument(
        "--index-photos",
        type=positive,
        metavar="N",
        help=say("De «memory»: cuántas se analizan (2000).", "Of “memory”: how many are analysed (2000)."),
    )
    group.add_argument(
        "--folder",
        type=Path,
        metavar=say("CARPETA", "FOLDER"),
        help=say("De «index»: estas fotos en vez de las generadas.", "Of “index”: these photos, not generated ones."),
    )
    group.add_argument(
        "--work",
        type=Path,
        metavar=say("CARPETA", "FOLDER"),
        help=say(
            "Dónde se guarda lo generado (en la carpeta temporal).",
            "Where what is generated is kept (temporary folder).",
        ),
    )
    group.add_argument(
        "--store",
        metavar="postgresql://…",
        help=say("De «store»: una base de datos vacía.", "Of “store”: an empty database."),
    )
    group.add_argument(
        "--plot", type=Path, metavar="PNG", help=say("De «growth»: dibuja cómo crece.", "Of “growth”: draw it.")
    )
