"""The rooms and their borders: import-linter's contracts, and what imports alone cannot show."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "photofinder"

LINT = "import importlinter.cli; raise SystemExit(importlinter.cli.lint_imports(no_cache=True))"

THE_ONE_DOOR = "photofinder.download"
"""The only module that may open a connection: official weights, after an explicit yes."""

IMPORT_WITHOUT = """
import importlib, sys

class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in sys.argv[1].split(","):
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, Absent())
for name in sys.argv[2:]:
    importlib.import_module(name)
print(",".join(sorted(name for name in sys.modules if "." not in name)))
"""


def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )


def import_without(absent: str, names: list[str]) -> list[str]:
    """Import ``names`` in a fresh interpreter that has no ``absent`` packages; the top-level modules it then holds."""
    answer = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, absent, *names], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip().split(",")


def test_the_contracts_are_kept() -> None:
    answer = lint(ROOT)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "0 broken" in answer.stdout


def test_the_contracts_would_notice(tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "photofinder", ignore=shutil.ignore_patterns("__pycache__", "resources"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    trespasses = {
        "library/scan.py": "import torch\nfrom PySide6 import QtCore\nfrom photofinder.search import engine\n",
        "search/query.py": "import sqlite3\nimport pickle\nimport cv2\n",
        "indexing/plan.py": "import annoy\nimport psycopg\nimport distributed\nimport socket\n",
        "ui/theme.py": "from sklearn import svm\n",
        "model/pack.py": "from photofinder.library import scan\n",
        "a_new_room.py": "",
    }
    for name, text in trespasses.items():
        with open(tmp_path / "photofinder" / name, "a", encoding="utf-8") as file:
            file.write(f"\n{text}")
    answer = lint(tmp_path)
    assert answer.returncode != 0
    assert "0 kept, 12 broken" in answer.stdout, answer.stdout


def test_everything_but_the_window_works_without_qt() -> None:
    names = [name for name in modules() if not name.startswith("photofinder.ui") and not name.endswith("__main__")]
    assert "photofinder.search.engine" in names
    import_without("PySide6,shiboken6", names)


def test_a_text_search_and_a_second_index_run_need_no_torch() -> None:
    networks = ("accelerator", "int8", "precision", "torchvision", "trunk", "visual")
    with_torch = ("photofinder.ui", "photofinder.training", *(f"photofinder.model.{name}" for name in networks))
    names = [name for name in modules() if not name.startswith(with_torch) and not name.endswith("__main__")]
    loaded = import_without("PySide6,shiboken6,torch,torchvision,sklearn,scipy", names)
    assert "numpy" in loaded


@pytest.mark.parametrize("name", sorted(modules()))
def test_no_code_comes_from_data_and_nothing_opens_the_network(name: str) -> None:
    """Weights and settings are data: no unpickling, not even through NumPy or torch, and no ``eval``."""
    for node in ast.walk(ast.parse(modules()[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in {"eval", "exec", "torch.load", "np.fromregex"}, f"{name}:{node.lineno}"
            for keyword in node.keywords:
                allowed = keyword.arg != "allow_pickle" or ast.unparse(keyword.value) == "False"
                assert allowed, f"{name}:{node.lineno}"
        elif isinstance(node, ast.ImportFrom):
            imported = {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
            assert "urllib.request" not in imported or name == THE_ONE_DOOR, f"{name}:{node.lineno}"
            imported = {alias.name for alias in node.names}
            assert not (node.module == "PySide6" and "QtNetwork" in imported), f"{name}:{node.lineno}"
            assert node.module != "PySide6.QtNetwork", f"{name}:{node.lineno}"
        elif isinstance(node, ast.Import):
            imported = {alias.name for alias in node.names}
            assert "urllib.request" not in imported or name == THE_ONE_DOOR, f"{name}:{node.lineno}"
            assert "PySide6.QtNetwork" not in imported, f"{name}:{node.lineno}"
