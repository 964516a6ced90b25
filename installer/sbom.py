"""What PhotoFinder is made of, as CycloneDX 1.6 JSON: ``python installer/sbom.py > sbom.json``.

Run it in the environment that is released. Read from the metadata of what is installed: the program's own dependencies
and theirs, with version, licence and who needs whom, and the checksum of the list of their files (which names each with
its own); and what ships in ``resources``, with checksums. Standard library only. Exit code 1, and no list, when a
dependency is not installed, is too old, or does not say its licence. ``--pinned`` prints the packages and their
versions alone, a line each, for whoever asks a database of vulnerabilities (docs/SECURITY.md).
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
import tomllib
import uuid
from importlib import metadata
from pathlib import Path
from typing import Any

_NAME = re.compile(r"\s*([A-Za-z0-9._-]+)")
_INSTALLED = "photofinder:sha256-of-RECORD"
"""The name of the checksum of a package's list of files; the wheel that it came from is not kept by pip."""
_FLOOR = re.compile(r">=\s*([0-9][0-9.]*)")


class PartMissing(Exception):
    """Something that the program needs is not installed here, or is too old, or does not say its licence."""


def bill_of_materials(project: Path) -> dict[str, Any]:
    """The CycloneDX document of the project whose ``pyproject.toml`` is ``project``. Raises PartMissing."""
    told = tomllib.loads(project.read_text(encoding="utf-8"))["project"]
    parts: dict[str, dict[str, Any]] = {}
    needs: dict[str, list[str]] = {}
    own = f"pkg:pypi/{told['name']}@{told['version']}"
    needs[own] = [_add(requirement, parts, needs) for requirement in told["dependencies"]]
    shipped = _shipped(project.parent / "resources")
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps([sorted(parts), shipped]))}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": own,
                "purl": own,
                "name": told["name"],
                "version": told["version"],
                "licenses": [{"license": {"name": told["license"]}}],
            }
        },
        "components": [*(parts[reference] for reference in sorted(parts)), *shipped],
        "dependencies": [{"ref": reference, "dependsOn": sorted(set(needs[reference]))} for reference in sorted(needs)],
    }


def _add(requirement: str, parts: dict[str, dict[str, Any]], needs: dict[str, list[str]]) -> str:
    """Add what a requirement names, and all that it needs; its reference."""
    named = _NAME.match(requirement)
    if named is None:
        raise PartMissing(requirement)
    name = named.group(1)
    try:
        found = metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise PartMissing(f"{name} is not installed") from error
    floor = _FLOOR.search(requirement.partition(";")[0])
    if floor is not None and _number(found.version) < _number(floor.group(1)):
        raise PartMissing(f"{name} {found.version} is older than {floor.group(1)}")
    reference = f"pkg:pypi/{re.sub(r'[-_.]+', '-', name).lower()}@{found.version}"
    if reference not in parts:
        record = found.read_text("RECORD")
        parts[reference] = {
            "type": "library",
            "bom-ref": reference,
            "purl": reference,
            "name": found.metadata["Name"],
            "version": found.version,
            "licenses": [{"license": {"name": _licence(found)}}],
        }
        if record is not None:
            parts[reference]["properties"] = [{"name": _INSTALLED, "value": _sha256(record.encode("utf-8"))}]
        needs[reference] = [_add(one.partition(";")[0], parts, needs) for one in found.requires or [] if _applies(one)]
    return reference


def _licence(found: metadata.Distribution) -> str:
    """What a package says of its licence; a classifier where the field is empty or holds a whole text."""
    said = found.metadata.json
    field = str(said.get("license_expression") or said.get("license") or "").strip()
    if field and "\n" not in field and not field.lower().startswith("copyright"):
        return field[:200]
    kinds = [
        str(one).rpartition(" :: ")[2] for one in found.metadata.get_all("Classifier") or [] if "License ::" in one
    ]
    if not kinds:
        raise PartMissing(f"{found.metadata['Name']} does not say its licence")
    return " OR ".join(kinds)


def _shipped(folder: Path) -> list[dict[str, Any]]:
    """What ships beside the code and others made or trained: models, towns, icons; each file with its checksum."""
    return [
        {
            "type": "machine-learning-model" if "models" in file.parts else "file",
            "bom-ref": f"file:{file.relative_to(folder.parent).as_posix()}",
            "name": file.relative_to(folder.parent).as_posix(),
            "hashes": [{"alg": "SHA-256", "content": _sha256(file.read_bytes())}],
        }
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _applies(requirement: str) -> bool:
    """Whether a requirement with a marker is meant here: what is installed is, except what only an extra asks for."""
    _, _, marker = requirement.partition(";")
    if "extra" in marker:
        return False
    named = _NAME.match(requirement)
    if not marker.strip() or named is None:
        return True
    try:
        metadata.distribution(named.group(1))
    except metadata.PackageNotFoundError:
        return False
    return True


def _number(version: str) -> tuple[int, ...]:
    """The numbers at the beginning of a version, to compare them."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()


def main() -> int:
    """Print the list, or with ``--pinned`` its packages and versions alone."""
    try:
        document = bill_of_materials(Path(__file__).resolve().parent.parent / "pyproject.toml")
    except PartMissing as error:
        print(error, file=sys.stderr)
        return 1
    if sys.argv[1:] == ["--pinned"]:
        libraries = [part for part in document["components"] if part["type"] == "library"]
        print(*(f"{part['name']}=={part['version']}" for part in libraries), sep="\n")
    else:
        print(json.dumps(document, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
