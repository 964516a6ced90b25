"""Every feature of the program once, in a process that watches itself: what does it write, fetch and unpickle?

``watched_story`` makes photos and starts ``python -m tests.reliability.story WORK REPORT [--remount]`` where there is
no network: the command line, then every page, dialog and menu of the window, then a report as JSON. ``--remount``: the
folder of photos is a mount of its own, and is mounted read-only for the last part.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from tests.reliability.folder_state import folder_state

ROOT = Path(__file__).resolve().parents[2]
_NETWORK = (
    "socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
    "socket.gethostbyaddr", "socket.getnameinfo", "urllib.Request", "ftplib.connect", "http.client.connect",
    "smtplib.connect",
)  # fmt: skip
_WITH_ADDRESS = _NETWORK[:4]
_CHANGES = (
    "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.chmod", "os.chown", "os.utime", "os.truncate", "os.link",
    "os.symlink", "os.setxattr", "os.removexattr", "shutil.rmtree", "shutil.move", "os.chflags",
)  # fmt: skip
_COMMANDS = ("os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.startfile")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(slots=True)
class Report:
    """What was seen; every list but ``programs`` should be empty."""

    network: list[str] = field(default_factory=list)
    unpickled: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    """Anything that would write at or below the folder of photos."""
    programs: list[str] = field(default_factory=list)
    """Other programs that were started, by name."""
    commands: list[str] = field(default_factory=list)
    folder: list[str] = field(default_factory=list)
    """Entries that are not what they were."""
    kernel: dict[str, int] = field(default_factory=dict)
    """Packets and connections that the kernel of this network namespace was asked for."""
    done: list[str] = field(default_factory=list)
    failed: str = ""
    seconds: float = 0.0


class Watch:
    """The audit hook: whatever Python code does in this process, of ours or of a library."""

    def __init__(self, photos: Path, report: Report) -> None:
        self._photos = str(photos)
        self._report = report
        self.asleep = False

    def start(self) -> None:
        self._poison_pickle()
        sys.addaudithook(self._see)

    def _see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.asleep:
            return
        if event in _NETWORK:
            if event in _WITH_ADDRESS and not isinstance(arguments[1], tuple):
                return  # a socket between programs of this machine
            self._report.network.append(f"{event} {arguments[1:]!r}")
        elif event == "open":
            path, mode, flags = arguments
            writes = isinstance(flags, int) and flags & _WRITING and not (isinstance(mode, str) and mode == "r")
            if writes and self._is_a_photo(path):
                self._report.changes.append(f"open {path!r} {mode} {flags:o}")
        elif event in _CHANGES:
            if any(self._is_a_photo(argument) for argument in arguments[:2]):
                self._report.changes.append(f"{event} {arguments!r}")
        elif event == "subprocess.Popen":
            self._report.programs.append(Path(os.fsdecode(arguments[0])).name)
        elif event in _COMMANDS:
            self._report.commands.append(f"{event} {arguments!r}")
        elif event == "pickle.find_class":
            self._report.unpickled.append(f"{event} {arguments!r}")

    def _is_a_photo(self, path: object) -> bool:
        if not isinstance(path, str | bytes | os.PathLike):
            return False
        whole = os.path.abspath(os.fsdecode(path))  # noqa: PTH100 - resolves no link, touches nothing
        return whole == self._photos or whole.startswith(self._photos + os.sep)

    def _poison_pickle(self) -> None:
        """Whoever unpickles anything is told on, and gets nothing."""
        report = self._report

        def refuse(name: str) -> Callable[..., Any]:
            def refused(*_: object, **__: object) -> Any:
                report.unpickled.append(f"{name}: {''.join(traceback.format_stack(limit=6))}")
                raise pickle.UnpicklingError(name)

            return refused

        class Refused(pickle._Unpickler):  # type: ignore[name-defined]
            __init__ = refuse("pickle.Unpickler")

        import _pickle

        for module in (pickle, _pickle):
            for name in ("load", "loads"):
                setattr(module, name, refuse(f"{module.__name__}.{name}"))
            module.Unpickler = Refused  # type: ignore[attr-defined, misc]
        pickle._Unpickler = Refused  # type: ignore[attr-defined]
        pickle._load = pickle._loads = refuse("pickle._load")  # type: ignore[attr-defined]
        import marshal  # its loads is what imports use; only files and sockets are read with load

        marshal.load = refuse("marshal.load")

    def poison_torch(self) -> None:
        """After torch was imported."""
        import torch

        torch.load = lambda *_, **__: self._report.unpickled.append("torch.load")  # type: ignore[assignment]


class Patience:
    """Stands in for pytest-qt's bot, of which the tour of the window uses only this."""

    def waitUntil(self, until: Callable[[], object], *, timeout: int) -> None:
        from PySide6.QtWidgets import QApplication

        end = time.monotonic() + timeout / 1000
        while not until():
            if time.monotonic() > end:
                raise TimeoutError(f"in vain for {timeout} ms")
            QApplication.processEvents()
            time.sleep(0.005)


