"""How Python functions become Lua functions: registered by name, their arguments checked by annotation.

A function is registered under its Lua name: "wezterm.glob", "pane.get_title" (a method, whose first
argument is the handle), "sys.x" (for the boot files only). The parameters' annotations say what it takes; a
wrong or missing argument becomes an error that names function, parameter, expected and given. Surplus
arguments are dropped, as WezTerm does. Lua thread.
"""

from __future__ import annotations

import inspect
import types
import typing
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from perilune.base.log import get_logger
from perilune.lua.convert import ConversionError, decode, encode, lua_kind
from perilune.lua.host_api import HostCallError
from perilune.lua.values import DomainRef, MuxWindowRef, PaneRef, TabRef, WindowRef

__all__ = ["ApiError", "FunctionTable", "lua_function"]

_log = get_logger("lua")
F = TypeVar("F", bound=Callable[..., object])
_NAME = "_lua_name"
_SUSPENDS = "_lua_suspends"
_APPLIES = "_lua_applies"


class ApiError(Exception):
    """An error that the script is to see, with the function's name in front."""


def lua_function(
    name: str, *, suspends: bool = False, applies: Literal["both", "window"] = "both"
) -> Callable[[F], F]:
    """Register a method of an API class.

    Args:
        name: the name in Lua.
        suspends: it takes time: in a handler the task waits while others run. The Python function then
            answers with a request for the scheduler instead of being called by Lua directly.
        applies: "window": it acts on a native window, and does nothing elsewhere; for docs/compat.md.
    """

    def mark(function: F) -> F:
        setattr(function, _NAME, name)
        setattr(function, _SUSPENDS, suspends)
        setattr(function, _APPLIES, applies)
        return function

    return mark


_EXPECTED: dict[object, str] = {
    str: "a string",
    int: "an integer",
    float: "a number",
    bool: "a boolean",
    dict: "a table",
    list: "a list",
    WindowRef: "a window",
    MuxWindowRef: "a mux window",
    TabRef: "a tab",
    PaneRef: "a pane",
    DomainRef: "a domain",
}


@dataclass(frozen=True, slots=True)
class _Parameter:
    name: str
    kinds: tuple[object, ...]
    has_default: bool
    default: object

    def read(self, value: object) -> object:
        """The value as the function takes it; raises ValueError with what was expected."""
        if value is None and self.has_default:
            return self.default
        for kind in self.kinds:
            found = _fit(value, kind)
            if found is not _NO_FIT:
                return found
        raise ValueError(" or ".join(_EXPECTED.get(kind, "nil") for kind in self.kinds if kind is not object))


_NO_FIT = object()


def _fit(value: object, kind: object) -> object:
    """The value as one kind, with the coercions that Lua's own functions make."""
    if kind is object:
        return value
    if kind is type(None):
        return None if value is None else _NO_FIT
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if kind is str:
        if isinstance(value, str):
            return str(value)
        return (f"{value:.14g}" if isinstance(value, float) else str(value)) if is_number else _NO_FIT
    if kind is bool:
        return value if isinstance(value, bool) else _NO_FIT
    if kind is int:
        if isinstance(value, float) and value.is_integer():
            return int(value)
        return value if isinstance(value, int) and is_number else _NO_FIT
    if kind is float:
        return float(typing.cast("float", value)) if is_number else _NO_FIT
    if kind is dict:
        return value if isinstance(value, dict) else ({} if value == [] else _NO_FIT)
    if kind is list:
        return value if isinstance(value, list) else ([] if value == {} else _NO_FIT)
    return value if isinstance(kind, type) and isinstance(value, kind) else _NO_FIT


