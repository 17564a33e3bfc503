"""What cases and suites of JUnit reports say, in any dialect, and the cases as they are gathered.

Names stay apart, what suites declare is compared with what stands in them, and nothing goes without a
word.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from relui.domain.dossier.parts import Case
from relui.domain.dossier.readers import CASES_LIMIT, case, told_apart
from relui.domain.text import clean, quoted
from relui.errors import BadInput

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


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
        words = (*passed_over, *self._words())
        return Results(tuple(each for _, each in self.cases.values()), started, ended, words, files)

    def _words(self) -> Iterator[str]:
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
        yield from difference_words(self.different)


BAD = ("failure", "error")
"""Elements that say that a case, or a whole suite, failed."""
NOT_RUN = ("skipped", "disabled", "ignored", "notrun", "inconclusive", "pending", "warning")
"""Elements that say that a case was not run; `warning` is PHPUnit's for a class without tests."""
_FLAKY = ("flakyFailure", "flakyError")
_AGAIN = (*_FLAKY, "rerunFailure", "rerunError")
KEPT = (*BAD, *NOT_RUN, *_AGAIN)
"""Elements of a case that are kept until it ends."""
_FAILED_WORDS = frozenset(
    ("fail", "failed", "failure", "error", "errored", "broken", "crashed", "timeout", "timedout", "aborted")
)
_NOT_RUN_WORDS = frozenset(
    ("notrun", "notexecuted", "skip", "skipped", "disabled", "ignored", "pending", "todo", "suppressed",
     "inconclusive", "blocked", "canceled", "cancelled", "excluded", "filtered")
)  # fmt: skip
"""What `status` and `result` of a case say, without blanks and dashes: gtest, CTest, NUnit and others."""
_PASSED_WORDS = frozenset(
    ("", "run", "completed", "complete", "pass", "passed", "success", "successful", "succeeded", "ok", "done",
     "executed", "expected", "fixed", "finished", "warning", "xpass")
)  # fmt: skip


def name_of(element: Element) -> str:
    """The name of an element, without its namespace."""
    return str(element.tag).rpartition("}")[2]


def outcome(element: Element) -> tuple[str, str, int]:
    """The result of a test case, a note, and how many failures stand in it.

    The note is the first failure's message, or why it was not run. Attributes can say either without an
    element; a word that nobody knows is no proof that the case passed.
    """
    children = {name_of(child): child for child in reversed(list(element))}
    counted = Counter(name_of(child) for child in element)
    marks = sum(counted[name] for name in BAD)
    for name in BAD:
        if name in children:
            return "failed", message(children[name]), marks
    words = _words(element)
    for word in words:
        if word in _FAILED_WORDS:
            return "failed", f"says {word}, without a message", 1
    for name in NOT_RUN:
        if name in children:
            why = message(children[name])
            return "blocked", f"not executed: {why}" if why else "not executed", 0
    for word in words:
        if word in _NOT_RUN_WORDS or not (word in _PASSED_WORDS or word.isdigit()):
            return "blocked", "not executed" if word == "notrun" else f"not executed: {word}", 0
    again = sum(counted[name] for name in _FLAKY)
    return "passed", f"passed after {again} failure{'' if again == 1 else 's'}" if again else "", 0


def repeated(element: Element) -> int:
    """How many failures stand in a test case of runs that it was given again."""
    return sum(name_of(child) in _AGAIN for child in element)


def _words(element: Element) -> list[str]:
    """What the attributes of a case say of its result, without blanks and dashes: gtest's `notrun`."""
    found = [re.sub(r"[\W_]+", "", element.get(name, "").lower()) for name in ("status", "result")]
    if element.get("executed", "").lower() in ("false", "no", "0"):
        found.append("notexecuted")
    if element.get("success", "").lower() in ("false", "no", "0"):
        found.append("failed")
    return found


def message(element: Element) -> str:
    """What an element says, in one line."""
    text = element.get("message") or (element.text or "").strip().partition("\n")[0]
    return re.sub(r"\s+", " ", (text or element.get("type") or "")[:2_000]).strip()


_TOLD = 5
"""Suites whose numbers differ are told up to this many."""
_BAD = ("failures", "errors")
_NOT_RUN = ("skipped", "disabled", "skips", "skip", "ignored")
"""What tools call the number of cases that were not run; some say it in two attributes, some twice."""
_WORDS = {"tests": "tests", "bad": "failed", "not_run": "not run"}


