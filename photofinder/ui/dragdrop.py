"""What was dropped or pasted, as data: local files first, then image data, then an address, then words."""

from __future__ import annotations

import base64
import binascii
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from photofinder.library.answering import DRIVES

_ENCODED = (
    "image/png", "image/jpeg", "image/webp", "image/avif", "image/heic", "image/heif", "image/tiff", "image/gif",
    "image/bmp", "image/x-bmp", "image/x-ms-bmp",
)  # fmt: skip
"""Encoded pictures are taken as they are: Qt's own reading of them would happen in the GUI thread."""

_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_ADDRESS = re.compile(r"((https?|ftp|blob):/?/?|www\.)\S+$", re.IGNORECASE)
_NETWORK = ("http", "https", "ftp", "blob")

ARCHIVES = frozenset({".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".cbz", ".cbr"})
"""How the names of archives end."""
_INSIDE_ARCHIVE = ("archive", "zip", "jar", "rar", "tar", "ark", "krarc", "7z")
"""Schemes by which file managers name what lies inside an archive."""
_PROMISES = ("filegroupdescriptor", "xdnddirectsave")
"""In the formats of what has no file yet: archives opened like folders (Windows, Linux) and some mail programs."""
_LOOKED_AT = 100
"""Of thousands of dropped paths, only these are asked whether they are folders: a slow drive must not stop us."""


@dataclass(frozen=True, slots=True)
class DroppedFiles:
    """Local files, folders not among them."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class DroppedFolders:
    """Local folders, and no files."""

    paths: tuple[Path, ...]


@dataclass(frozen=True, slots=True, eq=False)
class DroppedImage:
    """A picture without a file: encoded bytes, or the pixels Qt has."""

    data: bytes | QImage


@dataclass(frozen=True, slots=True)
class DroppedAddress:
    """An address on the network; it is never fetched."""

    url: str


@dataclass(frozen=True, slots=True)
class DroppedArchive:
    """An archive, or (``inside``) something out of one that has no file of its own."""

    name: str
    inside: bool


@dataclass(frozen=True, slots=True)
class DroppedElsewhere:
    """A place that only a file manager can open: a phone, a share, the wastebasket."""

    url: str


@dataclass(frozen=True, slots=True)
class DroppedText:
    """Words."""

    text: str


Dropped = (
    DroppedFiles | DroppedFolders | DroppedImage | DroppedAddress | DroppedArchive | DroppedElsewhere | DroppedText
)


def may_be_of_use(mime: QMimeData) -> bool:
    """Whether something like this is taken at all, told by its formats: nothing is read while it is dragged."""
    if mime.hasUrls() or mime.hasText() or _is_promised(mime):
        return True
    return any(kind.startswith("image/") for kind in mime.formats())


def interpret(mime: QMimeData) -> Dropped | None:
    """The best of what is offered; None when there is nothing of use.

    Firefox offers a picture as a bitmap beside its address, Chromium an address, KDE files as addresses with text.
    """
    local = [local_path(url) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]
    if local:
        return _files(local)
    image = _image(mime)
    if image is not None:
        return image
    remote = [url for url in mime.urls() if url.scheme() not in ("", "data")]
    if remote:
        return _remote(remote[0])
    if _is_promised(mime):
        return DroppedArchive("", inside=True)
    text = mime.text().strip() if mime.hasText() else ""
    if text.lower().startswith("file://") and _is_file(local_path(QUrl(text))):
        return DroppedFiles((local_path(QUrl(text)),))
    if _ADDRESS.match(text):
        return DroppedAddress(text)
    return DroppedText(text) if text else None


def _files(paths: list[Path]) -> Dropped:
    try:
        looked_at = paths[:_LOOKED_AT]
        folders = DRIVES.ask(paths[0].parent, lambda: {path for path in looked_at if path.is_dir()})
    except OSError:
        folders = set()  # the drive does not answer, as whoever opens them will say
    files = tuple(path for path in paths if path not in folders)
    if not files:
        return DroppedFolders(tuple(paths))
    photos = tuple(path for path in files if path.suffix.lower() not in ARCHIVES)
    if not photos:
        return DroppedArchive(files[0].name, inside=False)
    around = next((folder for folder in photos[0].parents if folder.suffix.lower() in ARCHIVES), None)
    if around is not None and _is_file(around):  # as Windows names a photo in a zip that is open like a folder
        return DroppedArchive(around.name, inside=True)
    return DroppedFiles(photos)


def _is_file(path: Path) -> bool:
    """Whether there is such a file; False when its drive does not answer."""
    return DRIVES.says(path.parent, path.is_file)


def _remote(url: QUrl) -> Dropped:
    scheme = url.scheme().lower()
    if scheme in _INSIDE_ARCHIVE:
        return DroppedArchive("", inside=True)
    return DroppedAddress(url.toString()) if scheme in _NETWORK else DroppedElsewhere(url.toString())


def _is_promised(mime: QMimeData) -> bool:
    return any(promise in kind.lower() for kind in mime.formats() for promise in _PROMISES)


def local_path(url: QUrl) -> Path:
    """The file of a local address, also when its name is not UTF-8 (which ``QUrl.toLocalFile`` loses)."""
    if os.name == "nt":
        return Path(url.toLocalFile())
    return Path(os.fsdecode(unquote_to_bytes(url.path(QUrl.ComponentFormattingOption.FullyEncoded))))


def is_only_text(mime: QMimeData) -> bool:
    """Whether this is plain words, which a text field pastes itself."""
    return isinstance(interpret(mime), DroppedText | None)


def _image(mime: QMimeData) -> DroppedImage | None:
    for kind in _ENCODED:
        if mime.hasFormat(kind):
            data = bytes(mime.data(kind).data())
            if data:
                return DroppedImage(data)
    if mime.hasImage():
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            return DroppedImage(image)
    addresses = [url.toString() for url in mime.urls()] + ([mime.text().strip()] if mime.hasText() else [])
    for address in addresses:
        match = _DATA_URL.match(address)
        if match:
            try:
                return DroppedImage(base64.b64decode(address[match.end() :], validate=False))
            except (binascii.Error, ValueError):
                continue
    return None
