"""The state machine: from each state, what each kind of byte does, as Paul Williams drew it."""

from __future__ import annotations

import pytest

from perilune.vt import Terminal

# Inputs that leave the parser in the state of that name, with nothing carried out.
STATES = {
    "escape": b"\x1b",
    "escape intermediate": b"\x1b#",
    "csi entry": b"\x1b[",
    "csi param": b"\x1b[1;2",
    "csi private": b"\x1b[?1",
    "csi intermediate": b"\x1b[1$",
    "csi ignore": b"\x1b[1?2",
    "dcs entry": b"\x1bP",
    "dcs param": b"\x1bP1;2",
    "dcs intermediate": b"\x1bP1$",
    "dcs ignore": b"\x1bP1?2",
    "dcs passthrough": b"\x1bP1$qm",
    "osc string": b"\x1b]2;t",
    "sos string": b"\x1bXtext",
    "pm string": b"\x1b^text",
    "apc string": b"\x1b_Gtext",
}
SEQUENCES = {name: data for name, data in STATES.items() if "string" not in name and "dcs" not in name}


def fed(data: bytes) -> Terminal:
    terminal = Terminal(20, 3)
    terminal.feed(data)
    return terminal


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
@pytest.mark.parametrize("byte", [b"\x18", b"\x1a"], ids=["CAN", "SUB"])
def test_can_and_sub_leave_any_state(state: bytes, byte: bytes) -> None:
    terminal = fed(state + byte + b"text")
    assert terminal.text()[0] == "text"
    assert (terminal.title, terminal.take_output()) == ("", b"")


@pytest.mark.parametrize("state", STATES.values(), ids=STATES)
def test_esc_begins_anew_in_any_state(state: bytes) -> None:
    terminal = fed(state + b"\x1b[2;3Hx")
    assert terminal.text()[:2] == ["", "  x"]
    assert (terminal.title, terminal.take_output()) == ("", b"")


@pytest.mark.parametrize("state", SEQUENCES.values(), ids=SEQUENCES)
def test_controls_are_carried_out_within_a_sequence(state: bytes) -> None:
    terminal = fed(b"ab" + state + b"\r\n\t")
    assert (terminal.cursor.row, terminal.cursor.col) == (1, 8)


@pytest.mark.parametrize(
    "name", [name for name in STATES if name.startswith(("dcs", "sos", "pm", "apc", "osc"))]
)
def test_controls_are_no_controls_within_a_string(name: str) -> None:
    terminal = fed(b"ab" + STATES[name] + b"\r\n\t\x08")
    assert (terminal.cursor.row, terminal.cursor.col) == (0, 2)


@pytest.mark.parametrize("state", SEQUENCES.values(), ids=SEQUENCES)
def test_del_is_ignored_within_a_sequence(state: bytes) -> None:
    assert fed(state + b"\x7f\x18x").text()[0] == "x"
    assert fed(b"\x1b[2\x7fCx").text()[0] == "  x"


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        (b"\x1b[1?2Hx", "x"),  # a prefix behind a parameter
        (b"\x1b[1$2Hx", "x"),  # a parameter behind an intermediate
        (b"\x1b[!\"#$%&'px", "x"),  # too many intermediates
        (b"\x1b[?>5hx", "x"),  # two prefixes
        (b"\x1b[99999999999999999999Cx", " " * 19 + "x"),
        (b"\x1b[;;;;3Cx", " x"),
        (b"\x1b[" + b"1;" * 40 + b"mx", "x"),
        (b"\x1b(", ""),
        (b"\x1b(\x1b[Cx", " x"),
        (b"\x1bP1$2q\x1b\\x", "x"),
        (b"\x1b]\x07x", "x"),
        (b"\x1b]999999999999;\x1b\\x", "x"),
        ("\x1b[3é".encode(), "é"),  # text ends a sequence
        (b"\x1b]2;t\x9cx\x1b\\y", "y"),  # no 8-bit ST unless asked for
    ],
)
def test_malformed_sequences_mean_nothing(data: bytes, shown: str) -> None:
    terminal = fed(data)
    assert terminal.text()[0] == shown
    assert terminal.take_output() == b""


def test_too_many_parameters_are_counted_and_the_rest_is_carried_out() -> None:
    terminal = fed(b"\x1b[1" + b";1" * 31 + b";3mx")
    assert terminal.dropped == 1
    assert (terminal.cell(0, 0).bold, terminal.cell(0, 0).italic) == (True, False)
