"""OSC, DCS and reports: events, replies, and what is never answered."""

from __future__ import annotations

import base64
import binascii

import pytest

from perilune.vt import Terminal, TerminalSettings
from perilune.vt import events as ev
from perilune.vt.color_requests import parse_color
from perilune.vt.settings import ColorTable

COLORS = ColorTable(tuple((index, 0, 0) for index in range(256)), (200, 200, 200), (1, 2, 3), (9, 8, 7))
SETTINGS = TerminalSettings(colors=COLORS, cell_width_px=8, cell_height_px=16)


def events(data: str) -> list[ev.TerminalEvent]:
    terminal = Terminal(20, 4)
    terminal.feed(data.encode())
    return terminal.take_events()


def reply(data: str, settings: TerminalSettings = SETTINGS) -> bytes:
    terminal = Terminal(20, 4, settings=settings)
    terminal.feed(data.encode())
    return terminal.take_output()


@pytest.mark.parametrize("end", ["\x07", "\x1b\\"])
@pytest.mark.parametrize(
    ("osc", "expected"),
    [
        ("2;a title", [ev.TitleChanged("a title")]),
        ("0;both", [ev.IconTitleChanged("both"), ev.TitleChanged("both")]),
        ("1;icon", [ev.IconTitleChanged("icon")]),
        ("2;", [ev.TitleChanged("")]),
        ("2;a;b", [ev.TitleChanged("a;b")]),
        ("7;file://host/tmp", [ev.CurrentDirectory("file://host/tmp")]),
        ("9;4;0", [ev.ProgressChanged("None")]),
        ("9;4;1;42", [ev.ProgressChanged("Percentage", 42)]),
        ("9;4;2;420", [ev.ProgressChanged("Error", 100)]),
        ("9;4;3", [ev.ProgressChanged("Indeterminate")]),
        ("9;4;1;x", [ev.ProgressChanged("Percentage", 0)]),
        ("9;hello", [ev.Notification("", "hello")]),
        ("777;notify;t;b;c", [ev.Notification("t", "b;c")]),
        ("777;other;t", []),
        ("52;c;aGVsbG8=", [ev.ClipboardSet("c", b"hello")]),
        ("52;c;aGVsbG8", [ev.ClipboardSet("c", b"hello")]),
        ("52;p;!!!", [ev.ClipboardSet("p", b"")]),
        ("52;c;?", [ev.ClipboardQuery("c")]),
        ("52;c", []),
        ("1337;SetUserVar=name=dmFsdWU=", [ev.UserVarChanged("name", "value")]),
        ("1337;SetUserVar=name=***", []),
        ("1337;CurrentDir=/tmp", [ev.CurrentDirectory("/tmp")]),
        ("4242;what", []),
        ("", []),
    ],
)
def test_osc_events(osc: str, end: str, expected: list[ev.TerminalEvent]) -> None:
    assert events(f"\x1b]{osc}{end}") == expected


def test_titles_are_clean_and_bounded() -> None:
    terminal = Terminal(10, 2, settings=TerminalSettings(title_limit=5))
    terminal.feed("\x1b]2;a\tb\u0085cdefgh\x07".encode())
    assert terminal.title == "abcde"


def test_title_stack() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(b"\x1b]0;one\x07\x1b[22;0t\x1b]0;two\x07\x1b[22;2t\x1b]2;three\x07")
    terminal.feed(b"\x1b[23;2t")
    assert (terminal.title, terminal.icon_title) == ("two", "two")
    terminal.feed(b"\x1b[23;0t\x1b[23;0t")
    assert (terminal.title, terminal.icon_title) == ("one", "one")
    terminal.feed(b"\x1b[22t" * 1000)
    assert len(terminal.title_stack) <= 16


def test_an_overlong_string_is_dropped_and_counted() -> None:
    terminal = Terminal(10, 2, settings=TerminalSettings(string_limit=1000))
    terminal.feed(b"\x1b]2;" + b"x" * 2000 + b"\x07a\x1bP$q" + b"m" * 2000 + b"\x1b\\b")
    assert (terminal.title, terminal.text()[0], terminal.dropped) == ("", "ab", 2)
    assert terminal.take_output() == b""


