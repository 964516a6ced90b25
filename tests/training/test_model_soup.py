from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from photofinder.training import model_soup
from photofinder.training.features import load_trunk
from photofinder.training.joint_weights import read_joint_weights
from photofinder.training.model_soup import mean_joint, mean_network
from photofinder.training.saved_joint import load_joint
from photofinder.training.student import NETWORK_FILE, Student


@pytest.fixture
def other(run: Path, tmp_path: Path) -> Path:
    """The network of the run with every weight twice as large."""
    path = tmp_path / "other.safetensors"
    save_file({name: 2 * value for name, value in load_file(run / "visual" / NETWORK_FILE).items()}, path)
    return path


def test_weights_lie_between_those_of_the_networks(run: Path, other: Path) -> None:
    one = load_file(run / "visual" / NETWORK_FILE)
    network = mean_network([run / "visual" / NETWORK_FILE, other], [0.75, 0.25]).state_dict()
    for name in ("trunk.layer2.0.conv1.weight", "trunk.bn1.bias", "trunk.bn1.running_var", "head.output.weight"):
        torch.testing.assert_close(network[name], 1.25 * one[name])


def test_what_only_the_deeper_network_has_adds_its_share(run: Path, tmp_path: Path) -> None:
    shallow, path = run / "visual" / NETWORK_FILE, tmp_path / "deeper.safetensors"
    student = Student(8, (), {}, (2, 2, 2, 3))
    student.start_from(shallow)
    deeper = {name: value.clone() for name, value in student.network.state_dict().items()}
    save_file(deeper, path)
    for networks in ([shallow, path], [path, shallow]):
        mean = mean_network(networks, [0.5, 0.5]).state_dict()
        torch.testing.assert_close(mean["trunk.layer4.2.conv1.weight"], deeper["trunk.layer4.2.conv1.weight"])
        torch.testing.assert_close(mean["trunk.layer4.2.bn2.weight"], deeper["trunk.layer4.2.bn2.weight"] / 2)
        torch.testing.assert_close(mean["trunk.layer4.1.conv1.weight"], deeper["trunk.layer4.1.conv1.weight"])


def test_a_pack_and_a_run_mix_to_a_network_that_loads(run: Path, tmp_path: Path) -> None:
    out = tmp_path / "soup" / NETWORK_FILE
    networks = [str(run / "visual" / NETWORK_FILE), str(run / "pack" / NETWORK_FILE)]
    command = ["--out", str(out), "--shares", "0.6", "0.4", "--networks", *networks]
    assert model_soup.main(command) == 0
    assert load_trunk(out).eval()(torch.rand(1, 3, 64, 64)).isfinite().all()


def test_the_mean_of_joint_spaces(run: Path, tmp_path: Path) -> None:
    joint = str(run / "joint")
    assert model_soup.main(["--out", str(tmp_path), "--joints", joint, joint]) == 0
    texts = ["un cuadro rojo", "verde"]
    torch.testing.assert_close(
        torch.from_numpy(load_joint(tmp_path).texts(texts)), torch.from_numpy(load_joint(run / "joint").texts(texts))
    )
    assert read_joint_weights(tmp_path).words == read_joint_weights(run / "joint").words


def test_joint_spaces_of_different_vocabularies_have_no_mean(run: Path, tmp_path: Path) -> None:
    weights = load_file(run / "joint" / "joint.safetensors")
    save_file({**weights, "keys": weights["keys"] + 1}, tmp_path / "joint.safetensors")
    (tmp_path / "vocabulary.txt").write_text("rojo")
    with pytest.raises(ValueError, match="vocabularies"):
        mean_joint([run / "joint", tmp_path], [0.5, 0.5])


@pytest.mark.parametrize("shares", [["0.5"], ["0.5", "0.6"]])
def test_shares_are_one_for_each_and_one_in_all(
    shares: list[str], run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    joint = str(run / "joint")
    with pytest.raises(SystemExit):
        model_soup.main(["--out", str(tmp_path), "--joints", joint, joint, "--shares", *shares])
    assert "--shares" in capsys.readouterr().err
