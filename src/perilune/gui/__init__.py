"""The native window: Qt's windows and input, drawing by OpenGL.

The only place that imports PySide6 and moderngl; imported when a window opens, and not before.
"""
