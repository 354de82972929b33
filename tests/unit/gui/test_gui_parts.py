"""The window's parts that need no window: easing, wheels, accounting, and whether a window can be opened."""

from __future__ import annotations

import math
import threading
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("PySide6.QtCore", reason="Qt cannot be loaded", exc_type=ImportError)

from perilune.base.input import MouseButton
from perilune.config.options.terminal import VisualBell
from perilune.gui import availability
from perilune.gui.accounting import STAGES, FrameAccounting, reader_cpu
from perilune.gui.availability import WindowProblemError, check_window, has_display, is_forwarded_display
from perilune.gui.blink import Blink, ease, flash
from perilune.gui.desktop import notification_command
from perilune.gui.mouse import WheelSteps

EASINGS = ("Linear", "Ease", "EaseIn", "EaseInOut", "EaseOut", (0.3, 0.0, 0.7, 1.0))


@pytest.mark.parametrize("function", EASINGS)
def test_easing_begins_at_0_ends_at_1_and_never_turns_back(function):
    values = [ease(function, step / 50) for step in range(51)]
    assert values[0] == 0.0
    assert values[-1] == 1.0
    assert all(later >= earlier - 1e-4 for earlier, later in pairwise(values))


@given(st.floats(0, 100), st.integers(1, 2000), st.integers(1, 120), st.sampled_from([*EASINGS, "Constant"]))
def test_blinking_stays_in_range_and_always_says_when_to_look_again(seconds, rate, fps, function):
    strength, again = Blink(rate, function, function, fps).at(seconds)
    assert 0.0 <= strength <= 1.0
    assert 0.0 < again <= rate / 1000 + 0.001


def test_what_does_not_blink_asks_for_no_other_look():
    assert Blink(0, "Linear", "Linear", 60).at(5.0) == (1.0, math.inf)


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0, 2))
def test_a_flash_ends(into, out, seconds):
    bell = VisualBell(fade_in_duration_ms=into, fade_out_duration_ms=out)
    strength, again = flash(bell, seconds, 60)
    assert 0.0 <= strength <= 1.0
    if seconds >= (into + out) / 1000:
        assert (strength, again) == (0.0, math.inf)
    else:
        assert again < math.inf


def test_wheels_of_any_resolution_step_by_lines():
    steps = WheelSteps()
    assert [len(steps.add((0, 15), (0, 0), (8, 16))) for _ in range(16)].count(1) == 2
    assert steps.add((0, 0), (0, 16), (8, 16)) == [MouseButton.WHEEL_UP]
    assert steps.add((0, 0), (-17, 0), (8, 16)) == [MouseButton.WHEEL_RIGHT] * 2
    assert steps.add((240, 0), (0, 0), (8, 16)) == [MouseButton.WHEEL_LEFT] * 2


def test_turning_back_starts_anew():
    steps = WheelSteps()
    assert steps.add((0, 100), (0, 0), (8, 16)) == []
    assert steps.add((0, -100), (0, 0), (8, 16)) == []
    assert steps.add((0, -20), (0, 0), (8, 16)) == [MouseButton.WHEEL_DOWN]


class Ticks:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def pass_(self, seconds):
        self.now += seconds


def one_frame(accounting, clock, **times):
    accounting.awake()
    clock.pass_(times.get("events", 0))
    accounting.begin_callbacks()
    clock.pass_(times.get("callbacks", 0))
    accounting.begin_layout()
    clock.pass_(times.get("layout", 0))
    accounting.begin_frame()
    for name in ("shaping", "upload", "draw", "present"):
        clock.pass_(times.get(name, 0))
        accounting.stage(name)
    accounting.end_frame()
    accounting.end_turn()
    clock.pass_(5.0)  # asleep


def test_accounting_puts_each_time_where_it_belongs():
    clock = Ticks()
    accounting = FrameAccounting(clock)
    times = {name: 0.001 * (index + 1) for index, name in enumerate(STAGES) if name != "parse"}
    one_frame(accounting, clock, **times)
    report = {stage.name: stage.p50 for stage in accounting.report()}
    assert {name: round(report[name] / 1000, 6) for name in times} == times
    assert round(report["total"] / 1000, 6) == round(sum(times.values()), 6)
    assert accounting.over_budget == 1


def test_late_frames_are_put_down_to_what_took_longest():
    clock = Ticks()
    accounting = FrameAccounting(clock)
    one_frame(accounting, clock, draw=0.030, layout=0.001)
    one_frame(accounting, clock, layout=0.010)
    report = {stage.name: stage.over for stage in accounting.report()}
    assert (accounting.frames, accounting.over_budget) == (2, 1)
    assert report["draw"] == report["total"] == 1
    assert report["layout"] == 0


