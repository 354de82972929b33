"""The program's icon, drawn: a moon, and the orbit that comes closest to it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QImage, QPainter, QPen, QPixmap

__all__ = ["make_icon"]

_SIZES = (16, 32, 64, 128)


def make_icon() -> QIcon:
    """The icon in the sizes that desktops ask for; needs a QGuiApplication."""
    icon = QIcon()
    for size in _SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size / 64, size / 64)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(0x1B, 0x1E, 0x2E))
        painter.drawRoundedRect(QRectF(2, 2, 60, 60), 14, 14)
        painter.setBrush(QColor(0xE8, 0xE4, 0xD8))
        painter.drawEllipse(QPointF(34, 34), 15, 15)
        painter.setBrush(QColor(0xCF, 0xCA, 0xBB))
        painter.drawEllipse(QPointF(39, 31), 4, 4)
        painter.drawEllipse(QPointF(31, 40), 3, 3)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0x7A, 0xA2, 0xF7), 3))
        painter.translate(30, 34)
        painter.rotate(-30)
        painter.drawEllipse(QPointF(0, 0), 25, 17)
        painter.end()
        icon.addPixmap(QPixmap.fromImage(image))
    return icon
