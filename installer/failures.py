"""What can go wrong while installing, as one sentence with a way out, in Spanish and English."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class Failure(Exception):
    """The installation cannot go on; ``sentence(language)`` is all a person needs to read."""

    def __init__(self, es: str, en: str) -> None:
        super().__init__(es)
        self._sentences = {"es": es, "en": en}

    def sentence(self, language: str) -> str:
        """The sentence in ``"es"`` or ``"en"``."""
        return self._sentences[language]


@dataclass(frozen=True, slots=True)
class Packages:
    """The name of one thing in each family of Linux distributions; ``""``: it comes with something else."""

    debian: str
    fedora: str
    arch: str


COMPILER = Packages("build-essential", "gcc-c++", "gcc")

# Which package holds a library that Qt needs and a bare system lacks.
LIBRARIES = {
    "libEGL.so.1": Packages("libegl1", "libglvnd-egl", "libglvnd"),
    "libGL.so.1": Packages("libgl1", "libglvnd-glx", "libglvnd"),
    "libGLX.so.0": Packages("libglx0", "libglvnd-glx", "libglvnd"),
    "libOpenGL.so.0": Packages("libopengl0", "libglvnd-opengl", "libglvnd"),
    "libX11.so.6": Packages("libx11-6", "libX11", "libx11"),
    "libX11-xcb.so.1": Packages("libx11-xcb1", "libX11-xcb", "libx11"),
    "libICE.so.6": Packages("libice6", "libICE", "libice"),
    "libSM.so.6": Packages("libsm6", "libSM", "libsm"),
    "libxkbcommon.so.0": Packages("libxkbcommon0", "libxkbcommon", "libxkbcommon"),
    "libxkbcommon-x11.so.0": Packages("libxkbcommon-x11-0", "libxkbcommon-x11", "libxkbcommon-x11"),
    "libdbus-1.so.3": Packages("libdbus-1-3", "dbus-libs", "dbus"),
    "libfontconfig.so.1": Packages("libfontconfig1", "fontconfig", "fontconfig"),
    "libfreetype.so.6": Packages("libfreetype6", "freetype", "freetype2"),
    "libglib-2.0.so.0": Packages("libglib2.0-0", "glib2", "glib2"),
    "libgthread-2.0.so.0": Packages("libglib2.0-0", "glib2", "glib2"),
    "libgssapi_krb5.so.2": Packages("libgssapi-krb5-2", "krb5-libs", "krb5"),
    "libwayland-client.so.0": Packages("libwayland-client0", "libwayland-client", "wayland"),
    "libwayland-cursor.so.0": Packages("libwayland-cursor0", "libwayland-cursor", "wayland"),
    "libwayland-egl.so.1": Packages("libwayland-egl1", "libwayland-egl", "wayland"),
    "libxcb.so.1": Packages("libxcb1", "libxcb", "libxcb"),
    "libxcb-cursor.so.0": Packages("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor"),
    "libxcb-icccm.so.4": Packages("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm"),
    "libxcb-image.so.0": Packages("libxcb-image0", "xcb-util-image", "xcb-util-image"),
    "libxcb-keysyms.so.1": Packages("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms"),
    "libxcb-render-util.so.0": Packages("libxcb-render-util0", "xcb-util-renderutil", "xcb-util-renderutil"),
    "libxcb-util.so.1": Packages("libxcb-util1", "xcb-util", "xcb-util"),
    "libxcb-glx.so.0": Packages("libxcb-glx0", "libxcb", "libxcb"),
    "libxcb-randr.so.0": Packages("libxcb-randr0", "libxcb", "libxcb"),
    "libxcb-render.so.0": Packages("libxcb-render0", "libxcb", "libxcb"),
    "libxcb-shape.so.0": Packages("libxcb-shape0", "libxcb", "libxcb"),
    "libxcb-shm.so.0": Packages("libxcb-shm0", "libxcb", "libxcb"),
    "libxcb-sync.so.1": Packages("libxcb-sync1", "libxcb", "libxcb"),
    "libxcb-xfixes.so.0": Packages("libxcb-xfixes0", "libxcb", "libxcb"),
    "libxcb-xinput.so.0": Packages("libxcb-xinput0", "libxcb", "libxcb"),
    "libxcb-xkb.so.1": Packages("libxcb-xkb1", "libxcb", "libxcb"),
    "libstdc++.so.6": Packages("libstdc++6", "libstdc++", "gcc-libs"),
    "libz.so.1": Packages("zlib1g", "zlib", "zlib"),
    "libzstd.so.1": Packages("libzstd1", "libzstd", "zstd"),
}

_MISSING_LIBRARY = re.compile(r"(lib[\w.+-]+?\.so(?:\.\d+)*)(?:: cannot open shared object file| => not found)")


def missing_libraries(text: str) -> list[str]:
    """Names of the shared libraries that a loader's message or ``ldd`` calls missing, each once, in order."""
    return list(dict.fromkeys(_MISSING_LIBRARY.findall(text)))