def test_a_clipboard_transfer_over_the_limit_is_dropped() -> None:
    terminal = Terminal(10, 2, settings=TerminalSettings(clipboard_limit=10))
    terminal.feed(b"\x1b]52;c;" + base64.b64encode(b"x" * 11) + b"\x07")
    assert (terminal.take_events(), terminal.dropped) == ([], 1)


def test_undrained_queues_are_bounded() -> None:
    terminal = Terminal(10, 2)
    terminal.feed(b"\x1b]2;a\x07" * 10000)
    assert len(terminal.take_events()) < 10000
    assert terminal.dropped
    terminal.feed(b"\x1b[c" * 100000)
    assert len(terminal.take_output()) <= 1 << 20


def test_links() -> None:
    terminal = Terminal(20, 2)
    terminal.feed(
        b"\x1b]8;id=x:y=z;http://a/?q=1;2\x1b\\ab\x1b]8;;\x1b\\c\x1b]8;;http://b\x07d\x1b]8;;http://a\x07e"
    )
    first, second = terminal.cell(0, 0), terminal.cell(0, 3)
    assert (first.hyperlink, first.link_id) == ("http://a/?q=1;2", "x")
    assert terminal.cell(0, 1) == first.__class__(**{**_fields(first), "text": "b"})
    assert terminal.cell(0, 2).hyperlink is None
    assert second.hyperlink == "http://b"
    assert second.link_id not in ("", first.link_id, terminal.cell(0, 4).link_id)


def _fields(cell: object) -> dict[str, object]:
    return {name: getattr(cell, name) for name in cell.__slots__}  # type: ignore[attr-defined]


def test_many_links_are_bounded() -> None:
    terminal = Terminal(20, 2)
    terminal.feed(b"".join(b"\x1b]8;;http://%d\x1b\\x" % number for number in range(40000)))
    assert terminal.dropped
    terminal.feed(b"\x1b]8;;" + b"x" * 100000 + b"\x1b\\y")
    assert terminal.cell(terminal.cursor.row, terminal.cursor.col - 1).hyperlink is None


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("\x1b[c", b"\x1b[?65;1;4;6;9;15;18;21;22;28;52c"),
        ("\x1bZ", b"\x1b[?65;1;4;6;9;15;18;21;22;28;52c"),
        ("\x1b[1c", b""),
        ("\x1b[>c", b"\x1b[>64;388;0c"),
        ("\x1b[=c", b"\x1bP!|00000000\x1b\\"),
        ("\x1b[5n", b"\x1b[0n"),
        ("\x1b[2;3H\x1b[6n", b"\x1b[2;3R"),
        ("\x1b[2;3H\x1b[?6n", b"\x1b[?2;3;1R"),
        ("\x1b[2;3r\x1b[?6h\x1b[2;1H\x1b[6n", b"\x1b[2;1R"),
        ("\x1b[?996n", b"\x1b[?997;1n"),
        ("\x1b[>q", b"\x1bP>|Perilune 0.1.0\x1b\\"),
        ("\x1b[?u", b"\x1b[?0u"),
        ("\x1b[18t", b"\x1b[8;4;20t"),
        ("\x1b[14t", b"\x1b[4;64;160t"),
        ("\x1b[16t", b"\x1b[6;16;8t"),
        ("\x1b[21t", b""),
        ("\x1b[20t", b""),
        ("\x1b[4$p", b"\x1b[4;2$y"),
        ("\x1b[99$p", b"\x1b[99;0$y"),
        ("\x1b[?2026$p", b"\x1b[?2026;2$y"),
        ("\x1b[?2027$p", b"\x1b[?2027;3$y"),
        ("\x1b[?25$p", b"\x1b[?25;1$y"),
        ("\x1b[?4242$p", b"\x1b[?4242;0$y"),
        ("\x1b[x", b"\x1b[2;1;1;128;128;1;0x"),
        ("\x1bP$qm\x1b\\", b"\x1bP1$r0m\x1b\\"),
        ("\x1b[1;4:3;31;48:2::1:2:3m\x1bP$qm\x1b\\", b"\x1bP1$r0;1;4:3;31;48:2::1:2:3m\x1b\\"),
        ("\x1b[95;48;5;200;58;5;3m\x1bP$qm\x1b\\", b"\x1bP1$r0;95;48:5:200;58:5:3m\x1b\\"),
        ("\x1b[2;3r\x1bP$qr\x1b\\", b"\x1bP1$r2;3r\x1b\\"),
        ("\x1b[4 q\x1bP$q q\x1b\\", b"\x1bP1$r4 q\x1b\\"),
        ("\x1bP$qzz\x1b\\", b"\x1bP0$r\x1b\\"),
        ("\x1b]4;7;?\x1b\\", b"\x1b]4;7;rgb:0707/0000/0000\x1b\\"),
        ("\x1b]4;7;#102030;7;?\x1b\\", b"\x1b]4;7;rgb:1010/2020/3030\x1b\\"),
        ("\x1b]10;?\x1b\\", b"\x1b]10;rgb:c8c8/c8c8/c8c8\x1b\\"),
        ("\x1b]10;?;?\x1b\\", b"\x1b]10;rgb:c8c8/c8c8/c8c8\x1b\\\x1b]11;rgb:0101/0202/0303\x1b\\"),
        ("\x1b]11;rgb:f/f/f\x07\x1b]11;?\x1b\\\x1b]111\x07\x1b]11;?\x1b\\",
         b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\\x1b]11;rgb:0101/0202/0303\x1b\\"),
        ("\x1b]12;?\x1b\\", b"\x1b]12;rgb:0909/0808/0707\x1b\\"),
        ("\x1b]52;c;?\x1b\\", b"\x1b]52;c;\x1b\\"),
        ("\x1b]52;;?\x07", b"\x1b]52;c;\x07"),
        ("\x1b]52;p0;?\x07", b"\x1b]52;p;\x07"),
        ("\x1b]10;?\x07", b"\x1b]10;rgb:c8c8/c8c8/c8c8\x07"),
        ("\x1b]4;7;?;7;?\x07", b"\x1b]4;7;rgb:0707/0000/0000\x07" * 2),
        ("\x1b]21;3=?;cursor_text=?;moon=?\x07", b"\x1b]21;3=rgb:03/00/00;cursor_text=\x07"),
    ],
)  # fmt: skip
def test_replies(data: str, expected: bytes) -> None:
    assert reply(data) == expected


