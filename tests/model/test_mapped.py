"""A mapped array is the one that was saved."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from photofinder.model.mapped import mapped_array
from photofinder.model.pack import CAPTION_FILE, Pack


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_every_kind_of_array(tmp_path: Path, save: object) -> None:
    path = tmp_path / "a.npz"
    arrays = {
        "one": np.arange(7, dtype=np.int8),
        "two": np.random.default_rng(1).standard_normal((5, 3)).astype(np.float16),
        "turned": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        "none": np.empty((0, 4), dtype=np.float32),
    }
    save(path, **arrays)  # type: ignore[operator]
    for name, array in arrays.items():
        found = mapped_array(path, name)
        assert found.dtype == array.dtype
        np.testing.assert_array_equal(found, array)


def test_the_table_of_the_pack(pack: Pack) -> None:
    found = mapped_array(pack.file(CAPTION_FILE), "table")
    with np.load(pack.file(CAPTION_FILE), allow_pickle=False) as data:
        np.testing.assert_array_equal(found, data["table"])
    assert not found.flags.writeable


def test_what_is_no_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.npz"
    np.savez(path, one=np.arange(3))
    with pytest.raises(KeyError):
        mapped_array(path, "two")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(zipfile.BadZipFile):
        mapped_array(path, "one")
