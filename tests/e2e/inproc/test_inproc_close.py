from __future__ import annotations

import pytest

from perilune.pty.process_info import ProcessInfo


def busy(start, **options):
    session = start(**options)
    session.settle()
    session.program.is_busy = True
    return session


def test_closing_asks_while_a_program_runs(start):
    session = busy(start)
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
    session.program.is_busy = True
    session.screen.key("W", "CTRL|SHIFT")
    session.until_text("Really close")
    session.screen.key("n")
    session.until(lambda: "Really close" not in session.screen.text)
    assert session.tab_count == 2
    session.screen.key("W", "CTRL|SHIFT")
    session.until_text("Really close")
    session.screen.key("y")
    session.until(lambda: session.tab_count == 1)


def test_typing_does_not_reach_the_program_while_asked(start):
    session = busy(start)
    session.screen.key("W", "CTRL|SHIFT")
    session.until_text("Really close")
    session.program.forget()
    session.screen.type("x")
    session.screen.paste("x")
    session.screen.key("Escape")
    session.screen.type("z")
    session.received(b"z")


def test_an_answer_by_mouse(start):
    session = busy(start)
    session.screen.key("W", "CTRL|SHIFT")
    session.until_text("[n] no")
    row = next(number for number, text in enumerate(session.screen.rows) if "[n] no" in text)
    session.screen.click(row, session.screen.rows[row].index("[n]"))
    session.until(lambda: "Really close" not in session.screen.text)


def test_a_shell_alone_is_closed_without_a_question(start):
    session = start()
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
    session.screen.key("W", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 1)


def test_quitting_asks_too(start):
    session = busy(start, keyboard="legacy")
    stops = []
    session.loop.stop = lambda: stops.append(True)
    session.screen.key("t", "CTRL")
    session.screen.key("q")
    session.until_text("Really quit")
    assert not stops
    session.screen.key("y")
    assert stops


def test_programs_are_hung_up_at_the_end(start):
    session = start()
    session.screen.key("T", "CTRL|SHIFT")
    session.until(lambda: session.tab_count == 2)
    session.app.shutdown()
    assert all(item.program.was_hung_up for item in session.domain.spawned)
    assert session.screen.stopped == 1


def test_the_front_end_going_away_ends_the_program(start):
    session = start()
    stops = []
    session.loop.stop = lambda: stops.append(True)
    session.screen.handler.on_close("hangup")
    assert stops


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_internal_error_gives_the_screen_back_and_says_so(start):
    session = start()

    def broken() -> None:
        raise RuntimeError("boom")

    session.loop.call_soon(broken)
    session.app.start = lambda: None
    assert session.app.run() == 1
    assert session.screen.stopped == 1
    assert "boom" in session.app.failure_message


def test_a_zero_exit_ends_with_zero(start):
    session = start()
    session.loop.call_soon(lambda: session.program.exit(0))
    session.app.start = lambda: None
    assert session.app.run() == 0


@pytest.mark.parametrize(
    ("reason", "status"),
    [("terminate", 143), ("hangup", 129), ("interrupt", 130), ("abort", 131), ("close", 0)],
)
def test_the_exit_status_tells_which_signal_ended_the_program(start, reason, status):
    session = start()
    session.loop.call_soon(lambda: session.screen.handler.on_close(reason))
    session.app.start = lambda: None
    assert session.app.run() == status


class TestConfigsDecideWhatIsStateful:
    """mux-is-process-stateful: true asks, false closes, nil leaves it to the names of programs."""

    CONFIG = """
    local wezterm = require 'wezterm'
    wezterm.on('mux-is-process-stateful', function(proc)
      %s
    end)
    return {}
    """

    @pytest.fixture(autouse=True)
    def processes(self, monkeypatch):
        """Every pane's program is a shell with an editor in it."""

        def tree(pid):
            editor = ProcessInfo(pid + 1, pid, "vim", "/usr/bin/vim", "/", "Run", ("vim", "x"), ())
            return ProcessInfo(pid, 1, "sh", "/bin/sh", "/", "Sleep", ("/bin/sh",), (editor,))

        monkeypatch.setattr("perilune.mux.pane.process_tree", tree)

    @pytest.mark.parametrize(
        ("answer", "asks"),
        [
            ("return true", True),
            ("return false", False),
            ("return nil", True),
            ("return 'what'", True),
            ("error('no')", True),
            ("for _, child in pairs(proc.children) do return child.name ~= 'vim' end", False),
            ("return proc.executable == '/bin/sh' and proc.argv[1] == '/bin/sh'", True),
        ],
    )
    @pytest.mark.parametrize("is_split", [False, True])
    def test_their_answer_counts(self, start, answer, asks, is_split):
        session = start(self.CONFIG % answer)
        session.screen.key("T", "CTRL|SHIFT")
        session.until(lambda: session.tab_count == 2)
        session.settle()
        if is_split:
            session.screen.key("%", "CTRL|SHIFT|ALT")
            session.until(lambda: len(session.view.tab.panes()) == 2)
        session.screen.key("W", "CTRL|SHIFT")
        if asks:
            session.until_text("Really close")
            session.screen.key("n")
            session.settle()
            assert session.tab_count == 2
        else:
            session.until(lambda: session.tab_count == 1)

    def test_one_of_several_is_enough_and_no_other_is_asked_after_it(self, start):
        session = start(
            self.CONFIG
            % "wezterm.GLOBAL.asked = (wezterm.GLOBAL.asked or 0) + 1 return wezterm.GLOBAL.asked == 2"
        )
        for count in (2, 3):
            session.screen.key("%", "CTRL|SHIFT|ALT")
            session.until(lambda count=count: len(session.view.tab.panes()) == count)
        session.settle()
        session.screen.key("W", "CTRL|SHIFT")
        session.until_text("Really close")
        session.screen.key("n")
        session.settle()
        # Asked twice so far: the third answer is no, and so are all that follow.
        session.screen.key("W", "CTRL|SHIFT")
        session.until(lambda: not session.app.services.mux.windows)
