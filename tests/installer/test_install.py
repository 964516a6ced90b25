"""The installer: one sentence for every way a machine can be unready, and nothing done twice."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
import venv
from pathlib import Path

import failures
import install
import installation
import pip_runner
import pytest
import system

INSTALLER = Path(install.__file__).parent

posix_only = pytest.mark.skipif(os.name == "nt", reason="the stand-in program is a shell script")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with the real installer and project file; its name has a space and a letter beyond ASCII."""
    return check_out(tmp_path / "Foto búsqueda")


def check_out(root: Path) -> Path:
    """Make ``checkout`` there."""
    root.mkdir()
    shutil.copytree(INSTALLER, root / "installer", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(INSTALLER.parent / "pyproject.toml", root)
    return root


def run(checkout: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the installer as a person does, cut off from the network and from this machine's pip settings."""
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "LC_", "LANG", "PYTHON"))
    }
    environment |= {
        "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1",
        "PYTHONUTF8": "1", **variables,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, str(checkout / "installer" / "install.py"), *arguments],
        env=environment, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def make_installed(checkout: Path, *, extras: tuple[str, ...] = ()) -> Path:
    """Pretend that the installation was done: an empty environment, a stamp, a program that notes how it is called."""
    environment = installation.Environment(checkout)
    venv.create(environment.folder, with_pip=False)
    installation._write_stamp(environment, list(extras))
    called = checkout / "called.txt"
    program = environment.script("photofinder")
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > "{called}"\nexit 7\n', encoding="utf-8")
    program.chmod(0o755)
    return called


# --- the door -----------------------------------------------------------------------------------------------------


def test_an_old_python_can_parse_the_door() -> None:
    ast.parse(Path(install.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


@pytest.mark.parametrize("version", [(2, 7), (3, 8), (3, 10), (3, 14), (4, 0)])
def test_other_pythons_are_refused_with_their_number(version: tuple[int, int]) -> None:
    assert not install.supported(version)
    for language in ("es", "en"):
        sentence = install.too_old_or_new(version, language)
        assert f"{version[0]}.{version[1]}" in sentence
        assert "3.11, 3.12" in sentence


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13)])
def test_the_supported_pythons_are_those_of_the_project_file(version: tuple[int, int]) -> None:
    assert install.supported(version)
    assert 'requires-python = ">=3.11,<3.14"' in (INSTALLER.parent / "pyproject.toml").read_text(encoding="utf-8")


@posix_only
def test_another_python_is_asked_and_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"python3.13": "echo not here >&2; exit 127", "python3.12": "echo 3 12"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install.other_python() == [str(tmp_path / "python3.12")]
    (tmp_path / "python3.12").unlink()
    assert install.other_python() is None


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "es_MX.UTF-8"}, "es"),
        ([], {"LANG": "C.UTF-8"}, "es"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "es_ES.UTF-8"}, "es"),
        (["--language", "en"], {"LANG": "es_ES.UTF-8"}, "en"),
        (["--language=es"], {"LANG": "en_US.UTF-8"}, "es"),
    ],
)
def test_language(
    arguments: list[str], variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["install.py", *arguments])
    assert install.language() == expected


# --- the whole command --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A checkout in which the installer was run without a network, and what it said."""
    root = check_out(tmp_path_factory.mktemp("sin red") / "PhotoFinder")
    return root, run(root)


def test_without_network_one_sentence_and_a_log(tried: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    checkout, answer = tried
    assert answer.returncode == 1
    assert answer.stderr.count("\n") == 1
    assert "registro de paquetes" in answer.stderr and "conexión" in answer.stderr
    assert "annoy" in (checkout / ".venv" / installation.LOG).read_text(encoding="utf-8")


def test_a_folder_that_does_not_exist_is_told_before_anything_is_made(checkout: Path) -> None:
    answer = run(checkout, "no-está", LANG="en_US.UTF-8")
    assert answer.returncode == 1
    assert answer.stderr.startswith("There is no folder") and answer.stderr.count("\n") == 1
    assert not (checkout / ".venv").exists()


def test_something_else_called_venv_is_left_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "mine.txt").write_text("keep", encoding="utf-8")
    answer = run(checkout)
    assert answer.returncode == 1
    assert "no es un entorno de Python" in answer.stderr and answer.stderr.count("\n") == 1
    assert (checkout / ".venv" / "mine.txt").read_text(encoding="utf-8") == "keep"


@posix_only
def test_the_second_time_it_only_opens_the_window(checkout: Path) -> None:
    called = make_installed(checkout)
    photos = checkout / "Mis fotos"
    photos.mkdir()
    answer = run(checkout, str(photos), QT_QPA_PLATFORM="offscreen")
    assert answer.returncode == 7, answer.stderr  # the program's own status
    assert called.read_text(encoding="utf-8").splitlines() == ["gui", str(photos)]
    assert not (checkout / ".venv" / installation.LOG).exists()


