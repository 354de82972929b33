"""ToggleProfileRecording: records the program into a file, and ends that."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perilune.app.assignments.context import ActionContext, Handler
from perilune.app.assignments.notices import tell

__all__ = ["HANDLERS"]


def _toggle(context: ActionContext, _arguments: object) -> None:
    tell(context, context.services.profiling.toggle())


HANDLERS: Mapping[str, Handler] = MappingProxyType({"ToggleProfileRecording": _toggle})
