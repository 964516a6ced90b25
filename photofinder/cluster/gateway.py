"""The go-between: the one process that talks to a Dask scheduler, and to nobody else.

It is started by the program (``analyst``) and answers on its pipes with JSON and bytes. Dask's own wire carries
pickles. Of these this process accepts nothing but the names of ``_HARMLESS``: an audit hook refuses every other
class or function that a pickle asks for, before it is imported (``tests/cluster`` has the attempt).
"""

from __future__ import annotations

import builtins
import logging
import signal
import socket
import sys
import threading
from typing import IO, Any
from urllib.parse import urlsplit

from photofinder.library.decoder_worker import HELLO, private_pipes, read_frame, write_frame
from photofinder.network_guard import allow_only

Client = Any
Future = Any
"""Dask's, whose types are not told."""

CHECK_S = 0.5
_log = logging.getLogger(__name__)

_HARMLESS = frozenset(
    {
        ("builtins", "bytes"),
        ("distributed.scheduler", "KilledWorker"),
        ("tblib.pickling_support", "unpickle_exception"),
        ("tblib.pickling_support", "unpickle_exception_with_attrs"),
        ("tblib.pickling_support", "unpickle_traceback"),
    }
)


def main() -> None:
    """Answer requests from stdin until it is closed, which also tells that the program is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = private_pipes()
    first = read_frame(requests)
    if first is None:
        return
    answers.write(HELLO)
    answers.flush()
    says = _Says(answers)
    address, patience_s = first[0]["address"], float(first[0]["patience_s"])
    try:
        client = _connected(address, patience_s)
    except (OSError, ValueError, ImportError) as error:
        says(_why(error))
        return
    watch = threading.Event()
    try:
        _wait_for_workers(client, patience_s)
        says({"ready": _count(client)})
        threading.Thread(target=_watch, args=(client, says, patience_s, watch), daemon=True).start()
        _serve(client, requests, says)
    except (OSError, ValueError) as error:
        says(_why(error))
    finally:
        watch.set()
        client.close(timeout=2)


class _Says:
    """Writes one frame at a time, from whichever thread; a program that is gone is no error."""

    def __init__(self, answers: IO[bytes]) -> None:
        self._answers = answers
        self._lock = threading.Lock()

    def __call__(self, header: dict[str, Any], body: bytes = b"") -> None:
        with self._lock:
            try:
                write_frame(self._answers, header, body)
            except OSError:
                _log.info("nobody reads any more")


def _connected(address: str, patience_s: float) -> Client:
    """Raises ``ImportError`` without Dask, ``ValueError`` for what is no address, ``OSError`` without an answer."""
    parts = urlsplit(address)
    if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
        raise ValueError(address)
    found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
    import distributed  # the slow part; and before nothing may be unpickled: it does so itself while it is imported

    allow_only(parts.hostname, {where[:2] for *_, where in found})
    sys.addaudithook(_refuse_classes)
    connect: Any = distributed.Client
    return connect(
        address,
        timeout=patience_s,
        set_as_default=False,
        direct_to_workers=False,  # the scheduler passes results on: this process meets nobody else
        serializers=["msgpack"],
        deserializers=["msgpack", "error"],
        name="photofinder",
    )


def _refuse_classes(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "pickle.find_class":
        return
    module, name = arguments
    if (module, name) in _HARMLESS:
        return
    known = getattr(builtins, name, None) if module == "builtins" else None
    if isinstance(known, type) and issubclass(known, BaseException):
        return
    _log.error("a pickle asked for %s.%s", module, name)
    raise PermissionError(1, f"{module}.{name} is not unpickled here")


def _wait_for_workers(client: Client, patience_s: float) -> None:
    """Raises ``_NoWorkersError`` when there are none for so long."""
    try:
        client.wait_for_workers(1, timeout=patience_s)
    except TimeoutError as error:
        raise _NoWorkersError from error


class _NoWorkersError(ValueError):
    """Nobody is there to analyse."""


def _count(client: Client) -> int:
    return len(client.scheduler_info(n_workers=-1)["workers"])


def _serve(client: Client, requests: IO[bytes], says: _Says) -> None:
    from photofinder.cluster.task import analyse

    under_way: dict[int, Future] = {}
    while (request := read_frame(requests)) is not None:
        header, body = request
        if "forget" in header:
            futures = list(under_way.values())
            under_way.clear()
            client.cancel(futures)
            continue
        number = int(header["task"])
        future = client.submit(analyse, bytes(body), pure=False, key=f"photofinder-{id(client)}-{number}")
        under_way[number] = future
        future.add_done_callback(lambda done, number=number: _finished(done, number, under_way, says))


def _finished(future: Future, number: int, under_way: dict[int, Future], says: _Says) -> None:
    """Tell what came of a task, and let the cluster forget it. In a thread of Dask's."""
    known = under_way.pop(number, None)
    if known is None:
        return  # nobody waits for it
    if future.status != "finished":
        detail = "" if future.status != "error" else repr(future.exception())[:300]
        says({"failed": number, "why": str(future.status), "detail": detail})
        return
    try:
        result = future.result()
    except Exception as error:  # noqa: BLE001 - whatever Dask raises: the worker may be gone again, or the scheduler
        says({"failed": number, "why": "lost", "detail": f"{type(error).__name__}: {error}"[:300]})
        return
    says({"done": number}, result)


def _watch(client: Client, says: _Says, patience_s: float, ended: threading.Event) -> None:
    """Say when nobody works any more, or the scheduler is gone: Dask itself would wait for ever."""
    alone, known = 0.0, -1
    while not ended.wait(CHECK_S):
        if client.status in ("closed", "closing", "connecting"):
            says({"error": "lost", "detail": client.status})
            return
        count = _count(client)
        if count != known:
            says({"workers": count})
            known = count
        alone = alone + CHECK_S if count == 0 else 0.0
        if alone >= patience_s:
            says({"error": "no_workers", "detail": ""})
            return


def _why(error: Exception) -> dict[str, Any]:
    if isinstance(error, _NoWorkersError):
        why = "no_workers"
    elif isinstance(error, ImportError):
        why = "extra"
    else:
        why = "unreachable" if isinstance(error, OSError) else "address"
    return {"error": why, "detail": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    main()
