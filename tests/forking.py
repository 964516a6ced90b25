"""A child of this process does one thing as a process of its own would, without Python's start and its imports."""

from __future__ import annotations

import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from typing import NamedTuple, NoReturn

CRASHED = 70


class Ended(NamedTuple):
    """How a child ended: its exit code (negative: the signal), and what it printed."""

    code: int
    out: bytes
    err: bytes


def in_child(command: Callable[[], int]) -> Ended:
    """Run ``command`` in a child and wait for it; its value is the exit code, ``CRASHED`` with a traceback if it fails.

    There is nothing to read on the child's standard input.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 on: NumPy has threads, which wait
            child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            _leave_with(command)
        _, status = os.waitpid(child, 0)
        out.seek(0)
        err.seek(0)
        return Ended(os.waitstatus_to_exitcode(status), out.read(), err.read())


def _leave_with(command: Callable[[], int]) -> NoReturn:
    try:
        code = command()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - said as Python would say it
        traceback.print_exc()
        code = CRASHED
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
