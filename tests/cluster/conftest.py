"""A real Dask cluster on this machine: a scheduler and two workers, each a process of its own, with a nanny."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WAIT_S = 120


@dataclass
class LocalCluster:
    """``address`` of the scheduler; workers are started with their own folder, and end with the cluster."""

    address: str
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start_worker(self) -> subprocess.Popen[bytes]:
        """One more worker; returns at once."""
        process = subprocess.Popen(
            [
                sys.executable, "-m", "distributed.cli.dask_worker", self.address, "--host", "127.0.0.1",
                "--nthreads", "1", "--no-dashboard", "--local-directory", str(self.folder),
            ],
            **quiet(self.folder),
        )  # fmt: skip
        self.workers.append(process)
        return process


def quiet(folder: Path) -> dict[str, object]:
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    environment.pop("PHOTOFINDER_DATA_DIR", None)
    return {"env": environment, "cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@contextlib.contextmanager
def started_cluster(folder: Path, workers: int) -> Iterator[LocalCluster]:
    """A scheduler, and workers that are on their way to it."""
    file = folder / "scheduler.json"
    scheduler = subprocess.Popen(
        [
            sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0",
            "--no-dashboard", "--no-show", "--scheduler-file", str(file),
        ],
        **quiet(folder),
    )  # fmt: skip
    try:
        cluster = LocalCluster(_address(file, scheduler), folder)
        try:
            for _ in range(workers):
                cluster.start_worker()
            yield cluster
        finally:
            for worker in cluster.workers:
                worker.terminate()
            for worker in cluster.workers:
                worker.wait(30)
    finally:
        scheduler.terminate()
        scheduler.wait(30)


def _address(file: Path, scheduler: subprocess.Popen[bytes]) -> str:
    until = time.monotonic() + WAIT_S
    while time.monotonic() < until and scheduler.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            return str(json.loads(file.read_text())["address"])
        time.sleep(0.02)
    raise RuntimeError("the scheduler does not start")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCluster]:
    pytest.importorskip("distributed", reason="the extra «scale» is not installed")
    with started_cluster(tmp_path_factory.mktemp("dask"), workers=2) as cluster:
        yield cluster
