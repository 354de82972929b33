"""The host's bytes in any pieces give the same events, and no bytes raise."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from perilune.tui.input_parser import InputParser

PIECES = [
    b"a", b"A", b"\x1b", b"\x1b[", b"\x1bO", b"\x1b[A", b"\x1b[1;5C", b"\x1b[97:65;2:1;65u", b"\x1b[27;5;105~",
    b"\x1b[<0;10;20M", b"\x1b[<35;10;20m", b"\x1b[M", b"\x1b[200~", b"\x1b[201~", b"\x1b[I", b"\x1b[?62;4c",
    b"\x1b[?2026;2$y", b"\x1b]10;rgb:ffff/ffff/ffff\x1b\\", b"\x1b]11;x\x07", b"\x1bP1+r524742=38\x1b\\", b"\x1bP",
    b"\x1b]", b"\r\n", b"\r", b"\x00", b"\x7f", b"\x18", b"\x9b", b"\xff", b"\xe2\x94\x80", b"\xe2\x94", b"\xf0\x9f",
    "漢".encode(), "🚀".encode(), b"1", b";", b":", b"~", b"u", b"$", b"[", b"\\", b"1;" * 140,
]  # fmt: skip

streams = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=25).map(b"".join)


@given(streams, st.lists(st.integers(1, 12), min_size=1, max_size=40), st.booleans())
@example(b"\x1b[" + b"1" * 300 + b"A", [1], False)
@example(b"\x1b[200~" + b"\r" + b"\n" + b"\x1b[201\x1b[201~a", [1], False)
def test_pieces_make_no_difference(data, steps, kitty):
    whole = InputParser()
    pieces = InputParser()
    whole.kitty = pieces.kitty = kitty
    expected = whole.feed(data)
    found = []
    position = 0
    turn = 0
    while position < len(data):
        step = steps[turn % len(steps)]
        found += pieces.feed(data[position : position + step])
        position += step
        turn += 1
    assert found == expected
    assert pieces.is_pending == whole.is_pending
    assert pieces.flush() == whole.flush()


@given(st.lists(st.binary(max_size=30), max_size=20), st.integers(0, 3))
def test_any_bytes_are_taken(reads, flushes):
    parser = InputParser()
    for number, data in enumerate(reads):
        parser.feed(data)
        if number % 4 < flushes:
            parser.flush()


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=50))
def test_typed_text_comes_out_as_it_went_in(text):
    parser = InputParser()
    assert "".join(event.text for event in parser.feed(text.encode())) == text


@given(
    st.text(
        st.characters(blacklist_categories=("Cs",), blacklist_characters="\r\x1b"), min_size=1, max_size=200
    )
)
def test_a_paste_comes_out_as_it_went_in(text):
    parser = InputParser()
    assert "".join(event.text for event in parser.feed(b"\x1b[200~" + text.encode() + b"\x1b[201~")) == text


@given(streams)
def test_after_a_flush_a_plain_key_is_a_key_unless_in_a_paste(data):
    parser = InputParser()
    parser.feed(data)
    parser.flush()
    if not parser._in_paste:
        (event,) = parser.feed(b"q")
        assert event.key == "q"
