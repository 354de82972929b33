from __future__ import annotations

import pytest

from perilune.app.keys.key_tables import KeyTableEntry, KeyTableStack, LeaderState
from perilune.app.keys.listing import list_keys
from perilune.base.clock import ManualClock
from perilune.base.loop import EventLoop
from perilune.config.options import Config


@pytest.fixture
def loop():
    loop = EventLoop(ManualClock())
    yield loop
    loop.close()


def test_the_newest_table_is_asked_first_and_replacing_pops(loop):
    changes = []
    stack = KeyTableStack(loop, lambda: changes.append(stack.active_name))
    stack.activate(KeyTableEntry("one"))
    stack.activate(KeyTableEntry("two"))
    assert [entry.name for entry in stack.entries()] == ["two", "one"]
    stack.activate(KeyTableEntry("three"), replace_current=True)
    assert [entry.name for entry in stack.entries()] == ["three", "one"]
    stack.pop()
    stack.clear()
    stack.clear()
    stack.pop()
    assert changes == ["one", "two", "three", "one", None]


def test_time_outs_end_single_tables(loop):
    stack = KeyTableStack(loop, lambda: None)
    stack.activate(KeyTableEntry("short", timeout_ms=100))
    stack.activate(KeyTableEntry("long", timeout_ms=300))
    stack.activate(KeyTableEntry("for good"))
    loop.clock.advance(0.2)
    loop.run_once(0)
    assert [entry.name for entry in stack.entries()] == ["for good", "long"]
    loop.clock.advance(0.2)
    loop.run_once(0)
    assert [entry.name for entry in stack.entries()] == ["for good"]


def test_two_equal_tables_are_two(loop):
    stack = KeyTableStack(loop, lambda: None)
    first, second = KeyTableEntry("same"), KeyTableEntry("same")
    stack.activate(first)
    stack.activate(second)
    stack.remove(second)
    assert stack.entries()[0] is first


def test_a_leader_started_anew_has_its_whole_time(loop):
    leader = LeaderState(loop, lambda: None)
    leader.start(100)
    loop.clock.advance(0.08)
    leader.start(100)
    loop.clock.advance(0.08)
    loop.run_once(0)
    assert leader.is_active
    loop.clock.advance(0.03)
    loop.run_once(0)
    assert not leader.is_active


def test_show_keys_lists_what_is_in_force():
    config, problems = Config.from_mapping(
        {
            "leader": {"key": "a", "mods": "CTRL"},
            "keys": [
                {"key": "t", "mods": "CTRL|SHIFT", "action": "DisableDefaultAssignment"},
                {"key": "x", "mods": "LEADER", "action": {"SendString": "hi"}},
            ],
            "key_tables": {"mine": [{"key": "q", "action": "PopKeyTable"}]},
        }
    )
    assert not problems
    listed = list(list_keys(config))
    assert listed[0].action.name == "Leader"
    assert not [item for item in listed if not item.table and str(item.chord) == "CTRL|SHIFT+t"]
    own = next(item for item in listed if item.action.name == "SendString")
    assert not own.is_default
    assert {item.table for item in listed} >= {"", "mine", "copy_mode", "search_mode", "fallback_leader"}
    assert next(item for item in listed if item.table == "fallback_leader").is_default
