"""Writes the manifest of a pack, sealed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from photofinder.model.pack import MANIFEST, SEAL, seal


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write it with a new seal; the card stays last but for that. Raises OSError."""
    told = json.loads(json.dumps(manifest))  # as it will be read: tuples are lists, keys are text
    told["card"] = told.pop("card")
    told.pop(SEAL, None)
    told[SEAL] = seal(told)
    (folder / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
