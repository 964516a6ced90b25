"""English is complete, and what ships is what the source says."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator

from photofinder.paths import resource

TS = resource("i18n", "photofinder_en.ts")
QM = resource("i18n", "photofinder_en.qm")
UI = Path(__file__).resolve().parents[2] / "photofinder" / "ui"
_PLACEHOLDER = re.compile(r"\{\w+\}")


def messages(path: Path) -> dict[tuple[str, str], ElementTree.Element]:
    found = {}
    for context in ElementTree.parse(path).getroot().iter("context"):
        for message in context.iter("message"):
            found[context.findtext("name", ""), message.findtext("source", "")] = message
    return found


def tool(name: str, *arguments: str) -> None:
    script = Path(sys.executable).parent / name
    subprocess.run([str(script), *arguments], check=True, capture_output=True, timeout=120)


def test_every_text_is_translated_with_its_placeholders() -> None:
    for (context, source), message in messages(TS).items():
        translation = message.find("translation")
        assert translation is not None
        assert translation.get("type") is None, f"{context}: {source}"
        assert translation.text, f"{context}: {source}"
        assert sorted(_PLACEHOLDER.findall(source)) == sorted(_PLACEHOLDER.findall(translation.text))


def test_the_translation_file_has_every_text_of_the_code(tmp_path: Path) -> None:
    fresh = tmp_path / "photofinder_en.ts"
    tool("pyside6-lupdate", *map(str, sorted(UI.glob("*.py"))), "-locations", "none", "-ts", str(fresh))
    assert set(messages(fresh)) == set(messages(TS)), "run the commands of photofinder/ui/translation.py"


def test_the_compiled_file_is_up_to_date(tmp_path: Path) -> None:
    fresh = tmp_path / "photofinder_en.qm"
    tool("pyside6-lrelease", str(TS), "-qm", str(fresh))
    assert fresh.read_bytes() == QM.read_bytes(), "run pyside6-lrelease resources/i18n/photofinder_en.ts"


@pytest.mark.parametrize(
    ("context", "spanish", "english"),
    [("PhotoActions", "Buscar más como esta", "Find more like this"), ("ProgressArea", "En pausa", "Paused")],
)
def test_the_compiled_file_answers(context: str, spanish: str, english: str) -> None:
    translator = QTranslator()
    assert translator.load(str(QM))
    assert translator.translate(context, spanish) == english