@posix_only
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_it_says_how_to_open_it_later(checkout: Path) -> None:
    called = make_installed(checkout)
    answer = run(checkout, DISPLAY="", WAYLAND_DISPLAY="", QT_QPA_PLATFORM="")
    assert answer.returncode == 0
    assert "no hay sesión gráfica" in answer.stdout
    assert not called.exists()


@posix_only
def test_only_install_does_not_open(checkout: Path) -> None:
    called = make_installed(checkout)
    assert run(checkout, "--no-open", QT_QPA_PLATFORM="offscreen").returncode == 0
    assert not called.exists()


@pytest.mark.parametrize(
    ("change", "arguments", "current"),
    [
        ("nothing", [], True),
        ("nothing", ["--test"], False),
        ("nothing", ["--cpu"], False),
        ("nothing", ["--torch", "2.13.0"], False),
        ("pyproject", [], False),
        ("damaged", [], False),
        ("no stamp", [], False),
        ("no python", [], False),
        ("developer", ["--test"], True),
        ("developer", [], True),
    ],
)
def test_what_is_current_is_not_installed_again(
    checkout: Path, change: str, arguments: list[str], current: bool
) -> None:
    make_installed(checkout, extras=("test",) if change == "developer" else ())
    environment = installation.Environment(checkout)
    stamp = environment.folder / installation.STAMP
    if change == "pyproject":
        with open(checkout / "pyproject.toml", "a", encoding="utf-8") as file:
            file.write("\n# newer\n")
    elif change == "damaged":
        stamp.write_text("[", encoding="utf-8")
    elif change == "no stamp":
        stamp.unlink()
    elif change == "no python":
        environment.python.unlink()
    options = installation._parse(arguments, "es")
    assert installation._is_current(environment, options, ["test"] if options.test else []) is current


@posix_only
def test_a_moved_checkout_gets_its_environment_anew(checkout: Path) -> None:
    make_installed(checkout)
    moved = checkout.rename(checkout.with_name("otra carpeta"))
    answer = run(moved)
    assert "Creando el entorno" in answer.stdout
    assert "registro de paquetes" in answer.stderr


# --- sentences ----------------------------------------------------------------------------------------------------

PIP_OUTPUTS = {
    "network": "WARNING: Retrying after connection broken by 'NewConnectionError(...: Failed to establish a new "
    "connection: [Errno -3] Temporary failure in name resolution')'\n"
    "ERROR: No matching distribution found for annoy>=1.17.3",
    "space": "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
    "certificate": "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] verify failed'))",
    "gcc": "error: [Errno 2] No such file or directory: 'g++'\n  ERROR: Failed building wheel for annoy",
    "old gcc": "error: command 'gcc' failed: No such file or directory",
    "cc1plus": "gcc: fatal error: cannot execute 'cc1plus': execvp: No such file or directory",
    "headers": "src/annoymodule.cc:20:10: fatal error: Python.h: No such file or directory",
    "msvc": "error: Microsoft Visual C++ 14.0 or greater is required.",
    "xcode": "xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)",
    "hashes": "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
    "permission": "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: '/srv/x/lib'",
    "conflict": "ERROR: ResolutionImpossible: for help visit the documentation",
    "version": "ERROR: No matching distribution found for torch==99.0",
    "memory": "Installing collected packages: torch\n\nkilled\n",
    "other": "ERROR: something never seen before",
}
EXPECTED = {
    "network": ("conexión", "connection"),
    "space": ("sitio", "room"),
    "certificate": ("certificado", "certificate"),
    "old gcc": ("build-essential", "build-essential"),
    "gcc": ("build-essential", "build-essential"),
    "cc1plus": ("build-essential", "build-essential"),
    "headers": ("build-essential", "build-essential"),
    "msvc": ("build-essential", "build-essential"),
    "xcode": ("build-essential", "build-essential"),
    "hashes": ("dañada", "damaged"),
    "permission": ("/srv/x/lib", "/srv/x/lib"),
    "conflict": ("--torch", "--torch"),
    "version": ("torch==99.0", "torch==99.0"),
    "memory": ("memoria", "memory"),
    "other": ("install.log", "install.log"),
}


@pytest.mark.parametrize("case", sorted(PIP_OUTPUTS))
def test_what_pip_says_becomes_one_sentence(case: str) -> None:
    tools = failures.build_tools_missing([failures.COMPILER], "linux", "debian")
    failure = failures.explain_pip(PIP_OUTPUTS[case], Path("x/install.log"), Path("x"), tools)
    for language, expected in zip(("es", "en"), EXPECTED[case], strict=True):
        sentence = failure.sentence(language)
        assert expected in sentence
        assert "\n" not in sentence and sentence.endswith(".")


