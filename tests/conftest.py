"""Photos that are always there: generated ones, and the two real ones inside scikit-learn."""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import os
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

if "PYTEST_XDIST_WORKER" in os.environ:  # a process a core: more threads than that wait for one another, at full power
    os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pytest
from filelock import FileLock
from PIL import Image, ImageDraw
from sklearn.datasets import load_sample_images

from photofinder.library.catalog import Catalog
from photofinder.library.catalog_shared import SharedCatalog
from photofinder.library.decoder import Decoder
from photofinder.model.pack import MANIFEST, SEAL, Pack, load_pack, seal
from photofinder.paths import DataPaths, data_paths
from tests.postgres_server import NoServer, empty, new_database, server

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Names that are no text (lone surrogates) in what a test logged: reports travel between processes as UTF-8."""
    report = yield
    report.sections = [(title, text.encode("utf-8", "backslashreplace").decode()) for title, text in report.sections]
    return report


MakePhoto = Callable[..., Path]


def draw_photo(size: tuple[int, int] = (640, 480), seed: int = 0) -> Image.Image:
    """A picture unlike that of any other seed: a colour gradient under random shapes."""
    rng = np.random.default_rng(seed)
    width, height = size
    corners = rng.integers(0, 256, (2, 2, 3)).astype(np.uint8)
    image = Image.fromarray(corners, "RGB").resize(size, Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(12):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        w, h = int(rng.integers(8, 2 + width // 3 + 8)), int(rng.integers(8, 2 + height // 3 + 8))
        colour = tuple(int(c) for c in rng.integers(0, 256, 3))
        (draw.ellipse if rng.random() < 0.5 else draw.rectangle)((x, y, x + w, y + h), fill=colour)
    return image


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """A pack's manifest with the seal that it should have."""
    (folder / MANIFEST).write_text(json.dumps(manifest | {SEAL: seal(manifest)}), encoding="utf-8")


def write_photo(
    path: Path,
    *,
    size: tuple[int, int] = (640, 480),
    seed: int = 0,
    format: str | None = None,
    exif: Image.Exif | None = None,
) -> Path:
    """Write a generated photo; the format follows the suffix unless given."""
    path.parent.mkdir(parents=True, exist_ok=True)
    options = {} if exif is None else {"exif": exif}
    draw_photo(size, seed).save(path, format=format, **options)
    return path


@pytest.fixture
def make_photo() -> MakePhoto:
    """``make_photo(path, size=…, seed=…, format=…, exif=…)`` writes a generated photo."""
    return write_photo


def fill_photo_folder(folder: Path) -> Path:
    """Twelve generated photos in two subfolders beside the two real photos of scikit-learn."""
    for seed in range(12):
        year = "2019" if seed < 6 else "2021"
        write_photo(folder / year / f"IMG_{seed:04d}.jpg", seed=seed)
    sample = load_sample_images()
    for name, pixels in zip(sample.filenames, sample.images, strict=True):
        Image.fromarray(pixels).save(folder / Path(name).name, quality=92)
    return folder


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """A folder that one process of a run of the tests fills, and that all of them read.

    ``make`` fills it, where it will stay; nobody else writes into it.
    """
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"made once, {name}"
    with FileLock(f"{folder}.lock"):
        done = folder.with_name(f"{folder.name}.done")
        if not done.exists():
            folder.mkdir()
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def photos_drawn_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``photo_folder`` is a copy of; nobody writes into it."""
    return made_once(tmp_path_factory, "Fotos de Ñandú", fill_photo_folder)


@pytest.fixture
def photo_folder(tmp_path: Path, photos_drawn_once: Path) -> Path:
    """A small library: ``china.jpg`` and ``flower.jpg`` (real), ``2019/…`` and ``2021/…`` (generated)."""
    return Path(shutil.copytree(photos_drawn_once, tmp_path / "Fotos de Ñandú"))


@pytest.fixture
def paths(tmp_path: Path) -> DataPaths:
    """Empty state folders of one test."""
    return data_paths(tmp_path / "estado")


@pytest.fixture
def catalog(paths: DataPaths) -> Iterator[Catalog]:
    """The catalogue of one test, empty, to write."""
    with Catalog.open(paths.catalog, writer=True) as catalog:
        yield catalog


@pytest.fixture(scope="session")
def decoder() -> Iterator[Decoder]:
    """Two disposable processes at most, for all tests that only want photos to be decoded."""
    with Decoder(workers=2) as decoder:
        yield decoder


@pytest.fixture(autouse=True)
def no_real_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test may touch the state of the person who runs it."""
    monkeypatch.setenv("PHOTOFINDER_DATA_DIR", str(tmp_path / "estado"))
    forget_log()  # of fixtures that live longer than a test
    yield
    forget_log()


def forget_log() -> None:
    """Undo ``start_log``, which any run of the command line calls.

    Its file is opened by the first warning: else that of some later test, which would seem to leave it open.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            root.removeHandler(handler)
            handler.close()
    root.setLevel(logging.WARNING)
    logging.raiseExceptions = True


@pytest.fixture(scope="session")
def pack() -> Pack:
    """The bundled pack."""
    return load_pack()


OpenCatalog = Callable[..., Catalog]
"""``open_catalog(writer=False)`` opens one more connection to the catalogue of this test."""

BOTH_STORES = ("embedded", "shared")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL with pgvector, without a database; skips where there is none."""
    with contextlib.ExitStack() as stack:
        try:
            address = stack.enter_context(server())
        except NoServer as reason:
            pytest.skip(str(reason))
        yield address


@pytest.fixture(scope="session")
def database(postgres: str) -> Iterator[str]:
    """The address of a database of this process's tests."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def store_url(database: str) -> str:
    """The address of a database without a catalogue."""
    empty(database)
    return database


@pytest.fixture
def open_catalog(request: pytest.FixtureRequest, paths: DataPaths) -> OpenCatalog:
    """The embedded catalogue. Parametrised with ``BOTH_STORES`` (``indirect``): that, and one in PostgreSQL."""
    if getattr(request, "param", "embedded") == "embedded":
        return lambda writer=False: Catalog.open(paths.catalog, writer=writer)
    url = request.getfixturevalue("store_url")
    return lambda writer=False: SharedCatalog.open_store(url, writer=writer)
