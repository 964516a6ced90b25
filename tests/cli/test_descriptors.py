"""``photofinder descriptors``, and ``--descriptor`` and ``--distance`` of a search by photos, from end to end."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.cli import commands as cli
from photofinder.library.catalog import Catalog
from photofinder.paths import DataPaths
from photofinder.settings import Settings, load_settings, save_settings
from tests.conftest import write_photo
from tests.descriptor_samples import SMALL, offered
from tests.pack_samples import WeightsServer, save_weights

Capture = pytest.CaptureFixture[str]


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_weights(tmp_path_factory.mktemp("weights"))


@pytest.fixture
def server(weights: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WeightsServer]:
    with offered(weights, monkeypatch) as running:
        yield running


@pytest.fixture(scope="module")
def analysed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """State folders with six analysed photos beside them."""
    root = tmp_path_factory.mktemp("estado")
    for seed in range(6):
        write_photo(root / "fotos" / f"{seed}.jpg", size=(200, 150), seed=seed)
    assert cli.main(["index", str(root / "fotos"), "--json", "--data-dir", str(root / "estado")]) == 0
    return root


@pytest.fixture
def photos(analysed: Path, paths: DataPaths) -> Path:
    """The photos of ``analysed``, in a catalogue of this test's own."""
    shutil.copytree(analysed / "estado" / "data", paths.data, dirs_exist_ok=True)
    return analysed / "fotos"


def run(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = cli.main(list(arguments))
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def entry(capsys: Capture) -> dict[str, object]:
    _, out, _ = run(capsys, "descriptors", "--json")
    return next(one for one in json.loads(out) if one["name"] == SMALL)


def test_from_the_question_to_an_answer_in_its_order(
    server: WeightsServer, photos: Path, paths: DataPaths, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = entry(capsys)
    assert (first["ready"], first["described"], first["photos"], first["dim"]) == (False, 0, 6, 1024)
    # no weights yet: one sentence with the way, and the bundled features answer
    one = str(photos / "3.jpg")
    code, out, err = run(capsys, "similar", one, "--descriptor", SMALL, "--json")
    assert code == 0 and len(json.loads(out)) == 5
    assert f"photofinder descriptors get {SMALL}" in err and "modelo incluido" in err
    assert run(capsys, "descriptors", "compute", SMALL)[0] == 1
    assert run(capsys, "descriptors", "use", SMALL)[0] == 1

    code, _, err = run(capsys, "descriptors", "get", SMALL)  # no terminal: nobody could have said yes
    assert code == 1 and "--yes" in err and not server.requests
    monkeypatch.setattr("sys.stdin", _Terminal())
    monkeypatch.setattr("sys.stdin.readline", lambda: "no\n")
    code, _, err = run(capsys, "descriptors", "get", SMALL)
    assert code == 0 and "127.0.0.1" in err and "MB" in err and "rasgos incluidos" in err and not server.requests
    monkeypatch.setattr("sys.stdin.readline", lambda: "sí\n")
    code, _, err = run(capsys, "descriptors", "get", SMALL)
    assert code == 0 and f"descriptors compute {SMALL}" in err and len(server.requests) == 1

    # weights but no vectors: the photo is described on the spot, the others are compared as before
    code, out, err = run(capsys, "similar", one, "--descriptor", SMALL, "--json")
    assert code == 0 and len(json.loads(out)) == 5 and f"descriptors compute {SMALL}" in err
    code, _, err = run(capsys, "descriptors", "compute", SMALL)
    assert code == 0 and "6" in err and "ninguna" in err
    assert entry(capsys)["described"] == 6

    orders = {}
    for distance in ("l1", "l2", "cosine"):
        code, out, err = run(capsys, "similar", one, "--descriptor", SMALL, "--distance", distance, "--json")
        hits = json.loads(out)
        assert code == 0 and not err and len(hits) == 5
        assert [hit["distance"] for hit in hits] == sorted(hit["distance"] for hit in hits)
        orders[distance] = [hit["distance"] for hit in hits]
    assert orders["l1"][0] > orders["l2"][0] > orders["cosine"][0] > 0
    # the same photo from outside the catalogue
    outside = shutil.copy(one, paths.data / "fuera.jpg")
    _, out, _ = run(capsys, "similar", str(outside), "--descriptor", SMALL, "--distance", "l1", "--json")
    assert Path(json.loads(out)[0]["path"]).name == "3.jpg" and json.loads(out)[0]["distance"] < orders["l1"][0] / 10
    _, out, _ = run(capsys, "search", "--with", str(outside), "--descriptor", SMALL, "--json")
    assert Path(json.loads(out)[0]["path"]).name == "3.jpg" and "distance" in json.loads(out)[0]


def test_the_choice_holds_for_every_search_and_can_be_taken_back(
    server: WeightsServer, photos: Path, paths: DataPaths, weights: Path, capsys: Capture
) -> None:
    code, out, _ = run(capsys, "descriptors", "get", SMALL, "--weights", str(weights), "--json")
    assert code == 0 and json.loads(out)["ready"] is True and not server.requests
    assert run(capsys, "descriptors", "compute", SMALL, "--json")[0] == 0
    assert run(capsys, "descriptors", "use", SMALL, "--distance", "l1")[0] == 0
    assert (load_settings(paths.settings).descriptor, load_settings(paths.settings).distance) == (SMALL, "l1")
    one = str(photos / "0.jpg")
    _, out, _ = run(capsys, "similar", one, "--json")
    assert "distance" in json.loads(out)[0]
    assert f"* {SMALL}" in run(capsys, "descriptors")[1]
    _, out, _ = run(capsys, "similar", one, "--descriptor", "bundled", "--json")
    assert "distance" not in json.loads(out)[0]
    _, out, _ = run(capsys, "search", "playa", "--json")
    assert "distance" not in json.loads(out)[0]
    # a new photo: counted, and named with the command
    assert run(capsys, "index", str(photos), "--json")[0] == 0
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog._database.rows("DELETE FROM vector WHERE kind = ? AND photo_id = 2", [SMALL])
    _, _, err = run(capsys, "similar", one)
    assert "1 foto" in err and f"descriptors compute {SMALL}" in err
    assert run(capsys, "descriptors", "use", "bundled")[0] == 0
    assert load_settings(paths.settings).descriptor == ""
    save_settings(paths.settings, Settings(descriptor=SMALL))
    code, _, err = run(capsys, "descriptors", "remove", SMALL)
    assert code == 0 and "MB" in err and load_settings(paths.settings).descriptor == ""
    assert (entry(capsys)["ready"], entry(capsys)["described"]) == (False, 0)


@pytest.mark.parametrize("action", ["get", "compute", "use", "remove"])
def test_one_that_is_not_there_is_named_with_those_that_are(capsys: Capture, action: str) -> None:
    code, _, err = run(capsys, "descriptors", action, "resnet")
    assert code == 1 and "resnet152" in err and "vgg19-fc7" in err
    assert run(capsys, "similar", "x.jpg", "--descriptor", "nada")[0] == 1
    with pytest.raises(SystemExit) as caught:
        cli.main(["similar", "x.jpg", "--distance", "l3"])
    assert caught.value.code == 2
