"""Where the person lives in one respect: whether summer is in January."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from typing import Final

AUTO: Final = "auto"
NORTH: Final = "north"
SOUTH: Final = "south"

_SOUTHERN: Final = {
    "AR": "Argentina",
    "AU": "Australia",
    "BO": "Bolivia",
    "BR": "Brazil",
    "CL": "Chile",
    "MZ": "Mozambique",
    "NA": "Namibia",
    "NZ": "New Zealand",
    "PE": "Peru",
    "PY": "Paraguay",
    "UY": "Uruguay",
    "ZA": "South Africa",
}
"""Countries where nearly all live south of the equator: code, and the name by which Windows calls it."""


def summer_in_january(choice: str = AUTO, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether seasons are those of the south: as chosen, or (``"auto"``) as the country of the system's locale says."""
    if choice in (NORTH, SOUTH):
        return choice == SOUTH
    name = next((value for one in ("LC_ALL", "LC_TIME", "LANG") if (value := environment.get(one))), "")
    if not name:
        try:
            name = locale.getlocale()[0] or ""
        except ValueError:  # a locale that Python does not know
            return False
    _, _, country = name.partition(".")[0].partition("@")[0].partition("_")
    return country.upper() in _SOUTHERN or country in _SOUTHERN.values()
