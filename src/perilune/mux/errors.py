"""What the mux refuses to do."""

from __future__ import annotations

__all__ = ["MuxError"]


class MuxError(Exception):
    """A request that cannot be carried out; `str` is a sentence for the user."""
