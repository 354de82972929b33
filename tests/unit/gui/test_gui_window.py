"""A native window on Qt's offscreen platform: what it reports, when it draws, and that it is quiet otherwise.

There is no OpenGL on that platform, so the drawing without it is what is tested here, too.
"""

from __future__ import annotations

import math
import time

import pytest

from qt_application import qt_application

pytest.importorskip("PySide6.QtGui", reason="Qt cannot be loaded", exc_type=ImportError)

from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QDropEvent,
    QFocusEvent,
    QInputMethodEvent,
    QInputMethodQueryEvent,
    QKeyEvent,
    QMouseEvent,
    QWheelEvent,
)

from perilune.app.front_end import WindowRequest
from perilune.base.geometry import Rect
from perilune.base.input import MouseButton, MouseKind
from perilune.cells.buffer import CellBuffer
from perilune.cells.tables import CellTables
from perilune.config.dimension import Dimension
from perilune.config.options import Config
from perilune.config.options.terminal import VisualBell
from perilune.config.options.window import WindowPadding
from perilune.gui.front_end import GuiFrontEnd
from perilune.gui.loop import QtEventLoop
from perilune.render.frame import Frame, FrameCursor, FramePane

WINDOW = 7
NO_PADDING = WindowPadding(**dict.fromkeys(("left", "right", "top", "bottom"), Dimension(0, "pixels")))
NO = Qt.KeyboardModifier.NoModifier


class Handler:
    """Records what is reported."""

    def __init__(self):
        self.seen = []

    def __getattr__(self, name):
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *arguments: self.seen.append((name[3:], *arguments))

    def of(self, name):
        return [entry[1:] for entry in self.seen if entry[0] == name]


class Desktop:
    """A front end with one window."""

    def __init__(self, **options):
        self.application = qt_application()
        self.loop = QtEventLoop()
        self.handler = Handler()
        self.front_end = GuiFrontEnd(self.application, self.loop)
        self.front_end.start(self.handler)
        self.config = Config(**{"window_padding": NO_PADDING, **options})
        self.size = self.front_end.open_window(WINDOW, self.config, WindowRequest(40, 10))
        self.window = self.front_end.windows[0]
        self.buffer = CellBuffer(40, 10, CellTables())
        self.number = 0
        self.turn_until(lambda: self.front_end.takes_frame(WINDOW))
        self.frame("")  # finds that there is no OpenGL here, and goes on in another native window
        self.turn_until(lambda: self.front_end.takes_frame(WINDOW))
        self.front_end.accounting.reset()

    @property
    def native(self):
        return self.window._native

    def turn_until(self, condition):
        """Turn the loop until the condition holds. Its own limit: Qt swallows what a signal handler raises."""
        deadline = time.monotonic() + 60
        while not condition():
            assert time.monotonic() < deadline, "waited in vain"
            self.loop.run_once(0.05)

    def send(self, event):
        QCoreApplication.sendEvent(self.native, event)
        self.loop.run_once(0)

    def frame(self, text="hello", cursor=None, **fields):
        self.number += 1
        self.buffer.put_text(0, 0, text, 0, 0, 0)
        self.front_end.present(Frame(self.number, self.buffer, cursor, "a title", window_id=WINDOW, **fields))

    @property
    def frames(self):
        return self.front_end.accounting.frames

    def close(self):
        self.front_end.stop()
        self.loop.close()


