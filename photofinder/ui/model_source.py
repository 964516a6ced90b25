"""The pack and its network, loaded once when first needed and shared by the lanes."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from photofinder.errors import PhotoFinderError
from photofinder.model.descriptor_weights import load_descriptor
from photofinder.model.descriptors import Descriptor
from photofinder.model.pack import Pack
from photofinder.model.packs import chosen_pack
from photofinder.paths import DataPaths, data_paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from photofinder.model.torchvision_descriptors import DescriptorNetwork
    from photofinder.model.visual import PhotoVectors, SpatialFeatures, VisualNetwork


class SharedNetwork:
    """The network of the window, run by one lane at a time: two at once would only fight for the same cores."""

    def __init__(self, network: VisualNetwork, turn: threading.Lock) -> None:
        self._network = network
        self._turn = turn

    def __call__(self, images: Sequence[NDArray[np.uint8]]) -> PhotoVectors:
        """What ``VisualNetwork`` does, waiting for the batch of the other lane."""
        with self._turn:
            return self._network(images)

    def spatial(self, image: NDArray[np.uint8]) -> SpatialFeatures:
        """What ``VisualNetwork.spatial`` does, likewise."""
        with self._turn:
            return self._network.spatial(image)

    def embed(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        """What ``VisualNetwork.embed`` does, likewise."""
        with self._turn:
            return self._network.embed(features)


class SharedDescriptor:
    """The network of a descriptor, which waits for its turn likewise."""

    def __init__(self, network: DescriptorNetwork, turn: threading.Lock) -> None:
        self.descriptor = network.descriptor
        self._network = network
        self._turn = turn

    def __call__(self, images: Sequence[NDArray[np.uint8]]) -> NDArray[np.float32]:
        """What ``DescriptorNetwork`` does, waiting for the batch of the other lane."""
        with self._turn:
            return self._network(images)


class ModelSource:
    """Loads the pack, and torch with the network, the first time any lane asks."""

    def __init__(self, pack: Pack | None = None, paths: DataPaths | None = None) -> None:
        """``pack`` instead of the one that the settings under ``paths`` name."""
        self._pack = pack
        self._paths = paths or data_paths()
        self.problem: PhotoFinderError | None = None
        """Why ``pack()`` gave the bundled pack and not the chosen one; known once it was called."""
        self._network: SharedNetwork | None = None
        self._descriptor: SharedDescriptor | None = None
        self._loading = threading.Lock()
        self._turn = threading.Lock()
        self.threads = 0
        """Of the network, when it is next asked for; 0: torch's own choice."""
        self._threads_in_use = 0

    def pack(self) -> Pack:
        """The verified pack. Raises PackDamaged."""
        with self._loading:
            if self._pack is None:
                chosen = chosen_pack(self._paths)
                self._pack, self.problem = chosen.pack, chosen.problem
            return self._pack

    def read_ahead(self) -> None:
        """Verify the pack before a lane needs it; what is wrong with it is told to the lane that asks."""
        with contextlib.suppress(PhotoFinderError, OSError):
            self.pack()

    def visual(self, pack: Pack | None = None) -> Any:
        """The network of ``pack()``; stands where a ``VisualNetwork`` is called. Imports torch. Raises PackDamaged."""
        wanted = self.pack()
        with self._loading:
            if self._network is None:
                from photofinder.model.visual import VisualNetwork

                self._network = SharedNetwork(VisualNetwork(wanted), self._turn)
            self._use_threads()
            return self._network

    def describe(self, descriptor: Descriptor) -> SharedDescriptor:
        """The network of a descriptor; the one before is let go, for they are large. Imports torch.

        Raises DescriptorWeightsMissing or WeightsRejected.
        """
        with self._loading:
            if self._descriptor is None or self._descriptor.descriptor != descriptor:
                self._descriptor = None
                self._descriptor = SharedDescriptor(load_descriptor(self._paths, descriptor), self._turn)
            self._use_threads()
            return self._descriptor

    def let_descriptor_go(self) -> None:
        """Half a gigabyte that nobody needs any longer."""
        with self._loading:
            self._descriptor = None

    def _use_threads(self) -> None:
        if self.threads != self._threads_in_use:
            from photofinder.model.visual import use_threads

            use_threads(self.threads)
            self._threads_in_use = self.threads