def test_turns_without_a_frame_count_for_the_next_one():
    clock = Ticks()
    accounting = FrameAccounting(clock)
    for _ in range(3):
        accounting.awake()
        clock.pass_(0.001)
        accounting.begin_callbacks()
        accounting.begin_layout()
        accounting.end_turn()
        clock.pass_(1.0)
    one_frame(accounting, clock)
    assert {stage.name: round(stage.max, 6) for stage in accounting.report()}["events"] == 3.0


def test_only_so_many_frames_are_kept():
    clock = Ticks()
    accounting = FrameAccounting(clock)
    for _ in range(1300):
        one_frame(accounting, clock)
    assert accounting.frames == 1300
    assert len(accounting.samples()) == 1200


def test_the_readers_time_is_counted_and_others_is_not():
    done = threading.Event()

    def work():
        total = 0
        while reader_cpu([threading.current_thread()]) == 0.0:
            total += sum(range(1000))
        done.wait()

    thread = threading.Thread(target=work, name="reader pane 1")
    other = threading.Thread(target=done.wait, name="lua")
    thread.start()
    other.start()
    while reader_cpu([thread]) == 0.0:
        pass
    assert reader_cpu([other]) == 0.0
    done.set()
    thread.join()
    other.join()


@pytest.mark.parametrize(
    ("env", "expected"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_displays_are_seen_in_the_environment(env, expected):
    assert has_display(env, "linux") is expected


def test_forwarded_displays_are_told_from_own_ones():
    login = {"SSH_CONNECTION": "a b c d"}
    assert is_forwarded_display({"DISPLAY": "localhost:10.0", **login})
    assert not is_forwarded_display({"DISPLAY": ":99", **login})
    assert not is_forwarded_display({"DISPLAY": "localhost:10.0"})


def test_without_a_display_the_reason_is_said():
    with pytest.raises(WindowProblemError, match="neither DISPLAY nor WAYLAND_DISPLAY"):
        check_window({}, "linux")


def test_missing_libraries_are_named_by_their_packages(monkeypatch):
    real = availability.ctypes.CDLL

    def load(name, *rest):
        if any(part in str(name) for part in ("libxcb-cursor", "libxcb-icccm", "libqxcb")):
            raise OSError(f"{name}: cannot open shared object file")
        return real(name, *rest)

    monkeypatch.setattr(availability.ctypes, "CDLL", load)
    monkeypatch.setattr(availability, "_check_import", lambda _kinds: None)
    with pytest.raises(WindowProblemError) as caught:
        check_window({"DISPLAY": ":0"}, "linux")
    message = str(caught.value)
    assert "apt install" in message
    assert "libxcb-cursor0" in message
    assert "libxcb-icccm4" in message
    assert "\n" not in message


def test_a_display_that_does_not_answer_is_named(monkeypatch, tmp_path):
    monkeypatch.setattr(availability, "_check_import", lambda _kinds: None)
    monkeypatch.setattr(availability, "_check_plugin", lambda _kind: None)
    env = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(WindowProblemError, match="wayland-7 does not answer"):
        check_window(env, "linux")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ("xcb", "display :7077 does not answer"),
        ("wayland;xcb", "display wayland-0 does not answer"),
        ("nonsense", "Qt knows no platform 'nonsense'"),
    ],
)
def test_what_qt_is_told_is_looked_at_before_qt_ends_the_process(monkeypatch, tmp_path, told, said):
    monkeypatch.setenv("DISPLAY", ":7077")
    monkeypatch.setattr(availability, "_missing_packages", lambda _kind: [])
    if told != "nonsense":
        monkeypatch.setattr(availability, "_check_plugin", lambda _kind: None)
    env = {"QT_QPA_PLATFORM": told, "DISPLAY": ":7077", "XDG_RUNTIME_DIR": str(tmp_path)}
    with pytest.raises(WindowProblemError, match=said):
        check_window(env, "linux")


def test_qt_may_be_told_to_draw_nowhere(monkeypatch):
    monkeypatch.setattr(availability, "_check_import", lambda _kinds: None)
    assert check_window({"QT_QPA_PLATFORM": "offscreen"}, "linux") is None


def test_notifications_by_what_there_is():
    def only(*names):
        return lambda name: f"/bin/{name}" if name in names else None

    assert notification_command("t", "b", only("notify-send", "gdbus"), "linux")[-2:] == ["t", "b"]
    assert notification_command("--x", "b", only("notify-send"), "linux")[-3] == "--"
    by_bus = notification_command('say "hi"', "b\n", only("gdbus"), "linux")
    assert '"say \\"hi\\""' in by_bus
    assert notification_command("t", "b", only(), "linux") is None
    script = notification_command("t", 'x" & do shell script "id', only("osascript"), "darwin")[-1]
    assert '\\"' in script
