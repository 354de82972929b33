"""Draws a `render.scene.Scene` by OpenGL, into a framebuffer of its own that keeps the last picture.

Only what the scene says has changed is drawn again: strips of the window's whole width, cut by the scissor,
with the instances of the rows that touch them. So a frame that changes one row rasterises one row, also in
software (llvmpipe), and nothing but the instances and glyphs of that row travel. Knows neither Qt nor
windows: it needs a moderngl context (OpenGL 3.3 core, or ES 3.0), which must be current. Window thread.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import OrderedDict
from time import thread_time
from typing import TYPE_CHECKING, Any

import numpy as np

from perilune.gui.damage import strips_of
from perilune.render.atlas import PAGE_SIZE
from perilune.render.scene import INSTANCE, UNDER_BACKGROUNDS

if TYPE_CHECKING:
    import moderngl
    from numpy.typing import NDArray

    from perilune.render.atlas import Atlas
    from perilune.render.scene import Scene, SceneImage

__all__ = ["GlRenderer"]

_CORE = "#version 330 core\n"
_ES = (
    "#version 300 es\nprecision highp float;\nprecision highp int;\n"
    "precision highp sampler2D;\nprecision highp sampler2DArray;\n"
)

_QUAD_VERTEX = """
uniform vec2 window;
in ivec2 place;
in uvec2 size;
in uvec2 texel;
in uvec2 page_flags;
in vec4 rgba;
out vec2 at;
flat out uint page;
flat out uint kind;
flat out vec4 tint;
uniform vec3 blink;
void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    vec2 pixel = vec2(place) + corner * vec2(size);
    gl_Position = vec4(pixel.x * 2.0 / window.x - 1.0, 1.0 - pixel.y * 2.0 / window.y, 0.0, 1.0);
    at = vec2(texel) + corner * vec2(size);
    page = page_flags.x;
    kind = page_flags.y & 3u;
    float alpha = rgba.a;
    if ((page_flags.y & 4u) != 0u) alpha *= blink.x;
    if ((page_flags.y & 8u) != 0u) alpha *= blink.y;
    if ((page_flags.y & 16u) != 0u) alpha *= blink.z;
    tint = vec4(rgba.rgb * alpha, alpha);
}
"""
_QUAD_FRAGMENT = """
uniform sampler2DArray atlas;
in vec2 at;
flat in uint page;
flat in uint kind;
flat in vec4 tint;
out vec4 color;
void main() {
    if (kind == 0u) {
        color = tint;
    } else {
        vec4 texel = texelFetch(atlas, ivec3(ivec2(at), int(page)), 0);
        color = kind == 1u ? tint * texel.a : texel * tint.a;
    }
}
"""
_SOLID_FRAGMENT = """
flat in vec4 tint;
out vec4 color;
void main() {
    color = tint;
}
"""
_IMAGE_VERTEX = """
uniform vec2 window;
uniform vec4 dest;
uniform vec4 source;
out vec2 at;
void main() {
    vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
    vec2 pixel = dest.xy + corner * dest.zw;
    gl_Position = vec4(pixel.x * 2.0 / window.x - 1.0, 1.0 - pixel.y * 2.0 / window.y, 0.0, 1.0);
    at = source.xy + corner * source.zw;
}
"""
_IMAGE_FRAGMENT = """
uniform sampler2D picture;
uniform float alpha;
in vec2 at;
out vec4 color;
void main() {
    color = texture(picture, at) * alpha;
}
"""
_INSTANCE = ("2i2 2u2 2u2 2u2 4f1 4x/i", "place", "size", "texel", "page_flags", "rgba")
_SOLID_INSTANCE = ("2i2 2u2 4x 2u2 4f1 4x/i", "place", "size", "page_flags", "rgba")  # the same bytes
_MAX_STRIPS = 4
_IMAGE_BYTES = 256 << 20
_ROUND_TO = 128


class GlRenderer:
    """One context's renderer, for one window.

    Args:
        context: current whenever a method is called.
        is_es: OpenGL ES.

    Attributes:
        uploaded: bytes of instances, glyphs and images that the last `draw` sent.
        drawn_pixels: of the strips that it rasterised.
        raster_seconds: of this thread, spent so far within drawing calls: with a software rasteriser, part of
            its work.
    """

    def __init__(self, context: moderngl.Context, *, is_es: bool = False) -> None:
        self.uploaded = 0
        self.drawn_pixels = 0
        self.raster_seconds = 0.0
        self._gl = context
        head = _ES if is_es else _CORE
        self._quads = context.program(head + _QUAD_VERTEX, head + _QUAD_FRAGMENT)
        # Backgrounds fill most of the window: a software rasteriser pays for every fetch that is not needed.
        self._solids = context.program(head + _QUAD_VERTEX, head + _SOLID_FRAGMENT)
        self._images = context.program(head + _IMAGE_VERTEX, head + _IMAGE_FRAGMENT)
        self._set(self._quads, "atlas", 0)
        self._set(self._images, "picture", 1)
        self._room = 0
        self._stream: moderngl.Buffer
        self._quad_array: moderngl.VertexArray
        self._solid_array: moderngl.VertexArray
        self._make_room(1024)
        self._image_array = context.vertex_array(self._images, [])
        self._max_texture = int(context.info["GL_MAX_TEXTURE_SIZE"])
        self._atlas: Atlas | None = None
        self._atlas_serial = 0
        self._atlas_generation = -1
        self._atlas_texture: moderngl.TextureArray | None = None
        self._pictures: OrderedDict[tuple[object, ...], moderngl.Texture] = OrderedDict()
        self._picture_bytes = 0
        self._texture: moderngl.Texture | None = None
        self._frame: moderngl.Framebuffer | None = None
        self._size = (0, 0)
        self._is_blank = True
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA

    @property
    def framebuffer_name(self) -> int:
        """GL's name of the framebuffer that holds the picture."""
        return 0 if self._frame is None else int(self._frame.glo)

    @property
    def size(self) -> tuple[int, int]:
        """Of the picture, pixels; its lower left corner is the framebuffer's."""
        return self._size

    def upload(self, scene: Scene) -> None:
        """Send the glyphs that the scene needs and that are not there; `draw` does it if nobody has."""
        self.uploaded = 0
        self._upload_atlas(scene.atlas)

    def draw(self, scene: Scene) -> bool:
        """Bring the picture up to date; False when nothing of it changed."""
        self.upload(scene)
        self.drawn_pixels = 0
        everything = self._fit(scene.width, scene.height) or scene.is_all_changed or self._is_blank
        strips = strips_of(scene, everything=everything, at_most=_MAX_STRIPS)
        if not strips or self._frame is None:
            return False
        gl = self._gl
        self._frame.use()
        self._frame.viewport = (0, 0, scene.width, scene.height)
        gl.enable_only(gl.BLEND)
        gl.blend_func = gl.ONE, gl.ONE_MINUS_SRC_ALPHA
        window = (float(scene.width), float(scene.height))
        self._set(self._quads, "window", window)
        self._set(self._solids, "window", window)
        self._set(self._images, "window", window)
        blink = (scene.alpha_slow, scene.alpha_rapid, scene.alpha_cursor)
        self._set(self._quads, "blink", blink)
        self._set(self._solids, "blink", blink)
        if self._atlas_texture is not None:
            self._atlas_texture.use(0)
        for top, bottom in strips:
            self._draw_strip(scene, top, bottom)
        self._frame.scissor = (0, 0, *self._frame.size)
        self._is_blank = False
        self._drop_pictures(scene)
        return True

    def read(self) -> NDArray[np.uint8]:
        """The picture: height x width x 4, premultiplied RGBA, the top row first."""
        width, height = self._size
        if self._frame is None:
            return np.zeros((height, width, 4), np.uint8)
        data = self._frame.read((0, 0, width, height), components=4, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(height, width, 4)[::-1]

    def finish(self) -> None:
        """Wait until all has been drawn."""
        self._gl.finish()

    def invalidate(self) -> None:
        """Draw everything anew at the next `draw`."""
        self._is_blank = True

    def release(self) -> None:
        """Give everything back; the context must be current."""
        kept: list[Any] = [
            self._frame, self._texture, self._atlas_texture, *self._pictures.values(), self._image_array,
            self._quads, self._solids, self._images,
        ]  # fmt: skip
        self._drop_room()
        for item in kept:
            if item is not None:
                item.release()
        self._frame = self._texture = self._atlas_texture = None
        self._pictures.clear()

    # Strips.

    def _draw_strip(self, scene: Scene, top: int, bottom: int) -> None:
        frame = self._frame
        assert frame is not None  # noqa: S101 - draw() has seen to it
        frame.scissor = (0, scene.height - bottom, scene.width, bottom - top)
        self.drawn_pixels += scene.width * (bottom - top)
        red, green, blue, alpha = scene.clear
        frame.clear(red * alpha, green * alpha, blue * alpha, alpha, viewport=frame.scissor)
        for layer in scene.layers:
            self._draw_image(layer)
        self._draw_instances(scene.under)
        images = scene.images
        first = bisect_right(scene.tops, top - scene.cell_height)
        # A window that has just grown has room for more rows than the frame that it shows.
        rows = range(first, min(bisect_left(scene.tops, bottom, first), scene.rows))
        backgrounds = _of_rows(scene.backgrounds, scene.background_counts, rows)
        glyphs = _of_rows(scene.glyphs, scene.glyph_counts, rows)
        above = [each.view(np.uint8) for each in (scene.cursor, scene.over, scene.bar) if len(each)]
        if not images:
            self._draw_bytes(backgrounds, solid=True)
            self._draw_bytes([*glyphs, *above])
            return
        self._draw_images([image for image in images if image.z < UNDER_BACKGROUNDS], top, bottom)
        self._draw_bytes(backgrounds, solid=True)
        self._draw_images([image for image in images if UNDER_BACKGROUNDS <= image.z < 0], top, bottom)
        self._draw_bytes(glyphs)
        self._draw_images([image for image in images if image.z >= 0], top, bottom)
        self._draw_bytes(above)

    def _draw_instances(self, *lists: NDArray[np.void]) -> None:
        self._draw_bytes([each.view(np.uint8) for each in lists if len(each)])

    def _draw_bytes(self, parts: list[NDArray[np.uint8]], *, solid: bool = False) -> None:
        if not parts:
            return
        # Joined as bytes: numpy copies records field by field.
        data = np.ascontiguousarray(parts[0]) if len(parts) == 1 else np.concatenate(parts)
        quads = data.nbytes // INSTANCE.itemsize
        if quads > self._room:
            self._drop_room()
            self._make_room(quads)
        else:
            self._stream.orphan()
        self._stream.write(data)
        self.uploaded += data.nbytes
        start = thread_time()
        array = self._solid_array if solid else self._quad_array
        array.render(self._gl.TRIANGLE_STRIP, vertices=4, instances=quads)
        self.raster_seconds += thread_time() - start

    def _draw_images(self, images: list[SceneImage], top: int, bottom: int) -> None:
        for image in images:
            _, y, _, height = image.dest
            if y < bottom and y + height > top:
                self._draw_image(image)

    def _draw_image(self, image: SceneImage) -> None:
        x, y, width, height = image.dest
        u, v, du, dv = image.source
        if width <= 0 or height <= 0:
            return
        if image.clip is not None:
            clip = image.clip
            left, right = max(x, clip.x), min(x + width, clip.x + clip.width)
            above, below = max(y, clip.y), min(y + height, clip.y + clip.height)
            if left >= right or above >= below:
                return
            u, du = u + (left - x) * du / width, du * (right - left) / width
            v, dv = v + (above - y) * dv / height, dv * (below - above) / height
            x, y, width, height = left, above, right - left, below - above
        picture = self._picture(image)
        if picture is None:
            return
        gl = self._gl
        picture.filter = (gl.LINEAR, gl.LINEAR) if image.is_smooth else (gl.NEAREST, gl.NEAREST)
        picture.use(1)
        rows, cols = image.pixels.shape[:2]
        self._set(self._images, "dest", (x, y, width, height))
        self._set(self._images, "source", (u / cols, v / rows, du / cols, dv / rows))
        self._set(self._images, "alpha", image.alpha)
        start = thread_time()
        self._image_array.render(gl.TRIANGLE_STRIP, vertices=4)
        self.raster_seconds += thread_time() - start

    def _picture(self, image: SceneImage) -> moderngl.Texture | None:
        found = self._pictures.get(image.key)
        if found is not None:
            self._pictures.move_to_end(image.key)
            return found
        height, width = image.pixels.shape[:2]
        if not 0 < width <= self._max_texture or not 0 < height <= self._max_texture:
            return None
        pixels = image.pixels.astype(np.uint16)
        # Premultiplied, so that filtering takes no colour from what cannot be seen.
        pixels[..., :3] = (pixels[..., :3] * pixels[..., 3:] + 127) // 255
        data = np.ascontiguousarray(pixels.astype(np.uint8))
        texture = self._gl.texture((width, height), 4, data, alignment=1)
        texture.repeat_x = texture.repeat_y = False
        self._pictures[image.key] = texture
        self._picture_bytes += data.nbytes
        self.uploaded += data.nbytes
        return texture

    def _drop_pictures(self, scene: Scene) -> None:
        """Forget the pictures that were used least recently, but for those of this scene."""
        if self._picture_bytes <= _IMAGE_BYTES:
            return
        used = {image.key for image in (*scene.layers, *scene.images)}
        for key in list(self._pictures):
            if self._picture_bytes <= _IMAGE_BYTES:
                return
            if key not in used:
                texture = self._pictures.pop(key)
                self._picture_bytes -= texture.width * texture.height * 4
                texture.release()

    # What is kept.

    def _make_room(self, quads: int) -> None:
        """A buffer for so many quads or more."""
        self._room = room = 1 << (quads - 1).bit_length()
        self._stream = self._gl.buffer(reserve=room * INSTANCE.itemsize, dynamic=True)
        stream = self._stream
        self._quad_array = self._gl.vertex_array(self._quads, [(stream, *_INSTANCE)])
        self._solid_array = self._gl.vertex_array(self._solids, [(stream, *_SOLID_INSTANCE)])

    def _drop_room(self) -> None:
        for item in (self._quad_array, self._solid_array, self._stream):
            item.release()

    def _fit(self, width: int, height: int) -> bool:
        """Have a framebuffer of the size; True when the picture is lost with it.

        It is larger than needed, so that not every step of a resize makes another.
        """
        if (width, height) == self._size:
            return False
        self._size = (width, height)
        room = [-(-max(side, 1) // _ROUND_TO) * _ROUND_TO for side in (width, height)]
        texture = self._texture
        if texture is not None:
            fits = texture.width >= room[0] and texture.height >= room[1]
            if fits and texture.width * texture.height <= 4 * room[0] * room[1]:
                return True
            room = [max(room[0], texture.width), max(room[1], texture.height)] if not fits else room
        if self._frame is not None:
            self._frame.release()
        if texture is not None:
            texture.release()
        size = (min(room[0], self._max_texture), min(room[1], self._max_texture))
        self._texture = self._gl.texture(size, 4)
        self._frame = self._gl.framebuffer([self._texture])
        return True

    def _upload_atlas(self, atlas: Atlas) -> None:
        pages = atlas.pages
        if atlas is not self._atlas or atlas.generation != self._atlas_generation:
            self._atlas, self._atlas_generation, self._atlas_serial = atlas, atlas.generation, 0
        if not pages or atlas.serial == self._atlas_serial:
            return
        texture = self._atlas_texture
        if texture is None or texture.layers < len(pages):
            if texture is not None:
                texture.release()
            layers = 1 << (len(pages) - 1).bit_length()
            texture = self._atlas_texture = self._gl.texture_array((PAGE_SIZE, PAGE_SIZE, layers), 4)
            texture.filter = (self._gl.NEAREST, self._gl.NEAREST)
            self._atlas_serial = 0
        if self._atlas_serial == 0:
            for number, page in enumerate(pages):
                texture.write(page, viewport=(0, 0, number, PAGE_SIZE, PAGE_SIZE, 1), alignment=1)
                self.uploaded += page.nbytes
        else:
            for change in atlas.changes_since(self._atlas_serial):
                number, x, y, width, height = change
                part = np.ascontiguousarray(pages[number][y : y + height, x : x + width])
                texture.write(part, viewport=(x, y, number, width, height, 1), alignment=1)
                self.uploaded += part.nbytes
        self._atlas_serial = atlas.serial

    @staticmethod
    def _set(program: moderngl.Program, name: str, value: object) -> None:
        """Set a uniform, unless the compiler has found it to be of no use."""
        found: Any = program.get(name, None)
        if found is not None:
            found.value = value


def _of_rows(instances: NDArray[np.void], counts: NDArray[np.uint32], rows: range) -> list[NDArray[np.uint8]]:
    """The instances of some rows as bytes, row by row."""
    if not instances.size:
        return []
    size = INSTANCE.itemsize
    whole = instances.view(np.uint8).reshape(len(instances), -1)
    numbers = counts[rows.start : rows.stop].tolist()
    return [whole[row, : count * size] for row, count in zip(rows, numbers, strict=True) if count]


assert INSTANCE.itemsize == 24  # noqa: S101 - what _INSTANCE says
