"""Whatever fields `perf script -F` was asked for, the samples are the same."""

from __future__ import annotations

import pytest
from profile_samples import read_perf, rows_of

from perilune.profiler.errors import CaptureError
from perilune.profiler.importers.perf import looks_like, parse_frame
from perilune.profiler.importers.rust_names import demangle_rust
from perilune.profiler.model import Frame, Thread

STACK = "\t    55d0 f+0x1 (/p)\n\t    55e0 main+0x1 (/p)\n"


@pytest.mark.parametrize(
    ("header", "thread", "event", "weight"),
    [
        ("deep ", Thread("deep"), "samples", 1.0),
        ("Web Content ", Thread("Web Content"), "samples", 1.0),
        ("  4321 ", Thread("", -1, 4321), "samples", 1.0),
        ("4321/4322 ", Thread("", 4321, 4322), "samples", 1.0),
        ("[003] ", Thread(), "samples", 1.0),
        ("   1001001 cycles: ", Thread(), "cycles", 1001001.0),
        ("deep    1001001 cycles: ", Thread("deep"), "cycles", 1001001.0),
        (" 4321 cycles: ", Thread("", -1, 4321), "cycles", 1.0),
        ("deep  4321 U     100.5:       7 cycles:u: ", Thread("deep", -1, 4321), "cycles:u", 7.0),
        ("deep  4321 K  [001] 100.5: cycles: ", Thread("deep", -1, 4321), "cycles", 1.0),
        ("x: y 4321 cycles:u: ", Thread("x: y", -1, 4321), "cycles:u", 1.0),
        ("p 7 sched:sched_switch: arg=12: 34 cycles:", Thread("p", -1, 7), "sched:sched_switch", 1.0),
    ],
)  # fmt: skip
def test_headers_of_few_fields(header: str, thread: Thread, event: str, weight: float) -> None:
    text = f"{header}\n{STACK}\n" * 2
    assert looks_like(text.encode().split(b"\n"))
    profile, _ = read_perf(text)
    (row,) = rows_of(profile)
    assert row == (event, thread, (Frame("main", "/p"), Frame("f", "/p")))
    assert list(rows_of(profile).values()) == [(2, 2 * weight)]


def test_one_header_of_few_fields_does_not_excuse_damage() -> None:
    good = f"p 1 1.0: 1 cycles: \n{STACK}\n"
    with pytest.raises(CaptureError, match="line 5: no header"):
        read_perf(f"{good}damage\n{STACK}\n{good}")
    with pytest.raises(CaptureError, match="line 1: no header"):
        read_perf(f"a line that is too long for the name of a thread\n{STACK}\n{good}")


def test_the_kernel_has_no_lines_of_source() -> None:
    profile, _ = read_perf(
        "p 1 1.0: 1 cycles: \n\tffffffff817554ea elf_load+0x28a ([kernel.kallsyms])\n"
        "  [kernel.kallsyms][ffffffff817554ea]\n\t    55d0 start+0x1 (/ld.so)\n  :0\n\t   7f00 x+0x1 (/ld.so)\n  ??:0\n\n"
    )
    ((_, _, stack),) = rows_of(profile)
    assert [f.symbol for f in stack] == ["x", "start", "elf_load"]
    assert [f.line for f in stack] == [0, 0, 0]


@pytest.mark.parametrize("extra", [" insn: 89 c2 0f", " ilen: 2", "ABI:2    AX:0xfdff3d86    BX:0x5556"])
@pytest.mark.parametrize("gap", ["", "\n"])
def test_what_stands_after_a_stack_is_no_sample(extra: str, gap: str) -> None:
    profile, _ = read_perf(f"p 1 1.0: 1 cycles: \n{STACK}{extra}\n{gap}" * 3)
    assert [event.name for event in profile.events] == ["cycles"]
    assert profile.samples(0) == 3


def test_a_text_may_end_with_what_has_no_stack() -> None:
    for last in (
        "p 1 9.0: PERF_RECORD_EXIT(1:1):(0:0)\n",
        "p 1 9.0: PERF_RECORD_MMAP2 1/1: [0x5(0x1) @ 0 00:00 0 0]: r-xp [vdso]\n",
    ):
        profile, _ = read_perf(f"p 1 1.0: 1 cycles: \n{STACK}\n{last}")
        assert profile.samples(0) == 1
    switch = "p 1 1.5: sched:sched_switch: prev_comm=a prev_pid=3 ==> next_comm=b next_pid=4\n"
    profile, _ = read_perf(f"{switch}p 1 1.6: 1 cycles: \n{STACK}\n{switch}")
    assert [profile.samples(i) for i in range(2)] == [2, 1]


def test_addresses_alone_are_stacks() -> None:
    text = "\n\t            12c7\n\t            12e4\n\n\n\t            12c7\n\n"
    assert looks_like(text.encode().split(b"\n"))
    profile, _ = read_perf(text)
    assert profile.samples(0) == 2


@pytest.mark.parametrize(
    ("line", "symbol"),
    [
        ("\t 1d00 a::(anonymous namespace)::Box<double>::operator()", "a::(anonymous namespace)::Box<double>::operator()"),
        ("\t 1d00 f(int)", "f(int)"),
        ("\t 1d00 (/lib/libc-2.15.so)", "[unknown]"),
        ("\t 1d00 f(void (*)(int))", "f(void (*)(int))"),
        ("\t 1d00 <impl Foo for Bar>::baz::{{closure}}::h0123456789abcdef+0x2 (/p)", "<impl Foo for Bar>::baz::{{closure}}"),
        ("\t 1d00 _ZN4mlua5table5Table7raw_set17h0123456789abcdefE+0x2 (/p)", "mlua::table::Table::raw_set"),
        ("\t 1d00 _$LT$u8$u20$as$u20$core..clone..Clone$GT$::clone::h0123456789abcdef+0x2 (/p)", "<u8 as core::clone::Clone>::clone"),
        ("\t 1d00 luaV_execute.cold+0x2 (/p)", "luaV_execute.cold"),
    ],
)  # fmt: skip
def test_symbols(line: str, symbol: str) -> None:
    assert parse_frame(line.encode()).symbol == symbol


@pytest.mark.parametrize(
    "symbol", ["_ZN3foo3barEv", "_ZN", "_ZN99x", "cost$", "a$u1$b", "_ZN1a17h0123456789abcdef"]
)
def test_other_names_stay_as_they_are(symbol: str) -> None:
    assert demangle_rust(symbol) == symbol


def test_a_text_cut_between_a_line_of_source_and_the_next_frame_is_cut() -> None:
    whole = "p 1 1.0: 1 cycles: \n\t 55d0 f+0x1 (/p)\n  f.c:4\n\t 55e0 main+0x1 (/p)\n  f.c:9\n\n"
    cut = whole[: whole.index("\t 55e0")]
    with pytest.raises(CaptureError, match="line 9: the file ends within the stack"):
        read_perf(whole + cut)
    profile, reading = read_perf(whole + cut, keep_going=True)
    assert (profile.samples(0), reading.left_out) == (1, 1)
    assert read_perf(whole + whole.rstrip())[0].samples(0) == 2
