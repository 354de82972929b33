"""JSON, TOML and YAML: documented values, what has no form, what would run away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lua_fakes import LuaDriver

from perilune.lua.api.serde import SerdeApi

VALUES: list[tuple[str, Any]] = [
    ("wezterm.serde.json_encode({foo = 'bar'})", '{"foo":"bar"}'),
    ("wezterm.serde.json_encode_pretty({foo = 'bar'})", '{\n  "foo": "bar"\n}'),
    ("wezterm.serde.json_decode('{\"foo\":\"bar\"}').foo", "bar"),
    ("wezterm.serde.toml_encode({foo = {'bar', 'baz', 'qux'}})", 'foo = ["bar", "baz", "qux"]\n'),
    (
        "wezterm.serde.toml_encode_pretty({foo = {'bar', 'baz', 'qux'}})",
        'foo = [\n    "bar",\n    "baz",\n    "qux",\n]\n',
    ),
    ("wezterm.serde.toml_encode({a = {b = {c = 1}}, d = {{e = 1}, {e = 2}}})",
     "[a.b]\nc = 1\n\n[[d]]\ne = 1\n\n[[d]]\ne = 2\n"),
    ("wezterm.json_parse('[9223372036854775807, 12345678901234567890, 1e3]')", [2**63 - 1, 12345678901234567890.0, 1000.0]),
    ("wezterm.serde.yaml_decode('a: 12345678901234567890').a", 12345678901234567890.0),
    ("wezterm.serde.toml_decode('foo = \"bar\"').foo", "bar"),
    ("wezterm.serde.toml_decode('d = 2024-01-02').d", "2024-01-02"),
    ("wezterm.serde.yaml_encode({foo = 'bar'})", "foo: bar\n"),
    ("wezterm.serde.yaml_encode({list = {1, 'two', true}})", "list:\n- 1\n- two\n- true\n"),
    ("wezterm.serde.yaml_encode('x')", "x\n"),
    ("wezterm.serde.yaml_decode('---\\n# comment\\nfoo: \"bar\"').foo", "bar"),
    ("wezterm.serde.yaml_decode('a: [1, 2.5, true, null, yes, 12:30, 2024-01-02, 0x10]').a[2]", 2.5),
    ("wezterm.serde.yaml_decode('a: [yes, 12:30, 2024-01-02, on]').a", ["yes", "12:30", "2024-01-02", "on"]),
    ("wezterm.serde.yaml_decode('a: &x {b: 1}\\nc: *x').c.b", 1),
    ("wezterm.serde.yaml_decode('')", None),
    ("wezterm.serde.yaml_decode('5: x')[5]", "x"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "expected"), VALUES, ids=[value[0][:60] for value in VALUES])
def test_values(lua: LuaDriver, expression: str, expected: Any) -> None:
    assert lua.value(expression) == expected


BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)
)
ERRORS = [
    ("wezterm.serde.yaml_decode('a: [')", "yaml:"),
    ("wezterm.serde.yaml_decode('!!python/object/apply:os.system [\"true\"]')", "yaml:"),
    ("wezterm.serde.yaml_decode('&a [*a]')", "yaml:"),
    (f"wezterm.serde.yaml_decode [[{BOMB}]]", "more than 200000 values"),
    ("wezterm.serde.yaml_decode({})", "expected a string, got a table"),
    ("wezterm.serde.yaml_encode({f = print})", "function"),
    ("wezterm.serde.json_encode({f = wezterm.mux.get_pane(1)})", "a Pane cannot be encoded"),
    ("wezterm.serde.json_encode(0/0)", "json"),
    ("wezterm.serde.toml_encode('x')", "expected a table, got a string"),
    ("wezterm.serde.toml_decode('a = ')", "toml"),
    ("(function() local t = {} t.t = t return wezterm.json_encode(t) end)()", "contains itself"),
]


@pytest.mark.parametrize(("expression", "message"), ERRORS, ids=[error[0][:60] for error in ERRORS])
def test_errors(lua: LuaDriver, expression: str, message: str) -> None:
    assert message in lua.error(expression)


PLAIN = st.recursive(
    st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(min_size=1), inner, max_size=4),
    max_leaves=12,
)
TABLES = st.dictionaries(st.text(min_size=1), PLAIN, max_size=5)


@settings(max_examples=80, deadline=None)
@example({"0E0": [], "1e5": "1E5", ".5": ".inf"})  # names and texts that read as numbers
@given(TABLES)
def test_what_is_written_reads_the_same(table: dict[str, object]) -> None:
    serde = SerdeApi()
    try:
        text = serde.json_encode(table)
    except UnicodeEncodeError:
        return
    assert serde.json_decode(text) == table
    assert serde.json_decode(serde.json_encode_pretty(table)) == table
    assert serde.toml_decode(serde.toml_encode(table)) == table
    assert serde.toml_decode(serde.toml_encode_pretty(table)) == table
    assert serde.yaml_decode(serde.yaml_encode(table)) == table