@pytest.mark.parametrize(
    ("family", "command"),
    [
        ("debian", "apt install build-essential python3.12-dev"),
        ("fedora", "dnf install gcc-c++ python3-devel"),
        ("arch", "pacman -S --needed gcc python"),
        ("", "apt install build-essential python3.12-dev» (nombres de Debian)"),
    ],
)
def test_the_compiler_has_a_name_in_each_distribution(family: str, command: str) -> None:
    packages = [failures.COMPILER, failures.Packages("python3.12-dev", "python3-devel", "python")]
    assert command in failures.build_tools_missing(packages, "linux", family).sentence("es")


def test_the_compiler_has_a_name_on_macos_and_windows() -> None:
    assert "«xcode-select --install»" in failures.build_tools_missing([], "darwin", "").sentence("es")
    assert "Microsoft C++ Build Tools" in failures.build_tools_missing([], "win32", "").sentence("en")


def test_the_loader_and_ldd_name_the_libraries() -> None:
    loader = "ImportError: libEGL.so.1: cannot open shared object file: No such file or directory"
    ldd = "\tlibxcb-cursor.so.0 => not found\n\tlibc.so.6 => /lib/libc.so.6 (0x7f)\n\tlibstdc++.so.6 => not found\n"
    assert failures.missing_libraries(loader) == ["libEGL.so.1"]
    assert failures.missing_libraries(ldd + ldd) == ["libxcb-cursor.so.0", "libstdc++.so.6"]


@pytest.mark.parametrize(
    ("family", "packages"),
    [
        ("debian", "apt install libegl1 libxcb-cursor0»"),
        ("fedora", "dnf install libglvnd-egl xcb-util-cursor»"),
        ("arch", "pacman -S --needed libglvnd xcb-util-cursor»"),
        ("", "apt install libegl1 libxcb-cursor0» (nombres de Debian)"),
    ],
)
def test_missing_libraries_are_named_all_at_once(family: str, packages: str) -> None:
    sentence = failures.libraries_missing(["libEGL.so.1", "libxcb-cursor.so.0"], family).sentence("es")
    assert packages in sentence and "libEGL.so.1, libxcb-cursor.so.0" in sentence


def test_an_unknown_library_is_named_itself() -> None:
    assert "libfoo.so.3" in failures.libraries_missing(["libfoo.so.3"], "debian").sentence("en")


# --- the machine --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ('NAME="Debian GNU/Linux"\nID=debian\n', "debian"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', "debian"),
        ('ID="rocky"\nID_LIKE="rhel centos fedora"\n', "fedora"),
        ("ID=manjaro\nID_LIKE=arch\n", "arch"),
        ("ID=opensuse-leap\n", ""),
    ],
)
def test_families_of_distributions(text: str, family: str, tmp_path: Path) -> None:
    (tmp_path / "os-release").write_text(text, encoding="utf-8")
    assert system.family(tmp_path / "os-release") == family
    assert system.family(tmp_path / "absent") == ""


def test_too_little_room_is_told_with_the_amount(tmp_path: Path) -> None:
    system.check_room(tmp_path, 0.0)
    with pytest.raises(failures.Failure) as caught:
        system.check_room(tmp_path, 1e9)
    assert "--cpu" in caught.value.sentence("en")


@posix_only
def test_an_absent_compiler_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "family", lambda: "debian")
    monkeypatch.setenv("CXX", "/nowhere/g++")
    tools = system.build_tools()
    assert tools is not None and "build-essential" in tools.sentence("es")


@posix_only
def test_with_all_tools_there_the_log_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tmp_path / "g++"
    compiler.write_text("#!/bin/sh\nexit 0\n", "utf-8")
    compiler.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("CXX", str(compiler))
    assert system.build_tools() is None
    failure = failures.explain_pip("Failed building wheel for annoy", Path("x/install.log"), Path("x"), None)
    assert "install.log" in failure.sentence("es")


@posix_only
def test_qt_libraries_are_asked_of_ldd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "ldd").write_text("#!/bin/sh\necho ' libEGL.so.1 => not found'\necho ' libc.so.6 => /x'\n", "utf-8")
    (tmp_path / "ldd").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert system.missing_qt_libraries(tmp_path) == ["libEGL.so.1"]
    (tmp_path / "ldd").unlink()
    assert system.missing_qt_libraries(tmp_path) == []


@posix_only
def test_absent_headers_are_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tmp_path / "g++"
    compiler.write_text("#!/bin/sh\necho 'fatal error: Python.h: No such file or directory' >&2\nexit 1\n", "utf-8")
    compiler.chmod(0o755)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system, "family", lambda: "debian")
    monkeypatch.setenv("CXX", str(compiler))
    tools = system.build_tools()
    assert tools is not None
    sentence = tools.sentence("es")
    assert f"python3.{sys.version_info[1]}-dev" in sentence and "build-essential" not in sentence


