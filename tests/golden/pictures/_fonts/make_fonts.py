"""Makes the face that the golden pictures use for wide and coloured characters; run by hand, with fonttools.

Our own simple drawings: U+53E3, U+65E5, U+4E2D (boxes and bars, an em wide) and U+1F600, U+1F7E5 in colours
(COLR version 0). Writes PeriluneTest.ttf beside this file.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.colorLib.builder import buildCOLR, buildCPAL
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

EM = 1000


def shape(*boxes, dots=()):
    """A glyph of boxes (left, bottom, right, top; a negative sign: a hole) and eight-cornered dots."""
    pen = TTGlyphPen(None)
    for left, bottom, right, top, *hole in boxes:
        points = [(left, bottom), (left, top), (right, top), (right, bottom)]
        points = points[::-1] if hole else points
        pen.moveTo(points[0])
        for point in points[1:]:
            pen.lineTo(point)
        pen.closePath()
    for x, y, radius in dots:
        near = round(radius * 0.414)
        corners = [
            (x - near, y + radius),
            (x + near, y + radius),
            (x + radius, y + near),
            (x + radius, y - near),
            (x + near, y - radius),
            (x - near, y - radius),
            (x - radius, y - near),
            (x - radius, y + near),
        ]
        pen.moveTo(corners[0])
        for point in corners[1:]:
            pen.lineTo(point)
        pen.closePath()
    return pen.glyph()


GLYPHS = {
    ".notdef": shape(),
    "mouth": shape((120, -40, 880, 720), (200, 40, 800, 640, "hole")),
    "sun": shape((200, -80, 800, 800), (280, 0, 720, 320, "hole"), (280, 400, 720, 720, "hole")),
    "middle": shape(
        (120, 200, 880, 640),
        (200, 280, 460, 560, "hole"),
        (540, 280, 800, 560, "hole"),
        (460, 640, 540, 820),
        (460, -80, 540, 200),
    ),
    "face": shape(dots=((500, 350, 450),)),
    "eyes": shape(dots=((340, 480, 70), (660, 480, 70))),
    "smile": shape((280, 140, 720, 220), (280, 180, 340, 260), (660, 180, 720, 260)),
    "square": shape((60, -90, 940, 790)),
    "grin": shape(dots=((500, 350, 450),)),
    "red": shape((60, -90, 940, 790)),
}
builder = FontBuilder(EM, isTTF=True)
builder.setupGlyphOrder(list(GLYPHS))
builder.setupCharacterMap({0x53E3: "mouth", 0x65E5: "sun", 0x4E2D: "middle", 0x1F600: "grin", 0x1F7E5: "red"})
builder.setupGlyf(GLYPHS)
bearings = {name: getattr(glyph, "xMin", 0) for name, glyph in builder.font["glyf"].glyphs.items()}
builder.setupHorizontalMetrics({name: (EM, bearings[name]) for name in GLYPHS})
builder.setupHorizontalHeader(ascent=880, descent=-120)
builder.setupNameTable({"familyName": "Perilune Test", "styleName": "Regular"})
builder.setupOS2(sTypoAscender=880, sTypoDescender=-120, usWinAscent=880, usWinDescent=120)
builder.setupPost()
builder.font["COLR"] = buildCOLR({"grin": [("face", 0), ("eyes", 1), ("smile", 1)], "red": [("square", 2)]})
builder.font["CPAL"] = buildCPAL([[(1.0, 0.8, 0.1, 1.0), (0.3, 0.2, 0.0, 1.0), (0.85, 0.1, 0.15, 1.0)]])
builder.font["head"].created = builder.font["head"].modified = 0
builder.save(Path(__file__).with_name("PeriluneTest.ttf"))
