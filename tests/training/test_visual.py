"""Training the CNN part by part, with a teacher at work: MobileNetV2 with generated weights below a small pack."""

from __future__ import annotations

import json
import shutil
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file

from photofinder.model.pack import read_pack
from photofinder.model.visual import PhotoNetwork, VisualNetwork
from photofinder.training import visual, write_pack
from photofinder.training.caption import EMBEDDING_DIM, JointOptions
from photofinder.training.data import Corpus
from photofinder.training.lessons import stream
from photofinder.training.live_lessons import LiveLessons, _closer, _lay_on
from photofinder.training.manifest import write_manifest
from photofinder.training.student import CHECKPOINT_FILE, NETWORK_FILE, Labels, LeastSquares, Student
from photofinder.training.train import TrainRequest, train_pack
from photofinder.training.visual import VisualOptions
from tests.pack_samples import save_weights, write_sample_pack
from tests.training.conftest import TINY_VISUAL

TEACHER = "mobilenet_v2"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"), backbone=TEACHER)


@pytest.fixture(scope="module")
def teacher(corpus: Corpus, weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack on those weights."""
    folder = tmp_path_factory.mktemp("teacher")
    request = TrainRequest(
        TEACHER, weights, folder / "pack", folder / "work", corpus=corpus.folder, shapes="64x64", crops=0,
        address=f"https://pesos.example/models/{weights.name}",
    )  # fmt: skip
    options = JointOptions(epochs=2, captioned=12, labelled=12, synonyms=2, concepts=4, text_width=16, thesaurus=False)
    return train_pack(request, options)


def changed(before: Path, after: Path) -> set[str]:
    """Which tensors of a network differ, by the first two parts of their names."""
    old, new = load_file(before), load_file(after)
    return {".".join(name.split(".")[:2]) for name in old if not torch.equal(old[name].float(), new[name].float())}


@pytest.mark.parametrize(
    ("part", "learns"),
    [
        ("1", {"trunk.conv1", "trunk.bn1", "trunk.layer1"}),
        ("top", {"trunk.layer4", "head.linear", "head.hidden", "head.output"}),
    ],
)
def test_a_phase_trains_its_part_and_leaves_the_rest_alone(
    part: str, learns: set[str], run: Path, corpus: Corpus, teacher: Path, weights: Path, tmp_path: Path
) -> None:
    start = run / "visual" / NETWORK_FILE
    command = ["--data", str(corpus.folder), "--teacher", str(teacher), "--weights", str(weights), *TINY_VISUAL,
               "--start", str(start), "--steps", "3", "--phases", f"{part}:1:1e-3", "--out", str(tmp_path)]  # fmt: skip
    assert visual.main(command) == 0
    assert changed(start, tmp_path / NETWORK_FILE) == learns


def test_a_stopped_run_goes_on_with_the_next_part(corpus: Corpus, teacher: Path, weights: Path, tmp_path: Path) -> None:
    command = ["--data", str(corpus.folder), "--teacher", str(teacher), "--weights", str(weights), *TINY_VISUAL,
               "--out", str(tmp_path)]  # fmt: skip
    assert visual.main([*command, "--steps", "2", "--phases", "1:1:1e-3"]) == 0
    checkpoint = load_file(tmp_path / CHECKPOINT_FILE)
    assert visual.main([*command, "--steps", "4", "--phases", "1:0.5:1e-3,3:1:1e-3"]) == 0
    notes = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [note["step"] for note in notes if "recipe" in note] == [2, 4]
    network, last = load_file(tmp_path / NETWORK_FILE), load_file(tmp_path / CHECKPOINT_FILE)
    PhotoNetwork((64, 128, 256, 512), (2, 2, 2, 2), EMBEDDING_DIM).load_state_dict(network)
    moments = {name for name in checkpoint if name.startswith(("adamw.", "muon."))}
    assert moments and moments.isdisjoint(last)  # of what rests nothing is remembered
    student = Student(1280, (24, 32, 96, 1280), Labels(corpus).counts)
    student.start_from(tmp_path / CHECKPOINT_FILE)  # a start with the heads that do not ship
    torch.testing.assert_close(student.imitate.weight.data, last["student.imitate.weight"])
    assert all(torch.equal(value, network[name]) for name, value in student.network.state_dict().items())


def test_a_deeper_student_begins_with_what_the_one_before_knew(run: Path, tmp_path: Path) -> None:
    torch.manual_seed(0)
    images = torch.rand(4, 3, 64, 64)
    known, deeper = Student(8, (), {}), Student(8, (), {}, (2, 3, 2, 2))
    at_random = Student(8, (), {}, (2, 3, 2, 2)).network.eval()
    for student in (known, deeper):
        assert not student.start_from(run / "visual" / NETWORK_FILE)
        student.eval()
    with torch.inference_mode():
        apart = [1 - (net(images)[1] * known.network(images)[1]).sum(1).max() for net in (deeper.network, at_random)]
    assert apart[0] < 0.02 < 0.2 < apart[1]
    with pytest.raises(ValueError, match="layer2"):
        save_file(deeper.network.state_dict(), tmp_path / "deeper.safetensors")
        known.start_from(tmp_path / "deeper.safetensors")


def test_a_deeper_network_is_trained_and_ships(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    data = ["--data", str(corpus.folder)]
    start = run / "visual" / CHECKPOINT_FILE
    joint = ["--targets", str(run / "targets"), "--joint", str(run / "teacher_joint")]
    command = [*data, *joint, *TINY_VISUAL, "--start", str(start), "--depths", "2,2,3,2", "--out", str(tmp_path)]
    assert visual.main([*command, "--steps", "1"]) == 0
    assert visual.main([*command, "--steps", "3"]) == 0  # goes on, deeper by now
    network = str(tmp_path / NETWORK_FILE)
    assert write_pack.main([*data, "--shapes", "32x32,48x32", "--network", network, "--joint", str(run / "corrected"),
                            "--features", str(run / "features"), "--card", str(run / "card.json"),
                            "--out", str(tmp_path / "pack")]) == 0  # fmt: skip
    pack = read_pack(tmp_path / "pack")
    assert pack.manifest["input"]["depths"] == [2, 2, 3, 2]
    assert "layer3.2.middle" in pack.manifest["int8_ranges"]
    vectors = VisualNetwork(pack)([np.full((48, 64, 3), 90, np.uint8)])
    assert np.isfinite(vectors.features).all()
    assert np.linalg.norm(vectors.embeddings) == pytest.approx(1, abs=1e-3)


def test_a_stage_comes_near_what_the_teacher_says(corpus: Corpus, teacher: Path, weights: Path, tmp_path: Path) -> None:
    command = ["--data", str(corpus.folder), "--teacher", str(teacher), "--weights", str(weights), *TINY_VISUAL,
               "--phases", "1:1:4e-3", "--steps", "50", "--out", str(tmp_path)]  # fmt: skip
    assert visual.main(command) == 0
    notes = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    first, second = (note["map1"] for note in notes if "map1" in note)
    assert second < 0.8 * first


def test_maps_below_the_first_that_is_asked_for_are_not_learnt(
    corpus: Corpus, teacher: Path, weights: Path, tmp_path: Path
) -> None:
    command = ["--data", str(corpus.folder), "--teacher", str(teacher), "--weights", str(weights), *TINY_VISUAL,
               "--phases", "all:1:1e-4", "--first-map", "4", "--steps", "25", "--out", str(tmp_path)]  # fmt: skip
    assert visual.main(command) == 0
    notes = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert {name for note in notes for name in note if name.startswith("map")} == {"map4"}


def test_what_imitates_the_teacher_begins_with_a_fit(corpus: Corpus, teacher: Path, weights: Path) -> None:
    source = LiveLessons(corpus, teacher, weights, "cpu")
    lessons = list(islice(stream(source, 12, lambda: 64, np.random.default_rng(0)), 3))
    torch.manual_seed(0)
    student = Student(source.teacher_dim, source.map_dims, Labels(corpus).counts)

    def left() -> list[float]:
        with torch.inference_mode():
            maps = list(student.eval().network.trunk.stage_maps(lessons[-1].images))
            guesses = [layer(own) for layer, own in zip(student.imitate_maps, maps, strict=True)]
            guesses.append(student.imitate(maps[-1].mean((2, 3))))
            said = [*lessons[-1].maps, lessons[-1].features]
            return [F.mse_loss(guess, right).item() for guess, right in zip(guesses, said, strict=True)]

    before = left()
    student.fit_imitation(lessons)
    assert all(after < 0.9 * first for after, first in zip(left(), before, strict=True))


def test_least_squares_find_the_map_behind_the_rows() -> None:
    generator = torch.Generator().manual_seed(0)
    behind = torch.nn.Linear(3, 2)
    rows = torch.randn(4000, 3, generator=generator)
    fit, found = LeastSquares(3, 2), torch.nn.Conv2d(3, 2, 1)
    with torch.no_grad():
        for part in rows.split(1000):
            fit.add(part, behind(part))
        fit.solve_into(found)
    torch.testing.assert_close(found.weight[:, :, 0, 0], behind.weight, atol=0.05, rtol=0)
    torch.testing.assert_close(found.bias, behind.bias, atol=0.05, rtol=0)


def test_batches_have_the_shapes_that_the_pack_of_the_teacher_sees(
    corpus: Corpus, teacher: Path, weights: Path, tmp_path: Path
) -> None:
    wide = tmp_path / "wide"
    shutil.copytree(teacher, wide)
    write_manifest(wide, read_pack(teacher).manifest | {"input": {"shapes": [[96, 32]], "hidden": 1024}})
    source = LiveLessons(corpus, wide, weights, "cpu")
    lesson = next(stream(source, 6, lambda: 64, np.random.default_rng(0)))
    assert lesson.images.shape == (6, 3, 32, 96)
    assert [tuple(said.shape[2:]) for said in lesson.maps] == [(8, 24), (4, 12), (2, 6), (1, 3)]


def test_a_teacher_sees_the_whole_as_large_as_a_larger_student(corpus: Corpus, teacher: Path, weights: Path) -> None:
    source = LiveLessons(corpus, teacher, weights, "cpu")
    looks: list[torch.Size] = []
    source._blocks[0].register_forward_hook(lambda _, given, __: looks.append(given[0].shape))
    crops = source.request(12, 128, np.random.default_rng(0)).result()
    assert crops.pixels.shape == (12, 128, 128, 3)
    lesson = source.teach(crops)
    assert looks == [(12, 3, 128, 128), (12, 3, 64, 64)]  # at the whole, and closer in the shape of its pack
    assert lesson.images.shape == (12, 3, 128, 128)
    assert [said.shape[3] for said in lesson.maps] == [32, 16, 8, 4]


def test_an_inset_covers_a_part_of_each_picture() -> None:
    images = torch.arange(4.0)[:, None, None, None].expand(4, 3, 64, 64).clone()
    below = torch.full((4, 3, 64, 64), -1.0)
    _lay_on(below, images)
    covered = (below[:, 0] >= 0).flatten(1).float().mean(1)
    assert ((covered > 0.04) & (covered <= 0.25)).all()
    assert all(len(picture.round().unique()) == 2 for picture in below)  # the picture itself and one other


def test_the_closer_look_is_at_a_part_of_each_picture() -> None:
    across = torch.linspace(0, 1, 64)[None, None, None].expand(40, 3, 48, 64)
    left, right = _closer(across, (24, 32))[:, 0, 0, [0, -1]].T
    assert ((right - left > 0.5) & (right - left < 0.76)).all()
    assert left.min() >= 0 and right.max() <= 1
    assert left.std() > 0.02  # not the middle of each


def test_what_the_teacher_says_of_a_batch(corpus: Corpus, teacher: Path, weights: Path) -> None:
    source = LiveLessons(corpus, teacher, weights, "cpu")
    lesson = next(stream(source, 12, lambda: 64, np.random.default_rng(0)))
    assert lesson.images.shape == (12, 3, 64, 64)
    assert source.map_dims == (24, 32, 96, 1280)
    assert [tuple(said.shape) for said in lesson.maps] == [
        (12, channels, side, side) for channels, side in zip(source.map_dims, (16, 8, 4, 2), strict=True)
    ]
    assert lesson.features.shape == (12, source.teacher_dim)
    torch.testing.assert_close(lesson.embeddings.norm(dim=1), torch.ones(12))
    assert (lesson.photos[:5] == -1).all()  # pictures of several photos belong to no caption and have no label
    assert {corpus.photos[number].part for number in lesson.photos[5:]} == {"train"}


def test_a_teacher_is_a_pack_on_official_weights_that_are_a_chain(
    run: Path, corpus: Corpus, weights: Path, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="official"):
        LiveLessons(corpus, run / "pack", weights, "cpu")
    other = save_weights(tmp_path / "weights")
    with pytest.raises(ValueError, match="chain"):
        LiveLessons(corpus, write_sample_pack(tmp_path / "es-otro", other, "https://pesos.example"), other, "cpu")


def test_a_network_that_does_not_fit_is_no_start(run: Path, corpus: Corpus, tmp_path: Path) -> None:
    student = Student(8, (), Labels(corpus).counts)
    with pytest.raises(ValueError, match="joint"):
        student.start_from(run / "joint" / "joint.safetensors")


def test_lessons_need_a_teacher(corpus: Corpus, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        visual.main(["--data", str(corpus.folder), "--out", str(tmp_path)])
    assert "--teacher" in capsys.readouterr().err


def test_phases_follow_one_another_and_each_rate_falls_to_nothing() -> None:
    options = VisualOptions(phases="1:0.25:4e-3,top:0.5:1e-3,all:1:6e-4", sides="160:0.9,192:1")
    assert [options.phase_at(progress).part for progress in (0, 0.24, 0.25, 0.49, 0.5, 0.99, 1)] == [
        "1", "1", "top", "top", "all", "all", "all",
    ]  # fmt: skip
    phase = options.phase_at(0.3)
    assert phase.rate_at(0.25) == pytest.approx(1e-3, rel=0.01)
    assert phase.rate_at(0.375) == pytest.approx(5e-4, rel=0.01)
    assert phase.rate_at(0.5) == pytest.approx(0, abs=1e-5)
    assert [options.side_at(progress) for progress in (0, 0.89, 0.9, 1)] == [160, 160, 192, 192]
