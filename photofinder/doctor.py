"""Is everything there that the program needs? One sentence a check, with what to do where something is wrong.

Whatever may be broken is tried in a process of its own (``photofinder.probes``), and a check that fails in a way
nobody foresaw is a finding too: the doctor itself never fails.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import photofinder
from photofinder.cores import usable_cores
from photofinder.errors import DataFolderUnwritable, PhotoFinderError
from photofinder.messages import (
    counted,
    missing_library,
    missing_library_sentence,
    number,
    pick,
    sentence,
    shown_path,
)
from photofinder.paths import DataPaths, data_paths
from photofinder.probes import probe_command

BOTH_TORCHES = "pip install --force-reinstall torch torchvision"
PYTHONS = ((3, 11), (3, 14))
"""The first version that is supported, and the first that is not."""
LITTLE_ROOM_BYTES = 2_000_000_000
NO_ROOM_BYTES = 100_000_000
PROBE_TIMEOUT_S = 120.0

_log = logging.getLogger(__name__)


class Status(StrEnum):
    """How a check ended; any ``PROBLEM`` makes the doctor's exit code 1."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Check:
    """A finding: which check, how it ended, and one sentence in the person's language."""

    check: str
    status: Status
    sentence: str

    def as_json(self) -> dict[str, str]:
        """An element of the list that ``photofinder doctor --json`` prints."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Probe:
    """What a probe found, or the end of what it complained about; ``killed`` is the signal that ended it, or 0."""

    found: dict[str, Any] | None
    complaint: str = ""
    killed: int = 0


def examine(paths: DataPaths, language: str = "es") -> Iterator[Check]:
    """All checks, one after the other; some take seconds. Never raises."""
    checks: dict[str, Callable[[], Check]] = {
        "python": lambda: check_python(language),
        "processor": lambda: check_processor(language),
        "windows": lambda: check_windows(run_probe("qt"), language),
        "torch": lambda: check_torch(run_probe("torch"), language),
        "torchvision": lambda: check_torchvision(run_probe("torchvision"), language),
        "annoy": lambda: check_annoy(run_probe("annoy"), language),
        "opencv": lambda: check_opencv(run_probe("opencv"), language),
        "formats": lambda: check_formats(run_probe("formats"), language),
        "pack": lambda: check_pack(language, paths),
        "network": lambda: check_network(run_probe("network"), language),
        "connection": lambda: check_connection(run_probe("connection"), language),
        "data": lambda: check_folders(paths, language),
        "room": lambda: check_room(paths, language),
        "catalog": lambda: check_catalog(paths, language),
    }
    for name, check in checks.items():
        try:
            yield check()
        except Exception as error:  # noqa: BLE001 - an unforeseen failure is a finding like any other
            _log.exception("check %s failed", name)
            yield Check(name, Status.PROBLEM, _could_not_check(name, error, language))


def run_probe(name: str) -> Probe:
    """Try something in a process of its own; at most two minutes."""
    try:
        done = subprocess.run(
            probe_command(name),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_TIMEOUT_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no console that flashes up
        )
    except subprocess.TimeoutExpired:
        return Probe(None, "timeout")
    complaint = done.stderr.decode("utf-8", "replace").strip()
    answer = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode == 0 and answer:
        # a library may greet on stdout; the answer is the last line
        return Probe(json.loads(answer.splitlines()[-1]), complaint)
    return Probe(None, complaint, killed=max(0, -done.returncode))


def check_python(language: str, version: tuple[int, int] = sys.version_info[:2]) -> Check:
    """PhotoFinder, Python and the system."""
    text = f"PhotoFinder {photofinder.__version__}, Python {platform.python_version()}, {platform.platform()}"
    if PYTHONS[0] <= version < PYTHONS[1]:
        return Check("python", Status.OK, f"{text}.")
    advice = pick(
        language,
        f"{text}: esta versión de Python no está probada; usa Python 3.11, 3.12 o 3.13.",
        f"{text}: this version of Python is not tested; use Python 3.11, 3.12 or 3.13.",
    )
    return Check("python", Status.WARNING, advice)


def check_processor(language: str) -> Check:
    """How many cores analysing may use."""
    cores = usable_cores()
    text = pick(language, counted(cores, "núcleo", "núcleos"), counted(cores, "core", "cores", language))
    return Check("processor", Status.OK, f"{text} ({platform.machine()}).")


def check_windows(probe: Probe, language: str) -> Check:
    """PySide6 and the system libraries under it."""
    library = probe.found["missing"] if probe.found is not None else missing_library(probe.complaint)
    if library is not None:
        status = Status.PROBLEM if probe.found is None else Status.WARNING
        return Check("windows", status, missing_library_sentence(library, language))
    if probe.found is not None:
        return Check("windows", Status.OK, _version("PySide6", probe, language))
    return _broken_library("windows", "PySide6", "pip install --force-reinstall PySide6-Essentials", probe, language)


def check_torch(probe: Probe, language: str) -> Check:
    """torch, which analyses photos; searching does without it."""
    if probe.found is not None:
        return Check("torch", Status.OK, _version("torch", probe, language))
    return _broken_library("torch", "torch", BOTH_TORCHES, probe, language)


def check_torchvision(probe: Probe, language: str) -> Check:
    """torchvision; a build for another torch is worked around (``model.torchvision_models``), but better replaced."""
    if probe.found is not None:
        return Check("torchvision", Status.OK, _version("torchvision", probe, language))
    if "operator torchvision::nms does not exist" in probe.complaint:
        text = pick(
            language,
            "torchvision no es de la misma variante que torch (CPU contra CUDA), y PhotoFinder se arregla con eso; "
            f"para quitarlo de en medio, instálalos juntos con «{BOTH_TORCHES}», o como dice el README para solo CPU.",
            "torchvision is not of the same build as torch (CPU against CUDA), and PhotoFinder copes; "
            f"to mend it, install both together with “{BOTH_TORCHES}”, or as the README says for CPU only.",
        )
        return Check("torchvision", Status.WARNING, text)
    broken = _broken_library("torchvision", "torchvision", BOTH_TORCHES, probe, language)
    return Check(broken.check, Status.WARNING, broken.sentence)


def check_annoy(probe: Probe, language: str) -> Check:
    """annoy, which only libraries of more than 150,000 photos use."""
    if probe.found is not None:
        return Check("annoy", Status.OK, pick(language, "annoy funciona.", "annoy works."))
    how = "pip install --force-reinstall --no-cache-dir --no-binary annoy annoy"
    if probe.killed:
        text = pick(
            language,
            f"annoy se compiló para otro procesador y se cierra; recompílalo con «{how}».",
            f"annoy was compiled for another processor and dies; compile it again with “{how}”.",
        )
        return Check("annoy", Status.PROBLEM, text)
    text = pick(
        language,
        f"annoy no se puede usar y las bibliotecas enormes irán más despacio; instala un compilador de C++ "
        f"(sudo apt install g++, sudo dnf install gcc-c++) y ejecuta «{how}».",
        f"annoy cannot be used and huge libraries will be slower; install a C++ compiler "
        f"(sudo apt install g++, sudo dnf install gcc-c++) and run “{how}”.",
    )
    return Check("annoy", Status.WARNING, text)


def check_opencv(probe: Probe, language: str) -> Check:
    """OpenCV without windows of its own, which «the same object» alone uses."""
    how = "pip install --force-reinstall opencv-python-headless"
    if probe.found is None:
        broken = _broken_library("opencv", "OpenCV", how, probe, language)
        return broken if probe.killed else Check("opencv", Status.WARNING, broken.sentence)
    if probe.found["windows"]:
        text = pick(
            language,
            "Este OpenCV trae un Qt propio que puede impedir que se abra la ventana; cámbialo con "
            f"«pip uninstall opencv-python» y «{how}».",
            "This OpenCV brings a Qt of its own, which may keep the window from opening; replace it with "
            f"“pip uninstall opencv-python” and “{how}”.",
        )
        return Check("opencv", Status.WARNING, text)
    return Check("opencv", Status.OK, _version("OpenCV", probe, language))


def check_formats(probe: Probe, language: str) -> Check:
    """HEIC (iPhone) and AVIF."""
    if probe.found is None:
        return _broken_library("formats", "Pillow", "pip install --force-reinstall pillow", probe, language)
    lacking = {"pillow-heif": ("HEIC", probe.found["heif"]), "pillow": ("AVIF", probe.found["avif"])}
    missing = {package: kind for package, (kind, there) in lacking.items() if not there}
    if not missing:
        versions = f"Pillow {probe.found['pillow']}, pillow-heif {probe.found['heif']}"
        return Check(
            "formats", Status.OK, pick(language, f"Lee HEIC y AVIF ({versions}).", f"Reads HEIC and AVIF ({versions}).")
        )
    kinds, packages = ", ".join(missing.values()), " ".join(missing)
    text = pick(
        language,
        f"No se leerán las fotos {kinds}; instala lo que falta con «pip install --upgrade {packages}».",
        f"{kinds} photos will not be read; install what is missing with “pip install --upgrade {packages}”.",
    )
    return Check("formats", Status.PROBLEM, text)


def check_pack(language: str, paths: DataPaths | None = None) -> Check:
    """The chosen model pack: complete, with the right checksums, and with a calibration."""
    from photofinder.model.packs import chosen_pack, fallback_sentence
    from photofinder.search.calibration import calibration, similar_weights

    try:
        chosen = chosen_pack(paths or data_paths())
        pack = chosen.pack
        calibration(pack, "text"), calibration(pack, "photo"), similar_weights(pack)
    except PhotoFinderError as error:
        return Check("pack", Status.PROBLEM, sentence(error, language))
    if chosen.problem is not None:
        return Check("pack", Status.WARNING, fallback_sentence(chosen.problem, language))
    text = pick(
        language,
        f"El modelo de búsqueda «{pack.name}» está completo (huella {pack.fingerprint}).",
        f"The search model “{pack.name}” is complete (fingerprint {pack.fingerprint}).",
    )
    return Check("pack", Status.OK, text)


def check_network(probe: Probe, language: str) -> Check:
    """How fast photos are analysed here."""
    if probe.found is None:
        text = pick(
            language,
            "No se pueden analizar fotos; resuelve lo que dicen las líneas de torch y del modelo.",
            "Photos cannot be analysed; solve what the lines about torch and the model say.",
        )
        return Check("network", Status.PROBLEM, text)
    rate = number(probe.found["photos_per_second"], language)
    kind = probe.found["kind"]
    text = pick(
        language,
        f"La red analiza {rate} fotos por segundo en este equipo (en {kind}).",
        f"The network analyses {rate} photos a second on this machine (in {kind}).",
    )
    return Check("network", Status.OK, text)


def check_connection(probe: Probe, language: str) -> Check:
    """Nothing leaves the machine: connections are refused, and searching loads nothing that makes one."""
    found = probe.found or {"loaded": ()}
    loaded = ", ".join(found["loaded"])
    if probe.found is None:
        status = Status.PROBLEM
        es = "No se ha podido comprobar que nada sale de este equipo; vuelve a instalar PhotoFinder."
        en = "Whether nothing leaves this machine could not be checked; install PhotoFinder again."
    elif not found["refused"]:
        status = Status.PROBLEM
        es = "El programa no ha rechazado una conexión de prueba a este mismo equipo; vuelve a instalar PhotoFinder."
        en = "The program did not refuse a trial connection to this very machine; install PhotoFinder again."
    elif loaded:
        status = Status.WARNING
        es = f"Las conexiones se rechazan, pero buscar carga módulos de red ({loaded}); vuelve a instalar PhotoFinder."
        en = f"Connections are refused, but searching loads network modules ({loaded}); install PhotoFinder again."
    else:
        status = Status.OK
        es = "Nada sale de este equipo sin «--store» o «--dask»: rechaza una conexión de prueba y buscar no carga red."
        en = "Nothing leaves this machine without --store or --dask: a trial connection was refused; no network loaded."
    return Check("connection", status, pick(language, es, en))


def check_folders(paths: DataPaths, language: str) -> Check:
    """Whether our own folders can be written. Nothing is left behind, not even the folders."""
    for folder in (paths.data, paths.cache, paths.config, paths.state):
        try:
            with tempfile.TemporaryFile(dir=_nearest_existing(folder)):
                pass
        except OSError:
            return Check("data", Status.PROBLEM, sentence(DataFolderUnwritable(folder), language))
    where = shown_path(paths.data)
    return Check("data", Status.OK, pick(language, f"Los datos van en «{where}».", f"Data goes to “{where}”."))


def check_room(paths: DataPaths, language: str, free: int | None = None) -> Check:
    """Free space where data and thumbnails go; ``free`` in bytes stands in for the disk's own figure."""
    if free is None:
        free = min(shutil.disk_usage(_nearest_existing(folder)).free for folder in (paths.data, paths.cache))
    gigabytes = number(free / 1e9, language, 1)
    if free >= LITTLE_ROOM_BYTES:
        return Check("room", Status.OK, pick(language, f"Quedan {gigabytes} GB libres.", f"{gigabytes} GB are free."))
    text = pick(
        language,
        f"Solo quedan {gigabytes} GB libres; libera espacio antes de analizar (20 KB por foto, con miniaturas).",
        f"Only {gigabytes} GB are free; make room before analysing (20 KB a photo, with thumbnails).",
    )
    return Check("room", Status.PROBLEM if free < NO_ROOM_BYTES else Status.WARNING, text)


