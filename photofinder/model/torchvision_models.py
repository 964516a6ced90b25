"""The one door to ``torchvision.models``.

A CPU build of torch beside a torchvision built for CUDA cannot load torchvision's compiled operators, and
``import torchvision`` then fails with "operator torchvision::nms does not exist". The networks need none of those
operators (they serve object detectors), so their names are declared empty and the import goes on.
"""

from __future__ import annotations

import importlib
import re
from types import ModuleType

import torch

_MISSING = re.compile(r"operator (torchvision::\w+) does not exist")


def torchvision_models() -> ModuleType:
    """Import and return ``torchvision.models``.

    Raises ImportError when torchvision is not installed, RuntimeError when it fails for another reason.
    """
    declared: set[str] = set()
    while True:
        try:
            return importlib.import_module("torchvision.models")
        except RuntimeError as error:
            missing = _MISSING.search(str(error))
            if missing is None or missing.group(1) in declared:
                raise
            declared.add(missing.group(1))
            torch.library.define(missing.group(1), "(Tensor a) -> Tensor")
