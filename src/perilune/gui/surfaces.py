"""What a native window's picture is drawn on: OpenGL through Qt's context, or pixels where there is none.

A surface takes a scene and shows it; it knows nothing of events. Window thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import (
    QBackingStore,
    QImage,
    QOpenGLContext,
    QPainter,
    QRegion,
    QSurface,
    QSurfaceFormat,
    QWindow,
)

from perilune.base.log import get_logger

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QOpenGLExtraFunctions

    from perilune.gui.accounting import FrameAccounting
    from perilune.render.scene import Scene

__all__ = ["GlSurface", "RasterSurface", "Surface", "SurfaceError", "surface_format"]

_log = get_logger("gui.surface")
_READ_FRAMEBUFFER, _DRAW_FRAMEBUFFER = 0x8CA8, 0x8CA9
_COLOR_BUFFER_BIT, _NEAREST, _SCISSOR_TEST = 0x4000, 0x2600, 0x0C11


class SurfaceError(RuntimeError):
    """The surface cannot be drawn on, or no longer."""


class Surface(Protocol):
    """Shows scenes in a window.

    Attributes:
        name: what draws, for logs.
    """

    name: str

    def present(self, scene: Scene, accounting: FrameAccounting) -> None:
        """Draw what the scene says has changed, and show the picture.

        Raises:
            SurfaceError: it is lost.
        """
        ...

    def invalidate(self) -> None:
        """Draw everything at the next `present`."""
        ...

    def release(self) -> None:
        """Give everything back."""
        ...


def surface_format(*, has_alpha: bool) -> QSurfaceFormat:
    """The format to ask for: OpenGL 3.3 core or, where Qt has only that, ES 3.0."""
    wanted = QSurfaceFormat()
    if QOpenGLContext.openGLModuleType() == QOpenGLContext.OpenGLModuleType.LibGLES:
        wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGLES)
        wanted.setVersion(3, 0)
    else:
        wanted.setRenderableType(QSurfaceFormat.RenderableType.OpenGL)
        wanted.setVersion(3, 3)
        wanted.setProfile(QSurfaceFormat.OpenGLContextProfile.CoreProfile)
    wanted.setDepthBufferSize(0)
    wanted.setStencilBufferSize(0)
    wanted.setAlphaBufferSize(8 if has_alpha else 0)
    # Not waiting for the vsync within the swap: it would hold up the mux. Frames are paced by `max_fps`, and
    # where the window system tells, by its frame callbacks.
    wanted.setSwapInterval(0)
    return wanted


class _QtLoader:
    """Gives moderngl the functions of Qt's current context, whichever way Qt made it."""

    def __init__(self, context: QOpenGLContext) -> None:
        self._context = context

    def load_opengl_function(self, name: str) -> int:
        return int(self._context.getProcAddress(name.encode()) or 0)

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_error: object) -> None:
        return None

    def release(self) -> None:
        """Qt's context is released by its owner."""


class GlSurface:
    """A window with OpenGL, a context for each: what one loses does not concern the others.

    Args:
        window: created, with the surface type OpenGLSurface and a format of `surface_format`.

    Raises:
        SurfaceError: there is no OpenGL, or too old a one.
    """

    def __init__(self, window: QWindow) -> None:
        import moderngl  # noqa: PLC0415 - only a window needs it

        from perilune.gui.gl_renderer import GlRenderer  # noqa: PLC0415

        self._window = window
        self._context = QOpenGLContext()
        self._context.setFormat(window.requestedFormat())
        if not self._context.create():
            raise SurfaceError("there is no OpenGL context to be had")
        if not self._context.makeCurrent(window):
            raise SurfaceError("the OpenGL context does not take the window")
        is_es = self._context.isOpenGLES()
        try:
            self._gl = moderngl.create_context(
                require=300 if is_es else 330,
                context=_QtLoader(self._context),  # type: ignore[arg-type] # the stubs know of settings only
            )
            self.renderer = GlRenderer(self._gl, is_es=is_es)
        except Exception as error:
            raise SurfaceError(f"OpenGL 3.3 (or ES 3.0) is needed: {error}") from error
        self._functions: QOpenGLExtraFunctions = self._context.extraFunctions()
        self.name = str(self._gl.info["GL_RENDERER"])
        _log.info("drawing by OpenGL %s, %s", self._gl.version_code, self.name)

    def present(self, scene: Scene, accounting: FrameAccounting) -> None:
        """Draw and show.

        Raises:
            SurfaceError: the context is lost.
        """
        context, window = self._context, self._window
        if not context.isValid() or not context.makeCurrent(window):
            raise SurfaceError("the OpenGL context is lost")
        renderer = self.renderer
        renderer.upload(scene)
        accounting.stage("upload")
        renderer.draw(scene)
        accounting.stage("draw")
        width, height = renderer.size
        functions = self._functions
        functions.glBindFramebuffer(_READ_FRAMEBUFFER, renderer.framebuffer_name)
        functions.glBindFramebuffer(_DRAW_FRAMEBUFFER, context.defaultFramebufferObject())
        functions.glDisable(_SCISSOR_TEST)
        functions.glBlitFramebuffer(0, 0, width, height, 0, 0, width, height, _COLOR_BUFFER_BIT, _NEAREST)
        context.swapBuffers(window)
        accounting.stage("present")

    def invalidate(self) -> None:
        """Draw everything at the next `present`."""
        self.renderer.invalidate()

    def release(self) -> None:
        """Give everything back."""
        if self._context.isValid() and self._context.makeCurrent(self._window):
            self.renderer.release()
            self._context.doneCurrent()


class RasterSurface:
    """A window whose picture is made by numpy: slow, and works everywhere.

    Args:
        window: created, with the surface type RasterSurface.
    """

    def __init__(self, window: QWindow) -> None:
        from perilune.render.software import SoftwareRenderer  # noqa: PLC0415 - where there is no OpenGL

        self.name = "software"
        self._window = window
        self._make: Callable[[], SoftwareRenderer] = SoftwareRenderer
        self._renderer = self._make()
        self._store = QBackingStore(window)
        _log.info("drawing without OpenGL")

    def present(self, scene: Scene, accounting: FrameAccounting) -> None:
        """Draw and show."""
        accounting.stage("upload")
        pixels = self._renderer.draw(scene)
        accounting.stage("draw")
        size = self._window.size()
        region = QRegion(QRect(QPoint(0, 0), size))
        self._store.resize(size)
        self._store.beginPaint(region)
        painter = QPainter(self._store.paintDevice())
        image = QImage(
            pixels.tobytes(), scene.width, scene.height, scene.width * 4,
            QImage.Format.Format_RGBA8888_Premultiplied,
        )  # fmt: skip
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QRect(QPoint(0, 0), size), image)
        painter.end()
        self._store.endPaint()
        self._store.flush(region)
        accounting.stage("present")

    def invalidate(self) -> None:
        """Draw everything at the next `present`."""
        self._renderer = self._make()

    def release(self) -> None:
        """Nothing is held beside memory."""


SURFACE_TYPES = {"gl": QSurface.SurfaceType.OpenGLSurface, "raster": QSurface.SurfaceType.RasterSurface}
