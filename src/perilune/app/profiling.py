"""Recording and watching the running program: off by default, and then nothing of it is attached or imported.

Who wants it: the command line at the start, a key, the control socket. What is noted is the business of
`profiling_collector`, what becomes of it that of `profiler.recording`. Mux thread.
"""

from __future__ import annotations

import os
import platform
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Protocol

from perilune import __version__
from perilune.base.log import get_logger

if TYPE_CHECKING:
    from perilune.app.profiling_collector import Collector
    from perilune.app.profiling_sampler import StackSampler
    from perilune.app.titles import TitleService
    from perilune.base.frame_trace import FrameRecorder
    from perilune.base.loop import EventLoop, Timer
    from perilune.lua.crossings import CrossingObserver
    from perilune.profiler.recording.live import LiveFigures
    from perilune.profiler.recording.writer import RecordingWriter

__all__ = ["SAMPLERS", "Profiling", "ProfilingError", "RecordRequest", "Summary"]

_log = get_logger("app.profiling")
SAMPLERS = ("lua", "python")
_FLUSH_SECONDS = 2.0
_LUA_SAMPLE_SECONDS = 0.001


class ProfilingError(Exception):
    """It cannot be done; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class RecordRequest:
    """What is to be recorded.

    Attributes:
        path: the file; it is overwritten.
        seconds: end by itself after so long; None: not.
        sample: of SAMPLERS: whose stacks are sampled.
    """

    path: Path
    seconds: float | None = None
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Summary:
    """What a recording has come to."""

    path: Path
    seconds: float
    frames: int
    runs: int
    problem: str = ""

    def __str__(self) -> str:
        if self.problem:
            return f"{self.path}: {self.problem}"
        return f"{self.path}: {self.frames} frames, {self.runs} callback runs in {self.seconds:.1f} s"


class Observed(Protocol):
    """The part of `Application` that is recorded."""

    def record_frames(self, recorder: FrameRecorder | None) -> None:
        """Tell a recorder of every frame."""
        ...

    def counters(self) -> dict[str, int]:
        """All counters."""
        ...


class ObservedLua(Protocol):
    """The part of the Lua host that is recorded."""

    def observe(self, observer: CrossingObserver | None) -> None:
        """Tell someone of every entry."""
        ...


@dataclass(slots=True)
class _Recording:
    request: RecordRequest
    writer: RecordingWriter
    file: BinaryIO
    end: Timer | None
    bytes_before: int


class Profiling:
    """Recordings, one at a time, and the figures of the last seconds.

    Args:
        loop: timers.
        titles: tells of runs.
        lua: tells of entries into Lua.
        max_fps: frames a second: what a frame may take.
        folder: where recordings go whose file nobody names.

    Attributes:
        last: what the last recording came to.
    """

    def __init__(
        self,
        loop: EventLoop,
        titles: TitleService,
        lua: ObservedLua,
        max_fps: Callable[[], int],
        folder: Path,
    ) -> None:
        self.last: Summary | None = None
        self._loop = loop
        self._titles = titles
        self._lua = lua
        self._max_fps = max_fps
        self._folder = folder
        self._program: Observed | None = None
        self._collector: Collector | None = None
        self._recording: _Recording | None = None
        self._sampler: StackSampler | None = None
        self._live: LiveFigures | None = None
        self._watchers = 0
        self._timer: Timer | None = None

    def connect(self, program: Observed) -> None:
        """Give it the program, which is made after it."""
        self._program = program

    # A recording.

    @property
    def recording(self) -> Path | None:
        """The file that is being written."""
        return None if self._recording is None else self._recording.request.path

    def start(self, request: RecordRequest) -> None:
        """Begin to record.

        Raises:
            ProfilingError: it is recorded already, or something is asked for that there is not.
            OSError: the file cannot be written.
        """
        from perilune.profiler.recording.writer import RecordingWriter  # noqa: PLC0415 - only now

        if self._recording is not None:
            raise ProfilingError(f"a recording is being written already: {self.recording}")
        unknown = set(request.sample).difference(SAMPLERS)
        if unknown:
            raise ProfilingError(
                f"cannot sample {', '.join(sorted(unknown))}; there are {', '.join(SAMPLERS)}"
            )
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_CLOEXEC", 0)
        # Titles of tabs are in it: nobody else is to read it.
        file = os.fdopen(os.open(request.path, flags, 0o600), "wb")
        writer = RecordingWriter(file, self._meta(request))
        collector = self._collect(request.sample)
        end = None
        if request.seconds is not None:
            end = self._loop.call_later(request.seconds, self._time_is_up)
        collector.attach(writer)
        self._recording = _Recording(request, writer, file, end, collector.bytes_of())
        if "python" in request.sample:
            from perilune.app.profiling_sampler import StackSampler  # noqa: PLC0415 - only now

            self._sampler = StackSampler()
            self._sampler.start()
        _log.info("recording into %s", request.path)

    def start_at_once(self, request: RecordRequest) -> None:
        """As `start`, for a program that is beginning: a failure goes to the log, no further."""
        try:
            self.start(request)
        except (ProfilingError, OSError) as error:
            _log.error("not recorded: %s", error)

    def stop(self) -> Summary:
        """End the recording.

        Raises:
            ProfilingError: there is none.
        """
        recording = self._recording
        if recording is None or self._collector is None:
            raise ProfilingError("nothing is being recorded")
        problem = ""
        seconds = 0.0
        if self._sampler is not None:
            self._sampler.stop()
        try:
            seconds = self._flush(recording, self._collector, is_last=True)
        except OSError as error:
            problem = error.strerror or str(error)
        return self._end(recording, seconds, problem)

    def _end(self, recording: _Recording, seconds: float, problem: str = "") -> Summary:
        self._recording = None
        if recording.end is not None:
            recording.end.cancel()
        sampler, self._sampler = self._sampler, None
        if sampler is not None:
            sampler.stop()
        try:
            recording.file.close()
        except OSError as error:
            problem = problem or error.strerror or str(error)
        if self._collector is not None:
            self._collector.detach(recording.writer)
        writer = recording.writer
        self.last = Summary(recording.request.path, seconds, writer.meta.frames, writer.runs, problem)
        (_log.warning if problem else _log.info)("the recording has ended: %s", self.last)
        self._let_go()
        return self.last

    def toggle(self) -> str:
        """Begin a recording in the folder, or end the one there is; what to tell the user."""
        try:
            if self._recording is not None:
                summary = self.stop()
                return f"Not recorded: {summary}" if summary.problem else f"Recorded {summary}"
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            name = time.strftime("%Y-%m-%d-%H%M%S", time.localtime(self._loop.clock.time()))
            path = self._folder / f"{name}-{os.getpid()}.pprofile"
            self.start(RecordRequest(path))
        except (ProfilingError, OSError) as error:
            return f"Not recorded: {error}"
        return f"Recording into {path}"

    def _time_is_up(self) -> None:
        if self._recording is not None:
            self.stop()

    def _meta(self, request: RecordRequest) -> Any:
        from perilune.profiler.model import Meta  # noqa: PLC0415 - only now

        notes = ["Lua allocations are what its memory grew by within calls: at least so much was allocated."]
        if request.sample:
            notes.append(f"Stacks were sampled ({', '.join(request.sample)}), which costs time itself.")
        return Meta(
            kind="perilune",
            source=request.path.name,
            producer=f"perilune {__version__}",
            command="perilune",
            frame_budget_us=self._budget_us,
            host={
                "os": platform.system(),
                "arch": platform.machine(),
                "cpus": str(os.cpu_count() or 0),
                "python": ".".join(str(part) for part in sys.version_info[:3]),
            },
            notes=notes,
        )

    # Watching.

    def watch(self) -> None:
        """Somebody looks at the figures from now on."""
        self._watchers += 1
        if self._live is None:
            from perilune.profiler.recording.live import LiveFigures  # noqa: PLC0415 - only now

            self._live = LiveFigures(budget_us=self._budget_us)
            self._collect(()).attach(self._live)

    def unwatch(self) -> None:
        """Somebody no longer does."""
        self._watchers -= 1
        if self._watchers == 0 and self._live is not None:
            if self._collector is not None:
                self._collector.detach(self._live)
            self._live = None
            self._let_go()

    def figures(self) -> dict[str, Any]:
        """The last seconds, while somebody watches: see `LiveFigures.snapshot`."""
        live, collector = self._live, self._collector
        if live is None or collector is None:
            raise ProfilingError("nobody watches")
        collector.drain()
        return live.snapshot(collector.seconds(live))

    # What both need.

    @property
    def _budget_us(self) -> float:
        return 1e6 / max(self._max_fps(), 1)

    def _collect(self, sample: tuple[str, ...]) -> Collector:
        """The collector, attached to the program."""
        from perilune.app.profiling_collector import Collector  # noqa: PLC0415 - only now

        if self._program is None:
            raise ProfilingError("the program is not there yet")
        if self._collector is None:
            self._titles.count_lookups(on=True)
            self._collector = Collector(self._titles, self._program.counters, self._budget_us)
            self._program.record_frames(self._collector)
            self._timer = self._loop.call_later(_FLUSH_SECONDS, self._tick)
        self._collector.sample_seconds = _LUA_SAMPLE_SECONDS if "lua" in sample else 0.0
        self._lua.observe(self._collector)
        return self._collector

    def _let_go(self) -> None:
        collector = self._collector
        if collector is None:
            return
        if collector.is_used:
            collector.sample_seconds = 0.0
            self._lua.observe(collector)
            return
        self._collector = None
        if self._timer is not None:
            self._timer.cancel()
        self._lua.observe(None)
        self._titles.count_lookups(on=False)
        if self._program is not None:
            self._program.record_frames(None)

    def _tick(self) -> None:
        collector, recording = self._collector, self._recording
        if collector is None:
            return
        self._timer = self._loop.call_later(_FLUSH_SECONDS, self._tick)
        if recording is None:
            collector.drain()
            return
        try:
            self._flush(recording, collector)
        except OSError as error:
            self._end(recording, 0.0, error.strerror or str(error))

    def _flush(self, recording: _Recording, collector: Collector, *, is_last: bool = False) -> float:
        """Write what there is; how long it has been recorded."""
        collector.drain()
        writer = recording.writer
        if recording.request.sample:
            self._take_samples(recording, collector)
        seconds = collector.seconds(writer)
        writer.meta.bytes = collector.bytes_of() - recording.bytes_before
        if is_last:
            writer.close(seconds)
        else:
            writer.flush(seconds)
        return seconds

    def _take_samples(self, recording: _Recording, collector: Collector) -> None:
        from perilune.app.profiling_sampler import enters_lua  # noqa: PLC0415 - only with samples
        from perilune.profiler.recording.stacks import (  # noqa: PLC0415
            lua_samples,
            merge,
            parse_lua_stacks,
        )

        told = []
        while collector.lua_stacks:
            told.append(collector.lua_stacks.popleft())
        lua = parse_lua_stacks("\n".join(told))
        if self._sampler is None:
            recording.writer.samples(lua_samples(lua))
            return
        recording.writer.samples(merge(self._sampler.take(), lua, 1e6 / self._sampler.rate, enters_lua))

    def close(self) -> None:
        """The program ends: so does the recording."""
        if self._recording is not None:
            self.stop()
