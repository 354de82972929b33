"""Profiles: what was sampled and what Perilune recorded of itself, read, reported, compared and handed on.

`model` is the value; `file_format` keeps it; `importers` read what others captured; `rules` name components;
`report`, `diff` and `assessment` say what it means; `exporters` write it for other tools. No Qt, no Lua.
"""

from __future__ import annotations
