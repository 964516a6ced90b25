"""``--store`` as it is typed: analyse into PostgreSQL, and search it from anywhere."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from photofinder.cli.commands import main
from tests.conftest import fill_photo_folder

LANGUAGE = ("--language", "es")


def test_a_folder_is_analysed_once_and_searched_by_others(
    store_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = fill_photo_folder(tmp_path / "archivo")
    (photos / "rota.jpg").write_text("no soy una foto")
    assert main(["index", str(photos), "--store", store_url, "--json", *LANGUAGE]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert (summary["photos"], summary["analysed"], summary["failed"]) == (15, 14, 1)
    assert main(["index", str(photos), "--store", store_url, "--json", *LANGUAGE]) == 0
    assert json.loads(capsys.readouterr().out)["analysed"] == 0

    assert main(["index", str(photos), "--json", *LANGUAGE]) == 0
    capsys.readouterr()
    assert main(["search", "una", "flor", "--json", *LANGUAGE]) == 0
    own = json.loads(capsys.readouterr().out)
    monkeypatch.setenv("PHOTOFINDER_DATA_DIR", str(tmp_path / "otra persona"))
    mine = tmp_path / "montado aquí"
    mine.symlink_to(photos)
    shared = ["--store", store_url, "--root", f"{photos}={mine}", "--json", "--limit", "3", *LANGUAGE]
    assert main(["search", "una", "flor", *shared]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [mine / Path(one["path"]).relative_to(photos) for one in own[:3]] == [Path(one["path"]) for one in found]
    assert [one["score"] for one in found] == pytest.approx([one["score"] for one in own[:3]], abs=1e-3)
    assert main(["similar", str(mine / "flower.jpg"), *shared, "--descriptor", "resnet18"]) == 0
    answer = capsys.readouterr()
    like = [Path(one["path"]) for one in json.loads(answer.out)]
    assert len(like) == 3 and mine / "flower.jpg" not in like
    assert "--descriptor no cuenta" in answer.err
    assert not (tmp_path / "otra persona" / "catalog.sqlite").exists()


@pytest.mark.parametrize("store", ["mysql://equipo/fotos", "postgresql://ana:secreto@127.0.0.1:1/fotos"])
def test_what_is_wrong_is_one_sentence(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["search", "perro", "--store", store, *LANGUAGE]) == 1
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    assert "catálogo compartido" in told.err and "secreto" not in told.err
    assert main(["search", "perro", "--store", store, "--language", "en"]) == 1
    assert "shared catalogue" in capsys.readouterr().err


def test_a_root_says_theirs_and_yours(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["search", "perro", "--store", "postgresql://x/y", "--root", "sin-igual", *LANGUAGE])
    assert "sin-igual" in capsys.readouterr().err
