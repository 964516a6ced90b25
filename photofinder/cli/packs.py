"""The commands ``pack`` and ``train`` of the command line: other model packs.

Documented in ``docs/CLI.md``.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.cli.download import consent_of, follow_download, megabytes
from photofinder.cli.options import AddCommand, saying
from photofinder.cli.telling import tell
from photofinder.messages import pick, sentence, shown_path
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    from photofinder.consent import Consent
    from photofinder.model.pack import Pack

ACTIONS = ("list", "get", "use")


def add_pack_commands(command: AddCommand, language: str) -> None:
    """Add ``pack`` and ``train`` to the parser; ``command(name, spanish, english)`` makes a command's group."""
    say = saying(language)
    pack = command(
        "pack",
        "Modelos de búsqueda: los que hay (list), preparar uno (get), usar uno (use).",
        "Search models: those there are (list), make one ready (get), use one (use).",
    )
    pack.add_argument("action", choices=ACTIONS, nargs="?", default="list", metavar="list|get|use")
    pack.add_argument("name", nargs="?", default="", metavar=say("NOMBRE", "NAME"))
    pack.add_argument(
        "--yes",
        action="store_true",
        help=say("Sí a la descarga, sin preguntar.", "Yes to the download, without being asked."),
    )
    pack.add_argument(
        "--weights",
        type=Path,
        metavar=say("ARCHIVO", "FILE"),
        help=say("Usa este archivo de pesos en vez de descargarlo.", "Use this weights file instead of downloading."),
    )

    train = command(
        "train",
        "Entrena un modelo sobre una red de torchvision (docs/MODEL.md).",
        "Train a model on a network of torchvision (docs/MODEL.md).",
    )
    train.add_argument("--backbone", required=True, metavar="RED" if language == "es" else "NETWORK")
    train.add_argument("--weights", type=Path, required=True, metavar=say("ARCHIVO", "FILE"))
    train.add_argument("--data", type=Path, metavar="CORPUS")
    train.add_argument("--captions", type=Path, metavar="FRASES.tsv")
    train.add_argument("--photos", type=Path, metavar=say("CARPETA", "FOLDER"))
    train.add_argument("--out", type=Path, required=True, metavar=say("CARPETA", "FOLDER"))
    train.add_argument("--work", type=Path, metavar=say("CARPETA", "FOLDER"))
    train.add_argument("--shapes", metavar="288x288,320x256,…")
    train.add_argument("--crops", type=int, default=2, metavar="N")
    train.add_argument("--epochs", type=int, metavar="N")
    train.add_argument("--learning-rate", type=float, metavar="X")
    train.add_argument("--table-rate", type=float, metavar="X")
    train.add_argument("--batch", type=int, metavar="N")
    train.add_argument("--least-grams", type=int, metavar="N")
    train.add_argument("--least-pairs", type=int, metavar="N")
    train.add_argument("--start-joint", type=Path, metavar=say("CARPETA", "FOLDER"))
    train.add_argument(
        "--no-thesaurus",
        action="store_true",
        help=say("Sin el tesauro de español visual.", "Without the thesaurus of visual Spanish."),
    )
    train.add_argument("--official", default="", metavar="URL")
    train.add_argument("--official-bytes", type=int, default=0, metavar="N")
    train.add_argument("--card", type=Path, metavar="JSON")
    train.add_argument("--device", default="cpu")
    train.add_argument("--seed", type=int, default=1, metavar="N")


def pack_in_use(paths: DataPaths, language: str) -> Pack:
    """The chosen pack, or the bundled one with one sentence on stderr that says why. Raises PackDamaged."""
    from photofinder.model.packs import chosen_pack, fallback_sentence

    chosen = chosen_pack(paths)
    if chosen.problem is not None:
        tell(fallback_sentence(chosen.problem, language))
    return chosen.pack


