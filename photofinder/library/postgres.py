"""PostgreSQL where the catalogue is shared: the same statements as for SQLite, said in its dialect.

What the rooms above ask is written once, in SQLite's words; ``in_postgres`` says the few of them that differ. It knows
just those that the catalogue uses, and ``tests/library/test_shared_catalog.py`` runs the catalogue's own tests over
both. Needs the optional extra ``photofinder[scale]``; nothing else of the program imports psycopg.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from photofinder.errors import CatalogInUse, ExtraMissing, StoreUnavailable
from photofinder.library.postgres_schema import OLDEST_PGVECTOR, SCHEMA, VERSION, tables
from photofinder.library.schema import Database

if TYPE_CHECKING:
    import psycopg

SCHEMES = ("postgresql://", "postgres://")
CONNECT_TIMEOUT_S = 10
_KEYS = {"look": "photo_id", "photo_area": "photo_id", "vector": "photo_id, pack_id, kind"}
_WORDS = (
    (re.compile(r"SELECT value FROM json_each\(\?\)"), "SELECT value::bigint FROM json_array_elements_text(?)"),
    (re.compile(r"group_concat\((\w+)\)"), r"string_agg(\1::text, ',')"),
    (re.compile(r"\bIS NOT \?"), "IS DISTINCT FROM ?"),
)
_REPLACE = re.compile(r"INSERT OR REPLACE INTO (\w+) \(([^)]*)\)")
_LOST = ("08", "57P")
"""Beginnings of the SQLSTATE of a connection that ended."""


class PostgresDatabase(Database):
    """One connection to a shared catalogue, for one thread; the server's errors come out as ours."""

    def __init__(self, url: str, *, writer: bool) -> None:
        """Connect; a writer makes the tables where there are none, a reader cannot change anything.

        Raises ``StoreUnavailable``, ``ExtraMissing``.
        """
        driver = _driver()
        self.place = place_of(url)
        self.path = Path(self.place)
        self._error: type[psycopg.Error] = driver.Error
        self._seen: tuple[str, int] = ("", 0)
        self._depth = 0
        try:
            self._server: psycopg.Connection[Any] = driver.connect(
                url,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name="photofinder",
            )
        except driver.Error as error:
            raise _refused(error, self.place) from error
        try:
            self._prepare_store(writer)
        except driver.Error as error:
            ours = self._ours(error)
            self._server.close()
            raise ours from error
        except BaseException:
            self._server.close()
            raise

    def _prepare_store(self, writer: bool) -> None:
        from pgvector.psycopg import register_vector

        self._server.execute("SET client_min_messages = warning")
        with self._server.transaction():
            if writer:
                self._server.execute("SELECT pg_advisory_xact_lock(1346785094)")  # two that make the tables at once
            self._need_vectors(writer)
            register_vector(self._server)  # before our table of the same name hides the type
            found = self._stored_version()
            if found is not None and found > VERSION:
                raise StoreUnavailable(self.place, "newer")
            if found is None and not writer:
                raise StoreUnavailable(self.place, "empty")
            if found is None:
                self._server.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            self._server.execute(f"SET search_path = {SCHEMA}, public")
            if found is None:
                for statement in tables():
                    self._server.execute(statement)
        if not writer:
            self._server.execute("SET default_transaction_read_only = on")

    def _need_vectors(self, writer: bool) -> None:
        sql = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
        found = self._server.execute(sql).fetchone()
        if found is None and writer:
            import psycopg

            try:
                with self._server.transaction():
                    self._server.execute("CREATE EXTENSION vector")
            except psycopg.Error as error:
                raise StoreUnavailable(self.place, "extension", str(error)) from error
            found = self._server.execute(sql).fetchone()
        if found is None:
            raise StoreUnavailable(self.place, "extension")
        if tuple(int(part) for part in found[0].split(".")[:2]) < OLDEST_PGVECTOR:
            raise StoreUnavailable(self.place, "extension_old", found[0])

    def _stored_version(self) -> int | None:
        (table,) = self._server.execute("SELECT to_regclass(%s)", [f"{SCHEMA}.about"]).fetchone() or (None,)
        if table is None:
            return None
        found = self._server.execute(f"SELECT version FROM {SCHEMA}.about").fetchone()
        return None if found is None else int(found[0])

    def close(self) -> None:
        """Close the connection; again is harmless."""
        self._server.close()

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of one statement, a reading or a changing one."""
        try:
            cursor = self._server.execute(in_postgres(sql), parameters)
            return cursor.fetchall() if cursor.description is not None else []
        except self._error as error:
            raise self._ours(error) from error

    def chunks(self, sql: str, parameters: Sequence[Any], size: int) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of one statement, at most ``size`` at a time, as they were when it began; use them up at once."""
        try:
            with self.transaction(), self._server.cursor(name="chunks") as cursor:
                cursor.execute(in_postgres(sql), parameters)
                while rows := cursor.fetchmany(size):
                    yield rows
        except self._error as error:
            raise self._ours(error) from error

    def insert(self, sql: str, parameters: Sequence[Any]) -> int:
        """Run one ``INSERT`` and return the id of the new row."""
        return int(self.rows(f"{sql} RETURNING id", parameters)[0][0])

    def many(self, sql: str, parameters: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        try:
            with self._server.cursor() as cursor:
                cursor.executemany(in_postgres(sql), parameters)
        except self._error as error:
            raise self._ours(error) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction it is a part of that one."""
        if self._depth:
            yield
            return
        self._depth += 1
        try:
            with self._server.transaction():
                yield
        except self._error as error:
            raise self._ours(error) from error
        finally:
            self._depth -= 1

    def version(self) -> int:
        """A number that grows with every change committed on the server, by whomever; also by others than us."""
        ((snapshot,),) = self.rows("SELECT pg_current_snapshot()::text")
        if snapshot != self._seen[0]:
            self._seen = (snapshot, self._seen[1] + 1)
        return self._seen[1]

    def check(self) -> None:
        """The server looks after its own files."""

    def try_lock(self, number: int) -> bool:
        """Take a lock that others in this database see; it goes when the connection does."""
        ((taken,),) = self.rows("SELECT pg_try_advisory_lock(?)", [number])
        return bool(taken)

    def unlock(self, number: int) -> None:
        """Give it back; a server that is gone has done so."""
        with contextlib.suppress(StoreUnavailable):
            self.rows("SELECT pg_advisory_unlock(?)", [number])

    def _ours(self, error: psycopg.Error) -> Exception:
        """The exception of ours for what the server met in the world; ``error`` itself when it is a bug of ours."""
        state = error.sqlstate or ""
        if self._server.closed or self._server.broken or state.startswith(_LOST):
            return StoreUnavailable(self.place, "lost", str(error))
        if state in ("42501", "25006"):
            return StoreUnavailable(self.place, "rights", str(error))
        if state in ("53100", "53200", "54000"):
            return StoreUnavailable(self.place, "full", str(error))
        if state in ("55P03", "40P01"):
            return CatalogInUse(self.path)
        return error


@cache
def in_postgres(sql: str) -> str:
    """One of the catalogue's statements, with its parameters as ``?``, as psycopg and PostgreSQL take it."""
    for pattern, words in _WORDS:
        sql = pattern.sub(words, sql)
    sql = sql.replace("%", "%%").replace("?", "%s")
    if replaced := _REPLACE.search(sql):
        table, columns = replaced.groups()
        key = _KEYS[table]
        changed = [name for name in columns.split(", ") if name not in key.split(", ")]
        if table == "vector":
            changed.append("revision")
        values = ", ".join(f"{name} = excluded.{name}" for name in changed)
        sql = f"{sql.replace('INSERT OR REPLACE', 'INSERT', 1)} ON CONFLICT ({key}) DO UPDATE SET {values}"
    return sql


def is_store(address: str) -> bool:
    """Whether an address names a PostgreSQL database."""
    return address.startswith(SCHEMES)


def place_of(url: str) -> str:
    """Host and database of an address, as they can be shown and logged: never its password.

    Raises ``StoreUnavailable`` for what is no such address.
    """
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise StoreUnavailable("", "address") from error
    if not is_store(url):
        raise StoreUnavailable("", "address")
    return f"{unquote(parts.hostname or 'localhost')}{port}{unquote(parts.path)}"


def _driver() -> Any:
    try:
        import pgvector.psycopg  # noqa: F401 - it is needed a moment later
        import psycopg
    except ImportError as error:
        raise ExtraMissing("--store", str(error)) from error
    return psycopg


def _refused(error: psycopg.Error, place: str) -> StoreUnavailable:
    """Why no connection came about; libpq knows about passwords, the rest it only says."""
    said = " ".join(str(error).split())
    tried = error.pgconn
    if "does not exist" in said and "database" in said:
        return StoreUnavailable(place, "database", said)
    if tried is not None and (tried.needs_password or tried.used_password):
        return StoreUnavailable(place, "password", said)
    if "role" in said or "authentication" in said or "pg_hba" in said:
        return StoreUnavailable(place, "password", said)
    return StoreUnavailable(place, "unreachable", said)
