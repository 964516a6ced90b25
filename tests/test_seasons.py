from __future__ import annotations

import pytest

from photofinder.seasons import AUTO, NORTH, SOUTH, summer_in_january


@pytest.mark.parametrize(
    ("choice", "name", "southern"),
    [
        (AUTO, "es_AR.UTF-8", True),
        (AUTO, "es_CL", True),
        (AUTO, "Spanish_Uruguay.1252", True),
        (AUTO, "es_ES.UTF-8@euro", False),
        (AUTO, "es_MX.UTF-8", False),
        (AUTO, "C.UTF-8", False),
        ("?", "en_NZ", True),
        (NORTH, "es_AR.UTF-8", False),
        (SOUTH, "es_ES.UTF-8", True),
    ],
)
def test_the_country_or_the_person_says_when_summer_is(choice: str, name: str, southern: bool) -> None:
    assert summer_in_january(choice, {"LANG": name}) is southern


def test_the_times_of_the_system_count_before_its_language() -> None:
    assert summer_in_january(AUTO, {"LANG": "en_US.UTF-8", "LC_TIME": "es_AR.UTF-8"})
    assert not summer_in_january(AUTO, {"LANG": "es_AR.UTF-8", "LC_ALL": "es_ES.UTF-8"})
