"""The steps of the installation, in order; each can be repeated, and what is done already is not done again."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import system
from failures import Failure, explain_pip, libraries_missing, missing_libraries, no_space
from pip_runner import Say, run_pip, say_in

ROOT = Path(__file__).resolve().parent.parent
VENV = ".venv"
STAMP = "photofinder-install.json"
LOG = "photofinder-install.log"
CONSTRAINTS = "photofinder-constraints.txt"

# Asked of the environment's own Python: which of our requirements are met, and whether torch is a CUDA build.
_STATE_PROBE = """
import json, sys
from importlib import metadata
from pip._vendor.packaging.requirements import Requirement
state = {}
for text in sys.argv[1:]:
    wanted = Requirement(text)
    try:
        found = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        continue
    if wanted.specifier.contains(found, prereleases=True):
        needs = metadata.requires(wanted.name) or []
        state[wanted.name] = {"version": found, "cuda": any(n.startswith(("nvidia-", "cuda-")) for n in needs)}
print(json.dumps(state))
"""

_QT_PROBE = """
import sys
from PySide6.QtWidgets import QApplication
QApplication(sys.argv[:1])
"""


@dataclass(frozen=True, slots=True)
class Environment:
    """The virtual environment of one checkout."""

    root: Path

    @property
    def folder(self) -> Path:
        """``.venv`` in the checkout."""
        return self.root / VENV

    @property
    def log(self) -> Path:
        """Everything pip said."""
        return self.folder / LOG

    @property
    def python(self) -> Path:
        """The environment's interpreter."""
        return self.script("python")

    def script(self, name: str) -> Path:
        """Path of a command installed in the environment."""
        return self.folder / ("Scripts" if os.name == "nt" else "bin") / (f"{name}.exe" if os.name == "nt" else name)


def main(arguments: Sequence[str], language: str, root: Path = ROOT) -> int:
    """Install what is missing, then open the window or run the tests. Returns the exit status."""
    options = _parse(arguments, language)
    say = say_in(language)
    environment = Environment(root)
    try:
        folder = _photo_folder(options.folder)
        install(environment, options, say)
        if options.test:
            return run_checks(environment, say)
        return 0 if options.no_open else open_window(environment, folder, say)
    except Failure as failure:
        print(failure.sentence(language), file=sys.stderr)
    except KeyboardInterrupt:
        say(
            "Interrumpido: repite esta orden y seguirá donde estaba.",
            "Interrupted: repeat this command and it goes on where it was.",
        )
        return 130
    except OSError as error:
        print(_system_error(error, root).sentence(language), file=sys.stderr)
    return 1


def install(environment: Environment, options: argparse.Namespace, say: Say) -> None:
    """Bring the environment to what ``pyproject.toml`` asks for. Raises Failure."""
    root = environment.root
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = ["test"] if options.test else []
    if _is_current(environment, options, extras):
        return
    system.check_venv_module()
    requirements = {name: _requirement(project, name) for name in ("torch", "annoy")}
    state = _prepare_environment(environment, requirements, options, say)
    torch = state.get("torch")
    if "annoy" not in state:
        # a minute of compiling before gigabytes of downloads: what can fail for want of a package fails first
        say("Preparando annoy (se compila aquí)…", "Preparing annoy (it is compiled here)…")
        _pip(environment, ["install", requirements["annoy"]], say)
    chosen = torch["version"] if torch else _choose_torch(environment, options)
    brings_cuda = sys.platform.startswith("linux") and chosen is None
    system.check_room(root, system.KEPT_TORCH_GB if torch else system.CUDA_GB if brings_cuda else system.CPU_GB)
    if brings_cuda:
        say(
            "Descargando PyTorch con CUDA y lo demás: 5,4 GB una vez instalado (sin tarjeta NVIDIA basta --cpu)…",
            "Downloading PyTorch with CUDA and the rest: 5.4 GB once installed (without an NVIDIA card use --cpu)…",
        )
    else:
        say("Descargando e instalando lo que falta…", "Downloading and installing what is missing…")
    arguments = ["install", "--editable", f"{root}[{','.join(extras)}]" if extras else str(root)]
    if chosen is not None:
        constraints = environment.folder / CONSTRAINTS
        constraints.write_text(f"torch=={chosen}\n", encoding="utf-8")
        arguments += ["--constraint", str(constraints)]
    _pip(environment, arguments, say)
    say("Comprobando la ventana…", "Checking the window…")
    check_qt(environment)
    _write_stamp(environment, extras)
    say("PhotoFinder está instalado.", "PhotoFinder is installed.")


