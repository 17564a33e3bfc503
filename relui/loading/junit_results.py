"""The cases of JUnit reports as they are gathered: names stay apart, and nothing goes without a word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct

from relui.domain.dossier.parts import Case
from relui.domain.dossier.readers import CASES_LIMIT, case, told_apart
from relui.domain.text import clean, quoted
from relui.errors import BadInput
from relui.loading.junit_totals import told

_WORSE = {"passed": 0, "blocked": 1, "failed": 2}


class Results(Struct, frozen=True):
    """The cases of reports, when they began and ended (UTC, where they say so), and what people are told.

    `files` are the reports that were read, in their order.
    """

    cases: tuple[Case, ...]
    started: datetime | None = None
    ended: datetime | None = None
    told: tuple[str, ...] = ()
    files: tuple[Path, ...] = ()


class Key(Struct, frozen=True):
    """Where a case stands, as its report writes it."""

    file: str
    suites: tuple[str, ...]
    group: str
    name: str


class Gathered:
    """The cases of all reports so far."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        self.cases: dict[str, tuple[Key, Case]] = {}
        self.times: list[tuple[datetime, float]] = []
        self.not_run = self.unnamed = 0
        self.again: dict[str, set[str]] = {}
        self.different: list[tuple[str, str]] = []

    def put(self, key: Key, made: Case) -> None:
        """Add a case. Names that differ in the report stay apart; the same one again keeps the worse."""
        made = self._own_name(key, made)
        known = self.cases.get(made.id)
        if known is None:
            self.cases[made.id] = key, made
            if len(self.cases) > CASES_LIMIT:
                raise BadInput(
                    f"{key.file}: has more than {CASES_LIMIT:,} test cases. Import it in parts."
                    if all(other.file == key.file for other, _ in self.cases.values())
                    else f"The reports have more than {CASES_LIMIT:,} test cases. Import them in parts."
                )
            return
        self.again.setdefault(made.id, {known[0].file}).add(key.file)
        if _WORSE[known[1].result] < _WORSE[made.result]:
            self.cases[made.id] = known[0], made

    def _own_name(self, key: Key, made: Case) -> Case:
        """The case by a name that no other case has: its suite's name before it, or a digest behind it."""
        known = self.cases.get(made.id)
        if known is None or (known[0].group, known[0].name) == (key.group, key.name):
            if known is None or known[0].file != key.file or known[0].suites == key.suites:
                return made
            suites = " / ".join(name for name in key.suites if name)
            return case(f"{suites} / {made.id}", made.result, made.note) if suites else made
        whole = f"{key.group}\0{key.name}"
        return Case(told_apart(made.id, whole), made.result, made.note)

    def results(self, files: tuple[Path, ...], passed_over: Sequence[str]) -> Results:
        """All of it. Raises BadInput when there is no case."""
        if not self.cases:
            if len(files) == 1:
                raise BadInput(f"{clean(files[0].name)}: has no test case in it.")
            raise BadInput(f"None of the {len(files)} reports has a test case in it.")
        started = min((at for at, _ in self.times), default=None)
        ended = max((at + timedelta(seconds=round(took)) for at, took in self.times), default=None)
        words = (*passed_over, *self._told())
        return Results(tuple(each for _, each in self.cases.values()), started, ended, words, files)

    def _told(self) -> Iterator[str]:
        if self.not_run:
            were = "was not run: it counts" if self.not_run == 1 else "were not run: they count"
            yield f"{self.not_run} {were} as blocked."
        if self.unnamed:
            have = "has no name: it is" if self.unnamed == 1 else "have no name: they are"
            yield f"{self.unnamed} {have} called by class or suite."
        if self.again:
            names = ", ".join(quoted(name) for name in list(self.again)[:3])
            more = f" and {len(self.again) - 3} more" if len(self.again) > 3 else ""
            across = sorted(set().union(*(files for files in self.again.values() if len(files) > 1)))
            where = f" (in {', '.join(across[:4])}{', ...' if len(across) > 4 else ''})" if across else ""
            yield (
                f"{len(self.again)} came more than once{where}: the worst result of each counts: "
                f"{names}{more}."
            )
        yield from told(self.different)
