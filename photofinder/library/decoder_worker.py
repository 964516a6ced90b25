"""Inside a decoding process, and the frames it exchanges with the program.

A frame is two little-endian lengths, a JSON header and raw bytes: nothing is ever unpickled. Everything here is
imported each time a worker starts, so it stays light: Pillow and NumPy, never torch or Qt.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import logging
import mmap
import os
import queue
import signal
import struct
import subprocess
import sys
import traceback
import weakref
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any, BinaryIO

from PIL import AvifImagePlugin

from photofinder.errors import FailureReason, PhotoUnreadable
from photofinder.library.exif import Exposure
from photofinder.library.images import PhotoInfo, decode, decode_bytes
from photofinder.network_guard import forbid_network

_log = logging.getLogger(__name__)

HELLO = b"\0PhotoFinder decoder 1\n"
"""What a worker writes, outside any frame, once it is ready."""

Body = bytearray | mmap.mmap
Frame = tuple[dict[str, Any], Body]

_LENGTHS = struct.Struct("<II")
_LONGEST_FRAME = 2**30
_OWN_PAGES = 2**16
"""From so many bytes on a body has pages of its own, which go back to the system as soon as it is let go.

malloc kept 50 MB more over 2,000 photos of 12 megapixels; pages cost 0.2 ms a photo.
"""
_PIPE = 2**20  # bytes; the most that Linux gives without being asked by its owner
_END_S = 5.0


def write_frame(stream: IO[bytes], header: dict[str, Any], *bodies: bytes | memoryview) -> None:
    """Write one frame whose body is ``bodies`` joined, and flush. Raises ``OSError`` when nobody reads."""
    encoded = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(encoded), sum(len(body) for body in bodies)) + encoded)
    for body in bodies:
        stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> Frame | None:
    """None at the end of the stream, also in the middle of a frame. Raises ``ValueError`` for nonsense."""
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    header_length, body_length = _LENGTHS.unpack(lengths)
    if header_length + body_length > _LONGEST_FRAME:
        raise ValueError("frame too long")
    encoded = stream.read(header_length)
    body: Body = bytearray(body_length) if body_length < _OWN_PAGES else mmap.mmap(-1, body_length)
    with memoryview(body) as view:
        filled = 0
        while filled < body_length:
            count = stream.readinto(view[filled:])  # type: ignore[attr-defined]  # missing in typing.IO
            if not count:
                return None
            filled += count
    if len(encoded) < header_length:
        return None
    header = json.loads(encoded)
    if not isinstance(header, dict):
        raise ValueError("not an object")
    return header, body


def read_info(fields: dict[str, Any]) -> PhotoInfo:
    """``PhotoInfo`` as an answer carries it. Raises ``KeyError`` or ``TypeError`` for nonsense."""
    return PhotoInfo(**fields | {"exposure": Exposure(**fields["exposure"])})


def read_answers(output: IO[bytes], answers: queue.SimpleQueue[Frame | str]) -> None:
    """What the program's thread that listens to a worker does: puts ``({}, b"")`` when it is ready, then what it
    answers, and a string at the end.
    """
    said = bytearray()
    # Before it is ready the worker may print: a warning of the interpreter, or why it cannot start.
    while not said.endswith(HELLO):
        byte = output.read(1)
        if not byte:
            answers.put(said.decode(errors="replace").strip()[-2000:] or "it ended without a word")
            return
        said += byte
    answers.put(({}, bytearray()))
    try:
        while (answer := read_frame(output)) is not None:
            answers.put(answer)
    except (ValueError, MemoryError, OSError):
        _log.exception("a decoder process answers nonsense")
    answers.put("ended")


def listen(
    output: IO[bytes], answers: queue.SimpleQueue[Frame | str], process: weakref.ref[subprocess.Popen[bytes]]
) -> None:
    """``read_answers``, and then take note that the process ended, so that no zombie of it is left."""
    read_answers(output, answers)
    ended = process()
    if ended is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):  # it closed its stdout and goes on: it will be killed
            ended.wait(_END_S)


def worker_main() -> None:
    """The worker process: answers requests from stdin until it is closed, which also tells that the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    forbid_network()
    requests, answers = private_pipes()
    first = read_frame(requests)
    if first is None:
        return
    limits = first[0]
    _limit_memory(int(limits["memory_limit_mb"]) * 2**20)
    AvifImagePlugin.DEFAULT_MAX_THREADS = 1  # photos are decoded side by side, not each in pieces
    answers.write(HELLO)
    answers.flush()
    with open(os.devnull, "wb") as nowhere:
        while (request := read_frame(requests)) is not None:
            # Ends the process even from inside a codec that hangs: should the parent be gone, nobody else would.
            faulthandler.dump_traceback_later(2 * limits["timeout_s"] + 10, exit=True, file=nowhere)
            header, *bodies = _answer(*request)
            # The same watchdog ends a worker that nobody needs; the program starts another when one is wanted.
            faulthandler.dump_traceback_later(limits["idle_s"], exit=True, file=nowhere)
            try:
                write_frame(answers, header, *bodies)
            except OSError:  # the parent is gone
                return


def private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Stdin and stdout for us alone; what a codec prints goes nowhere and cannot break the protocol."""
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(0, os.O_BINARY)
        msvcrt.setmode(1, os.O_BINARY)
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)
    if sys.platform == "linux":  # an answer in one piece, not in ten, each of which wakes the program: 0.6 ms a photo
        import fcntl

        with contextlib.suppress(OSError):  # the system allows each person so much
            fcntl.fcntl(answers.fileno(), fcntl.F_SETPIPE_SZ, _PIPE)
    return requests, answers


def _limit_memory(limit: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    with contextlib.suppress(ValueError, OSError):  # macOS refuses some values; MAX_PIXELS still holds
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a crash is expected here and needs no dump
    with contextlib.suppress(OSError):  # Linux: should memory run out all the same, end this process first
        Path("/proc/self/oom_score_adj").write_text("1000")


def _answer(header: dict[str, Any], body: Body) -> tuple[Any, ...]:
    side = int(header["side"])
    try:
        if header["from"] == "path":
            photo = decode(Path(os.fsdecode(bytes(body))), side)
        else:
            photo = decode_bytes(bytes(body), side)
    except PhotoUnreadable as error:
        return ({"error": error.reason.value, "memory": isinstance(error.__cause__, MemoryError)},)
    except MemoryError:
        return ({"error": FailureReason.TOO_LARGE.value, "memory": True},)
    except Exception:  # noqa: BLE001  # the parent logs it and blames the photo
        return ({"bug": traceback.format_exc()},)
    shape = photo.pixels.shape[:2]
    return {"shape": shape, "info": asdict(photo.info)}, photo.pixels.data.cast("B"), photo.thumbnail


if __name__ == "__main__":
    worker_main()
