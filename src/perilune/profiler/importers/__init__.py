"""Readers of what other programs captured, one file for each kind, and the one that tells them apart."""

from __future__ import annotations

from perilune.profiler.importers.detection import KINDS, read_capture
from perilune.profiler.importers.reading import Reading

__all__ = ["KINDS", "Reading", "read_capture"]
