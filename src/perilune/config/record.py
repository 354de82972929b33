"""Frozen values whose fields say how they are read: the one declaration from which validation and docs come.

A record costs next to nothing to define (a dataclass of 220 fields took 12 ms to build, before the first
frame) and holds only what differs from the defaults.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Literal, Self, TypeVar, dataclass_transform

from perilune.config.forms import Form, as_table
from perilune.config.problems import ConfigError, Place, is_function

__all__ = ["Applies", "Option", "Record", "form_of", "option"]

T = TypeVar("T")
R = TypeVar("R", bound="Record")
Applies = Literal["tui", "window", "both"]
_REQUIRED = object()


class Option:
    """The declaration of one option or field.

    Attributes:
        name: its name.
        form: the form of its values.
        default: its value when it is not set.
        required: whether a table without it is an error.
        doc: what it does, in a line.
        applies: where it has a meaning.
        used: whether this program honours it yet; what it does not honour it accepts.
        own: whether it is this program's own and unknown to WezTerm.
        aliases: other names under which it is accepted.
    """

    __slots__ = ("aliases", "applies", "default", "doc", "form", "name", "own", "required", "used")

    def __init__(
        self,
        form: Form[Any],
        default: object,
        doc: str,
        applies: Applies,
        *,
        used: bool,
        own: bool,
        aliases: tuple[str, ...],
    ) -> None:
        self.name = ""
        self.form = form
        self.default = default
        self.required = default is _REQUIRED
        self.doc = doc
        self.applies: Applies = applies
        self.used = used
        self.own = own
        self.aliases = aliases

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> Any:
        # Reached only where the instance holds no value of its own.
        return self if instance is None else self.default


def option(
    form: Form[T],
    *,
    default: T = _REQUIRED,  # type: ignore[assignment] # absent: the field must be given
    doc: str = "",
    applies: Applies = "both",
    used: bool = False,
    own: bool = False,
    aliases: tuple[str, ...] = (),
) -> T:
    """Declare a field of a record; mypy checks that annotation, form and default agree."""
    made: Any = Option(form, default, doc, applies, used=used, own=own, aliases=aliases)
    return made  # type: ignore[no-any-return] # what the attribute yields on an instance


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(option,))
class Record:
    """A frozen value with declared fields."""

    declared: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    """The fields by name, in the order of their declaration."""
    accepted: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    """Likewise, with aliases."""

    def __init_subclass__(cls) -> None:
        found: dict[str, Option] = {}
        for base in reversed(cls.__mro__):
            found |= {name: value for name, value in vars(base).items() if isinstance(value, Option)}
        cls.declared = MappingProxyType(found)
        cls.accepted = MappingProxyType(
            found | {alias: value for value in found.values() for alias in value.aliases}
        )

    def __init__(self, **values: Any) -> None:
        for name in values:
            if name not in self.declared:
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
        for name, field in self.declared.items():
            if field.required and name not in values:
                raise TypeError(f"{type(self).__name__} needs {name!r}")
        self.__dict__.update(values)

    @classmethod
    def read(cls, value: object, at: Place) -> Self:
        """Read a table; unknown fields are warned about, bad optional ones reported and left out.

        Raises:
            ConfigError: it is no table, or a required field is missing or bad.
        """
        table = as_table(value)
        if table is None or is_function(value):
            raise at.wrong("a table", value)
        return cls(**cls._read_fields(table, at))

    @classmethod
    def _read_fields(cls, table: Mapping[object, object], at: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, item in table.items():
            field = cls.accepted.get(key) if isinstance(key, str) else None
            if field is None:
                at.unknown("field", key, cls.accepted)
                continue
            if item is None:
                continue
            place = at.field(key)
            try:
                found[field.name] = field.form.read(item, place)
            except ConfigError as error:
                if field.required:
                    raise
                place.report(error)
        for name, field in cls.declared.items():
            if field.required and name not in found:
                raise ConfigError(f"{at.path}: the field {name!r} is missing")
        return found

    def replace(self, **values: Any) -> Self:
        """A copy with other values."""
        return type(self)(**{**self.__dict__, **values})

    def items(self) -> Iterator[tuple[str, object]]:
        """Every field with its value, defaults included."""
        for name in self.declared:
            yield name, getattr(self, name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.declared)

    def __hash__(self) -> int:
        # Mappings among the fields have no hash; equal records still hash alike.
        plain = (value for _, value in self.items() if isinstance(value, (str, int, float)))
        return hash((type(self), *plain))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items())
        return f"{type(self).__name__}({inside})"


def form_of(record: type[R], expected: str = "a table") -> Form[R]:
    """The form of a nested table."""

    def read(value: object, at: Place, expected: str) -> R:
        if as_table(value) is None or is_function(value):
            raise at.wrong(expected, value)
        return record.read(value, at)

    return Form(expected, read)
