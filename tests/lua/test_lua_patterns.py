"""Library functions that could run away in C: the matcher in Lua does what C does, and everything ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lua_fakes import LuaDriver

from perilune.lua.state import Budgets


@pytest.fixture(scope="module")
def shared() -> Iterator[LuaDriver]:
    driver = LuaDriver(budgets=Budgets(event=1_000_000))
    driver.run("")
    yield driver
    driver.close()


def _outcomes(driver: LuaDriver, *values: object) -> list[Any]:
    state = driver.host._state
    assert state is not None

    def compare(done: Callable[..., None]) -> None:
        def call() -> None:
            values_found, error = state.direct("compare_matchers", values, "a comparison")
            driver.posted.put(lambda: done(values_found, error))

        driver.host._queue.put(call)

    found, error = driver.wait(compare)
    assert error is None, error
    outcome: list[Any] = found
    return outcome


def _plain(outcome: Any) -> Any:
    """The values; of an error only that it is one (its place differs, and C may give up later)."""
    values = dict(enumerate(outcome, 1)) if isinstance(outcome, list) else dict(outcome)
    values.pop("n", None)
    return "error" if values.get(1) is False else values


LETTERS = st.sampled_from("aab1 .")
SINGLE = st.sampled_from(
    [
        "a",
        "b",
        ".",
        "%a",
        "%d",
        "%s",
        "%w",
        "%W",
        "%.",
        "[ab]",
        "[^a]",
        "[a-b1]",
        "[%d%s]",
        "[]a]",
        "[a-]",
        "%%",
        "1",
    ]
)
ITEM = st.one_of(
    st.builds(str.__add__, SINGLE, st.sampled_from(["", "", "*", "+", "-", "?"])),
    st.sampled_from(["()", "%b()", "%ba1", "%f[a]", "%f[%W]"]),
)
GROUP = st.recursive(
    st.lists(ITEM, max_size=3).map("".join),
    lambda inner: st.builds("{}({}){}".format, inner, inner, inner),
    max_leaves=4,
)
PATTERN = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "^"]),
    GROUP,
    st.sampled_from(["", "", "%1", "%2", "(", ")", "[", "%"]),
    st.sampled_from(["", "", "$"]),
)
REPLACEMENT = st.sampled_from(["x", "", "<%0>", "%1", "%2%%", "%", {"a": "A", "b": False}])


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(LETTERS, max_size=7), PATTERN, REPLACEMENT, st.integers(-3, 9))
def test_the_matcher_in_lua_does_what_c_does(
    shared: LuaDriver, subject: str, pattern: str, replacement: object, init: int
) -> None:
    found = _outcomes(shared, subject, pattern, replacement, init)
    fast, slow = [_plain(item) for item in found[::2]], [_plain(item) for item in found[1::2]]
    # What is malformed is always an error in Lua; C finds it only on the way.
    for by_c, by_lua in zip(fast, slow, strict=True):
        assert by_lua in ("error", by_c)


RUNAWAYS = [
    "(('a'):rep(30)):find(('a?'):rep(30) .. ('a'):rep(30))",
    "('x'):rep(100000):find('.-.-.-y')",
    "('x'):rep(100000):match('(.*)(.*)(.*)y')",
    "('a'):rep(200000):gsub('.-b', '')",
    "('a'):rep(200000):gmatch('.-b')()",
    "('a'):rep(100):find(('(.-)'):rep(20) .. 'b')",
    "('('):rep(200000):find('%b()')",
    "('a'):rep(100000):find('(a*)%1b')",
    "('a'):rep(10000000):find(('a'):rep(5000000) .. 'b', 1, true)",
    "table.concat(setmetatable({}, {__len = function() return 1e15 end, __index = tostring}))",
    "table.concat({}, '', 1, math.maxinteger)",
    "table.concat(setmetatable({}, {__index = rawlen}), '', 1, math.maxinteger)",
    "table.move({}, 1, 1e15, 2)",
    "table.move({}, math.mininteger + 2, -2, 2)",
    "table.insert(setmetatable({}, {__len = function() return 1e15 end}), 1, 2)",
    "table.remove(setmetatable({}, {__len = function() return 1e15 end}), 1)",
    "table.sort(setmetatable({}, {__len = function() return 1e9 end}), rawequal)",
    "table.sort({3, 1, 2}, function() while true do end end)",
    "table.unpack({}, 1, 1e9)",
    "('x'):rep(1e10)",
    "('x'):rep(1e18, 'y')",
    "('abc'):gsub('b', function() while true do end end)",
    "string.format('%' .. ('9'):rep(500) .. 'd', 1)",
    "('x'):rep(1 << 20):byte(1, -1)",
    "(('x'):rep(1 << 26) .. 'y'):upper()",
]


@pytest.mark.parametrize("expression", RUNAWAYS, ids=[expression[:60] for expression in RUNAWAYS])
def test_nothing_runs_away(shared: LuaDriver, expression: str) -> None:
    for wrapped in (expression, f"pcall(function() return {expression} end)"):
        kind, text = shared.wait(
            lambda done, source=wrapped: shared.host.repl(
                f"while true do local x = {source} end", 0, None, done
            )
        )
        assert kind == "error", text


HARMLESS: list[tuple[str, Any]] = [
    ("('x'):rep(3, ',')", "x,x,x"),
    ("(''):rep(1e15)", ""),
    ("('x'):rep(-1)", ""),
    ("select(2, ('line\\n'):rep(50000):gsub('[^\\n]+', 'x'))", 50000),
    ("(function() local n = 0 for _ in ('a b\\n'):rep(20000):gmatch('([^\\n]*)\\n') do n = n + 1 end return n end)()", 20000),
    ("(('  '):rep(1000) .. 'x y' .. (' '):rep(1000)):match('^%s*(.-)%s*$')", "x y"),
    ("('/a/b/c'):rep(300):match('^.*/(.*)$')", "c"),
    ("('x'):rep(3000) == ('x'):rep(3000):gsub('.-y', '')", True),
    ("('a'):rep(5000) .. 'b' == ('a'):rep(5000):gsub('.-$', '%0b', 1)", True),
    ("table.concat({1, 2, 3}, '-', 2)", "2-3"),
    ("string.rep(5, 2)", "55"),
    ("string.find(12345, 3)", 3),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), HARMLESS, ids=[value[0][:60] for value in HARMLESS])
def test_what_ends_is_left_alone(lua: LuaDriver, expression: str, expected: Any) -> None:
    assert lua.value(expression) == expected


ERRORS = [
    ("string.find()", "expression:1: bad argument #1 to 'find' (string expected, got nil)"),
    ("('x'):find({})", "expression:1: bad argument #2 to 'find' (string expected, got table)"),
    ("('x'):find('[')", "malformed pattern (missing ']')"),
    ("('x'):gsub('x', '%2')", "invalid capture index %2"),
    ("('x'):rep(1e10)", "resulting string too large"),
    ("table.concat()", "bad argument #1 to 'concat' (table expected, got nil)"),
    ("table.concat({{}})", "invalid value (table) at index 1 in table for 'concat'"),
    ("table.insert({}, 5, 1)", "position out of bounds"),
    ("('x'):rep(30000):find('[')", "malformed pattern (missing ']')"),
]


@pytest.mark.parametrize(("expression", "message"), ERRORS, ids=[error[0][:60] for error in ERRORS])
def test_complaints_have_a_place_of_the_configs(lua: LuaDriver, expression: str, message: str) -> None:
    error = lua.error(f"(function() local x = {expression} return x end)()")
    assert message in error
    assert error.startswith("expression:1: ")
    caught = lua.value(f"select(2, pcall(function() local x = {expression} return x end))")
    assert "perilune" not in caught
    assert message.removeprefix("expression:1: ") in caught
