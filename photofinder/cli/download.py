"""The only question about a download on the command line, and how far one is."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import TYPE_CHECKING

from photofinder.cli.telling import tell
from photofinder.messages import number, pick

if TYPE_CHECKING:
    from photofinder.consent import Consent

_YES = ("s", "si", "sí", "y", "yes")
_MEGABYTE = 1_000_000


def consent_of(consent: Consent | None, question: str, *, yes: bool) -> tuple[Consent | None, bool]:
    """What the person says to a download, and whether they were asked and said no.

    ``question`` names what it is for, host and size; anything but a clear yes is a no. Without a terminal only
    ``yes``, the option, counts; the consent is then None, and whoever needs it says so.
    """
    if consent is None or yes:
        return consent, False
    if sys.stdin is None or not sys.stdin.isatty():
        return None, False
    tell(question)
    if sys.stdin.readline().strip().lower() in _YES:
        return consent, False
    return None, True


def follow_download(run: Generator[object, None, object], language: str, *, silent: bool) -> None:
    """Run it to its end, with a line on a terminal; it is closed, and keeps what has arrived, whatever happens."""
    from photofinder.consent import Downloaded

    live = not silent and sys.stderr is not None and sys.stderr.isatty()
    try:
        for event in run:
            if live and isinstance(event, Downloaded):
                share = number(100 * event.done / max(1, event.total), language)
                sys.stderr.write(f"\r{share:>4} % {pick(language, 'de', 'of')} {megabytes(event.total, language)}")
                sys.stderr.flush()
    finally:
        run.close()
        if live:
            sys.stderr.write("\r\x1b[K")


def megabytes(count: int, language: str) -> str:
    """A size in bytes as people are told it before a download: «244 MB»."""
    return f"{number(count / _MEGABYTE, language)} MB"
