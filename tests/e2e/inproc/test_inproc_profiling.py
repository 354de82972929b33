"""Recording and watching the whole program, in one process: what is told, when it ends, what it leaves."""

from __future__ import annotations

import json
import socket
import stat
import tempfile
from pathlib import Path

import pytest

from perilune.app.control_socket import PROTOCOL, ControlSocket
from perilune.app.profiling import ProfilingError, RecordRequest
from perilune.app.profiling_control import ProfilingControl
from perilune.profiler.file_format import read_profile

TITLES = """
local wezterm = require 'wezterm'
local config = wezterm.config_builder()
wezterm.on('format-tab-title', function(tab) return ' <' .. tab.active_pane.title .. '> ' end)
wezterm.on('update-status', function(window) window:set_right_status('status') end)
config.keys = { { key = 'F9', action = 'ToggleProfileRecording' } }
return config
"""


def record(session, path, **options):
    session.app.services.profiling.start(RecordRequest(path, **options))


def test_frames_runs_causes_and_counters_are_recorded(start, tmp_path):
    session = start(TITLES)
    session.until(lambda: "<" in session.bar, "a title by the callback")
    session.settle()
    path = tmp_path / "r.pprofile"
    record(session, path)
    for number in range(3):
        session.program.print(f"\x1b]2;title {number}\x07")
        session.until(lambda number=number: f"<title {number}>" in session.bar)
    session.screen.resize(50, 10)
    session.settle()
    summary = session.app.services.profiling.stop()
    assert summary.problem == ""
    profile = read_profile(path)
    assert len(profile.frame_records) == summary.frames == profile.meta.frames > 3
    assert [r.number for r in profile.frame_records] == list(range(1, summary.frames + 1))
    for frame in profile.frame_records:
        assert [name for name, _, _ in frame.stages] == ["events", "callbacks", "compose", "present"]
    runs = [run for run in profile.runs if run.callback == "format-tab-title"]
    assert {run.cause for run in runs} == {"tab.active_pane.title"}
    assert {("'title 0'", "'title 1'"), ("'title 1'", "'title 2'")} <= {(run.old, run.new) for run in runs}
    for run in runs:
        assert run.us > 0
        assert run.conversion_us is not None
        assert run.subject.startswith("tab ")
        assert run.frame == 0 or run.frame <= summary.frames
    totals = profile.callbacks["format-tab-title"]
    assert totals.runs == len(runs) >= 3
    assert totals.misses >= 3
    assert profile.meta.bytes == sum(len(f"\x1b]2;title {n}\x07") for n in range(3))
    assert {
        "pty.bytes",
        "queue.unsent",
        "queue.calls",
        "lua.allocations",
        "lua.collections",
        "lua.memory",
    } <= (profile.counters.keys())
    assert profile.counters["lua.memory"].values[-1] > 0
    assert str(tmp_path) not in repr(profile.meta)


def test_handlers_of_events_are_recorded_too(start, tmp_path):
    session = start(TITLES)
    session.settle()
    path = tmp_path / "r.pprofile"
    record(session, path)
    before = session.probe("status_emissions")
    session.until(lambda: session.probe("status_emissions") > before + 1, "status handlers")
    session.settle()
    session.app.services.profiling.stop()
    runs = [run for run in read_profile(path).runs if run.callback == "update-status"]
    assert runs
    assert {run.cause for run in runs} == {"event"}


def test_nothing_is_left_attached(start, tmp_path):
    session = start(TITLES)
    profiling = session.app.services.profiling
    record(session, tmp_path / "r.pprofile", sample=("python", "lua"))
    session.print("x")
    profiling.stop()
    loop = session.app.loop
    assert loop.on_awake is None
    assert profiling.recording is None
    frames = profiling.last.frames
    session.print("y")
    assert profiling.last.frames == frames


def test_one_recording_at_a_time(start, tmp_path):
    session = start()
    profiling = session.app.services.profiling
    with pytest.raises(ProfilingError):
        profiling.stop()
    record(session, tmp_path / "a.pprofile")
    with pytest.raises(ProfilingError, match=r"a\.pprofile"):
        record(session, tmp_path / "b.pprofile")
    profiling.stop()
    with pytest.raises(OSError, match="No such file"):
        record(session, tmp_path / "no" / "b.pprofile")
    assert profiling.recording is None


def test_it_ends_by_itself_and_the_file_is_for_its_user_only(start, tmp_path):
    session = start()
    path = tmp_path / "r.pprofile"
    record(session, path, seconds=1.0)
    session.until(lambda: session.app.services.profiling.recording is None, "the end")
    assert read_profile(path).meta.kind == "perilune"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_end_of_the_program_ends_the_recording(start, tmp_path):
    session = start()
    path = tmp_path / "r.pprofile"
    record(session, path)
    session.print("x")
    session.app.shutdown()
    assert read_profile(path).meta.frames > 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_ends_the_recording_not_the_program(start, tmp_path):
    session = start()
    path = tmp_path / "full"
    path.symlink_to("/dev/full")
    record(session, path)
    profiling = session.app.services.profiling
    session.until(lambda: profiling.recording is None, "the end of the recording")
    assert "space" in profiling.last.problem
    session.print("still there")
    session.until_text("still there")


def test_a_key_toggles_it_and_a_notice_names_the_file(start):
    session = start(TITLES)
    session.screen.key("F9")
    session.until_text("Recording into")
    session.screen.key("F9")
    session.until_text("Recorded")
    path = session.app.services.profiling.last.path
    assert path.parent.name == "profiles"
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert read_profile(path).meta.frames > 0


