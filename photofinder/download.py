"""The only module that opens a connection, and only with the yes of a person in its hands.

A file is fetched into ``<name>.partial`` and goes on where an earlier try stopped, when the server knows ranges. What
arrives is not trusted here: whoever asked for it verifies the checksum before anything reads the file.
"""

from __future__ import annotations

import http.client
import logging
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from photofinder.consent import Consent, Downloaded, partial_path
from photofinder.errors import DownloadFailed

TIMEOUT_S = 30.0
"""Of every single wait for the server, not of the whole download."""
_BLOCK = 1 << 16
_log = logging.getLogger(__name__)
_HERE = ("localhost", "127.0.0.1", "::1")


def download(consent: Consent, target: Path, timeout: float = TIMEOUT_S) -> Generator[Downloaded, None, None]:
    """Fetch the file into ``target``; close the generator to stop, and what has arrived stays for the next try.

    A connection that breaks after some bytes is taken up again at once. Raises DownloadFailed, or OSError when the
    disk does not take the file.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = partial_path(target)
    yield Downloaded(_size(partial), consent.bytes)
    while True:
        before = _size(partial)
        total = None
        try:
            total = yield from _fetch(consent, partial, timeout)
        except DownloadFailed as error:
            if error.why != "interrupted" or _size(partial) <= before:
                raise
            _log.info("taken up again: %s", error)
            continue
        if _size(partial) == total:
            break
        if _size(partial) <= before:  # the server closes politely, and too early, every time
            raise DownloadFailed(consent.url, consent.host, "interrupted")
    partial.replace(target)


def _fetch(consent: Consent, partial: Path, timeout: float) -> Generator[Downloaded, None, int]:
    """One connection: from where the partial file ends, or from the beginning when the server knows no ranges.

    Returns how many bytes the whole file has.
    """
    have = _size(partial)
    answer = _open(consent, have, partial, timeout)
    if answer is None:
        return have
    with answer:
        resumed = answer.status == 206 and (answer.headers.get("Content-Range") or "").startswith(f"bytes {have}-")
        have = have if resumed else 0
        length = answer.headers.get("Content-Length") or ""
        total = have + int(length) if length.isdigit() else None
        if total is None or consent.covers(total):
            with open(partial, "ab" if resumed else "wb") as file:
                while have <= consent.bytes * 1.01 and (block := _read(answer, consent)):
                    file.write(block)
                    have += len(block)
                    yield Downloaded(have, total or consent.bytes)
    total = have if total is None else total
    if not consent.covers(total):
        partial.unlink(missing_ok=True)
        raise DownloadFailed(consent.url, consent.host, "other_size", f"{total} bytes")
    return total


def _open(consent: Consent, have: int, partial: Path, timeout: float) -> Any:
    """The server's answer; None when the partial file turns out to be whole already."""
    headers = {"User-Agent": "PhotoFinder", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    try:
        return _opener(consent).open(urllib.request.Request(consent.url, headers=headers), timeout=timeout)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 416:  # nothing follows what is here: it is whole, or it is something else
            if (error.headers.get("Content-Range") or "") == f"bytes */{have}" and consent.covers(have):
                return None
            partial.unlink(missing_ok=True)
        why = "not_found" if error.code in (404, 410) else "refused"
        raise DownloadFailed(consent.url, consent.host, why, f"HTTP {error.code}") from error
    except urllib.error.URLError as error:
        raise DownloadFailed(consent.url, consent.host, "no_network", str(error.reason)) from error
    except (http.client.HTTPException, OSError) as error:
        raise DownloadFailed(consent.url, consent.host, "interrupted", str(error)) from error


def _read(answer: http.client.HTTPResponse, consent: Consent) -> bytes:
    try:
        return answer.read1(_BLOCK)
    except (http.client.HTTPException, OSError) as error:
        raise DownloadFailed(consent.url, consent.host, "interrupted", str(error)) from error


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follows a server to another address of its own, and nowhere else: the yes was for one host."""

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str,
                         headers: Any, newurl: str) -> urllib.request.Request | None:  # fmt: skip
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.hostname) != (new.scheme, new.hostname):
            raise urllib.error.HTTPError(newurl, code, "redirected to another host", headers, fp)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(consent: Consent) -> urllib.request.OpenerDirector:
    """HTTPS (plain HTTP only to this very machine), through the system's proxy if there is one; no other scheme."""
    scheme = urlsplit(consent.url).scheme
    if scheme != "https" and not (scheme == "http" and consent.host in _HERE):
        raise DownloadFailed(consent.url, consent.host, "refused", "not encrypted")
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler({} if consent.host in _HERE else None), urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(), urllib.request.HTTPDefaultErrorHandler(), _SameHost(),
        urllib.request.HTTPErrorProcessor(),
    ):  # fmt: skip
        opener.add_handler(handler)
    return opener
