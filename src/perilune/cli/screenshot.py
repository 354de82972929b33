"""Run a command and write a picture of the window that it would run in; needs neither display nor GPU.

The picture is taken when the command has ended, or has been quiet for 300 ms after it began to write, or
after 10 seconds. Everything in it is as in the window: fonts, colours, tab bar, images.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from perilune.cli.start import overrides_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from perilune.app.application import Application
    from perilune.base.loop import EventLoop
    from perilune.cli.picture_front_end import PictureFrontEnd
    from perilune.render.scene import Scene

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "write a picture of the window in which a command runs"

QUIET_SECONDS = 0.3
LONGEST_SECONDS = 10.0
_SETTLE_SECONDS = 5.0  # for titles and statuses, after that
_POLL_SECONDS = 0.02


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `screenshot`."""
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PNG", help="where to write it")
    parser.add_argument("--cols", type=_count, metavar="N", help="columns (default: initial_cols)")
    parser.add_argument("--rows", type=_count, metavar="N", help="rows (default: initial_rows)")
    parser.add_argument("--font-size", type=_positive, metavar="POINTS", help="in place of font_size")
    parser.add_argument(
        "--scale",
        type=_positive,
        default=1.0,
        metavar="FACTOR",
        help="of the screen (default: 1)",
    )
    parser.add_argument(
        "--renderer",
        choices=("auto", "gl", "software"),
        default="auto",
        help="OpenGL without a display, or numpy; auto: OpenGL where there is one",
    )
    parser.add_argument(
        "--cwd", type=Path, metavar="DIR", help="the command's working directory (default: this one)"
    )
    parser.add_argument("program", nargs="+", metavar="-- COMMAND ARGS", help="what to run")


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError("from 1 to 1000")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0.1 <= number <= 500:
        raise argparse.ArgumentTypeError("from 0.1 to 500")
    return number


def _refuse(message: str) -> int:
    print(f"perilune: {message}", file=sys.stderr)
    return 2


class _Waiter:
    """Ends the program when it is time for the picture."""

    def __init__(self, loop: EventLoop, front_end: PictureFrontEnd, application: Application) -> None:
        self._loop = loop
        self._front_end = front_end
        self._application = application
        self._start = self._changed = loop.clock.monotonic()
        self._seen: tuple[int, ...] = ()
        self._settled_at = -1
        self.scene: Scene | None = None
        self.has_started = True
        loop.call_later(_POLL_SECONDS, self._look)

    def _look(self) -> None:
        now = self._loop.clock.monotonic()
        panes = list(self._application.services.mux.panes())
        if panes and all(pane.process is None for pane in panes):
            self.has_started = False
            self._application.quit()
            return
        counts = tuple(pane.terminal.bytes_read for pane in panes)
        if counts != self._seen:
            self._seen, self._changed = counts, now
        is_quiet = sum(counts) > 0 and now - self._changed >= QUIET_SECONDS
        has_ended = bool(panes) and all(pane.is_dead for pane in panes)
        if is_quiet or has_ended or now - self._start >= LONGEST_SECONDS:
            self._settle(now)
        else:
            self._loop.call_later(_POLL_SECONDS, self._look)

    def _settle(self, now: float) -> None:
        """Wait until titles and statuses have nothing new to show: Lua answers in the order of asking."""
        shown = self._front_end.window_ids
        is_late = now - self._start >= LONGEST_SECONDS + _SETTLE_SECONDS
        if shown and (self._front_end.frames == self._settled_at or is_late):
            self.scene = self._front_end.scene(shown[-1])
        if self.scene is not None or is_late:
            self._application.quit()
            return
        self._settled_at = self._front_end.frames
        services = self._application.services

        def answered(_answer: str = "", _error: str = "") -> None:
            services.request_frame()
            # The next look comes after the frame that this turn ends with.
            self._loop.call_later(_POLL_SECONDS, lambda: self._settle(self._loop.clock.monotonic()))

        if shown and self._application.config.needs_lua:
            services.repl("nil", shown[-1], None, answered)
        else:
            answered()


