"""What `perf script` prints is read as it was meant."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from profile_samples import Sample, Style, print_perf, read_perf, refused, rows_of, samples, styles

from perilune.profiler.errors import CaptureError
from perilune.profiler.importers import Reading, perf, read_capture
from perilune.profiler.importers.perf import parse_frame
from perilune.profiler.model import Frame, Thread


@settings(max_examples=150, deadline=None)
@given(samples(), styles())
def test_printed_samples_are_read_back(found: list[Sample], style: Style) -> None:
    profile, _ = read_perf(print_perf(found, style))
    expected: dict[object, tuple[int, float]] = {}
    for sample in found:
        thread = (
            Thread(sample.comm, sample.pid, sample.tid)
            if style.two_ids
            else Thread(sample.comm, -1, sample.tid)
        )
        key = (sample.event, thread, sample.frames)
        count, weight = expected.get(key, (0, 0.0))
        expected[key] = (count + 1, weight + (sample.period if style.period else 1))
    assert rows_of(profile) == expected


@settings(max_examples=60, deadline=None)
@given(samples(min_size=3), st.integers(1, 300))
def test_chunks_of_any_size_read_the_same(found: list[Sample], size: int) -> None:
    text = print_perf(found).encode()

    expected = rows_of(read_perf(text)[0])
    with mock.patch.object(perf, "_CHUNK", size):
        assert rows_of(read_perf(text)[0]) == expected


@settings(max_examples=60, deadline=None)
@given(samples(min_size=2), st.data())
def test_a_cut_text_gives_what_stands_before_the_cut(found: list[Sample], data: st.DataObject) -> None:
    text = print_perf(found)
    cut = data.draw(st.integers(0, len(text)))
    rows = rows_of(read_perf(text[:cut], keep_going=True)[0])
    complete = text[:cut].count("\n\n")
    before = rows_of(read_perf(text[: text.rfind("\n\n", 0, cut) + 2 if complete else 0])[0])
    # Every sample before the cut is there; the last one may be.
    assert all(rows[row][0] >= count for row, (count, _) in before.items())
    assert sum(count for count, _ in rows.values()) in {complete, complete + 1}


@settings(max_examples=100, deadline=None)
@given(samples(), st.binary(max_size=200), st.integers(0, 2000))
def test_any_bytes_are_read_or_refused_with_a_line(found: list[Sample], junk: bytes, at: int) -> None:
    text = print_perf(found).encode()
    damaged = text[:at] + junk + text[at:]
    place = refused(lambda: read_perf(damaged))
    if place is not None:
        assert 1 <= int(place.removeprefix("line ")) <= damaged.count(b"\n") + 1
    read_perf(damaged, keep_going=True)


@pytest.mark.parametrize(
    ("line", "frame"),
    [
        ("\t    55d0 main+0x10 (/usr/bin/prog)", Frame("main", "/usr/bin/prog")),
        ("\t    55d0 [unknown] (/usr/bin/prog)", Frame("[unknown]", "/usr/bin/prog")),
        ("\t    7f00 [unknown] ([unknown])", Frame("[unknown]")),
        ("\t    55d0 main", Frame("main")),
        ("\t    55d0 operator()(int) const (/lib/x (y).so)", Frame("operator()(int) const", "/lib/x (y).so")),
        ("\t    55d0 f(void (*)(int))+0x3 (/lib/x.so (deleted))", Frame("f(void (*)(int))", "/lib/x.so (deleted)")),
        ("\tffffffff81000000 do_idle+0x1 ([kernel.kallsyms])", Frame("do_idle", "[kernel.kallsyms]", kernel=True)),
        ("\t    7f1234567890", Frame("[unknown]")),
        ("\tadd", Frame("add")),
        ("\tffffffffc0500000 ext4_read+0x1 (/lib/modules/6.1/ext4.ko)", Frame("ext4_read", "/lib/modules/6.1/ext4.ko", kernel=True)),
        ("\tffffffffc0400000 nft_do_chain+0x1 ([nf_tables])", Frame("nft_do_chain", "[nf_tables]", kernel=True)),
        ("\t    7ffe __vdso_clock_gettime+0x1 ([vdso])", Frame("__vdso_clock_gettime", "[vdso]")),
        ("\t    55d0 core::fmt::write::h0123456789abcdef+0x1 (/p)", Frame("core::fmt::write", "/p")),
        ("\t    55d0 f.llvm.1234567890+0x1 (/p)", Frame("f", "/p")),
        ("\t    7f00 py::Jobs.run:/srv/app/jobs.py (/tmp/perf-123.map)", Frame("Jobs.run", "python", "/srv/app/jobs.py")),
        ("\t    7f00 Builtin:Call (/tmp/perf-99.map)", Frame("Builtin:Call", "perf.map")),
        ("\t    55d0 inner (inlined)", Frame("inner", inlined=True)),
    ],
)  # fmt: skip
def test_frames(line: str, frame: Frame) -> None:
    assert parse_frame(line.encode()) == frame


HEADERS = {
    "prog  4321 100.5:   2500 cycles:u: ": ("prog", -1, 4321, "cycles:u", 2500.0),
    "prog 4321/4322 [001] 100.500000: 2500 cycles: ": ("prog", 4321, 4322, "cycles", 2500.0),
    "prog 4321/4322  [001] 100.500000123:       1 cpu_core/cycles/P: ": ("prog", 4321, 4322, "cpu_core/cycles/P", 1.0),
    "Web Content 12  4321 100.5: cycles: ": ("Web Content 12", -1, 4321, "cycles", 1.0),
    "prog 4321 cycles: ": ("prog", -1, 4321, "cycles", 1.0),
    "prog cycles: ": ("prog", -1, -1, "cycles", 1.0),
    "cycles: ": ("", -1, -1, "cycles", 1.0),
    "prog 100.5: cycles:ppp: ": ("prog", -1, -1, "cycles:ppp", 1.0),
    " 4321/4322 100.5: cycles: ": ("", 4321, 4322, "cycles", 1.0),
    "prog  4321 [002] d.h1. 100.5: cycles: ": ("prog", -1, 4321, "cycles", 1.0),
    "prog  4321 100.5: ": ("prog", -1, 4321, "samples", 1.0),
    "prog  4321": ("prog", -1, 4321, "samples", 1.0),
    "swapper     0 [000] 100.5: sched:sched_switch: prev_comm=a prev_pid=3 ==> next_comm=b: x": ("swapper", -1, 0, "sched:sched_switch", 1.0),
}  # fmt: skip


@pytest.mark.parametrize("indent", ["\t    ", "            ", ""])
def test_however_frames_are_indented(indent: str, tmp_path: Path) -> None:
    path = tmp_path / "x"
    sample = f"java 7 cycles:\n{indent}ffffffff8103d0ca in_kernel ([kernel.kallsyms])\n{indent}7f12 Main;::run (/tmp/perf-7.map)\n\n"
    path.write_text(sample * 3)
    profile = read_capture(path, Reading())
    assert profile.meta.kind == "perf"
    assert {tuple(f.symbol for f in row[2]): n for row, (n, _) in rows_of(profile).items()} == {
        ("Main;::run", "in_kernel"): 3
    }  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_headers(header: str) -> None:
    profile, _ = read_perf(f"{header}\n\t    55d0 main+0x1 (/usr/bin/prog)\n\n")
    (row,) = rows_of(profile)
    comm, pid, tid, event, weight = HEADERS[header]
    assert row == (event, Thread(comm, pid, tid), (Frame("main", "/usr/bin/prog"),))
    assert list(rows_of(profile).values()) == [(1, weight)]


def test_events_are_kept_apart() -> None:
    profile, _ = read_perf(
        "p 1 1.0: 10 cycles:u: \n\t    55d0 f+0x1 (/p)\n\np 1 1.1: 3 page-faults:u: \n\t    55d0 f+0x1 (/p)\n\n"
    )
    assert [(e.name, e.unit) for e in profile.events] == [("cycles:u", "cycles"), ("page-faults:u", "events")]
    assert [profile.weight(i) for i in range(2)] == [10.0, 3.0]


def test_samples_without_call_chains_are_lines_of_their_own() -> None:
    profile, _ = read_perf(
        "             hot 21679 1.335478:          1 page-faults:  ffffffff817554ea elf_load+0x28a ([kernel.kallsyms])\n"
        "             hot 21679 1.335516:         38 page-faults:      7fe8ec62eb70 _start+0x0 (/usr/lib/ld.so.2)\n"
        "             hot 21679 1.335517:          2 page-faults:      7fe8ec62eb70 _start+0x0 (/usr/lib/ld.so.2)\n"
    )
    assert sorted(rows_of(profile).values()) == [(1, 1.0), (2, 40.0)]
    assert profile.meta.duration == pytest.approx(0.000039)


def test_stacks_without_headers() -> None:
    profile, _ = read_perf(
        "\n\t            1139 leaf\n\t            11ac main\n\n\n\t            11ac main\n\n"
    )
    assert {tuple(f.symbol for f in row[2]): n for row, (n, _) in rows_of(profile).items()} == {
        ("main", "leaf"): 1, ("main",): 1,
    }  # fmt: skip


def test_lines_of_source_belong_to_the_frame_above() -> None:
    profile, _ = read_perf(
        "hot  9302 1.5:   10101010 cpu-clock: \n"
        "\t            117c inl+0x2a\n  hot.c:4 (inlined)\n"
        "\t            117c mid+0x2a (/usr/bin/hot)\n  hot.c:5\n"
        "\t            1060 _start+0x20 (/usr/bin/hot)\n  ??:0\n\n"
    )
    ((_, _, stack),) = rows_of(profile)
    assert stack == (
        Frame("_start", "/usr/bin/hot"),
        Frame("mid", "/usr/bin/hot", "hot.c", 5),
        Frame("inl", "/usr/bin/hot", "hot.c", 4, inlined=True),
    )


def test_what_perf_says_of_the_recording() -> None:
    profile, _ = read_perf(
        "# ========\n# hostname : secret\n# arch : x86_64\n# nrcpus online : 2\n# cmdline : perf record -g ./p\n#\n"
        "p 1 1.0: PERF_RECORD_COMM exec: p:1/1\np 1 1.1: PERF_RECORD_LOST lost 17\n"
        "p 1 1.2: 10 cycles: \n\t    55d0 f+0x1 (/p)\n\n"
    )
    assert profile.meta.lost == 17
    assert profile.meta.host == {"arch": "x86_64", "cpus": "2"}
    assert profile.meta.command == "perf record -g ./p"
    assert len(rows_of(profile)) == 1


def test_blank_lines_may_be_missing() -> None:
    profile, _ = read_perf("p 1 1.0: 1 cycles: \n\t 55d0 f (/p)\np 1 1.1: 2 cycles: \n\t 55d0 g (/p)\n")
    assert {row[2][0].symbol: weight for row, (_, weight) in rows_of(profile).items()} == {"f": 1.0, "g": 2.0}


def test_tabs_may_have_become_blanks() -> None:
    profile, _ = read_perf(
        "p 1 1.0: 1 cycles: \n            55d0 f+0x1 (/p)\n            55d4 main+0x1 (/p)\n\n"
    )
    assert [[f.symbol for f in row[2]] for row in rows_of(profile)] == [["main", "f"]]


TWO = "p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\t 55e0 main+0x1 (/p)\n\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\nwhat is this\n\t 55d0 f+0x1 (/p)\n\n", 4),
        ("p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\n\t 55d0 g+0x1 (/p)\n\n", 4),
        ("p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\np 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\t 55e0 ma", 6),
        (TWO + "p 1 1.0: 1 cycles: \n", 5),
        (TWO + "p 1 1.0: 1 cycles: \n\t 55d0 g+0x1 (/p)\n", 6),
        (TWO + "p 1 1.0: 1 cyc", 5),
        (TWO + "p 1", 5),
    ],
)
def test_what_cannot_be_understood_is_named_by_its_line(text: str, line: int) -> None:
    with pytest.raises(CaptureError, match=rf"capture\.perf: line {line}: "):
        read_perf(text)
    profile, reading = read_perf(text, keep_going=True)
    assert reading.left_out == 1
    assert "left out: line" in reading.notes()[0]
    assert profile.samples(0) >= 1


def test_a_last_stack_that_is_whole_needs_no_empty_line() -> None:
    profile, _ = read_perf(TWO + TWO.rstrip())
    assert list(rows_of(profile).values()) == [(2, 2.0)]


def test_line_numbers_count_over_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(perf, "_CHUNK", 64)
    good = "p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n\n"
    with pytest.raises(CaptureError) as failed:
        read_perf(good * 100 + "nonsense here\n\n" + good)
    assert failed.value.place == "line 301"


def test_memories_are_bounded_and_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "".join(
        f"p 1 {n}.0: 1 cycles: \n\t 55d0 f{n % 9}+0x{n:x} (/p)\n\t 55d0 g{n % 5}+0x{n:x} (/p)\n\n"
        for n in range(300)
    )
    expected = rows_of(read_perf(text)[0])
    monkeypatch.setattr(perf, "_BODIES", 500)
    monkeypatch.setattr(perf, "_LINES", 7)
    assert rows_of(read_perf(text)[0]) == expected


def test_times_are_kept_when_asked_for() -> None:
    profile, _ = read_perf(
        "p 1 1.5: 1 cycles: \n\t 55d0 f (/p)\n\np 1 2.5: 1 cycles: \n\t 55d0 f (/p)\n\n", timed=True
    )
    assert [row.time for row in profile.rows()] == [1.5, 2.5]
