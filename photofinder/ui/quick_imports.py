"""Keeps PySide6 from reading the source of every module that is imported after it.

It looks there for its own name, to know in which modules ``__feature__`` could be switched on
(``shibokensupport/feature.py``, ``_mod_uses_pyside``, PYSIDE-2029; 6.11). We switch on nothing, and importing the
window read 376 files, 5.3 million characters, which stayed in ``linecache``. To be dropped once PySide6 does not look.
"""

from __future__ import annotations

import importlib

import PySide6  # noqa: F401 - brings shibokensupport


def import_quickly() -> None:
    """From now on; nothing happens where PySide6 has no such look any more."""
    try:
        feature = importlib.import_module("shibokensupport.feature")
    except ImportError:
        return
    if hasattr(feature, "_mod_uses_pyside"):
        setattr(feature, "_mod_uses_pyside", _uses_no_feature)  # noqa: B010 - no type stub knows it


def _uses_no_feature(_module: object) -> bool:
    return False
