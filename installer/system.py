"""What this machine has and lacks: distribution, compiler, room on the disk, libraries of the window."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from importlib.util import find_spec
from pathlib import Path

from failures import COMPILER, Failure, Packages, build_tools_missing, install_command, missing_libraries, no_space

CUDA_GB = 6.0
"""Room to ask for where pip brings the CUDA build of PyTorch: it takes 5.4 GB once installed."""
CPU_GB = 2.0
"""Room to ask for elsewhere: the environment takes 1.5 GB with PyTorch for the processor."""
KEPT_TORCH_GB = 1.0
"""Room to ask for when PyTorch is there already."""

_COMPILE_PROBE = "#include <vector>\n#include <Python.h>\nint main() { return std::vector<int>(1)[0]; }\n"


def family(os_release: Path = Path("/etc/os-release")) -> str:
    """``debian``, ``fedora``, ``arch``, or ``""`` for any other system."""
    try:
        text = os_release.read_text(encoding="utf-8")
    except OSError:
        return ""
    values = dict(line.split("=", 1) for line in text.splitlines() if "=" in line)
    names = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}".replace('"', "").lower().split()
    for name in names:
        for kind, members in (
            ("debian", ("debian", "ubuntu")),
            ("fedora", ("fedora", "rhel", "centos")),
            ("arch", ("arch", "archlinux")),
        ):
            if name in members:
                return kind
    return ""


def check_venv_module() -> None:
    """Raises Failure where Python came without venv or ensurepip (Debian packs them apart)."""
    if find_spec("venv") is None or find_spec("ensurepip") is None:
        raise venv_module_missing()


def venv_module_missing() -> Failure:
    """What to install where Python came without venv."""
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    command = install_command([Packages(f"python{version}-venv", "python3-libs", "python")], family())
    return Failure(
        f"A este Python le falta el módulo venv: ejecuta «{command}» y repite esta orden.",
        f"This Python lacks the venv module: run “{command}” and repeat this command.",
    )


def check_room(folder: Path, needed_gb: float) -> None:
    """Raises Failure when the disk of ``folder`` has less than ``needed_gb`` (10^9 bytes) free."""
    if shutil.disk_usage(folder).free < needed_gb * 1e9:
        raise no_space(folder, needed_gb)


def build_tools() -> Failure | None:
    """What to install so that annoy can be compiled here; None when a trial shows that nothing is missing."""
    if sys.platform == "win32":  # there is no compiler to try by name
        return build_tools_missing([], sys.platform, "")
    complaint = _try_to_compile()
    if not complaint:
        return None
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    headers = Packages(f"python{version}-dev", "python3-devel", "python")
    packages = [] if "Python.h" in complaint else [COMPILER]
    if not packages or not _has_headers():
        packages.append(headers)
    return build_tools_missing(packages, sys.platform, family())


def annoy_compiler_arguments(cpuinfo: Path = Path("/proc/cpuinfo")) -> str | None:
    """``ANNOY_COMPILER_ARGS`` for this machine, or None to leave annoy's own choice.

    On x86 Linux annoy compiles with ``-march=native``, and pip keeps the result in its cache: on a disk that later
    meets an older processor, the program would die of an illegal instruction. AVX2 gives annoy its fast paths and
    is the most that is used; a processor without it gets the plain build.
    """
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        return None
    arguments = ["-O3", "-ffast-math", "-fno-associative-math", "-fpermissive", "-std=c++14"]
    arguments.append("-DANNOYLIB_MULTITHREADED_BUILD")
    try:
        text = cpuinfo.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = ""
    flags = next((line.split() for line in text.splitlines() if line.startswith("flags")), [])
    if {"avx", "avx2", "fma"} <= set(flags):
        arguments += ["-mavx", "-mavx2", "-mfma"]
    return ",".join(arguments)


def has_nvidia() -> bool:
    """Whether this Linux has the driver of an NVIDIA card."""
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


def has_screen() -> bool:
    """Whether a window can be shown: always outside Linux; there, when a session or a Qt platform is named."""
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in names)


def missing_qt_libraries(qt: Path) -> list[str]:
    """Libraries of the system that Qt, in ``PySide6/Qt``, would not find; all at once, by ``ldd``.

    The plugin of the X Window System counts only where it would be used.
    """
    ldd = shutil.which("ldd")
    if ldd is None:
        return []
    files = [qt / "lib" / f"libQt6{name}.so.6" for name in ("Gui", "Widgets", "DBus")]
    files.append(qt / "plugins/platforms/libqoffscreen.so")
    if os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
        files.append(qt / "plugins/platforms/libqxcb.so")
    answer = subprocess.run(
        [ldd, *(str(file) for file in files if file.exists())], capture_output=True, text=True, check=False
    )
    return missing_libraries(answer.stdout)


def _has_headers() -> bool:
    return (Path(sysconfig.get_path("include")) / "Python.h").is_file()


def _try_to_compile() -> str:
    """``""`` when C++ with Python's headers compiles, else the compiler's complaint."""
    compiler = (os.environ.get("CXX") or sysconfig.get_config_var("CXX") or "c++").split()[0]
    program = shutil.which(compiler)
    if program is None:
        return f"{compiler}: not found"
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "probe.cc"
        source.write_text(_COMPILE_PROBE, encoding="utf-8")
        command = [program, "-fsyntax-only", f"-I{sysconfig.get_path('include')}", str(source)]
        answer = subprocess.run(command, capture_output=True, text=True, check=False, errors="replace")
    return "" if answer.returncode == 0 else answer.stderr or "failed"
