"""What the doctor tries in processes of their own: libraries that may be missing, broken, or kill their process.

A probe prints one JSON object. What goes wrong is left to Python: the doctor reads the traceback.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

_NOWHERE = "127.0.0.1"
"""This very machine: should the guard fail, nothing leaves it all the same."""

PROBE_ARGUMENT = "--probe"
"""First argument of a frozen program when the doctor starts it as a probe; the name of the probe follows."""


def probe_command(name: str) -> list[str]:
    """How to start a probe: the same program when frozen, else the same Python with the same import path."""
    if getattr(sys, "frozen", False):
        return [sys.executable, PROBE_ARGUMENT, name]
    root = str(Path(__file__).parents[1])
    imports = json.dumps([entry or root for entry in sys.path])
    start = "import sys, json; sys.path[:] = json.loads(sys.argv[1]); import photofinder.probes as p"
    return [sys.executable, "-P", "-c", f"{start}; p.probe_main(sys.argv[2])", imports, name]


def probe_main(name: str) -> None:
    """Run one probe and print what it found. Raises whatever the library raises."""
    sys.stdout.write(json.dumps(PROBES[name]()) + "\n")


def _qt() -> dict[str, Any]:
    """Windows: the library, and the system library that X11 windows need and only a window would miss."""
    widgets = importlib.import_module("PySide6.QtWidgets")
    found = {"version": importlib.import_module("PySide6").__version__, "missing": None}
    on_x11 = sys.platform == "linux" and os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY")
    if on_x11 and os.environ.get("QT_QPA_PLATFORM", "xcb").startswith("xcb"):
        try:
            ctypes.CDLL("libxcb-cursor.so.0")
        except OSError:
            found["missing"] = "libxcb-cursor.so.0"
    return found if widgets is not None else {}


def _torch() -> dict[str, Any]:
    torch = importlib.import_module("torch")
    return {"version": torch.__version__, "threads": torch.get_num_threads()}


def _torchvision() -> dict[str, Any]:
    importlib.import_module("torch")
    return {"version": importlib.import_module("torchvision").__version__}


def _annoy() -> dict[str, Any]:
    """Builds and asks a tiny index: an annoy compiled for another processor dies here, not in a search."""
    index = importlib.import_module("annoy").AnnoyIndex(4, "angular")
    for place in range(8):
        index.add_item(place, [1.0, float(place), 0.0, 0.0])
    index.build(2)
    return {"nearest": index.get_nns_by_item(3, 1)}


def _opencv() -> dict[str, Any]:
    """Finds points of a small picture, as «the same object» does; a build with windows brings a Qt of its own."""
    numpy, cv2 = importlib.import_module("numpy"), importlib.import_module("cv2")
    squares = numpy.kron(numpy.random.default_rng(0).integers(0, 256, (12, 12)), numpy.ones((8, 8)))
    points, _ = cv2.SIFT.create().detectAndCompute(squares.astype(numpy.uint8), None)
    toolkits = re.findall(r"^  GUI: +(\S+)", cv2.getBuildInformation(), re.MULTILINE)
    return {"version": cv2.__version__, "points": len(points), "windows": toolkits not in ([], ["NONE"])}


def _formats() -> dict[str, Any]:
    features = importlib.import_module("PIL.features")
    found = {"pillow": importlib.import_module("PIL").__version__, "avif": bool(features.check("avif")), "heif": None}
    try:
        found["heif"] = importlib.import_module("pillow_heif").__version__
    except ImportError as error:
        found["heif_error"] = str(error)
    return found


def _network() -> dict[str, Any]:
    """How fast the pack's CNN is here, and in which kind of numbers it runs."""
    numpy = importlib.import_module("numpy")
    paths = importlib.import_module("photofinder.paths").data_paths()
    chosen = importlib.import_module("photofinder.model.packs").chosen_pack(paths)
    network = importlib.import_module("photofinder.model.visual").VisualNetwork(chosen.pack)
    photos = list(numpy.random.default_rng(0).integers(0, 256, (32, 240, 320, 3), dtype=numpy.uint8))
    network(photos)
    started = time.perf_counter()
    network(photos)
    return {"photos_per_second": len(photos) / (time.perf_counter() - started), "kind": network.kind}


def _connection() -> dict[str, Any]:
    """Whether the program refuses a connection, and what of the network is in memory after all that a search needs."""
    guard = importlib.import_module("photofinder.network_guard")
    importlib.import_module("photofinder.model.packs")
    importlib.import_module("photofinder.search.engine")
    loaded = guard.loaded_network_modules()
    guard.forbid_network()
    socket = importlib.import_module("socket")
    try:
        socket.create_connection((_NOWHERE, 9), timeout=0.2).close()
    except guard.NetworkForbidden:
        return {"refused": True, "loaded": loaded}
    except OSError as error:
        return {"refused": False, "loaded": loaded, "error": str(error)}
    return {"refused": False, "loaded": loaded}


PROBES: dict[str, Callable[[], dict[str, Any]]] = {
    "qt": _qt,
    "torch": _torch,
    "torchvision": _torchvision,
    "annoy": _annoy,
    "opencv": _opencv,
    "formats": _formats,
    "network": _network,
    "connection": _connection,
}
