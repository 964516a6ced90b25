"""The deep features of the course: classic networks of torchvision whose inner numbers compare photos.

Each is a network trained on ImageNet, cut where the numbers are taken. The weights are the official ones, downloaded
only after an explicit yes or given as a file: ``descriptor_weights`` sees to that, and ``torchvision_descriptors``,
which needs torch, runs them. ``docs/DESCRIPTORS.md`` says what each is good for and what it costs.
"""

from __future__ import annotations

from dataclasses import dataclass

from photofinder.errors import DescriptorUnknown
from photofinder.model.official_weights import OfficialWeights

BUNDLED = "bundled"
"""What the command line calls the features of the pack in use, as if they were a descriptor, too."""

COSINE, L1, L2 = "cosine", "l1", "l2"
DISTANCES = (COSINE, L1, L2)

_RECIPE = 1
"""Grows when preparation or layers change, so that vectors made otherwise are not compared."""
_ADDRESS = "https://download.pytorch.org/models/"


@dataclass(frozen=True, slots=True)
class Descriptor:
    """A network cut at a layer.

    ``dim``: numbers a photo; each is kept as float16. ``resize`` and ``crop``: side in pixels that the short side is
    brought to, and of the square cut from the middle. ``bytes``: of the official file, good to a thousandth of a
    mebibyte. ``file`` ends in the first eight hex digits of its SHA-256; ``address`` plus ``file`` is where it is.
    """

    name: str
    title: str
    backbone: str
    layer: str
    dim: int
    file: str
    bytes: int
    resize: int = 256
    crop: int = 224
    address: str = _ADDRESS

    @property
    def official(self) -> OfficialWeights:
        """The weights as ``official_weights`` handles them; there is no fingerprint to agree with."""
        digits = self.file.rpartition("-")[2].partition(".")[0]
        return OfficialWeights(
            self.backbone, self.file, self.address + self.file, self.bytes, digits, "", (), self.crop, 0.0, ""
        )

    @property
    def fingerprint(self) -> str:
        """Whose vectors may be compared with each other: same network, layer, weights and preparation."""
        return f"descriptor:{self.name}:{self.official.sha256_prefix}:{_RECIPE}"


_ALEXNET = ("alexnet-owt-7be5be79.pth", 244_409_434)
_VGG16 = ("vgg16-397923af.pth", 553_434_218)
_VGG19 = ("vgg19-dcbb9e9d.pth", 574_673_125)

DESCRIPTORS = (
    Descriptor("alexnet-fc6", "AlexNet fc6", "alexnet", "fc6", 4096, *_ALEXNET),
    Descriptor("alexnet-fc7", "AlexNet fc7", "alexnet", "fc7", 4096, *_ALEXNET),
    Descriptor("vgg16-fc6", "VGG-16 fc6", "vgg16", "fc6", 4096, *_VGG16),
    Descriptor("vgg16-fc7", "VGG-16 fc7", "vgg16", "fc7", 4096, *_VGG16),
    Descriptor("vgg19-fc6", "VGG-19 fc6", "vgg19", "fc6", 4096, *_VGG19),
    Descriptor("vgg19-fc7", "VGG-19 fc7", "vgg19", "fc7", 4096, *_VGG19),
    # the weights of 2015, as the course has them; the newer ones were trained to classify and compare worse
    # (Kornblith et al. 2021, "Why Do Better Loss Functions Lead to Less Transferable Features?")
    Descriptor("resnet152", "ResNet-152", "resnet152", "pooled", 2048, "resnet152-394f9c45.pth", 241_627_562),
    Descriptor(
        "inception-v3", "Inception v3", "inception_v3", "pooled", 2048, "inception_v3_google-0cc3c7bd.pth",
        108_950_192, 342, 299,
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Comparison:
    """How photos are compared with photos: by which descriptor, and by which of ``DISTANCES``."""

    descriptor: Descriptor
    distance: str = COSINE


def all_descriptors() -> tuple[Descriptor, ...]:
    """Every descriptor there is, in the order they are listed."""
    return DESCRIPTORS


def find_descriptor(name: str) -> Descriptor:
    """The descriptor of this name. Raises DescriptorUnknown, which names those there are."""
    for descriptor in all_descriptors():
        if descriptor.name == name:
            return descriptor
    raise DescriptorUnknown(name, tuple(one.name for one in all_descriptors()))


def comparison(name: str, distance: str) -> Comparison | None:
    """What the settings ask for; None for the features of the pack, and for what no longer means anything."""
    try:
        return Comparison(find_descriptor(name), distance if distance in DISTANCES else COSINE)
    except DescriptorUnknown:
        return None


def sharing(descriptor: Descriptor) -> tuple[Descriptor, ...]:
    """The descriptors that stand on the same weights, itself among them."""
    return tuple(one for one in all_descriptors() if one.file == descriptor.file)