def _kinds(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in {Union, types.UnionType}:
        return tuple(kind for part in get_args(annotation) for kind in _kinds(part))
    origin = get_origin(annotation)
    if origin in {dict, list}:
        return (origin,)
    return (annotation,)


class _Function:
    """One registered function; its signature is read at the first call, since few configs use many."""

    __slots__ = ("_call", "_parameters", "_rest", "name", "suspends")

    def __init__(self, name: str, call: Callable[..., object], *, suspends: bool) -> None:
        self.name = name
        self.suspends = suspends
        self._call = call
        self._parameters: tuple[_Parameter, ...] | None = None
        self._rest = False

    def _read_signature(self) -> tuple[_Parameter, ...]:
        hints = get_type_hints(self._call)
        found: list[_Parameter] = []
        for name, parameter in inspect.signature(self._call).parameters.items():
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                self._rest = True
                continue
            has_default = parameter.default is not inspect.Parameter.empty
            found.append(
                _Parameter(
                    name,
                    _kinds(hints.get(name, object)),
                    has_default,
                    parameter.default if has_default else None,
                )
            )
        return tuple(found)

    def __call__(self, values: Sequence[object]) -> object:
        if self._parameters is None:
            self._parameters = self._read_signature()
        arguments: list[object] = []
        for number, parameter in enumerate(self._parameters):
            value = values[number] if number < len(values) else None
            try:
                arguments.append(parameter.read(value))
            except ValueError as error:
                raise ApiError(self._complaint(number, parameter.name, str(error), value)) from None
        if self._rest:
            arguments.extend(values[len(self._parameters) :])
        return self._call(*arguments)

    def _complaint(self, number: int, name: str, expected: str, value: object) -> str:
        is_method = not self.name.startswith(("wezterm.", "sys.")) and self._parameters is not None
        shown = self.name if not is_method else self.name.replace(".", ":", 1)
        place = number if is_method else number + 1
        return f"{shown}: argument {place} ({name.rstrip('_')}): expected {expected}, got {lua_kind(value)}"


class FunctionTable:
    """All functions that a Lua state can call.

    `dispatch` is what the runtime hands to Lua: it never raises.
    """

    def __init__(self) -> None:
        self._functions: dict[bytes, _Function] = {}
        self.names: list[str] = []
        self.window_only: set[str] = set()

    def add(self, name: str, call: Callable[..., object], *, suspends: bool = False) -> None:
        """Register one function."""
        if name.encode() in self._functions:
            raise ValueError(f"{name} is registered twice")
        self._functions[name.encode()] = _Function(name, call, suspends=suspends)
        self.names.append(name)

    def add_all(self, owner: object) -> None:
        """Register the marked methods of an object."""
        for attribute in dir(type(owner)):
            name = getattr(getattr(type(owner), attribute, None), _NAME, None)
            if name is not None:
                method = getattr(owner, attribute)
                self.add(name, method, suspends=getattr(method, _SUSPENDS))
                if getattr(method, _APPLIES) == "window":
                    self.window_only.add(name)

    def listing(self) -> list[dict[str, object]]:
        """Names with whether they suspend, for the boot files."""
        return [
            {"name": name, "suspends": self._functions[name.encode()].suspends}
            for name in sorted(self.names)
            if not name.startswith("sys.")
        ]

    def call(self, name: str, values: Sequence[object]) -> object:
        """Call by name.

        Raises:
            ApiError: wrong arguments, or what the function says went wrong.
        """
        try:
            return self._functions[name.encode()](values)
        except HostCallError as error:
            raise ApiError(str(error)) from error

    def dispatch(self, name: bytes, arguments: bytes) -> tuple[bool, bytes]:
        """Call from Lua: (True, results) or (False, message). A tuple is several results."""
        try:
            function = self._functions[name]
            result = function(decode(arguments))
            return True, encode(*result) if isinstance(result, tuple) else encode(result)
        except (ApiError, HostCallError) as error:
            return False, _text(error)
        except (ConversionError, RecursionError) as error:
            return False, name + b": " + _text(error)
        except Exception as error:  # noqa: BLE001 - the script gets an error, the log the details
            _log.exception("%s failed", name.decode("utf-8", "replace"))
            return False, name + b": " + _text(error)


def _text(error: BaseException) -> bytes:
    return (str(error) or type(error).__name__).encode("utf-8", "surrogateescape")
