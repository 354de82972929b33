"""The mux thread's event loop on top of Qt's: the same face and behaviour as `base.loop.EventLoop`.

Qt's dispatcher does the sleeping; descriptors, calls, timers and `before_sleep` stay with the base class.
It adds two things to Qt: one notifier for the selector (an epoll or kqueue descriptor can itself be waited
for) and one timer, armed for the next due call. A turn is made just before Qt goes to sleep, so all that
came since the last one, from Qt or from elsewhere, ends in one `before_sleep`, also while Qt runs a loop of
its own within an event (a window dragged or resized on some systems). Runs on the thread of the
QGuiApplication.
"""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QAbstractEventDispatcher,
    QCoreApplication,
    QEventLoop,
    QSocketNotifier,
    Qt,
    QTimer,
)

from perilune.base.loop import EventLoop

if TYPE_CHECKING:
    from selectors import EpollSelector

    from perilune.base.clock import Clock
    from perilune.gui.accounting import FrameAccounting

__all__ = ["QtEventLoop"]

_LONGEST_MS = 2**31 - 1


class QtEventLoop(EventLoop):
    """Runs callbacks on Qt's main thread.

    Args:
        clock: of timers.

    A QGuiApplication (or QCoreApplication) has to exist before.
    """

    def __init__(self, clock: Clock | None = None) -> None:
        super().__init__(clock)
        self.accounting: FrameAccounting | None = None
        """Where a turn's time is written down, if anywhere."""
        self.was_cut_off = False
        """Whether Qt ended `run` by itself: the display is gone."""
        dispatcher = QAbstractEventDispatcher.instance()
        if dispatcher is None:
            # It is made lazily where there is an application but nothing has been waited for.
            QCoreApplication.processEvents()
            dispatcher = QAbstractEventDispatcher.instance()
        self._dispatcher = dispatcher
        self._dispatcher.aboutToBlock.connect(self._on_about_to_block)
        self._dispatcher.awake.connect(self._on_awake)
        selector = cast("EpollSelector", self._selector)
        self._notifier = QSocketNotifier(selector.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_descriptors)
        self._timer = QTimer()
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._nested = QEventLoop()
        self._busy = True  # outside `run`: Qt's signals do nothing
        self._turns_owed = 0

    def run(self) -> None:
        """Run until `stop`."""
        self._thread = threading.get_ident()
        self._running = True
        self._busy = False
        try:
            if not self._stopping:
                self._dispatcher.wakeUp()  # what is ready already is not to wait for the first event
                self._nested.exec()
                self.was_cut_off = not self._stopping
        finally:
            self._busy = True
            self._timer.stop()
            self._running = False
            self._stopping = False
            self._thread = None

    def run_once(self, timeout: float | None) -> None:
        """One turn: sleep until something is due (at most `timeout` seconds), then do it all."""
        if self._thread is None:
            self._thread = threading.get_ident()
        was_busy, self._busy = self._busy, True
        try:
            wait = self._sleep_time(timeout)
            if wait == 0.0:
                self._timer.stop()
                QCoreApplication.processEvents()
                self._call_descriptors(0.0)
            else:
                self._arm(wait)
                QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            self._turn()
        finally:
            self._busy = was_busy

    def _turn(self) -> None:
        accounting = self.accounting
        if accounting is None:
            super()._turn()
            return
        accounting.begin_callbacks()
        self._call_due()
        accounting.begin_layout()
        if self.before_sleep is not None:
            self.guard(self.before_sleep)
        accounting.end_turn()

    def close(self) -> None:
        """Give the descriptors back."""
        self._busy = True
        self._timer.stop()
        self._notifier.setEnabled(False)
        self._dispatcher.aboutToBlock.disconnect(self._on_about_to_block)
        self._dispatcher.awake.disconnect(self._on_awake)
        super().close()

    def _call_descriptors(self, timeout: float | None) -> None:
        for key, _ in self._selector.select(timeout):
            self.guard(key.data)

    def _on_descriptors(self) -> None:
        self._call_descriptors(0.0)

    def _on_about_to_block(self) -> None:
        if self._busy:
            return
        self._turns_owed = 0
        self._busy = True
        try:
            if not self._stopping:
                self._turn()
        finally:
            self._busy = False
        if self._stopping:
            self._nested.quit()
            self._dispatcher.wakeUp()
            return
        self._arm(self._sleep_time(None))

    def _on_awake(self) -> None:
        """Qt goes on without having blocked while it has events; they must not starve our turns."""
        if self._busy:
            return
        if self.accounting is not None:
            self.accounting.awake()
        if self.on_awake is not None:
            self.on_awake()
        self._turns_owed += 1
        if self._turns_owed > 1:
            self._on_about_to_block()

    def _arm(self, wait: float | None) -> None:
        """Let Qt sleep so long at most."""
        if wait is None:
            self._timer.stop()
        elif wait <= 0.0:
            self._timer.stop()
            self._dispatcher.wakeUp()
        else:
            self._timer.start(min(math.ceil(wait * 1000), _LONGEST_MS))
