"""Walking real folders, with everything that may lie in them, and recognising moved files."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from photofinder.errors import FolderUnavailable
from photofinder.library.excludes import Excludes
from photofinder.library.scan import FoundFile, content_hash, walk
from photofinder.paths import data_paths

MakePhoto = Callable[..., Path]

linux_names = pytest.mark.skipif(sys.platform != "linux", reason="file names are bytes only here")
posix = pytest.mark.skipif(os.name == "nt", reason="no such links, pipes or permissions on Windows")


def put(folder: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def found(folder: Path, skipped: list[str] | None = None) -> list[str]:
    return [file.rel_path for file in walk(folder, skipped)]


@contextmanager
def ordinary_person() -> Iterator[None]:
    """Permissions bind in here also when the tests are run by the superuser."""
    superuser = os.geteuid() == 0
    if superuser:
        os.seteuid(65534)
    try:
        yield
    finally:
        if superuser:
            os.seteuid(0)


@pytest.fixture
def shared_folder() -> Iterator[Path]:
    """A folder that others may enter, which ``tmp_path`` is not."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


# ---- what is found -------------------------------------------------------------------------------------------------


def test_size_and_time_of_every_photo(photo_folder: Path) -> None:
    files = list(walk(photo_folder))
    assert len(files) == 14
    for file in files:
        status = (photo_folder / file.rel_path).stat()
        assert file == FoundFile(file.rel_path, status.st_size, status.st_mtime_ns)


def test_order_is_by_name_and_files_before_subfolders(tmp_path: Path) -> None:
    put(tmp_path, "b/2.jpg", "b/1.jpg", "a/z/1.jpg", "a/1.jpg", "c.jpg", "0.jpg")
    assert found(tmp_path) == ["0.jpg", "c.jpg", "a/1.jpg", "a/z/1.jpg", "b/1.jpg", "b/2.jpg"]


def test_only_photo_names_whatever_their_case(tmp_path: Path) -> None:
    photos = ["a.JPG", "b.jpeg", "c.HEIC", "d.Tif", "e.webp", "f.avif", "g.png", "h.gif", "i.bmp", "j.mpo", "k.hif"]
    put(tmp_path, *photos, "nota.txt", "película.mp4", "jpg", "sin_extensión", "a.jpg.xmp", "l.jpg~")
    assert found(tmp_path) == photos


def test_an_empty_file_is_found_so_that_it_can_be_reported(tmp_path: Path) -> None:
    put(tmp_path, "vacía.jpg", content=b"")
    assert [file.size for file in walk(tmp_path)] == [0]


def test_an_empty_folder_has_no_photos_and_is_complete(tmp_path: Path) -> None:
    skipped: list[str] = []
    assert found(tmp_path, skipped) == []
    assert skipped == []


@pytest.mark.parametrize(
    "name",
    [
        ".oculta.jpg", "._foto.jpg", ".Trash-1000/files/a.jpg", ".Trashes/a.jpg", ".thumbnails/a.jpg", "@eaDir/a.jpg",
        "$RECYCLE.BIN/S-1/a.jpg", "$Recycle.Bin/a.jpg", "System Volume Information/a.jpg", "lost+found/a.jpg",
        "#recycle/a.jpg", "__MACOSX/a.jpg",
    ],
)  # fmt: skip
def test_what_is_hidden_or_thrown_away_is_left_out(tmp_path: Path, name: str) -> None:
    put(tmp_path, name, f"sub/{name}", "foto.jpg")
    skipped: list[str] = []
    assert found(tmp_path, skipped) == ["foto.jpg"]
    assert skipped == []


def test_a_hidden_folder_is_walked_when_it_is_the_one_asked_for(tmp_path: Path) -> None:
    put(tmp_path / ".fotos", "a.jpg")
    assert found(tmp_path / ".fotos") == ["a.jpg"]


def test_our_own_data_is_left_out(tmp_path: Path) -> None:
    own = data_paths()  # under tmp_path in every test
    put(own.cache, "miniatura.jpg")
    put(tmp_path, "foto.jpg")
    assert found(tmp_path) == ["foto.jpg"]
    assert found(own.cache) == ["miniatura.jpg"]


def test_names_of_people(tmp_path: Path) -> None:
    names = ["Año nuevo/ñu.jpg", "emoji 😀/🎂.jpg", "espacio .jpg", "日本/写真.jpg", "e\u0301.jpg", "\u00e9.jpg"]
    put(tmp_path, *names)
    assert sorted(found(tmp_path)) == sorted(names)


@linux_names
def test_names_with_newlines_and_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    odd = [os.fsdecode(b"a\xf1o/\xe9.jpg"), "con\nsalto/1\n2.jpg", "con\\barra.jpg"]
    put(tmp_path, *odd)
    assert sorted(found(tmp_path)) == sorted(odd)
    assert all((tmp_path / name).is_file() for name in found(tmp_path))


