"""The command line as people and scripts meet it: a process, its output, its exit code."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from photofinder import probes
from photofinder.cli import commands as cli
from photofinder.cli.parser import COMMANDS
from photofinder.library import decoder
from photofinder.library.catalog import Catalog
from photofinder.library.decoder_worker import HELLO, write_frame
from photofinder.paths import data_paths
from tests.cli.forked import forked
from tests.conftest import fill_photo_folder, made_once, write_photo

ON_LINUX = sys.platform not in ("win32", "darwin")


def _command(*arguments: str | Path | bytes) -> list[str | Path | bytes]:
    return [sys.executable, "-m", "photofinder", *arguments]


def _environment(**more: str) -> dict[str, str]:
    """Nothing of the person who runs the tests: no data of theirs, no language of theirs."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "PHOTOFINDER_DATA"))
    }
    return kept | {"LANG": "es_ES.UTF-8", "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"} | more


def run(*arguments: str | Path | bytes, **more: str) -> subprocess.CompletedProcess[str]:
    """Run to the end, without the seconds of a start where processes are forked; decoded as a file name would be."""
    return forked(arguments, _environment(**more)) if ON_LINUX else start(*arguments, **more)


def start(*arguments: str | Path | bytes, **more: str) -> subprocess.CompletedProcess[str]:
    """The same, started as a person does."""
    return subprocess.run(
        _command(*arguments),
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        env=_environment(**more),
        timeout=200,
        check=False,
    )