def make_photos(folder: Path) -> Path:
    """Good photos of several kinds, one that cannot be read, and a file of somebody else's."""
    from tests.conftest import write_photo

    for number, ending in enumerate(("jpg", "png", "webp", "heic", "tif", "gif")):
        if ending == "heic":
            import pillow_heif

            pillow_heif.register_heif_opener()
        write_photo(folder / f"20{20 + number}" / f"IMG_{number:04d}.{ending}", size=(240, 180), seed=number)
    (folder / "rota.jpg").write_bytes(b"no")
    (folder / "notas.txt").write_text("mías", encoding="utf-8")
    (folder / "enlace.jpg").symlink_to("2020/IMG_0000.jpg")
    return folder


def from_the_command_line(folder: Path, state: Path, report: Report) -> None:
    """The commands, in this process."""
    from photofinder.cli import commands as cli

    photo = str(folder / "2020" / "IMG_0000.jpg")
    for command in (
        ["index", str(folder)],
        ["search", "perro", "en", "la", "playa"],
        ["search", "--photo", photo, "rojo"],
        ["similar", photo],
        ["index", str(folder), "--retry-failed"],
        ["index", str(folder), "--exclude", "2021"],
        ["search", "tipo:jpg"],
        ["pack", "list"],
    ):
        code = cli.main(["--data-dir", str(state), *command])
        if code != 0:
            raise RuntimeError(f"{command} ended with {code}")
        report.done.append(" ".join(command[:1]))


def in_the_window(folder: Path, state: Path, elsewhere: Path, report: Report) -> None:
    """Every surface of the window, and what changes something: favourites, copies, sheets, excludes, retries."""
    from PySide6.QtCore import QMimeData, QUrl
    from PySide6.QtWidgets import QApplication

    from photofinder.model.pack import load_pack
    from photofinder.paths import data_paths
    from photofinder.ui.app import Session
    from photofinder.ui.battery import Battery
    from photofinder.ui.contact_sheet import SheetPlan
    from tests.ui import surfaces
    from tests.ui.conftest import drop, wait, wait_answer, wait_finished, wait_thumbnails

    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    bot: Any = Patience()
    session = Session(app, data_paths(state), load_pack(), battery=Battery(lambda: False), watch=True)
    window = session.window
    try:
        window.resize(1500, 1000)
        session.start()
        for name, _ in surfaces.walk(session, bot, folder):
            report.done.append(name)
        window.search.clear()
        wait_finished(bot, window)
        wait_thumbnails(bot, window)
        photo_ids = tuple(window.model.photo_ids)
        window.grid.selectAll()
        window.actions_.favorite.trigger()
        window.tasks.copy_to(photo_ids, elsewhere)
        wait(bot, lambda: window.tasks.copy_strip.text and not window.tasks.copy_strip.is_running)
        assert len(list(elsewhere.iterdir())) >= 3, "copies are made"
        session.lanes.sheets.make(photo_ids, SheetPlan(columns=3), elsewhere / "hoja.pdf")
        wait(bot, lambda: (elsewhere / "hoja.pdf").exists() and not window.tasks.sheet_strip.is_running)
        session.lanes.index.retry_failures()
        (shown,) = window.folders.folders
        session.lanes.index.change_folder(shown, lambda catalog: catalog.set_exclude(shown.id, ["2022"]))
        wait(bot, lambda: window.folders.folders[0].exclude == ("2022",))
        session.lanes.index.clear_thumbnails()
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(folder / "2021" / "IMG_0001.png"))])
        drop(window, mime)
        wait_answer(bot, window)
        wait_finished(bot, window)
        report.done += ["favourite", "copy", "sheet", "retry", "exclude", "drop"]
    finally:
        window.close()
        if not session.all_ended:
            raise RuntimeError("a thread did not end")


