"""Links as the host gets them (OSC 8)."""

from __future__ import annotations

__all__ = ["link_parameters"]


def link_parameters(uri: str, link_id: str) -> bytes:
    """What follows `OSC 8 ;`. Nothing in it can end the string, whatever a program put into its link."""
    safe_id = "".join(
        [char for char in link_id if char.isascii() and char.isprintable() and char not in ":;"]
    )
    safe_uri = "".join([char if "!" <= char <= "~" else _percent_encoded(char) for char in uri])
    return f"{'id=' if safe_id else ''}{safe_id};{safe_uri}".encode()


def _percent_encoded(char: str) -> str:
    return "".join([f"%{byte:02X}" for byte in char.encode("utf-8", "replace")])
