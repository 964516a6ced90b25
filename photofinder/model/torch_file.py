"""Read the tensors of a file that ``torch.save`` wrote, without unpickling it.

Such a file (the ``.pth`` of torchvision's official weights) holds a pickle, and unpickling runs whatever the pickle
names. ``torch.load(weights_only=True)`` narrows that down to a list of allowed names, inside an unpickler that has
been escaped before (CVE-2025-32434). Nothing of it is needed to read a table of arrays, so here the pickle is only
*disassembled* (``pickletools``, which executes nothing) and its opcodes are read by a small machine that knows
dictionaries, tuples, numbers, texts and one kind of call, "this storage, seen with this shape", and refuses the rest.

Both containers are read: the zip of torch >= 1.6, and the stream of pickles before it, in which the older official
weights still come.
"""

from __future__ import annotations

import io
import math
import pickletools
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]

_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
_LEGACY_PROTOCOL = 1001

_STORAGES = {
    f"torch {name}": np.dtype(kind)
    for name, kind in {
        "DoubleStorage": "<f8", "FloatStorage": "<f4", "HalfStorage": "<f2", "LongStorage": "<i8",
        "IntStorage": "<i4", "ShortStorage": "<i2", "CharStorage": "i1", "ByteStorage": "u1", "BoolStorage": "?",
    }.items()
}  # fmt: skip
_ORDERED_DICT = "collections OrderedDict"
_TENSOR = ("torch._utils _rebuild_tensor_v2", "torch._utils _rebuild_tensor")
_PARAMETER = "torch._utils _rebuild_parameter"


class NotATensorFile(ValueError):
    """The file is not what ``torch.save`` makes of a table of tensors, or holds something beyond tensors."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A global the pickle mentions, ``"module name"``; it is never looked up."""

    text: str


@dataclass(frozen=True, slots=True)
class _Storage:
    """Where numbers lie: their type, the key of their file or block, and how many there are."""

    dtype: np.dtype[Any]
    key: str
    count: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    """A storage seen with a shape; ``offset`` and ``strides`` count elements."""

    storage: _Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_tensors(path: Path) -> Arrays:
    """Every tensor of a state dict by its name; what a state dict holds beside tensors is left out.

    A file with one more level, ``{"state_dict": {...}}`` or ``{"model": {...}}``, is read as well. Raises
    NotATensorFile, or OSError when the file cannot be opened.
    """
    try:
        with open(path, "rb") as file:
            zipped = zipfile.is_zipfile(file)
            file.seek(0)
            table, numbers = _zip(path) if zipped else _stream(file)
        return {name: _view(tensor, numbers) for name, tensor in _tensors(table)}
    except NotATensorFile:
        raise
    except (ValueError, KeyError, IndexError, TypeError, OverflowError, EOFError, zipfile.BadZipFile,
            RecursionError, NotImplementedError) as error:  # fmt: skip
        raise NotATensorFile(f"{type(error).__name__}: {error}") from error


def _zip(path: Path) -> tuple[object, Mapping[str, bytes]]:
    """The table of a zip and the bytes of the storages that it names."""
    with zipfile.ZipFile(path) as archive:
        entries = {name.partition("/")[2]: name for name in archive.namelist()}
        if "byteorder" in entries and archive.read(entries["byteorder"]) != b"little":
            raise NotATensorFile("written on a big-endian machine")
        machine = _Machine(io.BytesIO(archive.read(entries["data.pkl"])))
        table = machine.run()
        return table, {key: archive.read(entries[f"data/{key}"]) for key in machine.storages}


def _stream(file: io.BufferedReader) -> tuple[object, Mapping[str, bytes]]:
    """The same of the older form: five pickles, then each storage with its length before it."""
    if _Machine(file).run() != _LEGACY_MAGIC or _Machine(file).run() != _LEGACY_PROTOCOL:
        raise NotATensorFile("neither of torch's two containers")
    if _Machine(file).run() != {"protocol_version": _LEGACY_PROTOCOL, "little_endian": True,
                                "type_sizes": {"short": 2, "int": 4, "long": 4}}:  # fmt: skip
        raise NotATensorFile("written on another kind of machine")
    machine = _Machine(file)
    table = machine.run()
    keys = _Machine(file).run()
    if not isinstance(keys, list) or not set(keys) <= set(machine.storages):
        raise NotATensorFile("the list of storages does not fit")
    numbers = {}
    for key in keys:
        storage = machine.storages[key]
        count = int.from_bytes(file.read(8), "little", signed=True)
        if count != storage.count:
            raise NotATensorFile(f"storage {key} has another length")
        numbers[key] = file.read(count * storage.dtype.itemsize)
    return table, numbers


def _tensors(table: object) -> Iterator[tuple[str, _Tensor]]:
    if not isinstance(table, dict):
        raise NotATensorFile("no table of tensors")
    inner = next((table[key] for key in ("state_dict", "model") if isinstance(table.get(key), dict)), table)
    found = [(name, value) for name, value in inner.items() if isinstance(name, str) and isinstance(value, _Tensor)]
    if not found:
        raise NotATensorFile("no tensors in it")
    yield from found