def check_qt(environment: Environment) -> None:
    """Raises Failure, naming the packages, where Qt cannot start on this system."""
    pyside = subprocess.run(
        [str(environment.python), "-c", "import PySide6; print(PySide6.__path__[0])"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    libraries = system.missing_qt_libraries(Path(pyside.stdout.strip()) / "Qt") if pyside.stdout.strip() else []
    trial = subprocess.run(
        [str(environment.python), "-c", _QT_PROBE], capture_output=True, text=True, check=False,
        errors="replace", env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    if trial.returncode != 0:
        with open(environment.log, "a", encoding="utf-8") as file:
            file.write(f"\n{pyside.stderr}\n{trial.stderr}\n")
        libraries = libraries or missing_libraries(trial.stderr)
    if libraries:
        raise libraries_missing(libraries, system.family())
    if trial.returncode != 0:
        raise Failure(
            "Qt, la biblioteca de la ventana, no arranca en este sistema: el motivo está al final de "
            f"{environment.log}.",
            f"Qt, the window's library, does not start on this system: the reason is at the end of {environment.log}.",
        )


def open_window(environment: Environment, folder: Path | None, say: Say) -> int:
    """Start the program on ``folder`` (None: it proposes the Pictures folder) and return its exit status."""
    command = [str(environment.script("photofinder")), "gui", *([] if folder is None else [str(folder)])]
    if not system.has_screen():
        say(
            "Todo está instalado, pero aquí no hay sesión gráfica: abre el programa desde una con "
            f"«{environment.script('photofinder')}».",
            "All is installed, but there is no graphical session here: open the program from one with "
            f"“{environment.script('photofinder')}”.",
        )
        return 0
    say("Abriendo PhotoFinder…", "Opening PhotoFinder…")
    if os.name == "nt":
        return subprocess.call(command)
    os.execv(command[0], command)


def run_checks(environment: Environment, say: Say) -> int:
    """The project's checks, the tests last; 0 when all pass."""
    python = str(environment.python)
    checks = {
        "ruff": [python, "-m", "ruff", "check"],
        "ruff format": [python, "-m", "ruff", "format", "--check"],
        "mypy": [python, "-m", "mypy"],
        "import-linter": [str(environment.script("lint-imports"))],
        "pytest": [python, "-m", "pytest", "--numprocesses", "auto", "--dist", "worksteal"],
    }
    variables = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
    failed = []
    for name, command in checks.items():
        say(f"— {name}", f"— {name}")
        if subprocess.call(command, cwd=environment.root, env=variables, stdin=subprocess.DEVNULL) != 0:
            failed.append(name)
    if failed:
        say(f"No pasan: {', '.join(failed)}", f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def _parse(arguments: Sequence[str], language: str) -> argparse.Namespace:
    english = language == "en"
    parser = argparse.ArgumentParser(
        prog="install.py",
        description="Sets PhotoFinder up in .venv and opens it."
        if english
        else "Prepara PhotoFinder en .venv y lo abre.",
    )

    def add(name: str, es: str, en: str, **more: Any) -> None:
        parser.add_argument(name, help=en if english else es, **more)

    add("folder", "carpeta de fotos que abrir", "folder of photos to open", nargs="?", type=Path)
    add("--cpu", "PyTorch sin CUDA, mucho más pequeño", "PyTorch without CUDA, much smaller", action="store_true")
    add("--torch", "esta versión de PyTorch", "this version of PyTorch", metavar="VERSION")
    add("--no-open", "solo instalar", "only install", action="store_true")
    add(
        "--test",
        "instalar también lo de desarrollo y pasar las pruebas",
        "install what developers need too and run the tests",
        action="store_true",
    )
    add("--language", "idioma de los mensajes", "language of the messages", choices=["es", "en"])
    return parser.parse_args(arguments)


def _photo_folder(folder: Path | None) -> Path | None:
    """The folder to open, absolute. Checked before anything is downloaded for it."""
    if folder is None:
        return None
    folder = folder.expanduser().absolute()
    if not folder.is_dir():
        raise Failure(
            f"No existe la carpeta {folder}: comprueba el nombre, o repite la orden sin carpeta y elígela en la "
            "ventana.",
            f"There is no folder {folder}: check its name, or repeat the command without one and choose it in the "
            "window.",
        )
    return folder


def _requirement(project: dict[str, Any], name: str) -> str:
    dependencies: list[str] = project["dependencies"]
    return next(text for text in dependencies if text.lower().startswith(name))


def _prepare_environment(
    environment: Environment, requirements: dict[str, str], options: argparse.Namespace, say: Say
) -> dict[str, Any]:
    """Make ``.venv``, or keep the one there if it is sound and its torch is the one asked for; what it has."""
    folder = environment.folder
    if folder.exists() and not (folder / "pyvenv.cfg").is_file() and any(folder.iterdir()):
        raise Failure(
            f"{folder} existe y no es un entorno de Python: muévelo o bórralo y repite esta orden.",
            f"{folder} exists and is not a Python environment: move or delete it and repeat this command.",
        )
    state = _state(environment, requirements)
    torch = None if state is None else state.get("torch")
    if torch and options.cpu and torch["cuda"]:
        state = None  # made anew: gigabytes of CUDA libraries would stay behind an uninstalled torch
    if state is None:
        say(f"Creando el entorno {folder}…", f"Creating the environment {folder}…")
        if folder.exists():
            shutil.rmtree(folder)
        answer = subprocess.run(
            [sys.executable, "-m", "venv", str(folder)], capture_output=True, text=True, check=False, errors="replace"
        )
        if answer.returncode != 0:
            raise _venv_failure(environment.root, answer.stdout + answer.stderr)
        return {}
    if torch and options.torch and torch["version"].split("+")[0] != options.torch.split("+")[0]:
        del state["torch"]
    return state


def _state(environment: Environment, requirements: dict[str, str]) -> dict[str, Any] | None:
    """What the environment has of ``requirements``; None when it is absent, broken or of another Python or place."""
    try:
        answer = subprocess.run(
            [str(environment.python), "-c", _STATE_PROBE, *requirements.values()],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        version = subprocess.run(
            [str(environment.python), "-c", "import sys; print(sys.version_info[:2], sys.prefix)"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except OSError:
        return None
    if answer.returncode != 0 or version.stdout.strip() != f"{sys.version_info[:2]} {environment.folder}":
        return None
    state: dict[str, Any] = json.loads(answer.stdout)
    return state


def _venv_failure(root: Path, output: str) -> Failure:
    if "No space left" in output:
        return no_space(root)
    if "ensurepip" in output:
        return system.venv_module_missing()
    last = output.strip().splitlines()[-1] if output.strip() else "?"
    return Failure(
        f"No se pudo crear el entorno {root / VENV} ({last}): comprueba que la carpeta se puede escribir.",
        f"The environment {root / VENV} could not be created ({last}): check that the folder can be written.",
    )


def _choose_torch(environment: Environment, options: argparse.Namespace) -> str | None:
    """The exact version of torch to install, or None for pip's choice. Raises Failure.

    Without an NVIDIA card CUDA is of no use: if pip, as the person configured it, knows a build for the processor,
    that is taken without being asked for.
    """
    if options.torch:
        return str(options.torch)
    if not sys.platform.startswith("linux") or (system.has_nvidia() and not options.cpu):
        return None  # for macOS and Windows the registry's builds are for the processor already
    _, output = run_pip(environment.python, ["index", "versions", "torch"], environment.log, _quietly)
    listed = next((line for line in output.splitlines() if line.startswith("Available versions:")), "")
    versions = listed.removeprefix("Available versions:").replace(",", " ").split()
    if not versions and options.cpu:
        raise explain_pip(output, environment.log, environment.root, system.build_tools())
    cpu = next((version for version in versions if version.endswith("+cpu")), None)
    if cpu is None and options.cpu:
        raise Failure(
            "El registro de paquetes solo ofrece PyTorch con CUDA para Linux: en la página «Start Locally» de "
            "PyTorch elige "
            "Linux, Pip, CPU y repite esta orden con la dirección que allí sigue a --index-url en la variable "
            "PIP_EXTRA_INDEX_URL.",
            "The package registry has PyTorch for Linux with CUDA only: on PyTorch's page “Start Locally” choose "
            "Linux, "
            "Pip, CPU and repeat this command with the address that follows --index-url there in the variable "
            "PIP_EXTRA_INDEX_URL.",
        )
    return cpu


def _quietly(es: str, en: str) -> None:
    """Say nothing: asking for versions takes a second."""


def _pip(environment: Environment, arguments: Sequence[str], say: Say) -> None:
    variables = {}
    compiler_arguments = system.annoy_compiler_arguments()
    if compiler_arguments and "ANNOY_COMPILER_ARGS" not in os.environ:
        variables["ANNOY_COMPILER_ARGS"] = compiler_arguments
    good, output = run_pip(environment.python, arguments, environment.log, say, variables)
    if not good:
        raise explain_pip(output, environment.log, environment.root, system.build_tools())


def _stamp(environment: Environment) -> dict[str, Any]:
    """What an up-to-date environment remembers: the project file, the place, the interpreter."""
    project = (environment.root / "pyproject.toml").read_bytes()
    return {
        "pyproject": hashlib.sha256(project).hexdigest(),
        "root": str(environment.root),
        "python": list(sys.version_info[:2]),
    }


def _write_stamp(environment: Environment, extras: list[str]) -> None:
    content = {**_stamp(environment), "extras": extras}
    (environment.folder / STAMP).write_text(json.dumps(content), encoding="utf-8")


def _is_current(environment: Environment, options: argparse.Namespace, extras: list[str]) -> bool:
    """Whether nothing has to be done: the second start must not take longer than the window itself."""
    if options.cpu or options.torch or not environment.python.exists():
        return False
    try:
        found = json.loads((environment.folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    known = found.pop("extras", []) if isinstance(found, dict) else []
    return bool(found == _stamp(environment) and set(extras) <= set(known))


def _system_error(error: OSError, root: Path) -> Failure:
    if error.errno == 28:
        return no_space(root)
    place = error.filename or root
    return Failure(
        f"El sistema no dejó usar {place} ({error.strerror}): comprueba los permisos y repite esta orden.",
        f"The system did not allow the use of {place} ({error.strerror}): check permissions and repeat this command.",
    )