def run_pack(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """``photofinder pack list|get|use``; the exit code. Raises what ``model.packs`` raises."""
    from photofinder.errors import PackUnknown
    from photofinder.model.packs import list_packs, pack_folders, use_pack

    if options.action == "list":
        _list(options, paths, language)
        return 0
    if not options.name:
        raise PackUnknown("", tuple(pack_folders(paths)))
    if options.action == "use":
        use_pack(paths, options.name)
        again = pick(
            language,
            f"Desde ahora se usa el modelo «{options.name}»; las fotos se analizan otra vez con él al abrir la ventana "
            "o con «photofinder index CARPETA», y lo analizado con otro modelo se guarda.",
            f"The model “{options.name}” is used from now on; photos are analysed again with it when the window opens "
            "or by “photofinder index FOLDER”, and what was analysed with another model is kept.",
        )
        tell(again)
    else:
        _get(options, paths, language)
    if options.json:
        print(json.dumps(_as_json(next(entry for entry in list_packs(paths) if entry.name == options.name), language)))
    return 0


def _list(options: argparse.Namespace, paths: DataPaths, language: str) -> None:
    from photofinder.model.packs import list_packs

    entries = list_packs(paths)
    if options.json:
        print(json.dumps([_as_json(entry, language) for entry in entries], indent=1))
        return
    for entry in entries:
        mark = "*" if entry.chosen else " "
        state = pick(language, "listo", "ready") if entry.problem is None else sentence(entry.problem, language)
        size = "" if entry.problem is None or not entry.file else f" ({megabytes(entry.bytes, language)}, {entry.host})"
        print(f"{mark} {shown_path(entry.name):<20}  {state}{size}")


def _as_json(entry: object, language: str) -> dict[str, object]:
    from photofinder.model.packs import PackEntry

    if not isinstance(entry, PackEntry):
        raise TypeError(entry)
    problem = None if entry.problem is None else sentence(entry.problem, language)
    return {
        "name": entry.name, "chosen": entry.chosen, "ready": entry.problem is None, "problem": problem,
        "file": entry.file, "host": entry.host, "bytes": entry.bytes,
    }  # fmt: skip


def _get(options: argparse.Namespace, paths: DataPaths, language: str) -> None:
    from photofinder.model.packs import consent_needed, get_pack

    wanted = None if options.weights is not None else consent_needed(paths, options.name)
    question = "" if wanted is None else _question(options.name, wanted, language)
    consent, refused = consent_of(wanted, question, yes=options.yes)
    if refused:
        tell(pick(language, "No se ha descargado nada; sigue el modelo incluido.",
                  "Nothing was downloaded; the bundled model goes on."))  # fmt: skip
        return
    follow_download(get_pack(paths, options.name, consent, options.weights), language, silent=options.json)
    tell(
        pick(
            language,
            f"El modelo «{options.name}» está listo; «photofinder pack use {options.name}» lo pone en uso.",
            f"The model “{options.name}” is ready; “photofinder pack use {options.name}” puts it to use.",
        )
    )


def _question(name: str, consent: Consent, language: str) -> str:
    """With host and size."""
    size = megabytes(consent.bytes, language)
    return pick(
        language,
        f"El modelo «{name}» necesita un archivo de {consent.host} ({size}); se descarga una vez, y ni tus fotos "
        "ni tus búsquedas salen de este equipo. ¿Descargarlo? [s/N]",
        f"The model “{name}” needs a file from {consent.host} ({size}); it is downloaded once, and neither your "
        "photos nor your searches leave this machine. Download it? [y/N]",
    )


def run_train(options: argparse.Namespace, paths: DataPaths, language: str) -> int:
    """``photofinder train``; the exit code. Raises what ``training.train`` raises."""
    from dataclasses import replace

    from photofinder.training.caption import JointOptions
    from photofinder.training.train import SHAPES, TrainRequest, train_pack

    if options.data is None and (options.captions is None or options.photos is None):
        tell(pick(language, "photofinder train: falta --data, o --captions con --photos.",
                   "photofinder train: --data is missing, or --captions with --photos."))  # fmt: skip
        return 2
    request = TrainRequest(
        backbone=options.backbone, weights=options.weights, out=options.out,
        work=options.work or options.out.with_name(options.out.name + ".work"), corpus=options.data,
        captions=options.captions, photos=options.photos, shapes=options.shapes or SHAPES, crops=options.crops,
        address=options.official, size=options.official_bytes, device=options.device,
        start_joint=options.start_joint, card=options.card,
    )  # fmt: skip
    recipe = {
        "epochs": options.epochs, "learning_rate": options.learning_rate, "table_rate": options.table_rate,
        "captioned": options.batch, "least_grams": options.least_grams, "least_pairs": options.least_pairs,
    }  # fmt: skip
    given = {name: value for name, value in recipe.items() if value is not None}
    folder = train_pack(
        request, replace(JointOptions(), seed=options.seed, thesaurus=not options.no_thesaurus, **given)
    )
    tell(
        pick(
            language,
            f"El modelo está en «{shown_path(folder)}»; cópialo a «{shown_path(paths.packs)}» para usarlo.",
            f"The model is in “{shown_path(folder)}”; copy it to “{shown_path(paths.packs)}” to use it.",
        )
    )
    return 0
