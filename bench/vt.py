"""Throughput of the terminal core: `perilune bench vt` without the command line around it."""

from __future__ import annotations

import argparse
import sys

from perilune.cli import bench_vt
from perilune.cli.bench_vt import rate
from perilune.cli.bench_vt_workloads import WORKLOADS

__all__ = ["WORKLOADS", "rate"]

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=bench_vt.__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    bench_vt.add_arguments(parser)
    sys.exit(bench_vt.run(parser.parse_args()))
