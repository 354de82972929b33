"""What a viewer that starts with a fresh terminal is told."""

from __future__ import annotations

from perilune.vt import Terminal


def test_a_fresh_terminal_has_changed_for_those_who_saw_nothing_only():
    terminal = Terminal(10, 3)
    assert terminal.changed_rows(0) == [0, 1, 2]
    assert terminal.changed_rows(-1) == [0, 1, 2]
    assert terminal.changed_rows(terminal.seqno) == []


def test_the_first_change_names_its_row_alone():
    terminal = Terminal(10, 3)
    since = terminal.seqno
    terminal.feed(b"a")
    assert terminal.changed_rows(since) == [0]
    terminal.feed(b"\r\n\nb")
    assert terminal.changed_rows(since) == [0, 2]
