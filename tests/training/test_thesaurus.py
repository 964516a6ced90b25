from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from photofinder.training.thesaurus import Concept, Rewording, load_thesaurus


def test_our_thesaurus_is_well_formed() -> None:
    concepts = load_thesaurus()
    assert len(concepts) > 3000
    assert sum(len(concept.names) for concept in concepts) > 30_000
    for concept in concepts:
        assert len(concept.names) == len(set(concept.names)), concept.id
        assert all(2 <= len(phrase.split()) <= 10 for phrase in concept.phrases), concept.id
        assert concept.id not in concept.broader


@pytest.mark.parametrize(
    ("one", "other"),
    [("coche", "carro"), ("coche", "auto"), ("patata", "papa"), ("fresa", "frutilla"), ("perro", "perrito")],
)
def test_words_of_different_countries_share_a_concept(one: str, other: str) -> None:
    assert any({one, other} <= set(concept.names) for concept in load_thesaurus())


def test_files_are_merged_by_id(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("dog\tperro;can\tanimal\tperro negro\n", encoding="utf-8")
    (tmp_path / "b.tsv").write_text("dog\tperro;chucho\t\tchucho dormido\n", encoding="utf-8")
    assert load_thesaurus(tmp_path) == [
        Concept("dog", ("perro", "can", "chucho"), ("animal",), ("perro negro", "chucho dormido"))
    ]


def test_a_line_without_columns_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("dog\tperro\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv:1"):
        load_thesaurus(tmp_path)


DOG = Concept("dog", ("perro", "perro callejero", "lomito"), (), ())
BANK = Concept("bank", ("banco", "sucursal"), (), ())
BENCH = Concept("bench", ("banco", "banca"), (), ())
NAIL = Concept("nail", ("uña", "manicura"), (), ())


def reworded(text: str, *concepts: Concept) -> set[str | None]:
    reword, rng = Rewording(list(concepts)), np.random.default_rng(0)
    return {reword(text, rng) for _ in range(50)}


def test_a_caption_is_said_with_other_names_of_the_same_thing() -> None:
    assert reworded("un perro en el sofá", DOG) == {None, "un lomito en el sofá", "un perro callejero en el sofá"}


def test_the_longest_name_is_read_first() -> None:
    assert reworded("perro callejero solo", DOG) == {None, "perro solo", "lomito solo"}


def test_ambiguous_names_and_other_accents_are_left_alone() -> None:
    assert reworded("una silla y un banco", BANK, BENCH, NAIL) == {None}
