"""A program that only draws what happened through the front end: what the tui's end-to-end tests run."""

from __future__ import annotations

import os
import sys

from perilune.base.loop import EventLoop
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.render.frame import Frame, FrameCursor
from perilune.tui.front_end import TuiFrontEnd


class Handler:
    """Shows what it is told, newest last, and does what single keys ask."""

    def __init__(self, loop, front_end):
        self.loop = loop
        self.front_end = front_end
        self.tables = CellTables()
        self.lines = []
        self.number = 0
        self.status = 0

    def say(self, line):
        self.lines.append(line)
        self.show()

    def show(self):
        size = self.size
        self.number += 1
        buffer = CellBuffer(size.cols, size.rows, self.tables)
        buffer.put_text(
            0, 0, f"size {size.cols}x{size.rows} keyboard {self.front_end.keyboard} 漢字 ─│", 0x01000002
        )
        for row, line in enumerate(self.lines[-(size.rows - 2) :], 1):
            buffer.put_text(row, 0, line)
        buffer.put_text(size.rows - 1, size.cols - 3, "END")
        self.front_end.present(Frame(self.number, buffer, FrameCursor(1, 2, "bar"), "the title"))

    def on_key(self, event):
        if event.kind.name == "RELEASE":
            return
        self.say(f"key {event.key} {event.mods.name or ''} {event.text!r}")
        if event.key == "q":
            self.loop.stop()
        elif event.key == "e":
            self.loop.on_error = self.fail
            self.loop.call_soon(lambda: 1 / 0)
        elif event.key == "x":
            sys.exit(7)  # nobody stops the front end: atexit has to
        elif event.key == "z":
            self.front_end.suspend()
        elif event.key == "c":
            self.front_end.set_clipboard("copied ä", "Clipboard")
        elif event.key == "p":
            self.front_end.request_clipboard("Clipboard", lambda text: self.say(f"clipboard {text!r}"))

    def fail(self, error):
        self.loop.on_error = None
        self.failure = error
        self.loop.stop()

    def on_mouse(self, event):
        self.say(f"mouse {event.kind.name} {event.button.name} {event.row},{event.col}")

    def on_paste(self, text):
        self.say(f"paste {len(text)} {text[:20]!r}")

    def on_focus(self, focused):
        self.say(f"focus {focused}")

    def on_resize(self, size):
        self.size = size
        self.show()

    def on_host_colors(self, foreground, background):
        self.say(f"colours {foreground} {background}")

    def on_close(self, reason):
        if os.environ.get("IGNORE_CLOSE"):
            self.say(f"close {reason}")
            return
        self.status = 100
        self.loop.stop()


def main():
    loop = EventLoop()
    front_end = TuiFrontEnd(loop)
    handler = Handler(loop, front_end)
    handler.failure = None
    handler.size = front_end.start(handler)
    handler.show()
    loop.run()
    if handler.failure is not None:
        raise handler.failure
    front_end.stop()
    front_end.stop()
    sys.exit(handler.status)


if __name__ == "__main__":
    main()
