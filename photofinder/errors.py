"""What the world can do to us: every expected failure, as data.

An exception of this family is shown to the person as one sentence (``photofinder.messages``); any other exception
is a bug of ours and its traceback goes to the log.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path


class PhotoFinderError(Exception):
    """The world's fault: folder gone, disk full, catalogue newer than the program, pack damaged."""


class FailureReason(StrEnum):
    """Why a photo could not be read. The value is stored in the catalogue and never changes its meaning."""

    EMPTY = "empty"
    NOT_AN_IMAGE = "not_an_image"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    NO_PERMISSION = "no_permission"
    VANISHED = "vanished"
    TOO_SLOW = "too_slow"
    DECODER_CRASHED = "decoder_crashed"
    READ_ERROR = "read_error"


class PhotoUnreadable(PhotoFinderError):
    """One photo cannot be turned into pixels."""

    def __init__(self, path: Path, reason: FailureReason) -> None:
        super().__init__(f"{path!r}: {reason.value}")
        self.path = path
        self.reason = reason


class PhotoOutOfReach(PhotoUnreadable):
    """The drive of a photo does not answer: the photo is not to blame, and nothing is to be recorded of it."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, FailureReason.READ_ERROR)


class FolderUnavailable(PhotoFinderError):
    """A folder does not exist, is not a folder, cannot be listed, or does not answer."""

    def __init__(self, path: Path, why: str) -> None:
        """``why`` is ``"missing"``, ``"not_a_folder"``, ``"no_permission"`` or ``"silent"``."""
        super().__init__(f"{path!r}: {why}")
        self.path = path
        self.why = why


class FolderSilent(FolderUnavailable):
    """A folder, or what lies at ``rel_path`` below it, neither answers nor fails."""

    def __init__(self, path: Path, rel_path: str = "") -> None:
        super().__init__(path, "silent")
        self.rel_path = rel_path


class FolderOverlap(PhotoFinderError):
    """A folder lies inside, or around, one that is already in the catalogue."""

    def __init__(self, path: Path, other: Path) -> None:
        super().__init__(f"{path!r} overlaps {other!r}")
        self.path = path
        self.other = other


class CatalogTooNew(PhotoFinderError):
    """The catalogue was written by a newer version of the program."""

    def __init__(self, path: Path, found: int, supported: int) -> None:
        super().__init__(f"{path!r}: schema {found}, this program knows {supported}")
        self.path = path
        self.found = found
        self.supported = supported


class CatalogDamaged(PhotoFinderError):
    """SQLite finds the catalogue corrupt, or the file is not one of ours (``why`` is ``"foreign"``)."""

    def __init__(self, path: Path, detail: str, why: str = "") -> None:
        super().__init__(f"{path!r}: {detail}")
        self.path = path
        self.detail = detail
        self.why = why


class CatalogInUse(PhotoFinderError):
    """Another copy of the program is analysing photos into the same catalogue."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path!r} is being written by another process")
        self.path = path


class DiskFull(PhotoFinderError):
    """No room is left where our data lives."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"no space left for {path!r}")
        self.path = path


class DataFolderUnwritable(PhotoFinderError):
    """The folder for our own data cannot be created or written."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"cannot write {path!r}")
        self.path = path


class PackDamaged(PhotoFinderError):
    """A model pack is missing, incomplete, or does not match its checksums."""

    def __init__(self, path: Path, detail: str) -> None:
        super().__init__(f"{path!r}: {detail}")
        self.path = path
        self.detail = detail


