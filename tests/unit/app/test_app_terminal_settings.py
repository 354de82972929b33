"""What a configuration tells terminals."""

from __future__ import annotations

import pytest

from perilune.app.terminal_settings import terminal_settings
from perilune.config.options import Config
from perilune.vt import Terminal


def first_widths(config: Config, text: str) -> list[int]:
    terminal = Terminal(10, 1, settings=terminal_settings(config, None))
    terminal.feed(text.encode())
    return [cell.width for cell in terminal.cells_of_row(0)[:2]]


@pytest.mark.parametrize(
    ("config", "text", "widths"),
    [
        (Config(), "\u263a\ufe0f", [2, 0]),
        (Config(unicode_version=9), "\u263a\ufe0f", [1, 1]),
        (Config(unicode_version=14), "\u263a\ufe0f", [2, 0]),
        (Config(), "\u00b1", [1, 1]),
        (Config(treat_east_asian_ambiguous_width_as_wide=True), "\u00b1", [2, 0]),
    ],
)
def test_widths(config: Config, text: str, widths: list[int]) -> None:
    assert first_widths(config, text) == widths


def test_output_is_composed_where_that_is_configured() -> None:
    terminal = Terminal(10, 1, settings=terminal_settings(Config(normalize_output_to_unicode_nfc=True), None))
    terminal.feed("e\u0301".encode())
    assert terminal.text() == ["\u00e9"]


def test_kitty_graphics_may_be_switched_off() -> None:
    ask = b"\x1b_Ga=q,i=1,f=24,s=1,v=1;AAAA\x1b\\"
    for config, answer in (
        (Config(), b"\x1b_Gi=1;OK\x1b\\"),
        (Config(enable_kitty_graphics=False), b""),
    ):
        terminal = Terminal(10, 1, settings=terminal_settings(config, None))
        terminal.feed(ask)
        assert terminal.take_output() == answer
