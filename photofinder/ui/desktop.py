"""What the desktop does for us: open a file, show it in its folder, hold it in the clipboard."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage


def file_url(path: Path) -> QUrl:
    """The address of an absolute path, also when its name is not UTF-8 (which ``QUrl.fromLocalFile`` loses)."""
    return QUrl(path.as_uri())


def open_file(path: Path) -> bool:
    """Open a file with the program the person uses for it; whether the desktop took it."""
    return QDesktopServices.openUrl(file_url(path))


def show_in_folder(path: Path) -> bool:
    """Open the file's folder, with the file selected where the system can; whether the desktop took it."""
    if sys.platform == "win32":
        # explorer parses its own command line: the path is quoted inside one argument, and it exits with 1 always
        subprocess.Popen(f'explorer /select,"{path}"')
        return True
    if sys.platform == "darwin":
        subprocess.Popen(["open", "-R", str(path)])
        return True
    return _select_by_dbus(path) or QDesktopServices.openUrl(file_url(path.parent))


def copy_files(paths: Sequence[Path], image: QImage | None = None) -> None:
    """Put files in the clipboard, as a file manager does; with ``image`` also the picture itself."""
    data = QMimeData()
    data.setUrls([file_url(path) for path in paths])
    if image is not None:
        data.setImageData(image)
    QGuiApplication.clipboard().setMimeData(data)


def copy_image(image: QImage) -> None:
    """Put a picture in the clipboard."""
    QGuiApplication.clipboard().setImage(image)


def are_copied(paths: Sequence[Path]) -> bool:
    """Whether the clipboard still holds exactly these files."""
    held = QGuiApplication.clipboard().mimeData()
    return held is not None and held.urls() == [file_url(path) for path in paths]


def copy_text(text: str) -> None:
    """Put words in the clipboard."""
    QGuiApplication.clipboard().setText(text)


def _select_by_dbus(path: Path) -> bool:
    """Ask the file manager by its freedesktop.org interface; False without one, or without a bus."""
    from PySide6.QtDBus import QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected():
        return False
    services, name = bus.interface(), "org.freedesktop.FileManager1"
    if not services.isServiceRegistered(name).value() and not services.startService(name).isValid():
        return False
    call = QDBusMessage.createMethodCall(name, "/org/freedesktop/FileManager1", name, "ShowItems")
    call.setArguments([[file_url(path).toString(QUrl.ComponentFormattingOption.FullyEncoded)], ""])
    return bus.send(call)
