"""Times the stages of frames for a recorder. There is none by default, and then nothing here runs.

Who makes frames holds `None` or a tracer; with `None` a frame costs one comparison more than without this
file, and no clock is read. Mux thread.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from perilune.base.frame_trace import FrameRecorder, FrameTiming
from perilune.render.frame import Frame

__all__ = ["FrameTracer"]


class FrameTracer:
    """Between the loop and who makes frames on one side, and the recorder on the other.

    Args:
        recorder: gets each frame.
        clock: nanoseconds; a fake in tests.
    """

    def __init__(self, recorder: FrameRecorder, clock: Callable[[], int] = time.perf_counter_ns) -> None:
        self._recorder = recorder
        self._clock = clock
        self._awake = self._mark = clock()
        self._earlier = 0
        self._is_awake = True
        self._stages: list[tuple[str, int, int]] = []

    def awake(self) -> None:
        """The loop has slept; a second call in the same turn says nothing new."""
        if not self._is_awake:
            self._is_awake = True
            self._awake = self._clock()

    def end_turn(self) -> None:
        """The loop goes to sleep; a frame in this turn has moved the mark on."""
        now = self._clock()
        self._earlier += now - max(self._awake, self._mark)
        self._mark = now
        self._is_awake = False

    def begin_frame(self) -> None:
        """The turn's events are done; a frame is made."""
        now = self._clock()
        # The second frame of one turn begins where the first ended.
        begin = max(self._awake, self._mark)
        self._stages = [("events", begin, now)]
        self._mark = now

    def stage(self, name: str) -> None:
        """What was done since the last call was this stage."""
        now = self._clock()
        self._stages.append((name, self._mark, now))
        self._mark = now

    def end_frame(self, frame: Frame, rows: int, *, is_full: bool) -> None:
        """The front end has it."""
        stages = tuple(self._stages)
        earlier, self._earlier = self._earlier, 0
        self._recorder.on_frame(
            FrameTiming(
                frame.number, frame.window_id, stages[0][1], self._mark, stages, earlier, rows, is_full
            )
        )
        self._mark = self._clock()  # the recorder's own time is nobody's
