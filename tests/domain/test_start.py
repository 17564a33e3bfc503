"""The domain starts fast: nothing heavy is imported before it is used, and a tick costs next to nothing."""

from __future__ import annotations

import subprocess
import sys

from relui.domain.checklist import Item, ItemField
from relui.domain.log import Act, Head, next_entry
from relui.domain.marking import tick
from relui.domain.patches import diff
from tests.domain.releases import ADA, NOW, item, phase, release
from tests.effort import calls

HEAVY = (
    "pydantic",
    "dateutil",
    "difflib",
    "unicodedata",
    "hashlib",
    "zoneinfo",
    "fractions",
    "tinydb",
    "yaml",
    "textual",
)


def test_ticking_and_the_log_import_nothing_heavy() -> None:
    code = (
        "import msgspec, sys; known = set(sys.modules)\n"
        "import relui.domain.marking, relui.domain.log\n"
        f"print(*sorted(set({HEAVY!r}) & (set(sys.modules) - known)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_tick_of_a_release_with_ninety_items_and_its_entry_take_few_calls() -> None:
    """The bounds are half as much again as what is measured."""
    from msgspec import to_builtins

    def items(top: int) -> list[Item]:
        return [
            item(f"i{n}", fields=(ItemField("a", "A"),), requires=(f"p{top}.i{n - 1}",) if n % 3 == 1 else ())
            for n in range(13)
        ]

    dues = ("T-48h", "T-2d", "T-24h", "T-1h", "T", "T+30m", "T+24h")
    made = release(*(phase(f"p{n}", *items(n), due=due) for n, due in enumerate(dues)), zone="Europe/London")
    for done in ("p0", "p1", "p2"):
        made = tick(made, [done], "ada", NOW).release
    before, ruling = to_builtins(made), tick(made, ["p4.i0"], "ada", NOW)
    changes = diff(before, to_builtins(ruling.release))
    assert calls(lambda: tick(made, ["p4.i0"], "ada", NOW)) < 1_700
    assert calls(lambda: diff(before, to_builtins(ruling.release))) < 900
    assert calls(lambda: next_entry(Head(), Act("tick", "t"), ADA, NOW, changes, simulated=False)) < 50