class PackUnknown(PhotoFinderError):
    """There is no model pack of this name, nor a folder with one."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{name!r}, not one of {known}")
        self.name = name
        self.known = ", ".join(known)


class WeightsMissing(PhotoFinderError):
    """A pack is whole, but the official weights that it names are not on this machine."""

    def __init__(self, name: str, file: str) -> None:
        super().__init__(f"{name!r} needs {file!r}")
        self.name = name
        self.file = file


class WeightsRejected(PhotoFinderError):
    """A file of weights is not the one that a pack was made with."""

    def __init__(self, path: Path, why: str, detail: str = "") -> None:
        """``why`` is ``"size"``, ``"checksum"``, ``"format"``, ``"network"`` or ``"fingerprint"``."""
        super().__init__(f"{path!r}: {why} {detail}")
        self.path = path
        self.why = why


class DownloadFailed(PhotoFinderError):
    """A file could not be fetched; what has arrived is kept and the next try goes on from there."""

    def __init__(self, url: str, host: str, why: str, detail: str = "") -> None:
        """``why`` is ``"no_network"``, ``"not_found"``, ``"refused"``, ``"interrupted"`` or ``"other_size"``."""
        super().__init__(f"{url}: {why} {detail}")
        self.url = url
        self.host = host
        self.why = why


class ConsentMissing(PhotoFinderError):
    """Something would have to be downloaded, and nobody has said yes."""

    def __init__(self, name: str, host: str) -> None:
        super().__init__(f"{name!r} from {host}")
        self.name = name
        self.host = host


class DescriptorUnknown(PhotoFinderError):
    """There is no descriptor of photos of this name."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{name!r}, not one of {known}")
        self.name = name
        self.known = ", ".join(known)


class DescriptorWeightsMissing(WeightsMissing):
    """A descriptor is asked for whose weights are not on this machine."""


class DescriptorConsentMissing(ConsentMissing):
    """The weights of a descriptor would have to be downloaded, and nobody has said yes."""


class AlbumUnknown(PhotoFinderError):
    """There is no album of this name (any more)."""

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"{name!r}, not one of {known}")
        self.name = name
        self.known = ", ".join(known)
        self.why = "named" if name and known else "gone" if known else "none"


class AlbumNameRefused(PhotoFinderError):
    """An album cannot be called like this."""

    def __init__(self, name: str, why: str) -> None:
        """``why`` is ``"empty"``, ``"long"``, ``"characters"`` or ``"taken"``."""
        super().__init__(f"{name!r}: {why}")
        self.name = name
        self.why = why


class AlbumInItself(PhotoFinderError):
    """An album was to be put into itself, or into one that lies in it."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class PhotoNotInLibrary(PhotoFinderError):
    """A file was named that is not in the catalogue."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path!r}")
        self.path = path


class EmptyQuery(PhotoFinderError):
    """Nothing was asked: no words and no photo."""


class CaptionsFileInvalid(PhotoFinderError):
    """A captions TSV cannot be used. ``line`` counts from 1; 0 means the file as a whole."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        """``why`` is ``"missing"``, ``"encoding"``, ``"columns"``, ``"unknown_photo"`` or ``"no_lines"``."""
        super().__init__(f"{path!r}:{line}: {why}")
        self.path = path
        self.line = line
        self.why = why


class ExtraMissing(PhotoFinderError):
    """Something was asked for that needs packages which are not installed with the program by itself."""

    def __init__(self, option: str, detail: str) -> None:
        super().__init__(f"{option}: {detail}")
        self.option = option


class StoreUnavailable(PhotoFinderError):
    """A shared catalogue cannot be used. ``place``: host and database, without a password."""

    def __init__(self, place: str, why: str, detail: str = "") -> None:
        """``why`` is ``"address"``, ``"unreachable"``, ``"password"``, ``"database"``, ``"extension"``,
        ``"extension_old"``, ``"empty"``, ``"not_empty"``, ``"newer"``, ``"rights"``, ``"full"`` or ``"lost"``.
        """
        super().__init__(f"{place}: {why} {detail}")
        self.place = place
        self.why = why
        self.detail = detail


class ClusterUnavailable(PhotoFinderError):
    """The workers of a cluster cannot analyse. ``address``: of its scheduler; ``folder``: what they do not see."""

    def __init__(self, address: str, why: str, detail: str = "", folder: Path | str = "") -> None:
        """``why`` is ``"address"``, ``"unreachable"``, ``"no_workers"``, ``"lost"``, ``"folder"``, ``"pack"``,
        ``"version"``, ``"package"``, ``"broken"``, ``"request"`` or ``"nonsense"``.
        """
        super().__init__(f"{address}: {why} {detail} {folder}")
        self.address = address
        self.why = why
        self.detail = detail
        self.folder = folder


class WindowUnavailable(PhotoFinderError):
    """A window that was opened to be measured did not start, or stopped answering; ``detail`` is what it said last."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail
