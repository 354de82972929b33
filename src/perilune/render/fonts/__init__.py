"""Fonts: where faces come from, what a cell measures, shaped and rasterised glyphs."""