def answer(*arguments: str | Path | bytes, **more: str) -> Any:
    """What ``--json`` prints, after checking that all went well."""
    done = run(*arguments, "--json", **more)
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii()
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder of photos and the state folder of its analysis; read only, shared by the tests of this file."""
    root = made_once(tmp_path_factory, "biblioteca", _analysed_library)
    return root / _PHOTOS, root / "estado"


_PHOTOS = "Fotos de Ñandú 😀"


def _analysed_library(root: Path) -> None:
    photos = fill_photo_folder(root / _PHOTOS)
    (photos / "rota.jpg").write_bytes(b"not a photo")
    (photos / "2021" / "salto\nde línea.jpg").write_bytes((photos / "flower.jpg").read_bytes())
    if ON_LINUX:
        path = os.fsencode(photos) + b"/inv\xe1lida.jpg"
        with open(path, "wb") as file:
            file.write((photos / "china.jpg").read_bytes())
    done = start("index", photos, "--data-dir", root / "estado", "--json")
    assert json.loads(done.stdout)["failed"] == 1, done.stderr


# Index


def test_index_says_what_it_did_and_does_not_repeat_it(library: tuple[Path, Path]) -> None:
    photos, state = library
    again = answer("index", photos, "--data-dir", state)
    assert set(again) == {
        "photos", "analysed", "unchanged", "moved", "failed", "missing", "placed", "offline", "seconds",
    }  # fmt: skip
    expected = 17 if ON_LINUX else 16
    assert (again["photos"], again["analysed"], again["unchanged"]) == (expected, 0, expected)
    assert again["offline"] == []


def test_index_in_words(tmp_path: Path) -> None:
    for seed in range(3):
        write_photo(tmp_path / "fotos" / f"{seed}.jpg", seed=seed, size=(64, 48))
    (tmp_path / "fotos" / "vacía.jpg").write_bytes(b"")
    done = start("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    assert done.returncode == 0, done.stderr
    assert "4 fotos, 3 analizadas, 0 sin cambios, 1 que no se pudo leer." in done.stdout
    assert "vacía.jpg: El archivo está vacío" in done.stdout
    assert "analizando" in done.stderr
    assert "fotos/s" in done.stderr
    english = run("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado", "--language", "en")
    assert english.stdout.startswith("4 photos, 0 analysed, ")


def test_what_is_left_out_is_remembered(tmp_path: Path) -> None:
    for seed, name in enumerate(("casa/a.jpg", "Capturas/b.jpg", "c.png")):
        write_photo(tmp_path / "fotos" / name, seed=seed, size=(64, 48))
    command = ("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    assert answer(*command, "--exclude", "capturas", "--exclude", "*.png")["photos"] == 1
    assert answer(*command)["photos"] == 1
    assert answer(*command, "--exclude", "")["photos"] == 3


def test_several_folders_one_of_them_away(tmp_path: Path) -> None:
    for name in ("una", "otra"):
        write_photo(tmp_path / name / "foto.jpg", seed=len(name), size=(64, 48))
    done = run("index", tmp_path / "una", tmp_path / "otra", tmp_path / "falta", "--data-dir", tmp_path / "estado")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 fotos, 2 analizadas")
    assert "falta» no está conectada" in done.stderr


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda path: None, "no existe"),
        (lambda path: path.write_text("x"), "no es una carpeta"),
    ],
)
def test_a_folder_that_is_none(tmp_path: Path, make: Callable[[Path], None], part: str) -> None:
    make(tmp_path / "fotos")
    done = run("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    assert done.returncode == 1
    assert part in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_an_empty_folder_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "fotos").mkdir()
    summary = answer("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    assert summary["photos"] == 0


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl+C is sent to a whole console on Windows")
def test_ctrl_c_keeps_what_is_done_and_the_next_run_goes_on(tmp_path: Path) -> None:
    for seed in range(100):
        write_photo(tmp_path / "fotos" / f"{seed}.jpg", seed=seed, size=(200, 150))
    command = _command("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        text=True,
        env=_environment(),
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a run in the background ignores it
    ) as process:
        assert process.stderr is not None
        said = ""
        for line in process.stderr:
            said += line
            if "analizando" in line:
                os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to the workers too
                break
        rest = process.stderr.read()
    assert process.returncode == 130, said + rest
    assert rest.strip().endswith("Detenido; lo hecho hasta aquí está guardado.")
    assert "Traceback" not in rest
    with Catalog.open(data_paths(tmp_path / "estado").catalog) as catalog:
        kept = catalog.counts().analysed
    assert 0 < kept < 100
    summary = answer("index", tmp_path / "fotos", "--data-dir", tmp_path / "estado")
    assert summary["analysed"] == 100 - kept
    assert summary["photos"] == 100


def test_two_at_once_are_told_apart(tmp_path: Path, library: tuple[Path, Path]) -> None:
    photos, state = library
    with Catalog.open(data_paths(state).catalog, writer=True) as catalog, catalog.lock_for_indexing():
        done = run("index", photos, "--data-dir", state)
    assert done.returncode == 1
    assert "Otra copia de PhotoFinder" in done.stderr


# Search and similar


def test_search_json_is_a_list_best_first(library: tuple[Path, Path]) -> None:
    photos, state = library
    hits = answer("search", "una", "flor", "roja", "--data-dir", state, "--limit", "5")
    assert len(hits) == 5
    assert all(set(hit) == {"path", "score", "photo_id", "place"} for hit in hits)
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(Path(hit["path"]).is_relative_to(photos) and Path(hit["path"]).is_file() for hit in hits)
    assert len({hit["photo_id"] for hit in hits}) == 5
    assert hits == answer("search", "una flor roja", "--data-dir", state, "--limit", "5")


def test_search_in_words(library: tuple[Path, Path]) -> None:
    _, state = library
    done = start("search", "flor", "--data-dir", state)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert len(lines) == (16 if ON_LINUX else 15)
    assert all(" %  " in line for line in lines)
    assert any("salto\\nde línea.jpg" in line for line in lines)
    done.stdout.encode("utf-8")


@pytest.mark.skipif(not ON_LINUX, reason="file names are any bytes on Linux")
def test_a_name_that_is_no_text_survives_json(library: tuple[Path, Path]) -> None:
    photos, state = library
    hits = answer("search", "templo", "--data-dir", state)
    wanted = os.fsencode(photos) + b"/inv\xe1lida.jpg"
    (found,) = [hit for hit in hits if os.fsencode(hit["path"]) == wanted]
    assert answer("similar", wanted, "--data-dir", state)[0]["photo_id"] != found["photo_id"]


def test_the_data_folder_can_come_from_the_environment(library: tuple[Path, Path]) -> None:
    _, state = library
    by_variable = answer("search", "flor", PHOTOFINDER_DATA_DIR=str(state))
    assert by_variable == answer("--data-dir", state, "search", "flor")


def test_similar_to_a_catalogued_photo_leaves_it_out(library: tuple[Path, Path]) -> None:
    photos, state = library
    hits = answer("similar", photos / "flower.jpg", "--data-dir", state)
    assert Path(hits[0]["path"]).name == "salto\nde línea.jpg"
    assert hits[0]["score"] == pytest.approx(1, abs=1e-3)
    assert photos / "flower.jpg" not in [Path(hit["path"]) for hit in hits]


def test_similar_to_a_photo_from_anywhere(library: tuple[Path, Path], tmp_path: Path) -> None:
    photos, state = library
    with Image.open(photos / "china.jpg") as image:
        image.resize((400, 270)).save(tmp_path / "de un correo.png")
    hits = answer("similar", tmp_path / "de un correo.png", "--data-dir", state, "--limit", "2")
    names = [os.path.basename(hit["path"]) for hit in hits]  # noqa: PTH119 - lone surrogates
    assert "china.jpg" in names
    mixed = answer("search", "templo", "--photo", tmp_path / "de un correo.png", "--data-dir", state)
    other = answer("similar", tmp_path / "de un correo.png", "--text", "templo", "--data-dir", state)
    assert mixed == other
    assert mixed != hits


def test_searching_does_not_import_torch(library: tuple[Path, Path]) -> None:
    photos, state = library
    code = """
