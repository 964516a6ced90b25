"""What the repository says about itself is true, and names nothing that belongs to one machine."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import photofinder

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

_LINK = re.compile(r"\]\((?!https?://|#)([^)#\s]+)")
_TEXT = {".py", ".md", ".toml", ".json", ".tsv", ".svg", ".qss", ".ts", ".txt", ".cfg", ""}
# Put together here, so that this file does not contain what it looks for. Official weights lie under /models/ of
# the host that is a registry elsewhere: a pack has to name them.
_ONE_MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.~-])/(?:wo" + "rk|op" + r"t)/",
            "py" + "thonhosted",
            r"py" + r"pi\.org",
            r"download\.py" + r"torch(?!\.org/models/)",
        ]
    )
)


def tracked_files() -> list[Path]:
    """Files of the repository: what git tracks or would; without git, what lies in the known folders."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if answer.returncode == 0:
        found = [ROOT / os.fsdecode(name) for name in answer.stdout.split(b"\0") if name]
    else:
        places = ("photofinder", "tests", "installer", "docs", "resources", ".ci")
        found = [path for place in places for path in (ROOT / place).rglob("*") if "__pycache__" not in path.parts]
    return [path for path in found if path.is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked_files():
        if path.suffix in _TEXT and path.name != "LICENSE":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if _ONE_MACHINE.search(line):
                    found.append(f"{path.relative_to(ROOT)}:{number}: {line.strip()}")
    assert not found, "\n".join(found)


def test_one_version_everywhere() -> None:
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest is not None and newest[1] == PROJECT["version"] == photofinder.__version__


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    broken = [
        link for link in _LINK.findall(document.read_text(encoding="utf-8")) if not (document.parent / link).exists()
    ]
    assert not broken


def test_the_architecture_names_every_file_of_the_package_that_it_should() -> None:
    """Files it names exist, and every room is named."""
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    existing = {path.name for path in tracked_files()}
    named = {Path(name).name for name in re.findall(r"`((?:[\w-]+/)*[\w-]+\.py)`", text)}
    assert named - existing == {"utils.py", "helpers.py"}  # named as what there is not
    for room in (ROOT / "photofinder").iterdir():
        if room.name.startswith("_"):
            continue
        assert f"`{room.name}" in text, room.name


def test_the_readme_gives_the_two_commands_and_they_are_understood() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    commands = [line for line in text.splitlines() if line.startswith("python3 installer/")]
    assert "python3 installer/install.py --test" in commands
    answer = subprocess.run(
        [sys.executable, "installer/install.py", "--language", "en", "--help"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for option in set(re.findall(r"(?<=\s|`)--(?:cpu|torch|test|no-open)\b", text)):
        assert option in answer.stdout


def test_files_of_the_package_stay_readable() -> None:
    long = {}
    for path in [*(ROOT / "photofinder").rglob("*.py"), *(ROOT / "installer").glob("*.py")]:
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > 400:
            long[str(path.relative_to(ROOT))] = lines
        assert path.stem not in {"utils", "helpers", "common", "misc"}
    assert not long


def test_everything_public_in_the_package_says_what_it_is() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in [*(ROOT / "photofinder").rglob("*.py"), *(ROOT / "installer").glob("*.py")]
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_a_skipped_test_of_the_window_fails_where_changes_are_checked(tmp_path: Path) -> None:
    room = tmp_path / "tests" / "ui"
    room.mkdir(parents=True)
    (room / "test_window.py").write_text("import pytest\ndef test_it():\n    pytest.skip('no Qt')\n", encoding="utf-8")
    (room / "test_whole.py").write_text(
        "import pytest\npytest.skip('no Qt', allow_module_level=True)\n", encoding="utf-8"
    )
    (tmp_path / "tests" / "test_other.py").write_text(
        "import pytest\ndef test_it():\n    pytest.skip('not here')\n", encoding="utf-8"
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "windows_never_skip"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / ".ci"), "PYTEST_ADDOPTS": ""}
    for folder, expected in (("tests/ui/test_window.py", 1), ("tests/ui/test_whole.py", 2), ("tests/test_other.py", 0)):
        answer = subprocess.run(
            [*command, folder], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert answer.returncode == expected, answer.stdout + answer.stderr


def test_the_check_script_is_sound() -> None:
    script = ROOT / ".ci" / "run"
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/usr/bin/env bash\n") and "\nset -euo pipefail\n" in text
    assert "installer/install.py --test" in text
    if os.name == "posix":
        assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