def _view(tensor: _Tensor, numbers: Mapping[str, bytes]) -> NDArray[Any]:
    """The tensor as a contiguous array of its own. Raises NotATensorFile when it reaches outside its storage."""
    storage, shape, strides = tensor.storage, tensor.shape, tensor.strides
    if min((tensor.offset, *shape, *strides), default=0) < 0 or len(shape) != len(strides):
        raise NotATensorFile("a tensor with a shape that cannot be")
    last = tensor.offset + sum((n - 1) * step for n, step in zip(shape, strides, strict=True))
    data = np.frombuffer(numbers[storage.key], dtype=storage.dtype)
    if math.prod(shape) == 0:
        return np.empty(shape, dtype=storage.dtype)
    if last >= len(data) or math.prod(shape) > len(data):
        raise NotATensorFile(f"storage {storage.key} is too short")
    steps = tuple(step * storage.dtype.itemsize for step in strides)
    seen = np.lib.stride_tricks.as_strided(data[tensor.offset :], shape, steps, writeable=False)
    return np.array(seen, order="C")


class _Mark:
    """Where a tuple, a list or the items of a dictionary begin on the stack."""


class _Machine:
    """Reads one pickle, opcode by opcode, into plain values, ``_Name`` and ``_Tensor``."""

    def __init__(self, stream: io.BufferedReader | io.BytesIO) -> None:
        self._stream = stream
        self._stack: list[Any] = []
        self._memo: dict[int, Any] = {}
        self.storages: dict[str, _Storage] = {}

    def run(self) -> object:
        """The value of the pickle, up to its end; the stream stands behind it."""
        for opcode, argument, _ in pickletools.genops(self._stream):
            if opcode.name == "STOP":
                return self._stack.pop()
            self._step(opcode.name, argument)
        raise NotATensorFile("the pickle has no end")

    def _step(self, name: str, argument: Any) -> None:
        if name in _VALUES:
            self._stack.append(argument)
        elif name in _MAKE:
            self._stack.append(_MAKE[name]())
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            self._memo[int(argument)] = self._stack[-1]
        elif name == "MEMOIZE":
            self._memo[len(self._memo)] = self._stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            self._stack.append(self._memo[int(argument)])
        elif name in _COUNTS:
            count = _COUNTS[name]
            taken = self._stack[-count:]
            del self._stack[-count:]
            self._stack.append(tuple(taken))
        elif name == "TUPLE":
            self._stack.append(tuple(self._since_mark()))
        elif name == "LIST":
            self._stack.append(self._since_mark())
        elif name == "APPEND":
            value = self._stack.pop()
            self._top(list).append(value)
        elif name == "APPENDS":
            values = self._since_mark()
            self._top(list).extend(values)
        elif name == "SETITEM":
            value, key = self._stack.pop(), self._stack.pop()
            self._top(dict)[key] = value
        elif name == "SETITEMS":
            items = self._since_mark()
            self._top(dict).update(zip(items[::2], items[1::2], strict=True))
        elif name == "GLOBAL":
            self._stack.append(_Name(str(argument)))
        elif name == "BINPERSID":
            self._stack.append(self._storage(self._stack.pop()))
        elif name == "REDUCE":
            arguments, called = self._stack.pop(), self._stack.pop()
            self._stack.append(_call(called, arguments))
        elif name == "BUILD":  # attributes of an OrderedDict, such as the version of each layer: not needed
            self._stack.pop()
            self._top(dict)
        elif name != "PROTO":
            raise NotATensorFile(f"a pickle with {name}")

    def _since_mark(self) -> list[Any]:
        begin = max(place for place, value in enumerate(self._stack) if isinstance(value, _Mark))
        taken = self._stack[begin + 1 :]
        del self._stack[begin:]
        return taken

    def _top(self, kind: type) -> Any:
        if not isinstance(self._stack[-1], kind):
            raise NotATensorFile(f"{kind.__name__} expected")
        return self._stack[-1]

    def _storage(self, reference: Any) -> _Storage:
        word, kind, key, _, count, *view = reference
        if word != "storage" or not isinstance(kind, _Name) or view not in ([], [None]):
            raise NotATensorFile("a reference to something other than numbers")
        if kind.text not in _STORAGES:
            raise NotATensorFile(f"numbers of the kind {kind.text}")
        self.storages[str(key)] = _Storage(_STORAGES[kind.text], str(key), int(count))
        return self.storages[str(key)]


def _call(called: Any, arguments: Any) -> object:
    """What the few calls that are understood stand for; nothing is called."""
    if not isinstance(called, _Name) or not isinstance(arguments, tuple):
        raise NotATensorFile("a call of something that is no name")
    if called.text == _ORDERED_DICT and arguments in ((), ([],)):
        return {}
    if called.text in _TENSOR and isinstance(arguments[0], _Storage):
        storage, offset, shape, strides = arguments[:4]
        return _Tensor(storage, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))
    if called.text == _PARAMETER and isinstance(arguments[0], _Tensor):
        return arguments[0]
    raise NotATensorFile(f"a call of {called.text}")


_VALUES = frozenset({
    "BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "BINFLOAT", "FLOAT", "UNICODE", "BINUNICODE",
    "SHORT_BINUNICODE",
})  # fmt: skip
_MAKE: dict[str, Callable[[], Any]] = {
    "NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "MARK": _Mark,
}  # fmt: skip
_COUNTS = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
