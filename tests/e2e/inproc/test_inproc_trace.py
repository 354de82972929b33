"""What a recorder of frames is told by the running program."""

from __future__ import annotations


class Recorder:
    def __init__(self):
        self.frames = []

    def on_frame(self, timing):
        self.frames.append(timing)


def test_each_frame_is_told_with_its_stages_in_order(start):
    session = start()
    recorder = Recorder()
    session.app.record_frames(recorder)
    before = session.screen.frames
    session.print("x")
    session.screen.resize(50, 10)
    session.settle()
    assert len(recorder.frames) == session.screen.frames - before
    for timing in recorder.frames:
        assert [name for name, _, _ in timing.stages] == ["events", "callbacks", "compose", "present"]
        assert timing.stages[0][1] == timing.begin_ns
        assert timing.stages[-1][2] == timing.end_ns
        for (_, begin, end), (_, following, _) in zip(timing.stages, timing.stages[1:], strict=False):
            assert begin <= end == following
        assert timing.window_id == session.view.window_id
    numbers = [timing.number for timing in recorder.frames]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert recorder.frames[0].rows < 12
    assert not recorder.frames[0].is_full
    assert any(timing.is_full and timing.rows == 10 for timing in recorder.frames)


def test_frames_of_one_turn_and_turns_without_one_share_no_time(start):
    session = start()
    recorder = Recorder()
    session.app.record_frames(recorder)
    for step in range(5):
        session.app.loop.call_soon(lambda: None)
        session.turn()
        session.screen.type("a")
        session.print(f"{step}")
    ends = 0
    for timing in recorder.frames:
        assert timing.begin_ns >= ends
        assert timing.earlier_ns >= 0
        ends = timing.end_ns


def test_nobody_is_told_afterwards_and_no_clock_is_read(start, monkeypatch):
    session = start()
    recorder = Recorder()
    session.app.record_frames(recorder)
    session.print("x")
    session.app.record_frames(None)
    told = len(recorder.frames)
    monkeypatch.setattr("time.perf_counter_ns", None)
    session.print("y")
    assert len(recorder.frames) == told
    assert session.app.loop.on_awake is None


def test_counters_tell_bytes_queues_and_look_ups(start):
    session = start(
        "require('wezterm').on('format-tab-title', function(tab) return tab.active_pane.title end) return {}"
    )
    before = session.app.counters()
    session.print("0123456789")
    session.program.print("\x1b]2;another\x07")
    session.until(lambda: "another" in session.bar)
    after = session.app.counters()
    assert after["pty.bytes"] - before["pty.bytes"] == 10 + len("\x1b]2;another\x07")
    assert after["memo.misses"] > before["memo.misses"]
    assert after["frames"] > before["frames"]
    assert {"queue.unsent", "queue.calls", "memo.hits"} <= after.keys()
