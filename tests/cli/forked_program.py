"""``python -m photofinder`` without its start: a process that imported everything forks a child for each command.

A start takes 0.4 s, and 2 s more where torch is imported; the command itself is often done in a few hundredths.
Reads one JSON request a line (``arguments``, ``environment``), answers with one (``code``, ``out``, ``err``; all as
Latin-1, since bytes that are no text are wanted too).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import traceback
import warnings
from collections.abc import Callable
from typing import Any, NoReturn


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
        request = json.loads(line)
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 on: NumPy has threads, which wait
                child = os.fork()
            if child == 0:
                for file, number in ((out, 1), (err, 2)):
                    os.dup2(file.fileno(), number)
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                _run(program.main, request)
            _, status = os.waitpid(child, 0)
            answer: dict[str, object] = {"code": os.waitstatus_to_exitcode(status)}
            for name, file in (("out", out), ("err", err)):
                file.seek(0)
                answer[name] = file.read().decode("latin-1")
        print(json.dumps(answer), flush=True)


def _run(command: Callable[[], int], request: dict[str, Any]) -> NoReturn:
    """The child: as a process that was started with these arguments in this environment."""
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    try:
        code = command()
    except SystemExit as end:
        code = int(end.code or 0)
    except BaseException:  # noqa: BLE001 - said as Python would say it
        traceback.print_exc()
        code = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
