"""Where things live: the person's data folders and the resources that ship beside the code."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

DATA_DIR_VARIABLE = "PHOTOFINDER_DATA_DIR"
_APP = "PhotoFinder"


@dataclass(frozen=True, slots=True)
class DataPaths:
    """The four folders of the program's own state; none is created by naming it."""

    data: Path
    cache: Path
    config: Path
    state: Path

    @property
    def catalog(self) -> Path:
        """The SQLite truth."""
        return self.data / "catalog.sqlite"

    @property
    def searches(self) -> Path:
        """What was searched for, and the searches kept under a name."""
        return self.data / "searches.json"

    @property
    def neighbors(self) -> Path:
        """Derived nearest-neighbour indexes, one folder a revision."""
        return self.data / "neighbors"

    @property
    def packs(self) -> Path:
        """Model packs that the person added, one folder each."""
        return self.data / "packs"

    @property
    def weights(self) -> Path:
        """Official weights that model packs name, fetched with the person's consent and converted."""
        return self.data / "weights"

    @property
    def thumbnails(self) -> Path:
        """The disposable thumbnail cache."""
        return self.cache / "thumbnails.sqlite"

    @property
    def settings(self) -> Path:
        """The settings file (JSON)."""
        return self.config / "settings.json"

    @property
    def log(self) -> Path:
        """The log file."""
        return self.state / "photofinder.log"


def data_paths(directory: Path | None = None) -> DataPaths:
    """All state under ``directory``; else under ``$PHOTOFINDER_DATA_DIR``; else where the system keeps such things."""
    if directory is None and os.environ.get(DATA_DIR_VARIABLE):
        directory = Path(os.environ[DATA_DIR_VARIABLE])
    if directory is not None:
        root = directory.expanduser().absolute()
        return DataPaths(root / "data", root / "cache", root / "config", root / "state")
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return DataPaths(dirs.user_data_path, dirs.user_cache_path, dirs.user_config_path, dirs.user_state_path)


def pictures_folder() -> Path:
    """The system's Pictures folder (XDG, Known Folders or ``~/Pictures``); it may not exist."""
    return platformdirs.user_pictures_path()


def resource(*parts: str) -> Path:
    """Path of something in ``resources/``, in a checkout, an installed wheel or a frozen build."""
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    roots = [package / "resources", package.parent / "resources"]
    if frozen is not None:
        roots.insert(0, Path(frozen) / "photofinder" / "resources")
    root = next((candidate for candidate in roots if candidate.is_dir()), roots[0])
    return root.joinpath(*parts)
