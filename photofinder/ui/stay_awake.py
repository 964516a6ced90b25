"""Asks the desktop not to darken the screen while a slideshow runs."""

from __future__ import annotations

import logging
import os
import subprocess
import sys

_log = logging.getLogger(__name__)

_WINDOWS_AWAKE, _WINDOWS_USUAL = 0x80000003, 0x80000000  # ES_CONTINUOUS | ES_SYSTEM_REQUIRED | ES_DISPLAY_REQUIRED


class StayAwake:
    """On and off; a desktop that cannot be asked is no error."""

    def __init__(self) -> None:
        self._on = False
        self._cookie: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def set(self, on: bool, why: str) -> None:
        """``why`` may be shown by the desktop."""
        if on == self._on:
            return
        self._on = on
        if sys.platform == "win32":
            import ctypes

            ctypes.windll.kernel32.SetThreadExecutionState(_WINDOWS_AWAKE if on else _WINDOWS_USUAL)
        elif sys.platform == "darwin":
            self._caffeinate(on)
        else:
            self._inhibit(on, why)

    def _caffeinate(self, on: bool) -> None:
        if on:
            try:
                self._process = subprocess.Popen(["caffeinate", "-d", "-w", str(os.getpid())])
            except OSError:
                _log.info("no caffeinate", exc_info=True)
        elif self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    def _inhibit(self, on: bool, why: str) -> None:
        """The freedesktop.org interface; the desktop forgets the request when the program ends."""
        from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

        bus, name = QDBusConnection.sessionBus(), "org.freedesktop.ScreenSaver"
        if not bus.isConnected() or not bus.interface().isServiceRegistered(name).value():
            return
        call = QDBusMessage.createMethodCall(
            name, "/org/freedesktop/ScreenSaver", name, "Inhibit" if on else "UnInhibit"
        )
        if on:
            call.setArguments(["PhotoFinder", why])
            answer = bus.call(call, QDBus.CallMode.Block, 500).arguments()
            self._cookie = int(answer[0]) if answer and isinstance(answer[0], int) else None
        elif self._cookie is not None:
            call.setArguments([self._cookie])
            bus.send(call)
            self._cookie = None