def check_catalog(paths: DataPaths, language: str) -> Check:
    """The catalogue read as a whole; it is not created."""
    if not paths.catalog.exists():
        text = pick(
            language,
            "Todavía no hay catálogo; se creará al analizar la primera carpeta.",
            "There is no catalogue yet; analysing the first folder will create it.",
        )
        return Check("catalog", Status.OK, text)
    from photofinder.library.catalog import Catalog
    from photofinder.library.schema import Database

    try:
        database = Database(paths.catalog, writer=False)
        try:
            database.check()
        finally:
            database.close()
        with Catalog.open(paths.catalog) as catalog:
            counts = catalog.counts()
            offline = [folder.path for folder in catalog.folders() if not folder.online]
    except PhotoFinderError as error:
        return Check("catalog", Status.PROBLEM, sentence(error, language))
    figures = [number(figure, language) for figure in (counts.analysed, counts.failed, counts.missing)]
    text = pick(
        language,
        "El catálogo está sano: {}, {} analizadas, {} que no se pudieron leer y {} no encontradas",
        "The catalogue is sound: {}, {} analysed, {} that could not be read and {} not found",
    ).format(
        pick(
            language,
            counted(counts.photos, "foto", "fotos"),
            counted(counts.photos, "photo", "photos", language),
        ),
        *figures,
    )
    if not offline:
        return Check("catalog", Status.OK, f"{text}.")
    names = ", ".join(shown_path(path) for path in offline)
    text += pick(language, f"; sin conexión: {names}; conecta el disco.", f"; offline: {names}; connect the drive.")
    return Check("catalog", Status.WARNING, text)


def _version(name: str, probe: Probe, language: str) -> str:
    version = (probe.found or {})["version"]
    return pick(language, f"{name} {version} funciona.", f"{name} {version} works.")


def _broken_library(check: str, name: str, how: str, probe: Probe, language: str) -> Check:
    last = shown_path(probe.complaint.splitlines()[-1][:200]) if probe.complaint else f"-{probe.killed}"
    text = pick(
        language,
        f"{name} no se puede usar ({last}); instálalo otra vez con «{how}».",
        f"{name} cannot be used ({last}); install it again with “{how}”.",
    )
    return Check(check, Status.PROBLEM, text)


def _could_not_check(name: str, error: Exception, language: str) -> str:
    what = shown_path(f"{type(error).__name__}: {error}")
    return pick(
        language,
        f"No se ha podido comprobar «{name}» ({what}); mira el archivo de registro.",
        f"“{name}” could not be checked ({what}); look into the log file.",
    )


def _nearest_existing(folder: Path) -> Path:
    """The folder itself, or the first one above it that exists: that is where it would be created."""
    return next(place for place in (folder, *folder.parents) if os.path.lexists(place))
