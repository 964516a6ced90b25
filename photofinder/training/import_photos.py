"""Make a corpus of a folder of photos and a file of phrases, so that people without one of ours can train a pack.

``CAPTIONS.tsv`` has the lines of ``photofinder evaluate``: file name, tab, phrase; a photo may have many. Photos are
scaled down (their originals are only read) and packed; a tenth of them, chosen by their names, is kept for
validation. ``train`` does this by itself.
"""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

from PIL import Image, ImageOps

from photofinder.errors import CaptionsFileInvalid
from photofinder.evaluation import read_captions

SHORT_SIDE = 256
SHARD_BYTES = 256_000_000
_VALIDATION_SHARE = 0.1
_MOST_VALIDATION = 5_000


def import_photos(captions: Path, photos: Path, out: Path) -> int:
    """Write a corpus into ``out``; returns how many photos it has. Photos that cannot be read are named and left out.

    Raises CaptionsFileInvalid when the file is not of that form, or names no photo that can be read.
    """
    phrases: dict[str, list[str]] = {}
    for caption in read_captions(captions):
        phrases.setdefault(caption.rel_path, []).append(caption.text)
    validation = _validation(list(phrases))
    out.mkdir(parents=True, exist_ok=True)
    rows = ["photo\tshard\toffset\tlength\tpart\tset\tclass\tspanish_names"]
    said = ["photo\ttext"]
    shard, offset = 0, 0
    file = open(out / f"photos-{shard:02d}.bin", "wb")  # noqa: SIM115 - one after another
    try:
        for name, texts in phrases.items():
            try:
                data = _small(photos / name)
            except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
                print(f"{name}: {error}", file=sys.stderr)
                continue
            if offset + len(data) > SHARD_BYTES:
                file.close()
                shard, offset = shard + 1, 0
                file = open(out / f"photos-{shard:02d}.bin", "wb")  # noqa: SIM115
            number = len(rows) - 1
            part = "val" if name in validation else "train"
            rows.append(f"{number}\t{shard:02d}\t{offset}\t{len(data)}\t{part}\tcaptioned\t\t")
            said += [f"{number}\t{' '.join(text.split())}" for text in texts]
            offset += file.write(data)
    finally:
        file.close()
    if len(rows) == 1:
        raise CaptionsFileInvalid(captions, 0, "no_lines")
    (out / "captions.tsv").write_text("\n".join(said) + "\n", encoding="utf-8")
    (out / "photos.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")  # last: a corpus that has it is whole
    return len(rows) - 1


def _validation(names: list[str]) -> set[str]:
    """The same photos every time, whatever their order; at least two where there are that many."""
    by_chance = sorted(names, key=lambda name: hashlib.sha256(name.encode("utf-8", "surrogateescape")).digest())
    return set(by_chance[: max(2, min(_MOST_VALIDATION, round(len(names) * _VALIDATION_SHARE)))])


def _small(path: Path) -> bytes:
    """A photo upright, its short side at most 256 pixels, as WebP."""
    with Image.open(path) as opened:
        opened.draft("RGB", (2 * SHORT_SIDE, 2 * SHORT_SIDE))
        image = ImageOps.exif_transpose(opened).convert("RGB")
    scale = SHORT_SIDE / min(image.size)
    if scale < 1:
        width, height = image.size
        image = image.resize((round(width * scale), round(height * scale)), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    image.save(data, "WEBP", quality=85)
    return data.getvalue()
