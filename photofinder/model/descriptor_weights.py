"""The official weights of descriptors: whether they are here, fetching them with a person's yes, and deleting them."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING

from photofinder.consent import Consent, Downloaded, partial_path
from photofinder.errors import DescriptorConsentMissing, DescriptorWeightsMissing, PackDamaged, WeightsRejected
from photofinder.model.descriptors import Descriptor
from photofinder.model.official_fetch import Checking, fetch_weights
from photofinder.model.official_weights import is_converted, is_kept
from photofinder.model.pack import read_pack
from photofinder.model.packs import pack_folders
from photofinder.paths import DataPaths

if TYPE_CHECKING:
    from photofinder.model.torchvision_descriptors import DescriptorNetwork


def is_ready(paths: DataPaths, descriptor: Descriptor) -> bool:
    """Whether its weights are here; they are verified when they are loaded."""
    return is_kept(descriptor.official, paths.weights)


def weights_of(paths: DataPaths, descriptor: Descriptor) -> Path:
    """Its converted weights, verified. Raises DescriptorWeightsMissing, or WeightsRejected when they changed."""
    if not is_converted(descriptor.official, paths.weights):
        raise DescriptorWeightsMissing(descriptor.name, descriptor.file)
    return descriptor.official.converted(paths.weights)


def load_descriptor(paths: DataPaths, descriptor: Descriptor) -> DescriptorNetwork:
    """Its network, ready to run. Imports torch. Raises DescriptorWeightsMissing or WeightsRejected."""
    weights = weights_of(paths, descriptor)
    from photofinder.model.torchvision_descriptors import DescriptorNetwork

    return DescriptorNetwork(descriptor, weights)


def consent_needed(paths: DataPaths, descriptor: Descriptor) -> Consent | None:
    """What to ask the person before ``get_descriptor`` may download; None when its weights are here and sound."""
    try:
        converted = is_converted(descriptor.official, paths.weights)
    except WeightsRejected:
        converted = False
    return None if converted else Consent(descriptor.official.url, descriptor.bytes)


def get_descriptor(
    paths: DataPaths, descriptor: Descriptor, consent: Consent | None = None, weights: Path | None = None
) -> Generator[Downloaded | Checking, None, None]:
    """Make a descriptor ready: its weights from a file of the person's, or from the network with their yes.

    Close it to stop; a later call goes on. Raises DescriptorConsentMissing, DownloadFailed, WeightsRejected, DiskFull
    or DataFolderUnwritable.
    """
    wanted = consent_needed(paths, descriptor)
    if weights is None and wanted is None:
        return
    if weights is None and consent != wanted:
        raise DescriptorConsentMissing(descriptor.name, descriptor.official.host)
    yield from fetch_weights(descriptor.official, paths.weights, None, consent, weights)


def remove_weights(paths: DataPaths, descriptor: Descriptor) -> int:
    """Delete its weights, converted or half fetched, unless a model pack stands on them; how many bytes went."""
    official = descriptor.official
    if official.file in _files_of_packs(paths):
        return 0
    converted, fetched = official.converted(paths.weights), official.downloaded(paths.weights)
    freed = 0
    for path in (converted, converted.with_suffix(".json"), fetched, partial_path(fetched)):
        if path.exists():
            freed += path.stat().st_size
            path.unlink()
    return freed


def _files_of_packs(paths: DataPaths) -> set[str]:
    files = set()
    for folder in pack_folders(paths).values():
        try:
            pack = read_pack(folder)
        except PackDamaged:  # it names nothing that could be kept for it
            continue
        if pack.official is not None:
            files.add(pack.official.file)
    return files
