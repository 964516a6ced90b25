"""The Qt shell: it runs the headless generators on named threads and paints what they return."""

from __future__ import annotations

import sys

if sys.platform == "win32":
    # From torch 2.9 on, torch's DLLs fail to initialise (WinError 1114 for c10.dll) when Qt's copies of the C++
    # run-time are in the process already (pytorch issue 166628). Every module of this package runs this file first,
    # so torch comes before Qt there; elsewhere the window shows before torch is imported.
    import photofinder.model.visual  # noqa: F401

from photofinder.ui.quick_imports import import_quickly

import_quickly()  # before PySide6 sees any other module of ours
