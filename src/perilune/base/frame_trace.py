"""What a frame took, stage by stage, as it is told to whoever records it.

Values and a protocol only. Nobody records by default, and then nobody reads a clock: see `app.frame_tracer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["FrameRecorder", "FrameTiming"]


@dataclass(frozen=True, slots=True)
class FrameTiming:
    """One frame; times are nanoseconds of `time.perf_counter_ns`.

    Attributes:
        number: counts the frames of its window from 1.
        window_id: of which window.
        begin_ns: when the loop woke for the turn that ends in this frame.
        end_ns: when the front end had it.
        stages: name, begin and end of each, in order: "events" (input, programs' events, timers, calls),
            "callbacks" (the tab bar: memos, and the wait for Lua), "compose" (cells), "present" (the front
            end, which may have stages of its own).
        earlier_ns: what turns without a frame took since the last one.
        rows: how many rows of cells were drawn anew.
        is_full: whether the whole picture was.
    """

    number: int
    window_id: int
    begin_ns: int
    end_ns: int
    stages: tuple[tuple[str, int, int], ...]
    earlier_ns: int
    rows: int
    is_full: bool


class FrameRecorder(Protocol):
    """Who wants to know. Called on the mux thread, right after the frame."""

    def on_frame(self, timing: FrameTiming) -> None:
        """A frame was presented."""
        ...
