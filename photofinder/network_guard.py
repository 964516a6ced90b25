"""Nothing leaves the machine: the program refuses itself every connection, whoever asks for it.

An audit hook of Python (PEP 578) sees each connection, name look-up and listening socket before the system does, also
those of libraries, and cannot be taken out again. The one exception is ``photofinder.download``, which nobody calls
without the yes of a person (``consent.Consent``). Sockets between programs of one machine (``AF_UNIX``) are no network.
What a library does below Python is not seen here: ``tests/reliability`` runs the program where there is no network, and
reads what the kernel counted.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Collection
from types import FrameType
from typing import Any

THE_ONE_DOOR = "photofinder.download"

_WATCHED = frozenset(
    {
        "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind",
        "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo",
    }
)  # fmt: skip
_WITH_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind"})
_NETWORK_MODULES = (
    "ssl",
    "http.client",
    "urllib.request",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "urllib3",
    "aiohttp",
)

_log = logging.getLogger(__name__)


class NetworkForbidden(PermissionError):
    """Somebody wanted to use the network and may not. An OSError: libraries take it for a network that is down."""


def forbid_network() -> None:
    """From now on, and until the process ends, only ``photofinder.download`` can open a connection."""
    sys.addaudithook(_refuse)


def allow_only(host: str, addresses: Collection[tuple[object, ...]]) -> None:
    """From now on this process may look up ``host`` and connect to these addresses, and nothing else: the go-between of
    ``photofinder.cluster``, which is started when a person has named a scheduler.
    """

    def refuse(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in _WATCHED or (event in _WITH_ADDRESS and not isinstance(arguments[1], tuple)):
            return
        if event == "socket.connect" and arguments[1][:2] in addresses:
            return
        if event == "socket.getaddrinfo" and arguments[0] == host:
            return
        raise NetworkForbidden(1, f"{event} is not allowed in the go-between of PhotoFinder")

    sys.addaudithook(refuse)


def loaded_network_modules() -> list[str]:
    """Modules in memory that could talk to a server; none is needed for analysing and searching."""
    return [name for name in _NETWORK_MODULES if name in sys.modules]


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _WATCHED:
        return
    if event in _WITH_ADDRESS and not isinstance(arguments[1], tuple):
        return  # AF_UNIX: a path, or nothing at all
    if _called_by(THE_ONE_DOOR, sys._getframe(1)):
        return
    wanted = arguments[1] if event in _WITH_ADDRESS else arguments[:2]
    _log.error("%s %r was refused", event, wanted, stack_info=True)
    raise NetworkForbidden(1, f"{event} is not allowed in PhotoFinder")


def _called_by(module: str, frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_globals.get("__name__") == module:
            return True
        frame = frame.f_back
    return False
