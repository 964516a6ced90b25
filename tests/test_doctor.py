"""The doctor recognises what is broken, says what to do about it, and never fails itself."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from photofinder import doctor
from photofinder.doctor import (
    Probe,
    Status,
    check_annoy,
    check_catalog,
    check_connection,
    check_folders,
    check_formats,
    check_network,
    check_opencv,
    check_pack,
    check_python,
    check_room,
    check_torch,
    check_torchvision,
    check_windows,
    examine,
    run_probe,
)
from photofinder.library.catalog import Catalog
from photofinder.paths import DataPaths, data_paths
from photofinder.probes import PROBE_ARGUMENT, PROBES

NO_EGL = """Traceback (most recent call last):
  File "<string>", line 1, in <module>
ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"""
NO_NMS = """Traceback (most recent call last):
  File "<string>", line 1, in <module>
RuntimeError: operator torchvision::nms does not exist"""
NO_MODULE = "Traceback (most recent call last):\nModuleNotFoundError: No module named 'x'"


def test_everything_is_looked_at_and_said_in_one_sentence(
    paths: DataPaths, pack: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "run_probe", lambda name: Probe(None, NO_MODULE))
    for language in ("es", "en"):
        found = list(examine(paths, language))
        assert [check.check for check in found] == [
            "python", "processor", "windows", "torch", "torchvision", "annoy", "opencv", "formats", "pack",
            "network", "connection", "data", "room", "catalog",
        ]  # fmt: skip
        for check in found:
            assert check.sentence.endswith((".", ").", "Fedora).", "»).", "”)."))
            assert "\n" not in check.sentence
        status = {check.check: check.status for check in found}
        assert status["pack"] == status["data"] == status["catalog"] == Status.OK
        assert status["windows"] == status["torch"] == status["network"] == Status.PROBLEM
    assert not paths.data.exists()


def test_a_check_that_fails_is_a_finding(paths: DataPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> Probe:
        raise RuntimeError("nobody foresaw\nthis")

    monkeypatch.setattr(doctor, "run_probe", fail)
    found = {check.check: check for check in examine(paths)}
    assert len(found) == 14
    assert found["torch"].status is Status.PROBLEM
    assert "nobody foresaw\\nthis" in found["torch"].sentence


@pytest.mark.parametrize("name", sorted(PROBES.keys() - {"network", "torchvision"}))
def test_probes_find_what_is_installed_here(name: str) -> None:
    probe = run_probe(name)
    assert probe.found is not None, probe.complaint


def test_the_network_is_measured(pack: object) -> None:
    probe = run_probe("network")
    assert probe.found is not None, probe.complaint
    assert probe.found["photos_per_second"] > 0
    assert "fotos por segundo" in check_network(probe, "es").sentence


def test_a_probe_that_dies_or_hangs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        doctor, "probe_command", lambda name: [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), 9)"]
    )
    if sys.platform != "win32":
        assert run_probe("annoy") == Probe(None, "", killed=9)
    monkeypatch.setattr(
        doctor, "probe_command", lambda name: [sys.executable, "-c", "import threading; threading.Event().wait()"]
    )
    monkeypatch.setattr(doctor, "PROBE_TIMEOUT_S", 0.01)
    assert run_probe("annoy") == Probe(None, "timeout")
    monkeypatch.undo()
    monkeypatch.setattr(doctor, "probe_command", lambda name: [sys.executable, "-c", ""])
    assert run_probe("annoy").found is None


def test_a_frozen_program_probes_with_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from photofinder.probes import probe_command

    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert probe_command("qt") == [sys.executable, PROBE_ARGUMENT, "qt"]


def test_python_versions() -> None:
    assert check_python("es", (3, 11)).status is Status.OK
    assert check_python("es", (3, 13)).status is Status.OK
    assert check_python("es", (3, 14)).status is Status.WARNING
    assert check_python("es", (3, 10)).status is Status.WARNING


def test_windows_without_a_system_library_name_the_package() -> None:
    check = check_windows(Probe(None, NO_EGL), "es")
    assert check.status is Status.PROBLEM
    assert all(part in check.sentence for part in ("libEGL.so.1", "apt install libegl1", "dnf install libglvnd-egl"))


def test_windows_that_would_only_fail_later() -> None:
    check = check_windows(Probe({"version": "6.9", "missing": "libxcb-cursor.so.0"}), "es")
    assert check.status is Status.WARNING
    assert "libxcb-cursor0" in check.sentence


def test_no_pyside_at_all() -> None:
    check = check_windows(Probe(None, "ModuleNotFoundError: No module named 'PySide6'"), "es")
    assert check.status is Status.PROBLEM
    assert "PySide6-Essentials" in check.sentence


def test_torch() -> None:
    assert check_torch(Probe({"version": "2.9.0+cpu"}), "es").status is Status.OK
    broken = check_torch(Probe(None, NO_MODULE), "es")
    assert broken.status is Status.PROBLEM
    assert "No module named 'x'" in broken.sentence
    assert check_torch(Probe(None, "", killed=4), "es").status is Status.PROBLEM


def test_a_torchvision_for_another_torch_is_recognised() -> None:
    check = check_torchvision(Probe(None, NO_NMS), "es")
    assert check.status is Status.WARNING
    assert "CUDA" in check.sentence
    assert "pip install --force-reinstall torch torchvision" in check.sentence
    other = check_torchvision(Probe(None, NO_MODULE), "es")
    assert other.status is Status.WARNING
    assert "CUDA" not in other.sentence


def test_annoy() -> None:
    assert check_annoy(Probe({"nearest": [3]}), "es").status is Status.OK
    assert check_annoy(Probe(None, NO_MODULE), "es").status is Status.WARNING
    assert "g++" in check_annoy(Probe(None, NO_MODULE), "es").sentence
    illegal = check_annoy(Probe(None, "", killed=4), "es")
    assert illegal.status is Status.PROBLEM
    assert "procesador" in illegal.sentence


def test_opencv() -> None:
    fine = run_probe("opencv").found
    assert fine is not None and fine["points"] > 0 and not fine["windows"]
    assert check_opencv(Probe(fine), "es").status is Status.OK
    missing = check_opencv(Probe(None, NO_MODULE), "es")
    assert missing.status is Status.WARNING, "everything but «the same object» goes on"
    assert "opencv-python-headless" in missing.sentence
    assert check_opencv(Probe(None, "", killed=4), "es").status is Status.PROBLEM
    other = check_opencv(Probe(fine | {"windows": True}), "es")
    assert other.status is Status.WARNING and "pip uninstall opencv-python" in other.sentence


def test_formats() -> None:
    assert check_formats(Probe({"pillow": "12", "avif": True, "heif": "1.1"}), "es").status is Status.OK
    lacking = check_formats(Probe({"pillow": "10", "avif": False, "heif": None}), "es")
    assert lacking.status is Status.PROBLEM
    assert "HEIC, AVIF" in lacking.sentence


def test_the_pack(pack: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_pack("es").status is Status.OK
    monkeypatch.setenv("PHOTOFINDER_PACK", str(tmp_path))
    check = check_pack("es")
    assert check.status is Status.PROBLEM
    assert "vuelve a instalar" in check.sentence


def test_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "archivo").write_text("no es una carpeta")
    check = check_folders(data_paths(tmp_path / "archivo" / "datos"), "es")
    assert check.status is Status.PROBLEM
    assert "--data-dir" in check.sentence
    assert check_folders(data_paths(tmp_path / "nueva"), "es").status is Status.OK
    assert sorted(place.name for place in tmp_path.iterdir()) == ["archivo"]


def test_room(paths: DataPaths) -> None:
    assert check_room(paths, "es", free=50_000_000_000).status is Status.OK
    assert check_room(paths, "es", free=1_500_000_000).status is Status.WARNING
    assert check_room(paths, "es", free=1_000).status is Status.PROBLEM
    assert "GB" in check_room(paths, "es").sentence


def test_the_catalogue(paths: DataPaths, tmp_path: Path) -> None:
    assert check_catalog(paths, "es").status is Status.OK
    assert not paths.catalog.exists()
    folder = tmp_path / "disco"
    folder.mkdir()
    with Catalog.open(paths.catalog, writer=True) as catalog:
        catalog.add_folder(folder)
    assert "0 fotos" in check_catalog(paths, "es").sentence
    folder.rmdir()
    offline = check_catalog(paths, "es")
    assert offline.status is Status.WARNING
    assert "sin conexión" in offline.sentence
    paths.catalog.write_bytes(b"not a catalogue at all" * 1000)
    damaged = check_catalog(paths, "es")
    assert damaged.status is Status.PROBLEM
    assert "ábrelo otra vez para recuperar" in damaged.sentence


def test_a_flipped_page_is_found(paths: DataPaths, tmp_path: Path) -> None:
    with Catalog.open(paths.catalog, writer=True) as catalog:
        folder = catalog.add_folder(tmp_path)
        with catalog.transaction():
            for number in range(500):
                catalog.add_or_update_photo(folder.id, f"foto-{number}.jpg", 1, 1, content_hash=f"{number:032x}")
    data = bytearray(paths.catalog.read_bytes())
    assert len(data) > 8 * 4096
    data[3 * 4096 : 5 * 4096] = b"\xff" * 8192
    paths.catalog.write_bytes(data)
    for rest in paths.data.glob("catalog.sqlite-*"):
        rest.unlink()
    assert check_catalog(paths, "es").status is Status.PROBLEM


def test_the_doctor_itself_imports_nothing_that_may_be_broken() -> None:
    code = (
        "import sys, photofinder.doctor; print([n for n in ('torch', 'PySide6', 'annoy', 'PIL') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=200)
    assert done.stdout.strip() == "[]"


def test_the_json_shape(paths: DataPaths) -> None:
    check = check_python("es")
    assert json.loads(json.dumps(check.as_json())) == {
        "check": "python",
        "status": "ok",
        "sentence": check.sentence,
    }


def test_the_network_is_refused_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    check = check_connection(run_probe("connection"), "es")
    assert check.status is Status.OK, check.sentence
    assert check.sentence.startswith("Nada sale de este equipo")
    open_door = check_connection(Probe({"refused": False, "loaded": []}), "es")
    loaded = check_connection(Probe({"refused": True, "loaded": ["ssl"]}), "en")
    assert (open_door.status, loaded.status) == (Status.PROBLEM, Status.WARNING)
    assert "ssl" in loaded.sentence
    assert check_connection(Probe(None, NO_MODULE), "en").status is Status.PROBLEM
