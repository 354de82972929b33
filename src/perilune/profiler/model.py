"""What a profile is: weighted samples over a tree of stacks, and what Perilune recorded of itself.

Everything is interned: a frame once, a stack once, as a node of a tree whose parents come before their
children. Samples are aggregated by (event, thread, stack) unless times were asked for, so a capture of a
gigabyte takes memory for its distinct stacks, not for its samples. Samples of different events are never
added up: every query names one event. Reads and writes no file. Used by one thread at a time.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = [
    "ROOT",
    "CallbackRun",
    "CallbackTotals",
    "Counter",
    "Event",
    "Frame",
    "FrameRecord",
    "Meta",
    "Profile",
    "SampleRow",
    "StackTree",
    "Thread",
]

ROOT = -1
"""The parent of a stack's outermost frame, and the stack of a sample without any frame."""


class Frame(NamedTuple):
    """One function in a stack, as far as it is known.

    Attributes:
        symbol: its name; "[unknown]" if there is none.
        module: the binary, library, or "lua" and "python" for frames of those.
        file: the source file.
        line: the line in it that ran, 0 if unknown.
        inlined: whether it was inlined into its caller.
        kernel: whether it is the kernel's.
    """

    symbol: str
    module: str = ""
    file: str = ""
    line: int = 0
    inlined: bool = False
    kernel: bool = False


class Event(NamedTuple):
    """What was sampled.

    Attributes:
        name: such as "cycles:u", "cpu-clock", "wall".
        unit: what a sample's weight counts: "samples", "ns", "us", "ms", "s", "bytes", "cycles", or "events".
    """

    name: str
    unit: str = "samples"


class Thread(NamedTuple):
    """Where it was sampled; -1 for an id that is not known."""

    name: str = ""
    pid: int = -1
    tid: int = -1


class StackTree:
    """Stacks that share their outer part. A stack is the node of its innermost frame.

    Attributes:
        parents: for each node the node of its caller, or ROOT; always less than the node itself.
        frames: for each node the index of its frame.
    """

    __slots__ = ("children", "frames", "parents")

    def __init__(self) -> None:
        self.parents: array[int] = array("i")
        self.frames: array[int] = array("I")
        self.children: dict[tuple[int, int], int] = {}

    def child(self, parent: int, frame: int) -> int:
        """The node of `frame` called from `parent`."""
        key = (parent, frame)
        node = self.children.get(key)
        if node is None:
            node = self.children[key] = len(self.parents)
            self.parents.append(parent)
            self.frames.append(frame)
        return node

    def stack(self, outermost_first: Sequence[int]) -> int:
        """The node of a stack of frame indices; ROOT for an empty one."""
        node = ROOT
        children = self.children
        for frame in outermost_first:
            found = children.get((node, frame))
            node = self.child(node, frame) if found is None else found
        return node

    def path(self, node: int) -> list[int]:
        """The frame indices of a stack, outermost first."""
        found: list[int] = []
        while node != ROOT:
            found.append(self.frames[node])
            node = self.parents[node]
        found.reverse()
        return found

    def __len__(self) -> int:
        return len(self.parents)


class SampleRow(NamedTuple):
    """Samples of one event on one thread with one stack; `time` is nan where they are aggregated."""

    event: int
    thread: int
    stack: int
    samples: int
    weight: float
    time: float


@dataclass(slots=True)
class FrameRecord:
    """One frame that Perilune drew.

    Attributes:
        number: counts frames of the recording from 1.
        start: seconds since the recording began.
        us: how long it took.
        stages: (name, offset within the frame in us, us) of each stage, in order.
        over_budget: whether it took longer than the frame budget.
        causes: why it was over budget or drawn, the weightiest first: "lua batch late", "resize".
    """

    number: int
    start: float
    us: float
    stages: tuple[tuple[str, float, float], ...] = ()
    over_budget: bool = False
    causes: tuple[str, ...] = ()


