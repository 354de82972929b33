"""OpenGL without a window or display, by EGL: for screenshots, benchmarks and tests.

The same renderer as in the window. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from perilune.gui.gl_renderer import GlRenderer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from perilune.render.scene import Scene

__all__ = ["HeadlessGl", "NoGlError"]


class NoGlError(RuntimeError):
    """There is no OpenGL to be had without a display."""


class HeadlessGl:
    """Draws scenes into memory.

    Attributes:
        device: what draws, as the driver names it.
        renderer: the renderer, whose context is current.

    Raises:
        NoGlError: no EGL here, or too old an OpenGL.
    """

    def __init__(self) -> None:
        import moderngl  # noqa: PLC0415 - heavy, and needed from here on only

        try:
            # Named in full: without development packages the short names are not there.
            libraries: Any = {"backend": "egl", "libgl": "libGL.so.1", "libegl": "libEGL.so.1"}
            self._context = moderngl.create_context(require=330, standalone=True, **libraries)
        except Exception as error:
            raise NoGlError(f"no OpenGL 3.3 without a display: {error}") from error
        self.device = str(self._context.info["GL_RENDERER"])
        self.renderer = GlRenderer(self._context)

    def draw(self, scene: Scene) -> NDArray[np.uint8]:
        """The scene's picture: height x width x 4, premultiplied RGBA, the top row first."""
        self.renderer.draw(scene)
        return self.renderer.read()

    def close(self) -> None:
        """Give the context back."""
        self.renderer.release()
        self._context.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
