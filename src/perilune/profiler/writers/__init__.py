"""Writers of reports: for a terminal, as Markdown, as a page of HTML."""

from __future__ import annotations