def test_unconfigured_queries_stay_unanswered() -> None:
    silent = TerminalSettings(enable_kitty_keyboard=False)
    assert reply("\x1b]4;1;?\x1b\\\x1b]10;?\x1b\\\x1b[?996n\x1b[?u", silent) == b""


def test_replies_come_in_the_order_of_the_queries() -> None:
    assert reply("\x1b[5n\x1b]10;?\x1b\\\x1b[5n") == b"\x1b[0n\x1b]10;rgb:c8c8/c8c8/c8c8\x1b\\\x1b[0n"


def test_capabilities() -> None:
    def ask(name: bytes) -> bytes:
        return reply("\x1bP+q" + binascii.hexlify(name).decode() + "\x1b\\")

    assert ask(b"Co") == b"\x1bP1+r436f=323536\x1b\\"
    assert ask(b"rm -rf") == b"\x1bP0+r\x1b\\"
    assert reply("\x1bP+qzz\x1b\\") == b""


def test_the_exit_status_of_a_command() -> None:
    terminal = Terminal(20, 4)
    terminal.feed(b"\x1b]133;D;3\x07")
    assert terminal.last_exit_status == 3


def test_semantic_zones() -> None:
    terminal = Terminal(20, 4)
    terminal.feed(b"x\x1b]133;A\x07$ \x1b]133;B\x07ls\r\n\x1b]133;C\x07out\r\n\x1b]133;D;0\x07")
    assert terminal.text() == ["x", "$ ls", "out", ""]
    assert [terminal.cell(1, col).zone for col in (0, 2)] == ["prompt", "input"]
    assert terminal.cell(2, 0).zone == "output"
    assert terminal.prompt_rows() == [1]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rgb:1/2/3", (17, 34, 51)),
        ("rgb:0102/0304/ffff", (1, 3, 255)),
        ("rgba:ff/00/00/80", (255, 0, 0)),
        ("#abc", (160, 176, 192)),
        ("#aabbcc", (170, 187, 204)),
        ("#aaabbbccc", (170, 187, 204)),
        ("#aaaabbbbcccc", (170, 187, 204)),
        ("#ab", None),
        ("rgb:1/2", None),
        ("", None),
    ],
)
def test_color_specifications(text: str, expected: tuple[int, int, int] | None) -> None:
    assert parse_color(text) == expected
