"""A few hundred poison photos among good ones through the indexer.

Twenty thousand, through the program itself: ``python -m tests.reliability.poison``.
"""

from __future__ import annotations

import os
import random
from itertools import islice
from pathlib import Path

import pytest

from photofinder.indexing import index_folders
from photofinder.library.catalog import Catalog
from photofinder.library.decoder import Decoder
from photofinder.library.images import decode_bytes
from photofinder.log import start_log
from photofinder.model.pack import Pack
from photofinder.paths import DataPaths
from tests.reliability.folder_state import folder_state
from tests.reliability.poison import STRANGE, judge, write_files
from tests.reliability.poison_files import base_photos, random_damage, sample, strange_entries


@pytest.mark.skipif(os.name == "nt", reason="pipes, sockets and such names are of other systems")
def test_every_file_has_vectors_or_a_reason_and_the_good_ones_are_found(
    tmp_path: Path, paths: DataPaths, pack: Pack
) -> None:
    folder = tmp_path / "fotos"
    files = write_files(folder, sample(260, seed=7))
    names = [f"{STRANGE}/{name}" for name in strange_entries(folder / STRANGE)]
    before = folder_state(folder)
    start_log(paths)
    try:
        with Catalog.open(paths.catalog, writer=True) as catalog, Decoder(workers=2, timeout_s=10) as decoder:
            for _ in index_folders(catalog, [folder], pack, decoder=decoder):
                pass
            again = list(index_folders(catalog, [folder], pack, decoder=decoder))
        good = [name for name, file in files.items() if file.family == "good"]
        verdict = judge(paths, folder, [*files, *names], [*good, *names])
        assert verdict.amiss == []
        assert {outcome for _, _, outcome in verdict.outcomes} >= {"read", "damaged", "not_an_image", "too_large"}
        assert len(again) == 1, "what cannot be read is not tried again as long as it does not change"
        assert folder_state(folder) == before
    finally:
        (folder / STRANGE / "closed folder").chmod(0o755)


def test_the_corpus_is_the_same_for_a_seed_and_every_base_is_well() -> None:
    def made(seed: int) -> list[tuple[str, bytes]]:
        return [(file.name, file.data) for file in islice(random_damage(base_photos(), random.Random(seed)), 90)]

    assert made(3) == made(3) != made(4)
    assert len({name for name, _ in made(3)}) == 90
    for name, data in base_photos().items():
        assert max(decode_bytes(data).pixels.shape) >= 96, name
