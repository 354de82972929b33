"""Every option, declared once: name, form, default, what it does, where it applies, whether it is honoured.

`Config` is the sum of the topics; validation, `show-keys`, completion and the tables in the docs read the
same declarations from `Config.declared`.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Self

from perilune.config.forms import as_table
from perilune.config.options.colors import ColorOptions
from perilune.config.options.fonts import FontOptions
from perilune.config.options.keyboard import KeyboardOptions
from perilune.config.options.own import OwnOptions
from perilune.config.options.programs import ProgramOptions
from perilune.config.options.tab_bar import TabBarOptions
from perilune.config.options.terminal import TerminalOptions
from perilune.config.options.window import WindowOptions
from perilune.config.palette import Palette, resolve_palette
from perilune.config.problems import ConfigError, Place, Problem, describe, nearest, suggestion
from perilune.config.record import Record
from perilune.config.resolved import RESOLVED_PALETTE

__all__ = ["Config"]


def _given(config: Record) -> dict[str, object]:
    return {name: value for name, value in config.__dict__.items() if name in config.declared}


class Config(
    OwnOptions,
    ProgramOptions,
    WindowOptions,
    FontOptions,
    TerminalOptions,
    KeyboardOptions,
    TabBarOptions,
    ColorOptions,
):
    """A configuration: every option with its value; those not set have WezTerm's defaults."""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.__dict__["_written"] = {}

    @classmethod
    def from_mapping(cls, values: Mapping[str, object]) -> tuple[Self, list[Problem]]:
        """Read what a config file returned.

        Args:
            values: plain values as Lua's become: str, int, float, bool, None, lists and dicts.

        Returns:
            The configuration, with the defaults where a value cannot be used, and what is wrong.
        """
        found: dict[str, object] = {}
        written: dict[str, object] = {}
        problems: list[Problem] = []
        table = as_table(values)
        if table is None:
            message = f"expected the config to be a table, got {describe(values)}"
            return cls(), [Problem("error", message, "")]
        for name, value in table.items():
            declared = cls.accepted.get(name) if isinstance(name, str) else None
            if declared is None:
                if name == RESOLVED_PALETTE:
                    continue
                near = nearest(str(name), cls.accepted)
                message = f"unknown option {str(name)[:60]!r}{suggestion(near)}"
                problems.append(Problem("warning", message, str(name), near))
                continue
            if value is None:
                continue
            place = Place(declared.name, problems)
            try:
                found[declared.name] = declared.form.read(value, place)
                written[declared.name] = value
            except ConfigError as error:
                place.report(error)
        config = cls(**found)
        config.__dict__["_written"] = written
        if config.color_scheme is not None:
            # Looked up at once, so that its problems come with the others.
            palette = config._resolve(Place("color_scheme", problems))
            config.__dict__["palette"] = palette
        return config, problems

    def with_overrides(self, values: Mapping[str, object]) -> tuple[Self, list[Problem]]:
        """This configuration with other values laid over it, as `set_config_overrides` has it."""
        other, problems = type(self).from_mapping(values)
        merged = type(self)(**{**_given(self), **_given(other)})
        merged.__dict__["_written"] = {**self.written, **other.written}
        return merged, problems

    def is_set(self, name: str) -> bool:
        """Whether the option was given a usable value."""
        return name in self.declared and name in self.__dict__

    @property
    def written(self) -> Mapping[str, object]:
        """The values that were set, as they were written: what Lua is shown again."""
        written: Mapping[str, object] = self.__dict__["_written"]
        return written

    @cached_property
    def palette(self) -> Palette:
        """The colours in force, from `colors`, `color_scheme` and `color_schemes`."""
        return self._resolve(None)

    def _resolve(self, at: Place | None) -> Palette:
        return resolve_palette(self.colors, self.color_scheme, self.color_schemes, at, self.color_scheme_dirs)