@pytest.mark.skipif(sys.platform != "linux" or os.name == "nt", reason="reads Linux's description of the processor")
def test_annoy_is_never_tuned_beyond_avx2(tmp_path: Path) -> None:
    if os.uname().machine != "x86_64":
        assert system.annoy_compiler_arguments() is None
        return
    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("flags\t\t: fpu sse2 avx avx2 fma avx512f\n", encoding="utf-8")
    fast = system.annoy_compiler_arguments(cpuinfo) or ""
    plain = system.annoy_compiler_arguments(tmp_path / "absent") or ""
    assert "-mavx2" in fast and "native" not in fast and "512" not in fast
    assert "-mavx" not in plain and "-O3" in plain


# --- which torch --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def pip_environment(tmp_path_factory: pytest.TempPathFactory) -> installation.Environment:
    environment = installation.Environment(tmp_path_factory.mktemp("entorno"))
    venv.create(environment.folder, with_pip=True)
    return environment


def offer(folder: Path, *versions: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A registry on disk with empty wheels of torch, and pip's configuration for it."""
    for version in versions:
        (folder / f"torch-{version}-py3-none-any.whl").write_bytes(b"")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setattr(sys, "platform", "linux")


@pytest.mark.parametrize(
    ("versions", "nvidia", "arguments", "chosen"),
    [
        (["2.15.0", "2.13.0", "2.13.0+cpu", "2.9.0+cpu"], False, [], "2.13.0+cpu"),
        (["2.15.0", "2.13.0+cpu"], True, [], None),
        (["2.15.0", "2.13.0+cpu"], True, ["--cpu"], "2.13.0+cpu"),
        (["2.15.0", "2.13.0+cpu"], False, ["--torch", "2.14.1"], "2.14.1"),
        (["2.15.0"], False, [], None),
    ],
)
def test_a_build_without_cuda_is_taken_where_cuda_is_of_no_use(
    pip_environment: installation.Environment,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    versions: list[str],
    nvidia: bool,
    arguments: list[str],
    chosen: str | None,
) -> None:
    offer(tmp_path, *versions, monkeypatch=monkeypatch)
    monkeypatch.setattr(system, "has_nvidia", lambda: nvidia)
    assert installation._choose_torch(pip_environment, installation._parse(arguments, "es")) == chosen


def test_without_such_a_build_it_says_where_to_get_it(
    pip_environment: installation.Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offer(tmp_path, "2.15.0", monkeypatch=monkeypatch)
    with pytest.raises(failures.Failure) as caught:
        installation._choose_torch(pip_environment, installation._parse(["--cpu"], "es"))
    assert "PIP_EXTRA_INDEX_URL" in caught.value.sentence("es")


# --- progress -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl (191.2 MB)", "  torch 2.13.0 (191,2 MB)"),
        ("  Using cached numpy-2.4.6-cp311-cp311-manylinux.whl (16.1 MB)", "  numpy 2.4.6 (16,1 MB)"),
        ("  Downloading annoy-1.17.3.tar.gz (647 kB)", "  annoy 1.17.3 (647 kB)"),
        ("  Downloading torch-2.13.0-cp311-cp311-manylinux_2_28_x86_64.whl.metadata (29 kB)", None),
        ("  Building wheel for annoy (pyproject.toml): started", "  preparando annoy"),
        ("Installing collected packages: a, b, c\n", "  instalando 3 paquetes"),
        ("Installing collected packages: annoy\n", "  instalando annoy"),
        ("Requirement already satisfied: pillow", None),
    ],
)
def test_progress_shows_what_matters(line: str, shown: str | None) -> None:
    found = pip_runner.progress(line)
    assert (found[0] if found else None) == shown


def test_a_server_that_never_answers_is_a_sentence_too(tried: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    checkout, _ = tried
    with socket.create_server(("127.0.0.1", 0)) as server:  # it listens and never answers
        port = server.getsockname()[1]
        answer = run(checkout, PIP_INDEX_URL=f"http://127.0.0.1:{port}/simple", PIP_DEFAULT_TIMEOUT="1")
    assert answer.returncode == 1
    assert "registro de paquetes" in answer.stderr and answer.stderr.count("\n") == 1


def test_the_stamp_names_place_and_python(checkout: Path) -> None:
    environment = installation.Environment(checkout)
    environment.folder.mkdir()
    installation._write_stamp(environment, ["test"])
    stamp = json.loads((environment.folder / installation.STAMP).read_text(encoding="utf-8"))
    assert stamp["root"] == str(checkout) and stamp["extras"] == ["test"]
