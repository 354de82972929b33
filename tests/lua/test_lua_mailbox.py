"""Answers reach who waits for them, and the loop when nobody does."""

from __future__ import annotations

import threading

from perilune.app.lua_mailbox import LuaMailbox
from perilune.base.loop import EventLoop


class CountingLoop(EventLoop):
    woken = 0

    def call_soon_threadsafe(self, *args: object) -> None:  # type: ignore[override]
        self.woken += 1
        super().call_soon_threadsafe(*args)  # type: ignore[arg-type]


def test_who_waits_gets_it_without_the_loop() -> None:
    loop = CountingLoop()
    mailbox = LuaMailbox(loop)
    came: list[int] = []
    waits = threading.Event()

    def is_done() -> bool:
        waits.set()
        return len(came) == 2

    def answer() -> None:
        waits.wait(20)
        mailbox(lambda: came.append(1))
        mailbox(lambda: came.append(2))

    thread = threading.Thread(target=answer)
    thread.start()
    assert mailbox.wait(is_done, 20)
    thread.join()
    assert came == [1, 2]
    assert loop.woken == 0
    loop.close()


def test_what_nobody_waits_for_is_the_loops() -> None:
    loop = CountingLoop()
    mailbox = LuaMailbox(loop)
    came: list[int] = []
    assert not mailbox.wait(lambda: bool(came), 0.0)
    mailbox(lambda: came.append(1))
    loop.run_once(0.0)
    assert came == [1]
    loop.close()


def test_what_comes_while_who_waited_gives_up_is_not_lost() -> None:
    loop = CountingLoop()
    mailbox = LuaMailbox(loop)
    came: list[int] = []

    def is_done() -> bool:
        if not came and not mailbox._calls:
            mailbox(lambda: came.append(1))  # at the very moment of the last look
        return True

    assert mailbox.wait(is_done, 0.0)
    loop.run_once(0.0)
    assert came == [1]
    loop.close()
