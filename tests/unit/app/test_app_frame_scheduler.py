from __future__ import annotations

import pytest

from perilune.app.frame_scheduler import FrameScheduler
from perilune.base.clock import ManualClock
from perilune.base.loop import EventLoop


class Rig:
    def __init__(self, fps: int = 50) -> None:
        self.clock = ManualClock()
        self.loop = EventLoop(self.clock)
        self.frames = 0
        self.ready = True
        self.again = False
        self.scheduler = FrameScheduler(self.loop, self.make, lambda: self.ready, fps)
        self.loop.before_sleep = self.scheduler.on_before_sleep

    def make(self) -> None:
        self.frames += 1
        if self.again:
            self.again = False
            self.scheduler.request()

    def turn(self, seconds: float = 0.0) -> int:
        self.clock.advance(seconds)
        self.loop.run_once(0)
        return self.frames


@pytest.fixture
def rig():
    rig = Rig()
    yield rig
    rig.loop.close()


def test_the_first_frame_comes_at_once_and_none_without_a_request(rig):
    assert rig.turn() == 0
    rig.scheduler.request()
    assert rig.turn() == 1
    assert rig.turn(10) == 1
    assert rig.loop._sleep_time(None) is None


def test_requests_in_between_become_one_frame_when_it_is_due(rig):
    rig.scheduler.request()
    rig.turn()
    for _ in range(5):
        rig.scheduler.request()
        assert rig.turn(0.003) == 1
    assert rig.loop._sleep_time(None) == pytest.approx(0.005)
    assert rig.turn(0.005) == 2
    assert rig.turn(1) == 2


def test_a_front_end_that_is_not_ready_is_waited_for_without_waking(rig):
    rig.ready = False
    rig.scheduler.request()
    assert rig.turn(1) == 0
    assert rig.loop._sleep_time(None) is None
    rig.ready = True
    assert rig.turn() == 1


def test_a_request_while_a_frame_is_made_is_not_lost(rig):
    rig.again = True
    rig.scheduler.request()
    assert rig.turn() == 1
    assert rig.loop._sleep_time(None) == pytest.approx(0.02)
    assert rig.turn(0.02) == 2


def test_the_rate_can_change(rig):
    rig.scheduler.set_max_fps(10)
    rig.scheduler.request()
    rig.turn()
    rig.scheduler.request()
    assert rig.turn(0.05) == 1
    assert rig.turn(0.05) == 2
