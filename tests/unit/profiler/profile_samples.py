"""Profiles and perf text made from known samples, for tests to compare with."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

from perilune.profiler.errors import CaptureError
from perilune.profiler.importers import Reading, perf
from perilune.profiler.model import CallbackRun, Frame, FrameRecord, Meta, Profile, Thread

NAMES = (
    "main", "run_loop", "std::vector<int, std::allocator<int> >::push_back(int&&)", "operator()(char const*) const",
    "<alloc::vec::Vec<T> as core::ops::Drop>::drop", "core::ops::function::FnOnce::call_once{{vtable.shim}}",
    "(anonymous namespace)::helper(void (*)(int))", "operator new[](unsigned long)", "luaV_execute", "a", "[unknown]",
    "non-virtual thunk to ns::T::f()", "_ZN3foo3barE", "{closure#0}",
)  # fmt: skip
MODULES = (
    "/usr/bin/prog",
    "/usr/lib/libc.so.6",
    "/opt/with space/lib (x).so",
    "/usr/lib/libold.so (deleted)",
    "",
)
KERNEL = "[kernel.kallsyms]"


@dataclass(frozen=True)
class Sample:
    """One sample, as it is printed and as it must be read: frames outermost first."""

    comm: str
    pid: int
    tid: int
    time: int  # microseconds
    event: str
    period: int
    frames: tuple[Frame, ...]


def frames() -> st.SearchStrategy[Frame]:
    user = st.tuples(st.sampled_from(NAMES), st.sampled_from(MODULES)).map(lambda pair: Frame(*pair))
    kernel = st.sampled_from(("do_syscall_64", "schedule")).map(lambda name: Frame(name, KERNEL, kernel=True))
    return user | kernel


@st.composite
def stacks(draw: st.DrawFn) -> tuple[Frame, ...]:
    found: list[Frame] = []
    for frame in draw(st.lists(frames(), min_size=1, max_size=8)):
        # What is inlined is within something that is not, and has its module.
        if found and frame.symbol != "[unknown]" and draw(st.integers(0, 3)) == 0:
            found.append(frame._replace(inlined=True, module=found[-1].module, kernel=found[-1].kernel))
        else:
            found.append(frame)
    return tuple(found)


def samples(*, min_size: int = 1) -> st.SearchStrategy[list[Sample]]:
    one = st.builds(
        Sample,
        comm=st.sampled_from(("prog", "tokio-runtime-w", "Web Content", "a b c", "x:1", "kworker/0:1-ev", "9 lives")),
        pid=st.integers(1, 99999),
        tid=st.integers(1, 99999),
        time=st.integers(0, 10**12),
        event=st.sampled_from(("cycles", "cycles:u", "cpu-clock", "page-faults:u", "sched:sched_switch", "cpu_core/cycles/P")),
        period=st.integers(1, 10**9),
        frames=stacks(),
    )  # fmt: skip
    return st.lists(one, min_size=min_size, max_size=12)


@dataclass(frozen=True)
class Style:
    """Which fields a header has, and how frames are written."""

    ids: bool = True
    two_ids: bool = True
    cpu: bool = False
    time: bool = True
    period: bool = True
    offset: bool = True
    crlf: bool = False


def styles() -> st.SearchStrategy[Style]:
    return st.builds(
        Style,
        st.just(True),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    )


def print_perf(found: list[Sample], style: Style = Style()) -> str:
    """What `perf script` prints of samples."""
    text = []
    for index, sample in enumerate(found):
        parts = [sample.comm]
        if style.ids:
            parts.append(f"{sample.pid:5d}/{sample.tid:<5d}" if style.two_ids else f"{sample.tid:5d}")
        if style.cpu:
            parts.append("[003]")
        if style.time:
            parts.append(f"{sample.time // 10**6:5d}.{sample.time % 10**6:06d}:")
        if style.period:
            parts.append(f"{sample.period:10d}")
        text.append(" ".join(parts) + f" {sample.event}: ")
        for depth, frame in enumerate(reversed(sample.frames)):
            address = 0xFFFFFFFF81000000 if frame.kernel else 0x55D0F000
            offset = (
                f"+0x{(depth * 37 + index) % 4096:x}" if style.offset and frame.symbol != "[unknown]" else ""
            )
            module = "(inlined)" if frame.inlined else f"({frame.module or '[unknown]'})"
            text.append(f"\t{address + depth * 16 + index:16x} {frame.symbol}{offset} {module}")
        text.append("")
    return ("\r\n" if style.crlf else "\n").join(text) + ("\r\n" if style.crlf else "\n")


def read_perf(text: str | bytes, *, keep_going: bool = False, timed: bool = False) -> tuple[Profile, Reading]:
    profile = Profile(Meta(kind="perf"), timed=timed)
    reading = Reading(keep_going=keep_going, timed=timed, name="capture.perf")
    perf.read(io.BytesIO(text.encode() if isinstance(text, str) else text), profile, reading)
    return profile, reading


def refused(act: Callable[[], object]) -> str | None:
    """The place of the error that an act ends in; None if it ends well. Any other error is the test's."""
    try:
        act()
    except CaptureError as error:
        return error.place
    return None


