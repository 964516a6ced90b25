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

_ENCODED = (
    "image/png", "image/jpeg", "image/webp", "image/avif", "image/heic", "image/heif", "image/tiff", "image/gif",
    "image/bmp", "image/x-bmp", "image/x-ms-bmp",
)  # fmt: skip
"""Encoded pictures are taken as they are: Qt's own reading of them would happen in the GUI thread."""

_DATA_URL = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_ADDRESS = re.compile(r"(https?|ftp|blob)://?\S+$", re.IGNORECASE)


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
class DroppedText:
    """Words."""

    text: str


Dropped = DroppedFiles | DroppedFolders | DroppedImage | DroppedAddress | DroppedText


def may_be_of_use(mime: QMimeData) -> bool:
    """Whether something like this is taken at all, told by its formats: nothing is read while it is dragged."""
    return mime.hasUrls() or mime.hasText() or any(kind.startswith("image/") for kind in mime.formats())


def interpret(mime: QMimeData) -> Dropped | None:
    """The best of what is offered; None when there is nothing of use.

    Firefox offers a picture as a bitmap beside its address, Chromium an address, KDE files as addresses with text.
    """
    local = [local_path(url) for url in mime.urls() if url.isLocalFile() and url.toLocalFile()]
    if local:
        files = tuple(path for path in local if not path.is_dir())
        return DroppedFiles(files) if files else DroppedFolders(tuple(local))
    image = _image(mime)
    if image is not None:
        return image
    remote = [url.toString() for url in mime.urls() if url.scheme() not in ("", "data")]
    if remote:
        return DroppedAddress(remote[0])
    text = mime.text().strip() if mime.hasText() else ""
    if text.lower().startswith("file://") and local_path(QUrl(text)).is_file():
        return DroppedFiles((local_path(QUrl(text)),))
    if _ADDRESS.match(text):
        return DroppedAddress(text)
    return DroppedText(text) if text else None


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
