"""What keys mean in every overlay: how a key is read, which ones leave, which ones move through a list."""

from __future__ import annotations

from perilune.base.input import KeyEvent, Modifiers

__all__ = ["leaves", "list_step", "read_key"]


def read_key(event: KeyEvent) -> tuple[str, bool]:
    """The key, letters in lower case, and whether CTRL is held."""
    key = event.key.lower() if len(event.key) == 1 else event.key
    return key, bool(event.mods & Modifiers.CTRL)


def leaves(key: str, control: bool) -> bool:
    """Whether the key leaves an overlay: Escape, CTRL-c, CTRL-g."""
    return key == "Escape" or (control and key in {"c", "g"})


def list_step(key: str, control: bool, page: int) -> int:
    """By how many choices the key moves through a list of `page` visible ones; 0: it does not move."""
    if key == "UpArrow" or (control and key in {"p", "k"}):
        return -1
    if key == "DownArrow" or (control and key in {"n", "j"}):
        return 1
    return {"PageUp": -page, "PageDown": page}.get(key, 0)