@dataclass(slots=True)
class CallbackRun:
    """One run of a user's callback. Parts of its cost that were not measured are None, never 0.

    Attributes:
        callback: "format-tab-title".
        subject: what it ran for, in words: "tab 3", "window", "".
        time: seconds since the recording began.
        frame: the number of the frame that asked for it, 0 if none did.
        cause: the input that changed, as a user would write it: "tab.active_pane.title"; "" for a first run.
        old: its value before, shortened.
        new: its value since, shortened.
        us: what it took in all.
        execution_us: running the callback itself.
        conversion_us: reading its result into cells.
        strings_us: making strings for it, or of it.
        collection_us: collecting garbage within it.
        changed: whether its output differed from the one before.
        failed: whether it raised or was stopped.
        kind: "pure", "opaque", "stateful", or "" if not known.
    """

    callback: str
    subject: str = ""
    time: float = 0.0
    frame: int = 0
    cause: str = ""
    old: str = ""
    new: str = ""
    us: float = 0.0
    execution_us: float | None = None
    conversion_us: float | None = None
    strings_us: float | None = None
    collection_us: float | None = None
    changed: bool = True
    failed: bool = False
    kind: str = ""


@dataclass(slots=True)
class CallbackTotals:
    """How often a callback was asked for: answered from its memo, or run. `runs` may exceed the runs kept."""

    callback: str
    hits: int = 0
    misses: int = 0
    runs: int = 0
    us: float = 0.0


@dataclass(slots=True)
class Counter:
    """Something counted over time: Lua allocations, pty bytes, the depth of a queue.

    Attributes:
        name: "pty.bytes".
        unit: "bytes", "count", "us".
        cumulative: whether the values only grow (their rate is what matters) or are levels.
        times: seconds since the recording began.
        values: one for each time.
    """

    name: str
    unit: str = "count"
    cumulative: bool = True
    times: array[float] = field(default_factory=lambda: array("d"))
    values: array[float] = field(default_factory=lambda: array("d"))

    def add(self, time: float, value: float) -> None:
        """Enter one reading."""
        self.times.append(time)
        self.values.append(value)