@pytest.fixture
def desk(monkeypatch):
    monkeypatch.setattr("perilune.gui.window._NEW_GLYPHS_SECONDS", math.inf)  # however slow the machine is
    made = []

    def make(**options):
        made.append(Desktop(**options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def press(key, text="", mods=NO, kind=QEvent.Type.KeyPress):
    return QKeyEvent(kind, key, mods, 38, 0, 0, text)


def test_it_opens_with_the_cells_asked_for_and_draws_them(desk):
    desk = desk()
    assert desk.size[:2] == (40, 10)
    assert desk.size.pixel_width == 40 * desk.window._fonts.metrics.width
    desk.frame()
    assert desk.window.device == "software"
    assert desk.native.title() == "a title"
    assert desk.frames == 1
    pixels = desk.window._surface._renderer.draw(desk.window._scene)
    assert len({tuple(pixel) for pixel in pixels[:20].reshape(-1, 4).tolist()}) > 2


def test_keys_are_told_with_the_window(desk):
    desk = desk()
    desk.send(press(Qt.Key.Key_A, "a"))
    ((event, window_id),) = desk.handler.of("key")
    assert (event.key, event.text, window_id) == ("a", "a", WINDOW)


def test_steps_of_a_resize_within_a_turn_are_one_size_and_the_same_size_is_none(desk):
    desk = desk()
    desk.handler.seen.clear()
    metrics = desk.window._fonts.metrics
    for cols in (50, 60, 70):
        desk.window.control("set_inner_size", (cols * metrics.width, 20 * metrics.height))
    desk.turn_until(lambda: desk.handler.of("resize"))
    assert [size[:2] for size, _ in desk.handler.of("resize")] == [(70, 20)]
    # Some pixels more are no other size in cells, but the picture must be drawn anew.
    desk.handler.seen.clear()
    desk.window.control("set_inner_size", (70 * metrics.width + 3, 20 * metrics.height + 2))
    desk.turn_until(lambda: desk.handler.of("redraw"))
    assert desk.handler.of("resize") == []


def test_mouse_and_wheel_in_cells(desk):
    desk = desk()
    metrics = desk.window._fonts.metrics
    at = QPointF(3.5 * metrics.width, 2.5 * metrics.height)
    left = Qt.MouseButton.LeftButton
    desk.send(
        QMouseEvent(QEvent.Type.MouseButtonPress, at, at, left, left, Qt.KeyboardModifier.ShiftModifier)
    )
    desk.send(QMouseEvent(QEvent.Type.MouseButtonDblClick, at, at, left, left, NO))
    seen = [event for event, _ in desk.handler.of("mouse")]
    assert [(event.row, event.col, event.button, event.kind) for event in seen] == [
        (2, 3, MouseButton.LEFT, MouseKind.PRESS)
    ] * 2
    assert (seen[0].x_px, seen[0].y_px) == (int(at.x()), int(at.y()))
    desk.handler.seen.clear()

    def wheel(angle):
        phase = Qt.ScrollPhase.NoScrollPhase
        desk.send(QWheelEvent(at, at, QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, NO, phase, False))

    for angle in (40, 40, 40, -120):
        wheel(angle)
    assert [event.button for event, _ in desk.handler.of("mouse")] == [
        MouseButton.WHEEL_UP, MouseButton.WHEEL_DOWN,
    ]  # fmt: skip


def test_an_input_method_composes_and_commits(desk):
    desk = desk()
    desk.frame(cursor=FrameCursor(2, 5))
    before = desk.frames
    desk.send(QInputMethodEvent("にほ", []))
    assert desk.handler.of("composition") == [("にほ", WINDOW)]
    assert desk.frames == before + 1  # drawn at the cursor without a frame of the program's
    commit = QInputMethodEvent("", [])
    commit.setCommitString("日本")
    desk.send(commit)
    assert desk.handler.of("composition")[-1] == (None, WINDOW)
    assert [event.text for event, _ in desk.handler.of("key")] == ["日", "本"]
    query = QInputMethodQueryEvent(Qt.InputMethodQuery.ImCursorRectangle | Qt.InputMethodQuery.ImEnabled)
    QCoreApplication.sendEvent(desk.native, query)
    metrics = desk.window._fonts.metrics
    rect = query.value(Qt.InputMethodQuery.ImCursorRectangle)
    assert (rect.x(), rect.y()) == (5 * metrics.width, 2 * metrics.height)
    assert query.value(Qt.InputMethodQuery.ImEnabled)


def test_dead_keys_without_an_input_method_are_shown_and_compose(desk):
    desk = desk(use_ime=False)
    desk.frame(cursor=FrameCursor(0, 0))
    desk.send(press(Qt.Key.Key_Dead_Acute))
    assert desk.handler.of("composition") == [("\u00b4", WINDOW)]
    desk.send(press(Qt.Key.Key_E, "e"))
    assert desk.handler.of("composition")[-1] == (None, WINDOW)
    assert [event.text for event, _ in desk.handler.of("key")] == ["\u00e9"]


def test_dropped_files_and_text(desk):
    desk = desk()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/tmp/a b"), QUrl.fromLocalFile("/tmp/c")])
    action, button = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    desk.send(QDropEvent(QPointF(5, 5), action, data, button, NO))
    assert desk.handler.of("drop_files") == [(["/tmp/a b", "/tmp/c"], WINDOW)]
    words = QMimeData()
    words.setText("words")
    desk.send(QDropEvent(QPointF(5, 5), action, words, button, NO))
    assert desk.handler.of("paste") == [("words", WINDOW)]


def test_closing_asks_and_focus_is_told_once(desk):
    desk = desk()
    desk.handler.seen.clear()
    event = QCloseEvent()
    desk.send(event)
    assert not event.isAccepted()
    assert desk.handler.of("close") == [("close", WINDOW)]
    desk.window.on_focus(False)
    desk.handler.seen.clear()
    for _ in range(2):
        desk.send(QFocusEvent(QEvent.Type.FocusIn))
    assert desk.handler.of("focus") == [(True, WINDOW)]


def test_a_steady_picture_arms_no_timer_and_a_blinking_cursor_does(desk):
    desk = desk(cursor_blink_rate=10, animation_fps=1)
    desk.window.on_focus(True)
    desk.frame(cursor=FrameCursor(0, 0, blinking=False))
    assert desk.window._animation is None
    assert desk.loop._sleep_time(None) is None or desk.loop.waiting_calls
    desk.frame(cursor=FrameCursor(0, 0, blinking=True))
    assert desk.window._animation is not None
    before = desk.frames
    desk.turn_until(lambda: desk.frames >= before + 3)
    desk.window.on_focus(False)  # without the focus it does not blink
    desk.frame(cursor=FrameCursor(0, 0, blinking=True))
    assert desk.window._animation is None


def test_the_visual_bell_flashes_and_ends(desk):
    bell = VisualBell(fade_in_duration_ms=5, fade_out_duration_ms=10)
    desk = desk(visual_bell=bell)
    desk.frame()
    desk.front_end.flash(WINDOW, 0)
    desk.turn_until(lambda: desk.window._bell_start is None)
    assert desk.window._animation is None or not desk.window._animation.is_armed


def test_the_visual_bell_flashes_the_pane_that_rang(desk):
    desk = desk(visual_bell=VisualBell(fade_in_duration_ms=60_000))
    panes = (FramePane(3, Rect(0, 0, 20, 10)), FramePane(4, Rect(21, 0, 19, 10)))
    desk.frame(panes=panes)
    desk.front_end.flash(WINDOW, 4)
    desk.turn_until(lambda: len(desk.window._scene.under))
    (quad,) = desk.window._scene.under
    width = desk.native.pixel_size[0]
    assert width // 2 - 10 < quad["x"] <= 21 * desk.window._fonts.metrics.width
    assert quad["x"] + quad["w"] == width
    desk.front_end.flash(WINDOW, 99)  # a pane of a tab that is not shown
    desk.turn_until(lambda: not len(desk.window._scene.under))


def test_the_font_grows_and_the_window_with_it(desk):
    desk = desk()
    before = desk.native.pixel_size
    desk.front_end.control_window(WINDOW, "increase_font_size")
    desk.turn_until(lambda: desk.native.pixel_size != before)
    assert desk.window.size[:2] == (40, 10)
    assert desk.native.pixel_size[0] > before[0]
    desk.front_end.control_window(WINDOW, "reset_font_size")
    desk.turn_until(lambda: desk.native.pixel_size == before)


def test_another_configuration_lays_the_window_out_anew(desk):
    desk = desk()
    desk.handler.seen.clear()
    desk.front_end.configure_window(WINDOW, Config())  # with padding there is room for fewer cells
    ((size, _),) = desk.handler.of("resize")
    assert size.cols < 40
    assert desk.handler.of("redraw")


def test_the_scroll_bar_turns_pages_and_its_thumb_stays_under_the_pointer(desk):
    desk = desk(enable_scroll_bar=True)
    pane = FramePane(3, Rect(0, 0, 40, 10), top=90, first=0, end=100)
    desk.frame(panes=(pane,))
    track = desk.window._geometry.scroll_bar
    left, none = MouseButton.LEFT, MouseButton.NONE

    def mouse(y, kind, button=left):
        before = len(desk.handler.of("scroll"))
        desk.window.on_mouse(track.x + 1, y, button, kind, 0)
        return [top for pane_id, top, window_id in desk.handler.of("scroll")[before:]]

    assert mouse(track.y + 1, MouseKind.PRESS) == [80], "a page up"
    assert mouse(track.y + 9, MouseKind.MOVE) == []
    assert mouse(track.y, MouseKind.RELEASE) == []
    end = track.y + track.height - 2
    assert mouse(end, MouseKind.PRESS) == [], "the thumb is held, at its lower end"
    assert mouse(end, MouseKind.MOVE) == [90], "and does not jump"
    assert mouse(end + 500, MouseKind.MOVE) == [90]
    assert mouse(end - track.height, MouseKind.MOVE) == [0]
    assert mouse(end, MouseKind.MOVE) == [90]
    assert mouse(end, MouseKind.RELEASE) == []
    assert desk.handler.of("mouse") == []
    mouse(end, MouseKind.PRESS)
    mouse(end, MouseKind.MOVE, none)  # let go of where nobody told
    assert desk.handler.of("mouse"), "the bar holds the mouse no longer"


def test_clipboards_keep_what_was_copied(desk):
    desk = desk()
    desk.front_end.set_clipboard("one", "Clipboard")
    desk.front_end.set_clipboard("two", "PrimarySelection")
    got = []
    desk.front_end.request_clipboard("Clipboard", got.append)
    desk.front_end.request_clipboard("PrimarySelection", got.append)
    assert got == []
    desk.turn_until(lambda: len(got) == 2)
    assert got == ["one", "two"]


def test_stop_closes_windows_and_may_come_twice(desk):
    desk = desk()
    desk.frame()
    desk.front_end.stop()
    desk.front_end.stop()
    assert desk.front_end.windows == []
    assert not desk.front_end.takes_frame(WINDOW)
    desk.frame()  # of a window that is gone


def test_screens_and_appearance_are_answered(desk):
    desk = desk()
    (screen,) = desk.front_end.screens()
    assert screen.width > 0
    assert math.isfinite(screen.scale)
    assert desk.front_end.appearance in {None, "Light", "Dark"}
    assert desk.front_end.native_window(WINDOW).pixel_width == desk.native.pixel_size[0]
