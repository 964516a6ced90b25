"""The network in training with the heads that it needs for its lessons and that do not ship, and its checkpoints."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from photofinder.model.trunk import Trunk, block_of
from photofinder.model.visual import PhotoNetwork
from photofinder.training.caption import EMBEDDING_DIM
from photofinder.training.data import Corpus
from photofinder.training.features import load_trunk
from photofinder.training.joint_weights import trained_head
from photofinder.training.lessons import Lesson
from photofinder.training.optimizer import Optimizer
from photofinder.training.texts import IntArray

NETWORK_FILE = "visual.safetensors"
CHECKPOINT_FILE = "checkpoint.safetensors"
WIDTHS = (64, 128, 256, 512)
DEPTHS = (2, 2, 2, 2)
_LONGEST = 5.0
"""Length that a gradient is cut to."""
_PLACES = 4096
"""Of each batch's maps, for a first guess."""
_FIRST_SHARE = 0.1
"""What a new block adds to its shortcut at first, as a share of what one of a new network adds."""
_RIDGE = 0.03
"""Of each input's own square sum, added to it. Of 1e-4, 1e-3, 0.01 and 0.03 the last left least of the pooled features
of other lessons (0.63 of their variance, 0.72 with the first; fitted to 24 batches of 96)."""


def deepened(weights: dict[str, Tensor], deeper: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """``weights`` of a trunk, or of a network around it, and the blocks that only ``deeper`` has, as they are there.

    They add ``share`` of what they add there to their shortcut.
    """
    known = {block_of(name) for name in weights}
    new = {n: value for n, value in deeper.items() if (block := block_of(n)) and block not in known}
    last = (".bn2.weight", ".bn2.bias")
    return weights | {name: share * value if name.endswith(last) else value for name, value in new.items()}


class Labels:
    """The label sets of a corpus, and of each photo its set and the place of its label there."""

    def __init__(self, corpus: Corpus) -> None:
        labels: dict[str, set[str]] = {}
        for photo in corpus.photos:
            if photo.label:
                labels.setdefault(photo.set, set()).add(photo.label)
        classes = {name: sorted(members) for name, members in sorted(labels.items())}
        self.counts = {name: len(members) for name, members in classes.items()}
        self._of_photo = [
            (photo.set, classes[photo.set].index(photo.label)) if photo.label else ("", -1) for photo in corpus.photos
        ]

    def of(self, photos: IntArray) -> tuple[list[str], Tensor]:
        """Sets and labels of photos by number; ``""`` and -1 where there is none, as for the number -1."""
        found = [self._of_photo[number] if number >= 0 else ("", -1) for number in photos.tolist()]
        return [name for name, _ in found], torch.tensor([label for _, label in found])


class LabelHeads(nn.Module):
    """One linear classifier a label set, which has no opinion at first."""

    def __init__(self, feature_dim: int, counts: dict[str, int]) -> None:
        super().__init__()
        self.heads = nn.ModuleDict({name: nn.Linear(feature_dim, count) for name, count in counts.items()})
        for parameter in self.parameters():
            nn.init.zeros_(parameter)

    def loss(self, features: Tensor, sets: list[str], labels: Tensor) -> Tensor:
        """Mean cross entropy over the photos that have a label (-1: none)."""
        total = features.new_zeros(())
        counted = 0
        for name, head in self.heads.items():
            rows = [i for i, s in enumerate(sets) if s == name]
            if rows:
                right = labels[rows].to(features.device)
                total = total + F.cross_entropy(head(features[rows]), right, reduction="sum", label_smoothing=0.1)
                counted += len(rows)
        return total / max(1, counted)


class Student(nn.Module):
    """The network that ships and the auxiliary heads that do not."""

    def __init__(
        self, teacher_dim: int, map_dims: Sequence[int], labels: dict[str, int], depths: Sequence[int] = DEPTHS
    ) -> None:
        """``map_dims``: how many channels the teacher's map has that each stage learns, if any."""
        super().__init__()
        self.network = PhotoNetwork(WIDTHS, depths, EMBEDDING_DIM)
        self.imitate = nn.Linear(WIDTHS[-1], teacher_dim)
        self.imitate_maps = nn.ModuleList(nn.Conv2d(own, said, 1) for own, said in zip(WIDTHS, map_dims, strict=False))
        self.labels = LabelHeads(WIDTHS[-1], labels)

    def part(self, name: str) -> nn.ModuleList:
        """What is trained: ``"1"`` to ``"3"`` (a stage), ``"top"`` (the last stage and all heads) or ``"all"``."""
        trunk = self.network.trunk
        if name == "all":
            return nn.ModuleList([self])
        if name == "top":
            last = trunk.get_submodule(f"layer{trunk.stages}")
            return nn.ModuleList(
                [last, *self.imitate_maps[trunk.stages - 1 :], self.network.head, self.imitate, self.labels]
            )
        stem = [trunk.conv1, trunk.bn1] if name == "1" else []
        return nn.ModuleList([*stem, trunk.get_submodule(f"layer{name}"), self.imitate_maps[int(name) - 1]])

    def start_from(self, network: Path) -> bool:
        """Take the trunk of ``network``, and its head if it has one (a pack's, too; as it was trained).

        Of a checkpoint the averaged network and all heads are taken; whether it was one is returned. Blocks that it has
        not, the last of a stage, begin as little more than their shortcut, so that what it knows is kept. Raises
        ValueError for a network that does not fit.
        """
        weights = load_file(network)
        own = self.network.trunk.state_dict()
        averaged = _part(weights, "average.")
        if averaged:
            self.load_state_dict(_part(weights, "student."), strict=False)
        try:
            trunk = _part(averaged, "trunk.") or load_trunk(network).state_dict()
            self.network.trunk.load_state_dict(deepened(trunk, own, _FIRST_SHARE))
        except (RuntimeError, ValueError) as error:
            raise ValueError(f"{network}: {error}") from error
        if head := trained_head(averaged or weights):
            self.network.head.load_state_dict(head)
        return bool(averaged)

    @torch.no_grad()
    def fit_imitation(self, lessons: Iterable[Lesson]) -> None:
        """Let the linear layers that imitate the teacher begin with the least squares of some lessons.

        Random ones would pull a trained trunk about until they have learnt what it says.
        """
        self.eval()
        fits = [
            LeastSquares(own, len(layer.get_parameter("bias")))
            for own, layer in zip(WIDTHS, self.imitate_maps, strict=False)
        ]
        pooled = LeastSquares(WIDTHS[-1], self.imitate.out_features)
        for lesson in lessons:
            with torch.autocast(lesson.images.device.type, torch.bfloat16):
                maps = list(self.network.trunk.stage_maps(lesson.images))
            for fit, own, said in zip(fits, maps, lesson.maps, strict=False):
                fit.add(_places(own), _places(said))
            pooled.add(maps[-1].float().mean((2, 3)), lesson.features)
        for fit, layer in zip([*fits, pooled], [*self.imitate_maps, self.imitate], strict=True):
            fit.solve_into(layer)


class LeastSquares:
    """The linear map with a bias that comes nearest to all pairs of rows it was given (ridge regression)."""

    def __init__(self, inputs: int, outputs: int) -> None:
        self._between = torch.zeros(inputs + 1, inputs + 1, dtype=torch.float64)
        self._across = torch.zeros(inputs + 1, outputs, dtype=torch.float64)

    def add(self, own: Tensor, said: Tensor) -> None:
        """``own`` (n, inputs) and what is to come of it, ``said`` (n, outputs)."""
        rows = F.pad(own.double(), (0, 1), value=1.0).cpu()
        self._between += rows.T @ rows
        self._across += rows.T @ said.double().cpu()

    def solve_into(self, layer: nn.Module) -> None:
        """Give the map to a linear layer or a convolution of one place."""
        squares = self._between.diagonal()
        ridge = _RIDGE * squares.clamp(min=1e-6 * squares.max().item())  # a channel may always be 0
        found = torch.linalg.solve(self._between + ridge.diag(), self._across).float()
        layer.get_parameter("weight").copy_(found[:-1].T.reshape(layer.get_parameter("weight").shape))
        layer.get_parameter("bias").copy_(found[-1])


def _places(maps: Tensor) -> Tensor:
    """Some of the places of ``(n, d, h, w)``, the same of maps of the same size: ``(k, d)``."""
    rows = maps.float().permute(0, 2, 3, 1).flatten(0, 2)
    return rows[:: max(1, len(rows) // _PLACES)]


class Training:
    """A student, the moving average of its network (which is what ships), the optimiser, and how far they have come."""

    def __init__(self, student: Student, weight_decay: float) -> None:
        self.student = student
        self.average = copy.deepcopy(student.network).eval()
        self._optimizer = Optimizer(student, _kernels(student.network.trunk), weight_decay)
        self.step = 0
        self.seconds = 0.0

    def only(self, part: str) -> None:
        """From now on train this part (``Student.part``); what is below and above stays as it is.

        The optimiser forgets what rests: by what it knows of other losses its first steps would be much too long.
        """
        self.student.requires_grad_(False).eval()
        self.student.part(part).requires_grad_(True).train()
        self._optimizer.forget_what_rests()

    def learn(self, loss: Tensor, rate: float, ema: float) -> None:
        """One step downhill."""
        self._optimizer.step(loss, rate, _LONGEST)
        self.step += 1
        _move_average(self.average, self.student.network, min(ema, (1 + self.step) / (10 + self.step)))

    def save(self, folder: Path) -> None:
        """Write the averaged network and a checkpoint to go on from; each file is replaced whole."""
        tensors = {f"student.{k}": v for k, v in self.student.state_dict().items()}
        tensors |= {f"average.{k}": v for k, v in self.average.state_dict().items()}
        tensors |= self._optimizer.tensors()
        progress = {"step": str(self.step), "seconds": f"{self.seconds:.0f}"}
        for name, content in ((CHECKPOINT_FILE, tensors), (NETWORK_FILE, dict(self.average.state_dict()))):
            partial = folder / f"{name}.partial"
            save_file({k: v.detach().cpu().contiguous() for k, v in content.items()}, partial, metadata=progress)
            partial.replace(folder / name)

    def resume(self, folder: Path) -> bool:
        """Load the checkpoint of a folder, if there is one."""
        path = folder / CHECKPOINT_FILE
        if not path.exists():
            return False
        with safe_open(path, "pt") as file:
            progress = file.metadata()
        tensors = load_file(path)
        self.student.load_state_dict(_part(tensors, "student."))
        self.average.load_state_dict(_part(tensors, "average."))
        self._optimizer.load(tensors)
        self.step, self.seconds = int(progress["step"]), float(progress["seconds"])
        return True


def _part(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _kernels(trunk: Trunk) -> list[nn.Parameter]:
    """Of all convolutions but the first, whose three colours are no matrix of features."""
    return [p for name, p in trunk.named_parameters() if p.ndim == 4 and not name.startswith("conv1.")]


@torch.no_grad()
def _move_average(average: nn.Module, network: nn.Module, decay: float) -> None:
    ours: list[Tensor] = list(average.parameters())
    theirs: list[Tensor] = list(network.parameters())
    torch._foreach_lerp_(ours, theirs, 1 - decay)
    for mine, new in zip(average.buffers(), network.buffers(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(new, 1 - decay)
        else:
            mine.copy_(new)
