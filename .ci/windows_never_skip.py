"""A pytest plugin for the machine that checks every change: a test of the window that is skipped there has failed.

Such tests skip themselves when Qt cannot start, and a run without them would look green.
"""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from pathlib import Path

import pytest

_ROOM = ("tests", "ui")


def _shows_a_window(node: pytest.Item | pytest.Collector) -> bool:
    fixtures = getattr(node, "fixturenames", ())
    parts = Path(str(node.path)).parts
    return "qtbot" in fixtures or "qapp" in fixtures or any(pair == _ROOM for pair in pairwise(parts))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skip becomes a failure; an expected failure stays one."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and _shows_a_window(item):
        report.outcome = "failed"
        report.longrepr = f"a test of the window was skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that skips itself."""
    report = yield
    if report.outcome == "skipped" and _shows_a_window(collector):
        report.outcome = "failed"
        report.longrepr = f"tests of the window were skipped: {report.longrepr}"
    return report
