"""The one door to threads."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
import time

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from photofinder.ui.jobs import Crashed, Dispatcher, Lane, RightOfWay


def test_jobs_run_in_order_on_one_thread() -> None:
    seen: list[tuple[int, str]] = []
    done = threading.Event()
    lane = Lane("en orden", on_crash=lambda crash: None, on_end=done.set)
    for number in range(100):
        lane.submit(lambda number=number: seen.append((number, threading.current_thread().name)))
    lane.submit(lane.stop)
    assert lane.join(time.monotonic() + 60)
    assert seen == [(number, "en orden") for number in range(100)]
    assert done.is_set()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a thread has no priority of its own")
def test_a_lane_behind_others_and_what_it_starts_let_them_have_the_cores() -> None:
    usual = os.getpriority(os.PRIO_PROCESS, 0)
    seen: list[int] = []

    def look() -> None:
        seen.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
        started = subprocess.run(["nice"], capture_output=True, text=True, check=True)
        seen.append(int(started.stdout))

    for behind in (False, True):
        lane = Lane("detrás", on_crash=lambda crash: None, behind=behind)
        lane.submit(look)
        lane.submit(lane.stop)
        assert lane.join(time.monotonic() + 60)
    assert seen == [usual, usual, max(10, usual), max(10, usual)]
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == usual


def test_a_bug_is_told_and_the_lane_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    crashes: list[Crashed] = []
    after = threading.Event()
    lane = Lane("torpe", on_crash=crashes.append)
    with caplog.at_level(logging.ERROR):
        lane.submit(lambda: [][0])
        lane.submit(after.set)
        assert after.wait(60)
    lane.stop()
    assert lane.join(time.monotonic() + 60)
    assert crashes == [Crashed("torpe")]
    assert "IndexError" in caplog.text


def test_stopping_forgets_what_waits_and_takes_nothing_more() -> None:
    started, go_on = threading.Event(), threading.Event()
    ran: list[str] = []

    def long_job() -> None:
        started.set()
        go_on.wait(60)

    lane = Lane("largo", on_crash=lambda crash: None)
    lane.submit(long_job)
    lane.submit(lambda: ran.append("waiting"))
    assert started.wait(60)
    lane.stop()
    lane.submit(lambda: ran.append("late"))
    assert not lane.join(time.monotonic()), "the job that runs is not interrupted"
    go_on.set()
    assert lane.join(time.monotonic() + 60)
    assert ran == []


def test_a_lane_that_was_never_used_has_no_thread() -> None:
    lane = Lane("ocioso", on_crash=lambda crash: None)
    lane.stop()
    assert lane.join(time.monotonic())


def test_answers_arrive_in_the_gui_thread(qtbot: QtBot) -> None:
    dispatcher = Dispatcher()
    arrived: list[tuple[object, bool]] = []
    gui = QThread.currentThread()
    dispatcher.answer.connect(lambda answer: arrived.append((answer, QThread.currentThread() is gui)))
    lane = Lane("lejos", on_crash=lambda crash: None)
    big = 2**40
    lane.submit(lambda: dispatcher.post("answer", big))
    qtbot.waitUntil(lambda: bool(arrived), timeout=90_000)
    assert arrived == [(big, True)]
    dispatcher.close()
    lane.submit(lambda: dispatcher.post("answer", "too late"))
    lane.submit(lane.stop)
    assert lane.join(time.monotonic() + 60)
    qtbot.wait(0)
    assert len(arrived) == 1


def test_what_can_wait_lets_a_search_go_first_but_not_for_ever() -> None:
    way = RightOfWay(longest_s=60, painting_s=0)
    way.give()  # nobody searches
    went_on = threading.Event()
    lane = Lane("paciente", on_crash=lambda crash: None)
    with way.taken():
        lane.submit(way.give)
        lane.submit(went_on.set)
        assert not went_on.wait(0.05)
    assert went_on.wait(60)
    lane.stop()
    assert lane.join(time.monotonic() + 60)
    impatient = RightOfWay(longest_s=0.01)
    with impatient.taken():  # torch is imported, say
        impatient.give()
