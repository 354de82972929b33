"""What overlays remember from one time to the next. Made by `assemble`. Mux thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from perilune.app.recent_characters import RecentCharacters

__all__ = ["OverlayMemory", "state_folder"]


@dataclass(frozen=True, slots=True)
class OverlayMemory:
    """Lines typed in this session, and characters picked in any.

    Attributes:
        characters: picked in CharSelect.
        prompt_history: lines given to PromptInputLine.
        repl_history: what was typed at the debug overlay's prompt.
    """

    characters: RecentCharacters
    prompt_history: list[str] = field(default_factory=list)
    repl_history: list[str] = field(default_factory=list)


def state_folder(env: Mapping[str, str], home: Path) -> Path:
    """Where what outlives a run is kept.

    >>> state_folder({"XDG_STATE_HOME": "/s"}, Path("/h")), state_folder({}, Path("/h"))
    (PosixPath('/s/perilune'), PosixPath('/h/.local/state/perilune'))
    """
    base = env.get("XDG_STATE_HOME", "")
    return (Path(base) if base.startswith("/") else home / ".local/state") / "perilune"
