"""Coordinates to places, with the towns that ship."""

from __future__ import annotations

import json
import math
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from photofinder.library.gazetteer import EDITION, PLACES, REGION_KM, TOWN_KM, Gazetteer, distances_km, unit_vectors
from photofinder.library.places import Level, Located
from tests.library.known_places import KNOWN


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open()


def one(gazetteer: Gazetteer, lat: float, lon: float) -> dict[Level, str]:
    """Spanish names by level."""
    (located,) = gazetteer.locate([lat], [lon])
    return {place.level: place.es for place in located.chain}


def test_well_known_coordinates_are_where_everybody_says(gazetteer: Gazetteer) -> None:
    located = gazetteer.locate([row[0] for row in KNOWN], [row[1] for row in KNOWN])
    right = dict.fromkeys((Level.COUNTRY, Level.REGION, Level.TOWN), 0)
    wanted = dict.fromkeys(right, 0)
    for (_, _, *names), where in zip(KNOWN, located, strict=True):
        found = {place.level: place.es for place in where.chain}
        for level, name in zip(right, names, strict=True):
            wanted[level] += name is not None
            right[level] += name is not None and found.get(level) == name
    assert len(KNOWN) >= 60
    # what is missed: East Jerusalem, the bridge outside of San Francisco, five parts of towns taken for towns
    assert {level: count / wanted[level] >= 0.9 for level, count in right.items()} == dict.fromkeys(right, True)
    assert right[Level.COUNTRY] >= wanted[Level.COUNTRY] - 1
    assert right[Level.REGION] >= wanted[Level.REGION] - 1


def test_a_chain_goes_from_the_country_down_and_every_place_has_its_code(gazetteer: Gazetteer) -> None:
    (ronda,) = gazetteer.locate([36.7407], [-5.1663])
    assert [(place.level, place.es) for place in ronda.chain] == [
        (Level.COUNTRY, "España"), (Level.REGION, "Andalucía"), (Level.PROVINCE, "Málaga"), (Level.TOWN, "Ronda"),
    ]  # fmt: skip
    assert len({place.code for place in ronda.chain}) == 4
    assert ronda.chain[1].en == "Andalusia"
    assert [near[-1].es for near in ronda.near] == ["Marbella"]
    assert one(gazetteer, 39.57, 2.65)[Level.PROVINCE] == "Mallorca"


@pytest.mark.parametrize(
    ("lat", "lon"),
    [
        (0.0, -30.0),  # the Atlantic
        (90.0, 0.0), (-90.0, 0.0), (89.99, 180.0),  # the poles
        (24.0, 10.0),  # the Sahara
        (math.nan, 0.0), (0.0, math.nan), (math.inf, 0.0), (91.0, 0.0), (-1e9, 3.0), (12.0, 361.0),
    ],
)  # fmt: skip
def test_far_from_any_town_and_what_is_no_place_on_earth_is_nowhere(
    gazetteer: Gazetteer, lat: float, lon: float
) -> None:
    assert gazetteer.locate([lat], [lon]) == [Located()]


def test_the_rule_of_distances(gazetteer: Gazetteer) -> None:
    """On the way out to sea from A Coruña the town is lost first, then the region and the country."""
    lat, lon = gazetteer._lat.astype(np.float64), gazetteer._lon.astype(np.float64)
    levels = set()
    for out in range(0, 200, 5):
        here = 43.37 + out / 111.195, -8.4
        km = float(distances_km(lat, lon, *here).min())
        names = one(gazetteer, *here)
        assert (Level.TOWN in names) == (km <= TOWN_KM)
        assert (Level.REGION in names) == (Level.COUNTRY in names) == (km <= REGION_KM)
        levels.add(len(names))
    assert levels == {0, 3, 4}


def test_the_antimeridian_is_no_border(gazetteer: Gazetteer) -> None:
    east, west = one(gazetteer, -16.8, 179.99), one(gazetteer, -16.8, -179.99)
    assert east == west
    assert east[Level.COUNTRY] == "Fiyi"
    assert one(gazetteer, 37.3861, -5.9926 + 360.0) == one(gazetteer, 37.3861, -5.9926)


def test_the_nearest_town_is_the_nearest_on_the_globe(gazetteer: Gazetteer) -> None:
    """Against all distances, in the far north where a degree of longitude is short."""
    lat, lon = gazetteer._lat.astype(np.float64), gazetteer._lon.astype(np.float64)
    for seed in range(20):
        chance = random.Random(seed)
        here = chance.uniform(64, 71), chance.uniform(8, 30)
        nearest = int(np.argmin(distances_km(lat, lon, *here)))
        (located,) = gazetteer.locate([here[0]], [here[1]])
        if located.chain and located.chain[-1].level >= Level.TOWN:
            assert located.chain[-1].code[1:] == str(gazetteer._ids[nearest])


def test_many_at_once_are_what_they_are_one_by_one(gazetteer: Gazetteer) -> None:
    chance = random.Random(7)
    lats = [chance.uniform(36, 43) for _ in range(200)]
    lons = [chance.uniform(-9, 3) for _ in range(200)]
    assert gazetteer.locate(lats, lons) == [gazetteer.locate([a], [b])[0] for a, b in zip(lats, lons, strict=True)]
    assert gazetteer.locate([], []) == []


def test_unit_vectors_are_unit_and_right_angles_are_a_quarter_of_the_globe() -> None:
    vectors = unit_vectors(np.array([0.0, 90.0, -33.0]), np.array([0.0, 12.0, 151.0]))
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0)
    assert distances_km(np.array([0.0]), np.array([90.0]), 0.0, 0.0)[0] == pytest.approx(6371 * math.pi / 2)


def test_the_data_hold_no_objects_and_say_their_edition(gazetteer: Gazetteer) -> None:
    assert gazetteer.edition == EDITION
    with zipfile.ZipFile(PLACES / "towns.npz") as archive:
        assert all(not archive.read(name)[:200].count(b"'|O'") for name in archive.namelist())
    areas = json.loads((PLACES / "areas.json").read_text(encoding="utf-8"))
    assert len(areas["countries"]) > 240
    assert len(gazetteer) > 150_000


def test_neither_the_window_nor_a_search_opens_the_towns() -> None:
    code = (
        "import sys, photofinder.search.engine, photofinder.indexing\n"
        "print([name for name in ('scipy', 'photofinder.library.gazetteer') if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    answer = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert "scipy" not in answer.stdout
