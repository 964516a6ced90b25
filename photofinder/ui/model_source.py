"""The pack and its network, loaded once when first needed and shared by the lanes."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from photofinder.errors import PhotoFinderError
from photofinder.model.pack import Pack
from photofinder.model.packs import chosen_pack
from photofinder.paths import DataPaths, data_paths

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

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


class ModelSource:
    """Loads the pack, and torch with the network, the first time any lane asks."""

    def __init__(self, pack: Pack | None = None, paths: DataPaths | None = None) -> None:
        """``pack`` instead of the one that the settings under ``paths`` name."""
        self._pack = pack
        self._paths = paths or data_paths()
        self.problem: PhotoFinderError | None = None
        """Why ``pack()`` gave the bundled pack and not the chosen one; known once it was called."""
        self._network: SharedNetwork | None = None
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

    def visual(self, pack: Pack | None = None) -> Any:
        """The network of ``pack()``; stands where a ``VisualNetwork`` is called. Imports torch. Raises PackDamaged."""
        wanted = self.pack()
        with self._loading:
            if self._network is None:
                from photofinder.model.visual import VisualNetwork

                self._network = SharedNetwork(VisualNetwork(wanted), self._turn)
            if self.threads != self._threads_in_use:
                from photofinder.model.visual import use_threads

                use_threads(self.threads)
                self._threads_in_use = self.threads
            return self._network
