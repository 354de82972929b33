"""Overlays: what lies above a pane for a while and takes its keys."""
