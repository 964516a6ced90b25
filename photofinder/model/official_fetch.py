"""Official weights, from the network with a person's yes or from a file of theirs: verified and converted."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofinder.consent import Consent, Downloaded, partial_path
from photofinder.errors import DataFolderUnwritable, DiskFull
from photofinder.model.official_weights import OfficialWeights, convert, verify_file


@dataclass(frozen=True, slots=True)
class Checking:
    """The weights are here and are being verified and converted."""


def fetch_weights(
    official: OfficialWeights,
    folder: Path,
    expected: NDArray[np.float32] | None,
    consent: Consent | None,
    own: Path | None,
) -> Generator[Downloaded | Checking, None, None]:
    """Bring the weights into ``folder``; one of ``consent`` and ``own`` (a file of the person's) is given.

    ``expected``: as for ``convert``. Close it to stop, and what has arrived stays for the next time. Raises
    DownloadFailed, WeightsRejected, DiskFull or DataFolderUnwritable; a file of the person's is only read.
    """
    if own is not None:
        yield Checking()
        verify_file(official, own)
        with our_disk(folder):
            convert(official, own, folder, expected)
        return
    if consent is None:
        raise ValueError("neither a yes nor a file")
    from photofinder.download import download  # and with it what talks to servers: only now

    file = official.downloaded(folder)
    with our_disk(folder):
        _need_room(official, folder)
        yield from download(consent, file)
        yield Checking()
        try:
            convert(official, file, folder, expected)
        finally:
            file.unlink(missing_ok=True)


@contextmanager
def our_disk(folder: Path) -> Iterator[None]:
    """Within it, what the disk refuses is told as DiskFull or DataFolderUnwritable."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        raise (DiskFull(folder) if full else DataFolderUnwritable(folder)) from error


def _need_room(official: OfficialWeights, folder: Path) -> None:
    """Told before minutes of download, not after: the file and its converted copy lie here together for a while."""
    folder.mkdir(parents=True, exist_ok=True)
    partial = partial_path(official.downloaded(folder))
    here = partial.stat().st_size if partial.exists() else 0
    if shutil.disk_usage(folder).free < 2 * official.bytes - here:
        raise DiskFull(folder)
