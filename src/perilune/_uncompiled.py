"""An import finder that prefers a module's .py over its compiled twin. For tests and debugging."""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path

__all__ = ["install"]


class _SourceFirst:
    """A meta path finder: `perilune.*` from source, everything else left alone."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """The source spec of a perilune module whose normal spec is an extension."""
        if not name.startswith("perilune."):
            return None
        spec = PathFinder.find_spec(name, path, target)  # type: ignore[arg-type]
        if spec is None or spec.origin is None or not spec.origin.endswith((".so", ".pyd")):
            return spec
        source = Path(spec.origin).parent / (name.rpartition(".")[2] + ".py")
        return spec_from_file_location(name, source, loader=SourceFileLoader(name, str(source)))


def install() -> None:
    """Put the finder in front of the others; later calls do nothing."""
    if not any(isinstance(finder, _SourceFirst) for finder in sys.meta_path):
        sys.meta_path.insert(0, _SourceFirst())