class Count(Struct):
    """Cases, how many failed and were not run; `marks` counts failures, of which a case can have several.

    `outside` counts what failed outside cases, `again` the failures of runs that a case was given again.
    """

    tests: int = 0
    bad: int = 0
    not_run: int = 0
    marks: int = 0
    outside: int = 0
    again: int = 0

    def add(self, other: Count) -> None:
        """Count the other's as well."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Suite:
    """One suite while it is read: what it declares, what stands in it, and in the suites inside it."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = clean(name).strip()
        self.own, self.inner = Count(), Count()
        self._attributes = attributes
        self._said_inside: list[dict[str, set[int]]] = []

    def whole(self) -> Count:
        """What stands in it and in the suites inside it."""
        both = Count()
        both.add(self.own)
        both.add(self.inner)
        return both

    def declared(self) -> dict[str, set[int]]:
        """`tests`, `bad` and `not_run` as it declares them; more than one where attributes can be read so."""
        if self._attributes.get("hostname") == "tbd":
            return {}  # Catch2 counts assertions
        numbers = {name: _number(value) for name, value in self._attributes.items()}
        found: dict[str, set[int]] = {}
        if (tests := numbers.get("tests")) is not None:
            found["tests"] = {tests}
        if bad := [number for name in _BAD if (number := numbers.get(name)) is not None]:
            found["bad"] = {sum(bad)}
        left = [number for name in _NOT_RUN if (number := numbers.get(name)) is not None]
        if left and set(_NOT_RUN) & numbers.keys() != {"disabled"}:  # gtest says no more, and skips as well
            found["not_run"] = {sum(left), *left}
        return found

    def without_its_failures(self) -> int:
        """The failures that it declares where nothing at all stands in it: it could not run."""
        whole = self.whole()
        return 0 if whole.tests or whole.outside else max(self.declared().get("bad", {0}))

    def took(self, inner: Suite) -> None:
        """A suite inside it ended."""
        self.inner.add(inner.whole())
        self._said_inside.append(inner.declared())

    def differences(self) -> Iterator[str]:
        """`declares 5 tests and has 3`; nothing where the numbers can be read as what stands there."""
        if self._counts_runs():
            return
        fitting = self._fitting()
        for figure, declared in self.declared().items():
            if not declared & fitting[figure]:
                yield f"declares {max(declared)} {_WORDS[figure]} and has {getattr(self.whole(), figure)}"

    def _counts_runs(self) -> bool:
        """Each run of a repeated case is counted, as Surefire does, among tests and failures alike."""
        declared, count = self.declared(), self.whole()
        tests, bad = {count.tests + count.again}, {count.bad + count.again}
        return bool(count.again) and declared.get("tests") == tests and declared.get("bad", bad) == bad

    def _fitting(self) -> dict[str, set[int]]:
        """What a suite may declare: with or without inner suites, skipped cases and failures outside cases.

        Tools differ in all of these. What inner suites declare wrongly is theirs to be told.
        """
        both = self.whole()
        fitting: dict[str, set[int]] = {"tests": set(), "bad": set(), "not_run": set()}
        for count in (self.own, both):
            fitting["tests"] |= {count.tests, count.tests + count.outside, count.tests - count.not_run}
            fitting["bad"] |= {count.bad + count.outside, count.bad, count.marks + count.outside}
            fitting["not_run"].add(count.not_run)
        for figure, own in (("tests", self.own.tests), ("bad", self.own.bad), ("not_run", self.own.not_run)):
            inside = [max(said[figure]) for said in self._said_inside if figure in said]
            fitting[figure].add(own + sum(inside))
        return fitting


def difference_words(different: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A sentence for each suite whose numbers differ: (suite, difference), the first few."""
    found = list(different)
    for name, words in found[:_TOLD]:
        yield f"The suite {quoted(name)} {words}. See whether the report is whole."
    if len(found) > _TOLD:
        yield f"So do {len(found) - _TOLD} more suites: what they declare is not what stands in them."


def _number(text: str) -> int | None:
    try:
        number = int(text.strip().replace(",", ""))
    except ValueError:
        return None
    return number if 0 <= number < 10**9 else None