def run(arguments: argparse.Namespace) -> int:
    """Run the command and write the picture.

    Returns:
        The exit status: 0; 1 after an internal error; 2 for bad arguments, a command that cannot be started,
        or where nothing can be written.
    """
    folder = arguments.output.parent
    if not folder.is_dir():
        return _refuse(f"{arguments.output}: there is no directory {folder}")
    if arguments.cwd is not None and not arguments.cwd.is_dir():
        return _refuse(f"--cwd {arguments.cwd}: no such directory")

    from perilune.app.assemble import build_application  # noqa: PLC0415 - after the cheap refusals
    from perilune.app.start_options import StartOptions  # noqa: PLC0415
    from perilune.base import log  # noqa: PLC0415
    from perilune.base.loop import EventLoop  # noqa: PLC0415
    from perilune.cli.picture_front_end import PictureFrontEnd  # noqa: PLC0415
    from perilune.config.problems import ConfigError  # noqa: PLC0415

    try:
        log.configure(None, arguments.log_file)
    except ValueError as error:
        return _refuse(f"PERILUNE_LOG: {error}")
    except OSError as error:
        return _refuse(f"--log-file {arguments.log_file}: {error.strerror}")
    try:
        directory = arguments.cwd or Path.cwd()
    except OSError as error:
        return _refuse(f"the working directory: {error.strerror}")
    own = [("exit_behavior", '"Hold"'), ("exit_behavior_messaging", '"None"')]
    if arguments.font_size is not None:
        own.append(("font_size", repr(arguments.font_size)))
    loop = EventLoop()
    try:
        front_end = PictureFrontEnd(arguments.scale, arguments.cols, arguments.rows)
        options = StartOptions(
            command=tuple(arguments.program),
            cwd=directory,
            config_file=arguments.config_file,
            skip_config=arguments.skip_config,
            overrides=(*overrides_of(arguments), *own),
            env=dict(os.environ),
        )
        application = build_application(front_end, loop, options)
        waiter = _Waiter(loop, front_end, application)
        status = application.run()
        if not waiter.has_started:
            return _refuse(_why_not(arguments.program[0], directory))
        # Where the config could not be loaded, neither was what holds the pane: it may be closed by now.
        scene = waiter.scene or front_end.scene(None)
        if status or scene is None:
            return status or _refuse("the program ended before there was anything to see")
        return _write(scene, arguments.output, arguments.renderer)
    except ConfigError as error:
        return _refuse(str(error))
    finally:
        loop.close()


def _why_not(program: str, directory: Path) -> str:
    """Why a program could not be started."""
    from perilune.pty.errors import SpawnError  # noqa: PLC0415 - where it is needed
    from perilune.pty.spawner import resolve_program  # noqa: PLC0415

    try:
        resolve_program(program, os.environ, str(directory))
    except SpawnError as error:
        return str(error)
    return f"Unable to spawn {program}"


def _write(scene: Scene, output: Path, renderer: str) -> int:
    from PIL import Image  # noqa: PLC0415 - once, at the end

    try:
        pixels = _draw(scene, renderer)
    except RuntimeError as error:
        return _refuse(str(error))
    try:
        Image.fromarray(_straight(pixels)).save(output, "PNG")
    except OSError as error:
        return _refuse(f"{output}: {error.strerror or error}")
    return 0


def _draw(scene: Scene, renderer: str) -> NDArray[np.uint8]:
    """The scene's pixels, premultiplied.

    Raises:
        RuntimeError: OpenGL was asked for and is not to be had.
    """
    if renderer != "software":
        try:
            from perilune.gui.gl_headless import HeadlessGl  # noqa: PLC0415 - OpenGL, where it is wanted

            with HeadlessGl() as gl:
                return gl.draw(scene)
        except (ImportError, RuntimeError) as error:
            if renderer == "gl":
                raise RuntimeError(str(error)) from error
    from perilune.render.software import draw_scene  # noqa: PLC0415

    return draw_scene(scene)


def _straight(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """As PNG has colours: not multiplied by their alpha, and without an alpha where all is opaque."""
    import numpy as np  # noqa: PLC0415

    alpha = pixels[..., 3:4].astype(np.uint16)
    if (alpha == 255).all():
        return np.ascontiguousarray(pixels[..., :3])
    rgb = np.minimum(pixels[..., :3].astype(np.uint16) * 255 // np.maximum(alpha, 1), 255)
    found: NDArray[np.uint8] = np.concatenate([rgb, alpha], axis=-1).astype(np.uint8)
    return found