def test_a_recording_and_those_who_watch_know_nothing_of_each_other(start, tmp_path):
    session = start(TITLES)
    profiling = session.app.services.profiling
    session.until(lambda: "<" in session.bar, "a title by the callback")
    profiling.watch()
    session.print("a")
    path = tmp_path / "r.pprofile"
    record(session, path)
    session.program.print("\x1b]2;other\x07")
    session.until(lambda: "<other>" in session.bar)
    session.settle()
    summary = profiling.stop()
    session.print("b")
    figures = profiling.figures()
    assert figures["frames"]["count"] > summary.frames > 0
    (titles,) = (one for one in figures["callbacks"] if one["callback"] == "format-tab-title")
    assert titles["calls"] >= 1
    assert titles["cause"] == "tab.active_pane.title"
    assert titles["hit_rate"] is not None
    profiling.unwatch()
    assert session.app.loop.on_awake is None


# The socket.


class Reached:
    """A client of a session's control socket, in the same thread."""

    def __init__(self, session, folder) -> None:
        self.session = session
        self.server = ControlSocket(session.loop, ProfilingControl(session.app.services.profiling))
        self.server.open([folder])
        self.client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.client.connect(str(self.server.path))
        self.client.setblocking(False)

    def ask(self, data: bytes) -> bytes:
        self.client.send(data)
        received = bytearray()

        def answered() -> bool:
            try:
                data = self.client.recv(65536)
            except BlockingIOError:
                return False
            received.extend(data)
            return not data or received.endswith(b"\n")

        self.session.until(answered, "an answer")
        return bytes(received)

    def close(self) -> None:
        self.client.close()
        self.server.close()


@pytest.fixture
def reach(short_folder):
    reached = []

    def make(session):
        reached.append(Reached(session, short_folder / "control"))
        return reached[-1]

    yield make
    for one in reached:
        one.close()


@pytest.fixture
def short_folder():
    """A folder whose path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="pl") as folder:
        yield Path(folder)


def test_the_socket_is_private(start, reach):
    session = start()
    server = reach(session).server
    assert stat.S_IMODE(server.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.path.parent.stat().st_mode) == 0o700
    path = server.path
    server.close()
    assert not path.exists()


def test_a_folder_that_others_may_enter_is_not_used(start, short_folder):
    session = start()
    server = ControlSocket(session.loop, lambda _request, _client: {})
    open_folder = short_folder / "open"
    open_folder.mkdir(mode=0o755)
    link = short_folder / "link"
    link.symlink_to(short_folder)
    server.open([open_folder, link, short_folder / ("x" * 120)])
    assert server.path is None
    server.open([open_folder, short_folder / "good"])
    assert server.path.parent.name == "good"
    server.close()


BAD_REQUESTS = (
    b"\n", b"nonsense\n", b"[]\n", b"{}\n", b'{"perilune": 2, "do": "status"}\n',
    b'{"perilune": 1}\n', b'{"perilune": 1, "do": "explode"}\n', b'{"perilune": 1, "do": "record"}\n',
    b'{"perilune": 1, "do": "record", "file": "relative"}\n',
    b'{"perilune": 1, "do": "record", "file": "/nowhere/at/all"}\n',
    b'{"perilune": 1, "do": "record", "file": "/nowhere/\\u0000"}\n',
    b'{"perilune": 1, "do": "record", "file": "/nowhere/x", "seconds": -1}\n',
    b'{"perilune": 1, "do": "record", "file": "/nowhere/x", "seconds": true}\n',
    b'{"perilune": 1, "do": "record", "file": "/nowhere/x", "sample": ["c"]}\n',
    b'{"perilune": 1, "do": "stop"}\n', b"[" * 50_000 + b"\n", b"\xff\xfe\n",
)  # fmt: skip


def test_what_cannot_be_done_is_said_and_the_program_goes_on(start, reach):
    session = start()
    reached = reach(session)
    for request_line in BAD_REQUESTS:
        answer = json.loads(reached.ask(request_line))
        assert answer["ok"] is False, request_line
        assert answer["error"], request_line
    assert json.loads(reached.ask(b'{"perilune": 1, "do": "status"}\n'))["ok"] is True


def test_a_line_without_end_ends_the_connection_only(start, reach):
    session = start()
    reached = reach(session)
    chunk = b"x" * 1000

    def refused() -> bool:
        try:
            reached.client.send(chunk)
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False

    session.until(refused, "the end of the connection")
    assert session.app.failure_message == ""


def test_watching_ends_with_the_connection(start, reach):
    session = start(TITLES)
    reached = reach(session)
    assert PROTOCOL == 1
    answer = reached.ask(b'{"perilune": 1, "do": "figures"}\n')
    assert b'"frames"' in answer
    assert session.app.loop.on_awake is not None
    reached.client.close()
    session.until(lambda: session.app.loop.on_awake is None, "the end of watching")


def test_an_answer_that_is_read_slowly_arrives_whole(start, short_folder):
    session = start()
    server = ControlSocket(session.loop, lambda _request, _client: {"long": "x" * 3_000_000})
    server.open([short_folder / "control"])
    client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    client.connect(str(server.path))
    client.setblocking(False)
    client.send(b'{"perilune": 1}\n')
    received = bytearray()

    def whole() -> bool:
        try:
            received.extend(client.recv(100_000))
        except BlockingIOError:
            return False
        return received.endswith(b"\n")

    session.until(whole, "the answer")
    assert len(received) > 3_000_000
    client.close()
    server.close()


def test_connections_end_with_the_program(start, reach):
    session = start()
    reached = reach(session)
    assert reached.ask(b'{"perilune": 1, "do": "status"}\n')
    reached.server.close()
    assert reached.client.recv(10) == b""