Row = tuple[str, Thread, tuple[Frame, ...]]


def rows_of(profile: Profile) -> dict[Row, tuple[int, float]]:
    """What a profile holds, without the order and the numbers of its tables."""
    found: dict[Row, tuple[int, float]] = {}
    for row in profile.rows():
        key = (
            profile.events[row.event].name,
            profile.threads[row.thread],
            tuple(profile.frames[frame] for frame in profile.tree.path(row.stack)),
        )
        count, weight = found.get(key, (0, 0.0))
        found[key] = (count + row.samples, weight + row.weight)
    return found


def made(
    weights: dict[str, int], *, event: str = "cycles", seconds: float = 10.0, frames: int = 0
) -> Profile:
    """A profile of folded stacks: "main;work" -> samples."""
    profile = Profile(Meta(kind="folded", source="made", duration=seconds, frames=frames))
    number, thread = profile.event(event), profile.thread(Thread("t", 1, 1))
    for stack, count in weights.items():
        node = profile.stack([Frame(name) for name in stack.split(";") if name])
        if count:
            profile.add(number, thread, node, weight=float(count), count=count)
    return profile


def recorded() -> Profile:
    """A profile as Perilune records it: frames, callback runs, counters, and some samples."""
    profile = made({"main;frame": 900, "main;frame;format-tab-title": 80, "main;idle": 20}, frames=600)
    profile.meta.kind = "perilune"
    profile.meta.frame_budget_us = 16667.0
    for number in range(1, 601):
        late = number % 100 == 0
        profile.frame_records.append(
            FrameRecord(
                number, round(number / 60, 6), 21000.0 if late else 900.0 + number % 7,
                (("snapshot", 0.0, 300.0), ("compose", 300.0, 20000.0 if late else 400.0)), late,
                ("lua batch late",) if number % 200 == 0 else ("resize",),
            )
        )  # fmt: skip
    for number in range(1, 61):
        profile.runs.append(
            CallbackRun(
                "format-tab-title", f"tab {number % 5}", number / 6, number * 10, "hover", "false", "true", 20.0,
                6.0, 8.0, 5.0, None, number % 4 == 0, False, "pure",
            )
        )  # fmt: skip
    totals = profile.totals("format-tab-title")
    totals.hits, totals.misses, totals.runs, totals.us = 5940, 60, 60, 1200.0
    counter = profile.counter("pty.bytes", "bytes")
    for second in range(11):
        counter.add(float(second), 1000.0 * second)
    return profile


def repeats(shares: dict[str, float], rounds: int, size: int, seed: int) -> list[Profile]:
    """Captures of one program: each sample hits a stack by chance."""
    import random

    rng = random.Random(seed)
    names = list(shares)
    return [
        made(dict(Counter(rng.choices(names, [shares[name] for name in names], k=size))))
        for _ in range(rounds)
    ]


GOLDEN = Path(__file__).parents[2] / "golden" / "profiler"
