"""The wire format, with itself and through Lua."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perilune.lua.convert import ConversionError, decode, encode
from perilune.lua.runtime import Runtime
from perilune.lua.values import MuxWindowRef, PaneRef, TabRef, UrlText, WindowRef

scalars = (
    st.booleans()
    | st.integers(-(1 << 63), (1 << 63) - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"))
    | st.binary().map(lambda data: data.decode("utf-8", "surrogateescape"))
    | st.sampled_from([PaneRef(3), WindowRef(0), TabRef(9), MuxWindowRef(1), UrlText("file:///x")])
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=20,
)


@given(st.lists(values | st.none()))
def test_what_goes_comes_back(items: list[Any]) -> None:
    assert decode(encode(*items)) == items


@pytest.fixture(scope="module")
def runtime() -> Runtime:
    def python(name: bytes, arguments: bytes) -> tuple[bool, bytes]:
        if name == b"sys.functions":
            return True, encode([])
        if name == b"sys.constants":
            return True, encode({})
        if name == b"sys.log":
            received.append(decode(arguments))
        return True, encode(None)

    received: list[object] = []
    return Runtime(python, "", lambda: 0)


@settings(max_examples=200, deadline=None)
@given(value=values)
def test_what_goes_through_lua_comes_back(runtime: Runtime, value: Any) -> None:
    outcome = runtime.direct("echo", encode(value), 10_000_000, "test")
    assert outcome.status == "done", outcome
    assert decode(outcome.data) == [value]


@pytest.mark.parametrize("value", [1 << 63, object(), {"a": object()}])
def test_what_has_no_form_is_refused(value: object) -> None:
    with pytest.raises(ConversionError):
        encode(value)


def test_depth_is_limited() -> None:
    value: list[Any] = []
    for _ in range(200):
        value = [value]
    with pytest.raises(ConversionError, match="nested deeper"):
        encode(value)


def test_too_much_is_refused() -> None:
    with pytest.raises(ConversionError, match="MiB"):
        encode("x" * (9 << 20))
