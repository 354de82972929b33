"""The user's configuration as typed values: options, key assignments, palettes, where files are.

Knows neither Lua nor panes: it is given plain Python values, and answers with frozen ones and problems.
Import from the modules; nothing is imported here, so that a part pays only for what it uses. Any thread.
"""

from __future__ import annotations

__all__: list[str] = []
