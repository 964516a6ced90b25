"""Which packs there are, which one the person chose, and fetching the official weights that one of them names.

Packs lie in ``resources/models`` and in ``<data>/packs``, one folder each, and go by the folder's name. Whatever is
wrong with the chosen one, the bundled one goes on, with the reason to be told.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from photofinder.consent import Consent, Downloaded
from photofinder.errors import (
    ConsentMissing,
    PackDamaged,
    PackUnknown,
    PhotoFinderError,
    WeightsMissing,
    WeightsRejected,
)
from photofinder.messages import pick, sentence, shown_path
from photofinder.model.official_fetch import Checking, fetch_weights, our_disk
from photofinder.model.official_weights import confirm, is_converted
from photofinder.model.pack import BUNDLED, MANIFEST, PACK_VARIABLE, Pack, load_pack, read_fingerprint, read_pack
from photofinder.paths import DataPaths, resource
from photofinder.settings import load_settings, save_settings

__all__ = [
    "Checking", "ChosenPack", "PackEntry", "chosen_pack", "consent_needed", "fallback_sentence", "get_pack",
    "list_packs", "pack_folders", "use_pack",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PackEntry:
    """A pack as a list shows it. ``problem``: why it cannot be used as it is (None: ready).

    ``host``, ``bytes`` and ``file`` say what would be downloaded; empty for a pack that holds its whole network.
    """

    name: str
    folder: Path
    chosen: bool
    problem: PhotoFinderError | None
    host: str = ""
    bytes: int = 0
    file: str = ""


@dataclass(frozen=True, slots=True)
class ChosenPack:
    """The pack to work with; ``problem`` says why it is the bundled one and not the one that was chosen."""

    pack: Pack
    problem: PhotoFinderError | None = None


def pack_folders(paths: DataPaths) -> dict[str, Path]:
    """Every folder with a manifest by its name, the bundled one first; a name of ours cannot be taken by another."""
    found = {BUNDLED: resource("models", BUNDLED)}
    for place in (resource("models"), paths.packs):
        if place.is_dir():
            for folder in sorted(place.iterdir()):
                if (folder / MANIFEST).is_file():
                    found.setdefault(folder.name, folder)
    return found


def list_packs(paths: DataPaths) -> list[PackEntry]:
    """Every pack that there is, verified; ``chosen`` marks the one of the settings."""
    wanted = load_settings(paths.settings).pack or BUNDLED
    return [_entry(name, folder, name == wanted, paths) for name, folder in pack_folders(paths).items()]


def chosen_pack(paths: DataPaths) -> ChosenPack:
    """The pack to use: ``$PHOTOFINDER_PACK``, else the one of the settings, else (and instead) the bundled one.

    Raises PackDamaged when the bundled one, or the one of the environment, cannot be used; what keeps a chosen one
    from being used is returned.
    """
    if folder := os.environ.get(PACK_VARIABLE):
        return ChosenPack(load_pack(Path(folder), paths.weights))
    name = load_settings(paths.settings).pack or BUNDLED
    if name == BUNDLED:
        return ChosenPack(load_pack(resource("models", BUNDLED)))
    try:
        return ChosenPack(_load(name, paths))
    except PhotoFinderError as error:
        return ChosenPack(load_pack(resource("models", BUNDLED)), error)


def fallback_sentence(problem: PhotoFinderError, language: str) -> str:
    """One sentence: that the bundled pack goes on, and why."""
    why = sentence(problem, language)
    if isinstance(problem, PackDamaged):  # one that the person added: installing the program again does not mend it
        name, where = problem.path.name, shown_path(problem.path)
        why = pick(
            language,
            f"el modelo «{name}» está dañado; cópialo otra vez en «{where}» o elige otro.",
            f"the model “{name}” is damaged; copy it to “{where}” again or choose another.",
        )
    begin = pick(language, "Se usa el modelo incluido", "The bundled model is used")
    return f"{begin}: {why[0].lower()}{why[1:]}"


def use_pack(paths: DataPaths, name: str) -> Pack:
    """Choose a pack for the window and the command line from now on.

    Raises PackUnknown, PackDamaged, WeightsMissing or WeightsRejected, and what saving settings raises.
    """
    pack = _load(name, paths)
    stored = "" if name == BUNDLED else name
    save_settings(paths.settings, replace(load_settings(paths.settings), pack=stored))
    return pack


def consent_needed(paths: DataPaths, name: str) -> Consent | None:
    """What to ask the person before ``get_pack`` may download: name its ``host`` and ``bytes``, then pass it on.

    None when nothing has to be downloaded. Raises PackUnknown or PackDamaged.
    """
    official = read_pack(_folder(name, paths)).official
    if official is None:
        return None
    try:
        converted = is_converted(official, paths.weights)
    except WeightsRejected:
        converted = False
    return None if converted else Consent(official.url, official.bytes)


def get_pack(
    paths: DataPaths, name: str, consent: Consent | None = None, weights: Path | None = None
) -> Generator[Downloaded | Checking, None, Pack]:
    """Make a pack ready: its official weights from a file of the person's, or from the network with their yes.

    Close it to stop; a later call goes on. Raises ConsentMissing, DownloadFailed, WeightsRejected, PackUnknown,
    PackDamaged, DiskFull or DataFolderUnwritable; nothing that is in use changes unless it ends well.
    """
    folder = _folder(name, paths)
    official = read_pack(folder).official
    if official is not None:
        expected = read_fingerprint(folder)
        wanted = consent_needed(paths, name)
        if weights is None and wanted is None:
            yield Checking()
            with our_disk(paths.weights):
                if not _is_ready(folder, paths):
                    confirm(official, paths.weights, expected)
        elif weights is None and consent != wanted:
            raise ConsentMissing(name, official.host)
        else:
            yield from fetch_weights(official, paths.weights, expected, consent, weights)
    return load_pack(folder, paths.weights)


def _is_ready(folder: Path, paths: DataPaths) -> bool:
    try:
        load_pack(folder, paths.weights)
    except (WeightsMissing, WeightsRejected):
        return False
    return True


def _entry(name: str, folder: Path, chosen: bool, paths: DataPaths) -> PackEntry:
    try:
        pack = read_pack(folder)
    except PackDamaged as error:
        return PackEntry(name, folder, chosen, error)
    problem: PhotoFinderError | None = None
    try:
        load_pack(folder, paths.weights)
    except PhotoFinderError as error:
        problem = error
    if pack.official is None:
        return PackEntry(name, folder, chosen, problem)
    return PackEntry(name, folder, chosen, problem, pack.official.host, pack.official.bytes, pack.official.file)


def _load(name: str, paths: DataPaths) -> Pack:
    return load_pack(_folder(name, paths), paths.weights)


def _folder(name: str, paths: DataPaths) -> Path:
    folders = pack_folders(paths)
    if name not in folders:
        raise PackUnknown(name, tuple(folders))
    return folders[name]