def install_command(names: Iterable[Packages], family: str) -> str:
    """The command that installs the packages; ``family``: ``debian``, ``fedora``, ``arch`` or ``""`` (unknown)."""
    column = family or "debian"
    wanted = dict.fromkeys(getattr(name, column) for name in names)
    packages = " ".join(name for name in wanted if name)
    program = {"fedora": "dnf install", "arch": "pacman -S --needed"}.get(column, "apt install")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return f"{'' if root else 'sudo '}{program} {packages}"


def libraries_missing(libraries: list[str], family: str) -> Failure:
    """Qt cannot start: which packages to install."""
    known = [LIBRARIES[name] for name in libraries if name in LIBRARIES]
    names = ", ".join(libraries)
    if not known:
        return Failure(
            f"Al sistema le falta algo que la ventana necesita ({names}): instala el paquete que lo contiene y repite "
            "esta orden.",
            f"The system lacks something that the window needs ({names}): install the package that has it and repeat "
            "this command.",
        )
    command = install_command(known, family)
    hint_es, hint_en = _other_distribution(family)
    return Failure(
        f"Al sistema le falta algo que la ventana necesita ({names}): ejecuta «{command}»{hint_es} y repite "
        "esta orden.",
        f"The system lacks something that the window needs ({names}): run “{command}”{hint_en} and repeat "
        "this command.",
    )


def build_tools_missing(packages: list[Packages], platform: str, family: str) -> Failure:
    """annoy has to be compiled here and something for that is missing; ``platform`` is ``sys.platform``."""
    if platform == "win32":
        return Failure(
            "Falta un compilador de C++ para la biblioteca annoy: instala «Microsoft C++ Build Tools» (la carga de "
            "trabajo «Desarrollo para el escritorio con C++») y repite esta orden.",
            "A C++ compiler is missing for the annoy library: install “Microsoft C++ Build Tools” (the workload "
            "“Desktop development with C++”) and repeat this command.",
        )
    if platform == "darwin":
        command, hint_es, hint_en = "xcode-select --install", "", ""
    else:
        command = install_command(packages, family)
        hint_es, hint_en = _other_distribution(family)
    return Failure(
        "Falta con qué compilar la biblioteca annoy (C++ o las cabeceras de Python): "
        f"ejecuta «{command}»{hint_es} y repite esta orden.",
        "Something to compile the annoy library with is missing (C++ or Python's headers): "
        f"run “{command}”{hint_en} and repeat this command.",
    )


def no_network() -> Failure:
    """pip could not reach the package registry."""
    return Failure(
        "No se pudo llegar al registro de paquetes de Python: comprueba la conexión (o el proxy, variable "
        "HTTPS_PROXY) y "
        "repite esta orden; lo ya descargado se conserva.",
        "Python's package registry could not be reached: check the connection (or the proxy, variable "
        "HTTPS_PROXY) and "
        "repeat this command; what was downloaded is kept.",
    )


def no_space(folder: Path, needed_gb: float | None = None) -> Failure:
    """The disk is, or would be, full."""
    amount_es = "" if needed_gb is None else f" (hacen falta unos {needed_gb:g} GB)".replace(".", ",")
    amount_en = "" if needed_gb is None else f" (about {needed_gb:g} GB are needed)"
    return Failure(
        f"No queda sitio en el disco de {folder}{amount_es}: libera espacio, o instala la versión sin CUDA con "
        "--cpu, y "
        "repite esta orden.",
        f"The disk of {folder} has no room{amount_en}: free some, or install without CUDA with --cpu, and repeat "
        "this "
        "command.",
    )


