"""One array of an ``.npz``, mapped instead of read: of a large table, a phrase needs a few rows."""

from __future__ import annotations

import mmap
import struct
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


def mapped_array(path: Path, name: str) -> NDArray[Any]:
    """The array ``name`` of the archive, read-only and mapped where it lies in it as it is; else (compressed) read.

    Raises OSError, ValueError, KeyError or BadZipFile on anything else.
    """
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo(f"{name}.npy")
        with archive.open(member) as file:
            version = np.lib.format.read_magic(file)
            if version != (1, 0):
                raise ValueError(f"{name}: version {version} of the array format")
            shape, fortran, dtype = np.lib.format.read_array_header_1_0(file)
            begins = file.tell()
            if member.compress_type != zipfile.ZIP_STORED or fortran or dtype.hasobject:
                file.seek(0)
                return np.asarray(np.lib.format.read_array(file, allow_pickle=False))
    with open(path, "rb") as whole:
        whole.seek(member.header_offset)
        fields = _LOCAL_HEADER.unpack(whole.read(_LOCAL_HEADER.size))
        if fields[0] != b"PK\x03\x04":
            raise ValueError(f"{name}: no entry where it should begin")
        start = member.header_offset + _LOCAL_HEADER.size + fields[-2] + fields[-1] + begins
        mapped = mmap.mmap(whole.fileno(), 0, access=mmap.ACCESS_READ)
    count = int(np.prod(shape))
    return np.frombuffer(mapped, dtype=dtype, count=count, offset=start).reshape(shape)
