"""The cell: how it is packed, how wide text is, buffers and lines of cells."""
