"""List what every chord does: the defaults, the config's own, and the key tables.

Where a terminal swallows chords (no kitty keyboard protocol), the fallback leader opens the key table
`fallback_leader`, which is listed too.
"""

from __future__ import annotations

import argparse
import os
import sys
from itertools import groupby
from pathlib import Path

from perilune.base import log
from perilune.cli.start import overrides_of

__all__ = ["SUMMARY", "add_arguments", "run"]

SUMMARY = "list what every chord does"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `show-keys`."""
    parser.add_argument(
        "--key-table", metavar="NAME", help="only this key table; an empty name: the keys that always act"
    )
    parser.add_argument("--own", action="store_true", help="only what the config assigns itself")
    parser.add_argument("--json", action="store_true", help="print a list of objects")


def run(arguments: argparse.Namespace) -> int:
    """Print the list.

    Returns:
        The exit status: 0; 1 when the config does not load; 2 for bad arguments.
    """
    from perilune.app.headless import load_headless  # noqa: PLC0415 - not for --help
    from perilune.app.keys.listing import list_keys  # noqa: PLC0415
    from perilune.config.assignment import to_value  # noqa: PLC0415
    from perilune.config.discovery import find_config  # noqa: PLC0415
    from perilune.config.problems import ConfigError  # noqa: PLC0415

    try:
        log.configure(None, arguments.log_file)
        source = find_config(
            arguments.config_file, skip=arguments.skip_config, env=os.environ, home=Path.home()
        )
    except (ValueError, OSError, ConfigError) as error:
        print(f"perilune: {error}", file=sys.stderr)
        return 2
    result = load_headless(source, overrides_of(arguments))
    for problem in result.problems:
        print(f"perilune: {problem.severity}: {problem.message}", file=sys.stderr)
    if result.config is None:
        print(f"perilune: {result.error}", file=sys.stderr)
        return 1
    items = [
        item
        for item in list_keys(result.config)
        if (arguments.key_table is None or item.table == arguments.key_table)
        and not (arguments.own and item.is_default)
    ]
    if arguments.key_table and not items:
        print(f"perilune: there is no key table {arguments.key_table!r}", file=sys.stderr)
        return 2
    if arguments.json:
        import json  # noqa: PLC0415 - only here

        rows = [
            {
                "table": item.table,
                "chord": str(item.chord),
                "action": to_value(item.action),
                "default": item.is_default,
            }
            for item in items
        ]
        print(json.dumps(rows, indent=1, ensure_ascii=False))
        return 0
    width = max((len(str(item.chord)) for item in items), default=0)
    for table, group in groupby(items, key=lambda item: item.table):
        print(f"\nKey table {table}" if table else "Keys")
        for item in group:
            mark = " " if item.is_default else "*"
            print(f"{mark} {item.chord!s:{width}}  {item.action}")
    print("\n* set by the config")
    return 0