import sys
from photofinder.cli.commands import main
codes = [main(arguments.split("|")) for arguments in sys.argv[1:]]
print(codes, [name for name in ("torch", "PySide6", "sklearn") if name in sys.modules])
"""
    done = subprocess.run(
        [
            sys.executable, "-c", code,
            f"search|flor|--data-dir|{state}",
            f"similar|{photos / 'flower.jpg'}|--data-dir|{state}",
            f"index|{photos}|--json|--data-dir|{state}",
        ],
        capture_output=True, encoding="utf-8", errors="surrogateescape", env=_environment(), timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[0, 0, 0] []"


def test_words_that_are_not_known_are_named(library: tuple[Path, Path]) -> None:
    _, state = library
    for text in ("xyzzyqw", "собака", "犬"):
        done = run("search", text, "--json", "--data-dir", state)
        assert (done.returncode, json.loads(done.stdout)) == (0, [])
        assert "Ninguna palabra se ha entendido" in done.stderr
    assert "«xyzzyqw»" in run("search", "xyzzyqw", "flor", "--data-dir", state).stderr


@pytest.mark.parametrize("text", [[], [""], ["  \t"]])
def test_nothing_asked(library: tuple[Path, Path], text: Sequence[str]) -> None:
    done = run("search", *text, "--data-dir", library[1])
    assert done.returncode == 1
    assert done.stderr == (
        "No has pedido nada; escribe lo que se ve en la foto, como «perro en la playa», o da una foto.\n"
    )


def test_ten_thousand_characters(library: tuple[Path, Path]) -> None:
    assert len(answer("search", "flor " * 2_000, "--data-dir", library[1])) > 0


def test_nothing_analysed_yet(tmp_path: Path) -> None:
    done = run("search", "flor", "--json", "--data-dir", tmp_path / "estado")
    assert (done.returncode, done.stdout.strip()) == (0, "[]")
    assert "photofinder index" in done.stderr


@pytest.mark.parametrize("content", [b"", b"not a photo"])
def test_similar_to_what_is_no_photo(tmp_path: Path, library: tuple[Path, Path], content: bytes) -> None:
    (tmp_path / "rota.jpg").write_bytes(content)
    for path in (tmp_path / "rota.jpg", tmp_path / "no existe.jpg", tmp_path):
        done = run("similar", path, "--data-dir", library[1])
        assert done.returncode == 1
        assert done.stderr.startswith("No se pudo leer la foto «")
        assert done.stderr.count("\n") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no head")
def test_a_reader_that_leaves_is_no_error(library: tuple[Path, Path]) -> None:
    process = subprocess.Popen(
        _command("search", "flor", "--data-dir", library[1]),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=_environment(PYTHONUNBUFFERED="1"),
    )
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(200) == 0


def test_a_catalogue_that_is_none(tmp_path: Path) -> None:
    paths = data_paths(tmp_path)
    paths.catalog.parent.mkdir(parents=True)
    paths.catalog.write_bytes(b"these are no tables" * 500)
    done = run("search", "flor", "--data-dir", tmp_path)
    assert done.returncode == 0
    assert "dañado" in done.stderr
    (aside,) = paths.data.glob("catalog-damaged-*.sqlite")
    assert aside.read_bytes() == b"these are no tables" * 500


def test_a_damaged_pack(tmp_path: Path, library: tuple[Path, Path]) -> None:
    done = run("search", "flor", "--data-dir", library[1], PHOTOFINDER_PACK=str(tmp_path))
    assert done.returncode == 1
    assert "vuelve a instalar PhotoFinder" in done.stderr


# Evaluate


def test_evaluate(library: tuple[Path, Path], tmp_path: Path) -> None:
    photos, _ = library
    captions = tmp_path / "frases.tsv"
    captions.write_text("china.jpg\tun templo\nflower.jpg\tuna flor\nrota.jpg\tnada\n", encoding="utf-8")
    done = start("evaluate", photos, captions, "--json", "--plot", tmp_path / "puestos.png")
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout)
    assert list(figures) == [
        "photos", "queries", "recall_at_1", "recall_at_5", "recall_at_10", "median_rank", "mean_rank",
        "queries_per_second",
    ]  # fmt: skip
    assert (figures["photos"], figures["queries"]) == (16 if ON_LINUX else 15, 3)
    assert all(0 <= figures[f"recall_at_{k}"] <= 1 for k in (1, 5, 10))
    assert "analizando" in done.stderr
    assert "rota.jpg: No es una imagen" in done.stderr
    with Image.open(tmp_path / "puestos.png") as image:
        assert image.size == (1000, 600)


def test_evaluate_tells_which_line_is_wrong(library: tuple[Path, Path], tmp_path: Path) -> None:
    captions = tmp_path / "frases.tsv"
    captions.write_bytes("china.jpg\tun templo\nflower.jpg\tni\xf1o\n".encode("latin-1"))
    done = run("evaluate", library[0], captions)
    assert done.returncode == 1
    assert done.stderr.startswith("La línea 2 de ")
    assert "UTF-8" in done.stderr
    no_place = run("evaluate", library[0], captions, "--plot", tmp_path / "nada" / "puestos.png")
    assert no_place.returncode == 1
    assert "puestos.png" in no_place.stderr


# Doctor, window, and the rest


def test_doctor(library: tuple[Path, Path]) -> None:
    done = start("doctor", "--json", "--data-dir", library[1])
    found = json.loads(done.stdout)
    assert all(set(check) == {"check", "status", "sentence"} for check in found)
    assert {check["status"] for check in found} <= {"ok", "warning", "problem"}
    problems = [check for check in found if check["status"] == "problem"]
    assert done.returncode == (1 if problems else 0)
    by_name = {check["check"]: check for check in found}
    assert by_name["pack"]["status"] == by_name["annoy"]["status"] == by_name["catalog"]["status"] == "ok"
    assert "1 que no se pudieron leer" in by_name["catalog"]["sentence"]


def test_doctor_in_words_with_a_problem(tmp_path: Path) -> None:
    done = run("doctor", "--data-dir", tmp_path / "estado", PHOTOFINDER_PACK=str(tmp_path))
    assert done.returncode == 1
    assert any(line.startswith("problema  Falta el modelo") for line in done.stdout.splitlines())
    assert "Traceback" not in done.stdout + done.stderr


def test_a_window_without_its_system_library_is_one_sentence(tmp_path: Path) -> None:
    """A package of that name, first on the path, stands for a PySide6 whose libEGL is not there."""
    fake = tmp_path / "PySide6"
    fake.mkdir()
    (fake / "__init__.py").write_text(
        "raise ImportError('libEGL.so.1: cannot open shared object file: No such file or directory')"
    )
    for arguments in ((), ("gui",), ("gui", str(tmp_path))):
        done = start(*arguments, PYTHONPATH=os.pathsep.join([str(tmp_path), *sys.path]))
        assert done.returncode == 1
        assert done.stderr.startswith("Falta la biblioteca del sistema libEGL.so.1")
        assert done.stderr.count("\n") == 1


def test_help_in_both_languages() -> None:
    spanish, english = start("--help"), run("--language", "en", "--help")
    assert spanish.returncode == english.returncode == 0
    assert spanish.stdout.startswith("uso: photofinder")
    assert english.stdout.startswith("usage: photofinder")
    for command in COMMANDS:
        assert command in spanish.stdout
        one = run(command, "--help")
        assert one.returncode == 0
        assert "--data-dir" in one.stdout
        assert "--json" in one.stdout
        assert "--language" in one.stdout


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["index"], "falta CARPETA"),
        (["baila"], "no admite 'baila'"),
        (["search", "x", "--limit", "0"], "--limit necesita un número mayor que cero, no '0'"),
        (["search", "x", "--limit", "-3"], "--limit"),
        (["search", "x", "--limit"], "--limit necesita un valor"),
        (["search", "x", "--nada"], "no se conoce «--nada»"),
        (["search", "x", "--language", "fr"], "--language no admite 'fr'"),
        (["search", "x", "--data-dir"], "--data-dir necesita un valor"),
        (["similar"], "falta FOTO"),
        (["evaluate", "x"], "falta FRASES.tsv"),
    ],
)
def test_what_is_not_understood_ends_with_2(arguments: list[str], part: str) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert part in done.stderr
    assert done.stdout == ""
    english = run(*arguments, LANG="en_GB.UTF-8")
    assert english.returncode == 2
    assert english.stderr.startswith("usage:")


def test_version() -> None:
    done = start("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "PhotoFinder")


def test_hidden_arguments_are_those_that_workers_are_started_with() -> None:
    assert cli.DECODE_WORKER == decoder.WORKER_ARGUMENT
    assert cli.PROBE == probes.PROBE_ARGUMENT


def test_the_decode_worker_starts_and_ends_with_its_input() -> None:
    limits = io.BytesIO()
    write_frame(limits, {"memory_limit_mb": 1024, "timeout_s": 30, "idle_s": 30})
    done = subprocess.run(
        _command(cli.DECODE_WORKER),
        input=limits.getvalue(),
        capture_output=True,
        env=_environment(),
        timeout=200,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, HELLO, b"")


def test_a_probe_runs_through_the_program() -> None:
    done = run(cli.PROBE, "annoy")
    assert (done.returncode, json.loads(done.stdout)) == (0, {"nearest": [3]})


def test_without_streams_as_in_a_windowed_build(library: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert cli.main(["search", "flor", "--data-dir", str(library[1])]) == 0
    assert cli.main(["search", "", "--data-dir", str(library[1])]) == 1


def test_a_bug_of_ours_is_a_sentence_and_its_traceback_is_in_the_log(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> int:
        raise ZeroDivisionError("ours")

    monkeypatch.setitem(cli._COMMANDS, "doctor", fail)
    monkeypatch.setenv("LANG", "es_ES.UTF-8")
    assert cli.main(["doctor", "--data-dir", str(tmp_path)]) == 1
    log = data_paths(tmp_path).log
    said = capsys.readouterr().err
    assert "Algo ha fallado dentro de PhotoFinder" in said
    assert str(log) in said
    assert "ZeroDivisionError: ours" in log.read_text(encoding="utf-8")


def test_searching_leaves_no_log(library: tuple[Path, Path]) -> None:
    assert not data_paths(library[1]).log.exists()
