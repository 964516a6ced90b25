"""The machine that figures belong to, and how fast it reads its memory."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import photofinder
from photofinder.bench.figures import rounded, seconds_of
from photofinder.cores import usable_cores

_LIBRARIES = ("numpy", "torch", "pillow", "pillow-heif", "annoy", "PySide6-Essentials")
_BANDWIDTH_MIB = 256
"""Read for the bandwidth: larger than the caches of nearly every processor."""


def describe() -> dict[str, Any]:
    """What figures depend on. ``load`` is the system's load over the last minute, before anything was measured.

    A load above a few tenths means that others were computing, and figures are worse than they could be.
    """
    flags = _flags()
    return {
        "cpu": _cpu_model(),
        "cores": usable_cores(),
        "memory_gb": rounded(psutil.virtual_memory().total / 1e9),
        "bfloat16": bool({"avx512_bf16", "amx_bf16", "bf16"} & flags),
        "amx": "amx_tile" in flags,
        "system": platform.platform(),
        "python": platform.python_version(),
        "photofinder": photofinder.__version__,
        "libraries": {name: version for name in _LIBRARIES if (version := _version(name))},
        "load": rounded(psutil.getloadavg()[0]),
        "memory_gb_per_s": rounded(read_bandwidth() / 1e9),
    }


def read_bandwidth() -> float:
    """Bytes a second that all cores together read from memory, at best of several times (a dot product of 256 MiB)."""
    numbers = np.ones(_BANDWIDTH_MIB * 2**20 // 4, dtype=np.float32)
    return numbers.nbytes / min(seconds_of(lambda: numbers @ numbers) for _ in range(7))


def _cpu_model() -> str:
    if sys.platform == "linux":
        for line in _lines(Path("/proc/cpuinfo")):
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    if sys.platform == "darwin":
        answer = subprocess.run(
            ["/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string"], capture_output=True, text=True, check=False
        )
        return answer.stdout.strip() or platform.machine()
    return platform.processor() or platform.machine()


def _flags() -> set[str]:
    """What the processor can do, where the system tells it."""
    for line in _lines(Path("/proc/cpuinfo")):
        if line.startswith(("flags", "Features")):
            return set(line.partition(":")[2].split())
    return set()


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None
