"""`start --verify-callbacks` in the whole program: titles are checked beside the frames, and nothing is held up."""

from __future__ import annotations

import logging
from functools import partial

import inproc_session
import pytest

CONFIG = """
local wezterm = require 'wezterm'
wezterm.on('format-tab-title', function(tab, tabs, panes, config, hover)
  return '[' .. tab.tab_index .. (hover and '!' or '') .. tab.active_pane.title .. %s .. ']'
end)
return {}
"""


@pytest.fixture
def verified(start, monkeypatch):
    options = partial(inproc_session.StartOptions, verify_callbacks=True)
    monkeypatch.setattr(inproc_session, "StartOptions", options)
    return start


def test_pure_titles_are_compared_and_agree(verified):
    session = verified(CONFIG % "''")
    session.until_text("[0")
    session.program.print("\x1b]2;hello\x07")
    session.until_text("[0hello]")
    session.screen.mouse(0, 1)
    session.screen.mouse(4, 4)
    session.settle()
    assert session.probe("titles_verified") > 3
    assert session.probe("titles_differing") == 0
    assert session.probe("bars_differing") == 0


def test_callbacks_that_ask_the_program_do_not_lock_it(verified):
    session = verified(CONFIG % "#wezterm.mux.all_windows()")
    session.until_text("$")
    session.until_text("1]")
    session.settle()
    assert session.probe("titles_verified") > 0
    assert session.probe("titles_differing") == 0


def test_stateful_titles_are_named_instead(verified, caplog, monkeypatch):
    monkeypatch.setattr(logging.getLogger("perilune"), "propagate", True)
    caplog.set_level(logging.WARNING, "perilune")
    session = verified("count = 0\n" + CONFIG % "(function() count = count + 1 return count end)()")
    session.until_text("[0")
    session.settle()
    assert session.probe("titles_verified") == 0
    assert any("cannot be verified" in record.getMessage() for record in caplog.records)
