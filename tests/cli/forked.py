"""Talks to ``forked_program.py``."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def forked(arguments: Sequence[str | Path | bytes], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """One command by a fresh child of this process's program; output is decoded as a file name would be."""
    process = _program()
    assert process.stdin is not None and process.stdout is not None
    words = [os.fsdecode(argument) for argument in arguments]
    process.stdin.write(json.dumps({"arguments": words, "environment": dict(environment)}) + "\n")
    process.stdin.flush()
    answer = json.loads(process.stdout.readline())
    out, err = (answer[name].encode("latin-1").decode("utf-8", "surrogateescape") for name in ("out", "err"))
    return subprocess.CompletedProcess(arguments, answer["code"], out, err)


@cache
def _program() -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.forked_program"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONUTF8": "1", "PYTHONWARNINGS": "error"},
        cwd=_ROOT,
        text=True,
        encoding="utf-8",
    )
    atexit.register(process.communicate)
    return process
