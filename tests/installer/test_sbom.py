"""The list of what the program is made of."""

from __future__ import annotations

import json
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from sbom import PartMissing, bill_of_materials

ROOT = Path(__file__).resolve().parents[2]


def test_every_dependency_is_listed_with_its_version_and_what_it_needs() -> None:
    document = bill_of_materials(ROOT / "pyproject.toml")
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    parts = {part["name"].lower(): part for part in document["components"] if part["type"] == "library"}
    own = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert len(parts) > len(own["dependencies"]), "what they need is there, too"
    assert parts["pillow"]["version"] == metadata.version("pillow")
    assert all(part["purl"].endswith(f"@{part['version']}") for part in parts.values())
    libraries = [part for part in document["components"] if part["type"] == "library"]
    references = {part["bom-ref"] for part in libraries}
    assert len(references) == len(libraries)
    needed = {one for entry in document["dependencies"] for one in entry["dependsOn"]}
    assert needed == references, "nothing is listed that nobody needs, and the other way round"
    assert bill_of_materials(ROOT / "pyproject.toml") == document


def test_everything_says_its_licence_and_what_it_was_made_of() -> None:
    document = bill_of_materials(ROOT / "pyproject.toml")
    for part in document["components"]:
        if part["type"] == "library":
            licence = part["licenses"][0]["license"]["name"]
            assert licence.strip() and "see the package" not in licence and not licence.startswith("Copyright"), part
            [installed] = part["properties"]
            assert len(installed["value"]) == 64
    shipped = {part["name"]: part["hashes"][0]["content"] for part in document["components"] if "hashes" in part}
    on_disk = {path.relative_to(ROOT).as_posix(): path for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert shipped.keys() == on_disk.keys()
    manifest = json.loads(on_disk["resources/models/es-laptop/manifest.json"].read_text(encoding="utf-8"))
    for name, told in manifest["files"].items():
        assert shipped[f"resources/models/es-laptop/{name}"] == told["sha256"]


@pytest.mark.parametrize("requirement", ["there-is-no-such-package", "pillow>=99999"])
def test_what_is_missing_or_too_old_is_told(tmp_path: Path, requirement: str) -> None:
    text = f'[project]\nname = "x"\nversion = "1"\nlicense = "x"\ndependencies = ["{requirement}"]\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    with pytest.raises(PartMissing):
        bill_of_materials(tmp_path / "pyproject.toml")
