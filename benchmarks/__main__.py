"""`python -m benchmarks [first-paint|tick|command-line|archive|calendar|learning|all] [--runs N] [--json]`.

Prints ratios, for people: the exit code is 0 whatever they are, and 1 when one could not be measured.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path

from benchmarks.archive import archive
from benchmarks.calendar import calendar
from benchmarks.command_line import command_line
from benchmarks.first_paint import first_paint
from benchmarks.learning import learning
from benchmarks.measures import Measure, table
from benchmarks.pty_session import DidNotPaintError
from benchmarks.tick import tick
from relui.errors import ReluiError

BENCHMARKS: Mapping[str, Callable[[Path, int], list[Measure]]] = {
    "first-paint": first_paint,
    "tick": tick,
    "command-line": command_line,
    "archive": archive,
    "calendar": calendar,
    "learning": learning,
}


def main() -> int:
    """Run what was asked for and print its table. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("which", nargs="?", choices=[*BENCHMARKS, "all"], default="all")
    parser.add_argument(
        "--runs", type=int, default=25, help="how often each side runs; three times as many ticks"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="keep the made-up releases there, and use them again"
    )
    given = parser.parse_args()
    wanted = list(BENCHMARKS) if given.which == "all" else [given.which]
    measures: list[Measure] = []
    failed = False
    with nullcontext(given.keep) if given.keep else tempfile.TemporaryDirectory() as folder:
        for name in wanted:
            print(f"{name} ...", file=sys.stderr, flush=True)
            try:
                measures += BENCHMARKS[name](Path(folder).absolute(), given.runs)
            except (DidNotPaintError, ReluiError, OSError, subprocess.SubprocessError) as error:
                failed = True
                print(f"{name} could not run: {error}", file=sys.stderr)
    print(json.dumps([each.document() for each in measures], indent=2) if given.json else table(measures))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
