"""Large archives to measure with: `python -m benchmarks.archive_generator --data DIR --count 10000`.

The releases are the demo's, only more of them: told through the domain's rules, with logs that verify.
About 50 KB and 4 ms each. The same seed and `--now` give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from relui.clock import clock_from
from relui.demo.build import build_demo
from relui.errors import ReluiError
from relui.loading.templates import TemplateLibrary
from relui.locations import find_locations

DAYS_EACH = 0.4
"""Days between two go-lives in a large archive: ten thousand of them go back eleven years."""


def generate(data: Path, *, count: int, active: int, seed: int, now: str) -> None:
    """Fill an empty data folder. `now` is an ISO instant, or empty for the host's clock."""
    bundled = find_locations(str(data), {})
    library = TemplateLibrary(bundled.templates, None)
    build_demo(
        data,
        bundled.demo,
        clock=clock_from({"RELUI_NOW": f"frozen:{now}" if now else ""}),
        library=lambda: library,
        host_zone=lambda: "UTC",
        archived=count,
        active=active,
        days=max(548, round(count * DAYS_EACH)),
        seed=seed,
    )


def main() -> int:
    """Read the command line and generate. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.archive_generator", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="an empty or new folder")
    parser.add_argument("--count", type=int, default=10_000, help="archived releases")
    parser.add_argument("--active", type=int, default=20, help="active releases")
    parser.add_argument("--seed", type=int, default=1, help="another seed gives other releases")
    parser.add_argument("--now", default="", help="the instant that everything is relative to, ISO 8601")
    given = parser.parse_args()
    begun = time.perf_counter()
    try:
        generate(given.data, count=given.count, active=given.active, seed=given.seed, now=given.now)
    except ReluiError as error:
        print(error.message, file=sys.stderr)
        return error.exit_code
    took = time.perf_counter() - begun
    print(f"{given.count} archived and {given.active} active releases in {took:.1f} s: {given.data}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
