"""Reads what `perf script` prints, streamed: with call chains or without, with whatever fields of a header.

A sample is a header line and a line for each frame, innermost first, up to an empty line. Headers differ with
`-F` and with what was recorded, so each field may be missing. Texts of whole stacks are remembered, then
lines of frames, so that a repeated stack costs one look-up; both memories are bounded. Addresses are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import BinaryIO

from perilune.profiler.importers.perf_frame import SOURCE, parse_frame
from perilune.profiler.importers.reading import Reading
from perilune.profiler.model import ROOT, Profile, Thread

__all__ = ["looks_like", "parse_frame", "read"]

_CHUNK = 1 << 22
_BODIES = 48 << 20  # bytes of texts of stacks that are remembered
_LINES = 400_000  # lines of frames that are remembered
_LONGEST = 64 << 20  # no sample is longer

_TIMED = re.compile(
    rb"^\s*(?:(?P<comm>\S.*?)\s+)??(?:(?P<pid>-?\d+)(?:/(?P<tid>-?\d+))?\s+(?:[KUHGg]{1,2}\s+)?)?"
    rb"(?:\[(?P<cpu>\d+)\]\s+(?:[A-Za-z.][\w.]{3,8}\s+)?)?(?P<time>\d+\.\d+):\s*(?:(?P<period>\d+)\s+)?"
    rb"(?:(?P<event>[A-Za-z_{][^\s]*?):(?:\s+|$))?(?P<rest>.*)$"
)
_UNTIMED_HEAD = (
    rb"^\s*(?:(?P<comm>\S%s)\s+)??(?:(?P<pid>-?\d+)(?:/(?P<tid>-?\d+))?\s+(?:[KUHGg]{1,2}\s+)?)?"
    rb"(?:\[(?P<cpu>\d+)\]\s+)?(?:(?P<period>\d+)\s+)?(?P<event>[A-Za-z_{][^\s]*?):(?P<time>)"
)
_UNTIMED = re.compile(_UNTIMED_HEAD % rb".*?" + rb"(?:\s+|$)(?P<rest>.*)$")
# Names of threads may hold ": "; the kernel keeps 15 bytes of them.
_UNTIMED_WHOLE = re.compile(_UNTIMED_HEAD % rb".{0,14}?" + rb"\s*(?P<rest>)$")
_BARE = re.compile(
    rb"^(?P<comm>\S.*?)\s+(?P<pid>-?\d+)(?:/(?P<tid>-?\d+))?\s*(?:\[(?P<cpu>\d+)\]\s*)?"
    rb"(?P<time>)(?P<period>)(?P<event>)(?P<rest>)$"
)
_LONE = re.compile(
    rb"^\s*(?:(?P<pid>\d+)(?:/(?P<tid>\d+))?|\[(?P<cpu>\d+)\]|(?P<comm>\S.{0,14}?))"
    rb"(?P<time>)(?P<period>)(?P<event>)(?P<rest>)\s*$"
)
_PERIOD = re.compile(rb"(?:^|\s)(\s*\d+)\s+[A-Za-z_{]\S*?:\s*$")
_PERIOD_WIDTH = 10
_EXTRA = re.compile(rb"^ ?(?:insn: |ilen: |ABI:\d)")  # of the sample, after its stack
_ADDRESS = re.compile(rb"^\t *[0-9a-f]+(?:\s|$)")
_FRAME = re.compile(rb"^\s*[0-9a-f]+ +\S")
_WITH_MODULE = re.compile(rb"^\s*[0-9a-f]+ +\S.*\(.*\)\s*$")
_LOST = re.compile(rb"PERF_RECORD_LOST(?:_SAMPLES)?:? +(?:lost )?(\d+)")
_UNITS = {"cpu-clock": "ns", "task-clock": "ns", "cycles": "cycles", "cpu-cycles": "cycles"}
_FACTS = {b"arch": "arch", b"nrcpus online": "cpus", b"cpudesc": "cpu", b"perf version": "perf"}


def looks_like(lines: Sequence[bytes]) -> bool:
    """Whether these first lines of a text are from `perf script`."""
    if any(_ADDRESS.match(line) for line in lines[:50]):
        return True
    if len(lines) > 1 and _header(lines[0]) and _WITH_MODULE.match(lines[1]):
        return True  # blanks for tabs, or nothing
    timed = 0
    for line in lines:
        match = _header(line)
        timed += match is not None and bool(match["event"] or _FRAME.match(match["rest"]))
    return 0 < len(lines) <= 2 * timed


def read(source: BinaryIO, profile: Profile, reading: Reading) -> None:
    """Enter every sample of a text.

    Raises:
        CaptureError: a line cannot be understood, and `reading` does not say to keep going.
    """
    _PerfText(profile, reading).read(source)


class _PerfText:
    """One text. `_bodies` and `_frames` are the memories; the rest is where it stands."""

    def __init__(self, profile: Profile, reading: Reading) -> None:
        self._profile = profile
        self._reading = reading
        self._bodies: dict[bytes, int | None] = {}
        self._body_bytes = 0
        self._frames: dict[bytes, int] = {}
        self._inlined: dict[tuple[bytes, int], int] = {}
        self._threads: dict[tuple[bytes | None, bytes | None, bytes | None], int] = {}
        self._events: dict[bytes, int] = {}
        self._first = float("inf")
        self._last = float("-inf")
        self._headers = 0
        self._modules = 0
        self._lone: bool | None = None  # whether headers are the names of threads alone
        self._stackless: set[bytes] = set()  # events whose samples come without stacks, or some do
        self._line = 1  # of the first byte of the chunk at hand
        self._chunk = b""

    def read(self, source: BinaryIO) -> None:
        """Read to the end."""
        rest = b""
        while chunk := source.read(_CHUNK):
            self._reading.progress(len(chunk))
            rest = (rest + chunk).replace(b"\r\n", b"\n") if b"\r" in chunk else rest + chunk
            if len(rest) < _CHUNK:
                continue
            cut = _cut(rest)
            if cut < 0 and len(rest) > _LONGEST:
                self._reading.problem(f"line {self._line}", "a sample without an end")
                cut = len(rest)
            if cut > 0:
                self._take(rest[:cut])
                rest = rest[cut:]
        # What may be cut off is looked at when all before it is known.
        cut = rest.rfind(b"\n\n") + 2 if b"\n\n" in rest else 0
        self._take(rest[:cut])
        if rest[cut:].strip():
            self._take(self._end(rest[cut:]))
        if self._first <= self._last:
            self._profile.meta.duration = self._last - self._first

    def _end(self, text: bytes) -> bytes:
        """What can be read of a text after which no empty line stands: nothing of a sample that was cut off.

        Stacks are printed from the innermost frame, so a cut takes away where a stack comes from.
        """
        self._chunk = text
        whole, _, last = text.rpartition(b"\n")
        closed = last.rstrip().endswith(b")") or not last.strip() or last.startswith(b"#")
        closed = closed or b"PERF_RECORD_" in last
        # Frames without modules, and lines of sources, cannot tell.
        untold = last[:1] in {b"\t", b" "} and (
            not (self._modules or b")\n" in text) or self._source_line(last)
        )
        if not closed and not untold:
            self._reading.problem(self._place(len(whole) + 1), "the file ends within this line")
            return text[: max(0, _cut(text))]
        if not self._roots:
            return text
        lines = text.rstrip().split(b"\n")
        if b"\t" not in text and not _FRAME.search(lines[-1]) and not self._complete(lines[-1]):
            self._reading.problem(
                self._place(len(text.rstrip())), "the file ends before the stack of this sample"
            )
            return b"\n".join(lines[:-1])
        after = 0  # lines of a source, or of what else is printed after frames
        while not lines[-1 - after].startswith(b"\t") and (
            _EXTRA.match(lines[-1 - after]) or self._source_line(lines[-1 - after])
        ):
            after += 1
            if after == len(lines):
                return text
        outermost = lines[-1 - after]
        if outermost.startswith(b"\t") and parse_frame(outermost)[:2] not in self._roots:
            self._reading.problem(
                self._place(len(text.rstrip())), "the file ends within the stack of this sample"
            )
            return text[: max(0, _cut(text))]
        return text

    def _complete(self, line: bytes) -> bool:
        """Whether a line is a whole without a stack: perf's own record, or of an event that has no stacks."""
        match = _header(line)
        return b"PERF_RECORD_" in line or (match is not None and match["event"] in self._stackless)

    @property
    def _roots(self) -> set[tuple[str, str]]:
        """The outermost frames of the stacks so far, where stacks were printed."""
        tree, frames = self._profile.tree, self._profile.frames
        if max(tree.parents, default=ROOT) == ROOT:
            return set()
        outermost = {frame for parent, frame in zip(tree.parents, tree.frames, strict=True) if parent == ROOT}
        return {frames[frame][:2] for frame in outermost}

    def _source_line(self, line: bytes) -> bool:
        return not line.startswith(b"\t") and SOURCE.match(line) is not None

    def _place(self, offset: int) -> str:
        line = self._line + self._chunk.count(b"\n", 0, offset)
        return f"line {line}"

    def _take(self, text: bytes) -> None:
        """Enter the samples of some text that ends between samples."""
        self._chunk = text
        bodies, frames, tree = self._bodies, self._frames, self._profile.tree
        children = tree.children
        position = 0
        for block in text.split(b"\n\n"):
            head, _, body = block.partition(b"\n")
            innermost, _, callers = body.partition(b"\n")
            # The innermost address differs from sample to sample, those of the callers are call sites: their
            # text is what comes again. A line of source after the innermost frame belongs to it.
            whole = innermost[:1] != b"\t" or callers[:1] not in b"\t"
            key = body if whole else callers
            node = bodies.get(key, -2)
            if node == -2:
                node = self._remember(key)
            if node is not None and not whole:
                frame = frames.get(innermost)
                if frame is None:
                    frame = self._frame(innermost, node)
                if frame is None:
                    node = None
                else:
                    found = children.get((node, frame))
                    node = tree.child(node, frame) if found is None else found
            if node is None or head[:1] in b"\t#" or not self._sample(head, node):
                # Nothing, a frame, a comment, or more than one sample: not the usual block.
                self._slowly(block, position)
            position += len(block) + 2
        self._line += text.count(b"\n")

    def _remember(self, body: bytes) -> int | None:
        """The node of the text of a stack; None if the text is something else."""
        node = self._stack(body)
        self._body_bytes += len(body) + 120
        if self._body_bytes > _BODIES:
            self._bodies.clear()
            self._body_bytes = len(body)
        self._bodies[body] = node
        return node

    def _stack(self, body: bytes) -> int | None:
        if not body:
            return ROOT
        lines = body.split(b"\n")
        if not lines[-1]:
            lines.pop()
        if not all(line.startswith(b"\t") for line in lines):
            return self._odd_stack(lines)
        return self._walk(lines)

    def _odd_stack(self, lines: list[bytes]) -> int | None:
        """A stack with lines of sources, or whose tabs became blanks; None if there is more in it."""
        joined: list[bytes] = []
        for line in lines:
            if line.startswith(b"\t") or (_WITH_MODULE.match(line) and not _timed_event(line)):
                joined.append(line)
            elif joined and SOURCE.match(line) and b"\n" not in joined[-1]:
                joined[-1] += b"\n" + line
            elif joined and _EXTRA.match(line):
                continue
            else:
                return None
        return self._walk(joined)

    def _walk(self, lines: list[bytes]) -> int | None:
        frames = self._frames
        children = self._profile.tree.children
        node = ROOT
        for line in reversed(lines):
            frame = frames.get(line)
            if frame is None:
                frame = self._frame(line, node)
                if frame is None:
                    return None
            found = children.get((node, frame))
            node = self._profile.tree.child(node, frame) if found is None else found
        return node

    def _frame(self, line: bytes, caller: int) -> int | None:
        """The index of the frame of a line that is not remembered; None if it is none."""
        profile = self._profile
        within = None if caller == ROOT else profile.tree.frames[caller]
        inlined = b"(inlined)" in line
        if inlined and within is not None:
            frame = self._inlined.get((line, within))
            if frame is not None:
                return frame
        text, _, source = line.partition(b"\n")
        if not text.strip() or b"\0" in text:
            return None
        parsed = parse_frame(text, source, None if within is None else profile.frames[within])
        self._modules += bool(parsed.module)
        frame = profile.frame(parsed)
        if len(self._frames) + len(self._inlined) > _LINES:
            self._frames.clear()
            self._inlined.clear()
        if not inlined:
            self._frames[line] = frame
        elif within is not None:
            self._inlined[line, within] = frame
        return frame

    def _sample(self, head: bytes, node: int, *, bare: bool = False) -> bool:
        """Enter one sample, unless its header cannot be understood."""
        match = _header(head)
        if match is None:
            if b"PERF_RECORD_" in head:
                return self._record(head)
            if node != ROOT or bare:
                match = _BARE.match(head) or (_LONE.match(head) if self._lone else None)
            if match is None:
                return False
        comm, pid, tid, _cpu, *_ = match.group("comm", "pid", "tid", "cpu")
        time, period, name, rest = match.group("time", "period", "event", "rest")
        if b"PERF_RECORD_" in rest or (name and name.startswith(b"PERF_RECORD_")):
            return self._record(head)
        if pid and not (tid or time or period) and name:
            # Either is printed alone, but a period is padded to ten columns.
            number = _PERIOD.search(head)
            if number is not None and len(number[1]) >= _PERIOD_WIDTH:
                pid, period = None, pid
        if node == ROOT and name:
            self._stackless.add(name)
        if rest and node == ROOT:
            if _FRAME.match(rest) and (not name or _WITH_MODULE.match(rest) or not _tracepoint(name)):
                found = self._walk([rest])
                node = ROOT if found is None else found
            elif not name:
                return False
        elif not name and rest:
            return False
        thread = self._threads.get((comm, pid, tid))
        if thread is None:
            thread = self._thread(comm, pid, tid)
        event = self._events.get(name or b"samples")
        if event is None:
            event = self._event(name or b"samples", weighed=bool(period))
        at = 0.0
        if time:
            at = float(time)
            self._first = min(self._first, at)
            self._last = max(self._last, at)
        self._headers += 1
        self._profile.add(event, thread, node, weight=float(period) if period else 1.0, time=at)
        return True

    def _thread(self, comm: bytes | None, pid: bytes | None, tid: bytes | None) -> int:
        # perf names the thread alone where it prints one number.
        thread = Thread(
            (comm or b"").decode("utf-8", "replace"),
            int(pid) if pid and tid else -1,
            int(tid or pid or b"-1"),
        )
        index = self._threads[comm, pid, tid] = self._profile.thread(thread)
        return index

    def _event(self, name: bytes, *, weighed: bool) -> int:
        text = name.decode("utf-8", "replace")
        bare = text.partition(":")[0].rpartition("/")[2] if "/" not in text else text.split("/")[1]
        unit = (_UNITS.get(bare, "events") if weighed else "samples") if name != b"samples" else "samples"
        index = self._events[name] = self._profile.event(text, unit)
        return index

    def _record(self, head: bytes) -> bool:
        """A line about the recording itself."""
        lost = _LOST.search(head)
        if lost is not None:
            self._profile.meta.lost += int(lost[1])
        return True

    def _slowly(self, block: bytes, position: int) -> None:
        """Enter a block that is not one header and its stack: several samples, comments, or damage."""
        head: bytes | None = None
        head_at = position
        stack: list[bytes] = []
        stack_at = position
        damaged = False

        def finish() -> None:
            nonlocal head, damaged
            if head is None and not stack:
                return
            if damaged:
                pass
            elif head is None and self._headers and not self._only_stacks:
                self._reading.problem(self._place(stack_at), "frames without the header of a sample")
            else:
                if head is None:
                    self._only_stacks = True
                node = self._odd_stack(stack) if stack else ROOT
                if node is None:
                    self._reading.problem(self._place(stack_at), f"no frame: {_shown(stack[0])}")
                elif not self._sample(head or b"samples:", node):
                    self._reading.problem(
                        self._place(head_at), f"no header of a sample: {_shown(head or b'')}"
                    )
            head, damaged = None, False
            stack.clear()

        at = position
        for line in block.split(b"\n"):
            if not line.strip():
                finish()
            elif line.startswith(b"#"):
                finish()
                self._comment(line)
            elif line.startswith(b"\t") or (
                (head is not None or stack)
                and (_WITH_MODULE.match(line) or (stack and (SOURCE.match(line) or _EXTRA.match(line))))
                and not _timed_event(line)
            ):
                if not stack:
                    stack_at = at
                if line.startswith(b"\t") and b"\0" in line:
                    self._reading.problem(self._place(at), f"no frame: {_shown(line)}")
                    damaged = True
                stack.append(line)
            else:
                finish()
                if self._lone is None and not _LONE.match(line):
                    self._lone = False
                if self._is_header(line) or self._is_lone(line, block[at - position + len(line) + 1 :]):
                    head, head_at = line, at
                else:
                    self._reading.problem(self._place(at), f"no header of a sample: {_shown(line)}")
                    head, head_at, damaged = line, at, True
            at += len(line) + 1
        finish()

    _only_stacks = False

    def _is_header(self, line: bytes) -> bool:
        if b"PERF_RECORD_" in line:
            return True
        match = _header(line)
        if match is not None:
            return bool(match["event"]) or not match["rest"] or _FRAME.match(match["rest"]) is not None
        return _BARE.match(line) is not None

    def _is_lone(self, line: bytes, after: bytes) -> bool:
        """Whether it names a thread and nothing else, as the first header of the text does."""
        if self._lone is None and not self._headers and _LONE.match(line) and _ADDRESS.match(after):
            self._lone = True
        return bool(self._lone) and _LONE.match(line) is not None

    def _comment(self, line: bytes) -> None:
        key, _, value = line[1:].partition(b":")
        name, text = key.strip(), value.strip().decode("utf-8", "replace")
        if name in _FACTS and text:
            self._profile.meta.host[_FACTS[name]] = text
        elif name == b"cmdline" and text:
            self._profile.meta.command = text


def _header(line: bytes) -> re.Match[bytes] | None:
    return _TIMED.match(line) or _UNTIMED_WHOLE.match(line) or _UNTIMED.match(line)


def _timed_event(line: bytes) -> bool:
    match = _TIMED.match(line)
    return match is not None and bool(match["event"])


def _tracepoint(name: bytes) -> bool:
    return re.fullmatch(rb"[\w-]+:[a-z]\w{3,}", name) is not None


def _cut(text: bytes) -> int:
    """Where the last sample that is complete ends; -1 if there is none yet."""
    cut = text.rfind(b"\n\n")
    if cut >= 0:
        return cut + 2
    if b"\n\t" not in text:  # lines that are samples; the last one may be a header, whose stack is to come
        return text.rfind(b"\n", 0, max(0, text.rfind(b"\n"))) + 1 or -1
    starts: Iterable[re.Match[bytes]] = re.finditer(rb"\n(?=\S)", text)
    last = -1
    for start in starts:
        last = start.end()
    return last


def _shown(line: bytes) -> str:
    text = line.decode("utf-8", "replace").strip()
    return repr(text if len(text) <= 60 else f"{text[:57]}...")