# Searched in this order: pip reports the consequence ("No matching distribution") below the cause.
_SPACE = re.compile(r"No space left on device|Errno 28\b|Disk quota exceeded|Errno 122\b|WinError 112")
_CERTIFICATE = re.compile(r"CERTIFICATE_VERIFY_FAILED|SSLCertVerificationError|SSLError\(")
_NETWORK = re.compile(
    r"NewConnectionError|Failed to establish a new connection|Temporary failure in name resolution|getaddrinfo failed"
    r"|Name or service not known|ConnectTimeoutError|ReadTimeoutError|Max retries exceeded|ProxyError"
    r"|Connection refused"
    r"|Connection reset by peer|RemoteDisconnected|Network is unreachable|IncompleteRead|Read timed out"
)
_BUILD = re.compile(
    r"Failed building wheel for annoy|Failed to build \S*annoy|error: command '\S+' failed|Microsoft Visual C\+\+ 14"
    r"|invalid active developer path|Python\.h: No such file|cannot execute .?cc1plus"
)
_MEMORY = re.compile(r"^MemoryError|^killed$", re.MULTILINE)
_HASHES = re.compile(r"DO NOT MATCH THE HASHES|BadZipFile|File is not a zip file")
_PERMISSION = re.compile(r"Permission denied: '([^']+)'")
_CONFLICT = re.compile(r"ResolutionImpossible|conflicting dependencies")
_NO_VERSION = re.compile(r"No matching distribution found for ([^\s;]+)")


def explain_pip(output: str, log: Path, root: Path, build_tools: Failure | None) -> Failure:
    """Why pip failed, read from its output. ``build_tools``: what this machine lacks to compile; None for nothing."""
    if _SPACE.search(output):
        return no_space(root)
    if _CERTIFICATE.search(output):
        return Failure(
            "El certificado del registro de paquetes no es de confianza para este Python: comprueba la fecha del "
            "equipo, o "
            "indica el certificado de tu red con PIP_CERT, y repite esta orden.",
            "This Python does not trust the certificate of the package registry: check the computer's date, or "
            "name your "
            "network's certificate in PIP_CERT, and repeat this command.",
        )
    if _NETWORK.search(output):
        return no_network()
    if _MEMORY.search(output):
        return Failure(
            "Al equipo le faltó memoria para instalar: cierra otros programas y repite esta orden.",
            "The machine ran out of memory while installing: close other programs and repeat this command.",
        )
    if build_tools is not None and _BUILD.search(output):
        return build_tools
    if _HASHES.search(output):
        return Failure(
            "Una descarga llegó dañada: repite esta orden y se descargará de nuevo.",
            "A download arrived damaged: repeat this command and it is fetched again.",
        )
    if denied := _PERMISSION.search(output):
        return Failure(
            f"No hay permiso para escribir {denied[1]}: ejecuta la orden con el usuario dueño de la carpeta de "
            "PhotoFinder.",
            f"There is no permission to write {denied[1]}: run the command as the user who owns PhotoFinder's folder.",
        )
    if _CONFLICT.search(output):
        return Failure(
            "Las versiones pedidas no se pueden instalar juntas: repite la orden sin --torch (el detalle está en "
            f"{log}).",
            "The versions asked for do not go together: repeat the command without --torch (the details are in "
            f"{log}).",
        )
    if absent := _NO_VERSION.search(output):
        return Failure(
            f"El registro de paquetes no ofrece {absent[1]} para este sistema y este Python: prueba con otro "
            "Python (3.11, "
            f"3.12 o 3.13); el detalle está en {log}.",
            f"The package registry has no {absent[1]} for this system and this Python: try another Python (3.11, "
            "3.12 or "
            f"3.13); the details are in {log}.",
        )
    return Failure(
        f"pip no pudo terminar: el motivo está al final de {log}; repite esta orden cuando esté resuelto.",
        f"pip could not finish: the reason is at the end of {log}; repeat this command once it is solved.",
    )


def _other_distribution(family: str) -> tuple[str, str]:
    """What to add when the names given are Debian's and the system is another."""
    return ("", "") if family else (" (nombres de Debian)", " (names as in Debian)")
