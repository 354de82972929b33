"""What the command line asks for, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perilune.app.profiling import RecordRequest

__all__ = ["StartOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """How the program starts.

    Attributes:
        command: program and arguments of the first pane; empty means `default_prog`, else the user's shell.
        cwd: where the first pane starts; None: `default_cwd`, else this process's directory.
        config_file: `--config-file`.
        skip_config: `-n`.
        overrides: `--config NAME=VALUE`, each split at its first "="; the value is a Lua expression.
        env: the environment of this process, which panes inherit.
        home: the user's home folder.
        workspace: the first window's workspace; None: `default_workspace`.
        verify_callbacks: evaluate every title callback at every frame beside the memos, and log differences.
        record: record the program from its start.
        control_folders: where the socket goes by which other programs reach this one; none: there is none.
    """

    command: tuple[str, ...] = ()
    cwd: Path | None = None
    config_file: Path | None = None
    skip_config: bool = False
    overrides: tuple[tuple[str, str], ...] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    home: Path = field(default_factory=Path.home)
    workspace: str | None = None
    verify_callbacks: bool = False
    record: RecordRequest | None = None
    control_folders: tuple[Path, ...] = ()
