"""Against a real server on this machine: whole, resumed, cut, moved, gone, and never anything but what was agreed."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from photofinder.download import Consent, Downloaded, download, partial_path
from photofinder.errors import DownloadFailed
from tests.pack_samples import WeightsServer, serve

CONTENT = bytes(range(256)) * 2_000


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    with serve(CONTENT) as running:
        yield running


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "pesos" / "red.pth"


def agreed(server: WeightsServer) -> Consent:
    return Consent(f"{server.address}/red.pth", len(CONTENT))


def fetch(consent: Consent, target: Path, timeout: float = 20.0) -> list[Downloaded]:
    return list(download(consent, target, timeout))


def failing(consent: Consent, target: Path, timeout: float = 20.0) -> str:
    with pytest.raises(DownloadFailed) as caught:
        fetch(consent, target, timeout)
    assert not target.exists()
    assert caught.value.host == consent.host
    return caught.value.why


def test_a_file_arrives_whole_with_progress(server: WeightsServer, target: Path) -> None:
    events = fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT
    assert not partial_path(target).exists()
    assert events[0].done == 0 and events[-1].done == events[-1].total == len(CONTENT)
    assert [event.done for event in events] == sorted(event.done for event in events)


def test_a_stopped_download_goes_on_where_it_was(server: WeightsServer, target: Path) -> None:
    run = download(agreed(server), target)
    next(run), next(run)
    run.close()
    have = partial_path(target).stat().st_size
    assert 0 < have < len(CONTENT)
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT
    assert server.requests == ["", f"bytes={have}-"]


def test_a_connection_that_breaks_is_taken_up_again(server: WeightsServer, target: Path) -> None:
    server.cuts = [100_000, 150_000]
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT
    assert server.requests == ["", "bytes=100000-", "bytes=250000-"]


def test_a_server_without_ranges_sends_it_all_again(server: WeightsServer, target: Path) -> None:
    server.ranges = False
    server.cuts = [100_000]
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT
    assert len(server.requests) == 2


def test_a_server_that_tells_no_length_is_read_to_its_end(server: WeightsServer, target: Path) -> None:
    server.announce = False
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT


def test_a_server_that_always_breaks_off_leaves_what_came(server: WeightsServer, target: Path) -> None:
    server.cuts = [100_000, 0]
    assert failing(agreed(server), target) == "interrupted"
    assert partial_path(target).stat().st_size == 100_000
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT


def test_a_server_that_falls_silent_is_not_waited_for(server: WeightsServer, target: Path) -> None:
    server.hang = 100_000
    assert failing(agreed(server), target, timeout=0.2) == "interrupted"
    assert partial_path(target).stat().st_size == 100_000


def test_what_is_whole_already_is_not_fetched_again(server: WeightsServer, target: Path) -> None:
    target.parent.mkdir()
    partial_path(target).write_bytes(CONTENT)
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT
    assert server.requests == [f"bytes={len(CONTENT)}-"]


def test_a_partial_file_of_something_else_is_dropped(server: WeightsServer, target: Path) -> None:
    target.parent.mkdir()
    partial_path(target).write_bytes(CONTENT * 2)
    assert failing(agreed(server), target) == "refused"
    fetch(agreed(server), target)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("status", "why"), [(404, "not_found"), (410, "not_found"), (403, "refused"), (500, "refused")]
)
def test_a_server_that_refuses(server: WeightsServer, target: Path, status: int, why: str) -> None:
    server.status = status
    assert failing(agreed(server), target) == why


@pytest.mark.parametrize("announce", [True, False])
@pytest.mark.parametrize("content", [CONTENT * 2, CONTENT[:1000]])
def test_a_file_of_another_size_is_not_kept(
    server: WeightsServer, target: Path, content: bytes, announce: bool
) -> None:
    server.content, server.announce = content, announce
    assert failing(agreed(server), target) == "other_size"
    assert not partial_path(target).exists()


def test_nobody_listens(target: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        consent = Consent(f"http://127.0.0.1:{free.getsockname()[1]}/red.pth", len(CONTENT))
        assert failing(consent, target) == "no_network"


def test_the_yes_was_for_one_host(server: WeightsServer, target: Path) -> None:
    server.status, server.location = 302, server.address.replace("127.0.0.1", "localhost") + "/otra.pth"
    assert failing(agreed(server), target) == "refused"
    assert len(server.requests) == 1


@pytest.mark.parametrize("url", ["http://pesos.example/red.pth", "file:///etc/hostname", "ftp://127.0.0.1/red.pth"])
def test_nothing_travels_in_the_clear_or_by_other_ways(target: Path, url: str) -> None:
    assert failing(Consent(url, 100), target) == "refused"
