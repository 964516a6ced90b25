"""Standard streams that take any file name and that a reader may leave early."""

from __future__ import annotations

import codecs
import os
import sys


def let_streams_take_any_name() -> None:
    """Print names that are no text in the terminal's encoding as the bytes they are, or escaped, never failing."""
    codecs.register_error("photofinder", _as_bytes_or_escaped)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="photofinder")


def flush_stdout() -> None:
    """Meet a closed pipe here, where it is caught, and not while Python shuts down. Raises BrokenPipeError."""
    if sys.stdout is not None:
        sys.stdout.flush()


def forget_stdout() -> None:
    """The reader left (``| head``): what is still buffered has nowhere to go."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _as_bytes_or_escaped(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.lookup_error("backslashreplace")(error)