@dataclass(slots=True)
class Meta:
    """What is known of a capture as a whole. Unknown numbers are 0.

    Attributes:
        kind: what it was read from: "perf", "folded", "speedscope", "chrome", "py-spy", "perilune".
        source: the name of the file, without its folder.
        producer: the program that made it, with its version.
        command: what was captured.
        duration: seconds.
        frames: how many frames were drawn; what `per frame` divides by.
        bytes: how many bytes the programs wrote; what `per byte` divides by.
        frame_budget_us: what a frame may take.
        lost: samples that the recorder says it lost.
        host: facts such as "cpus", "arch", "os", "python". No names of people or machines.
        notes: what the reader should know, such as what could not be read.
    """

    kind: str = ""
    source: str = ""
    producer: str = ""
    command: str = ""
    duration: float = 0.0
    frames: int = 0
    bytes: int = 0
    frame_budget_us: float = 0.0
    lost: int = 0
    host: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class Profile:
    """Samples, and what Perilune recorded.

    Attributes:
        meta: about the whole.
        frames: each frame once (stack frames; frames drawn are `frame_records`).
        tree: each stack once.
        events: what was sampled.
        threads: where.
        timed: whether each sample keeps its time; otherwise they are aggregated.
        frame_records: frames drawn, in order.
        runs: callback runs, in order.
        callbacks: totals by callback.
        counters: by name.
    """

    def __init__(self, meta: Meta | None = None, *, timed: bool = False) -> None:
        self.meta = Meta() if meta is None else meta
        self.timed = timed
        self.frames: list[Frame] = []
        self.tree = StackTree()
        self.events: list[Event] = []
        self.threads: list[Thread] = []
        self.frame_records: list[FrameRecord] = []
        self.runs: list[CallbackRun] = []
        self.callbacks: dict[str, CallbackTotals] = {}
        self.counters: dict[str, Counter] = {}
        self._frame_ids: dict[Frame, int] = {}
        self._event_ids: dict[str, int] = {}
        self._thread_ids: dict[Thread, int] = {}
        # Rows of samples: aggregated ones are found by their key; timed ones are only appended.
        self._row_ids: dict[tuple[int, int, int], int] = {}
        self._event = array("H")
        self._thread = array("I")
        self._stack = array("i")
        self._count = array("Q")
        self._weight = array("d")
        self._time = array("d")

    # Making one

    def frame(self, frame: Frame) -> int:
        """The index of a stack frame, entered if it is new."""
        index = self._frame_ids.get(frame)
        if index is None:
            index = self._frame_ids[frame] = len(self.frames)
            self.frames.append(frame)
        return index

    def event(self, name: str, unit: str = "samples") -> int:
        """The index of an event, entered if it is new; its unit is that of the first time."""
        index = self._event_ids.get(name)
        if index is None:
            index = self._event_ids[name] = len(self.events)
            self.events.append(Event(name, unit))
        return index

    def thread(self, thread: Thread) -> int:
        """The index of a thread, entered if it is new."""
        index = self._thread_ids.get(thread)
        if index is None:
            index = self._thread_ids[thread] = len(self.threads)
            self.threads.append(thread)
        return index

    def stack(self, outermost_first: Sequence[Frame]) -> int:
        """The node of a stack of frames."""
        return self.tree.stack([self.frame(frame) for frame in outermost_first])

    def add(
        self, event: int, thread: int, stack: int, *, weight: float = 1.0, count: int = 1, time: float = 0.0
    ) -> None:
        """Enter samples: indices of event and thread, the node of the stack (ROOT: none)."""
        if not self.timed:
            key = (event, thread, stack)
            row = self._row_ids.get(key)
            if row is not None:
                self._count[row] += count
                self._weight[row] += weight
                return
            self._row_ids[key] = len(self._stack)
        else:
            self._time.append(time)
        self._event.append(event)
        self._thread.append(thread)
        self._stack.append(stack)
        self._count.append(count)
        self._weight.append(weight)

    def totals(self, callback: str) -> CallbackTotals:
        """The totals of a callback, entered if it is new."""
        found = self.callbacks.get(callback)
        if found is None:
            found = self.callbacks[callback] = CallbackTotals(callback)
        return found

    def counter(self, name: str, unit: str = "count", *, cumulative: bool = True) -> Counter:
        """A counter, entered if it is new."""
        found = self.counters.get(name)
        if found is None:
            found = self.counters[name] = Counter(name, unit, cumulative)
        return found

    def recount(self, weight: int) -> None:
        """Say that each sample so far weighs this much, where only weights were known."""
        for row, whole in enumerate(self._weight):
            self._count[row] = max(1, round(whole / weight)) if whole else 0

    # Asking it

    def rows(self, event: int | None = None) -> Iterator[SampleRow]:
        """The samples, of one event or of all, in the order of entering."""
        nan = float("nan")
        for index in range(len(self._stack)):
            if event is not None and self._event[index] != event:
                continue
            yield SampleRow(
                self._event[index], self._thread[index], self._stack[index], self._count[index],
                self._weight[index], self._time[index] if self.timed else nan,
            )  # fmt: skip

    @property
    def row_count(self) -> int:
        """How many rows of samples there are."""
        return len(self._stack)

    def samples(self, event: int) -> int:
        """How many samples of an event were taken."""
        return sum(n for n, found in zip(self._count, self._event, strict=True) if found == event)

    def weight(self, event: int) -> float:
        """The weight of all samples of an event."""
        return sum(w for w, found in zip(self._weight, self._event, strict=True) if found == event)

    def main_event(self) -> int | None:
        """The event with most samples, the first of equals; None without samples."""
        if not self.events:
            return None
        counts = [0] * len(self.events)
        for n, event in zip(self._count, self._event, strict=True):
            counts[event] += n
        return max(range(len(counts)), key=lambda event: (counts[event], -event))

    def find_event(self, name: str) -> int | None:
        """The index of the event of that name, or of the only one whose name begins with it and a colon."""
        if name in self._event_ids:
            return self._event_ids[name]
        near = [index for index, event in enumerate(self.events) if event.name.startswith(f"{name}:")]
        return near[0] if len(near) == 1 else None

    def self_weights(self, event: int) -> array[float]:
        """For each node of the tree the weight of the samples that were taken there."""
        found = array("d", bytes(8 * len(self.tree)))
        for kind, stack, weight in zip(self._event, self._stack, self._weight, strict=True):
            if kind == event and stack != ROOT:
                found[stack] += weight
        return found

    def total_weights(self, event: int) -> array[float]:
        """For each node of the tree the weight of the samples that were taken there or below."""
        found = self.self_weights(event)
        parents = self.tree.parents
        for node in range(len(parents) - 1, -1, -1):
            parent = parents[node]
            if parent != ROOT:
                found[parent] += found[node]
        return found