def test_a_folder_named_like_a_photo(tmp_path: Path) -> None:
    put(tmp_path, "carpeta.jpg/foto.jpg")
    assert found(tmp_path) == ["carpeta.jpg/foto.jpg"]


@posix
def test_pipes_are_no_photos(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubería.jpg")
    put(tmp_path, "foto.jpg")
    assert found(tmp_path) == ["foto.jpg"]


@posix
def test_very_deep_folders(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 400)
    put(tmp_path, f"{deep}/foto.jpg")
    assert found(tmp_path) == [f"{deep}/foto.jpg"]


# ---- links ---------------------------------------------------------------------------------------------------------


@posix
def test_loops_of_links_end(tmp_path: Path) -> None:
    put(tmp_path, "a/foto.jpg")
    (tmp_path / "a" / "arriba").symlink_to(tmp_path)
    (tmp_path / "a" / "yo").symlink_to(tmp_path / "a")
    (tmp_path / "uno").symlink_to(tmp_path / "dos")
    (tmp_path / "dos").symlink_to(tmp_path / "uno")
    (tmp_path / "yo.jpg").symlink_to(tmp_path / "yo.jpg")
    assert found(tmp_path) == ["a/foto.jpg"]


@posix
def test_a_link_never_changes_the_path_of_a_photo_that_was_there(tmp_path: Path) -> None:
    put(tmp_path, "z/foto.jpg")
    (tmp_path / "a").symlink_to(tmp_path / "z")  # comes first by name
    assert found(tmp_path) == ["z/foto.jpg"]


@posix
def test_links_to_elsewhere_are_followed_once(tmp_path: Path) -> None:
    inside, outside = tmp_path / "fotos", tmp_path / "disco"
    put(inside, "foto.jpg")
    put(outside, "lejos.jpg", "sub/más.jpg")
    (inside / "a").symlink_to(outside)
    (inside / "b").symlink_to(outside)
    (inside / "suelta.jpg").symlink_to(outside / "lejos.jpg")
    assert found(inside) == ["foto.jpg", "suelta.jpg", "a/lejos.jpg", "a/sub/más.jpg"]


@posix
def test_a_link_to_a_drive_that_is_away_is_no_deletion(tmp_path: Path) -> None:
    put(tmp_path, "foto.jpg")
    (tmp_path / "usb").symlink_to(tmp_path / "no montado")
    (tmp_path / "rota.jpg").symlink_to(tmp_path / "no está.jpg")
    skipped: list[str] = []
    assert found(tmp_path, skipped) == ["foto.jpg"]
    assert sorted(skipped) == ["rota.jpg", "usb"]


@posix
def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    put(tmp_path / "real", "foto.jpg")
    (tmp_path / "enlace").symlink_to(tmp_path / "real")
    assert found(tmp_path / "enlace") == ["foto.jpg"]


# ---- what cannot be looked into ------------------------------------------------------------------------------------


@posix
def test_a_subfolder_that_cannot_be_listed_is_skipped_and_told(
    shared_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(shared_folder, "a/foto.jpg", "cerrada/foto.jpg", "z/dentro/cerrada/foto.jpg", "z/foto.jpg")
    closed = [shared_folder / "cerrada", shared_folder / "z" / "dentro" / "cerrada"]
    for folder in closed:
        folder.chmod(0)
    skipped: list[str] = []
    with ordinary_person():
        names = found(shared_folder, skipped)
    for folder in closed:
        folder.chmod(0o755)
    assert names == ["a/foto.jpg", "z/foto.jpg"]
    assert skipped == ["cerrada", "z/dentro/cerrada"]
    assert "cerrada" in caplog.text


@posix
def test_files_of_a_folder_that_may_be_listed_but_not_entered_are_told(shared_folder: Path) -> None:
    put(shared_folder, "medio/foto.jpg", "foto.jpg")
    (shared_folder / "medio").chmod(0o744)
    skipped: list[str] = []
    with ordinary_person():
        names = found(shared_folder, skipped)
    assert names == ["foto.jpg"]
    assert skipped == ["medio/foto.jpg"]


def unavailable(folder: Path) -> str:
    with pytest.raises(FolderUnavailable) as caught:
        found(folder)
    assert caught.value.path == folder
    return caught.value.why


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    put(tmp_path, "foto.jpg")
    assert unavailable(tmp_path / "no está") == "missing"
    assert unavailable(tmp_path / "nulo\0") == "missing"
    assert unavailable(tmp_path / "foto.jpg") == "not_a_folder"


@posix
def test_a_folder_that_cannot_be_read(shared_folder: Path) -> None:
    put(shared_folder, "cerrada/foto.jpg")
    (shared_folder / "cerrada").chmod(0)
    with ordinary_person():
        assert unavailable(shared_folder / "cerrada") == "no_permission"
    (shared_folder / "cerrada").chmod(0o755)


def test_the_folder_vanishes_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    put(folder, "1.jpg", "a/2.jpg", "b/3.jpg")
    files = walk(folder)
    assert next(files).rel_path == "1.jpg"
    shutil.rmtree(folder)
    with pytest.raises(FolderUnavailable) as caught:
        list(files)
    assert caught.value.why == "missing"


def test_the_folder_vanishes_after_its_last_photo(tmp_path: Path) -> None:
    folder = tmp_path / "usb"
    put(folder, "1.jpg")
    files = walk(folder)
    assert next(files).rel_path == "1.jpg"
    shutil.rmtree(folder)
    with pytest.raises(FolderUnavailable):
        next(files)


def test_a_subfolder_that_vanishes_meanwhile_is_gone_not_skipped(tmp_path: Path) -> None:
    put(tmp_path, "1.jpg", "a/2.jpg", "b/3.jpg")
    skipped: list[str] = []
    files = walk(tmp_path, skipped)
    next(files)
    shutil.rmtree(tmp_path / "a")
    assert [file.rel_path for file in files] == ["b/3.jpg"]
    assert skipped == []


# ---- content -------------------------------------------------------------------------------------------------------


def test_the_hash_follows_the_content_not_the_name_or_time(tmp_path: Path, make_photo: MakePhoto) -> None:
    first = make_photo(tmp_path / "a.jpg", seed=1)
    copy = tmp_path / "otro nombre.jpg"
    shutil.copyfile(first, copy)
    os.utime(copy, (1, 1))
    assert content_hash(first) == content_hash(copy)
    assert content_hash(first) != content_hash(make_photo(tmp_path / "b.jpg", seed=2))
    digest = content_hash(first)
    assert len(digest) == 32
    assert set(digest) <= set("0123456789abcdef")


@pytest.mark.parametrize("size", [1, 1000, 2**20, 2**20 + 1, 5_000_000])
@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_a_change_at_the_start_middle_or_end_is_noticed(tmp_path: Path, size: int, place: str) -> None:
    data = bytearray(os.urandom(size))
    path = tmp_path / "a.jpg"
    path.write_bytes(data)
    before = content_hash(path)
    data[{"start": 0, "middle": size // 2, "end": size - 1}[place]] ^= 1
    path.write_bytes(data)
    assert content_hash(path) != before


def test_files_that_only_differ_in_length_differ(tmp_path: Path) -> None:
    hashes = set()
    for size in (0, 1, 2**20, 2**20 + 1, 3 * 2**20):
        path = tmp_path / f"{size}.jpg"
        path.write_bytes(bytes(size))
        hashes.add(content_hash(path))
    assert len(hashes) == 5


@pytest.mark.parametrize("header", [b"BM", b"II*\0", b"MM\0*"])
def test_uncompressed_scans_are_told_apart_wherever_they_differ(tmp_path: Path, header: bytes) -> None:
    data = bytearray(header + b"\xff" * 4_000_000)  # white paper
    path = tmp_path / "a.tif"
    path.write_bytes(data)
    before = content_hash(path)
    data[1_000_000] = 0  # one black dot, far from every sample
    path.write_bytes(data)
    assert content_hash(path) != before


def test_a_file_that_cannot_be_hashed(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        content_hash(tmp_path / "no está.jpg")
    with pytest.raises(OSError, match="regular"):
        content_hash(tmp_path)


@posix
def test_a_pipe_is_not_opened_to_be_hashed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "tubería.jpg")
    with pytest.raises(OSError, match="regular"):
        content_hash(tmp_path / "tubería.jpg")


def test_what_the_person_wants_left_out(tmp_path: Path) -> None:
    put(tmp_path, "a.jpg", "a.png", "Capturas/b.jpg", "x/capturas/c/d.jpg", "x/e.jpg")
    assert [file.rel_path for file in walk(tmp_path, excludes=Excludes(["capturas", "*.PNG"]))] == ["a.jpg", "x/e.jpg"]


def test_what_cannot_be_read_is_not_missed_when_it_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "enlace.jpg").symlink_to(tmp_path / "no está")
    skipped: list[str] = []
    assert list(walk(tmp_path, skipped, Excludes(["enlace*"]))) == []
    assert skipped == []


def test_times_that_64_bits_cannot_hold(tmp_path: Path) -> None:
    put(tmp_path, "futuro.jpg", "pasado.jpg")
    for name, moment in (("futuro.jpg", 2**40), ("pasado.jpg", -(2**40))):
        os.utime(tmp_path / name, (moment, moment))
    times = [file.mtime_ns for file in walk(tmp_path)]
    assert all(-(2**63) <= time < 2**63 for time in times)
    assert times[0] > times[1] or os.name == "nt"