def kernel_counters() -> dict[str, int]:
    """What this network namespace was asked to send, by the kernel's own count; empty where it is not told."""
    path = Path("/proc/self/net/snmp")
    if not path.exists():
        return {}
    lines = [line.split() for line in path.read_text().splitlines()]
    found = {}
    for names, values in zip(lines[::2], lines[1::2], strict=True):
        found |= {f"{names[0]}{name}": int(value) for name, value in zip(names[1:], values[1:], strict=True)}
    wanted = (
        "Tcp:ActiveOpens",
        "Tcp:PassiveOpens",
        "Udp:OutDatagrams",
        "Ip:OutRequests",
        "Ip:OutNoRoutes",
        "Icmp:OutMsgs",
    )
    return {name: found[name] for name in wanted if name in found}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("report", type=Path)
    parser.add_argument("--remount", action="store_true")
    options = parser.parse_args(arguments)
    folder, report, started = options.work / "fotos", Report(), time.monotonic()
    elsewhere = options.work / "copias"
    elsewhere.mkdir()
    before = folder_state(folder)
    watch = Watch(folder, report)
    watch.start()
    try:
        from photofinder.ui import app  # noqa: F401  # torch before Qt where that matters

        from_the_command_line(folder, options.work / "uno", report)
        watch.poison_torch()
        in_the_window(folder, options.work / "dos", elsewhere, report)
        report.folder = differences(before, folder_state(folder))
        if options.remount:
            watch.asleep = True
            subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
            watch.asleep = False
            closed = folder_state(folder, accessed=True)
            from_the_command_line(folder, options.work / "tres", report)
            report.folder += differences(closed, folder_state(folder, accessed=True))
            report.done.append("read-only")
    except Exception:  # noqa: BLE001 - told to whoever started the story
        report.failed = traceback.format_exc()
    watch.asleep = True
    report.kernel = kernel_counters()
    report.seconds = time.monotonic() - started
    options.report.write_text(json.dumps(asdict(report)), encoding="utf-8")
    return 1 if report.failed else 0


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Entries that came, went or are not what they were."""
    names = sorted(before.keys() | after.keys())
    return [f"{name}: {before.get(name)} -> {after.get(name)}" for name in names if before.get(name) != after.get(name)]


def watched_story(work: Path) -> tuple[Report, bool]:
    """Run the story in a process of its own; whether it was one without a network and with a read-only mount.

    Where the system does not let us make such a place it runs without. Raises RuntimeError when the story fails.
    """
    folder = make_photos(work / "fotos")
    told = work / "report.json"
    command = [sys.executable, "-m", "tests.reliability.story", str(work), str(told)]
    apart = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
    can = shutil.which("unshare") is not None and (
        subprocess.run([*apart, "mount", "--bind", folder, folder], capture_output=True, check=False).returncode == 0
    )
    if can:
        shell = 'mount --bind "$0" "$0" && exec "$@" --remount'
        command = [*apart, "sh", "-c", shell, str(folder), *command]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PHOTOFINDER_LANGUAGE": "es", "PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if not told.exists():
        raise RuntimeError(run.stderr)
    report = Report(**json.loads(told.read_text(encoding="utf-8")))
    if report.failed or run.returncode:
        raise RuntimeError(report.failed + run.stderr)
    return report, can


if __name__ == "__main__":
    raise SystemExit(main())
