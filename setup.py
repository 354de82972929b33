"""Builds the compiled core: the modules below are plain Python that Cython compiles as they stand.

Where no C compiler is to be had, the build goes on without them and the same files run uncompiled, slower.
"""

from __future__ import annotations

import os
from pathlib import Path

from setuptools import Extension, setup

# Hot paths only. Each is ordinary Python with Cython annotations ("pure Python mode").
COMPILED = (
    "perilune/cells/buffer.py",
    "perilune/cells/width.py",
    "perilune/vt/tables.py",
    "perilune/vt/history.py",
    "perilune/vt/sixel.py",
    "perilune/vt/grid.py",
    "perilune/vt/screen.py",
    "perilune/vt/rectangles.py",
    "perilune/vt/printer.py",
    "perilune/vt/parser.py",
    "perilune/vt/host.py",
    "perilune/vt/view.py",
    "perilune/vt/terminal.py",
    "perilune/tui/diff.py",
    "perilune/render/rows.py",
)

# PERILUNE_BOUNDSCHECK=1 builds with index checks, for fuzzing.
CHECKED = os.environ.get("PERILUNE_BOUNDSCHECK") == "1"


def extensions() -> list[Extension]:
    """The extension modules, or none where Cython is missing or PERILUNE_NO_COMPILE is set."""
    if os.environ.get("PERILUNE_NO_COMPILE") == "1":
        return []
    try:
        from Cython.Build import cythonize  # noqa: PLC0415 - optional at build time
    except ImportError:
        return []
    present = [path for path in COMPILED if Path("src", path).exists()]
    modules = [
        Extension(
            path.removesuffix(".py").replace("/", "."),
            [f"src/{path}"],
            extra_compile_args=["-O2", "-fno-strict-aliasing"],
            optional=True,
        )
        for path in present
    ]
    return cythonize(
        modules,
        build_dir="build/cython",
        compiler_directives={
            "language_level": 3,
            "boundscheck": CHECKED,
            "initializedcheck": False,
            "cdivision": True,
            "infer_types": True,
            "freethreading_compatible": False,
        },
        # wraparound stays on by default: off over a whole module makes list[-1] undefined.
        quiet=True,
    )


setup(ext_modules=extensions(), options={"build_ext": {"parallel": os.cpu_count()}})
