"""``python -m photofinder`` without its start: a process that imported everything forks a child for each command.

A start takes 0.4 s, and 2 s more where torch is imported; the command itself is often done in a few hundredths.
Reads one JSON request a line (``arguments``, ``environment``), answers with one (``code``, ``out``, ``err``; all as
Latin-1, since bytes that are no text are wanted too).
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.forking import in_child


def main() -> None:
    """Serve until stdin ends."""
    import sklearn.linear_model
    import torch

    from photofinder import __main__ as program
    from photofinder import evaluation, indexing
    from photofinder.cli import commands
    from photofinder.library import decoder
    from photofinder.model import visual
    from photofinder.search import engine

    assert all((sklearn, torch, evaluation, indexing, commands, decoder, visual, engine)), "imported for the children"
    for line in sys.stdin:
        ended = in_child(partial(_run, program.main, json.loads(line)))
        answer = {"code": ended.code, "out": ended.out.decode("latin-1"), "err": ended.err.decode("latin-1")}
        print(json.dumps(answer), flush=True)


def _run(command: Callable[[], int], request: dict[str, Any]) -> int:
    """As a process that was started with these arguments in this environment."""
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    return command()


if __name__ == "__main__":
    main()
