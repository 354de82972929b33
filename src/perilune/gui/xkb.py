"""What keys type on X11's present keyboard layout, asked of libxkbcommon.

Qt tells what a key typed, not what it types without SHIFT, which the kitty protocol and bindings such as
`7` with SHIFT need. The libraries are those that Qt's X11 plugin itself needs; where one is missing the
translator learns from what is typed. Over a connection of its own, so that Qt's is left alone. Mux thread.
"""

from __future__ import annotations

import ctypes

from perilune.base.log import get_logger

__all__ = ["XkbLayout"]

_log = get_logger("gui.keyboard")
_GROUP_SHIFT = 13  # the layout's number in the state of X11's key events


class XkbLayout:
    """See the module; the keymap is read at the first question, and anew after `invalidate`."""

    def __init__(self) -> None:
        self._keymap: ctypes.c_void_p | None = None
        self._xkb: ctypes.CDLL | None = None
        self._is_missing = False
        self._kept: dict[tuple[int, int], tuple[str, str] | None] = {}

    def invalidate(self) -> None:
        """The keyboard or its layout may be another now."""
        self.close()
        self._is_missing = False

    def close(self) -> None:
        """Give the keymap back."""
        if self._keymap is not None and self._xkb is not None:
            self._xkb.xkb_keymap_unref(self._keymap)
        self._keymap = None
        self._kept.clear()

    def characters(self, scan_code: int, native_modifiers: int) -> tuple[str, str] | None:
        """What the key types alone and with SHIFT, None where that is not known."""
        if self._keymap is None and not self._is_missing:
            self._load()
        if self._keymap is None or self._xkb is None:
            return None
        group = native_modifiers >> _GROUP_SHIFT & 3
        key = (scan_code, group)
        if key not in self._kept:
            found = (self._symbol(scan_code, group, 0), self._symbol(scan_code, group, 1))
            self._kept[key] = found if found[0] else None
        return self._kept[key]

    def _symbol(self, scan_code: int, group: int, level: int) -> str:
        assert self._xkb is not None  # noqa: S101 - asked of loaded keymaps only
        symbols = ctypes.POINTER(ctypes.c_uint32)()
        count = self._xkb.xkb_keymap_key_get_syms_by_level(
            self._keymap, scan_code, group, level, ctypes.byref(symbols)
        )
        if count != 1:
            return ""
        code = self._xkb.xkb_keysym_to_utf32(symbols[0])
        return chr(code) if code >= 0x20 and code != 0x7F else ""

    def _load(self) -> None:
        self._is_missing = True
        try:
            xcb = ctypes.CDLL("libxcb.so.1")
            xkb = ctypes.CDLL("libxkbcommon.so.0")
            xkb_x11 = ctypes.CDLL("libxkbcommon-x11.so.0")
        except OSError as error:
            _log.info("keyboard layouts are learnt from what is typed: %s", error)
            return
        pointer = ctypes.c_void_p
        xcb.xcb_connect.restype = pointer
        xkb.xkb_context_new.restype = pointer
        xkb_x11.xkb_x11_keymap_new_from_device.restype = pointer
        xkb_x11.xkb_x11_keymap_new_from_device.argtypes = [pointer, pointer, ctypes.c_int32, ctypes.c_int]
        xkb.xkb_keymap_key_get_syms_by_level.argtypes = [
            pointer, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_uint32,
            ctypes.POINTER(ctypes.POINTER(ctypes.c_uint32)),
        ]  # fmt: skip
        xkb.xkb_keysym_to_utf32.restype = ctypes.c_uint32
        xkb.xkb_keymap_unref.argtypes = [pointer]
        xkb.xkb_context_unref.argtypes = [pointer]
        connection = pointer(xcb.xcb_connect(None, None))
        try:
            if xcb.xcb_connection_has_error(connection):
                return
            if not xkb_x11.xkb_x11_setup_xkb_extension(connection, 1, 0, 0, None, None, None, None):
                return
            device = xkb_x11.xkb_x11_get_core_keyboard_device_id(connection)
            context = pointer(xkb.xkb_context_new(0))
            found = xkb_x11.xkb_x11_keymap_new_from_device(context, connection, device, 0)
            xkb.xkb_context_unref(context)
            if found:
                self._xkb, self._keymap = xkb, pointer(found)
                self._is_missing = False
        finally:
            xcb.xcb_disconnect(connection)
