"""perilune.lua: runs the user's configuration and its callbacks, on a thread of its own, under guard.

`host.LuaHost` is the way in, `host_api.HostApi` what the program implements for Lua's objects, `values` what
crosses. Nothing is imported here, so that a program without a config pays nothing.
"""

from __future__ import annotations

__all__: list[str] = []
