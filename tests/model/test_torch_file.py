"""torch's own files, written by torch, are read without unpickling; everything else is refused and runs nothing."""

from __future__ import annotations

import os
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import numpy as np
import pytest
import torch

from photofinder.model.torch_file import NotATensorFile, read_tensors


class _RunsSomething:
    def __init__(self, place: Path) -> None:
        self._place = place

    def __reduce__(self) -> tuple[object, ...]:
        return os.mkdir, (str(self._place),)


@pytest.fixture
def network() -> torch.nn.Module:
    torch.manual_seed(0)
    return torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3), torch.nn.BatchNorm2d(8), torch.nn.Linear(8, 4))


@pytest.mark.parametrize("zipped", [True, False])
def test_a_state_dict_comes_back_exactly(network: torch.nn.Module, tmp_path: Path, zipped: bool) -> None:
    path = tmp_path / "pesos ñ.pth"
    torch.save(network.state_dict(), path, _use_new_zipfile_serialization=zipped)
    found = read_tensors(path)
    assert list(found) == list(network.state_dict())
    for name, tensor in network.state_dict().items():
        assert found[name].shape == tuple(tensor.shape)
        np.testing.assert_array_equal(found[name], tensor.numpy())


@pytest.mark.parametrize("zipped", [True, False])
def test_views_types_and_parameters(tmp_path: Path, zipped: bool) -> None:
    whole = torch.arange(24.0).reshape(4, 6)
    table = {
        "turned": whole.T, "part": whole[1:3, 2:5], "half": whole.half(), "long": whole.long(), "bytes": whole.byte(),
        "flags": whole > 3, "scalar": torch.tensor(7.5), "empty": torch.zeros(0, 3),
        "parameter": torch.nn.Parameter(whole[0]), "shared": whole,
    }  # fmt: skip
    torch.save({"state_dict": OrderedDict(table), "epoch": 3, "best": 0.5, "name": "ñ"}, tmp_path / "a.pth",
               _use_new_zipfile_serialization=zipped)  # fmt: skip
    found = read_tensors(tmp_path / "a.pth")
    for name, tensor in table.items():
        np.testing.assert_array_equal(found[name], tensor.detach().numpy(), err_msg=name)


@pytest.mark.parametrize("zipped", [True, False])
def test_nothing_in_a_file_is_ever_run(tmp_path: Path, zipped: bool) -> None:
    place = tmp_path / "was here"
    torch.save({"a": torch.zeros(2), "b": _RunsSomething(place)}, tmp_path / "a.pth",
               _use_new_zipfile_serialization=zipped)  # fmt: skip
    with pytest.raises(NotATensorFile, match="mkdir"):
        read_tensors(tmp_path / "a.pth")
    assert not place.exists()


@pytest.mark.parametrize("zipped", [True, False])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_cut_file_is_refused(network: torch.nn.Module, tmp_path: Path, zipped: bool, share: float) -> None:
    torch.save(network.state_dict(), tmp_path / "a.pth", _use_new_zipfile_serialization=zipped)
    data = (tmp_path / "a.pth").read_bytes()
    (tmp_path / "cut.pth").write_bytes(data[: int(len(data) * share)])
    with pytest.raises(NotATensorFile):
        read_tensors(tmp_path / "cut.pth")


@pytest.mark.parametrize("value", [[1, 2], {"a": 1}, "text", {"a": _RunsSomething(Path("x"))}, b"bytes"])
def test_other_pickles_are_refused(tmp_path: Path, value: object) -> None:
    (tmp_path / "a.pth").write_bytes(pickle.dumps(value))
    with pytest.raises(NotATensorFile):
        read_tensors(tmp_path / "a.pth")


def test_a_tensor_that_reaches_outside_its_storage_is_refused(tmp_path: Path) -> None:
    torch.save({"a": torch.arange(1000.0)}, tmp_path / "a.pth")
    with zipfile.ZipFile(tmp_path / "a.pth") as old, zipfile.ZipFile(tmp_path / "b.pth", "w") as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data[:400] if name.endswith("data/0") else data)
    with pytest.raises(NotATensorFile, match="too short"):
        read_tensors(tmp_path / "b.pth")


def test_a_missing_file_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_tensors(tmp_path / "a.pth")
